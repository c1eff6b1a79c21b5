//! Kubernetes objects as trees: what the checks look at, whether a template or the user wrote them.

use crate::error::Problem;
use crate::finding::ObjectName;
use crate::node::{Node, Value};
use crate::secret::Hidden;
use crate::source::{Location, Origin, SourceId, Sources};
use crate::yaml::read;

/// One object.
#[derive(Clone, Debug)]
pub struct Object {
    /// The whole of it. Origins lead into [`Object::source`].
    pub node: Node,
    /// The text that it stands in: a template's output, a file, standard input.
    pub source: SourceId,
}

impl Object {
    /// Reads the objects of a text, which may hold several documents and `List`s of objects.
    ///
    /// # Errors
    /// All that is wrong with the YAML.
    pub fn read(source: SourceId, sources: &Sources) -> Result<Vec<Self>, Vec<Problem>> {
        let mut objects = Vec::new();
        for node in read::stream(source, sources)? {
            Self::unfold(node, source, &mut objects);
        }
        Ok(objects)
    }

    /// A `List` is what it holds: kubectl applies each item as an object of its own.
    fn unfold(mut node: Node, source: SourceId, objects: &mut Vec<Self>) {
        let is_list = text(&node, &["kind"]) == "List" && text(&node, &["apiVersion"]) == "v1";
        if is_list
            && let Value::Map(map) = &mut node.value
            && let Some(entry) = map.get_mut("items")
            && let Value::List(items) = &mut entry.node.value
        {
            for item in std::mem::take(items) {
                Self::unfold(item, source, objects);
            }
            return;
        }
        objects.push(Self { node, source });
    }

    /// `apps/v1`; empty when there is none.
    pub fn api_version(&self) -> &str {
        text(&self.node, &["apiVersion"])
    }

    /// `Deployment`; empty when there is none.
    pub fn kind(&self) -> &str {
        text(&self.node, &["kind"])
    }

    /// `metadata.name`; empty when there is none.
    pub fn name(&self) -> &str {
        text(&self.node, &["metadata", "name"])
    }

    /// `metadata.namespace`; empty when there is none.
    pub fn namespace(&self) -> &str {
        text(&self.node, &["metadata", "namespace"])
    }

    /// The node at a path of keys.
    pub fn get(&self, path: &[&str]) -> Option<&Node> {
        self.node.at(path)
    }

    /// What findings call it.
    pub fn title(&self) -> ObjectName {
        ObjectName {
            kind: self.kind().to_owned(),
            name: self.name().to_owned(),
            namespace: self.namespace().to_owned(),
        }
    }

    /// A place in it, as shown to the user. A line that may give a secret is not shown.
    pub fn location(&self, origin: Option<Origin>, sources: &Sources) -> Option<Location> {
        let origin = origin.or(self.node.origin)?;
        let location = Hidden::default().show(origin, sources);
        Some(match self.kind() {
            "Secret" => Location { text: None, ..location },
            _ => location,
        })
    }
}

/// A string at a path of keys; empty when there is none.
pub(crate) fn text<'a>(node: &'a Node, path: &[&str]) -> &'a str {
    node.at(path).and_then(Node::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Object;
    use crate::source::Sources;

    fn kinds(text: &str) -> Vec<String> {
        let mut sources = Sources::default();
        let id = sources.add("<stdin>", text);
        Object::read(id, &sources).unwrap().iter().map(|o| o.kind().to_owned()).collect()
    }

    #[test]
    fn reads_documents_and_the_items_of_lists() {
        let text = "kind: A\n---\n# nothing\n---\napiVersion: v1\nkind: List\nitems:\n- kind: B\n- {apiVersion: v1, kind: List, items: [{kind: C}]}\n";
        assert_eq!(kinds(text), ["A", "B", "C"]);
    }

    #[test]
    fn what_is_no_object_is_kept_to_be_found() {
        assert_eq!(kinds("just text\n---\nkind: [A]\n"), ["", ""]);
    }

    #[test]
    fn never_shows_a_line_of_a_secret() {
        let mut sources = Sources::default();
        let id = sources.add("<stdin>", "kind: Secret\nstringData: {a: b}\n");
        let objects = Object::read(id, &sources).unwrap();
        let location = objects[0].location(None, &sources).unwrap();
        assert_eq!((location.line, location.text), (1, None));
    }
}
