//! Waivers: rules that a run, or the file beside a values file, sets aside.
//!
//! The file beside `values.yaml` is `values.waivers.yaml`:
//!
//! ```yaml
//! waivers:
//!   - rule: HZG003
//!     reason: load balancing was switched on in 2024
//!     key: forguncy.scaling                     # only for this key and those below it
//!     object: Deployment/shop-forguncy-pod      # only for this object
//! ```

use std::path::{Path, PathBuf};

use crate::error::Problem;
use crate::finding::Finding;
use crate::node::Node;
use crate::rules::{Rule, WAIVER_UNUSED};
use crate::source::{Location, Origin, SourceId, Sources};
use crate::suggest::nearest;
use crate::yaml::read;

/// Sets one rule aside.
#[derive(Clone, Debug)]
pub struct Waiver {
    rule: &'static Rule,
    reason: Option<String>,
    key: Option<String>,
    object: Option<String>,
    location: Option<Location>,
}

/// A finding that a waiver set aside, and why.
#[derive(Clone, Debug)]
pub struct Waived {
    /// The finding.
    pub finding: Finding,
    /// The reason that the waiver gives; `--allow` gives none.
    pub reason: Option<String>,
}

/// The keys of a waiver.
const KEYS: [&str; 4] = ["rule", "reason", "key", "object"];

impl Waiver {
    /// The waiver of `--allow RULE`.
    ///
    /// # Errors
    /// A problem for a rule that there is not, or that cannot be waived.
    pub fn allow(rule: &str) -> Result<Self, Problem> {
        Ok(Self { rule: waivable(rule)?, reason: None, key: None, object: None, location: None })
    }

    /// The file beside a values file that holds its waivers.
    pub fn file_beside(values: &Path) -> PathBuf {
        values.with_extension("waivers.yaml")
    }

    /// Reads such a file.
    ///
    /// # Errors
    /// Everything wrong with it.
    pub fn read(id: SourceId, sources: &Sources) -> Result<Vec<Self>, Vec<Problem>> {
        let root = read::document(id, sources)?;
        let mut problems = Vec::new();
        let mut waivers = Vec::new();
        let mut at = |problem: Problem, origin: Option<Origin>| {
            problems.push(match origin.or(root.origin) {
                Some(origin) => problem.at(Location::of(origin, sources)),
                None => problem,
            });
        };
        if root.as_map().is_none() {
            let found = root.value.kind();
            let problem = Problem::new(format!("expected a map with `waivers`, not {found}"));
            at(problem.help("write `waivers:` and the list below it"), root.origin);
        }
        for (key, entry) in root.as_map().into_iter().flatten() {
            if key != "waivers" {
                at(unknown(key, ["waivers"].into_iter()), entry.key_origin);
                continue;
            }
            if entry.node.items().is_empty() {
                at(Problem::new("expected a list of waivers").path("waivers"), entry.node.origin);
            }
            for item in entry.node.items() {
                match Self::from_node(item) {
                    Ok(waiver) => waivers.push(Self {
                        location: item.origin.map(|origin| Location::of(origin, sources)),
                        ..waiver
                    }),
                    Err(found) => {
                        found.into_iter().for_each(|(problem, origin)| at(problem, origin));
                    }
                }
            }
        }
        problems.sort_by_key(|problem| problem.location.as_ref().map(|at| (at.line, at.column)));
        if problems.is_empty() { Ok(waivers) } else { Err(problems) }
    }

