//! A file's place in a chart: a relative path that is safe in every archive and on every system.

use std::cmp::Ordering;
use std::fmt;

use crate::lines::parts;

/// A path inside the chart's folder, `/` between its parts: `templates/pvs.yaml`.
///
/// Paths sort in the order `helm package` writes them: `Chart.yaml`, `values.yaml`,
/// `values.schema.json`, `templates/`, then the rest; folder by folder within that.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ChartPath {
    path: String,
    /// Its place before all that tells paths apart.
    rank: u8,
}

/// The shortest limit of a whole path among the systems served (macOS), in bytes.
const MAX_PATH: usize = 1024;
/// The limit of one part of a path on all file systems, in bytes.
const MAX_PART: usize = 255;

impl ChartPath {
    /// Checks a path.
    ///
    /// # Errors
    /// The reason why the path is refused, fit to follow the quoted path: `is absolute`. Helm
    /// refuses `..` at the start, absolute paths and drives; the other rules keep a chart
    /// the same in a folder on Windows and in an archive.
    pub fn parse(path: &str) -> Result<Self, String> {
        let illegal = |c: char| c.is_control() || matches!(c, '\\' | ':');
        if path.is_empty() {
            return Err("is empty".to_owned());
        }
        if path.starts_with('/') {
            return Err("is absolute; paths are relative to the chart's folder".to_owned());
        }
        if let Some(c) = path.chars().find(|c| illegal(*c)) {
            return Err(format!("holds {c:?}, which not every system can store"));
        }
        // Helm takes `..data` at the top for a step out of the chart.
        if path.starts_with("..") || parts(path, b'/').any(|part| part == "..") {
            return Err("leads out of the chart's folder".to_owned());
        }
        if parts(path, b'/').any(|part| part.is_empty() || part == ".") {
            return Err("has an empty part or a `.` in it".to_owned());
        }
        if path.len() > MAX_PATH || parts(path, b'/').any(|part| part.len() > MAX_PART) {
            return Err(format!(
                "is too long: {MAX_PATH} bytes at most, {MAX_PART} between two `/`"
            ));
        }
        Ok(Self { path: path.to_owned(), rank: rank(path) })
    }

    /// The path as text, `/` between its parts.
    pub fn as_str(&self) -> &str {
        &self.path
    }

    /// Whether the two cannot lie in one folder: the same name on a system that ignores case, or
    /// one of them a file where the other needs a folder.
    pub fn clashes_with(&self, other: &Self) -> bool {
        let (short, long) = if self.path.len() <= other.path.len() {
            (self.path.as_bytes(), other.path.as_bytes())
        } else {
            (other.path.as_bytes(), self.path.as_bytes())
        };
        long[..short.len()].eq_ignore_ascii_case(short)
            && long.get(short.len()).is_none_or(|byte| *byte == b'/')
    }

    fn parts(&self) -> impl Iterator<Item = &[u8]> {
        self.path.as_bytes().split(|byte| *byte == b'/')
    }
}

fn rank(path: &str) -> u8 {
    match path {
        "Chart.yaml" => 0,
        "values.yaml" => 1,
        "values.schema.json" => 2,
        _ if path.starts_with("templates/") => 3,
        _ => 4,
    }
}

impl Ord for ChartPath {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank.cmp(&other.rank).then_with(|| self.parts().cmp(other.parts()))
    }
}

impl PartialOrd for ChartPath {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for ChartPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::ChartPath;

    #[test]
    fn accepts_relative_paths() {
        for path in
            ["Chart.yaml", "templates/tests/a b.yaml", "文档/说明.md", ".helmignore", "a..b"]
        {
            assert_eq!(ChartPath::parse(path).unwrap().as_str(), path);
        }
    }

    #[test]
    fn refuses_each_hostile_path_with_its_reason() {
        let cases = [
            ("", "is empty"),
            ("/etc/passwd", "is absolute"),
            ("..", "leads out"),
            ("../x", "leads out"),
            ("a/../../x", "leads out"),
            ("a/..", "leads out"),
            ("..data", "leads out"),
            ("a//b", "has an empty part"),
            ("a/", "has an empty part"),
            ("./a", "has an empty part or a `.`"),
            ("a/./b", "has an empty part or a `.`"),
            ("a\\b", "holds '\\\\'"),
            ("C:/x", "holds ':'"),
            ("a\0b", "holds '\\0'"),
            ("a\nb", "holds '\\n'"),
        ];
        for (path, reason) in cases {
            let message = ChartPath::parse(path).unwrap_err();
            assert!(message.starts_with(reason), "{path:?}: {message}");
        }
        assert!(ChartPath::parse(&"a".repeat(255)).is_ok());
        assert!(ChartPath::parse(&"a".repeat(256)).unwrap_err().contains("255"));
        assert!(ChartPath::parse(&"a/".repeat(600)).is_err());
        assert!(ChartPath::parse(&vec!["abcdefg"; 129].join("/")).unwrap_err().contains("1024"));
    }

    #[test]
    fn sorts_as_helm_packs() {
        let mut paths: Vec<ChartPath> = [
            "crds/a.yaml",
            "templates/a/x.yaml",
            "templates/a-b.yaml",
            "README.md",
            "templates/NOTES.txt",
            "values.schema.json",
            "templates2/a",
            ".helmignore",
            "values.yaml",
            "Chart.yaml",
        ]
        .map(|p| ChartPath::parse(p).unwrap())
        .into();
        paths.sort();
        let sorted: Vec<&str> = paths.iter().map(ChartPath::as_str).collect();
        assert_eq!(
            sorted,
            [
                "Chart.yaml",
                "values.yaml",
                "values.schema.json",
                "templates/NOTES.txt",
                "templates/a/x.yaml",
                "templates/a-b.yaml",
                ".helmignore",
                "README.md",
                "crds/a.yaml",
                "templates2/a",
            ]
        );
    }

    #[test]
    fn clashes_by_case_and_where_a_file_would_be_a_folder() {
        let clash = |a: &str, b: &str| {
            let (a, b) = (ChartPath::parse(a).unwrap(), ChartPath::parse(b).unwrap());
            assert_eq!(a.clashes_with(&b), b.clashes_with(&a));
            a.clashes_with(&b)
        };
        assert!(clash("README.md", "readme.md"));
        assert!(clash("a", "a/b"));
        assert!(clash("A", "a/b"));
        assert!(!clash("a", "ab"));
        assert!(!clash("a/b", "a/c"));
        assert!(!clash("活", "字"));
    }
}
