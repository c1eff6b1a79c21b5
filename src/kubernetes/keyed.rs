//! Lists whose items have keys: server-side apply, and so Helm 4, refuses two with the same.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::node::{Node, Value};
use crate::rules::DUPLICATE_KEY;

use super::format::shown;
use super::walk::{Step, Walk};

/// Checks that no two items of a list have the same keys: `name`, or several with commas between; none, when whole items count.
pub(super) fn check<'a>(walk: &mut Walk<'a>, keys: &str, items: &'a [Node]) {
    if items.len() < 2 {
        return;
    }
    let mut seen: HashMap<String, usize> = HashMap::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let Some((identity, words)) = identity(item, keys) else { continue };
        match seen.entry(identity) {
            Entry::Vacant(vacant) => {
                vacant.insert(index);
            }
            Entry::Occupied(first) => {
                let what = walk.here();
                let named = if walk.is_secret() { String::new() } else { format!(" {words}") };
                let message =
                    format!("item {index} of {what} has the key of item {}{named}", first.get());
                let help = "leave one of them out: server-side apply, and so Helm 4, refuses both"
                    .to_owned();
                walk.path.push(Step::Index(index));
                walk.report(&DUPLICATE_KEY, item.origin, message, help);
                walk.path.pop();
            }
        }
    }
}

/// What tells an item apart, and the words for it. `None` when a key is missing, which is found elsewhere.
fn identity(item: &Node, keys: &str) -> Option<(String, String)> {
    if keys.is_empty() {
        let text = scalar(item)?;
        let words = format!("`{}`", shown(&text));
        return Some((text, words));
    }
    let map = item.as_map()?;
    let mut identity = String::new();
    let mut words = Vec::new();
    for key in keys.split(',') {
        let given = map.get(key).and_then(|entry| scalar(&entry.node));
        // The one key that has a default.
        let text = given.or_else(|| (key == "protocol").then(|| "TCP".to_owned()))?;
        words.push(format!("`{key}: {}`", shown(&text)));
        // With its length before each text, two rows of keys cannot meet.
        identity.push_str(&format!("{}:{text}", text.len()));
    }
    Some((identity, words.join(", ")))
}

fn scalar(node: &Node) -> Option<String> {
    match &node.value {
        Value::String(text) => Some(text.clone()),
        Value::Int(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        _ => None,
    }
}
