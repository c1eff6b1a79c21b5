//! What a provenance file signs: Chart.yaml, and the SHA-256 of the archive by its file name.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::archive::sha256_hex;
use crate::error::Problem;
use crate::inspect;
use crate::node::Node;
use crate::source::Sources;
use crate::yaml::read;

/// Between Chart.yaml and the sums. YAML's `---` could not begin a line here.
const BETWEEN: &str = "\n...\n";

/// What is signed.
#[derive(Debug, PartialEq)]
pub struct Message {
    /// Chart.yaml as Helm hands it on.
    pub metadata: Map<String, Json>,
    /// The sums by the files' names: `sha256:…`.
    pub files: BTreeMap<String, String>,
}

impl Message {
    /// The text for an archive of that name, without a line break at its end. `chart_yaml` is the file in the archive.
    pub fn write(chart_yaml: &str, file_name: &str, archive: &[u8]) -> String {
        let sha256 = sha256_hex(archive);
        format!("{chart_yaml}{BETWEEN}files:\n  {file_name}: sha256:{sha256}")
    }

    /// Reads a text whose signature is good.
    ///
    /// # Errors
    /// When it is not of this form; Helm would read it more kindly.
    pub fn read(text: &str) -> Result<Self, Problem> {
        let text = text.replace("\r\n", "\n");
        let (chart_yaml, sums) = text
            .split_once(BETWEEN)
            .filter(|(_, sums)| !sums.contains(BETWEEN))
            .ok_or_else(|| Problem::new("it does not sign a Chart.yaml and one list of files"))?;
        let mut sources = Sources::default();
        let id = sources.add("the signed text", sums);
        let sums = read::document(id, &sources);
        let files = sums.ok().as_ref().and_then(files);
        let files = files.ok_or_else(|| Problem::new("it signs a list of files that is none"))?;
        Ok(Self { metadata: inspect::metadata_of(chart_yaml), files })
    }
}

/// The sums of files. Helm knows `images`, too, and asks nothing of them.
fn files(sums: &Node) -> Option<BTreeMap<String, String>> {
    let sums = sums.as_map()?;
    if sums.keys().any(|key| key != "files" && key != "images") {
        return None;
    }
    let files = sums.get("files")?.node.as_map()?.iter();
    files.map(|(name, sum)| Some((name.to_string(), sum.node.as_str()?.to_owned()))).collect()
}

#[cfg(test)]
mod tests {
    use super::Message;

    #[test]
    fn reads_what_it_writes() {
        let text = Message::write("name: a\nversion: 1.0.0\n", "a-1.0.0.tgz", b"");
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let expected =
            format!("name: a\nversion: 1.0.0\n\n...\nfiles:\n  a-1.0.0.tgz: sha256:{empty}");
        assert_eq!(text, expected);
        let read = Message::read(&text.replace('\n', "\r\n")).unwrap();
        assert_eq!(read.files["a-1.0.0.tgz"], format!("sha256:{empty}"));
        assert_eq!(read.metadata["name"], "a");
    }

    #[test]
    fn refuses_any_other_text() {
        for text in [
            "",
            "name: a",
            "name: a\n...\n",
            "name: a\n...\nfiles: 1",
            "name: a\n...\nfiles: {a: 1}",
            "name: a\n...\nfiles: {a: b}\nmore: {}",
            "name: a\n...\nfiles: {a: b}\n...\nfiles: {a: c}",
            "name: a\n...\nfiles: {a: b, a: c}",
            "name: a\n...\n[",
        ] {
            assert!(Message::read(text).is_err(), "{text}");
        }
    }
}
