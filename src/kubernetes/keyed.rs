//! Lists whose items have keys: server-side apply, and so Helm 4, refuses two with the same.

use std::collections::HashSet;

use crate::node::{Node, Value};
use crate::rules::DUPLICATE_KEY;

use super::format::shown;
use super::walk::{Step, Walk};

/// Checks that no two items of a list have the same keys: `name`, or several with commas between; none, when whole items count.
pub(super) fn check<'a>(walk: &mut Walk<'a>, keys: &str, items: &'a [Node]) {
    if items.len() < 2 {
        return;
    }
    let mut seen: HashSet<String> = HashSet::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let Some(values) = values_of(item, keys) else { continue };
        // With its length before each value, two rows of values cannot meet.
        let identity: String =
            values.iter().map(|(_, text)| format!("{}:{text}", text.len())).collect();
        if seen.insert(identity) {
            continue;
        }
        let named = match walk.is_secret() {
            true => "the same key".to_owned(),
            false => values.iter().map(written).collect::<Vec<_>>().join(", "),
        };
        let message = format!("another item of {} has {named} too", walk.here());
        let help =
            "leave one of them out: server-side apply, and so Helm 4, refuses both".to_owned();
        walk.path.push(Step::Index(index));
        let first = keys.split(',').next().unwrap_or_default();
        match item.as_map().and_then(|map| map.get(first)) {
            Some(entry) => {
                walk.report_field(&DUPLICATE_KEY, entry.node.origin, first, message, help);
            }
            None => walk.report(&DUPLICATE_KEY, item.origin, message, help),
        }
        walk.path.pop();
    }
}

/// The keys that tell an item apart with their values; a value that is its own key has none. `None` when one is missing, which is
/// found elsewhere.
pub fn values_of<'k>(item: &Node, keys: &'k str) -> Option<Vec<(&'k str, String)>> {
    if keys.is_empty() {
        return Some(vec![("", scalar(item)?)]);
    }
    let map = item.as_map()?;
    let value = |key: &'k str| {
        let given = map.get(key).and_then(|entry| scalar(&entry.node));
        // The one key that has a default.
        Some((key, given.or_else(|| (key == "protocol").then(|| "TCP".to_owned()))?))
    };
    keys.split(',').map(value).collect()
}

fn written((key, text): &(&str, String)) -> String {
    if key.is_empty() { format!("`{}`", shown(text)) } else { format!("`{key}: {}`", shown(text)) }
}

fn scalar(node: &Node) -> Option<String> {
    match &node.value {
        Value::String(text) => Some(text.to_string()),
        Value::Int(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        _ => None,
    }
}
