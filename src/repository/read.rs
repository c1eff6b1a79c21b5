//! Reads an index that is to be merged, as strictly as Helm does (`loadIndex`): a key that it does not know makes the whole index
//! useless, but in one that is JSON it is passed over.

use serde::de::IgnoredAny;
use serde_json::{Map, Value as Json};

use crate::error::Problem;
use crate::inspect::parse_version;
use crate::node::{Map as NodeMap, Node, Value};
use crate::source::{Location, Sources};
use crate::yaml::decode_long;
use crate::yaml::read::document;

use super::Index;

/// The largest index that is read, in bytes: 32 MiB, some 20,000 versions.
pub const MAX_BYTES: usize = 32 << 20;

/// What an index may say beside `apiVersion`, `generated` and `entries`.
const MORE: [&str; 3] = ["annotations", "publicKeys", "serverInfo"];

/// What an entry may say: Chart.yaml's keys, and `repo.ChartVersion`'s.
const KEYS: [&str; 24] = [
    "annotations",
    "apiVersion",
    "appVersion",
    "checksum",
    "condition",
    "created",
    "dependencies",
    "deprecated",
    "description",
    "digest",
    "engine",
    "home",
    "icon",
    "keywords",
    "kubeVersion",
    "maintainers",
    "name",
    "removed",
    "sources",
    "tags",
    "tillerVersion",
    "type",
    "urls",
    "version",
];

impl Index {
    /// Reads the bytes of the index file called `name`.
    ///
    /// # Errors
    /// All that Helm would refuse, pass over or misread in it, each with its place.
    pub fn read(bytes: &[u8], name: &str) -> Result<Self, Vec<Problem>> {
        if bytes.len() > MAX_BYTES {
            let message =
                format!("`{name}` has more than {MAX_BYTES} bytes (32 MiB), the most that is read");
            return Err(vec![Problem::new(message).help("split the repository")]);
        }
        let text = decode_long(bytes, name).map_err(|problem| vec![problem])?;
        let mut sources = Sources::default();
        let id = sources.add(name, text);
        let tree = document(id, &sources)?;
        let is_json = serde_json::from_slice::<IgnoredAny>(bytes).is_ok();
        let mut reader =
            Reader { sources: &sources, is_json, index: Self::default(), problems: Vec::new() };
        reader.index(&tree);
        match reader.problems.is_empty() {
            true => Ok(reader.index),
            false => Err(reader.problems),
        }
    }
}

struct Reader<'s> {
    sources: &'s Sources,
    is_json: bool,
    index: Index,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn refuse(&mut self, at: &Node, message: impl Into<String>, help: &str) {
        let problem = Problem::new(message).help(help);
        self.problems.push(match at.origin {
            Some(origin) => problem.at(Location::of(origin, self.sources)),
            None => problem,
        });
    }

    /// The map that a node is.
    fn map<'n>(&mut self, node: &'n Node) -> Option<&'n NodeMap> {
        let map = node.as_map();
        if map.is_none() {
            let message = format!("expected a map, found {}", node.value.kind());
            self.refuse(node, message, "give an index that Helm or hzgchart wrote");
        }
        map
    }

    fn index(&mut self, tree: &Node) {
        let Some(map) = self.map(tree) else { return };
        if map.get("apiVersion").and_then(|entry| entry.node.as_str()) != Some("v1") {
            let help = "give the index.yaml of a repository";
            self.refuse(tree, "this is no index: `apiVersion: v1` is missing", help);
        }
        for (key, entry) in map {
            match key.as_str() {
                "apiVersion" | "generated" => {}
                "entries" if matches!(entry.node.value, Value::Null) => {}
                "entries" => self.entries(&entry.node),
                key if MORE.contains(&key) => {
                    self.index.more.insert(key.to_owned(), entry.node.to_json());
                }
                key => self.unknown(key, &entry.node),
            }
        }
    }

    fn unknown(&mut self, key: &str, node: &Node) {
        if self.is_json {
            return;
        }
        let message = format!("unknown key `{key}`, for which Helm refuses the whole index");
        self.refuse(node, message, "delete it");
    }

    fn entries(&mut self, node: &Node) {
        let Some(map) = self.map(node) else { return };
        for (name, entry) in map {
            let Value::List(versions) = &entry.node.value else {
                let message = format!("expected a list, found {}", entry.node.value.kind());
                self.refuse(&entry.node, message, "give an index that Helm or hzgchart wrote");
                continue;
            };
            for version in versions {
                if let Some(map) = self.map(version) {
                    self.version(name, version, map);
                }
            }
        }
    }

    fn version(&mut self, name: &str, node: &Node, map: &NodeMap) {
        for (key, entry) in map.iter().filter(|(key, _)| !KEYS.contains(&key.as_str())) {
            self.unknown(key, &entry.node);
        }
        let own = map.get("name").and_then(|entry| entry.node.as_str());
        let version = map.get("version").and_then(|entry| entry.node.as_str());
        let version = version.and_then(parse_version);
        let has_urls = map.get("urls").is_some_and(|entry| !entry.node.items().is_empty());
        let (Some(version), true, true) = (version, own == Some(name), has_urls) else {
            let message = format!(
                "an entry of `{name}` without that name, a version or an address, which Helm passes over"
            );
            return self.refuse(node, message, "complete the entry, or delete it");
        };
        let known = map.iter().filter(|(key, _)| KEYS.contains(&key.as_str()));
        let entry: Map<String, Json> =
            known.map(|(key, entry)| (key.to_string(), entry.node.to_json())).collect();
        // Of two entries for one version Helm takes the first.
        let versions = self.index.entries.entry(name.to_owned()).or_default();
        versions.entry(version).or_insert(entry);
    }
}

