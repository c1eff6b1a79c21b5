//! The install guide in its two languages: `guide.en.md` and `guide.zh-CN.md`, filled with the same facts.

use super::template::{Facts, fill};

const ENGLISH: &str = include_str!("guide.en.md");
const CHINESE: &str = include_str!("guide.zh-CN.md");

pub(super) fn english(facts: &Facts) -> String {
    fill(ENGLISH, facts)
}

pub(super) fn chinese(facts: &Facts) -> String {
    fill(CHINESE, facts)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{CHINESE, ENGLISH};

    /// The conditions and the commands of a guide, in their order.
    fn skeleton(guide: &str) -> Vec<String> {
        let mut is_code = false;
        let mut kept = Vec::new();
        for line in guide.lines() {
            is_code ^= line.starts_with("```");
            let command = line.split_once("  #").map_or(line, |(command, _)| command).trim_end();
            let is_comment = command.starts_with('#');
            if line.starts_with("<!--") || is_code && !is_comment {
                kept.push(command.to_owned());
            }
        }
        kept
    }

    #[test]
    fn both_languages_say_the_same_under_the_same_conditions() {
        assert_eq!(skeleton(ENGLISH), skeleton(CHINESE));
        let count =
            |guide: &str, wanted: &str| guide.lines().filter(|l| l.starts_with(wanted)).count();
        for wanted in ["## ", "| ", "1. "] {
            assert_eq!(count(ENGLISH, wanted), count(CHINESE, wanted), "{wanted}");
        }
    }

    #[test]
    fn every_fact_is_told_and_every_condition_and_slot_is_a_fact() {
        let sources = [
            include_str!("facts/mod.rs"),
            include_str!("facts/images.rs"),
            include_str!("facts/storage.rs"),
            include_str!("facts/access.rs"),
        ];
        let sources = sources.concat();
        let named = |calls: &[&str]| -> BTreeSet<&str> {
            let after = calls.iter().flat_map(|call| sources.split(*call).skip(1));
            after
                .filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
                .collect()
        };
        let conditions = ENGLISH.lines().filter_map(|line| {
            let name = line.strip_prefix("<!-- if ")?.strip_suffix(" -->")?;
            Some(name.strip_prefix("not ").unwrap_or(name))
        });
        assert_eq!(conditions.collect::<BTreeSet<_>>(), named(&["facts.switch("]));
        let slots = ENGLISH.split('@').skip(1).step_by(2);
        assert_eq!(slots.collect::<BTreeSet<_>>(), named(&["facts.text(", "facts.made("]));
    }

    #[test]
    fn every_condition_is_closed() {
        for guide in [ENGLISH, CHINESE] {
            let opened = guide.lines().filter(|line| line.starts_with("<!-- if ")).count();
            let closed = guide.lines().filter(|line| *line == "<!-- end -->").count();
            let comments = guide.lines().filter(|line| line.contains("<!--")).count();
            assert_eq!((opened, opened + closed), (closed, comments));
        }
    }
}
