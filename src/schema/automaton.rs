//! The patterns of the values' schema, as `build/patterns.rs` compiled them: no run has to.

/// The tables, one behind another.
const TABLES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/patterns"));

/// Each pattern, in order.
const AUTOMATA: &[Automaton] = include!(concat!(env!("OUT_DIR"), "/patterns.rs"));

/// How many bytes there are.
const BYTES: usize = 256;

/// A pattern and its table: for each byte its class, then for each state whether a text may end there, and the next state for each
/// class.
#[derive(Debug)]
pub struct Automaton {
    pattern: &'static str,
    /// Where its table is in [`TABLES`].
    start: usize,
    /// How many numbers of two bytes, the lower one first, there are for a state.
    width: usize,
}

impl Automaton {
    /// The automaton of a pattern, if the schema has that.
    pub fn of(pattern: &str) -> Option<&'static Self> {
        let place = AUTOMATA.binary_search_by_key(&pattern, |automaton| automaton.pattern);
        place.ok().map(|place| &AUTOMATA[place])
    }

    /// Whether the pattern is found in a text.
    pub fn is_match(&self, text: &str) -> bool {
        let (classes, states) = TABLES[self.start..].split_at(BYTES);
        let number = |state: usize, column: usize| {
            let at = 2 * (state * self.width + column);
            usize::from(u16::from_le_bytes([states[at], states[at + 1]]))
        };
        let step = |state, byte| number(state, usize::from(classes[usize::from(byte)]));
        number(text.bytes().fold(0, step), 0) == 1
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use regex_lite::Regex;

    use super::{AUTOMATA, Automaton};
    use crate::schema::TEXT;

    /// Texts like those that patterns are about, names, paths, addresses, numbers, and texts that are near them.
    fn text() -> impl Strategy<Value = String> {
        let pieces = r"([a-zA-Z0-9]{0,3}|[-._/:*@ ]|\.\.|sha256:|localhost|https?://|[0-9]{1,3}|[0-9](h|ms|Ki|%)|[\x00-\x7f]|\PC){0,12}";
        let long = "([a-z]{61,64}[.]){0,4}[a-z]{60,130}(/[a-zA-Z0-9]{60,64})?";
        prop_oneof![4 => pieces, 1 => any::<String>(), 1 => long]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]
        #[test]
        fn says_what_the_regular_expression_says(text in text()) {
            static REGEXES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
                AUTOMATA.iter().map(|automaton| Regex::new(automaton.pattern).unwrap()).collect()
            });
            for (automaton, regex) in AUTOMATA.iter().zip(&*REGEXES) {
                let is_match = regex.is_match(&text);
                prop_assert_eq!(automaton.is_match(&text), is_match, "{}", automaton.pattern);
            }
        }
    }

    #[test]
    fn there_is_one_for_every_pattern_of_the_schema() {
        let patterns = TEXT.lines().filter_map(|line| line.trim().strip_prefix("\"pattern\": "));
        let patterns: Vec<String> = patterns
            .map(|pattern| serde_json::from_str(pattern.trim_end_matches(',')).unwrap())
            .collect();
        assert!(patterns.len() > 100, "{}", patterns.len());
        assert!(patterns.iter().all(|pattern| Automaton::of(pattern).is_some()));
        assert!(Automaton::of("^$").is_none());
    }
}
