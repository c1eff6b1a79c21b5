//! A repository's index: what `helm repo index` writes and `helm repo add` reads (`pkg/repo/index.go`), the same for the same
//! archives on any day.

mod address;
mod read;

pub use address::Address;
pub use read::MAX_BYTES;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use semver::Version;
use serde_json::{Map, Value as Json, json};

use crate::archive::sha256_hex;
use crate::archive::time::{from_rfc3339, rfc3339};
use crate::error::Problem;
use crate::inspect::{Archive, parse_version};
use crate::node::Node;
use crate::yaml::write::{Order, document};

/// The charts of a repository.
#[derive(Debug, Default)]
pub struct Index {
    /// By name, then by version; a version's build counts, so that `1.0.0+1` and `1.0.0+2` are two.
    entries: BTreeMap<String, BTreeMap<Version, Map<String, Json>>>,
    /// What else an index says: `annotations`, `publicKeys`, `serverInfo`.
    more: Map<String, Json>,
}

impl Index {
    /// Lists an archive that lies at a path below an address.
    ///
    /// # Errors
    /// When its Chart.yaml could not be read, or another archive has the same name and version.
    pub fn add(&mut self, archive: &Archive, path: &str, address: &Address) -> Result<(), Problem> {
        let (name, version) = (archive.text("name"), archive.text("version"));
        let Some(key) = parse_version(version).filter(|_| !name.is_empty()) else {
            let problem = Problem::new(format!("`{path}` has no name and version to list"));
            return Err(problem.help("`hzgchart validate` of the archive tells what is wrong"));
        };
        let url = address.join(path);
        let mut entry = archive.metadata.clone();
        entry.insert("created".to_owned(), rfc3339(archive.time).into());
        entry.insert("digest".to_owned(), sha256_hex(&archive.bytes).into());
        entry.insert("urls".to_owned(), json!([url]));
        match self.entries.entry(name.to_owned()).or_default().entry(key) {
            Entry::Vacant(place) => {
                place.insert(entry);
            }
            Entry::Occupied(other) => {
                let other = other.get()["urls"][0].as_str().unwrap_or_default();
                let message = format!("`{url}` and `{other}` are both version {version} of {name}");
                let help = "delete one of them, or give it a version of its own";
                return Err(Problem::new(message).help(help));
            }
        }
        Ok(())
    }

    /// Adds what an older index lists and this one does not. Gives the names and versions that both list with different
    /// archives; this one's count.
    pub fn merge(&mut self, older: Self) -> Vec<String> {
        let mut replaced = Vec::new();
        for (name, versions) in older.entries {
            let own = self.entries.entry(name.clone()).or_default();
            for (version, entry) in versions {
                match own.get(&version) {
                    Some(now) if now.get("digest") != entry.get("digest") => {
                        replaced.push(format!("{name} {version}"));
                    }
                    Some(_) => {}
                    None => drop(own.insert(version, entry)),
                }
            }
        }
        self.more.extend(older.more);
        replaced
    }

    /// Whether no chart is listed.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The text of index.yaml: names in order, the newest version of each first. It was made when the newest archive was.
    pub fn to_yaml(&self) -> String {
        let list = |versions: &BTreeMap<Version, Map<String, Json>>| -> Json {
            versions.values().rev().cloned().map(Json::Object).collect()
        };
        let entries: Map<String, Json> =
            self.entries.iter().map(|(name, versions)| (name.clone(), list(versions))).collect();
        let listed = self.entries.values().flat_map(BTreeMap::values);
        let created = listed.filter_map(|entry| from_rfc3339(entry.get("created")?.as_str()?));
        let newest = created.max().unwrap_or_default();
        let mut index = self.more.clone();
        index.insert("apiVersion".to_owned(), "v1".into());
        index.insert("entries".to_owned(), Json::Object(entries));
        index.insert("generated".to_owned(), rfc3339(newest).into());
        document(&Node::from_json(&Json::Object(index)), Order::Sorted)
    }
}
