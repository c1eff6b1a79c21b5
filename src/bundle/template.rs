//! Fills a guide: what only some configurations need stands between `<!-- if NAME -->` and `<!-- end -->`, and `@name@` is what the
//! values say.
//!
//! Values may hold any text, and Markdown has a meaning for most of it. So a slot becomes a code span in prose and a quoted word in a
//! block of commands, and a block's fence is longer than any that stands in it.

use std::collections::{BTreeMap, BTreeSet};

use crate::shell;

/// What fills a place of a guide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// A text as the values have it.
    Text(String),
    /// Markdown, or lines of a block, made here.
    Made(String),
}

/// What a guide is filled with; the same for each of its languages.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    /// Names of the conditions that hold.
    pub switches: BTreeSet<&'static str>,
    /// What stands for the slots.
    pub slots: BTreeMap<&'static str, Slot>,
}

impl Facts {
    /// Notes whether a condition holds.
    pub(super) fn switch(&mut self, name: &'static str, holds: bool) {
        if holds {
            self.switches.insert(name);
        }
    }

    /// Notes a text of the values'.
    pub(super) fn text(&mut self, name: &'static str, text: impl Into<String>) {
        self.slots.insert(name, Slot::Text(text.into()));
    }

    /// Notes what was made here.
    pub(super) fn made(&mut self, name: &'static str, text: impl Into<String>) {
        self.slots.insert(name, Slot::Made(text.into()));
    }
}

/// The guide. Headings that begin with `## #.` are numbered.
pub(super) fn fill(template: &str, facts: &Facts) -> String {
    let mut out = String::with_capacity(template.len());
    let mut open: Vec<bool> = Vec::new();
    let mut step = 0;
    let mut lines = template.lines();
    while let Some(line) = lines.next() {
        if let Some(directive) =
            line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->"))
        {
            match directive.strip_prefix("if ") {
                Some(name) => open.push(holds(name, facts)),
                None => drop(open.pop()),
            }
            continue;
        }
        if open.contains(&false) {
            continue;
        }
        if let Some(language) = line.strip_prefix("```") {
            let is_end = |line: &&str| *line != "```";
            let body: String =
                lines.by_ref().take_while(is_end).map(|line| format!("{line}\n")).collect();
            let body = put_in(&body, facts, &|slot| match slot {
                Slot::Text(text) => shell::word(text),
                Slot::Made(text) => text.clone(),
            });
            let fence = "`".repeat(3.max(longest_run(&body) + 1));
            out += &format!("{fence}{language}\n{body}{fence}\n");
            continue;
        }
        let line = match line.strip_prefix("## #.") {
            Some(title) => {
                step += 1;
                format!("## {step}.{title}")
            }
            None => line.to_owned(),
        };
        // What was left out leaves no second blank line.
        if !line.is_empty() || !out.ends_with("\n\n") {
            let is_row = line.starts_with('|');
            out += &put_in(&line, facts, &|slot| match slot {
                Slot::Text(text) if is_row => cell(text),
                Slot::Text(text) => span(text),
                Slot::Made(text) => text.clone(),
            });
            // Rows that were made end their lines themselves.
            if !out.ends_with('\n') || line.is_empty() {
                out.push('\n');
            }
        }
    }
    format!("{}\n", out.trim_end())
}

fn holds(condition: &str, facts: &Facts) -> bool {
    match condition.strip_prefix("not ") {
        Some(name) => !facts.switches.contains(name),
        None => facts.switches.contains(condition),
    }
}

/// A text with its slots filled. What fills one is not looked at again.
fn put_in(text: &str, facts: &Facts, shown: &dyn Fn(&Slot) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('@') {
        out += before;
        let slot = after
            .split_once('@')
            .and_then(|(name, end)| facts.slots.get(name).map(|slot| (slot, end)));
        match slot {
            Some((slot, end)) => {
                out += &shown(slot);
                rest = end;
            }
            None => {
                out.push('@');
                rest = after;
            }
        }
    }
    out + rest
}

/// A text as a code span: <https://spec.commonmark.org/0.31.2/#code-spans>.
pub(super) fn span(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    let ticks = "`".repeat(longest_run(&text) + 1);
    let space = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{ticks}{space}{text}{space}{ticks}")
}

/// The same in a table, where a bar would end the cell.
pub(super) fn cell(text: &str) -> String {
    span(text).replace('|', "\\|")
}

/// The most backticks in a row.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Facts, cell, fill, span};

    fn facts() -> Facts {
        let mut facts = Facts::default();
        facts.switch("yes", true);
        facts.switch("no", false);
        facts.text("path", "/it's @path@ `x`");
        facts.text("plain", "shop");
        facts.made("rows", "| a |\n| b |\n");
        facts
    }

    #[test]
    fn keeps_what_holds_and_leaves_out_the_rest() {
        let template = "a\n\n<!-- if no -->\nb\n<!-- if yes -->\nc\n<!-- end -->\n\n<!-- end -->\n<!-- if not no -->\nd\n<!-- end -->\n";
        assert_eq!(fill(template, &facts()), "a\n\nd\n");
    }

    #[test]
    fn numbers_the_steps_that_are_left() {
        let template = "## #. one\n<!-- if no -->\n## #. two\n<!-- end -->\n## #. three\n";
        assert_eq!(fill(template, &facts()), "## 1. one\n## 2. three\n");
    }

    #[test]
    fn shows_a_text_by_where_it_stands() {
        assert_eq!(
            fill("in @path@, me@example.com\n", &facts()),
            "in `` /it's @path@ `x` ``, me@example.com\n"
        );
        assert_eq!(
            fill("```sh\nls @path@ @plain@\n```\n", &facts()),
            "```sh\nls '/it'\\''s @path@ `x`' shop\n```\n"
        );
        assert_eq!(
            fill("| h |\n|---|\n@rows@\nend\n", &facts()),
            "| h |\n|---|\n| a |\n| b |\nend\n"
        );
    }

    #[test]
    fn no_text_ends_its_block_or_its_cell() {
        let mut facts = Facts::default();
        facts.text("x", "a\n```\n# evil | `");
        assert_eq!(fill("```sh\nls @x@\n```\n", &facts), "````sh\nls 'a\n```\n# evil | `'\n````\n");
        assert_eq!(span("a\n```\nb"), "````a\u{fffd}```\u{fffd}b````");
        assert_eq!(cell("a|b"), "`a\\|b`");
        assert_eq!(fill("| @x@ |\n", &facts), "| ```` a\u{fffd}```\u{fffd}# evil \\| ` ```` |\n");
    }
}
