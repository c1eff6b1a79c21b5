//! values.schema.json: what both of Helm's validators need of it (gojsonschema in Helm 3 before 3.18.5,
//! santhosh-tekuri/jsonschema since, and in Helm 4).

use serde_json::Value as Json;

use crate::rules::{SCHEMA_DRAFT, SCHEMA_GLOBAL, SCHEMA_INVALID, SCHEMA_REMOTE};
use crate::schema::KEYWORDS;
use crate::source::Origin;

use super::contents::Chart;
use super::re2;
use super::report::{Place, Report};
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
const NEWER: Verdict = Verdict::of(Answer::TAKES, Answer::REFUSES);

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
enum Draft {
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
                name.escape_debug()
            );
            let help = "write `\"$schema\": \"http://json-schema.org/draft-07/schema#\"`";
            report.fault(&SCHEMA_INVALID, Place::File(path), NEWER, what, help);
            Draft::Unknown
        }
    }
}

const TYPES: [&str; 7] = ["null", "boolean", "object", "array", "number", "string", "integer"];

/// Keywords that only drafts from 2019-09 on have; gojsonschema passes over them.
const NEW: [&str; 8] = [
    "unevaluatedProperties",
    "unevaluatedItems",
    "dependentRequired",
    "dependentSchemas",
    "prefixItems",
    "minContains",
    "maxContains",
    "$dynamicRef",
];

/// Looks at every schema in a schema. serde_json's limit of depth is this one's, too.
struct Walk<'r> {
    root: &'r Json,
    path: &'r str,
    draft: Draft,
    report: &'r mut Report,
    /// Whether the schema has an id, to which references are relative.
    based: bool,
    sound: bool,
    checkable: bool,
    /// The first keyword that is new, or `format`, and where.
    newer: Option<(String, String)>,
}

