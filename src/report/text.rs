//! The report for people: every finding with the line it is about, and a summary.

use std::fmt::Write;

use super::Setting;
use crate::finding::{Finding, Severity};
use crate::verdict::{Checked, Verdict};

/// How text is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether the terminal shows colours.
    pub colour: bool,
    /// How many columns it has; longer source lines are cut around the caret.
    pub width: usize,
}

/// What is not a terminal has no colours, and lines of a length that fits most.
impl Default for Style {
    fn default() -> Self {
        Self { colour: false, width: 100 }
    }
}

/// The escape sequences of [ECMA-48](https://ecma-international.org/publications-and-standards/standards/ecma-48/) that are used.
pub(crate) const RED: &str = "\u{1b}[1;31m";
/// For what deserves a look.
pub(crate) const YELLOW: &str = "\u{1b}[1;33m";
/// For margins.
pub(crate) const BLUE: &str = "\u{1b}[1;34m";
/// For what is new.
pub(crate) const GREEN: &str = "\u{1b}[32m";
/// For headings.
pub(crate) const BOLD: &str = "\u{1b}[1m";
const RESET: &str = "\u{1b}[0m";

impl Style {
    /// A text in a colour, where colours are shown.
    pub(crate) fn paint(self, colour: &str, text: &str) -> String {
        if self.colour { format!("{colour}{text}{RESET}") } else { text.to_owned() }
    }
}

pub(super) fn write(verdict: &Verdict, setting: &Setting) -> String {
    let mut out = String::new();
    // What needs no mending waits until there is nothing to mend.
    let only_notes = verdict.count(Severity::Note) == verdict.findings.len();
    let told = |found: &&Finding| only_notes || found.severity() != Severity::Note;
    for found in verdict.findings.iter().filter(told) {
        out.push_str(&finding(found, setting.style));
        out.push_str("\n\n");
    }
    out.push_str(&summary(verdict, setting));
    out.push('\n');
    out
}

/// A finding as text, without a line end: severity, rule and message; the place and the line that stands there; the object; the way out.
pub fn finding(finding: &Finding, style: Style) -> String {
    let problem = &finding.problem;
    let colour = match finding.severity() {
        Severity::Error => RED,
        Severity::Warning => YELLOW,
        Severity::Note => BLUE,
    };
    let head = format!("{}[{}]", finding.severity().name(), finding.rule.id);
    let message = format!(": {}", problem.message);
    let mut lines = vec![style.paint(colour, &head) + &style.paint(BOLD, &message)];

    let number = problem.location.as_ref().map(|at| at.line.to_string()).unwrap_or_default();
    let gutter = number.len().max(1);
    let mut line = |number: &str, sign: &str, text: &str| {
        let margin = style.paint(BLUE, &format!("{number:gutter$}{sign}"));
        lines.push(if text.is_empty() { margin } else { format!("{margin} {text}") });
    };
    let place = problem.location.iter().map(ToString::to_string);
    let key = Some(problem.path.clone()).filter(|path| !path.is_empty());
    let place: Vec<String> = place.chain(key).collect();
    if !place.is_empty() {
        line("", "-->", &place.join(": "));
    }
    // Narrower than this, nothing could be told from a line.
    let width = style.width.saturating_sub(gutter + 3).max(20);
    if let Some((shown, caret)) = problem.location.as_ref().and_then(|at| at.excerpt(width)) {
        line("", " |", "");
        line(&number, " |", &shown);
        line("", " |", &format!("{:caret$}{}", "", style.paint(colour, "^")));
    }
    if let Some(object) = finding.object.as_ref().filter(|object| !object.kind.is_empty()) {
        let field = Some(finding.field.as_str()).filter(|field| !field.is_empty());
        let parts: Vec<String> =
            [Some(object.to_string()), field.map(str::to_owned)].into_iter().flatten().collect();
        line("", " =", &format!("object: {}", parts.join(", ")));
    }
    if let Some(entries) = finding.of_entries() {
        line("", " =", &entries);
    }
    if let Some(help) = &problem.help {
        line("", " =", &format!("help: {help}"));
    }
    lines.join("\n")
}

/// `2 errors and 1 warning in 17 objects, checked for Kubernetes 1.37`.
fn summary(verdict: &Verdict, setting: &Setting) -> String {
    let errors = verdict.count(Severity::Error);
    let warnings = verdict.count(Severity::Warning);
    let found = match (errors, warnings) {
        (0, 0) if verdict.findings.is_empty() => "no findings".to_owned(),
        (0, 0) => count(verdict.findings.len(), "note"),
        (errors, 0) => count(errors, "error"),
        (0, warnings) => count(warnings, "warning"),
        (errors, warnings) => {
            format!("{} and {}", count(errors, "error"), count(warnings, "warning"))
        }
    };
    let colour = match (errors, warnings) {
        (0, 0) => BOLD,
        (0, _) => YELLOW,
        _ => RED,
    };
    let mut out = setting.style.paint(colour, &found);
    if !verdict.waived.is_empty() {
        let _ = write!(out, ", {} waived", verdict.waived.len());
    }
    let Checked { objects, unknown, kube_version, charts } = &verdict.checked;
    if *charts > 0 {
        let _ = write!(out, " in {}", count(*charts, "chart"));
    }
    if let Some(version) = kube_version {
        let and = if *charts > 0 { " and" } else { " in" };
        let _ =
            write!(out, "{and} {}, checked for Kubernetes {version}", count(*objects, "object"));
    }
    if *unknown > 0 {
        let _ = write!(out, "; of {} only the metadata", count(*unknown, "custom resource"));
    }
    let is_error = |finding: &&Finding| finding.severity() == Severity::Error;
    if let Some(finding) = verdict.findings.iter().find(is_error).or(verdict.findings.first()) {
        let _ = write!(out, "\n`hzgchart explain {}` tells more", finding.rule.id);
    }
    out
}

/// A number of things: `1 error`, `2 errors`.
pub(crate) fn count(number: usize, thing: &str) -> String {
    if number == 1 { format!("1 {thing}") } else { format!("{number} {thing}s") }
}
