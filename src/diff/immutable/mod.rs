//! What an API server refuses to change, from Kubernetes' own checks of updates.
//!
//! `docs/diff.md` shows the table. It covers what our templates make and what is common beside them; a kind that is not here has no
//! immutable field, or is not known.

mod cases;
mod rules;

pub use rules::RULES;

use crate::node::Node;

use super::consequence::Consequence;
use super::fields::Field;
use super::pair::Pair;
use cases::refused;

/// A field that cannot change, or not freely.
pub struct Rule {
    /// The API group of the kind; empty for the core group.
    pub group: &'static str,
    /// The kind.
    pub kind: &'static str,
    /// The field, without the items of lists. What lies below it counts.
    pub field: &'static str,
    /// The fields below it that can change.
    pub except: &'static [&'static str],
    /// What the API server takes for a field that is left out.
    pub default: &'static str,
    /// In which cases it is refused.
    pub when: When,
    /// Where Kubernetes says so.
    pub source: &'static str,
}

/// In which cases a change is refused.
#[derive(Clone, Copy)]
pub enum When {
    /// Always.
    Always,
    /// When the field had a value before.
    OnceSet,
    /// As a check tells; the words are for the table.
    Case(&'static str, Check),
}

type Check = fn(&Pair<'_>, &Field<'_>) -> Option<Consequence>;

/// Whether an API server refuses a change.
pub(super) fn check(pair: &Pair<'_>, field: &Field<'_>) -> Option<Consequence> {
    let identity = pair.identity;
    let rule = RULES.iter().find(|rule| {
        (rule.group, rule.kind) == (&identity.group, &identity.kind) && field.path.is_in(rule.field)
    })?;
    let is_default =
        |node: Option<&Node>| node.is_none_or(|node| node.as_str() == Some(rule.default));
    if rule.except.iter().any(|except| field.path.is_in(except))
        || !rule.default.is_empty() && is_default(field.old) && is_default(field.new)
    {
        return None;
    }
    match rule.when {
        When::Always => Some(refused(rule.field)),
        When::OnceSet => field.old.map(|_| refused(rule.field)),
        When::Case(_, check) => check(pair, field),
    }
}

#[cfg(test)]
mod tests {
    use super::{RULES, When};
    use crate::generated::assert_current;

    /// The table of `docs/diff.md`, between its marks.
    fn table() -> String {
        let mut table =
            String::from("| kind | field | refused | except | source |\n|---|---|---|---|---|\n");
        for rule in RULES {
            let when = match rule.when {
                When::Always => "always",
                When::OnceSet => "once it is set",
                When::Case(words, _) => words,
            };
            let except: Vec<String> =
                rule.except.iter().map(|field| format!("`{field}`")).collect();
            let default = match rule.default {
                "" => String::new(),
                default => format!("; left out is `{default}`"),
            };
            let (kind, field, source) = (rule.kind, rule.field, rule.source);
            let except = except.join(", ");
            table.push_str(&format!(
                "| {kind} | `{field}` | {when}{default} | {except} | {source} |\n"
            ));
        }
        table
    }

    #[test]
    fn the_documents_show_the_table() {
        let committed = include_str!("../../../docs/diff.md");
        let (before, rest) =
            committed.split_once("<!-- fields -->\n").expect("the table has a place");
        let (_, after) = rest.split_once("<!-- /fields -->").expect("it has an end");
        let fresh = format!("{before}<!-- fields -->\n{}<!-- /fields -->{after}", table());
        assert_current("docs/diff.md", committed, &fresh);
    }

    #[test]
    fn every_rule_can_be_reached() {
        for (at, rule) in RULES.iter().enumerate() {
            let hides = |above: &&super::Rule| {
                (above.group, above.kind) == (rule.group, rule.kind)
                    && format!("{}.", rule.field).starts_with(&format!("{}.", above.field))
            };
            assert!(!RULES[..at].iter().any(|above| hides(&above)), "{} {}", rule.kind, rule.field);
        }
    }
}
