//! The report as [workflow commands](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands):
//! GitHub shows each as an annotation at its line.

use super::Setting;
use super::sarif::is_file;
use crate::finding::{Finding, Severity};
use crate::verdict::Verdict;

pub(super) fn write(verdict: &Verdict, setting: &Setting) -> String {
    verdict.findings.iter().map(|finding| command(finding, setting)).collect()
}

fn command(finding: &Finding, setting: &Setting) -> String {
    let problem = &finding.problem;
    let mut properties = Vec::new();
    match (problem.location.as_ref().filter(|at| is_file(&at.source)), &setting.subject) {
        (Some(at), _) => {
            properties.push(format!("file={}", property(&at.source)));
            properties.push(format!("line={}", at.line));
            properties.push(format!("col={}", at.column));
        }
        (None, Some(subject)) => properties.push(format!("file={}", property(subject))),
        (None, None) => {}
    }
    let title = format!("{} {}", finding.rule.id, finding.rule.name);
    properties.push(format!("title={}", property(&title)));

    let mut text = problem.message.clone();
    if !problem.path.is_empty() {
        text = format!("{}: {text}", problem.path);
    }
    if let Some(object) = &finding.object {
        text.push_str(&format!("\n{object} {}", finding.field));
    }
    if let Some(entries) = finding.of_entries() {
        text.push_str(&format!("\n{entries}"));
    }
    if let Some(help) = &problem.help {
        text.push_str(&format!("\nhelp: {help}"));
    }
    let command = match finding.severity() {
        Severity::Note => "notice",
        severity => severity.name(),
    };
    format!("::{command} {}::{}\n", properties.join(","), data(&text))
}

/// A command's text: one line.
fn data(text: &str) -> String {
    text.trim_end().replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property's value, which ends at a comma or a colon.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn escapes_what_would_end_a_command() {
        assert_eq!(data("100%\n::error::x"), "100%25%0A::error::x");
        assert_eq!(property("a,b:c\n"), "a%2Cb%3Ac");
    }
}
