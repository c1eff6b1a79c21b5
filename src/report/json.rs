//! The report for programs. [`schema`] describes it; a change that a reader could trip over raises [`VERSION`].

use schemars::JsonSchema;
use serde::Serialize;

use super::Setting;
use crate::finding::{Finding, Severity};
use crate::schema::schema_of;
use crate::verdict::Verdict;
use crate::waivers::Waived;

/// The version of the report's form.
const VERSION: u32 = 1;

/// A verdict of `hzgchart validate --format json`.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
struct Report<'a> {
    /// The version of this form: 1. New keys may come without a new version.
    version: u32,
    /// The version of hzgchart.
    hzgchart: &'static str,
    /// The verdict in numbers.
    summary: Summary<'a>,
    /// What was found, by file, line and column. What stands nowhere comes first.
    findings: Vec<Entry<'a>>,
    /// What was found and waived.
    waived: Vec<Entry<'a>>,
}

/// The verdict in numbers.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary<'a> {
    /// How many findings are errors.
    errors: usize,
    /// How many are warnings.
    warnings: usize,
    /// How many are notes.
    notes: usize,
    /// How many were waived.
    waived: usize,
    /// How many Kubernetes objects were checked.
    objects: usize,
    /// How many of them are of kinds that are not Kubernetes' own, and were checked by their metadata only.
    unknown_kinds: usize,
    /// How many packaged charts were checked.
    charts: usize,
    /// The Kubernetes version that the objects were checked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    kube_version: Option<&'a str>,
    /// The exit code: 0 fine, 1 findings, 2 the values cannot be used.
    exit_code: u8,
}

/// One finding.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    /// The rule's id, `HZG012`: `hzgchart explain HZG012` tells more.
    rule: &'static str,
    /// The rule's name, in kebab case.
    name: &'static str,
    /// `error`, `warning` or `note`.
    severity: &'static str,
    /// What is wrong.
    message: &'a str,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    /// The file; `<stdin>`, `preset NAME` or the name of a flag where it is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    /// The line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    /// The column in characters, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    /// The key of the values, as `--set` takes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a str>,
    /// The object that is at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<Object<'a>>,
    /// The object's field.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    /// Why it was waived, if a reason was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    /// The entries of the fleet that have it, by name. Missing outside fleets.
    #[serde(skip_serializing_if = "Option::is_none")]
    entries: Option<Vec<&'a str>>,
}

/// A Kubernetes object.
#[derive(JsonSchema, Serialize)]
struct Object<'a> {
    /// Its kind.
    kind: &'a str,
    /// Its name.
    name: &'a str,
    /// Its namespace; empty when it names none.
    namespace: &'a str,
}

pub(super) fn write(verdict: &Verdict, setting: &Setting) -> String {
    let report = Report {
        version: VERSION,
        hzgchart: env!("CARGO_PKG_VERSION"),
        summary: Summary {
            errors: verdict.count(Severity::Error),
            warnings: verdict.count(Severity::Warning),
            notes: verdict.count(Severity::Note),
            waived: verdict.waived.len(),
            objects: verdict.checked.objects,
            unknown_kinds: verdict.checked.unknown,
            charts: verdict.checked.charts,
            kube_version: verdict.checked.kube_version.as_deref(),
            exit_code: verdict.exit_code(setting.strict),
        },
        findings: verdict.findings.iter().map(|finding| entry(finding, None)).collect(),
        waived: verdict
            .waived
            .iter()
            .map(|Waived { finding, reason }| entry(finding, reason.as_deref()))
            .collect(),
    };
    let text = serde_json::to_string_pretty(&report).expect("keys are strings, so JSON holds it");
    text + "\n"
}

fn entry<'a>(finding: &'a Finding, reason: Option<&'a str>) -> Entry<'a> {
    let problem = &finding.problem;
    let some = |text: &'a str| Some(text).filter(|text| !text.is_empty());
    Entry {
        rule: finding.rule.id,
        name: finding.rule.name,
        severity: finding.severity().name(),
        message: &problem.message,
        help: problem.help.as_deref(),
        file: problem.location.as_ref().map(|at| at.source.as_str()),
        line: problem.location.as_ref().map(|at| at.line),
        column: problem.location.as_ref().map(|at| at.column),
        key: some(&problem.path),
        object: finding.object.as_ref().map(|object| Object {
            kind: &object.kind,
            name: &object.name,
            namespace: &object.namespace,
        }),
        field: some(&finding.field),
        reason,
        entries: Some(finding.entries.iter().map(AsRef::as_ref).collect::<Vec<_>>())
            .filter(|entries| !entries.is_empty()),
    }
}

/// The JSON schema of the report (draft-07): `docs/report.schema.json`.
pub fn schema() -> String {
    schema_of::<Report>()
}

#[cfg(test)]
mod tests {
    use crate::generated::assert_current;

    #[test]
    fn the_committed_schema_is_what_the_report_is() {
        let committed = include_str!("../../docs/report.schema.json");
        assert_current("docs/report.schema.json", committed, &super::schema());
    }
}
