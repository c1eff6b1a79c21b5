//! values.yaml: what Helm makes of it, and whether it fits values.schema.json.

use crate::finding::Finding;
use crate::merge::merge;
use crate::node::{Map, Node, Value};
use crate::rules::{SCHEMA_MISMATCH, VALUES_DOCUMENT, VALUES_MEANING};
use crate::schema::check::{self, Past};

use super::contents::Chart;
use super::report::{Place, Report, shown};
use super::schema::Schema;
use super::verdict::{Answer, Verdict};
use super::yaml::{self, Kind, Text};

/// Checks the values of a chart. `charts` are the keys that the charts in it take.
pub fn check_values(
    chart: &Chart<'_>,
    schema: Option<&Schema>,
    charts: &[String],
    report: &mut Report,
) {
    let path = chart.path("values.yaml");
    let bytes = chart.get("values.yaml").unwrap_or_default();
    let only_four = Verdict::of(Answer::TAKES, Answer::REFUSES);
    let kind = Kind {
        invalid: &VALUES_DOCUMENT,
        odd: &VALUES_MEANING,
        refused: Verdict::REFUSED,
        later: only_four,
    };
    let Text { documents, clean } = yaml::read(&path, bytes, kind, report);
    for (at, node) in documents.iter().enumerate() {
        let place = node.origin.map_or(Place::File(&path), Place::At);
        if at == 1 && node.origin.is_some() {
            let what = "a second document: Helm 3 reads the first one only, Helm 4 all of them";
            report.fault(
                &VALUES_MEANING,
                place,
                Verdict::TAKEN,
                what,
                "join the documents into one",
            );
        }
        if !matches!(node.value, Value::Map(_) | Value::Null) {
            let verdict = if at == 0 { Verdict::REFUSED } else { only_four };
            let what = format!("expected a map, found {}", node.value.kind());
            report.fault(&VALUES_DOCUMENT, place, verdict, what, "write `key: value`");
        }
    }
    if !clean {
        return;
    }
    if let Some(key) = documents.first().and_then(|node| first_null(node, "")) {
        let place = key.1.origin.map_or(Place::File(&path), Place::At);
        let what = format!(
            "the default of `{}` is null: templates get a null from Helm up to 4.1, and nothing from 4.2 on",
            shown(&key.0)
        );
        report.fault(
            &VALUES_MEANING,
            place,
            Verdict::TAKEN,
            what,
            "leave the key out, or give it a value",
        );
    }
    if let Some(schema) = schema {
        compare(documents, schema, charts, &path, report);
    }
}

/// The first key that holds null, with its path.
fn first_null<'n>(node: &'n Node, path: &str) -> Option<(String, &'n Node)> {
    let map = node.as_map()?;
    map.iter().find_map(|(key, entry)| {
        let path = if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
        match entry.node.value {
            Value::Null => Some((path, &entry.node)),
            _ => first_null(&entry.node, &path),
        }
    })
}

/// Checks the values against the schema, as far as the schema uses what can be checked.
fn compare(
    documents: Vec<Node>,
    schema: &Schema,
    charts: &[String],
    path: &str,
    report: &mut Report,
) {
    let mut documents = documents.into_iter().map(|node| match node.value {
        Value::Map(_) => node,
        _ => Node::new(Value::Map(Map::new()), None),
    });
    let first = documents.next().unwrap_or_else(|| Node::new(Value::Map(Map::new()), None));
    let mut deleted = Vec::new();
    let all = documents.fold(first.clone(), |all, next| merge(all, next, &mut deleted));
    for key in charts.iter().filter(|key| schema.refuses_key(key)) {
        let what = format!(
            "the schema refuses the key `{}`, below which Helm puts the values of the chart in charts/",
            shown(key)
        );
        let help = "add it to the schema's `properties`, as `{\"type\": \"object\"}`";
        report.fault(&SCHEMA_MISMATCH, Place::File(path), Verdict::REFUSED, what, help);
    }
    if !schema.is_checkable() {
        return;
    }
    let four = Answer { lints: false, installs: check::fits(&all, schema.json()) };
    let past = Past { sources: &report.sources, deleted: &[], complete: true };
    for mut problem in check::check(&first, schema.json(), &past) {
        let verdict = Verdict::of(Answer::REFUSES, four);
        // The check speaks of values laid over defaults; here are defaults only.
        let message = match problem.message.as_str() {
            "has no value: null deleted its default" => {
                problem.help = Some("give it a value, or do not require it".to_owned());
                "has no value, and the schema requires one"
            }
            "null deletes a default, and there is none here" => {
                problem.help = Some("give it a value, or leave it out".to_owned());
                "null, which the schema does not allow"
            }
            message => message,
        };
        problem.message = format!("{message}; {}", verdict.words());
        report.push(verdict, Finding { problem, ..Finding::new(&SCHEMA_MISMATCH, "") });
    }
    if check::fits(&first, schema.json()) && !four.installs {
        let verdict = Verdict::of(Answer::TAKES, Answer::INSTALL);
        let what = "the further documents, which only Helm 4 reads, do not fit values.schema.json";
        report.fault(
            &SCHEMA_MISMATCH,
            Place::File(path),
            verdict,
            what,
            "join the documents into one",
        );
    }
}
