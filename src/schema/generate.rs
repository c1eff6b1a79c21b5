//! `values.schema.json`, made from the typed values: their doc comments, formats, rules and defaults.

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};
use serde_json::{Map, Value, json};

use crate::values::Values;
use crate::values::maps::definitions;

/// The schema of the values: draft-07, because Helm 3 and Helm 4 read that draft alike, and without
/// references to anything outside.
///
/// Every key has its `description`, and every key that holds no further keys its `default`. A string
/// with a `pattern` has a `title`, which is a phrase for messages. Rules that span several keys stand
/// in `allOf`, each with a `description` that is the message.
pub fn generate() -> Value {
    let mut schema = in_few_keywords(|settings| settings.inline_subschemas = true)
        .into_root_schema_for::<Values>()
        .to_value();
    schema["title"] = json!("Values of Forguncy on Kubernetes");
    schema["definitions"] = definitions();
    let defaults = serde_json::to_value(Values::default()).unwrap_or_default();
    insert_defaults(&mut schema, &defaults);
    schema
}

/// The schema as it is committed: a line for each thing that can change, indented by tabs, which keep it small.
pub fn text() -> String {
    let mut text = Vec::new();
    let mut writer = Serializer::with_formatter(&mut text, PrettyFormatter::with_indent(b"\t"));
    generate().serialize(&mut writer).expect("writing to memory cannot fail");
    text.push(b'\n');
    String::from_utf8(text).expect("JSON is UTF-8")
}

/// The schema of a document that this program writes (draft-07), as it is committed.
pub fn schema_of<T: JsonSchema>() -> String {
    let schema = SchemaSettings::draft07().into_generator().into_root_schema_for::<T>();
    serde_json::to_string_pretty(&schema).expect("a schema is JSON") + "\n"
}

/// The schema of a document that this program reads (draft-07), in the few keywords that the check knows.
pub fn schema_to_check<T: JsonSchema>() -> String {
    let schema = in_few_keywords(|_| ()).into_root_schema_for::<T>().to_value();
    serde_json::to_string_pretty(&schema).expect("a schema is JSON") + "\n"
}

/// A generator whose schemas hold no keywords but those that this project uses.
fn in_few_keywords(set: impl FnOnce(&mut SchemaSettings)) -> SchemaGenerator {
    let settings = SchemaSettings::draft07().with(|settings| {
        set(settings);
        // What the standard ones rewrite does not occur here, and each walk takes time.
        settings.transforms = vec![Box::new(RecursiveTransform(tidy))];
    });
    settings.into_generator()
}

/// Brings what `schemars` wrote into the few keywords that this project uses.
fn tidy(schema: &mut Schema) {
    // Draft-07 knows no number formats; `default` is inserted afterwards, for each place its own.
    let Some(schema) = schema.as_object_mut() else { return };
    schema.shift_remove("format");
    schema.shift_remove("default");
    describe_choices(schema);
    if let Some(Value::String(description)) = schema.get_mut("description") {
        *description = unwrap_lines(description);
    }
}

/// Turns the `oneOf` of an enum's documented variants into an `enum`, which makes far clearer messages
/// in Helm, and moves their descriptions into the list of choices that ends the key's own.
fn describe_choices(schema: &mut Map<String, Value>) {
    let Some(Value::Array(variants)) = schema.shift_remove("oneOf") else { return };
    let mut text = schema.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
    for (i, variant) in variants.iter().enumerate() {
        let name = match variant["const"].as_str().unwrap_or_default() {
            "" => "\"\"",
            name => name,
        };
        let meaning = variant["description"].as_str().unwrap_or_default();
        text += &format!("{}- `{name}`: {meaning}", if i == 0 { "\n\n" } else { "\n" });
    }
    let names: Vec<_> = variants.into_iter().map(|mut variant| variant["const"].take()).collect();
    schema.insert("type".into(), json!("string"));
    schema.insert("enum".into(), names.into());
    schema.insert("description".into(), text.into());
}

/// Joins the lines of each paragraph and of each list item.
fn unwrap_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines().map(str::trim) {
        let starts_anew = line.is_empty() || line.starts_with("- ") || out.ends_with('\n');
        if !out.is_empty() {
            out.push(if starts_anew { '\n' } else { ' ' });
        }
        out += line;
    }
    out
}

