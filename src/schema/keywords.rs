//! The part of JSON Schema draft-07 that this project uses, taken out of a schema in one pass.

use serde_json::{Map, Value as Json};

/// The keywords that the check knows; the values' own schema must use no others, since Helm would
/// then refuse what this program accepts.
///
/// `$ref` may only be `#/definitions/NAME`, and `format` says nothing about what is accepted (Helm's
/// two validators disagree on it).
pub const KEYWORDS: &[&str] = &[
    "$schema",
    "$id",
    "$ref",
    "$comment",
    "definitions",
    "title",
    "description",
    "default",
    "examples",
    "writeOnly",
    "format",
    "type",
    "enum",
    "const",
    "properties",
    "required",
    "additionalProperties",
    "propertyNames",
    "minProperties",
    "items",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
];

/// The keywords of one schema that decide or explain something.
///
/// A schema has five of them or so: one pass over those is much faster than looking up each of
/// thirty by name. Each field is the keyword that its name says.
#[derive(Default)]
pub struct Keywords<'a> {
    pub reference: Option<&'a str>,
    pub title: Option<&'a str>,
    pub description: Option<&'a str>,
    pub default: Option<&'a Json>,
    pub write_only: bool,
    pub types: Option<&'a Json>,
    pub choices: Option<&'a Vec<Json>>,
    pub constant: Option<&'a Json>,
    pub properties: Option<&'a Map<String, Json>>,
    pub required: Option<&'a Vec<Json>>,
    pub additional: Option<&'a Json>,
    pub names: Option<&'a Json>,
    pub min_properties: Option<u64>,
    pub items: Option<&'a Json>,
    pub min_items: Option<u64>,
    pub max_items: Option<u64>,
    pub unique: bool,
    pub min_length: Option<u64>,
    pub max_length: Option<u64>,
    pub pattern: Option<&'a str>,
    pub minimum: Option<&'a Json>,
    pub maximum: Option<&'a Json>,
    pub exclusive_minimum: Option<&'a Json>,
    pub all_of: Option<&'a Vec<Json>>,
    pub any_of: Option<&'a Vec<Json>>,
    pub one_of: Option<&'a Vec<Json>>,
    pub not: Option<&'a Json>,
    pub condition: Option<&'a Json>,
    pub then: Option<&'a Json>,
    pub otherwise: Option<&'a Json>,
}

impl<'a> Keywords<'a> {
    /// Takes the keywords out of a schema.
    pub fn of(schema: &'a Map<String, Json>) -> Self {
        let mut all = Self::default();
        for (keyword, value) in schema {
            match keyword.as_str() {
                "$ref" => all.reference = value.as_str(),
                "title" => all.title = value.as_str(),
                "description" => all.description = value.as_str(),
                "default" => all.default = Some(value),
                "writeOnly" => all.write_only = value == &Json::Bool(true),
                "type" => all.types = Some(value),
                "enum" => all.choices = value.as_array(),
                "const" => all.constant = Some(value),
                "properties" => all.properties = value.as_object(),
                "required" => all.required = value.as_array(),
                "additionalProperties" => all.additional = Some(value),
                "propertyNames" => all.names = Some(value),
                "minProperties" => all.min_properties = value.as_u64(),
                "items" => all.items = Some(value),
                "minItems" => all.min_items = value.as_u64(),
                "maxItems" => all.max_items = value.as_u64(),
                "uniqueItems" => all.unique = value == &Json::Bool(true),
                "minLength" => all.min_length = value.as_u64(),
                "maxLength" => all.max_length = value.as_u64(),
                "pattern" => all.pattern = value.as_str(),
                "minimum" => all.minimum = Some(value),
                "maximum" => all.maximum = Some(value),
                "exclusiveMinimum" => all.exclusive_minimum = Some(value),
                "allOf" => all.all_of = value.as_array(),
                "anyOf" => all.any_of = value.as_array(),
                "oneOf" => all.one_of = value.as_array(),
                "not" => all.not = Some(value),
                "if" => all.condition = Some(value),
                "then" => all.then = Some(value),
                "else" => all.otherwise = Some(value),
                _ => {}
            }
        }
        all
    }

    /// Whether the schema describes a value, so that its description is about that value; without
    /// these it only states a rule, and the description is the rule in words.
    pub fn describes_a_value(&self) -> bool {
        self.types.is_some()
            || self.properties.is_some()
            || self.items.is_some()
            || self.choices.is_some()
            || self.constant.is_some()
            || self.reference.is_some()
    }
}
