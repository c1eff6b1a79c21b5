//! Manifests: the objects that rendered templates hold, in the order in which Helm installs them.

use serde_json::Value as Json;

use crate::error::Error;
use crate::source::Sources;
use crate::templates::Rendered;
use crate::yaml::read;

/// One object, as a YAML document of a template.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The template's path below the chart's folder: `templates/pvs.yaml`.
    pub template: String,
    /// The document, without `---` and without blank lines around it.
    pub text: String,
    kind: String,
    is_hook: bool,
}

/// Kinds in Helm's install order; others come last, in alphabetical order (Helm, `kind_sorter.go`).
const INSTALL_ORDER: &[&str] = &[
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
];

impl Manifest {
    /// Reads of a document what its place in the order depends on. Templates print block style with steps of two spaces, so
    /// it is read off the lines: parsing every document would take longer than rendering it.
    fn new(template: &str, text: &str) -> Result<Self, Error> {
        let top_level = |key: &str| {
            let value = text.lines().find_map(|line| line.strip_prefix(key))?;
            Some(value.trim().trim_matches('"')).filter(|value| !value.is_empty())
        };
        let (Some(kind), Some(_)) = (top_level("kind:"), top_level("apiVersion:")) else {
            let first = text.lines().next().unwrap_or_default();
            return Err(Error::Template(format!(
                "{template}: `{first}` begins a document that is no Kubernetes object"
            )));
        };
        Ok(Self {
            template: template.to_owned(),
            text: text.to_owned(),
            kind: kind.to_owned(),
            is_hook: has_hook(text),
        })
    }

    /// The object that the document holds.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the document is not YAML; the places are those of the document.
    pub fn object(&self) -> Result<Json, Error> {
        let mut sources = Sources::default();
        let id = sources.add(self.template.clone(), self.text.clone());
        read::document(id, &sources).map(|node| node.to_json()).map_err(Error::Invalid)
    }

    /// The object's kind.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Whether Helm runs the object as a hook, after or beside the release, instead of installing it with it.
    pub fn is_hook(&self) -> bool {
        self.is_hook
    }

    /// Where the object stands in `helm template`'s output: by kind, hooks last and by kind, too.
    fn install_order(&self) -> (bool, usize, &str) {
        let rank = install_rank(&self.kind);
        let kind = if rank < INSTALL_ORDER.len() { "" } else { &self.kind };
        (self.is_hook, rank, kind)
    }
}

/// Where a kind stands in the order in which Helm installs; those that it does not know come last.
pub fn install_rank(kind: &str) -> usize {
    INSTALL_ORDER.iter().position(|known| *known == kind).unwrap_or(INSTALL_ORDER.len())
}

/// Whether an object's annotations make it a hook.
fn has_hook(text: &str) -> bool {
    let mut annotations = text
        .lines()
        .skip_while(|line| *line != "metadata:")
        .skip(1)
        .take_while(|line| line.starts_with(' '))
        .skip_while(|line| *line != "  annotations:")
        .skip(1)
        .take_while(|line| line.starts_with("    "));
    annotations.any(|line| line.starts_with("    helm.sh/hook:"))
}

/// Takes rendered templates apart into manifests and sorts them as Helm does: by the template's path, then by kind.
///
/// # Errors
/// [`Error::Template`] when a document is no object.
pub fn collect(rendered: &[Rendered]) -> Result<Vec<Manifest>, Error> {
    let mut manifests = Vec::new();
    for file in rendered {
        let template = format!("templates/{}", file.path);
        for text in documents(&file.text) {
            manifests.push(Manifest::new(&template, text)?);
        }
    }
    manifests.sort_by(|a, b| a.template.cmp(&b.template));
    manifests.sort_by(|a, b| a.install_order().cmp(&b.install_order()));
    Ok(manifests)
}

