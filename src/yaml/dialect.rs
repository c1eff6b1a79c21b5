//! What the parser reads, being of YAML 1.2, and Helm, being of YAML 1.1, refuses.
//!
//! Accepting it would only move the error to the day the chart is installed.

use std::ops::RangeInclusive;

use crate::error::Problem;

/// Refuses `"\/"`, given a double-quoted text with its quotes: Helm does not know this escape.
pub fn check_escapes(raw: &str) -> Option<Problem> {
    let mut escaped = false;
    let slash = raw.chars().any(|c| {
        let found = escaped && c == '/';
        escaped = !escaped && c == '\\';
        found
    });
    slash.then(|| Problem::new("the escape `\\/`, which Helm does not read").help("write `/`"))
}

/// Refuses unquoted texts in brackets that Helm ends earlier or takes for an indicator.
pub fn check_plain_in_flow(text: &str) -> Option<Problem> {
    let culprit = match text.chars().next() {
        Some(c @ ('|' | '>' | ':')) => c,
        _ if text.contains('?') => '?',
        _ => return None,
    };
    Some(
        Problem::new(format!(
            "Helm does not read this `{culprit}` in an unquoted text in brackets"
        ))
        .help("quote the text"),
    )
}

/// Refuses `{key:}` and `[key:, …]`, given what follows the key: to Helm the colon is part of it.
pub fn check_colon_in_flow(after: &str) -> Option<Problem> {
    let bare = after.strip_prefix(':').is_some_and(|rest| rest.starts_with([',', ']', '}']));
    bare.then(|| {
        Problem::new("in brackets Helm takes this colon for a part of the key")
            .help("write a space after the colon")
    })
}

/// What a block scalar holds at the end of a text that lacks its last line break: Helm adds none.
///
/// # Errors
/// The last line is blank, where parsers differ.
pub fn unterminated<'a>(scalar: &'a str, text: &str) -> Result<&'a str, Problem> {
    match scalar.strip_suffix('\n') {
        Some(shorter) if !text.ends_with('\n') => {
            if text.ends_with([' ', '\t'])
                && text.lines().last().is_some_and(|l| l.trim().is_empty())
            {
                let problem =
                    Problem::new("the file ends in the middle of a blank line of this text");
                return Err(problem.help("end the file with a line break"));
            }
            Ok(shorter)
        }
        _ => Ok(scalar),
    }
}

/// Refuses names of anchors and aliases that Helm cannot read; `text` begins at the `&` or `*`, or
/// at a tag before it.
pub fn check_anchor(text: &str) -> Option<Problem> {
    let sign = text.find(['&', '*'])?;
    let name =
        text[sign + 1..].split(|c: char| c.is_ascii_whitespace() || ",[]{}".contains(c)).next()?;
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    (!name.chars().all(fits)).then(|| {
        Problem::new(format!("Helm cannot read the anchor name `{name}`"))
            .help("use letters, digits, `-` and `_` only; quote the value if it is none")
    })
}

/// Whether a line is indented with tabs: worth a second look with [`tabs`].
pub fn has_tabs(text: &str) -> bool {
    text.contains('\t') && text.lines().any(|line| indenting_tab(line).is_some())
}

/// Lines and columns of tabs that indent, where they are not part of a text or of a list or map in
/// brackets. `covered` are the lines of those.
pub fn tabs(text: &str, mut covered: Vec<RangeInclusive<u32>>) -> Vec<(u32, u32)> {
    covered.sort_by_key(|lines| *lines.start());
    let mut covered = covered.into_iter().peekable();
    let mut until = 0;
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        while let Some(lines) = covered.next_if(|lines| *lines.start() <= number) {
            until = until.max(*lines.end());
        }
        if number > until {
            found.extend(indenting_tab(line).map(|column| (number, column)));
        }
    }
    found
}

/// The column of a tab that follows only spaces and the `-` of list entries.
pub fn indenting_tab(line: &str) -> Option<u32> {
    let mut chars = line.chars().zip(1..).peekable();
    loop {
        match chars.next()? {
            ('\t', column) => return Some(column),
            (' ', _) => {}
            ('-', _) if matches!(chars.peek(), Some((' ' | '\t', _))) => {}
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{check_anchor, check_colon_in_flow, check_escapes, check_plain_in_flow};
    use super::{has_tabs, tabs, unterminated};

    #[test]
    fn knows_the_escape_that_helm_lacks() {
        assert!(check_escapes(r#""a/b""#).is_none());
        assert!(check_escapes(r#""a\/b""#).is_some());
        assert!(check_escapes(r#""a\\/b \n /""#).is_none());
        assert!(check_escapes(r#""a\\\/b""#).is_some());
    }

    #[test]
    fn refuses_plain_texts_in_brackets_that_helm_cannot_read() {
        for text in [">=1.0", "|", "?", "http://x/?a=b", ":x", "what?"] {
            assert!(check_plain_in_flow(text).is_some(), "{text}");
        }
        for text in ["", "a", "a:b", "a|b", "<1", "名"] {
            assert!(check_plain_in_flow(text).is_none(), "{text}");
        }
    }

    #[test]
    fn refuses_a_colon_that_ends_a_key_in_brackets() {
        assert!(check_colon_in_flow(":}").is_some());
        assert!(check_colon_in_flow(":, a").is_some());
        assert!(check_colon_in_flow(": }").is_none());
        assert!(check_colon_in_flow(" }").is_none());
    }

    #[test]
    fn adds_no_line_break_that_the_file_lacks() {
        assert_eq!(unterminated("x\n", "a: |\n  x"), Ok("x"));
        assert_eq!(unterminated("x\n", "a: |\n  x\n"), Ok("x\n"));
        assert_eq!(unterminated("x", "a: |-\n  x"), Ok("x"));
        assert!(unterminated("x\n\n", "a: |\n  x\n  ").is_err());
    }

    #[test]
    fn refuses_anchor_names_that_helm_cannot_read() {
        assert!(check_anchor("&app-labels_1 x").is_none());
        assert!(check_anchor("!!map &a\n").is_none());
        assert!(check_anchor("*a]").is_none());
        assert!(check_anchor("&app.labels x").is_some());
        assert!(check_anchor("*名").is_some());
    }

    #[test]
    fn finds_tabs_that_indent() {
        assert!(!has_tabs("a:\tb # \t\n"));
        assert!(has_tabs("a:\n -\tb\n"));
        let text = "a:\n\tb: 1\n - \tc\n  \t\n---\tx\n";
        assert_eq!(tabs(text, vec![]), [(2, 1), (3, 4), (4, 3)]);
        assert_eq!(tabs(text, vec![4..=4, 2..=3, 2..=2]), []);
    }
}
