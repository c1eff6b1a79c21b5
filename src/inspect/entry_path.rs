//! Where Helm puts an entry of an archive: the path without its first part, if Helm allows it.
//!
//! The rules and their order are Helm's: `LoadArchiveFiles`, in `pkg/chart/loader/archive`.

/// Why Helm refuses an entry's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing is left without the first part: the entry lies beside the chart's folder.
    Outside,
    /// What is left begins with `/`.
    Absolute,
    /// What is left begins with `..`.
    Parent,
    /// What is left begins with a drive: `c:/`.
    Drive,
    /// The chart's folder is called `Chart.yaml`.
    Base,
}

impl Refusal {
    /// What is wrong, to follow the quoted path, and what to do.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Outside => (
                "lies outside the chart's folder",
                "put all files below one folder: `tar czf chart.tgz FOLDER` beside the folder",
            ),
            Self::Absolute => ("is absolute", "pack the files with relative paths"),
            Self::Parent => (
                "leads out of the chart's folder, or begins with `..` to Helm",
                "rename the file, and pack without `..`",
            ),
            Self::Drive => ("begins with a drive", "pack the files with relative paths"),
            Self::Base => {
                ("lies in a folder `Chart.yaml`", "call the chart's folder by the chart's name")
            }
        }
    }
}

/// The path inside the chart's folder.
///
/// # Errors
/// Why Helm refuses the entry, and with it the archive.
pub fn inside(entry: &str) -> Result<String, Refusal> {
    let delimiter = if entry.contains('\\') { '\\' } else { '/' };
    let (base, rest) = entry.split_once(delimiter).unwrap_or((entry, ""));
    let rest = rest.replace(delimiter, "/");
    if rest.starts_with('/') {
        return Err(Refusal::Absolute);
    }
    let path = clean(&rest);
    let drive = path.as_bytes();
    if path.is_empty() {
        Err(Refusal::Outside)
    } else if path.starts_with("..") {
        Err(Refusal::Parent)
    } else if matches!(drive, [letter, b':', b'/', ..] if letter.is_ascii_alphabetic()) {
        Err(Refusal::Drive)
    } else if base == "Chart.yaml" {
        Err(Refusal::Base)
    } else {
        Ok(path)
    }
}

/// Go's `path.Clean` of a relative path, where nothing is left as an empty text.
fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::{Refusal, inside};

    #[test]
    fn takes_the_first_part_off() {
        for (entry, path) in [
            ("t/Chart.yaml", "Chart.yaml"),
            ("t/templates//a.yaml", "templates/a.yaml"),
            ("t/a/../b", "b"),
            ("./t/Chart.yaml", "t/Chart.yaml"),
            ("t\\templates\\a.yaml", "templates/a.yaml"),
            ("/t/x", "t/x"),
            ("t/a..b", "a..b"),
        ] {
            assert_eq!(inside(entry).as_deref(), Ok(path), "{entry}");
        }
    }

    #[test]
    fn refuses_as_helm_does() {
        for (entry, refusal) in [
            ("Chart.yaml", Refusal::Outside),
            ("t/", Refusal::Outside),
            ("", Refusal::Outside),
            ("t/a/..", Refusal::Outside),
            ("t//etc/x", Refusal::Absolute),
            ("t/../x", Refusal::Parent),
            ("t/..data", Refusal::Parent),
            ("t/a/../../x", Refusal::Parent),
            ("t\\..\\x", Refusal::Parent),
            ("t/c:/x", Refusal::Drive),
            ("Chart.yaml/x", Refusal::Base),
        ] {
            assert_eq!(inside(entry), Err(refusal), "{entry}");
        }
    }
}
