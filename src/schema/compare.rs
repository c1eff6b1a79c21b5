//! Equality, order and kind of values as JSON Schema sees them: `1` and `1.0` are one number.

use std::cmp::Ordering;

use serde_json::Value as Json;

use crate::node::{Node, Value};

/// Whether a value is of one of the types that `type` names, which is a name or a list of names.
pub fn is_of_type(value: &Value, types: &Json) -> bool {
    match types {
        Json::String(name) => is_of(value, name),
        Json::Array(names) => names.iter().filter_map(Json::as_str).any(|name| is_of(value, name)),
        _ => true,
    }
}

fn is_of(value: &Value, name: &str) -> bool {
    match value {
        Value::Null => name == "null",
        Value::Bool(_) => name == "boolean",
        Value::Int(_) => matches!(name, "integer" | "number"),
        // Whole numbers beyond 64 bits are integers to both of Helm's validators.
        Value::Float(number) => name == "number" || name == "integer" && number.fract() == 0.0,
        Value::String(_) => name == "string",
        Value::List(_) => name == "array",
        Value::Map(_) => name == "object",
    }
}

/// Whether a value equals one of the schema.
pub fn equals(node: &Node, json: &Json) -> bool {
    match (&node.value, json) {
        (Value::Null, Json::Null) => true,
        (Value::Bool(a), Json::Bool(b)) => a == b,
        (Value::String(a), Json::String(b)) => a == b,
        (Value::Int(_) | Value::Float(_), Json::Number(_)) => {
            order(&node.value, json) == Some(Ordering::Equal)
        }
        (Value::List(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equals(a, b))
        }
        (Value::Map(a), Json::Object(b)) => {
            a.len() == b.len()
                && a.iter().all(|(key, a)| b.get(key.as_str()).is_some_and(|b| equals(&a.node, b)))
        }
        _ => false,
    }
}

/// How a number compares with a bound; `None` for what is no number.
pub fn order(value: &Value, bound: &Json) -> Option<Ordering> {
    match (value, bound.as_i64()) {
        (Value::Int(number), Some(bound)) => Some(number.cmp(&bound)),
        (Value::Int(number), None) => (*number as f64).partial_cmp(&bound.as_f64()?),
        (Value::Float(number), _) => number.partial_cmp(&bound.as_f64()?),
        _ => None,
    }
}

/// A text that is the same for equal values and different for others.
pub fn fingerprint(node: &Node) -> String {
    fn write(node: &Node, out: &mut String) {
        match &node.value {
            Value::Map(map) => {
                let mut entries: Vec<_> = map.iter().collect();
                entries.sort_unstable_by_key(|(key, _)| key.as_str());
                out.push('{');
                for (key, entry) in entries {
                    out.push_str(&Json::from(key.as_str()).to_string());
                    write(&entry.node, out);
                }
                out.push('}');
            }
            Value::List(items) => {
                out.push('[');
                for item in items {
                    write(item, out);
                    out.push(',');
                }
                out.push(']');
            }
            _ => out.push_str(&node.to_json().to_string()),
        }
    }
    let mut out = String::new();
    write(node, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use serde_json::json;

    use super::{equals, fingerprint, is_of_type, order};
    use crate::node::{Node, Value};

    #[test]
    fn numbers_are_equal_across_their_spellings() {
        assert!(equals(&Node::from_json(&json!(1)), &json!(1.0)));
        assert!(equals(&Node::from_json(&json!([1.0, {"a": 2}])), &json!([1, {"a": 2.0}])));
        assert!(!equals(&Node::from_json(&json!("1")), &json!(1)));
        assert!(!equals(&Node::from_json(&json!({"a": 1, "b": 2})), &json!({"a": 1})));
    }

    #[test]
    fn whole_numbers_of_any_size_are_integers() {
        assert!(is_of_type(&Value::Float(1e20), &json!("integer")));
        assert!(!is_of_type(&Value::Float(1.5), &json!(["integer", "string"])));
        assert!(is_of_type(&Value::Int(1), &json!("number")));
    }

    #[test]
    fn bounds_of_any_size_are_compared() {
        assert_eq!(order(&Value::Int(i64::MAX), &json!(u64::MAX)), Some(Ordering::Less));
        assert_eq!(order(&Value::Float(1e20), &json!(5)), Some(Ordering::Greater));
        assert_eq!(order(&Value::String("5".into()), &json!(5)), None);
    }

    #[test]
    fn equal_values_have_one_fingerprint() {
        let print = |json| fingerprint(&Node::from_json(&json));
        assert_eq!(print(json!({"a": 1, "b": [2.0]})), print(json!({"b": [2], "a": 1.0})));
        assert_ne!(print(json!(["a", "b"])), print(json!(["a,b"])));
        assert_ne!(print(json!({"a": "b"})), print(json!({"a\"": "b"})));
    }
}
