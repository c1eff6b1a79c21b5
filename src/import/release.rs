//! What `helm get values` prints of a release, where it is not asked for YAML: a header, and the values below it.

use crate::error::Problem;

/// A header, and whether the values of the chart itself are below it.
const HEADERS: [(&str, bool); 2] = [("COMPUTED VALUES:", true), ("USER-SUPPLIED VALUES:", false)];

/// How to get all values of a release.
const ASK: &str = "ask Helm for all of them: `helm -n NAMESPACE get values RELEASE --all -o yaml`";

/// A text with its first line blanked if that is a header, and whether what is left is without the chart's own values.
pub fn without_header(text: String) -> (String, bool) {
    let (first, rest) = text.split_at(text.find('\n').unwrap_or(text.len()));
    match HEADERS.iter().find(|(header, _)| first.trim_end() == *header) {
        Some((_, is_all)) => (rest.to_owned(), !is_all),
        None => (text, false),
    }
}

/// What is told of values that are a user's alone.
pub fn partial() -> Problem {
    let message =
        "only the values that a user gave to the release; those of its chart are not here";
    Problem::new(message).help(ASK)
}

/// What is told of the vendor's keys that are not there.
pub fn missing(keys: &[&str]) -> Problem {
    let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    let message = format!(
        "keys of the vendor's chart are not there, so this chart's defaults count: {}",
        keys.join(", ")
    );
    Problem::new(message).help(ASK)
}

/// Whether a text is what Helm prints where there are no values.
pub fn is_null(text: &str) -> bool {
    text.trim() == "null"
}

/// What is told of a text without values.
pub fn nothing(name: &str) -> Problem {
    Problem::new(format!("`{name}` holds no values")).help(ASK)
}

#[cfg(test)]
mod tests {
    use super::without_header;

    #[test]
    fn a_header_is_blanked_and_no_line_moves() {
        for (text, left, is_partial) in [
            ("COMPUTED VALUES:\nimage: {}\n", "\nimage: {}\n", false),
            ("USER-SUPPLIED VALUES:\r\nnull\r\n", "\nnull\r\n", true),
            ("COMPUTED VALUES:", "", false),
            ("image: {}\nCOMPUTED VALUES:\n", "image: {}\nCOMPUTED VALUES:\n", false),
            ("  COMPUTED VALUES:\n", "  COMPUTED VALUES:\n", false),
        ] {
            assert_eq!(without_header(text.to_owned()), (left.to_owned(), is_partial));
        }
    }
}
