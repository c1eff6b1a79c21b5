//! The rules: what is checked, under a stable id that waivers, reports and `hzgchart explain` use.
//!
//! A rule is data. The check that applies it lives with what it looks at, and hands the rule to the finding.

mod chart;
mod deployment;
mod fleet;
mod kubernetes;
mod references;
mod values;
mod waivers;

pub use chart::*;
pub use deployment::*;
pub use fleet::*;
pub use kubernetes::*;
pub use references::*;
pub use values::*;
pub use waivers::*;

use crate::error::Problem;
use crate::finding::Severity;
use crate::suggest::nearest;

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// `HZG012`. Never reused, never renumbered. The hundreds tell the family: 0 the deployment, 1 the values, 2 Kubernetes' own
    /// types, 3 references between objects, 4 the chart, 5 a fleet's entries, 9 waivers.
    pub id: &'static str,
    /// A name in kebab case: `redis-open`.
    pub name: &'static str,
    /// How much a breach matters.
    pub severity: Severity,
    /// The page that explains it, in Markdown: `docs/rules/HZG012.md`.
    pub page: &'static str,
}

/// Declares the rules of a family, and lists them.
macro_rules! rules {
    ($list:ident: $($(#[$doc:meta])* $constant:ident = $id:literal $name:literal $severity:ident;)*) => {
        $(
            $(#[$doc])*
            pub static $constant: $crate::rules::Rule = $crate::rules::Rule {
                id: $id,
                name: $name,
                severity: $crate::finding::Severity::$severity,
                page: include_str!(concat!("../../docs/rules/", $id, ".md")),
            };
        )*
        /// The rules of this family, by id.
        pub(super) static $list: &[&$crate::rules::Rule] = &[$(&$constant),*];
    };
}
use rules;

/// Every rule, by id.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    let families = [
        deployment::DEPLOYMENT,
        values::VALUES,
        kubernetes::KUBERNETES,
        references::REFERENCES,
        chart::CHART,
        fleet::FLEET,
        waivers::WAIVERS,
    ];
    families.into_iter().flatten().copied()
}

impl Rule {
    /// Finds a rule by id or by name; capitals do not matter.
    ///
    /// # Errors
    /// A problem that suggests the nearest one.
    pub fn find(wanted: &str) -> Result<&'static Self, Problem> {
        let is = |rule: &&Self| {
            rule.id.eq_ignore_ascii_case(wanted) || rule.name.eq_ignore_ascii_case(wanted)
        };
        all().find(is).ok_or_else(|| {
            // Among numbers none is nearer than another.
            let near = match wanted.len() == "HZG012".len()
                && wanted.ends_with(|c: char| c.is_ascii_digit())
            {
                true => None,
                false => nearest(wanted, all().flat_map(|rule| [rule.id, rule.name])),
            };
            Problem::new(format!("there is no rule `{wanted}`")).help(match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`hzgchart explain` lists the rules".to_owned(),
            })
        })
    }

    /// Whether a waiver can set the rule aside. Without values that can be read there is nothing to check further.
    pub fn is_waivable(&self) -> bool {
        ![VALUES_INVALID.id, VALUE_MISSING.id].contains(&self.id)
    }

    /// Whether the rule is about charts that are made, so that an installation cannot break it.
    pub fn is_about_packaging(&self) -> bool {
        [SECRET_IN_PACKAGE.id, VALUE_LEFT_OPEN.id].contains(&self.id)
    }

    /// What the rule asks, in a line: the title of its page.
    pub fn summary(&self) -> &'static str {
        let title = self.page.lines().next().unwrap_or_default();
        title.split_once(": ").map_or(title, |(_, summary)| summary)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Rule, all};
    use crate::generated::assert_current;

    #[test]
    fn every_rule_has_an_id_a_name_and_a_page_of_its_own() {
        let mut seen = HashSet::new();
        let mut last = "";
        for rule in all() {
            assert!(seen.insert(rule.id) && seen.insert(rule.name), "{} twice", rule.id);
            assert!(rule.id > last, "{} stands behind {last}", rule.id);
            last = rule.id;
            let title = format!("# {} `{}`: ", rule.id, rule.name);
            assert!(rule.page.starts_with(&title), "{} begins with {title}", rule.id);
            let severity = format!("\nSeverity: {}\n", rule.severity.name());
            assert!(rule.page.contains(&severity), "{} says {severity}", rule.id);
            assert!(rule.page.contains("\n## Fix\n"), "{} says how to mend it", rule.id);
        }
    }

    /// The list of all rules, by family, for `docs/rules/`.
    fn index() -> String {
        let families = [
            ("HZG0", "The deployment: what goes wrong in production"),
            ("HZG1", "The values"),
            ("HZG2", "Objects: what an API server refuses"),
            ("HZG3", "References between objects"),
            ("HZG4", "Packaged charts"),
            ("HZG5", "Entries of a fleet"),
            ("HZG9", "Waivers"),
        ];
        let mut text = String::from(
            "# Rules\n\nWhat `hzgchart validate` checks. `hzgchart explain ID` prints a page.\n",
        );
        for (prefix, title) in families {
            text.push_str(&format!(
                "\n## {title}\n\n| rule | severity | it asks that |\n|---|---|---|\n"
            ));
            for rule in all().filter(|rule| rule.id.starts_with(prefix)) {
                let (id, name, severity) = (rule.id, rule.name, rule.severity.name());
                let summary = rule.summary();
                text.push_str(&format!("| [{id}]({id}.md) `{name}` | {severity} | {summary} |\n"));
            }
        }
        text
    }

    #[test]
    fn the_committed_index_lists_every_rule() {
        let committed = include_str!("../../docs/rules/README.md");
        assert_current("docs/rules/README.md", committed, &index());
        for rule in all() {
            assert!(committed.contains(&format!("[{}]", rule.id)), "{} has no family", rule.id);
        }
    }

    #[test]
    fn finds_a_rule_by_id_or_name() {
        assert_eq!(Rule::find("hzg901").unwrap().id, "HZG901");
        assert_eq!(Rule::find("waiver-unused").unwrap().id, "HZG901");
        let problem = Rule::find("waver-unused").unwrap_err();
        assert_eq!(problem.help.as_deref(), Some("did you mean `waiver-unused`?"));
    }
}
