//! One side of a comparison: its objects, and the values that they come from if it has any.

use std::collections::BTreeMap;
use std::fmt;

use crate::error::Problem;
use crate::kubernetes::is_cluster_scoped;
use crate::load::Loaded;
use crate::manifest::install_rank;
use crate::object::{Object, text};
use crate::source::Sources;
use crate::templates::Rendered;
use crate::yaml::{parts, read};

use crate::validate::document_text;

/// Objects, and where they come from.
#[derive(Debug)]
pub struct Side {
    /// What the user calls it.
    pub name: String,
    /// Its objects by what they are.
    pub objects: BTreeMap<Identity, Object>,
    /// The texts that the objects were read from.
    pub sources: Sources,
    /// The values that made them, and what was rendered of these.
    pub values: Option<(Loaded, Vec<Rendered>)>,
}

/// What makes an object that object, whatever it holds: Helm's and kubectl's view. In the order of Helm's installation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    rank: usize,
    /// Its kind.
    pub kind: String,
    /// The group of its API, `apps`; empty for the core group.
    pub group: String,
    /// Its namespace; empty for what belongs to none.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

/// What `kubectl get` takes: `Deployment.apps/shop-forguncy-pod -n prod`.
impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dot = if self.group.is_empty() { "" } else { "." };
        write!(f, "{}{dot}{}/{}", self.kind, self.group, self.name)?;
        if self.namespace.is_empty() { Ok(()) } else { write!(f, " -n {}", self.namespace) }
    }
}

impl Side {
    /// The side that values make. `namespace` is the release's.
    ///
    /// # Errors
    /// What cannot be read of what the values bring: an object that stands twice, or is none.
    pub fn of_values(
        name: &str,
        namespace: &str,
        loaded: Loaded,
        rendered: Vec<Rendered>,
    ) -> Result<Self, Vec<Problem>> {
        let mut sources = Sources::default();
        let mut objects = Vec::new();
        for file in &rendered {
            let id = sources.add(format!("templates/{}", file.path), file.text.clone());
            objects.extend(Object::read(id, &sources)?);
        }
        let mut side = Self::new(name, sources);
        side.values = Some((loaded, rendered));
        side.fill(objects, namespace)?;
        Ok(side)
    }

