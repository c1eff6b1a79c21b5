//! Gathers the findings of one inspection, and what both Helms do with all of them together.

use std::collections::HashMap;

use crate::finding::{Finding, Severity};
use crate::rules::Rule;
use crate::secret::Hidden;
use crate::source::{Location, Origin, SourceId, Sources};

use super::verdict::Verdict;

/// So many breaches of one rule are told; an archive can hold a hundred thousand.
const MAX_FINDINGS: usize = 50;

/// Beyond this column a line is not shown: it was not written by hand.
const MAX_COLUMN: usize = 2_000;

/// A longer line is not shown either, in bytes.
const MAX_LINE: usize = 10_000;

/// What one inspection has found so far.
pub struct Report {
    /// The archive or folder, as the user calls it.
    name: String,
    /// What stands between that name and a path inside: `:` of an archive, `/` of a folder.
    separator: char,
    /// The texts that were read.
    pub sources: Sources,
    findings: Vec<Finding>,
    counts: HashMap<&'static str, usize>,
    /// What both Helms do, all faults taken together.
    pub verdict: Verdict,
    /// Whether a dependency is looked at, of which `helm lint` sees only that it loads.
    pub dependency: bool,
    /// How many bytes may still be unpacked; dependencies can be archives in archives.
    pub budget: u64,
}

/// Where a fault lies.
#[derive(Clone, Copy)]
pub enum Place<'a> {
    /// In the archive or folder as a whole.
    Whole,
    /// In a file of the chart, as a whole.
    File(&'a str),
    /// At a line and column of a text that was read.
    At(Origin),
}

impl Report {
    /// A report without findings. `budget` is how many bytes may be unpacked.
    pub fn new(name: String, separator: char, budget: u64) -> Self {
        Self {
            name,
            separator,
            sources: Sources::default(),
            findings: Vec::new(),
            counts: HashMap::new(),
            verdict: Verdict::TAKEN,
            dependency: false,
            budget,
        }
    }

    /// What the user calls a file of the chart: `chart.tgz:values.yaml`.
    pub fn source_name(&self, path: &str) -> String {
        format!("{}{}{}", self.name, self.separator, shown(path))
    }

    /// Keeps the text of a file of the chart.
    pub fn add_source(&mut self, path: &str, text: String) -> SourceId {
        self.sources.add(self.source_name(path), text)
    }

    /// Reports a fault: what is wrong, what both Helms do with it, and what to do about it.
    pub fn fault(
        &mut self,
        rule: &'static Rule,
        place: Place<'_>,
        verdict: Verdict,
        what: impl AsRef<str>,
        help: impl Into<String>,
    ) {
        if self.is_full(rule) {
            return self.skip(rule, verdict);
        }
        let location = self.location(place);
        let message = format!("{}; {}", what.as_ref(), verdict.words());
        self.push(verdict, Finding::new(rule, message).help(help).at(location));
    }

    /// Reports a fault that is no matter of Helm's.
    pub fn note(&mut self, rule: &'static Rule, place: Place<'_>, what: &str, help: &str) {
        let location = self.location(place);
        self.push(Verdict::TAKEN, Finding::new(rule, what).help(help).at(location));
    }

    /// Whether no more breaches of a rule are told, so that none need be put into words.
    pub fn is_full(&self, rule: &Rule) -> bool {
        self.counts.get(rule.id).is_some_and(|count| *count >= MAX_FINDINGS)
    }

    /// Counts a breach of a rule that is full.
    fn skip(&mut self, rule: &Rule, verdict: Verdict) {
        if !self.is_passed_over(rule, verdict) {
            self.verdict = self.verdict.and(verdict);
            *self.counts.entry(rule.id).or_default() += 1;
        }
    }

    /// Whether a breach does not matter, since a dependency is looked at.
    fn is_passed_over(&self, rule: &Rule, verdict: Verdict) -> bool {
        self.dependency && !verdict.stops() && rule.severity == Severity::Warning
    }

