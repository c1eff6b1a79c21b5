//! Regular expressions: those of the values' schema are compiled with the program, others when they are first needed.

use std::cell::RefCell;
use std::collections::HashMap;

use regex_lite::Regex;

use super::automaton::Automaton;

thread_local! {
    /// The patterns that a thread has compiled, each of which takes as long as a whole check; `None` for one that is no regular
    /// expression. A run sees few: a release's rules, the schema of a chart that it inspects.
    static COMPILED: RefCell<HashMap<String, Option<Regex>>> = RefCell::default();
}

/// Whether a pattern is found in a text; `None` when it is no regular expression.
///
/// Helm's are Go's (RE2). The two agree on ASCII classes, `\d`, `\w`, repetition, groups and anchors,
/// but not on `\s`, which here also takes a vertical tab: the schema should spell blanks out.
pub fn is_match(pattern: &str, text: &str) -> Option<bool> {
    if let Some(automaton) = Automaton::of(pattern) {
        return Some(automaton.is_match(text));
    }
    COMPILED.with_borrow_mut(|compiled| {
        if !compiled.contains_key(pattern) {
            compiled.insert(pattern.to_owned(), Regex::new(pattern).ok());
        }
        compiled.get(pattern)?.as_ref().map(|regex| regex.is_match(text))
    })
}

#[cfg(test)]
mod tests {
    use super::is_match;

    #[test]
    fn searches_unanchored_and_survives_a_broken_pattern() {
        assert_eq!(is_match("b", "abc"), Some(true));
        assert_eq!(is_match("^b", "abc"), Some(false));
        assert_eq!(is_match("(", "abc"), None);
        assert_eq!(is_match("^a$", "a\n"), Some(false));
    }
}