    fn from_node(node: &Node) -> Result<Self, Vec<(Problem, Option<Origin>)>> {
        let Some(map) = node.as_map() else {
            let problem = Problem::new(format!("expected a waiver, not {}", node.value.kind()))
                .help("write `- rule: HZG…` and below it `reason: …`");
            return Err(vec![(problem, node.origin)]);
        };
        let mut problems = Vec::new();
        for (key, entry) in map {
            if !KEYS.contains(&key.as_str()) {
                problems.push((unknown(key, KEYS.into_iter()), entry.key_origin));
            } else if entry.node.as_str().is_none_or(str::is_empty) {
                problems
                    .push((Problem::new("expected a text").path(key.as_str()), entry.node.origin));
            }
        }
        let text = |key: &str| map.get(key).and_then(|entry| entry.node.as_str());
        let rule = match map.get("rule") {
            Some(entry) => match waivable(entry.node.as_str().unwrap_or_default()) {
                Ok(rule) => Some(rule),
                Err(problem) => {
                    problems.push((problem.path("rule"), entry.node.origin));
                    None
                }
            },
            None => {
                problems.push((Problem::new("a waiver names its `rule`"), node.origin));
                None
            }
        };
        if !map.contains_key("reason") {
            let problem = Problem::new("a waiver gives its `reason`")
                .help("write for the next reader why the rule does not matter here");
            problems.push((problem, node.origin));
        }
        match rule {
            Some(rule) if problems.is_empty() => Ok(Self {
                rule,
                reason: text("reason").map(str::to_owned),
                key: text("key").map(str::to_owned),
                object: text("object").map(str::to_owned),
                location: None,
            }),
            _ => Err(problems),
        }
    }

