//! The report as [SARIF 2.1.0](https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html).
//!
//! GitHub shows a result at a line only if it has an artifact's location
//! ([code scanning](https://docs.github.com/en/code-security/reference/code-scanning/sarif-support-for-code-scanning)), so a
//! finding without a place belongs to the file that was checked.

use serde_json::{Value as Json, json};

use super::Setting;
use crate::finding::{Finding, Severity};
use crate::rules::{self, Rule};
use crate::verdict::Verdict;

pub(super) fn write(verdict: &Verdict, setting: &Setting) -> String {
    let found = verdict.findings.iter().map(|finding| result(finding, setting));
    let waived = verdict.waived.iter().map(|waived| {
        let mut result = result(&waived.finding, setting);
        result["suppressions"] =
            json!([{"kind": "external", "justification": waived.reason.as_deref().unwrap_or("waived on the command line")}]);
        result
    });
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "hzgchart",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules::all().map(descriptor).collect::<Vec<_>>(),
            }},
            // Columns are counted in characters here, not in SARIF's default, UTF-16 code units.
            "columnKind": "unicodeCodePoints",
            "results": found.chain(waived).collect::<Vec<_>>(),
        }],
    });
    format!("{log:#}\n")
}

fn descriptor(rule: &Rule) -> Json {
    json!({
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": rule.summary()},
        "help": {"text": rule.page, "markdown": rule.page},
        "defaultConfiguration": {"level": level(rule.severity)},
    })
}

/// SARIF's name of a severity.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn result(finding: &Finding, setting: &Setting) -> Json {
    let problem = &finding.problem;
    let mut text = problem.message.clone();
    if !problem.path.is_empty() {
        text = format!("{}: {text}", problem.path);
    }
    if let Some(entries) = finding.of_entries() {
        text = format!("{text}\n{entries}");
    }
    if let Some(help) = &problem.help {
        text = format!("{text}\n{help}");
    }
    let mut location = json!({});
    // Standard input, presets and arguments are no files of a repository.
    let place = problem.location.as_ref().filter(|at| is_file(&at.source));
    match (place, &setting.subject) {
        (Some(at), _) => {
            location["physicalLocation"] = json!({
                "artifactLocation": {"uri": uri(&at.source)},
                "region": {"startLine": at.line, "startColumn": at.column},
            });
        }
        (None, Some(subject)) => {
            location["physicalLocation"] =
                json!({"artifactLocation": {"uri": uri(subject)}, "region": {"startLine": 1}});
        }
        (None, None) => {}
    }
    if let Some(object) = &finding.object {
        location["logicalLocations"] = json!([{
            "name": object.name,
            "kind": "object",
            "fullyQualifiedName": format!("{}/{object}/{}", object.namespace, finding.field),
        }]);
    }
    json!({
        "ruleId": finding.rule.id,
        "level": level(finding.severity()),
        "message": {"text": text},
        "locations": [location],
    })
}

/// Whether a source's name is that of a file.
pub(super) fn is_file(source: &str) -> bool {
    !(source.starts_with('<') || source.starts_with("--") || source.starts_with("preset "))
}

/// A path as a relative reference: [RFC 3986](https://www.rfc-editor.org/rfc/rfc3986), section 4.2.
fn uri(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    let mut uri = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            b'\\' if cfg!(windows) => uri.push('/'),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn writes_paths_as_references() {
        assert_eq!(uri("./a/b c.yaml"), "a/b%20c.yaml");
        assert_eq!(uri("活.yaml"), "%E6%B4%BB.yaml");
        assert_eq!(uri("chart.tgz:templates/a.yaml"), "chart.tgz%3Atemplates/a.yaml");
    }
}
