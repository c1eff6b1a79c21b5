//! The pods that objects describe, whatever the kind: where the template stands, and what its containers are.

use crate::node::{Map, Node};
use crate::object::text;

/// The pods that an object describes.
#[derive(Clone, Copy, Debug)]
pub struct Pods<'a> {
    /// The node that holds their `metadata` and their `spec`.
    pub template: &'a Node,
    /// Its path in the object: `spec.template`; empty for a Pod.
    path: &'static str,
}

/// A container of a pod.
#[derive(Clone, Copy, Debug)]
pub struct Container<'a> {
    /// The container.
    pub node: &'a Node,
    /// The list it stands in: `containers`, `initContainers` or `ephemeralContainers`.
    pub list: &'static str,
    /// Its place in that list.
    pub index: usize,
}

/// What a workload's template is called from the object's root.
const TEMPLATE: (&str, &[&str]) = ("spec.template", &["spec", "template"]);
const JOB_TEMPLATE: (&str, &[&str]) =
    ("spec.jobTemplate.spec.template", &["spec", "jobTemplate", "spec", "template"]);

impl<'a> Pods<'a> {
    /// The pods of an object; none when its kind makes none.
    pub fn of(object: &'a Node) -> Option<Self> {
        let (path, keys) = match (group(text(object, &["apiVersion"])), text(object, &["kind"])) {
            ("", "Pod") => ("", &[][..]),
            ("", "ReplicationController") | ("batch", "Job") => TEMPLATE,
            ("apps", "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet") => TEMPLATE,
            // The two add-ons whose workloads commonly stand in for a Deployment: Argo Rollouts and OpenKruise.
            ("argoproj.io", "Rollout") => TEMPLATE,
            ("apps.kruise.io", "CloneSet" | "StatefulSet" | "DaemonSet") => TEMPLATE,
            ("batch", "CronJob") => JOB_TEMPLATE,
            ("", "PodTemplate") => ("template", &["template"][..]),
            _ => return None,
        };
        Some(Self { template: object.at(keys)?, path })
    }

    /// Their `spec`.
    pub fn spec(&self) -> Option<&'a Node> {
        self.template.at(&["spec"])
    }

    /// Their labels.
    pub fn labels(&self) -> Option<&'a Map> {
        self.template.at(&["metadata", "labels"])?.as_map()
    }

    /// The containers, those that run first and those added for debugging included.
    pub fn containers(&self) -> impl Iterator<Item = Container<'a>> + use<'a> {
        self.spec().into_iter().flat_map(containers)
    }

    /// The path of a field of the pods, from the object's root: `containers[0]` is `spec.template.spec.containers[0]`.
    pub fn field(&self, below: &str) -> String {
        match self.path {
            "" => format!("spec.{below}"),
            path => format!("{path}.spec.{below}"),
        }
    }

    /// The path of a field of their metadata, from the object's root.
    pub fn metadata(&self, below: &str) -> String {
        match self.path {
            "" => format!("metadata.{below}"),
            path => format!("{path}.metadata.{below}"),
        }
    }
}

/// The containers of a pod's `spec`.
pub fn containers(spec: &Node) -> impl Iterator<Item = Container<'_>> {
    ["initContainers", "containers", "ephemeralContainers"].into_iter().flat_map(move |list| {
        let items = spec.at(&[list]).map(Node::items).unwrap_or_default();
        items.iter().enumerate().map(move |(index, node)| Container { node, list, index })
    })
}

impl<'a> Container<'a> {
    /// Its name; empty when it has none.
    pub fn name(&self) -> &'a str {
        text(self.node, &["name"])
    }

    /// Its path below the pod's `spec`: `containers[0]`.
    pub fn path(&self) -> String {
        format!("{}[{}]", self.list, self.index)
    }

    /// Whether it runs as long as the pod does: an ordinary one, or an init container that is a sidecar.
    pub fn serves(&self) -> bool {
        self.list == "containers"
            || self.list == "initContainers" && text(self.node, &["restartPolicy"]) == "Always"
    }

    /// The items of one of its lists: `ports`, `env`, `volumeMounts`.
    pub fn items(&self, list: &str) -> &'a [Node] {
        self.node.at(&[list]).map(Node::items).unwrap_or_default()
    }
}

/// The API group of an `apiVersion`: `apps` of `apps/v1`, empty for the core of `v1`.
pub fn group(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Pods;
    use crate::node::Node;

    #[test]
    fn finds_the_pods_of_every_kind() {
        let spec = json!({"containers": [{"name": "c"}]});
        let template = json!({"metadata": {"labels": {"a": "b"}}, "spec": spec});
        let cases = [
            ("v1", "Pod", json!({"metadata": {"labels": {"a": "b"}}, "spec": spec}), "spec.x"),
            (
                "apps/v1",
                "Deployment",
                json!({"spec": {"template": template}}),
                "spec.template.spec.x",
            ),
            (
                "apps/v1",
                "StatefulSet",
                json!({"spec": {"template": template}}),
                "spec.template.spec.x",
            ),
            ("batch/v1", "Job", json!({"spec": {"template": template}}), "spec.template.spec.x"),
            (
                "argoproj.io/v1alpha1",
                "Rollout",
                json!({"spec": {"template": template}}),
                "spec.template.spec.x",
            ),
            (
                "batch/v1",
                "CronJob",
                json!({"spec": {"jobTemplate": {"spec": {"template": template}}}}),
                "spec.jobTemplate.spec.template.spec.x",
            ),
        ];
        for (version, kind, mut object, field) in cases {
            object["apiVersion"] = json!(version);
            object["kind"] = json!(kind);
            let node = Node::from_json(&object);
            let pods = Pods::of(&node).unwrap();
            assert_eq!(pods.field("x"), field);
            assert_eq!(pods.containers().map(|c| c.name().to_owned()).collect::<Vec<_>>(), ["c"]);
            assert_eq!(pods.labels().unwrap().len(), 1);
        }
    }

    #[test]
    fn other_kinds_and_broken_ones_have_no_pods() {
        for object in [
            json!({"apiVersion": "v1", "kind": "Service", "spec": {}}),
            json!({"apiVersion": "example.com/v1", "kind": "Deployment", "spec": {"template": {}}}),
            json!({"apiVersion": "apps/v1", "kind": "Deployment", "spec": []}),
            json!([]),
        ] {
            assert!(Pods::of(&Node::from_json(&object)).is_none());
        }
    }

    #[test]
    fn a_sidecar_serves_and_an_init_container_does_not() {
        let pod = Node::from_json(&json!({"apiVersion": "v1", "kind": "Pod", "spec": {
            "initContainers": [{"name": "i"}, {"name": "s", "restartPolicy": "Always"}],
            "containers": [{"name": "c"}],
        }}));
        let serving = Pods::of(&pod).unwrap().containers().filter(|c| c.serves());
        assert_eq!(
            serving.map(|c| c.path()).collect::<Vec<_>>(),
            ["initContainers[1]", "containers[0]"]
        );
    }
}