    /// The side that manifests make, a stream of documents. Objects that name no namespace are in `namespace`.
    ///
    /// # Errors
    /// What cannot be read of them, and that there are none.
    pub fn of_manifests(name: &str, namespace: &str, stream: &[u8]) -> Result<Self, Vec<Problem>> {
        let mut sources = Sources::default();
        let mut objects = Vec::new();
        let mut problems = Vec::new();
        for part in parts(stream) {
            match document_text(name, part) {
                Ok(text) => {
                    let id = sources.add_part(name, text, part.first_line);
                    match Object::read(id, &sources) {
                        Ok(read) => objects.extend(read),
                        Err(found) => problems.extend(found),
                    }
                }
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() && objects.is_empty() {
            problems.push(
                Problem::new(format!("`{name}` holds no Kubernetes objects"))
                    .help("look at what should have written them"),
            );
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut side = Self::new(name, sources);
        side.fill(objects, namespace)?;
        Ok(side)
    }

    fn new(name: &str, sources: Sources) -> Self {
        Self { name: name.to_owned(), objects: BTreeMap::new(), sources, values: None }
    }

    fn fill(&mut self, objects: Vec<Object>, namespace: &str) -> Result<(), Vec<Problem>> {
        let mut problems = Vec::new();
        for object in objects {
            let place = object.location(None, &self.sources);
            let at = |problem: Problem| match place {
                Some(place) => problem.at(place),
                None => problem,
            };
            match Identity::of(&object, namespace) {
                None => problems.push(at(Problem::new(
                    "expected a Kubernetes object, with `apiVersion`, `kind` and `metadata.name`",
                ))),
                Some(identity) if self.objects.contains_key(&identity) => {
                    let message = format!("{identity} stands in `{}` twice", self.name);
                    problems.push(at(Problem::new(message)
                        .help("keep one of them: which is meant cannot be known")));
                }
                Some(identity) => {
                    self.objects.insert(identity, object);
                }
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// Whether an object of it is run by Helm beside the release.
    pub fn has_hooks(&self) -> bool {
        self.objects.values().any(is_hook)
    }

    /// The release that the objects say they belong to, and its namespace, as the first that says so does.
    pub fn release(&self) -> Option<(&str, &str)> {
        self.objects.iter().find_map(|(identity, object)| {
            let release = text(&object.node, &["metadata", "labels", "app.kubernetes.io/instance"]);
            let is_there = !release.is_empty() && !identity.namespace.is_empty();
            is_there.then_some((release, identity.namespace.as_str()))
        })
    }
}

impl Identity {
    /// Whether it is of a kind, whatever the version of its API.
    pub fn is(&self, group: &str, kind: &str) -> bool {
        (self.group.as_str(), self.kind.as_str()) == (group, kind)
    }

    /// What an object is; `None` when it does not say so.
    fn of(object: &Object, namespace: &str) -> Option<Self> {
        let (api, kind) = (object.api_version(), object.kind());
        let name = match object.name() {
            "" => text(&object.node, &["metadata", "generateName"]),
            name => name,
        };
        if api.is_empty() || kind.is_empty() || name.is_empty() {
            return None;
        }
        let namespace = match object.namespace() {
            _ if is_cluster_scoped(api, kind) => "",
            "" => namespace,
            given => given,
        };
        Some(Self {
            rank: install_rank(kind),
            kind: kind.to_owned(),
            group: api.rsplit_once('/').map_or("", |(group, _)| group).to_owned(),
            namespace: namespace.to_owned(),
            name: name.to_owned(),
        })
    }
}

/// Whether Helm runs an object beside the release (`helm test`, before an upgrade) and does not upgrade it with the rest.
pub(super) fn is_hook(object: &Object) -> bool {
    !text(&object.node, &["metadata", "annotations", "helm.sh/hook"]).is_empty()
}

/// Whether a text holds manifests rather than values, which have neither of the two keys that every object has.
pub fn is_manifests(stream: &[u8]) -> bool {
    for part in parts(stream) {
        let Ok(text) = document_text("", part) else { return true };
        let mut sources = Sources::default();
        let id = sources.add("", text);
        let read = read::partial(id, &sources);
        let maps = read.documents.iter().filter_map(|node| node.as_map());
        let mut maps = maps.filter(|map| !map.is_empty()).peekable();
        if maps.peek().is_some() {
            return maps.any(|map| map.contains_key("apiVersion") || map.contains_key("kind"));
        }
        if !read.problems.is_empty() {
            let begins = |line: &str| line.starts_with("apiVersion:") || line.starts_with("kind:");
            return sources.get(id).text.lines().any(begins);
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{Side, is_manifests};

    const OBJECT: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\n";

    fn names(stream: &str) -> Vec<String> {
        let side = Side::of_manifests("a.yaml", "prod", stream.as_bytes()).unwrap();
        side.objects.keys().map(ToString::to_string).collect()
    }

    fn refused(stream: &str) -> String {
        let problems = Side::of_manifests("a.yaml", "prod", stream.as_bytes()).unwrap_err();
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn objects_are_what_kind_namespace_and_name_say_in_the_order_of_an_installation() {
        let stream = format!(
            "{OBJECT}---\napiVersion: v1\nkind: PersistentVolume\nmetadata: {{name: v, namespace: ignored}}\n---\napiVersion: v1\nkind: Service\nmetadata: {{name: s, namespace: other}}\n"
        );
        assert_eq!(
            names(&stream),
            ["PersistentVolume/v", "Service/s -n other", "Deployment.apps/a -n prod"]
        );
    }

    #[test]
    fn the_version_of_the_api_makes_no_other_object() {
        assert_eq!(names(&OBJECT.replace("v1", "v1beta1")), names(OBJECT));
    }

    #[test]
    fn refuses_what_is_no_object_and_what_stands_twice() {
        assert!(refused("a: 1\n").starts_with("a.yaml:1:1: expected a Kubernetes object"));
        let twice = refused(&format!("{OBJECT}---\n{OBJECT}"));
        assert!(
            twice.starts_with("a.yaml:6:1: Deployment.apps/a -n prod stands in `a.yaml` twice"),
            "{twice}"
        );
        assert!(refused("# nothing\n").contains("holds no Kubernetes objects"));
        assert!(refused("a: [\n").contains("a.yaml:"));
    }

    #[test]
    fn tells_manifests_from_values() {
        for text in [
            OBJECT,
            "---\n# Source: x\n---\nkind: A\n",
            "{\"apiVersion\": \"v1\"}",
            "kind: A\n  b: [\n",
        ] {
            assert!(is_manifests(text.as_bytes()), "{text}");
        }
        for text in [
            "",
            "storage: {}\n",
            "a: [\n",
            "extraObjects:\n- apiVersion: v1\n  kind: A\n",
            "# kind: A\n",
        ] {
            assert!(!is_manifests(text.as_bytes()), "{text}");
        }
    }
}
