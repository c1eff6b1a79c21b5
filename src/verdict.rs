//! The verdict: all that the checks found in one run, for a report.

use crate::finding::{Finding, Severity};
use crate::waivers::{self, Waived, Waiver};

/// What was checked, and what came of it.
#[derive(Debug)]
pub struct Verdict {
    /// What breaks a rule and is not waived: by file, line, column, rule and words; notes last.
    pub findings: Vec<Finding>,
    /// What was waived, in the same order.
    pub waived: Vec<Waived>,
    /// How much was looked at.
    pub checked: Checked,
}

/// How much was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// The number of Kubernetes objects.
    pub objects: usize,
    /// How many of them are of a kind that is not Kubernetes' own, so that only their metadata could be checked.
    pub unknown: usize,
    /// The Kubernetes version that they were checked for; none when no object was.
    pub kube_version: Option<String>,
    /// The number of packaged charts.
    pub charts: usize,
}

impl Verdict {
    /// Brings findings into order, sets aside what is waived, and finds waivers that waive nothing.
    pub fn new(findings: Vec<Finding>, checked: Checked, waivers: &[Waiver]) -> Self {
        let stopped = findings.iter().any(|finding| !finding.rule.is_waivable());
        let (mut findings, waived, unused) = waivers::apply(waivers, findings);
        if !stopped {
            // A check that did not run had no chance to find what a waiver is for.
            findings.extend(unused);
        }
        let mut verdict = Self { findings, waived, checked };
        verdict.sort();
        verdict
    }

    /// Brings findings into order, and what was waived.
    pub fn sort(&mut self) {
        self.findings.sort_by(|a, b| order(a).cmp(&order(b)));
        self.waived.sort_by(|a, b| order(&a.finding).cmp(&order(&b.finding)));
    }

    /// How many findings have a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity() == severity).count()
    }

    /// The exit code: 0 fine, 1 findings, 2 the values cannot be used at all. Warnings count with `strict`.
    pub fn exit_code(&self, strict: bool) -> u8 {
        if self.findings.iter().any(|finding| !finding.rule.is_waivable()) {
            2
        } else if self.count(Severity::Error) > 0 || (strict && self.count(Severity::Warning) > 0) {
            1
        } else {
            0
        }
    }
}

/// By place, then by rule. What stands nowhere comes first, and notes come last.
fn order(finding: &Finding) -> impl Ord + '_ {
    let location = finding.problem.location.as_ref();
    (
        finding.severity() == Severity::Note,
        location.map(|at| (&at.source, at.line, at.column)),
        finding.rule.id,
        &finding.object,
        &finding.field,
        &finding.problem.path,
        &finding.problem.message,
    )
}

#[cfg(test)]
mod tests {
    use super::{Checked, Verdict};
    use crate::finding::Finding;
    use crate::rules::{
        OUTSIDE_RESTRICTED, VALUE_LEFT_OPEN, VALUE_MISSING, VALUES_INVALID, WAIVER_UNUSED,
    };
    use crate::source::Location;

    fn verdict(findings: Vec<Finding>) -> Verdict {
        Verdict::new(findings, Checked::default(), &[])
    }

    fn at(source: &str, line: u32) -> Location {
        Location { source: source.into(), line, column: 1, text: None }
    }

    #[test]
    fn orders_by_place_then_rule() {
        let verdict = verdict(vec![
            Finding::new(&WAIVER_UNUSED, "d").at(at("b.yaml", 1)),
            Finding::new(&WAIVER_UNUSED, "c").at(at("a.yaml", 10)),
            Finding::new(&VALUE_LEFT_OPEN, "b").at(at("a.yaml", 10)),
            Finding::new(&OUTSIDE_RESTRICTED, "e"),
            Finding::new(&VALUE_LEFT_OPEN, "a"),
        ]);
        let words: Vec<_> = verdict.findings.iter().map(|f| f.problem.message.as_str()).collect();
        assert_eq!(words, ["a", "b", "c", "d", "e"]);
    }

    #[test]
    fn the_exit_code_tells_findings_from_unusable_values() {
        let code = |findings, strict| verdict(findings).exit_code(strict);
        assert_eq!(code(vec![], true), 0);
        assert_eq!(code(vec![Finding::new(&VALUE_LEFT_OPEN, "")], false), 0);
        assert_eq!(code(vec![Finding::new(&VALUE_LEFT_OPEN, "")], true), 1);
        assert_eq!(code(vec![Finding::new(&OUTSIDE_RESTRICTED, "")], true), 0);
        assert_eq!(code(vec![Finding::new(&VALUE_MISSING, "")], false), 2);
        assert_eq!(code(vec![Finding::new(&VALUES_INVALID, "")], false), 2);
    }
}
