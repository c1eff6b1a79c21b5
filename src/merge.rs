//! Lays one tree of values over another, by Helm's two rules: overrides over overrides, and all
//! overrides over the defaults.

use crate::node::{Map, Node, Value};
use crate::schema::push_key;
use crate::source::Origin;

/// A default that a null deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deleted {
    /// The key's path, in the notation of `--set`.
    pub path: String,
    /// Where the null was written.
    pub origin: Option<Origin>,
}

/// Lays a later override over the earlier ones, as Helm does with a second `-f`.
///
/// Maps merge deep, all else is replaced. A null is kept: it still has a default to delete, and
/// dropping it here would bring that default back (Helm's `MergeMaps`).
pub fn layer(base: Node, over: Node) -> Node {
    combine(base, over, None, None)
}

/// Lays the overrides over the defaults, as Helm does when a chart is installed, and notes what nulls delete.
///
/// Maps merge deep, all else is replaced. A null deletes the key that `base` has, also once more; where `base` never had
/// one it stays a null, as in Helm up to 4.1, for the schema to refuse where it was written.
pub fn merge(base: Node, over: Node, deleted: &mut Vec<Deleted>) -> Node {
    combine(base, over, None, Some(deleted))
}

/// The way to a map, as a list that lives on the stack: paths are only written out for nulls.
struct Way<'w> {
    parent: Option<&'w Way<'w>>,
    key: &'w str,
}

impl Way<'_> {
    fn path(&self) -> String {
        let mut path = self.parent.map(Way::path).unwrap_or_default();
        push_key(&mut path, self.key);
        path
    }

    fn is_in(&self, deleted: &[Deleted]) -> bool {
        !deleted.is_empty() && deleted.iter().any(|deleted| deleted.path == self.path())
    }
}

/// With a list for what is deleted, nulls delete; without one they are kept.
fn combine(
    base: Node,
    over: Node,
    way: Option<&Way<'_>>,
    deleted: Option<&mut Vec<Deleted>>,
) -> Node {
    match (base.value, over.value) {
        (Value::Map(base), Value::Map(map)) => {
            Node::new(Value::Map(combine_maps(base, map, way, deleted)), over.origin)
        }
        (_, value) => Node::new(value, over.origin),
    }
}

fn combine_maps(
    mut base: Map,
    over: Map,
    parent: Option<&Way<'_>>,
    mut deleted: Option<&mut Vec<Deleted>>,
) -> Map {
    for (key, entry) in over {
        let way = Way { parent, key: &key };
        let is_null = matches!(entry.node.value, Value::Null);
        let Some(slot) = base.get_mut(&key) else {
            // Helm lays the files over each other before the defaults lie below them.
            let is_again = is_null && deleted.as_ref().is_some_and(|deleted| way.is_in(deleted));
            if !is_again {
                base.insert(key, entry);
            }
            continue;
        };
        if let Some(deleted) = &mut deleted
            && is_null
        {
            let origin = entry.node.origin.or(entry.key_origin);
            deleted.push(Deleted { path: way.path(), origin });
            base.remove(&key);
            continue;
        }
        let below = std::mem::replace(&mut slot.node, Node::new(Value::Null, None));
        slot.node = combine(below, entry.node, Some(&way), deleted.as_deref_mut());
        slot.key_origin = entry.key_origin;
    }
    base
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Deleted, layer, merge};
    use crate::node::{Entry, Map, Node, Value};
    use crate::source::{Origin, SourceId};

    fn merged(base: serde_json::Value, over: serde_json::Value) -> String {
        merge(Node::from_json(&base), Node::from_json(&over), &mut Vec::new()).to_json().to_string()
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
        let mut deleted = Vec::new();
        let base = Node::from_json(&json!({"a": {"b": 5, "c": 6}}));
        let all = merge(base, overrides, &mut deleted);
        assert_eq!(deleted, [Deleted { path: "a.b".into(), origin: None }]);
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
        let merged = merge(tree(1, 1), tree(2, 2), &mut Vec::new());
        assert_eq!(merged.origin, place(2));
        let Value::Map(map) = merged.value else { panic!("a map") };
        assert_eq!(map["a"].key_origin, place(2));
        assert_eq!(map["a"].node.origin, place(2));
    }
}
