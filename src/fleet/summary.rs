//! What was found in all entries: the same thing once, with the entries that have it.

use std::collections::HashMap;
use std::sync::Arc;

use crate::finding::{Finding, Severity};
use crate::validate::Outcome;
use crate::verdict::{Checked, Verdict};
use crate::waivers::{self, Waived, Waiver};

/// What was found so far.
#[derive(Debug, Default)]
pub struct Summary {
    findings: Gathered<Finding>,
    waived: Gathered<Waived>,
    /// Waivers that some entries had no use for, and how often each was there. One that any entry needs is not told.
    unused: Gathered<Finding>,
    waivers: HashMap<String, usize>,
    checked: Checked,
}

/// Things that entries have, each once: what it is known by leads to its place.
#[derive(Debug)]
struct Gathered<T> {
    places: HashMap<String, usize>,
    things: Vec<(T, Vec<Arc<str>>)>,
}

impl<T> Default for Gathered<T> {
    fn default() -> Self {
        Self { places: HashMap::new(), things: Vec::new() }
    }
}

impl<T> Gathered<T> {
    fn add(&mut self, key: String, thing: T, entry: &Arc<str>) {
        let place = *self.places.entry(key).or_insert(self.things.len());
        if place == self.things.len() {
            self.things.push((thing, Vec::new()));
        }
        self.things[place].1.push(entry.clone());
    }
}

/// What was found of an entry, and the waivers that it has.
#[derive(Debug)]
pub struct Judged {
    findings: Vec<Finding>,
    waivers: Vec<Waiver>,
    checked: Checked,
}

impl Judged {
    /// What came of the checks of an entry.
    pub fn new(outcome: Outcome, waivers: Vec<Waiver>) -> Self {
        let Outcome { findings, checked } = outcome;
        Self { findings, waivers, checked }
    }

    /// Whether an error is left that no waiver covers.
    pub fn fails(&self) -> bool {
        let is_covered =
            |finding: &Finding| self.waivers.iter().any(|waiver| waiver.covers(finding));
        self.findings
            .iter()
            .any(|finding| finding.severity() == Severity::Error && !is_covered(finding))
    }

    /// Adds what was found of it beside others.
    pub fn join(&mut self, findings: Vec<Finding>) {
        self.findings.extend(findings);
    }
}

impl Summary {
    /// Adds what was found of an entry, and sets aside what its waivers cover.
    pub fn add(&mut self, entry: &Arc<str>, judged: Judged) {
        let Judged { findings, waivers, checked } = judged;
        // A check that did not run had no chance to find what a waiver is for.
        let stopped = checked.kube_version.is_none()
            || findings.iter().any(|finding| !finding.rule.is_waivable());
        let (left, waived, unused) = waivers::apply(&waivers, findings);
        for finding in left {
            self.findings.add(key(&finding), finding, entry);
        }
        for waived in waived {
            self.waived.add(key(&waived.finding), waived, entry);
        }
        for waiver in waivers {
            *self.waivers.entry(key(&waiver.unused())).or_default() += 1;
        }
        for finding in unused.into_iter().filter(|_| !stopped) {
            self.unused.add(key(&finding), finding, entry);
        }
        self.checked.objects += checked.objects;
        self.checked.unknown += checked.unknown;
        if checked.kube_version.is_some() {
            self.checked.kube_version = checked.kube_version;
        }
    }

    /// All of it as one verdict. Of a fleet that was not looked at as a whole nobody can say that a waiver is of no use.
    pub fn verdict(self, is_whole: bool) -> Verdict {
        let Self { findings, waived, unused, waivers, checked } = self;
        let of = |(finding, entries): (Finding, Vec<Arc<str>>)| Finding { entries, ..finding };
        let is_unused = |(finding, entries): &(Finding, Vec<Arc<str>>)| {
            waivers.get(&key(finding)).is_none_or(|times| entries.len() == *times)
        };
        let unused = unused.things.into_iter().filter(|_| is_whole).filter(is_unused);
        let findings = findings.things.into_iter().chain(unused).map(of).collect();
        let mut verdict = Verdict::new(findings, checked, &[]);
        let of = |(waived, entries): (Waived, _)| Waived {
            finding: of((waived.finding, entries)),
            reason: waived.reason,
        };
        verdict.waived = waived.things.into_iter().map(of).collect();
        verdict.sort();
        verdict
    }
}