#[cfg(test)]
mod tests {
    use crate::repository::Index;

    fn read(text: &str) -> Result<String, String> {
        let index = Index::read(text.as_bytes(), "i.yaml");
        index
            .map(|index| index.to_yaml())
            .map_err(|problems| problems.iter().map(|p| format!("{p}\n")).collect())
    }

    fn entry(more: &str) -> String {
        format!(
            "apiVersion: v1\nentries:\n  a:\n  - name: a\n    version: 1.0.0\n    urls: [x]\n{more}"
        )
    }

    #[test]
    fn keeps_what_an_index_says_and_sorts_it() {
        let text = entry(
            "  - {urls: [y], version: 1.10.0, name: a}\n  - {urls: [z], version: 1.9.0+2, name: a}\n  - {urls: [z], version: 1.9.0+10, name: a}\nannotations: {k: v}\n",
        );
        let written = read(&text).unwrap();
        let versions: Vec<&str> =
            written.lines().filter_map(|line| line.trim().strip_prefix("version: ")).collect();
        assert_eq!(versions, ["\"1.10.0\"", "\"1.9.0+10\"", "\"1.9.0+2\"", "\"1.0.0\""]);
        assert!(written.starts_with("annotations:\n  k: v\napiVersion: v1\n"), "{written}");
        assert_eq!(read(&written).unwrap(), written);
        assert!(read("apiVersion: v1\nentries:\n").unwrap().contains("entries: {}"));
    }

    #[test]
    fn passes_over_what_it_does_not_know_in_json() {
        let text = r#"{"apiVersion": "v1", "more": 1, "entries": {"a": [
            {"name": "a", "version": "1.0.0", "urls": ["x"], "colour": "red", "home": "h"}
        ]}}"#;
        let written = read(text).unwrap();
        assert!(written.contains("home: h") && !written.contains("colour"), "{written}");
        assert!(!written.contains("more"), "{written}");
    }

    #[test]
    fn is_as_old_as_its_newest_chart() {
        let text = entry(
            "    created: \"2024-02-29T23:59:59.9Z\"\n  - {urls: [y], version: 2.0.0, name: a, created: yesterday}\n",
        );
        assert!(read(&text).unwrap().contains("generated: \"2024-02-29T23:59:59Z\""));
    }

    #[test]
    fn says_where_an_index_is_none() {
        for (text, place) in [
            (entry("    colour: red\n"), "i.yaml:7:13: unknown key `colour`"),
            (entry("  - version: 1\n"), "i.yaml:7:5: an entry of `a` without"),
            (entry("  - null\n"), "i.yaml:7:5: expected a map, found null"),
            (entry("  b: {}\n"), "i.yaml:7:6: expected a list, found a map"),
            (entry("x: 1\n"), "i.yaml:7:4: unknown key `x`"),
            ("a: 1\n".to_owned(), "i.yaml:1:1: this is no index"),
            ("- a\n".to_owned(), "i.yaml:1:1: expected a map, found a list"),
        ] {
            let told = read(&text).unwrap_err();
            assert!(told.starts_with(place), "{text}: {told}");
        }
    }
}
