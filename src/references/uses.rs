//! What pods need by name: claims, Secrets, ConfigMaps and accounts, and the keys in them.

use super::pods::Pods;
use crate::node::{Node, Value};
use crate::object::text;

/// Something that a pod names.
#[derive(Debug)]
pub(super) struct Use<'a> {
    /// `Secret`, `ConfigMap`, `PersistentVolumeClaim` or `ServiceAccount`.
    pub kind: &'static str,
    pub name: &'a str,
    /// The node of the name.
    pub node: &'a Node,
    /// The path of the name.
    pub field: String,
    /// Whether the pod starts without it.
    pub optional: bool,
    /// The keys that it must have, with their paths.
    pub keys: Vec<(&'a Node, String)>,
}

/// All that the pods of an object need.
pub(super) fn of_pods<'a>(pods: &Pods<'a>, uses: &mut Vec<Use<'a>>) {
    let Some(spec) = pods.spec() else { return };
    let items = |key| spec.at(&[key]).map(Node::items).unwrap_or_default();
    for (at, volume) in items("volumes").iter().enumerate() {
        of_volume(volume, &pods.field(&format!("volumes[{at}]")), uses);
    }
    for container in pods.containers() {
        of_container(container.node, &pods.field(&container.path()), uses);
    }
    for (at, secret) in items("imagePullSecrets").iter().enumerate() {
        let field = pods.field(&format!("imagePullSecrets[{at}]"));
        push(secret, "Secret", "name", field, &[], uses);
    }
    // `serviceAccount` is the old name of the same field.
    let key =
        ["serviceAccountName", "serviceAccount"].into_iter().find(|key| spec.at(&[key]).is_some());
    if let Some(key) = key {
        push(spec, "ServiceAccount", key, pods.field(""), &[], uses);
    }
}

/// What a container needs. `field` is its path. The values' sections name their two lists otherwise.
pub(super) fn of_container<'a>(container: &'a Node, field: &str, uses: &mut Vec<Use<'a>>) {
    for list in ["env", "extraEnv"] {
        let items = container.at(&[list]).map(Node::items).unwrap_or_default();
        for (at, item) in items.iter().enumerate() {
            for (key, kind) in [("secretKeyRef", "Secret"), ("configMapKeyRef", "ConfigMap")] {
                if let Some(reference) = item.at(&["valueFrom", key]) {
                    let field = format!("{field}.{list}[{at}].valueFrom.{key}");
                    push(reference, kind, "name", field, &["key"], uses);
                }
            }
        }
    }
    for list in ["envFrom", "extraEnvFrom"] {
        let items = container.at(&[list]).map(Node::items).unwrap_or_default();
        for (at, item) in items.iter().enumerate() {
            for (key, kind) in [("secretRef", "Secret"), ("configMapRef", "ConfigMap")] {
                if let Some(reference) = item.at(&[key]) {
                    push(reference, kind, "name", format!("{field}.{list}[{at}].{key}"), &[], uses);
                }
            }
        }
    }
}

/// What a volume needs. `field` is its path.
pub(super) fn of_volume<'a>(volume: &'a Node, field: &str, uses: &mut Vec<Use<'a>>) {
    for (source, entry) in volume.as_map().into_iter().flatten() {
        let node = &entry.node;
        let field = format!("{field}.{source}");
        match source.as_str() {
            "secret" => push(node, "Secret", "secretName", field, &["items"], uses),
            "configMap" => push(node, "ConfigMap", "name", field, &["items"], uses),
            "persistentVolumeClaim" => {
                push(node, "PersistentVolumeClaim", "claimName", field, &[], uses);
            }
            "azureFile" => push(node, "Secret", "secretName", field, &[], uses),
            "projected" => {
                let sources = node.at(&["sources"]).map(Node::items).unwrap_or_default();
                for (at, source) in sources.iter().enumerate() {
                    for (key, kind) in [("secret", "Secret"), ("configMap", "ConfigMap")] {
                        if let Some(part) = source.at(&[key]) {
                            let field = format!("{field}.sources[{at}].{key}");
                            push(part, kind, "name", field, &["items"], uses);
                        }
                    }
                }
            }
            // The network and CSI volumes keep their login in a Secret.
            _ => {
                for key in ["secretRef", "nodePublishSecretRef"] {
                    if let Some(reference) = node.at(&[key]) {
                        push(reference, "Secret", "name", format!("{field}.{key}"), &[], uses);
                    }
                }
            }
        }
    }
}

/// Adds what a reference names, unless it names nothing: that is for whoever checks types. `keys` says where the keys stand:
/// `key`, or `items` of which each has one.
fn push<'a>(
    reference: &'a Node,
    kind: &'static str,
    name: &str,
    field: String,
    keys: &[&str],
    uses: &mut Vec<Use<'a>>,
) {
    let Some(node) =
        reference.at(&[name]).filter(|node| node.as_str().is_some_and(|n| !n.is_empty()))
    else {
        return;
    };
    let optional = reference.at(&["optional"]);
    let optional = optional.is_some_and(|node| matches!(node.value, Value::Bool(true)));
    let mut wanted = Vec::new();
    for key in keys {
        match *key {
            "key" => wanted.extend(reference.at(&["key"]).map(|key| (key, format!("{field}.key")))),
            list => {
                let items = reference.at(&[list]).map(Node::items).unwrap_or_default();
                wanted.extend(items.iter().enumerate().filter_map(|(at, item)| {
                    Some((item.at(&["key"])?, format!("{field}.{list}[{at}].key")))
                }));
            }
        }
    }
    let field = format!("{}.{name}", field.trim_end_matches('.'));
    uses.push(Use { kind, name: text(reference, &[name]), node, field, optional, keys: wanted });
}
