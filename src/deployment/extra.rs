//! The user's own objects in `extraObjects`, as the values hold them.

use crate::node::Node;
use crate::object::text;
use crate::references::pods::{Pods, group};

/// An object of `extraObjects`.
pub(super) struct Extra<'a> {
    pub node: &'a Node,
    /// Its place in the list.
    index: usize,
    pub group: &'a str,
    pub kind: &'a str,
    pub pods: Option<Pods<'a>>,
}

impl<'a> Extra<'a> {
    /// What messages call it.
    pub fn title(&self) -> String {
        format!("{} `{}`", self.kind, text(self.node, &["metadata", "name"]))
    }

    /// The key of a field of it.
    pub fn key(&self, field: &str) -> String {
        let dot = if field.is_empty() { "" } else { "." };
        format!("extraObjects[{}]{dot}{field}", self.index)
    }
}

/// The objects of `extraObjects`.
pub(super) fn objects(tree: &Node) -> Vec<Extra<'_>> {
    let items = tree.at(&["extraObjects"]).map(Node::items).unwrap_or_default();
    let extra = |(index, node)| Extra {
        node,
        index,
        group: group(text(node, &["apiVersion"])),
        kind: text(node, &["kind"]),
        pods: Pods::of(node),
    };
    items.iter().enumerate().map(extra).collect()
}