/// What a finding is known by.
fn key(finding: &Finding) -> String {
    let Finding { rule, problem, object, field, entries: _ } = finding;
    let place = problem.location.as_ref().map(ToString::to_string).unwrap_or_default();
    let object = object.as_ref().map(ToString::to_string).unwrap_or_default();
    [rule.id, &place, &problem.path, &problem.message, &object, field].join("\0")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Judged, Summary};
    use crate::finding::Finding;
    use crate::rules::{MANIFEST_UNREADABLE, VALUES_INVALID};
    use crate::validate::Outcome;
    use crate::verdict::Checked;
    use crate::waivers::Waiver;

    fn judged(words: &[&str], waivers: &[&str]) -> Judged {
        let findings = words.iter().map(|word| Finding::new(&MANIFEST_UNREADABLE, *word)).collect();
        let kube_version = Some("1.37".to_owned());
        let checked = Checked { objects: 2, kube_version, ..Checked::default() };
        let waivers = waivers.iter().map(|rule| Waiver::allow(rule).unwrap()).collect();
        Judged::new(Outcome { findings, checked }, waivers)
    }

    fn summary(entries: &[(&str, &[&str], &[&str])]) -> Summary {
        let mut summary = Summary::default();
        for (entry, words, waivers) in entries {
            summary.add(&Arc::from(*entry), judged(words, waivers));
        }
        summary
    }

    #[test]
    fn tells_the_same_thing_once_with_its_entries() {
        let verdict =
            summary(&[("a", &["x", "y"], &[]), ("b", &["x"], &[]), ("c", &[], &[])]).verdict(true);
        let told: Vec<_> = verdict
            .findings
            .iter()
            .map(|found| (found.problem.message.as_str(), found.entries.join(" ")))
            .collect();
        assert_eq!(told, [("x", "a b".to_owned()), ("y", "a".to_owned())]);
        assert_eq!(verdict.checked.objects, 6);
    }

    #[test]
    fn an_error_that_is_waived_does_not_fail() {
        assert!(judged(&["x"], &[]).fails());
        assert!(!judged(&["x"], &["HZG104"]).fails() && !judged(&[], &[]).fails());
    }

    #[test]
    fn a_waiver_that_one_entry_needs_is_not_unused() {
        let verdict = summary(&[("a", &["x"], &["HZG104"]), ("b", &[], &["HZG104"])]).verdict(true);
        assert!(verdict.findings.is_empty(), "{:?}", verdict.findings);
        assert_eq!(verdict.waived.len(), 1);
    }

    #[test]
    fn a_waiver_that_none_needs_is_told_once() {
        let entries: [(&str, &[&str], &[&str]); 2] =
            [("a", &[], &["HZG104"]), ("b", &[], &["HZG104"])];
        let unused = summary(&entries).verdict(true).findings;
        assert_eq!(unused.len(), 1);
        assert!(unused[0].problem.message.ends_with("waives nothing"));
        assert_eq!(unused[0].entries.len(), 2);
        assert!(summary(&entries).verdict(false).findings.is_empty());
    }

    #[test]
    fn a_waiver_of_an_entry_that_could_not_be_checked_may_be_needed() {
        let mut summary = summary(&[("a", &[], &["HZG104"])]);
        let findings = vec![Finding::new(&VALUES_INVALID, "z")];
        let stopped = Outcome { findings, ..Outcome::default() };
        summary.add(&Arc::from("c"), Judged::new(stopped, vec![Waiver::allow("HZG104").unwrap()]));
        let told = summary.verdict(true).findings;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].problem.message, "z");
    }
}