/// Gives every key that holds no further keys its built-in default.
fn insert_defaults(schema: &mut Value, defaults: &Value) {
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else {
        schema["default"] = defaults.clone();
        return;
    };
    for (key, property) in properties {
        insert_defaults(property, &defaults[key.as_str()]);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use regex_lite::Regex;
    use serde_json::Value;

    use super::{generate, unwrap_lines};

    /// Every keyword that the checker and both Helms are known to read alike.
    const KEYWORDS: [&str; 29] = [
        "$ref",
        "$schema",
        "additionalProperties",
        "allOf",
        "anyOf",
        "const",
        "default",
        "definitions",
        "description",
        "else",
        "enum",
        "if",
        "items",
        "maxLength",
        "maximum",
        "minItems",
        "minLength",
        "minimum",
        "not",
        "oneOf",
        "pattern",
        "properties",
        "propertyNames",
        "required",
        "then",
        "title",
        "type",
        "uniqueItems",
        "writeOnly",
    ];

    /// Calls `visit` with every schema in the schema.
    fn walk(schema: &Value, visit: &mut impl FnMut(&Value)) {
        visit(schema);
        for (keyword, value) in schema.as_object().into_iter().flatten() {
            match keyword.as_str() {
                "properties" | "definitions" => {
                    value.as_object().into_iter().flatten().for_each(|(_, s)| walk(s, visit));
                }
                "allOf" | "anyOf" | "oneOf" => {
                    value.as_array().into_iter().flatten().for_each(|s| walk(s, visit));
                }
                "items"
                | "additionalProperties"
                | "propertyNames"
                | "not"
                | "if"
                | "then"
                | "else" => {
                    walk(value, visit);
                }
                _ => {}
            }
        }
    }

    /// Calls `visit` with the path and schema of every key.
    fn each_key(schema: &Value, path: &str, visit: &mut impl FnMut(&str, &Value)) {
        for (key, property) in schema["properties"].as_object().into_iter().flatten() {
            let path = format!("{path}.{key}");
            visit(&path, property);
            each_key(property, &path, visit);
        }
    }

    #[test]
    fn uses_known_keywords_only() {
        let mut used = BTreeSet::new();
        walk(&generate(), &mut |schema| {
            used.extend(schema.as_object().into_iter().flatten().map(|(k, _)| k.clone()));
        });
        used.retain(|keyword| !KEYWORDS.contains(&keyword.as_str()));
        assert_eq!(used, BTreeSet::new());
    }

    #[test]
    fn refuses_unknown_keys_in_every_section() {
        let schema = generate();
        assert_eq!(schema["additionalProperties"], false);
        each_key(&schema, "", &mut |path, property| {
            if property.get("properties").is_some() {
                assert_eq!(property["additionalProperties"], false, "{path}");
            }
        });
    }

    #[test]
    fn requires_every_key_but_maps_and_lists() {
        fn check(path: &str, schema: &Value) {
            for (key, property) in schema["properties"].as_object().into_iter().flatten() {
                let free_form = property["type"] == "array"
                    || property["type"] == "object" && property.get("properties").is_none();
                let required = schema["required"].as_array().into_iter().flatten();
                assert_eq!(required.into_iter().any(|k| k == key), !free_form, "{path}.{key}");
            }
        }
        let schema = generate();
        check("", &schema);
        each_key(&schema, "", &mut check);
    }

    #[test]
    fn describes_every_key_and_gives_single_values_a_default() {
        each_key(&generate(), "", &mut |path, property| {
            let description = property["description"].as_str().unwrap_or_default();
            assert!(description.len() > 10, "{path}: {description:?}");
            let is_section = property.get("properties").is_some();
            assert_eq!(property.get("default").is_none_or(Value::is_null), is_section, "{path}");
        });
    }

    #[test]
    fn gives_every_pattern_a_phrase_and_an_anchored_portable_form() {
        walk(&generate(), &mut |schema| {
            let Some(pattern) = schema["pattern"].as_str() else { return };
            assert!(schema["title"].is_string(), "{pattern}");
            assert!(pattern.starts_with('^') && pattern.ends_with('$'), "{pattern}");
            for foreign in ["(?", "\\w", "\\d", "\\s", "\\p", "\\b", "\\A", "\\z"] {
                assert!(!pattern.contains(foreign), "{pattern}");
            }
            assert!(Regex::new(pattern).is_ok(), "{pattern}");
        });
    }

    #[test]
    fn gives_every_rule_a_message() {
        let schema = generate();
        let check = &mut |path: &str, property: &Value| {
            for rule in property["allOf"].as_array().into_iter().flatten() {
                assert!(rule["description"].is_string(), "{path}");
            }
        };
        check("", &schema);
        each_key(&schema, "", check);
    }

    #[test]
    fn lists_the_choices_of_an_enum_with_their_meaning() {
        let mode =
            &generate()["properties"]["forguncy"]["properties"]["scaling"]["properties"]["mode"];
        assert_eq!(mode["enum"], serde_json::json!(["manual", "fixed", "auto"]));
        assert!(mode.get("oneOf").is_none());
        let description = mode["description"].as_str().expect("a description");
        assert!(
            description.starts_with("Who decides on the number of pods.\n\n- `manual`: You, with")
        );
        assert!(description.contains("back.\n- `fixed`:"), "{description}");
    }

    #[test]
    fn joins_the_lines_of_paragraphs_and_list_items() {
        assert_eq!(unwrap_lines("a\nb\n\nc\n- d\n  e\n- f"), "a b\n\nc\n- d e\n- f");
    }
}
