//! Regular expressions that Go's, which are RE2's, refuse.
//!
//! Only what is certain is told: a pattern that this says nothing about may still be refused.

use regex_lite::Regex;

/// Why Go refuses a pattern, to follow it, and what to do.
pub fn refused(pattern: &str) -> Option<(&'static str, &'static str)> {
    let mut special = false;
    let mut class = 0;
    let mut chars = pattern.char_indices();
    while let Some((at, c)) = chars.next() {
        let rest = &pattern[at..];
        match c {
            '\\' => {
                let (next, after) = (chars.next().map(|(_, c)| c), rest.chars().nth(2));
                // Two digits are an octal number.
                let octal = after.is_some_and(|c| ('0'..='7').contains(&c));
                match next {
                    None => return Some(("ends in a backslash", "write `\\\\` for a backslash")),
                    Some('1'..='7') if octal => special = true,
                    Some('1'..='9' | 'k') => return Some(BACK),
                    Some(c) => special |= c.is_ascii_alphanumeric() && !"dDwWsSbBntrfv".contains(c),
                }
            }
            '[' if class == 0 => {
                class = 1;
                // A `]` that comes first is a member.
                let inside = rest[1..].strip_prefix('^').unwrap_or(&rest[1..]);
                if inside.starts_with(']') {
                    special = true;
                    chars.nth(rest.len() - 1 - inside.len());
                }
            }
            '[' => special = true,
            ']' => class = 0,
            '(' if class == 0 && rest.starts_with("(?") => {
                if ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|look| rest.starts_with(look)) {
                    let help = "write the pattern without it, or use `allOf` and `not`";
                    return Some((
                        "looks ahead or behind, which Go's regular expressions do not",
                        help,
                    ));
                }
                if rest.starts_with("(?>") {
                    let help = "write `(?:` instead";
                    return Some((
                        "has an atomic group, which Go's regular expressions do not",
                        help,
                    ));
                }
                special = true;
            }
            '{' => special = true,
            _ => {}
        }
    }
    (!special && Regex::new(pattern).is_err())
        .then_some(("is no regular expression", "close every bracket and parenthesis"))
}

const BACK: (&str, &str) = (
    "refers back to a group, which Go's regular expressions do not",
    "write the pattern without it",
);

#[cfg(test)]
mod tests {
    use super::refused;

    #[test]
    fn takes_what_go_takes() {
        for pattern in [
            "^[a-z]+$",
            r"\d+\.\d",
            r"[\]\\]",
            r"\p{L}+",
            "(?i)a",
            "(?P<n>a)",
            "a{2,3}",
            "[]a]",
            "[^]a]",
            "[[:alpha:]]",
            r"\x{10FFFF}",
            r"\Qa(\E",
            "活",
            "",
            "[(?=]",
            r"\12",
        ] {
            assert_eq!(refused(pattern), None, "{pattern}");
        }
    }

    #[test]
    fn knows_what_go_refuses() {
        for pattern in [
            "(?=a)", "(?!a)b", "(?<=a)b", "(?<!a)b", r"(a)\1", r"\k<n>", r"[\1]", "(?>a)", "(",
            "[a", "a)", "*", "\\",
        ] {
            assert!(refused(pattern).is_some(), "{pattern}");
        }
    }
}
