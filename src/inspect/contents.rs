//! The files of a chart as Helm loads them: what comes out of an archive or a folder.

use indexmap::IndexMap;

/// The files by their path inside the chart's folder, byte order marks taken off.
#[derive(Debug, Default)]
pub struct Contents {
    /// The files.
    pub files: IndexMap<String, Vec<u8>>,
    /// Whether all of them are there: nothing is said to be missing in an archive that broke off.
    pub whole: bool,
    /// When the newest file of an archive was changed, in seconds since 1970.
    pub time: u64,
}

/// What Helm takes off the start of a file.
const BOM: &[u8] = b"\xef\xbb\xbf";

impl Contents {
    /// Adds a file; of two with one path the later one counts. Says whether there was one.
    pub fn add(&mut self, path: String, mut bytes: Vec<u8>) -> bool {
        if bytes.starts_with(BOM) {
            bytes.drain(..BOM.len());
        }
        self.files.insert(path, bytes).is_some()
    }

    /// The bytes of all files.
    pub fn size(&self) -> u64 {
        self.files.values().map(|bytes| bytes.len() as u64).sum()
    }

    /// The chart in them.
    pub fn chart(&self) -> Chart<'_> {
        let files = self.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()));
        Chart { place: String::new(), files: files.collect(), whole: self.whole }
    }
}

/// A chart, or a dependency inside one.
#[derive(Debug)]
pub struct Chart<'a> {
    /// What stands before a path of this chart in a message: `charts/redis/`.
    pub place: String,
    /// The files by their path inside this chart.
    pub files: IndexMap<&'a str, &'a [u8]>,
    /// Whether all of them are there.
    pub whole: bool,
}

impl<'a> Chart<'a> {
    /// What a file holds.
    pub fn get(&self, path: &str) -> Option<&'a [u8]> {
        self.files.get(path).copied()
    }

    /// The path by which messages call a file.
    pub fn path(&self, path: &str) -> String {
        format!("{}{path}", self.place)
    }

    /// The files below a folder, with their paths inside this chart.
    pub fn below(&self, folder: &str) -> impl Iterator<Item = (&'a str, &'a [u8])> {
        self.files
            .iter()
            .filter(move |(path, _)| path.starts_with(folder))
            .map(|(path, bytes)| (*path, *bytes))
    }
}
