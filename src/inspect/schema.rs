//! values.schema.json: what both of Helm's validators need of it (gojsonschema in Helm 3 before 3.18.5,
//! santhosh-tekuri/jsonschema since, and in Helm 4).

use serde_json::Value as Json;

use crate::rules::{SCHEMA_DRAFT, SCHEMA_GLOBAL, SCHEMA_INVALID};
use crate::source::Origin;

use super::contents::Chart;
use super::report::{Place, Report, shown};
use super::schema_walk::Walk;
use super::verdict::{Answer, Verdict};

/// A schema that can be used.
pub struct Schema {
    json: Json,
    /// Whether it uses nothing that the check does not know.
    checkable: bool,
}

impl Schema {
    /// The schema.
    pub fn json(&self) -> &Json {
        &self.json
    }

    /// Whether the values can be checked against it.
    pub fn is_checkable(&self) -> bool {
        self.checkable
    }

    /// Whether it lets no such key stand at the top.
    pub fn refuses_key(&self, key: &str) -> bool {
        let patterns = self.json.get("patternProperties").is_some();
        let known = self.json.get("properties").is_some_and(|p| p.get(key).is_some());
        self.json.get("additionalProperties") == Some(&Json::Bool(false)) && !known && !patterns
    }
}

/// Only Helm 4, and Helm 3 since 3.18.5, refuse it.
pub const NEWER: Verdict = Verdict::of(Answer::TAKES, Answer::REFUSES);

/// Reads a chart's schema and reports what is wrong with it.
pub fn read(chart: &Chart<'_>, report: &mut Report) -> Option<Schema> {
    let path = chart.path("values.schema.json");
    let bytes = chart.get("values.schema.json")?;
    let json = parse(bytes, &path, report)?;
    if !matches!(json, Json::Object(_) | Json::Bool(_)) {
        let what = "a schema is a JSON object, and this is something else";
        let help = "write `{\"$schema\": \"http://json-schema.org/draft-07/schema#\", …}`";
        report.fault(&SCHEMA_INVALID, Place::File(&path), Verdict::REFUSED, what, help);
        return None;
    }
    let draft = draft(&json, &path, report);
    let mut walk = Walk {
        root: &json,
        path: &path,
        draft,
        report,
        based: json.get("$id").or(json.get("id")).is_some(),
        sound: true,
        checkable: true,
        newer: None,
    };
    walk.schema(&json, &mut String::new(), false);
    let Walk { sound, checkable, newer, .. } = walk;
    if let Some((keyword, at)) = newer.filter(|_| matches!(draft, Draft::Newer | Draft::None)) {
        let what = format!(
            "`{keyword}` at `{at}` means something else to Helm 3 before 3.18.5 than to later ones under this draft"
        );
        let help = "write `\"$schema\": \"http://json-schema.org/draft-07/schema#\"` and keep to draft-07, which every Helm reads alike";
        report.fault(&SCHEMA_DRAFT, Place::File(&path), Verdict::TAKEN, what, help);
    }
    let schema = Schema { json, checkable: sound && checkable };
    if schema.refuses_key("global") && sound {
        let what = "the schema refuses the key `global`: `--set global.x=…` fails, and so does the chart as a dependency of another one";
        let help = "add `\"global\": {\"type\": \"object\"}` to `properties`";
        report.fault(&SCHEMA_GLOBAL, Place::File(&path), Verdict::TAKEN, what, help);
    }
    sound.then_some(schema)
}

fn parse(bytes: &[u8], path: &str, report: &mut Report) -> Option<Json> {
    let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<Json>();
    let first = values.next();
    let (error, verdict) = match (first, values.next()) {
        (Some(Ok(json)), None) => return Some(json),
        (Some(Ok(_)), Some(_)) => (None, NEWER),
        (Some(Err(error)), _) => (Some(error), Verdict::REFUSED),
        (None, _) => (None, Verdict::REFUSED),
    };
    let source = report.add_source(path, String::from_utf8_lossy(bytes).into_owned());
    let (what, place) = match &error {
        // Helm reads ten thousand levels, and nobody writes a hundred.
        Some(error) if error.to_string().starts_with("recursion limit") => {
            let what = "the schema is nested too deep to be looked at";
            report.fault(
                &SCHEMA_DRAFT,
                Place::File(path),
                Verdict::TAKEN,
                what,
                "use `$ref` and `definitions`",
            );
            return None;
        }
        Some(error) => {
            let place = Origin {
                source,
                line: error.line().try_into().unwrap_or(u32::MAX).max(1),
                column: error.column().try_into().unwrap_or(u32::MAX).max(1),
            };
            let text = error.to_string();
            let text = text.split(" at line ").next().unwrap_or_default();
            (format!("no JSON: {text}"), Place::At(place))
        }
        None if verdict == NEWER => {
            ("something follows the end of the schema".to_owned(), Place::File(path))
        }
        None => ("the schema is empty".to_owned(), Place::File(path)),
    };
    let help = "mend the JSON, or delete the file: a chart needs no schema";
    report.fault(&SCHEMA_INVALID, place, verdict, what, help);
    None
}

/// The draft that a schema is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Draft {
    /// None is named: a mixture to Helm 3 before 3.18.5, and 2020-12 to later ones.
    None,
    /// Draft-04.
    Four,
    /// Draft-06 or draft-07.
    Seven,
    /// 2019-09 or 2020-12, which Helm 3 before 3.18.5 does not know.
    Newer,
    /// An unknown one.
    Unknown,
}

fn draft(json: &Json, path: &str, report: &mut Report) -> Draft {
    let Some(name) = json.get("$schema").and_then(Json::as_str) else { return Draft::None };
    let bare = name.trim_end_matches('#');
    let bare = bare.strip_prefix("https://").or_else(|| bare.strip_prefix("http://"));
    match bare.unwrap_or_default() {
        "json-schema.org/draft-04/schema" => Draft::Four,
        "json-schema.org/draft-06/schema" | "json-schema.org/draft-07/schema" => Draft::Seven,
        "json-schema.org/draft/2019-09/schema" | "json-schema.org/draft/2020-12/schema" => {
            Draft::Newer
        }
        _ => {
            let what = format!(
                "`$schema` names `{}`, which Helm 4 does not know and tries to fetch",
                shown(name)
            );
            let help = "write `\"$schema\": \"http://json-schema.org/draft-07/schema#\"`";
            report.fault(&SCHEMA_INVALID, Place::File(path), NEWER, what, help);
            Draft::Unknown
        }
    }
}
