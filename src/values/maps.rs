//! The free-form parts of the values: maps whose keys the user chooses.
//!
//! Empty is their default, so that a null in a later values file can delete what an earlier one gave.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::values::format;

/// Labels that the chart writes itself: the selector's, and Kubernetes' recommended ones.
pub const RESERVED_LABELS: [&str; 7] = [
    "app",
    "app.kubernetes.io/name",
    "app.kubernetes.io/instance",
    "app.kubernetes.io/component",
    "app.kubernetes.io/version",
    "app.kubernetes.io/part-of",
    "app.kubernetes.io/managed-by",
];

/// Annotations that would change what Helm does with an object.
pub const RESERVED_ANNOTATIONS: [&str; 4] = [
    "helm.sh/resource-policy",
    "helm.sh/hook",
    "helm.sh/hook-weight",
    "helm.sh/hook-delete-policy",
];

/// Helm holds every number of a file as a 64-bit float; integers beyond 2^53 would change.
const EXACT: i64 = 1 << 53;

/// A piece of a Kubernetes object, passed on as it is. Nulls are refused at any depth.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct YamlMap(pub serde_json::Map<String, Value>);

/// Labels that are added to the chart's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Labels(pub BTreeMap<String, String>);

/// Labels that select nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NodeSelector(pub BTreeMap<String, String>);

/// Annotations that are added to the chart's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Annotations(pub BTreeMap<String, String>);

/// Amounts by resource: `cpu`, `memory`, `nvidia.com/gpu`, …
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Quantities(pub BTreeMap<String, Quantity>);

/// A Kubernetes quantity, which YAML may hold as a string or as a number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Quantity {
    /// `500m`
    Text(String),
    /// `1`
    Number(serde_json::Number),
}

/// A whole object that is added to the chart.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Object(pub YamlMap);

impl<const N: usize> From<[(&str, &str); N]> for Quantities {
    fn from(amounts: [(&str, &str); N]) -> Self {
        Self(amounts.map(|(name, amount)| (name.into(), Quantity::Text(amount.into()))).into())
    }
}

impl YamlMap {
    /// The map of a JSON object; anything else gives an empty one.
    pub(crate) fn of(value: Value) -> Self {
        match value {
            Value::Object(map) => Self(map),
            _ => Self::default(),
        }
    }
}

/// Writes `JsonSchema` for a map that is described in place.
macro_rules! inline_schema {
    ($type:ident, |$generator:ident| $schema:expr) => {
        impl JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }
            fn json_schema($generator: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    };
}

inline_schema!(YamlMap, |_generator| json_schema!({
    "type": "object", "additionalProperties": definition("yaml"), "propertyNames": definition("freeKey")
}));

inline_schema!(Labels, |_generator| json_schema!({
    "type": "object",
    "additionalProperties": definition("labelValue"),
    "propertyNames": definition("ownLabelKey")
}));

inline_schema!(NodeSelector, |_generator| json_schema!({
    "type": "object",
    "additionalProperties": definition("labelValue"),
    "propertyNames": definition("labelKey")
}));

inline_schema!(Annotations, |generator| json_schema!({
    "type": "object",
    "additionalProperties": format::text(generator),
    "propertyNames": definition("ownAnnotationKey")
}));

inline_schema!(Quantities, |_generator| json_schema!({
    "type": "object",
    "additionalProperties": definition("quantity"),
    "propertyNames": definition("resourceName")
}));

inline_schema!(Object, |generator| json_schema!({
    "type": "object",
    "required": ["apiVersion", "kind", "metadata"],
    "properties": {
        "apiVersion": format::api_version(generator),
        "kind": format::kind(generator),
        "metadata": {
            "type": "object",
            "required": ["name"],
            "properties": { "name": format::filled(generator) },
            "additionalProperties": definition("yaml")
        }
    },
    "additionalProperties": definition("yaml")
}));

fn definition(name: &str) -> Value {
    json!({ "$ref": format!("#/definitions/{name}") })
}

