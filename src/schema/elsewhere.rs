//! Finds where in a schema a key lives that stands in the wrong place.

use std::cmp::Reverse;

use serde_json::{Map, Value as Json};

use crate::node::{Node, Value};
use crate::suggest::{Distance, Wanted};

use super::shape::{keys, suits};
use super::walk::is_right;

/// More places than this are of no help.
const FEW: usize = 5;

/// Deep enough for every key of the values.
const MAX_DEPTH: usize = 8;

/// Another place for a key.
struct Place<'s> {
    path: Vec<&'s str>,
    distance: Distance,
    /// Whether the value is right there, and how many of its keys are known.
    suits: Option<(bool, usize)>,
}

/// Other places for a key.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// Their paths.
    pub paths: Vec<String>,
    /// Whether the name is the very same, and the value of the right kind.
    pub certain: bool,
}

/// The keys with this name, or nearly this name, elsewhere in a schema, for the value that was given. Of many, those that
/// fit best: by the value, its shape and its keys, then by how much they share with `here`, the path of the map where the
/// key was looked for. None when they are too many to be of help.
pub(super) fn elsewhere(key: &str, value: &Node, here: &str, schema: &Json) -> Places {
    let (Some(wanted), Some(root)) = (Wanted::new(key), schema.as_object()) else {
        return Places::default();
    };
    let here: Vec<&str> = here.split('.').filter(|part| !part.is_empty()).collect();
    let mut found = Vec::new();
    each(schema, root, &mut Vec::new(), &mut |path, property| {
        let Some((name, parent)) = path.split_last() else { return };
        let near = wanted.distance(name).filter(|d| !d.begun && d.edits <= 1 && parent != here);
        let Some(distance) = near else { return };
        let suits =
            suits(value, property, root).map(|known| (is_right(value, property, schema), known));
        found.push(Place { path: path.to_vec(), distance, suits });
    });
    if found.iter().any(|place| place.suits.is_some()) {
        found.retain(|place| place.suits.is_some());
    }
    let shared = |path: &[&str]| path.iter().zip(&here).take_while(|(a, b)| a == b).count();
    let rank = |place: &Place<'_>| {
        (place.distance.edits, Reverse(place.suits), Reverse(shared(&place.path)))
    };
    let best = found.iter().map(rank).min();
    found.retain(|place| Some(rank(place)) == best);
    let certain = found.iter().any(|place| place.distance.edits == 0 && place.suits.is_some());
    let paths = few(&found.into_iter().map(|place| place.path).collect::<Vec<_>>());
    Places { certain: certain && !paths.is_empty(), paths }
}

/// The paths of the sections that know every key of a value whose own key nobody knows; an empty one is the top level.
pub(super) fn owners(value: &Node, here: &str, schema: &Json) -> Vec<String> {
    let (Value::Map(map), Some(root)) = (&value.value, schema.as_object()) else {
        return Vec::new();
    };
    if map.is_empty() {
        return Vec::new();
    }
    let knows = |schema| {
        let known = keys(schema, root);
        known.is_some_and(|known| {
            map.iter().all(|(key, entry)| {
                known
                    .get(key.as_str())
                    .is_some_and(|schema| suits(&entry.node, schema, root).is_some())
            })
        })
    };
    let mut found = Vec::new();
    if knows(schema) {
        found.push(Vec::new());
    }
    each(schema, root, &mut Vec::new(), &mut |path, property| {
        if knows(property) {
            found.push(path.to_vec());
        }
    });
    if found.iter().any(|path| path.join(".") == here) {
        return vec![here.to_owned()];
    }
    few(&found)
}

/// The paths as texts, the shares' as one; none when they are too many.
fn few(paths: &[Vec<&str>]) -> Vec<String> {
    let is_share = |path: &[&str]| path.len() > 2 && path.starts_with(&["storage", "shares"]);
    let shares = paths.iter().filter(|path| is_share(path)).count();
    let mut texts = Vec::new();
    for path in paths {
        let mut path = path.clone();
        if shares > 1 && is_share(&path) {
            path[2] = "NAME";
        }
        let text = path.join(".");
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    if texts.len() > FEW { Vec::new() } else { texts }
}

/// Calls `visit` with the path and the schema of every key.
fn each<'s>(
    schema: &'s Json,
    root: &'s Map<String, Json>,
    path: &mut Vec<&'s str>,
    visit: &mut impl FnMut(&[&'s str], &'s Json),
) {
    if path.len() == MAX_DEPTH {
        return;
    }
    for (name, property) in keys(schema, root).into_iter().flatten() {
        path.push(name);
        visit(path, property);
        each(property, root, path, visit);
        path.pop();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::{elsewhere, owners};
    use crate::node::Node;
    use crate::schema::load;

    fn places(key: &str, value: Json, here: &str) -> Vec<String> {
        elsewhere(key, &Node::from_json(&value), here, &load()).paths
    }

    #[test]
    fn tells_where_a_key_lives() {
        assert_eq!(places("replicas", json!(3), ""), ["forguncy.scaling.replicas"]);
        assert_eq!(places("replica", json!(3), "forguncy"), ["forguncy.scaling.replicas"]);
        assert_eq!(places("node_port", json!(30001), "forguncy"), ["forguncy.service.nodePort"]);
        assert_eq!(places("attach", json!({}), "storage"), ["storage.shares.attach"]);
        assert_eq!(
            places("size", json!("1Gi"), "storage"),
            ["storage.shares.NAME.size"],
            "the nearest ones, as one"
        );
        assert_eq!(
            places("image", json!({"tag": "1"}), ""),
            ["forguncy.image", "redis.image", "influx.image", "tests.image"]
        );
        assert!(places("colour", json!(1), "").is_empty());
    }

    #[test]
    fn names_no_place_among_too_many() {
        assert!(places("enabled", json!(true), "").is_empty());
    }

    #[test]
    fn a_subtree_is_known_by_its_content() {
        assert_eq!(
            places("service", json!({"sessionAffinity": {}, "type": "NodePort"}), ""),
            ["forguncy.service"]
        );
        assert_eq!(places("service", json!({"type": "NodePort"}), "").len(), 3);
        assert_eq!(places("root", json!({"x": 1}), "forguncy").len(), 4, "no shape fits: all");
    }

    #[test]
    fn a_section_under_another_name_is_known_by_its_keys() {
        let owners = |value: Json, here| owners(&Node::from_json(&value), here, &load());
        assert_eq!(owners(json!({"server": "a", "root": "/b"}), "storage"), ["storage"]);
        assert_eq!(owners(json!({"minReplicas": 2}), ""), ["forguncy.scaling"]);
        assert_eq!(owners(json!({"forguncy": {}, "redis": {"enabled": false}}), ""), [""]);
        assert!(owners(json!({"minReplicas": 2, "x": 1}), "").is_empty());
        assert!(owners(json!({}), "").is_empty());
    }

    #[test]
    fn references_that_lead_in_circles_end() {
        let circle = json!({"properties": {"a": {"$ref": "#/definitions/d"}},
            "definitions": {"d": {"properties": {"d": {"$ref": "#/definitions/d"}}}}});
        assert!(elsewhere("x", &Node::from_json(&json!(1)), "", &circle).paths.is_empty());
    }
}