    /// Takes a finding that is already put into words.
    pub fn push(&mut self, verdict: Verdict, mut finding: Finding) {
        if self.is_passed_over(finding.rule, verdict) {
            return;
        }
        if let Some(location) = &mut finding.problem.location {
            let (column, line) = (location.column as usize, location.text.take());
            location.text = line.filter(|_| column <= MAX_COLUMN).map(|line| {
                line.char_indices()
                    .nth(MAX_COLUMN)
                    .map_or(line.clone(), |(end, _)| line[..end].to_owned())
            });
        }
        self.verdict = self.verdict.and(verdict);
        let count = self.counts.entry(finding.rule.id).or_default();
        *count += 1;
        if *count <= MAX_FINDINGS {
            self.findings.push(finding);
        }
    }

    fn location(&self, place: Place<'_>) -> Location {
        match place {
            Place::Whole => start_of(self.name.clone()),
            Place::File(path) => start_of(self.source_name(path)),
            Place::At(origin) => {
                let source = self.sources.get(origin.source);
                let line = source.text.lines().nth(origin.line.saturating_sub(1) as usize);
                if line.is_none_or(|line| line.len() > MAX_LINE) {
                    let Origin { line, column, .. } = origin;
                    return Location { line, column, ..start_of(source.name.to_string()) };
                }
                Hidden::default().show(origin, &self.sources)
            }
        }
    }

    /// The findings by source, line, column, rule and message. What was not told is counted.
    pub fn finish(mut self) -> Vec<Finding> {
        let mut untold: Vec<&Finding> = Vec::new();
        for (id, count) in &self.counts {
            if *count > MAX_FINDINGS {
                untold.extend(self.findings.iter().rev().find(|finding| finding.rule.id == *id));
            }
        }
        let more: Vec<Finding> = untold
            .into_iter()
            .map(|last| {
                let count = self.counts[last.rule.id] - MAX_FINDINGS;
                let message = format!("and {count} more of the same kind in the chart");
                Finding::new(last.rule, message).at(start_of(self.name.clone()))
            })
            .collect();
        self.findings.extend(more);
        self.findings.sort_by_cached_key(|finding| {
            let place = finding.problem.location.as_ref();
            let place = place.map(|l| (l.source.clone(), l.line, l.column));
            (place, finding.rule.id, finding.problem.message.clone())
        });
        self.findings
    }
}

/// The longest text out of a chart that a message shows, in characters.
const MAX_SHOWN: usize = 200;

/// A text out of a chart, fit to be shown: without control characters, and not too long.
pub fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(MAX_SHOWN));
    for (count, c) in text.chars().enumerate() {
        match c {
            _ if count == MAX_SHOWN => {
                shown.push('…');
                break;
            }
            c if c.is_control() => shown.extend(c.escape_default()),
            c => shown.push(c),
        }
    }
    shown
}

/// The first character of a file that is not shown.
fn start_of(source: String) -> Location {
    Location { source, line: 1, column: 1, text: None }
}

#[cfg(test)]
mod tests {
    use super::{Place, Report};
    use crate::inspect::verdict::Verdict;
    use crate::rules::{ARCHIVE_ENTRY, ARCHIVE_PATH};

    #[test]
    fn names_files_inside_and_shows_no_control_character() {
        let report = Report::new("a.tgz".to_owned(), ':', 0);
        assert_eq!(report.source_name("x\u{1b}/活"), "a.tgz:x\\u{1b}/活");
        assert_eq!(report.source_name(&"x".repeat(1 << 20)).chars().count(), 207);
    }

    #[test]
    fn counts_what_it_does_not_tell() {
        let mut report = Report::new("a.tgz".to_owned(), ':', 0);
        for _ in 0..60 {
            report.fault(&ARCHIVE_PATH, Place::Whole, Verdict::REFUSED, "x", "y");
        }
        let findings = report.finish();
        assert_eq!(findings.len(), 51);
        assert!(findings.iter().any(|f| f.problem.message.starts_with("and 10 more")));
    }

    #[test]
    fn of_a_dependency_only_what_stops_the_chart_is_told() {
        let mut report = Report::new("a.tgz".to_owned(), ':', 0);
        report.dependency = true;
        report.fault(&ARCHIVE_ENTRY, Place::File("a"), Verdict::LINT, "x", "y");
        assert_eq!(report.verdict, Verdict::TAKEN);
        report.fault(&ARCHIVE_PATH, Place::File("a"), Verdict::REFUSED, "x", "y");
        assert_eq!(report.finish().len(), 1);
    }
}