    /// Whether it sets a finding aside.
    pub fn covers(&self, finding: &Finding) -> bool {
        let below = |key: &String| {
            finding
                .problem
                .path
                .strip_prefix(key.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        let is = |object: &String| {
            finding.object.as_ref().is_some_and(|found| found.to_string() == *object)
        };
        std::ptr::eq(self.rule, finding.rule)
            && self.key.as_ref().is_none_or(below)
            && self.object.as_ref().is_none_or(is)
    }

    /// What it is to be called when it covers nothing.
    pub fn unused(&self) -> Finding {
        let rule = self.rule.id;
        let finding = Finding::new(
            &WAIVER_UNUSED,
            format!("the waiver of {rule} (`{}`) waives nothing", self.rule.name),
        );
        match &self.location {
            Some(location) => finding.at(location.clone()).help("remove the waiver"),
            None => finding.help(format!("leave out `--allow {rule}`")),
        }
    }
}

/// Sets aside what waivers cover. Gives what is left, what was set aside, and a finding for each waiver that covers nothing.
///
/// Waivers of rules about packaging stand in the same file as the others, and are none the worse for an installation.
pub fn apply(
    waivers: &[Waiver],
    findings: Vec<Finding>,
) -> (Vec<Finding>, Vec<Waived>, Vec<Finding>) {
    let mut used: Vec<bool> =
        waivers.iter().map(|waiver| waiver.rule.is_about_packaging()).collect();
    let mut left = Vec::new();
    let mut waived = Vec::new();
    for finding in findings {
        let mut reason = None;
        for (waiver, used) in waivers.iter().zip(&mut used) {
            if waiver.covers(&finding) {
                *used = true;
                reason.get_or_insert(waiver.reason.clone());
            }
        }
        match reason {
            Some(reason) => waived.push(Waived { finding, reason }),
            None => left.push(finding),
        }
    }
    let unused = waivers.iter().zip(used).filter(|(_, used)| !used);
    let unused = unused.map(|(waiver, _)| waiver.unused()).collect();
    (left, waived, unused)
}

fn waivable(name: &str) -> Result<&'static Rule, Problem> {
    let rule = Rule::find(name)?;
    if rule.is_waivable() {
        return Ok(rule);
    }
    Err(Problem::new(format!("{} (`{}`) cannot be waived", rule.id, rule.name))
        .help("without it there is nothing to install: mend what it finds"))
}

fn unknown(key: &str, known: impl Iterator<Item = &'static str> + Clone) -> Problem {
    let problem = Problem::new("unknown key").path(key);
    match nearest(key, known.clone()) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => {
            let known: Vec<String> = known.map(|key| format!("`{key}`")).collect();
            problem.help(format!("the keys are {}", known.join(", ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Waiver, apply};
    use crate::finding::{Finding, ObjectName};
    use crate::rules::MANIFEST_UNREADABLE;
    use crate::source::Sources;

    fn read(text: &str) -> Result<Vec<Waiver>, String> {
        let mut sources = Sources::default();
        let id = sources.add("values.waivers.yaml", text);
        Waiver::read(id, &sources).map_err(|problems| {
            problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        })
    }

    fn finding(key: &str) -> Finding {
        let object =
            ObjectName { kind: "Pod".into(), name: "a".into(), namespace: "default".into() };
        Finding::new(&MANIFEST_UNREADABLE, "open").key(key).of(object, "spec")
    }

    /// How many findings a waiver leaves, sets aside, and is unused for.
    fn applied(text: &str, key: &str) -> (usize, usize, usize) {
        let (left, waived, unused) = apply(&read(text).unwrap(), vec![finding(key)]);
        (left.len(), waived.len(), unused.len())
    }

    #[test]
    fn waives_by_rule_key_and_object() {
        let waiver = |more: &str| format!("waivers:\n- rule: HZG104\n  reason: r\n  {more}\n");
        assert_eq!(applied(&waiver(""), "storage.server"), (0, 1, 0));
        assert_eq!(applied(&waiver("key: storage"), "storage.server"), (0, 1, 0));
        assert_eq!(applied(&waiver("object: Pod/a"), "storage.server"), (0, 1, 0));
        assert_eq!(applied(&waiver("key: stor"), "storage.server"), (1, 0, 1));
        assert_eq!(applied(&waiver("object: Pod/b"), "x"), (1, 0, 1));
    }

    #[test]
    fn the_first_waiver_gives_the_reason_and_all_that_cover_count_as_used() {
        let text =
            "waivers: [{rule: HZG104, reason: one}, {rule: manifest-unreadable, reason: two}]";
        let (left, waived, unused) = apply(&read(text).unwrap(), vec![finding("a")]);
        assert!(left.is_empty() && unused.is_empty());
        assert_eq!(waived[0].reason.as_deref(), Some("one"));
    }

    #[test]
    fn an_unused_waiver_is_found_where_it_stands() {
        let waivers = read("waivers:\n- {rule: HZG104, reason: r}\n").unwrap();
        let (_, _, unused) = apply(&waivers, vec![]);
        let location = unused[0].problem.location.as_ref().unwrap();
        assert_eq!((location.line, location.column), (2, 3));
    }

    #[test]
    fn a_waiver_about_packaging_needs_no_use() {
        assert_eq!(applied("waivers: [{rule: HZG103, reason: r}]", "a"), (1, 0, 0));
    }

    #[test]
    fn refuses_a_file_that_has_no_list_of_waivers() {
        let refused = |text| read(text).unwrap_err();
        insta::assert_snapshot!(refused("# waivers\n- rule: HZG999\n"), @r"
        values.waivers.yaml:2:1: expected a map with `waivers`, not a list
          2 | - rule: HZG999
            | ^
          help: write `waivers:` and the list below it
        ");
        assert!(refused("garbage").contains(":1:1: expected a map with `waivers`, not a string"));
        assert!(refused("42").contains(":1:1: expected a map with `waivers`, not an integer"));
        for nothing in ["", "# waivers\n", "null", "{}"] {
            assert!(read(nothing).unwrap().is_empty(), "{nothing}");
        }
    }

    #[test]
    fn refuses_what_is_no_waiver() {
        insta::assert_snapshot!(
            read("waiver: []\nwaivers:\n- rule: manifest-unreadble\n  reson: x\n- HZG104\n- rule: HZG101\n  reason: ''\n").unwrap_err(),
            @r"
        values.waivers.yaml:1:1: waiver: unknown key
          1 | waiver: []
            | ^
          help: did you mean `waivers`?
        values.waivers.yaml:3:3: a waiver gives its `reason`
          3 | - rule: manifest-unreadble
            |   ^
          help: write for the next reader why the rule does not matter here
        values.waivers.yaml:3:9: rule: there is no rule `manifest-unreadble`
          3 | - rule: manifest-unreadble
            |         ^
          help: did you mean `manifest-unreadable`?
        values.waivers.yaml:4:3: reson: unknown key
          4 |   reson: x
            |   ^
          help: did you mean `reason`?
        values.waivers.yaml:5:3: expected a waiver, not a string
          5 | - HZG104
            |   ^
          help: write `- rule: HZG…` and below it `reason: …`
        values.waivers.yaml:6:9: rule: HZG101 (`values-invalid`) cannot be waived
          6 | - rule: HZG101
            |         ^
          help: without it there is nothing to install: mend what it finds
        values.waivers.yaml:7:11: reason: expected a text
          7 |   reason: ''
            |           ^
        "
        );
    }
}
