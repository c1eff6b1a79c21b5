//! Findings about keys of the values: where each was set, without what must not be shown.

use crate::finding::Finding;
use crate::lines::parts;
use crate::load::Loaded;
use crate::node::{Node, Value};
use crate::rules::Rule;
use crate::secret::Hidden;
use crate::source::{Location, Origin};
use crate::values::Values;

/// Gathers what the checks find.
pub(super) struct Report<'a> {
    pub loaded: &'a Loaded,
    pub findings: Vec<Finding>,
    hidden: Hidden,
}

impl<'a> Report<'a> {
    pub fn new(loaded: &'a Loaded) -> Self {
        Self { loaded, findings: Vec::new(), hidden: Hidden::default() }
    }

    /// The typed values.
    pub fn values(&self) -> &'a Values {
        &self.loaded.values
    }

    /// The node of a key.
    pub fn node(&self, key: &str) -> Option<&'a Node> {
        follow(&self.loaded.tree, key).0
    }

    /// The items of a key that holds a list.
    pub fn items(&self, key: &str) -> &'a [Node] {
        self.node(key).map(Node::items).unwrap_or_default()
    }

    /// Whether somebody gave a key: not the built-in layer.
    pub fn is_given(&self, key: &str) -> bool {
        self.node(key).is_some_and(|node| node.origin.is_some())
    }

    /// Where a key was given, or the part around it that deletes it; none for a default.
    pub fn location(&self, key: &str) -> Option<Location> {
        let (node, nearest) = follow(&self.loaded.tree, key);
        let origin = node.map_or(nearest, |node| node.origin)?;
        Some(self.hidden.show(origin, &self.loaded.sources))
    }

    /// Adds a breach of a rule by a key.
    pub fn add(
        &mut self,
        rule: &'static Rule,
        key: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let mut finding = Finding::new(rule, message).key(key).help(help);
        finding.problem.location = self.location(key);
        self.findings.push(finding);
    }
}

/// Follows a key in the notation of `--set`: its node, and where the nearest part around it was written.
pub(super) fn follow<'a>(tree: &'a Node, key: &str) -> (Option<&'a Node>, Option<Origin>) {
    // Most keys are names with dots between them, which need no copies.
    match key.bytes().any(|b| matches!(b, b'\\' | b'[' | b']')) {
        true => walk(tree, steps(key).iter().map(String::as_str)),
        false => walk(tree, parts(key, b'.')),
    }
}

fn walk<'a, 's>(
    tree: &'a Node,
    steps: impl Iterator<Item = &'s str>,
) -> (Option<&'a Node>, Option<Origin>) {
    let mut node = tree;
    let mut nearest = node.origin;
    for step in steps {
        let below = match (&node.value, step.strip_prefix('[')) {
            (Value::List(items), Some(index)) => {
                index.parse::<usize>().ok().and_then(|index| items.get(index))
            }
            (Value::Map(map), _) => map.get(step).map(|entry| &entry.node),
            _ => None,
        };
        let Some(below) = below else { return (None, nearest) };
        node = below;
        nearest = node.origin;
    }
    (Some(node), nearest)
}

/// The steps of a key: names, and indices as `[0`.
fn steps(key: &str) -> Vec<String> {
    let mut steps = vec![String::new()];
    let mut chars = key.chars();
    while let Some(c) = chars.next() {
        let last = steps.len() - 1;
        match c {
            '\\' => steps[last].extend(chars.next()),
            '.' => steps.push(String::new()),
            '[' => steps.push("[".to_owned()),
            ']' => {}
            c => steps[last].push(c),
        }
    }
    steps
}

/// A name as a part of a key.
pub(super) fn escaped(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for c in name.chars() {
        if matches!(c, '.' | '[' | ']' | ',' | '=' | '\\') {
            text.push('\\');
        }
        text.push(c);
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{escaped, follow};
    use crate::node::Node;

    #[test]
    fn follows_keys_as_set_writes_them() {
        let tree = Node::from_json(&json!({"a": {"b.c": [{"d": "here"}]}}));
        let found = |key: &str| follow(&tree, key).0.and_then(Node::as_str);
        assert_eq!(found(r"a.b\.c[0].d"), Some("here"));
        assert_eq!(found(&format!("a.{}[0].d", escaped("b.c"))), Some("here"));
        for none in ["a.b", r"a.b\.c[1].d", r"a.b\.c.d", "a[0]", "", r"a\", "a.b[", "a.[x]"] {
            assert_eq!(found(none), None, "{none}");
        }
    }
}
