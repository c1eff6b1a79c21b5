//! What the check found, before it is put into words.

use serde_json::{Map, Value as Json};

use crate::node::{Map as NodeMap, Node};
use crate::source::Origin;

use super::moved::Moved;

/// One violation of the schema.
pub struct Finding<'a> {
    /// The key's path, in the notation of `--set`.
    pub path: String,
    /// Where to point: the key or value, or the nearest part around it that was written.
    pub origin: Option<Origin>,
    /// The offending value; for a missing key, the map.
    pub node: &'a Node,
    /// What the schema calls a right value.
    pub title: Option<&'a str>,
    /// Whether the value must not be shown.
    pub secret: bool,
    /// What is wrong.
    pub fault: Fault<'a>,
}

/// The ways to violate a schema.
pub enum Fault<'a> {
    /// Not of these types, each a name or a list of names.
    Type(Vec<&'a Json>),
    /// None of these values.
    Choice(Vec<&'a Json>),
    /// A key that the map does not have.
    Unknown {
        /// The key.
        key: &'a str,
        /// The keys that it has.
        allowed: Option<&'a Map<String, Json>>,
        /// The map.
        beside: &'a NodeMap,
    },
    /// A key of another chart.
    Moved {
        /// Where it is now.
        row: &'static Moved,
        /// The section of the row's `*`.
        section: &'static str,
    },
    /// A required key is not there; inside a list no default can have been deleted.
    Missing {
        /// Whether the map is, or lies in, an item of a list.
        in_list: bool,
    },
    /// A key of a free map that is not allowed, in words.
    Key(String),
    /// A string that does not match.
    Pattern(&'a str),
    /// The schema's pattern is no regular expression.
    BrokenPattern(&'a str),
    /// A size, a count or a number out of bounds.
    Bounds {
        /// `at least 1 character`
        wanted: String,
        /// How many there are, where something is counted.
        count: Option<u64>,
    },
    /// A list holds this item twice; the first one's index.
    Twice(usize),
    /// A rule over several values is broken.
    Rule {
        /// Its words.
        text: &'a str,
        /// The values that it speaks of and that were written: their paths and places.
        given: Vec<(String, Origin)>,
    },
    /// None of the alternatives fits; what is wrong with each.
    NoBranch(Vec<Vec<Finding<'a>>>),
    /// More than one of the exclusive alternatives fits.
    SeveralBranches,
    /// What the schema excludes.
    Excluded,
}

/// The way to a node, as a list that lives on the stack while the tree is walked.
#[derive(Clone, Copy)]
pub struct Path<'p, 'a> {
    parent: Option<&'p Path<'p, 'a>>,
    step: Step<'a>,
    /// The node that the way leads to.
    pub node: &'a Node,
    key_origin: Option<Origin>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    Key(&'a str),
    Item(usize),
}

impl<'p, 'a> Path<'p, 'a> {
    /// The way to the whole tree.
    pub fn root(node: &'a Node) -> Self {
        Self { parent: None, step: Step::Root, node, key_origin: None }
    }

    /// The way to a key's value.
    pub fn key(&'p self, key: &'a str, node: &'a Node, key_origin: Option<Origin>) -> Self {
        Self { parent: Some(self), step: Step::Key(key), node, key_origin }
    }

    /// The way to a list's item.
    pub fn item(&'p self, index: usize, node: &'a Node) -> Self {
        Self { parent: Some(self), step: Step::Item(index), node, key_origin: None }
    }

    /// Where the node was written, or else the nearest part around it that was.
    pub fn origin(&self) -> Option<Origin> {
        self.node.origin.or(self.key_origin).or_else(|| self.parent.and_then(Path::origin))
    }

    /// Where the node's key was written, or else the node, or the nearest part around it.
    pub fn key_origin(&self) -> Option<Origin> {
        self.key_origin.or_else(|| self.origin())
    }

    /// Whether the way leads through an item of a list.
    pub fn in_list(&self) -> bool {
        matches!(self.step, Step::Item(_)) || self.parent.is_some_and(Path::in_list)
    }

    /// The path in the notation of `--set`: `nodeSelector.kubernetes\.io/os`, `hosts[0]`.
    pub fn text(&self) -> String {
        let mut text = self.parent.map(Path::text).unwrap_or_default();
        match self.step {
            Step::Root => {}
            Step::Key(key) => push_key(&mut text, key),
            Step::Item(index) => text.push_str(&format!("[{index}]")),
        }
        text
    }
}

/// Adds a key to a path, escaped as `--set` wants it and safe to print.
pub fn push_key(text: &mut String, key: &str) {
    if !text.is_empty() {
        text.push('.');
    }
    if key.is_empty() {
        text.push_str("\"\"");
    }
    for c in key.chars() {
        match c {
            '.' | ',' | '=' | '[' | '\\' => text.extend(['\\', c]),
            c if c.is_control() => text.extend(c.escape_debug()),
            c => text.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Path;
    use crate::node::Node;

    #[test]
    fn writes_a_path_as_set_takes_it() {
        let node = Node::from_json(&json!(1));
        let root = Path::root(&node);
        assert_eq!(root.text(), "");
        let list = root.key("ingress", &node, None);
        let list = list.key("a.b/c\u{1b}", &node, None);
        let item = list.item(0, &node);
        assert_eq!(item.key("", &node, None).text(), "ingress.a\\.b/c\\u{1b}[0].\"\"");
        assert!(item.in_list() && !list.in_list());
    }
}
