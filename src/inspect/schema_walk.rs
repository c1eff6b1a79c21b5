//! Looks at every schema in a values.schema.json for what Helm's validators refuse.

use std::collections::HashSet;

use serde_json::Value as Json;

use crate::rules::SCHEMA_INVALID;
use crate::schema::KEYWORDS;
use crate::suggest::nearest;

use super::re2;
use super::report::{Place, Report, shown};
use super::schema::{Draft, NEWER};
use super::verdict::Verdict;

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
pub struct Walk<'r> {
    /// The whole schema.
    pub root: &'r Json,
    /// What the schema is called.
    pub path: &'r str,
    /// The draft that it is written in.
    pub draft: Draft,
    /// Takes what is found.
    pub report: &'r mut Report,
    /// Whether the schema has an id, to which references are relative.
    pub based: bool,
    /// Whether Helm can use it.
    pub sound: bool,
    /// Whether the check knows all of its keywords.
    pub checkable: bool,
    /// The first keyword that is new, or `format`, and where.
    pub newer: Option<(String, String)>,
}

impl Walk<'_> {
    /// `at` is the way to the schema as a JSON pointer; `apart` whether only newer drafts look there.
    pub fn schema(&mut self, schema: &Json, at: &mut String, apart: bool) {
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
                let near = name.as_str().and_then(|name| nearest(name, TYPES.into_iter()));
                let help = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the types are `{}`", TYPES.join("`, `")),
                };
                let what =
                    format!("`{}` is `{}`, which is no type", shown(at), shown(&name.to_string()));
                self.refuse_with(apart, &what, &help);
            }
        }
    }

    fn required(&mut self, value: &Json, at: &str, apart: bool) {
        let Some(names) = value.as_array() else { return self.wrong(at, apart, "a list of keys") };
        let mut seen = HashSet::new();
        for name in names {
            match name.as_str() {
                None => return self.wrong(at, apart, "a list of keys"),
                Some(name) if !seen.insert(name) => {
                    let what = format!("`{}` names `{}` twice", shown(at), shown(name));
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
            let what = format!("the pattern `{}` at `{}` {why}", shown(pattern), shown(at));
            self.refuse_with(apart, &what, help);
        }
    }

    /// Reports a keyword of the wrong type.
    pub(super) fn wrong(&mut self, at: &str, apart: bool, wanted: &str) {
        self.refuse(at, apart, &format!("expected {wanted}"), &format!("write {wanted}"));
    }

    fn refuse(&mut self, at: &str, apart: bool, what: &str, help: &str) {
        let at = if at.is_empty() { "/".to_owned() } else { shown(at) };
        self.refuse_with(apart, &format!("`{at}`: {what}"), help);
    }

    /// Reports what both validators refuse, or the newer one only where only it looks.
    pub(super) fn refuse_with(&mut self, apart: bool, what: &str, help: &str) {
        self.invalid(if apart { NEWER } else { Verdict::REFUSED }, what, help);
    }

    /// Reports what makes the schema useless.
    pub(super) fn invalid(&mut self, verdict: Verdict, what: &str, help: &str) {
        self.sound = false;
        self.report.fault(&SCHEMA_INVALID, Place::File(self.path), verdict, what, help);
    }
}
