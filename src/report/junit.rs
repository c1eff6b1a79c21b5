//! The report as JUnit's XML: a test for each rule, failed by its errors, skipped when all of its findings are waived.
//!
//! There is no standard; this is what
//! [Jenkins, GitLab and others read](https://github.com/testmoapp/junitxml).

use super::{Setting, Style, text};
use crate::finding::{Finding, Severity};
use crate::rules::{self, Rule};
use crate::verdict::Verdict;

pub(super) fn write(verdict: &Verdict, setting: &Setting) -> String {
    let fails = |finding: &&Finding| match finding.severity() {
        Severity::Error => true,
        Severity::Warning => setting.strict,
        Severity::Note => false,
    };
    let mut cases = String::new();
    let mut total = 0;
    let mut failed = 0;
    let mut skipped = 0;
    for rule in rules::all() {
        let is = |finding: &&Finding| std::ptr::eq(finding.rule, rule);
        let found: Vec<&Finding> = verdict.findings.iter().filter(is).collect();
        let failures: Vec<&Finding> = found.iter().copied().filter(fails).collect();
        let waived: Vec<&Finding> =
            verdict.waived.iter().map(|waived| &waived.finding).filter(is).collect();
        total += 1;
        let body = if !failures.is_empty() {
            failed += 1;
            let message = &failures[0].problem.message;
            format!(
                "<failure type=\"{}\" message=\"{}\">{}</failure>",
                rule.name,
                escape(message),
                texts(&failures)
            )
        } else if !found.is_empty() {
            format!("<system-out>{}</system-out>", texts(&found))
        } else if !waived.is_empty() {
            skipped += 1;
            format!("<skipped message=\"waived\"/><system-out>{}</system-out>", texts(&waived))
        } else {
            String::new()
        };
        cases.push_str(&case(rule, &body));
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"hzgchart\" tests=\"{total}\" failures=\"{failed}\" errors=\"0\" skipped=\"{skipped}\">\n\
         <testsuite name=\"hzgchart validate\" tests=\"{total}\" failures=\"{failed}\" errors=\"0\" skipped=\"{skipped}\">\n\
         {cases}</testsuite>\n</testsuites>\n"
    )
}

fn case(rule: &Rule, body: &str) -> String {
    let name = format!("{} {}", rule.id, rule.summary());
    let open = format!("<testcase classname=\"hzgchart.{}\" name=\"{}\"", rule.name, escape(&name));
    match body {
        "" => format!("{open}/>\n"),
        body => format!("{open}>{body}</testcase>\n"),
    }
}

fn texts(findings: &[&Finding]) -> String {
    let texts: Vec<String> =
        findings.iter().map(|finding| text::finding(finding, Style::default())).collect();
    escape(&texts.join("\n\n"))
}

/// Text as [XML 1.0](https://www.w3.org/TR/xml/#charsets) can hold it: what it cannot is replaced.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn escapes_what_xml_cannot_hold() {
        assert_eq!(escape("a<b>&\"\u{1b}\n活"), "a&lt;b&gt;&amp;&quot;\u{fffd}\n活");
    }
}
