//! The chart's name: the folder in the archive, the file's name, and part of a label.

use std::fmt;

/// A legal chart name: `^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`, at most 250 characters.
///
/// Helm loads nearly any name and enforces its naming conventions in `helm create` only; a name
/// beyond them breaks repositories and labels later, so it is refused here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChartName(String);

/// The name of a chart that is given none: the vendor's.
pub const DEFAULT_NAME: &str = "forguncy-k8s-server";

/// Helm's limit for names (`helm create`), in characters.
const MAX_LENGTH: usize = 250;

impl ChartName {
    /// Checks a name.
    ///
    /// # Errors
    /// The reason why the name is illegal, fit to follow the quoted name: `is empty`.
    pub fn parse(name: &str) -> Result<Self, String> {
        let illegal = |c: char| !matches!(c, 'a'..='z' | '0'..='9' | '-');
        if name.is_empty() {
            Err("is empty".to_owned())
        } else if name.chars().count() > MAX_LENGTH {
            Err(format!("is longer than Helm's limit of {MAX_LENGTH} characters"))
        } else if let Some(c) = name.chars().find(|c| illegal(*c)) {
            Err(format!("holds {c:?}; only lower-case letters, digits and `-` are allowed"))
        } else if name.starts_with('-') || name.ends_with('-') {
            Err("must start and end with a letter or a digit".to_owned())
        } else {
            Ok(Self(name.to_owned()))
        }
    }

    /// The nearest legal name to an illegal one, for a "did you mean".
    pub fn suggest(name: &str) -> Option<Self> {
        let legal = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        let near: String = name.trim().chars().map(legal).collect();
        let near = near.trim_matches('-');
        // A name with little left of it is no suggestion.
        (2 * near.replace('-', "").len() > name.chars().count())
            .then(|| Self::parse(near).ok())
            .flatten()
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for ChartName {
    fn default() -> Self {
        Self(DEFAULT_NAME.to_owned())
    }
}

impl fmt::Display for ChartName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{ChartName, DEFAULT_NAME};

    #[test]
    fn accepts_lower_case_letters_digits_and_dashes() {
        for name in [DEFAULT_NAME, "a", "0", "1a-b--c", &"a".repeat(250)] {
            assert_eq!(ChartName::parse(name).map(|n| n.to_string()), Ok(name.to_owned()));
        }
    }

    #[test]
    fn refuses_each_illegal_name_with_its_reason() {
        let cases = [
            ("", "is empty"),
            ("Foo", "holds 'F'"),
            ("foo bar", "holds ' '"),
            ("活字格", "holds '活'"),
            ("a/b", "holds '/'"),
            ("..", "holds '.'"),
            ("a\0", "holds '\\0'"),
            ("-a", "must start and end"),
            ("a-", "must start and end"),
        ];
        for (name, reason) in cases {
            let message = ChartName::parse(name).unwrap_err();
            assert!(message.starts_with(reason), "{name:?}: {message}");
        }
        assert!(ChartName::parse(&"a".repeat(251)).unwrap_err().contains("250"));
    }

    #[test]
    fn suggests_a_near_legal_name_or_nothing() {
        let suggest = |name| ChartName::suggest(name).map(|n| n.to_string());
        assert_eq!(suggest("Forguncy_K8S Server").as_deref(), Some("forguncy-k8s-server"));
        assert_eq!(suggest("-a-"), None);
        assert_eq!(suggest("活字格"), None);
        assert_eq!(suggest(""), None);
    }
}
