//! The Kubernetes version that objects are checked for.

use std::fmt;
use std::str::FromStr;

use crate::error::Problem;

/// A minor version of Kubernetes, from [`Version::OLDEST`] to [`Version::NEWEST`]. The default is the newest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(u8);

impl Version {
    /// 1.25, the oldest that the tables know.
    pub const OLDEST: Self = Self(25);
    /// 1.37, the newest that the tables know.
    pub const NEWEST: Self = Self(37);

    /// The number behind `1.`
    pub const fn minor(self) -> u8 {
        self.0
    }

    /// All versions, the oldest first.
    pub fn all() -> impl Iterator<Item = Self> {
        (Self::OLDEST.0..=Self::NEWEST.0).map(Self)
    }
}

impl Default for Version {
    fn default() -> Self {
        Self::NEWEST
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1.{}", self.0)
    }
}

/// Takes what clusters and people call a version: `1.30`, `v1.30.4`, `1.30.4-gke.100`, `1.30+`.
impl FromStr for Version {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        let range = || format!("versions from {} to {} are known", Self::OLDEST, Self::NEWEST);
        let minor = parse(text).ok_or_else(|| {
            Problem::new(format!("`{text}` is not a Kubernetes version"))
                .help(format!("write it like `1.30` or `v1.30.4`; {}", range()))
        })?;
        Self::all().find(|version| u32::from(version.0) == minor).ok_or_else(|| {
            Problem::new(format!(
                "Kubernetes 1.{minor} is not among the versions that can be checked"
            ))
            .help(range())
        })
    }
}

/// The minor version in a text that begins with `1.MINOR` and goes on as a version does.
fn parse(text: &str) -> Option<u32> {
    let rest = text.strip_prefix('v').unwrap_or(text).strip_prefix("1.")?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (minor, rest) = rest.split_at(end);
    let patch = rest.strip_prefix('.').map(|patch| patch.starts_with(|c: char| c.is_ascii_digit()));
    let whole = patch.unwrap_or(rest.is_empty() || rest.starts_with(['+', '-']));
    if whole { minor.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn reads_what_clusters_call_themselves() {
        for text in
            ["1.30", "v1.30", "v1.30.4", "1.30.4-gke.100", "1.30+", "v1.30.4+k3s1", "1.30-eks"]
        {
            assert_eq!(text.parse::<Version>().unwrap().to_string(), "1.30", "{text}");
        }
        assert_eq!(Version::default().to_string(), "1.37");
        assert_eq!(Version::all().count(), 13);
    }

    #[test]
    fn refuses_what_is_no_version_or_not_known() {
        for text in
            ["", "1", "1.", "1.x", "2.30", "1.30.", "1.30.x", "1.30x", "vv1.30", "1.99999999999"]
        {
            let problem = text.parse::<Version>().unwrap_err();
            assert!(problem.message.contains("is not a Kubernetes version"), "{text}: {problem}");
        }
        for text in ["1.24", "1.38", "v1.5.2", "1.293"] {
            let problem = text.parse::<Version>().unwrap_err();
            assert_eq!(
                problem.help.as_deref(),
                Some("versions from 1.25 to 1.37 are known"),
                "{text}"
            );
        }
    }
}
