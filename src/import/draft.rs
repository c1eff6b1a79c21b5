//! The typed values while they are gathered: what differs from the defaults, and where each came from.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::error::Problem;
use crate::merge::merge;
use crate::node::{Entry, Map, Node, Value};
use crate::schema::check::{Past, check};
use crate::schema::takes;
use crate::source::{Location, Sources};
use crate::values::Values;

use super::excluded::exclude;

/// Values, where they came from, and what was left.
pub struct Draft<'s> {
    /// The schema of the values.
    pub schema: &'s Json,
    /// What a key is where nothing is written.
    pub defaults: Json,
    /// What differs from the defaults.
    pub tree: Map,
    /// Where a key's value was written, by its path: `values.yaml:3, image.tag`.
    pub from: BTreeMap<String, String>,
    /// What was not taken over.
    pub problems: Vec<Problem>,
    /// How many fields of templates were looked at.
    pub fields: usize,
}

impl<'s> Draft<'s> {
    /// No values yet.
    pub fn new(schema: &'s Json) -> Self {
        Self {
            schema,
            defaults: Values::default().to_json(),
            tree: Map::new(),
            from: BTreeMap::new(),
            problems: Vec::new(),
            fields: 0,
        }
    }

    /// Takes a value for a key if it is right there; false if not. The last one counts, a default too.
    pub fn set(&mut self, path: &str, node: Node, from: &str) -> bool {
        let pointer = format!("/{}", path.replace('.', "/"));
        let default =
            self.defaults.pointer(&pointer).map_or(Node::new(Value::Null, None), Node::from_json);
        let node = exclude(path, node, &default);
        let as_default = default.to_json();
        let merged = merge(default, node.clone(), &mut Vec::new());
        if !takes(path, &merged, self.schema) {
            return false;
        }
        if merged.to_json() == as_default {
            remove(&mut self.tree, path);
            self.from.remove(path);
        } else {
            insert(&mut self.tree, path, node);
            self.from.insert(path.to_owned(), from.to_owned());
        }
        true
    }

    /// The same for a text.
    pub fn set_text(&mut self, path: &str, text: &str, from: &str) -> bool {
        self.set(path, Node::new(Value::String(text.into()), None), from)
    }

    /// Tells why a key does not take a value, in the words of `validate`.
    pub fn refuse(&mut self, path: &str, node: Node, place: Option<Location>, sources: &Sources) {
        let mut tree = Map::new();
        insert(&mut tree, path, node);
        let over = Node::new(Value::Map(tree), None);
        let merged = merge(Node::from_json(&self.defaults), over, &mut Vec::new());
        let past = Past { sources, deleted: &[], complete: true };
        let mut found = check(&merged, self.schema, &past);
        found.retain(|problem| problem.path.starts_with(path));
        if found.is_empty() {
            let problem = Problem::new("this value cannot be taken over").path(path);
            found.push(problem.help("write it by hand"));
        }
        for problem in found {
            let location = problem.location.clone().or_else(|| place.clone());
            let help = problem.help.unwrap_or_else(|| format!("write `{path}` by hand"));
            self.problems.push(Problem { location, help: Some(help), ..problem });
        }
    }

    /// Whether a key has a value of its own.
    pub fn has(&self, path: &str) -> bool {
        self.from.contains_key(path)
    }

    /// A key's text, if it has one that is not the default.
    pub fn text(&self, path: &str) -> Option<&str> {
        let (first, rest) = path.split_once('.')?;
        self.tree.get(first)?.node.at(&rest.split('.').collect::<Vec<_>>())?.as_str()
    }

    /// All values as one node.
    #[cfg(test)]
    pub fn node(&self) -> Node {
        Node::new(Value::Map(self.tree.clone()), None)
    }
}

/// Puts a value at a path, with the maps above it.
fn insert(tree: &mut Map, path: &str, node: Node) {
    let entry = |node| Entry { key_origin: None, node };
    match path.split_once('.') {
        None => {
            tree.insert(path.to_owned(), entry(node));
        }
        Some((key, rest)) => {
            let empty = || entry(Node::new(Value::Map(Map::new()), None));
            let below = tree.get_or_insert_with(key.to_owned(), empty);
            if let Value::Map(below) = &mut below.node.value {
                insert(below, rest, node);
            }
        }
    }
}

/// Takes away what stands at a path, and the maps above it that hold nothing else.
fn remove(tree: &mut Map, path: &str) {
    let Some((key, rest)) = path.split_once('.') else {
        tree.remove(path);
        return;
    };
    if let Some(Entry { node: Node { value: Value::Map(below), .. }, .. }) = tree.get_mut(key) {
        remove(below, rest);
        if below.is_empty() {
            tree.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Draft;
    use crate::node::Node;
    use crate::schema::load;
    use crate::source::Sources;

    #[test]
    fn keeps_what_differs_from_the_defaults() {
        let schema = load();
        let mut draft = Draft::new(&schema);
        assert!(draft.set_text("forguncy.image.pullPolicy", "IfNotPresent", "a"));
        assert!(draft.set_text("forguncy.image.tag", "10.1.0.0", "b"));
        assert!(!draft.set("forguncy.image.tag", Node::from_json(&json!(10)), "c"));
        assert_eq!(draft.node().to_json(), json!({"forguncy": {"image": {"tag": "10.1.0.0"}}}));
        assert!(draft.has("forguncy.image.tag") && !draft.has("forguncy.image.pullPolicy"));
        assert_eq!(draft.text("forguncy.image.tag"), Some("10.1.0.0"));
        // Whoever says the default later means it.
        assert!(draft.set_text("forguncy.image.tag", "10.0.103.0", "d"));
        assert_eq!(draft.node().to_json(), json!({}));
        assert!(!draft.has("forguncy.image.tag"));
    }

    #[test]
    fn says_why_a_value_is_not_right() {
        let schema = load();
        let mut draft = Draft::new(&schema);
        let number = Node::from_json(&json!(80));
        draft.refuse("storage.root", number, None, &Sources::default());
        assert_eq!(draft.problems[0].path, "storage.root");
        assert!(draft.problems[0].message.contains("expected a string"), "{:?}", draft.problems);
    }
}