impl Walk<'_> {
    /// `at` is the way to the schema as a JSON pointer; `apart` whether only newer drafts look there.
    fn schema(&mut self, schema: &Json, at: &mut String, apart: bool) {
        let Json::Object(map) = schema else {
            if !matches!(schema, Json::Bool(_)) {
                self.refuse(at, apart, "a schema is an object, `true` or `false`", "write `{}`");
            }
            return;
        };
        for (keyword, value) in map {
            let length = at.len();
            at.push('/');
            at.push_str(&keyword.replace('~', "~0").replace('/', "~1"));
            self.keyword(keyword, value, at, apart);
            at.truncate(length);
        }
    }

    fn keyword(&mut self, keyword: &str, value: &Json, at: &mut String, apart: bool) {
        self.checkable &= KEYWORDS.contains(&keyword) || keyword.starts_with("x-");
        match keyword {
            "properties" | "patternProperties" | "definitions" | "$defs" | "dependentSchemas" => {
                let Json::Object(map) = value else { return self.wrong(at, apart, "an object") };
                for (name, schema) in map {
                    if keyword == "patternProperties" {
                        self.pattern(name, at, apart);
                    }
                    let length = at.len();
                    at.push('/');
                    at.push_str(&name.replace('~', "~0").replace('/', "~1"));
                    self.schema(schema, at, apart || keyword == "$defs");
                    at.truncate(length);
                }
            }
            "items" if value.is_array() => {
                if matches!(self.draft, Draft::None | Draft::Newer) && !apart {
                    let what =
                        format!("`{}` is a list, which this draft calls `prefixItems`", shown(at));
                    let help = "name draft-07 in `$schema`, or write one schema for all items";
                    self.invalid(NEWER, &what, help);
                }
                self.schemas(value, at, apart);
                self.checkable = false;
            }
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
                if value.as_array().is_some_and(|list| !list.is_empty()) {
                    self.schemas(value, at, apart);
                } else {
                    self.wrong(at, apart, "a list of schemas");
                }
            }
            "items"
            | "additionalProperties"
            | "additionalItems"
            | "propertyNames"
            | "contains"
            | "not"
            | "if"
            | "then"
            | "else"
            | "unevaluatedProperties"
            | "unevaluatedItems" => {
                self.schema(value, at, apart);
            }
            "type" => self.types(value, at, apart),
            "pattern" => match value.as_str() {
                Some(pattern) => self.pattern(pattern, at, apart),
                None => self.wrong(at, apart, "a string"),
            },
            "required" => self.required(value, at, apart),
            "title" | "description" | "format" if !value.is_string() => {
                self.wrong(at, apart, "a string")
            }
            "minimum" | "maximum" if !value.is_number() => self.wrong(at, apart, "a number"),
            "exclusiveMinimum" | "exclusiveMaximum" => self.exclusive(value, at, apart),
            "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties"
            | "maxProperties"
                if value.as_u64().is_none()
                    && value.as_f64().is_none_or(|f| f < 0.0 || f.fract() != 0.0) =>
            {
                self.wrong(at, apart, "a whole number");
            }
            "enum" if !value.is_array() => self.wrong(at, apart, "a list"),
            "$ref" => self.reference(value, at, apart),
            _ => {}
        }
        if NEW.contains(&keyword) || keyword == "format" && value.is_string() {
            self.newer.get_or_insert_with(|| (keyword.to_owned(), shown(at)));
        }
    }

    fn schemas(&mut self, list: &Json, at: &mut String, apart: bool) {
        for (index, schema) in list.as_array().into_iter().flatten().enumerate() {
            let length = at.len();
            at.push_str(&format!("/{index}"));
            self.schema(schema, at, apart);
            at.truncate(length);
        }
    }

    fn types(&mut self, value: &Json, at: &str, apart: bool) {
        let names: Vec<&Json> = match value {
            Json::Array(names) if !names.is_empty() => names.iter().collect(),
            Json::Array(_) => return self.wrong(at, apart, "at least one type"),
            name => vec![name],
        };
        for name in names {
            if !name.as_str().is_some_and(|name| TYPES.contains(&name)) {
                let near =
                    name.as_str().and_then(|name| crate::suggest::nearest(name, TYPES.into_iter()));
                let help = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the types are `{}`", TYPES.join("`, `")),
                };
                let what = format!(
                    "`{}` is `{}`, which is no type",
                    shown(at),
                    name.to_string().escape_debug()
                );
                self.refuse_with(apart, &what, &help);
            }
        }
    }

    fn required(&mut self, value: &Json, at: &str, apart: bool) {
        let Some(names) = value.as_array() else { return self.wrong(at, apart, "a list of keys") };
        let mut seen = std::collections::HashSet::new();
        for name in names {
            match name.as_str() {
                None => return self.wrong(at, apart, "a list of keys"),
                Some(name) if !seen.insert(name) => {
                    let what = format!("`{}` names `{}` twice", shown(at), name.escape_debug());
                    return self.refuse_with(apart, &what, "delete one of the two");
                }
                Some(_) => {}
            }
        }
    }

    fn exclusive(&mut self, value: &Json, at: &str, apart: bool) {
        match (value, self.draft) {
            (Json::Number(_), _) | (Json::Bool(_), Draft::Four | Draft::Unknown) => {}
            (Json::Bool(_), Draft::None | Draft::Newer) => {
                let what = format!("`{}` is a boolean, as only draft-04 has it", shown(at));
                self.invalid(NEWER, &what, "write the bound itself, a number");
                self.checkable = false;
            }
            _ => self.wrong(at, apart, "a number"),
        }
    }

    fn pattern(&mut self, pattern: &str, at: &str, apart: bool) {
        if let Some((why, help)) = re2::refused(pattern) {
            let what = format!("the pattern `{}` at `{}` {why}", pattern.escape_debug(), shown(at));
            self.refuse_with(apart, &what, help);
        }
    }

    fn reference(&mut self, value: &Json, at: &str, apart: bool) {
        let Some(target) = value.as_str() else { return self.wrong(at, apart, "a string") };
        let target_shown = target.escape_debug();
        if let Some(pointer) = target.strip_prefix('#') {
            let known = pointer.is_empty()
                || !pointer.starts_with('/')
                || self.root.pointer(&decoded(pointer)).is_some();
            if !known && !self.based {
                let what = format!("`{}` leads to `{target_shown}`, which is not there", shown(at));
                self.refuse_with(apart, &what, "write the definition, or mend the reference");
            }
            let local =
                pointer.strip_prefix("/definitions/").is_some_and(|name| !name.contains('/'));
            self.checkable &= known && local;
            return;
        }
        self.checkable = false;
        if self.based {
            return;
        }
        if target.starts_with("http://") || target.starts_with("https://") {
            let what = format!(
                "`{target_shown}` at `{}` is fetched at every install, and without a network the install fails",
                shown(at)
            );
            let help = "copy what is referred to into `definitions`";
            self.report.fault(&SCHEMA_REMOTE, Place::File(self.path), Verdict::TAKEN, what, help);
        } else if target.starts_with("file:") {
            let what = format!(
                "`{target_shown}` at `{}` is read from the disk of whoever installs the chart",
                shown(at)
            );
            let help = "copy what is referred to into `definitions`";
            self.report.fault(&SCHEMA_REMOTE, Place::File(self.path), Verdict::TAKEN, what, help);
        } else if target.starts_with("urn:") {
            let what = format!(
                "`{target_shown}` at `{}` cannot be found, and Helm 4 lets anything pass there",
                shown(at)
            );
            let verdict = Verdict::of(Answer::REFUSES, Answer::TAKES);
            self.invalid(verdict, &what, "copy what is referred to into `definitions`");
        } else {
            let what =
                format!("`{target_shown}` at `{}` is a file that Helm does not find", shown(at));
            self.refuse_with(apart, &what, "copy what is referred to into `definitions`");
        }
    }

    fn wrong(&mut self, at: &str, apart: bool, wanted: &str) {
        self.refuse(at, apart, &format!("expected {wanted}"), &format!("write {wanted}"));
    }

    fn refuse(&mut self, at: &str, apart: bool, what: &str, help: &str) {
        let at = if at.is_empty() { "/".to_owned() } else { shown(at) };
        self.refuse_with(apart, &format!("`{at}`: {what}"), help);
    }

    fn refuse_with(&mut self, apart: bool, what: &str, help: &str) {
        self.invalid(if apart { NEWER } else { Verdict::REFUSED }, what, help);
    }

    fn invalid(&mut self, verdict: Verdict, what: &str, help: &str) {
        self.sound = false;
        self.report.fault(&SCHEMA_INVALID, Place::File(self.path), verdict, what, help);
    }
}

/// A way in a schema, fit to be shown.
fn shown(at: &str) -> String {
    at.escape_debug().to_string()
}

/// A pointer out of a reference, where `%25` stands for `%`.
fn decoded(pointer: &str) -> String {
    let mut bytes = Vec::with_capacity(pointer.len());
    let mut rest = pointer.as_bytes();
    while let [first, after @ ..] = rest {
        let code = (*first == b'%').then(|| after.get(..2)).flatten();
        let code = code.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        match code {
            Some(code) => {
                bytes.push(code);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
