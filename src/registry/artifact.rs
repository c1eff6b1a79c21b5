//! A chart as an OCI artifact, as both majors of Helm make it, to the byte: the configuration is Chart.yaml as JSON, the layers
//! are the archive and its provenance, and the manifest names them.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::archive::sha256_hex;
use crate::archive::time::rfc3339;
use crate::inspect::Archive;

const CONFIG: &str = "application/vnd.cncf.helm.config.v1+json";
const CHART: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
const PROVENANCE: &str = "application/vnd.cncf.helm.chart.provenance.v1.prov";
/// The media type of the manifest.
pub(super) const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// What is pushed.
#[derive(Debug)]
pub struct Artifact {
    config: Vec<u8>,
    layers: Vec<(&'static str, Vec<u8>)>,
    /// The manifest, which goes last.
    pub manifest: Vec<u8>,
    /// The SHA-256 of the archive, in hexadecimal.
    pub sha256: String,
    /// Whether a provenance file goes with it.
    pub is_signed: bool,
}

impl Artifact {
    /// An artifact of a chart, and of its provenance file when there is one. It is the same for the same archive: `created` is
    /// the archive's own time, where Helm takes that of the file on the disk.
    pub fn new(archive: Archive, provenance: Option<Vec<u8>>) -> Self {
        let config = go_json(&Json::Object(archive.metadata.clone()));
        let annotations = annotations(&archive);
        let (sha256, is_signed) = (sha256_hex(&archive.bytes), provenance.is_some());
        let mut layers = vec![(CHART, archive.bytes)];
        layers.extend(provenance.map(|bytes| (PROVENANCE, bytes)));
        layers.sort_by_cached_key(|(_, bytes)| sha256_hex(bytes));
        let descriptor = |media: &str, bytes: &[u8]| json!({ "mediaType": media, "digest": digest(bytes), "size": bytes.len() });
        let listed: Json = layers.iter().map(|(media, bytes)| descriptor(media, bytes)).collect();
        let manifest = go_json(&json!({
            "schemaVersion": 2,
            "config": descriptor(CONFIG, &config),
            "layers": listed,
            "annotations": annotations,
        }));
        Self { config, layers, manifest, sha256, is_signed }
    }

    /// What the manifest names, in the order it is pushed.
    pub fn blobs(&self) -> impl Iterator<Item = &[u8]> {
        self.layers.iter().map(|(_, bytes)| bytes.as_slice()).chain([self.config.as_slice()])
    }
}

/// A digest as registries write it.
pub fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", sha256_hex(bytes))
}

/// What Helm annotates (`generateOCIAnnotations`), sorted: the chart's own annotations may replace all but title and version.
fn annotations(archive: &Archive) -> BTreeMap<String, String> {
    let at = |key: &str| format!("org.opencontainers.image.{key}");
    let list =
        |key| archive.metadata.get(key).and_then(Json::as_array).cloned().unwrap_or_default();
    let source = list("sources").first().and_then(Json::as_str).unwrap_or_default().to_owned();
    let authors: Vec<String> =
        list("maintainers").iter().filter_map(Json::as_object).map(author).collect();
    let mut annotations: BTreeMap<String, String> = [
        ("description", archive.text("description").to_owned()),
        ("title", archive.text("name").to_owned()),
        ("version", archive.text("version").to_owned()),
        ("url", archive.text("home").to_owned()),
        ("created", rfc3339(archive.time)),
        ("source", source),
        ("authors", authors.join(", ")),
    ]
    .into_iter()
    .filter(|(_, text)| !text.trim().is_empty())
    .map(|(key, text)| (at(key), text))
    .collect();
    let own = archive.metadata.get("annotations").and_then(Json::as_object);
    for (key, text) in own.into_iter().flatten() {
        if let Some(text) = text.as_str().filter(|_| *key != at("title") && *key != at("version")) {
            annotations.insert(key.clone(), text.to_owned());
        }
    }
    annotations
}

/// `name (email)`.
fn author(maintainer: &Map<String, Json>) -> String {
    let text = |key| maintainer.get(key).and_then(Json::as_str).unwrap_or_default();
    match text("email") {
        "" => text("name").to_owned(),
        email => format!("{} ({email})", text("name")),
    }
}

/// JSON as Go writes it: with the characters escaped that mean something to HTML, and two line ends of Unicode.
fn go_json(json: &Json) -> Vec<u8> {
    let mut text = String::new();
    for c in json.to_string().chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                text.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => text.push(c),
        }
    }
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::go_json;

    #[test]
    fn escapes_as_go_does() {
        let written = String::from_utf8(go_json(&json!({ "a": "<b> & \u{2028}\n活" }))).unwrap();
        assert_eq!(written, r#"{"a":"\u003cb\u003e \u0026 \u2028\n活"}"#);
    }
}
