//! Tells by a value's shape which key it may have been meant for.

use serde_json::{Map, Value as Json};

use crate::node::{Node, Value};

use super::compare::is_of_type;

/// The schema that a reference stands for, or the schema itself.
pub(super) fn resolved<'s>(
    schema: &'s Json,
    root: &'s Map<String, Json>,
) -> Option<&'s Map<String, Json>> {
    let schema = schema.as_object()?;
    match schema.get("$ref").and_then(Json::as_str) {
        None => Some(schema),
        Some(reference) => {
            root.get("definitions")?.get(reference.strip_prefix("#/definitions/")?)?.as_object()
        }
    }
}

/// The keys that a schema of a map with fixed keys has.
pub(super) fn keys<'s>(
    schema: &'s Json,
    root: &'s Map<String, Json>,
) -> Option<&'s Map<String, Json>> {
    resolved(schema, root)?.get("properties")?.as_object()
}

/// How many keys of a value a schema knows; `None` when the value is of another kind, or has keys and none of them is
/// known. A null suits everything.
pub(super) fn suits(value: &Node, schema: &Json, root: &Map<String, Json>) -> Option<usize> {
    if matches!(value.value, Value::Null) {
        return Some(0);
    }
    let types = resolved(schema, root)?.get("type");
    if types.is_some_and(|types| !is_of_type(&value.value, types)) {
        return None;
    }
    let (Value::Map(map), Some(keys)) = (&value.value, keys(schema, root)) else { return Some(0) };
    let known = map.keys().filter(|key| keys.contains_key(key.as_str())).count();
    (known > 0 || map.is_empty()).then_some(known)
}

/// What a key takes, when that is another structure than the value: `a list`, `a map`.
pub(super) fn other_structure(
    value: &Node,
    schema: &Json,
    root: &Map<String, Json>,
) -> Option<&'static str> {
    let types = resolved(schema, root)?.get("type")?;
    let structure = match types.as_str()? {
        "array" => "a list",
        "object" => "a map",
        _ => "a single value",
    };
    let given = match &value.value {
        Value::Null => return None,
        Value::List(_) => "a list",
        Value::Map(_) => "a map",
        _ => "a single value",
    };
    (structure != given).then_some(structure)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::{other_structure, suits};
    use crate::node::Node;

    fn schema() -> Json {
        json!({"type": "object", "properties": {"host": {"type": "string"}, "port": {"type": "integer"}}})
    }

    #[test]
    fn a_map_suits_by_the_keys_that_it_holds() {
        let suit = |value: Json| suits(&Node::from_json(&value), &schema(), &Default::default());
        assert_eq!(suit(json!({"host": 1, "port": 2, "x": 3})), Some(2));
        assert_eq!(suit(json!({"x": 3})), None);
        assert_eq!(suit(json!({})), Some(0));
        assert_eq!(suit(json!(null)), Some(0));
        assert_eq!(suit(json!("text")), None);
    }

    #[test]
    fn names_the_structure_that_is_wanted_instead() {
        let other =
            |value: Json| other_structure(&Node::from_json(&value), &schema(), &Default::default());
        assert_eq!(other(json!("text")), Some("a map"));
        assert_eq!(other(json!({})), None);
        assert_eq!(other(json!(null)), None);
    }
}
