//! The manifest stage: values are known, and every construct prints its result.

use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map as JsonMap, Value as Json};
use tera::{Error, EscapeFn, Map, TeraResult, Value};

use super::{Condition, Stage};
use crate::values::image::reference;
use crate::yaml::write::{self, Order};

/// The manifest stage. Its context is the typed values.
pub struct Concrete;

/// The key of a map that stands for a missing value. A map, because no scalar that a user writes can be one.
const MISSING: &str = "\u{E0F0}";
/// Around the message of a missing value in the output. The YAML writer escapes private-use characters, so only
/// [`Concrete`] can have printed them.
const MISSING_OPEN: char = '\u{E0F0}';
const MISSING_CLOSE: char = '\u{E0F1}';
/// The key of the map that stands for the element of an `each`, and what marks its place in the body.
const ITEM: &str = "\u{E0F2}";

/// A label value's limit: [Kubernetes, Labels and Selectors](https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/).
const LABEL_MAX: usize = 63;

impl Concrete {
    /// What templates call `item` inside an `each`.
    pub fn item() -> Value {
        Value::from(Map::from_iter([(ITEM.into(), Value::from(true))]))
    }

    /// Whether a condition holds.
    pub fn holds(condition: &Condition) -> bool {
        let holds = condition.any.iter().any(|value| match &condition.is {
            None => value.is_truthy(),
            Some(options) => options.contains(value),
        });
        holds != condition.negated
    }
}

/// The `(key, message)` of every required value that was empty and whose place was printed.
///
/// `required` cannot fail where it stands: the body of a `when` is rendered before its condition is known.
pub fn take_missing(output: &str) -> Vec<(String, String)> {
    output
        .split(MISSING_OPEN)
        .skip(1)
        .filter_map(|rest| rest.split_once(MISSING_CLOSE))
        .filter_map(|(message, _)| message.split_once(": "))
        .map(|(key, message)| (key.to_owned(), message.to_owned()))
        .collect()
}

fn print(text: &str, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(text.as_bytes())
}

/// The one entry of a map that stands for something else.
fn stand_in<'a>(value: &'a Value, key: &'static str) -> Option<&'a Value> {
    value.as_map().filter(|map| map.len() == 1).and_then(|map| map.get(&key.into()))
}

fn missing(value: &Value) -> Option<&str> {
    stand_in(value, MISSING).and_then(Value::as_str)
}

/// A scalar's text, as Go's `toString` has it.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn json(value: &Value) -> TeraResult<Json> {
    serde_json::to_value(value).map_err(Error::message)
}

/// Applies a function to a text, and leaves a missing value missing.
fn map_text(value: &Value, f: impl FnOnce(String) -> String) -> Value {
    match missing(value) {
        Some(_) => value.clone(),
        None => Value::normal_string(&f(text(value))),
    }
}

impl Stage for Concrete {
    const PRINT: EscapeFn = print;

    fn quote(value: &Value) -> TeraResult<String> {
        if let Some(message) = missing(value) {
            return Ok(format!("{MISSING_OPEN}{message}{MISSING_CLOSE}"));
        }
        if stand_in(value, ITEM).is_some() {
            return Ok(ITEM.to_owned());
        }
        Ok(write::quoted(&text(value)))
    }

    fn scalar(value: &Value) -> TeraResult<String> {
        Ok(write::scalar(&json(value)?))
    }

    fn text(value: &Value) -> TeraResult<String> {
        Ok(text(value))
    }

    fn block(value: &Value, key: Option<&str>, indent: usize) -> TeraResult<String> {
        if !value.is_truthy() {
            return Ok(String::new());
        }
        let mut out = String::from("\n");
        let indent = match key {
            Some(key) => {
                out.push_str(&format!("{:indent$}{key}:\n", ""));
                indent + 2
            }
            None => indent,
        };
        write::block(&json(value)?, Order::Sorted, indent, &mut out);
        out.truncate(out.trim_end_matches('\n').len());
        Ok(out)
    }

    fn documents(value: &Value) -> TeraResult<String> {
        let mut out = String::new();
        for document in value.as_array().unwrap_or_default() {
            out.push_str("\n---\n");
            write::block(&json(document)?, Order::Sorted, 0, &mut out);
        }
        Ok(out)
    }

    fn when(condition: &Condition, body: &str) -> TeraResult<String> {
        Ok(if Self::holds(condition) { body.to_owned() } else { String::new() })
    }

    fn each(list: &Value, body: &str) -> TeraResult<String> {
        let elements = list.as_array().unwrap_or_default();
        elements.iter().map(|element| Ok(body.replace(ITEM, &Self::quote(element)?))).collect()
    }

    fn required(value: &Value, key: &str, message: &str) -> TeraResult<Value> {
        if value.is_truthy() {
            return Ok(value.clone());
        }
        let message = Value::normal_string(&format!("{key}: {message}"));
        Ok(Value::from(Map::from_iter([(MISSING.into(), message)])))
    }

    fn or_else(value: &Value, with: &Value) -> TeraResult<Value> {
        Ok(if value.is_truthy() { value.clone() } else { with.clone() })
    }

    fn b64enc(value: &Value) -> TeraResult<Value> {
        Ok(map_text(value, |text| STANDARD.encode(text)))
    }

    fn label(value: &Value) -> TeraResult<Value> {
        // Sprig's `trunc` counts bytes; whoever prints a label from text beyond ASCII has other problems than its length.
        Ok(map_text(value, |text| {
            let cut: String = text.chars().take(LABEL_MAX).collect();
            cut.trim_matches(['-', '_', '.']).to_owned()
        }))
    }

    fn join_path(value: &Value, with: &Value) -> TeraResult<Value> {
        Ok(map_text(value, |folder| {
            format!("{}/{}", folder.strip_suffix('/').unwrap_or(&folder), text(with))
        }))
    }

    fn image(value: &Value, registry: &Value) -> TeraResult<Value> {
        let part = |key: &str| value.get_from_path(key).map(text).unwrap_or_default();
        let registry = if registry.is_truthy() { text(registry) } else { part("registry") };
        let reference = reference(&registry, &part("repository"), &part("tag"), &part("digest"));
        Ok(Value::normal_string(&reference))
    }

    fn merge(of: &[Value]) -> TeraResult<Value> {
        let mut merged = JsonMap::new();
        for map in of {
            for (key, value) in map.as_map().into_iter().flatten() {
                // Sprig's merge takes an empty value for one that is not set (mergo).
                let entry =
                    merged.entry(key.to_string()).or_insert_with(|| Json::String(String::new()));
                if entry.as_str() == Some("") {
                    *entry = Json::String(text(value));
                }
            }
        }
        Value::try_from_serializable(&merged)
    }

    fn only(value: &Value, condition: &Condition) -> TeraResult<Value> {
        Ok(if Self::holds(condition) { value.clone() } else { Value::from(Map::new()) })
    }
}
