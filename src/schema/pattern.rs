//! Regular expressions of the schema, compiled when they are first needed.

use std::cell::RefCell;
use std::collections::HashMap;

use regex_lite::Regex;

thread_local! {
    /// The patterns that a thread has compiled, each of which takes as long as the rest of a check; `None` for one that is no
    /// regular expression. A run sees few schemas: that of the values, of a fleet file, of a chart that it inspects.
    static COMPILED: RefCell<HashMap<String, Option<Regex>>> = RefCell::default();
}

/// Whether a pattern is found in a text; `None` when it is no regular expression.
///
/// Helm's are Go's (RE2). The two agree on ASCII classes, `\d`, `\w`, repetition, groups and anchors,
/// but not on `\s`, which here also takes a vertical tab: the schema should spell blanks out.
pub fn is_match(pattern: &str, text: &str) -> Option<bool> {
    if text.is_empty() && accepts_nothing(pattern) {
        return Some(true);
    }
    COMPILED.with_borrow_mut(|compiled| {
        if !compiled.contains_key(pattern) {
            compiled.insert(pattern.to_owned(), Regex::new(pattern).ok());
        }
        compiled.get(pattern)?.as_ref().map(|regex| regex.is_match(text))
    })
}

/// Whether a pattern is clearly one for something optional: `^(…)?$` or `^$|…`. Most strings are
/// empty defaults of that kind, and compiling costs a hundred times as much as this look.
fn accepts_nothing(pattern: &str) -> bool {
    if pattern.starts_with("^$|") {
        return true;
    }
    let Some(inside) = pattern.strip_prefix("^(").and_then(|rest| rest.strip_suffix(")?$")) else {
        return false;
    };
    is_balanced(inside)
}

/// Whether every parenthesis that is opened inside is closed inside, so that the outer pair is one.
fn is_balanced(inside: &str) -> bool {
    let mut depth = 0_u32;
    let mut class = false;
    let mut chars = inside.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.next().is_none() => return false,
            '\\' => {}
            '[' => class = true,
            ']' => class = false,
            '(' if !class => depth += 1,
            ')' if !class => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return false,
            },
            _ => {}
        }
    }
    depth == 0 && !class
}

#[cfg(test)]
mod tests {
    use regex_lite::Regex;

    use super::{accepts_nothing, is_match};

    #[test]
    fn sees_that_a_pattern_is_optional() {
        for pattern in ["^$|^a", "^([a-z](b)?)?$", r"^(\(|[)])?$", "^(a|b)?$"] {
            assert!(accepts_nothing(pattern), "{pattern}");
            assert!(Regex::new(pattern).expect("a pattern").is_match(""), "{pattern}");
        }
    }

    #[test]
    fn does_not_take_other_patterns_for_optional_ones() {
        for pattern in ["^(a)(b)?$", "^a?$", "(a)?", "^(a))|((b)?$", r"^(a\)?$", "^([)?$"] {
            assert!(!accepts_nothing(pattern), "{pattern}");
        }
    }

    #[test]
    fn searches_unanchored_and_survives_a_broken_pattern() {
        assert_eq!(is_match("b", "abc"), Some(true));
        assert_eq!(is_match("^b", "abc"), Some(false));
        assert_eq!(is_match("(", "abc"), None);
        assert_eq!(is_match("^a$", "a\n"), Some(false));
    }
}
