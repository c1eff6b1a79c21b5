//! Lays one tree of values over another, by Helm's two rules: overrides over overrides, and all
//! overrides over the defaults.

use crate::node::{Map, Node, Value};

/// Lays a later override over the earlier ones, as Helm does with a second `-f`.
///
/// Maps merge deep, all else is replaced. A null is kept: it still has a default to delete, and
/// dropping it here would bring that default back (Helm's `MergeMaps`).
pub fn layer(base: Node, over: Node) -> Node {
    combine(base, over, Null::Kept)
}

/// Lays the overrides over the defaults, as Helm does when a chart is installed.
///
/// Maps merge deep, all else is replaced. A null deletes the key that `base` has; where `base` has
/// none it stays a null, as in Helm up to 4.1, for the schema to refuse where it was written.
pub fn merge(base: Node, over: Node) -> Node {
    combine(base, over, Null::Deletes)
}

/// What a null does to a key that the base has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Null {
    Kept,
    Deletes,
}

fn combine(base: Node, over: Node, null: Null) -> Node {
    match (base.value, over.value) {
        (Value::Map(base), Value::Map(map)) => {
            Node::new(Value::Map(combine_maps(base, map, null)), over.origin)
        }
        (_, value) => Node::new(value, over.origin),
    }
}

fn combine_maps(mut base: Map, over: Map, null: Null) -> Map {
    for (key, entry) in over {
        let Some(slot) = base.get_mut(&key) else {
            base.insert(key, entry);
            continue;
        };
        if null == Null::Deletes && matches!(entry.node.value, Value::Null) {
            base.shift_remove(&key);
            continue;
        }
        let below = std::mem::replace(&mut slot.node, Node::new(Value::Null, None));
        slot.node = combine(below, entry.node, null);
        slot.key_origin = entry.key_origin;
    }
    base
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{layer, merge};
    use crate::node::{Entry, Map, Node, Value};
    use crate::source::{Origin, SourceId};

    fn merged(base: serde_json::Value, over: serde_json::Value) -> String {
        merge(Node::from_json(&base), Node::from_json(&over)).to_json().to_string()
    }

    fn layered(base: serde_json::Value, over: serde_json::Value) -> String {
        layer(Node::from_json(&base), Node::from_json(&over)).to_json().to_string()
    }

    #[test]
    fn merges_maps_deep_and_keeps_the_order_of_the_base() {
        assert_eq!(
            merged(json!({"b": {"x": 1, "y": 2}, "a": 1}), json!({"c": 3, "b": {"z": 4, "x": 5}})),
            r#"{"b":{"x":5,"y":2,"z":4},"a":1,"c":3}"#
        );
    }

    #[test]
    fn replaces_lists_and_scalars_as_a_whole() {
        assert_eq!(merged(json!({"a": [1, 2]}), json!({"a": [3]})), r#"{"a":[3]}"#);
        assert_eq!(merged(json!({"a": {"b": 1}}), json!({"a": 2})), r#"{"a":2}"#);
        assert_eq!(merged(json!({"a": 2}), json!({"a": {"b": 1}})), r#"{"a":{"b":1}}"#);
    }

    #[test]
    fn a_null_deletes_a_default_and_nothing_else_moves() {
        assert_eq!(
            merged(json!({"a": 1, "b": {"c": 2}, "d": 3}), json!({"b": null})),
            r#"{"a":1,"d":3}"#
        );
        assert_eq!(
            merged(json!({"a": {"b": 1, "c": 2}}), json!({"a": {"b": null}})),
            r#"{"a":{"c":2}}"#
        );
    }

    #[test]
    fn a_null_without_a_default_stays() {
        assert_eq!(merged(json!({}), json!({"a": null})), r#"{"a":null}"#);
        assert_eq!(merged(json!({"a": 1}), json!({"a": {"b": null}})), r#"{"a":{"b":null}}"#);
    }

    #[test]
    fn a_null_in_one_override_still_deletes_the_default_below_all_of_them() {
        let overrides = layer(
            Node::from_json(&json!({"a": {"b": 1}})),
            Node::from_json(&json!({"a": {"b": null}})),
        );
        assert_eq!(overrides.to_json(), json!({"a": {"b": null}}));
        let all = merge(Node::from_json(&json!({"a": {"b": 5, "c": 6}})), overrides);
        assert_eq!(all.to_json(), json!({"a": {"c": 6}}));
    }

    #[test]
    fn a_later_override_replaces_a_null() {
        assert_eq!(layered(json!({"a": null}), json!({"a": {"b": 1}})), r#"{"a":{"b":1}}"#);
    }

    #[test]
    fn the_overriding_places_win() {
        let place = |line| Some(Origin { source: SourceId(0), line, column: 1 });
        let tree = |line, value| {
            let node = Node::new(Value::Int(value), place(line));
            let map = Map::from_iter([("a".to_owned(), Entry { key_origin: place(line), node })]);
            Node::new(Value::Map(map), place(line))
        };
        let merged = merge(tree(1, 1), tree(2, 2));
        assert_eq!(merged.origin, place(2));
        let Value::Map(map) = merged.value else { panic!("a map") };
        assert_eq!(map["a"].key_origin, place(2));
        assert_eq!(map["a"].node.origin, place(2));
    }
}