/// The schema's `definitions`: what the maps above are made of. `yaml` contains itself; the others
/// are used so often that repeating them would make the schema a third longer.
pub fn definitions() -> Value {
    json!({
        "yaml": {
            "title": "anything but null",
            "type": ["string", "number", "boolean", "object", "array"],
            "additionalProperties": definition("yaml"),
            "items": definition("yaml"),
            "propertyNames": definition("freeKey"),
            "allOf": [
                { "title": format::TEXT_TITLE, "pattern": format::TEXT },
                { "title": "a number from -2^53 to 2^53", "minimum": -EXACT, "maximum": EXACT }
            ]
        },
        // Helm 3 reads values as YAML again before it checks them: `<<` would merge, and no plain key is that long.
        "freeKey": {
            "title": "a key of up to 253 characters, without control characters",
            "pattern": format::TEXT,
            "maxLength": 253,
            "description": "`<<` is the sign for a merge in YAML, and Helm cannot hold it as a key",
            "not": { "const": "<<" }
        },
        "labelKey": key("a label key (`tier`, `example.com/tier`)", "a-z"),
        "ownLabelKey": except(
            key("a label key (`tier`, `example.com/tier`)", "a-z"),
            &RESERVED_LABELS,
            "the chart writes this label itself"
        ),
        "labelValue": {
            "title": "a label value (at most 63 letters, digits, `-`, `_` and `.`), or empty",
            "type": "string",
            "pattern": "^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$"
        },
        "ownAnnotationKey": except(
            key("an annotation key (`example.com/name`)", "a-zA-Z"),
            &RESERVED_ANNOTATIONS,
            "this annotation would change what Helm does with the object"
        ),
        "resourceName": key("a resource name (`cpu`, `memory`, `example.com/gpu`)", "a-z"),
        "quantity": {
            "title": "a quantity (`500m`, `2Gi`, `1.5`)",
            "type": ["string", "number"],
            "pattern": format::quantity_pattern(),
            "minimum": 0
        }
    })
}

/// A qualified name: a DNS name of up to 253 characters and a slash, which may both be missing, then
/// a name of up to 63. The DNS name's letters are given: Kubernetes takes capitals in annotations.
fn key(title: &str, letters: &str) -> Value {
    let label = format!("[{letters}0-9]([-{letters}0-9]*[{letters}0-9])?");
    let name = "[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?";
    json!({
        "title": title,
        "pattern": format!(r"^({label}(\.{label})*/)?{name}$"),
        "allOf": [{
            "title": "a key whose part before the slash has at most 253 characters",
            "pattern": "^([^/]{1,253}/)?[^/]+$"
        }]
    })
}

/// The same keys without some, and the reason why.
fn except(mut key: Value, reserved: &[&str], why: &str) -> Value {
    key["not"] = json!({ "enum": reserved });
    key["description"] = json!(why);
    key
}

#[cfg(test)]
mod tests {
    use regex_lite::Regex;
    use serde_json::Value;

    use super::key;

    fn accepts(key: &Value, text: &str) -> bool {
        [key, &key["allOf"][0]].iter().all(|schema| {
            let pattern = schema["pattern"].as_str().expect("a pattern");
            Regex::new(pattern).expect("a valid pattern").is_match(text)
        })
    }

    #[test]
    fn takes_qualified_names_for_keys() {
        let label = key("", "a-z");
        for good in ["tier", "example.com/tier", "a/B_c.d", "x", &"n".repeat(63)] {
            assert!(accepts(&label, good), "refused {good:?}");
        }
        let long_prefix = format!("{}/n", "p".repeat(254));
        for bad in
            ["", "a/", "/a", "a/b/c", "-a", "a-", "Ex.com/a", "a\n", &"n".repeat(64), &long_prefix]
        {
            assert!(!accepts(&label, bad), "accepted {bad:?}");
        }
        assert!(accepts(&label, &long_prefix[1..]));
        assert!(accepts(&key("", "a-zA-Z"), "Ex.com/a"));
    }
}