/// The documents of a template: what stands between lines of `---`, without those that hold nothing.
fn documents(text: &str) -> Vec<&str> {
    let mut documents = Vec::new();
    let (mut start, mut end) = (0, 0);
    for line in text.split_inclusive('\n') {
        if line.trim_end() == "---" {
            documents.push(&text[start..end]);
            start = end + line.len();
        }
        end += line.len();
    }
    documents.push(&text[start..]);
    documents.retain(|document| !document.trim().is_empty());
    documents.into_iter().map(|document| document.trim_matches('\n')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(files: &[(&'static str, &str)]) -> Vec<Rendered> {
        files
            .iter()
            .map(|(path, text)| Rendered {
                path,
                text: (*text).into(),
                spans: Vec::new(),
                decisions: Vec::new(),
            })
            .collect()
    }

    fn kinds(files: &[(&'static str, &str)]) -> Vec<String> {
        collect(&rendered(files)).unwrap().iter().map(|m| m.kind().to_owned()).collect()
    }

    #[test]
    fn sorts_by_kind_and_puts_unknown_kinds_and_hooks_last() {
        let doc = |kind: &str| format!("apiVersion: v1\nkind: {kind}\n");
        let hook = format!("{}metadata:\n  annotations:\n    helm.sh/hook: test\n", doc("Pod"));
        let files = [
            ("a.yaml", doc("Zebra")),
            ("b.yaml", doc("Apple")),
            ("c.yaml", hook),
            ("d.yaml", doc("Deployment")),
            ("e.yaml", doc("Service")),
        ];
        let files: Vec<(&'static str, &str)> =
            files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        assert_eq!(kinds(&files), ["Service", "Deployment", "Apple", "Zebra", "Pod"]);
    }

    #[test]
    fn sorts_hooks_by_kind_too() {
        let hook = |kind: &str| {
            format!(
                "apiVersion: v1\nkind: {kind}\nmetadata:\n  annotations:\n    helm.sh/hook: test\n"
            )
        };
        let kinds_of = ["Zebra", "Job", "Apple", "Pod", "ServiceAccount"].map(hook).join("---\n");
        let plain = "apiVersion: v1\nkind: Widget\n";
        let files = [("a.yaml", kinds_of.as_str()), ("b.yaml", plain)];
        assert_eq!(kinds(&files), ["Widget", "ServiceAccount", "Pod", "Job", "Apple", "Zebra"]);
    }

    #[test]
    fn splits_documents_and_drops_empty_ones() {
        let text =
            "---\n\n---\napiVersion: v1\nkind: A\n---\napiVersion: v1\nkind: B\ntext: \"---\"\n";
        assert_eq!(kinds(&[("a.yaml", text)]), ["A", "B"]);
    }

    #[test]
    fn refuses_a_document_that_is_no_object() {
        let error = collect(&rendered(&[("a.yaml", "apiVersion: v1\n")])).unwrap_err();
        assert_eq!(
            error.to_string(),
            "cannot render the templates\ntemplates/a.yaml: `apiVersion: v1` begins a document that is no Kubernetes object"
        );
    }

    #[test]
    fn takes_no_text_for_a_hook_that_only_mentions_one() {
        for (text, is_hook) in [
            ("data:\n  helm.sh/hook: test\nmetadata:\n  name: a\n", false),
            ("metadata:\n  labels:\n    helm.sh/hook: test\n", false),
            ("metadata:\n  annotations:\n    a: \"helm.sh/hook: test\"\n", false),
            ("metadata:\n  annotations:\n    a: b\n  labels:\n    helm.sh/hook: test\n", false),
            ("metadata:\n  name: a\nspec:\n  annotations:\n    helm.sh/hook: test\n", false),
            ("metadata:\n  annotations:\n    a: b\n    helm.sh/hook: test\n  name: a\n", true),
        ] {
            let text = format!("apiVersion: v1\nkind: ConfigMap\n{text}");
            let manifests = collect(&rendered(&[("a.yaml", &text)])).unwrap();
            assert_eq!(manifests[0].is_hook(), is_hook, "{text}");
        }
    }
}
