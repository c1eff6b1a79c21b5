//! What `package` and `push` made, for programs (`--output-json`): one JSON object on one line. `fleet` and `bundle`, which
//! package too, tell of a chart with the same [`Packaged`].
//!
//! docs/package.schema.json and docs/push.schema.json describe them. Keys may be added; none changes its meaning.

use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use crate::chart::Chart;
use crate::cli::ChartFormat;
use crate::registry::{Artifact, Reference, digest};
use crate::schema::schema_of;

/// A chart that was packaged: the output of `hzgchart package --output-json`.
#[derive(Clone, Debug, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Packaged {
    /// The archive or the folder, below the destination that was given.
    pub path: String,
    /// `tgz`, `zip` or `dir`.
    pub format: &'static str,
    /// The chart's name.
    pub name: String,
    /// The chart's version, as Helm reads it.
    pub version: String,
    /// The product's version.
    pub app_version: String,
    /// The SHA-256 in hexadecimal: of the archive, or for a folder of the same chart as `.tgz`.
    pub sha256: String,
    /// The same with its algorithm, as registries and Helm's index write it: `sha256:…`.
    pub digest: String,
    /// The bytes that the SHA-256 is of.
    pub size: u64,
    /// The provenance file, when the chart was signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provenance: Option<Provenance>,
}

/// The provenance file of a chart.
#[derive(Clone, Debug, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Provenance {
    /// The file, beside the archive.
    pub path: String,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
    /// The fingerprint of the key, in upper-case hexadecimal.
    pub fingerprint: String,
}

/// A chart of a fleet's entry: a line of `hzgchart fleet package --output-json`.
#[derive(Clone, Debug, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FleetPackaged {
    /// The entry's name.
    pub entry: String,
    /// Whether the file was written: one that holds these bytes already is left alone.
    pub written: bool,
    /// The chart.
    #[serde(flatten)]
    pub packaged: Packaged,
}

/// A chart that was pushed: the output of `hzgchart push --output-json`.
#[derive(Clone, Debug, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pushed {
    /// Where it is: `HOST/REPOSITORY:TAG`. After `oci://`, and without the tag, Helm takes it.
    pub reference: String,
    /// The registry's host, with its port.
    pub registry: String,
    /// The repository: the path that was given, and the chart's name.
    pub repository: String,
    /// The tag: the version, with `_` for `+`.
    pub tag: String,
    /// The digest of the manifest: `HOST/REPOSITORY@DIGEST` names these bytes for good.
    pub digest: String,
    /// The bytes of the manifest.
    pub size: u64,
    /// The SHA-256 of the archive, in hexadecimal: the `sha256` that `package` told.
    pub sha256: String,
    /// Whether a provenance file went with it.
    pub signed: bool,
}

/// A bundle that was made: the output of `hzgchart bundle --output-json`.
#[derive(Clone, Debug, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Bundled {
    /// The zip, below the destination that was given.
    pub path: String,
    /// The folder that it unpacks to.
    pub folder: String,
    /// The SHA-256 of the zip, in hexadecimal.
    pub sha256: String,
    /// The same with its algorithm: `sha256:…`.
    pub digest: String,
    /// The bytes of the zip.
    pub size: u64,
    /// The release that its guide installs.
    pub release: String,
    /// The namespace of the release.
    pub namespace: String,
    /// The site's registry.
    pub registry: String,
    /// The images that its scripts bring there, by their publishers' names, sorted.
    pub images: Vec<String>,
    /// The keys of the values that are in the chart and hold a secret.
    pub secrets: Vec<String>,
    /// The chart in it; its path is below the folder.
    pub chart: Packaged,
}

impl Bundled {
    /// The JSON schema (draft-07): `docs/bundle.schema.json`.
    pub fn schema() -> String {
        schema_of::<Self>()
    }
}

impl Packaged {
    /// What to tell of a chart at a place: `size` and `sha256` are those of its bytes.
    pub fn new(
        path: &Path,
        format: ChartFormat,
        chart: &Chart,
        app_version: &str,
        size: usize,
        sha256: &str,
    ) -> Self {
        let format = match format {
            ChartFormat::Tgz => "tgz",
            ChartFormat::Zip => "zip",
            ChartFormat::Dir => "dir",
        };
        Self {
            path: path.display().to_string(),
            format,
            name: chart.name().to_string(),
            version: chart.version().to_string(),
            app_version: app_version.to_owned(),
            sha256: sha256.to_owned(),
            digest: format!("sha256:{sha256}"),
            size: size as u64,
            provenance: None,
        }
    }

    /// The JSON schema (draft-07): `docs/package.schema.json`.
    pub fn schema() -> String {
        schema_of::<Self>()
    }
}

impl FleetPackaged {
    /// The JSON schema (draft-07): `docs/fleet-package.schema.json`.
    pub fn schema() -> String {
        schema_of::<Self>()
    }
}

impl Pushed {
    /// What to tell of an artifact at its place.
    pub fn new(reference: &Reference, artifact: &Artifact) -> Self {
        Self {
            reference: reference.to_string(),
            registry: reference.host.clone(),
            repository: reference.repository.clone(),
            tag: reference.tag.clone(),
            digest: digest(&artifact.manifest),
            size: artifact.manifest.len() as u64,
            sha256: artifact.sha256.clone(),
            signed: artifact.is_signed,
        }
    }

    /// The JSON schema (draft-07): `docs/push.schema.json`.
    pub fn schema() -> String {
        schema_of::<Self>()
    }
}

/// A product as one line of JSON.
pub fn line(product: &impl Serialize) -> String {
    serde_json::to_string(product).expect("texts and numbers are JSON") + "\n"
}

#[cfg(test)]
mod tests {
    use super::{Bundled, FleetPackaged, Packaged, Pushed};
    use crate::generated::assert_current;

    #[test]
    fn the_committed_schemas_are_what_the_forms_are() {
        for (path, committed, made) in [
            (
                "docs/package.schema.json",
                include_str!("../docs/package.schema.json"),
                Packaged::schema(),
            ),
            (
                "docs/fleet-package.schema.json",
                include_str!("../docs/fleet-package.schema.json"),
                FleetPackaged::schema(),
            ),
            (
                "docs/bundle.schema.json",
                include_str!("../docs/bundle.schema.json"),
                Bundled::schema(),
            ),
            ("docs/push.schema.json", include_str!("../docs/push.schema.json"), Pushed::schema()),
        ] {
            assert_current(path, committed, &made);
        }
    }
}
