//! Sections that a lower layer had replaced or deleted come back with their defaults when a higher layer writes into them.
//!
//! Helm lays overrides over each other before they meet the defaults. So of `redis: off` below `redis: {maxMemory: 1gb}` nothing
//! is left there. Here the layers meet the defaults one by one, since a layer may be part of a package already; where a package
//! could not be without the section, it is Helm's way that counts.

use std::sync::LazyLock;

use crate::merge::Deleted;
use crate::node::{Entry, Node, Value};
use crate::schema;
use crate::values::Values;

static DEFAULTS: LazyLock<Node> = LazyLock::new(|| Values::default().to_node());

/// Puts the defaults of sections back into a tree that has no map where `over` has one, and forgets what was deleted of them.
///
/// A section is a map whose keys are known. Free maps, such as `forguncy.strategy`, may be deleted and written anew.
pub fn restore(tree: &mut Node, over: &Node, deleted: &mut Vec<Deleted>) {
    let mut lost = Vec::new();
    find(tree, over, &mut Vec::new(), &mut lost);
    for path in lost {
        let Some(default) = DEFAULTS.at(&path).filter(|default| default.as_map().is_some()) else {
            continue;
        };
        let name = path.join(".");
        if is_section(&name) {
            put(tree, &path, default.clone());
            let below = |path: &str| {
                path.strip_prefix(&name)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            };
            deleted.retain(|deleted| !below(&deleted.path));
        }
    }
}

/// The paths at which only `over` has a map.
fn find<'o>(tree: &Node, over: &'o Node, path: &mut Vec<&'o str>, lost: &mut Vec<Vec<&'o str>>) {
    let (Some(tree), Some(over)) = (tree.as_map(), over.as_map()) else { return };
    for (key, entry) in over {
        if entry.node.as_map().is_none() {
            continue;
        }
        path.push(key);
        match tree.get(key) {
            Some(below) if below.node.as_map().is_some() => {
                find(&below.node, &entry.node, path, lost);
            }
            _ => lost.push(path.clone()),
        }
        path.pop();
    }
}

fn is_section(path: &str) -> bool {
    let schema = schema::load();
    schema::of_key(path, &schema).is_some_and(|schema| schema.get("properties").is_some())
}

fn put(tree: &mut Node, path: &[&str], node: Node) {
    let (Value::Map(map), [key, rest @ ..]) = (&mut tree.value, path) else { return };
    if rest.is_empty() {
        map.insert(*key, Entry { key_origin: None, node });
    } else if let Some(entry) = map.get_mut(key) {
        put(&mut entry.node, rest, node);
    }
}
