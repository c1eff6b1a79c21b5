//! The containers of any object, also of kinds that only the cluster knows: wherever a list of containers stands.

use crate::deployment::ARCHITECTURE_LABELS;
use crate::node::{Node, Value};
use crate::object::{Object, text};

/// An image where it is used.
#[derive(Clone, Debug)]
pub(super) struct Occurrence {
    /// The name, as it stands there.
    pub image: String,
    /// The container: the object, and the path in it.
    pub container: String,
    /// The architecture of the nodes that the pod is kept on by a selector.
    pub architecture: Option<String>,
}

/// Adds the images of an object's pods: of their containers, and of the volumes that are images.
pub(super) fn images(object: &Object, found: &mut Vec<Occurrence>) {
    let title = format!("{}/{}", object.kind(), object.name());
    below(&object.node, &title, &mut String::new(), found);
}

const LISTS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];

/// Goes as deep as the object does, which the reader of YAML limits.
fn below(node: &Node, title: &str, path: &mut String, found: &mut Vec<Occurrence>) {
    let length = path.len();
    match &node.value {
        Value::Map(map) => {
            let mut add = |image: &str, place: String| {
                let container =
                    format!("{title}: {path}{}{place}", if path.is_empty() { "" } else { "." });
                let architecture = architecture(node);
                found.push(Occurrence { image: image.to_owned(), container, architecture });
            };
            let is_pod = LISTS.iter().any(|list| map.contains_key(list));
            for list in LISTS.iter().filter(|_| is_pod) {
                let items = node.at(&[list]).map(Node::items).unwrap_or_default();
                for (index, item) in
                    items.iter().enumerate().filter(|(_, item)| item.as_map().is_some())
                {
                    add(text(item, &["image"]), format!("{list}[{index}]"));
                }
            }
            let volumes = node.at(&["volumes"]).map(Node::items).unwrap_or_default();
            for (index, volume) in volumes.iter().enumerate().filter(|_| is_pod) {
                if let Some(image) = volume.at(&["image", "reference"]).and_then(Node::as_str) {
                    add(image, format!("volumes[{index}].image"));
                }
            }
            for (key, entry) in map {
                let dot = if length == 0 { "" } else { "." };
                path.extend([dot, key]);
                below(&entry.node, title, path, found);
                path.truncate(length);
            }
        }
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push_str(&format!("[{index}]"));
                below(item, title, path, found);
                path.truncate(length);
            }
        }
        _ => {}
    }
}

/// What the pod's `nodeSelector` says of the nodes' processors.
fn architecture(spec: &Node) -> Option<String> {
    let named = |label: &&str| spec.at(&["nodeSelector", label]).and_then(Node::as_str);
    ARCHITECTURE_LABELS.iter().find_map(named).map(str::to_owned)
}
