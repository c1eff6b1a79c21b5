//! What an API server asks of the fields of one struct together: one of several, not both, one because of another.

use crate::node::{Entry, Map, Node, Value};
use crate::rules::{BAD_FORMAT, FIELD_CONFLICT, MISSING_FIELD, Rule};

use super::format::or;
use super::table::Type;
use super::walk::{Step, Walk};
use super::{data, workload};

/// Checks a struct whose fields have been checked one by one.
pub(super) fn check<'a>(walk: &mut Walk<'a>, of: Type, node: &'a Node, map: &'a Map) {
    let mut here = Here { walk, node, map };
    match of.name {
        "apps.v1.DaemonSetSpec"
        | "apps.v1.DeploymentSpec"
        | "apps.v1.ReplicaSetSpec"
        | "apps.v1.StatefulSetSpec" => {
            workload::check_replicated(&mut here);
        }
        "apps.v1.DeploymentStrategy" => strategy(&mut here),
        "apps.v1.RollingUpdateDaemonSet" | "apps.v1.RollingUpdateDeployment" => {
            rolling_update(&mut here)
        }
        "autoscaling.v1.HorizontalPodAutoscalerSpec"
        | "autoscaling.v2.HorizontalPodAutoscalerSpec" => autoscaler(&mut here),
        "autoscaling.v2.MetricSpec" => metric(&mut here),
        "batch.v1.JobSpec" => workload::check_job(&mut here),
        "core.v1.ConfigMap" => data::check_config_map(&mut here),
        "core.v1.Container" | "core.v1.EphemeralContainer" => workload::check_container(&mut here),
        "core.v1.EnvVar" => here.not_both("value", "valueFrom"),
        "core.v1.EnvVarSource" => here.one_of(
            &["configMapKeyRef", "fieldRef", "fileKeyRef", "resourceFieldRef", "secretKeyRef"],
            true,
        ),
        "core.v1.LifecycleHandler" => here.one_of(&["exec", "httpGet", "sleep", "tcpSocket"], true),
        "core.v1.NodeSelectorRequirement" | "meta.v1.LabelSelectorRequirement" => {
            requirement(&mut here)
        }
        "core.v1.PersistentVolumeClaimSpec" => claim(&mut here),
        "core.v1.PersistentVolumeSpec" => persistent_volume(&mut here, of),
        "core.v1.PodSpec" => workload::check_pod(&mut here),
        "core.v1.Probe" => here.one_of(&["exec", "grpc", "httpGet", "tcpSocket"], true),
        "core.v1.Secret" => data::check_secret(&mut here),
        "core.v1.ServiceSpec" => service(&mut here),
        "core.v1.Toleration" => toleration(&mut here),
        "core.v1.Volume" => here.volume(of, false),
        "core.v1.VolumeMount" => here.not_both("subPath", "subPathExpr"),
        "networking.v1.IngressBackend" => here.one_of(&["resource", "service"], true),
        "networking.v1.IngressSpec" if !here.has("rules") && !here.has("defaultBackend") => {
            here.missing("rules", "an Ingress needs `rules` or a `defaultBackend`");
        }
        "networking.v1.NetworkPolicyPeer" => {
            here.not_both("ipBlock", "podSelector");
            here.not_both("ipBlock", "namespaceSelector");
        }
        "networking.v1.ServiceBackendPort" => here.one_of(&["name", "number"], true),
        "policy.v1.PodDisruptionBudgetSpec" => here.not_both("maxUnavailable", "minAvailable"),
        "rbac.v1.PolicyRule" => here.not_both("nonResourceURLs", "resources"),
        "rbac.v1.Subject" if here.text("kind") == "ServiceAccount" && !here.has("namespace") => {
            here.missing("namespace", "a ServiceAccount is in a namespace: name it");
        }
        _ => {}
    }
}

/// A struct, and where it stands.
pub(super) struct Here<'w, 'a> {
    pub walk: &'w mut Walk<'a>,
    pub node: &'a Node,
    pub map: &'a Map,
}

impl<'a> Here<'_, 'a> {
    /// The value of a field, when it holds something: not null, not empty.
    pub fn get(&self, field: &str) -> Option<&'a Node> {
        let node = &self.map.get(field)?.node;
        let empty = match &node.value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::List(items) => items.is_empty(),
            _ => false,
        };
        (!empty).then_some(node)
    }

    pub fn has(&self, field: &str) -> bool {
        self.get(field).is_some()
    }

    /// The text of a field; empty when there is none.
    pub fn text(&self, field: &str) -> &'a str {
        self.get(field).and_then(Node::as_str).unwrap_or_default()
    }

    pub fn number(&self, field: &str) -> Option<i64> {
        match self.get(field)?.value {
            Value::Int(number) => Some(number),
            _ => None,
        }
    }

    /// Notes a breach by the field that is named last in its path.
    pub fn report(
        &mut self,
        rule: &'static Rule,
        field: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let at = self
            .map
            .get(field)
            .map_or(self.node.origin, |entry: &Entry| entry.key_origin.or(entry.node.origin));
        self.walk.report_field(rule, at, field, message.into(), help.into());
    }

    pub fn missing(&mut self, field: &str, help: &str) {
        let message = format!("`{field}` is missing");
        self.report(&MISSING_FIELD, field, message, help);
    }

    /// Notes a field that is missing further down.
    fn missing_below(&mut self, path: &[&'static str], field: &str, help: &str) {
        self.walk.path.extend(path.iter().copied().map(Step::Key));
        let message = format!("`{field}` is missing");
        self.walk.report_field(&MISSING_FIELD, self.node.origin, field, message, help.to_owned());
        self.walk.path.truncate(self.walk.path.len() - path.len());
    }

    pub fn not_both(&mut self, one: &str, other: &str) {
        if self.has(one) && self.has(other) {
            let message = format!("`{one}` and `{other}` exclude each other");
            self.report(&FIELD_CONFLICT, other, message, "leave one of them out");
        }
    }

    /// At most one of some fields, and at least one, if one is needed.
    pub fn one_of(&mut self, fields: &[&str], needed: bool) {
        let given: Vec<&str> = fields.iter().copied().filter(|field| self.has(field)).collect();
        let quoted = || fields.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>();
        self.one_of_given(&given, needed.then(|| format!("one of {}", or(&quoted()))));
    }

    /// What a volume is made of is said by one field; their types tell which of its fields are such.
    fn volume(&mut self, of: Type, needed: bool) {
        let is_source = |name: &str| of.field(name).any(|field| field.kind.ends_with("Source"));
        let map = self.map;
        let given: Vec<&str> = map
            .keys()
            .map(String::as_str)
            .filter(|name| self.has(name) && is_source(name))
            .collect();
        self.one_of_given(&given, needed.then(|| "a source, like `nfs`".to_owned()));
    }

    fn one_of_given(&mut self, given: &[&str], needed: Option<String>) {
        match (given, needed) {
            ([], Some(expected)) => {
                let message = format!("{} lacks {expected}", self.walk.here());
                let at = self.node.origin;
                self.walk.report(&MISSING_FIELD, at, message, None);
            }
            ([first, .., last], _) => {
                let message = format!("`{first}` and `{last}` exclude each other");
                self.report(&FIELD_CONFLICT, last, message, "keep one of them, or make two of it");
            }
            _ => {}
        }
    }
}

fn strategy(here: &mut Here<'_, '_>) {
    if here.text("type") == "Recreate" && here.has("rollingUpdate") {
        let message = "`rollingUpdate` says nothing when the type is `Recreate`";
        here.report(
            &FIELD_CONFLICT,
            "rollingUpdate",
            message,
            "leave it out: an API server refuses it",
        );
    }
}

fn rolling_update(here: &mut Here<'_, '_>) {
    let zero = |field: &str| {
        here.get(field).is_some_and(|node| {
            matches!(node.value, Value::Int(0)) || matches!(node.as_str(), Some("0%"))
        })
    };
    if zero("maxUnavailable") && zero("maxSurge") {
        let message =
            "`maxSurge` and `maxUnavailable` are both 0, so that no pod could be replaced";
        here.report(&FIELD_CONFLICT, "maxUnavailable", message, "allow one pod more, or one less");
    }
}

fn autoscaler(here: &mut Here<'_, '_>) {
    if let (Some(least), Some(most)) = (here.number("minReplicas"), here.number("maxReplicas"))
        && least > most
    {
        let message = format!("`minReplicas` is {least}, more than `maxReplicas`, which is {most}");
        here.report(&FIELD_CONFLICT, "minReplicas", message, "make it the same or less");
    }
}

fn metric(here: &mut Here<'_, '_>) {
    let field = match here.text("type") {
        "ContainerResource" => "containerResource",
        "External" => "external",
        "Object" => "object",
        "Pods" => "pods",
        "Resource" => "resource",
        _ => return,
    };
    if !here.has(field) {
        here.missing(field, "the metric's type asks for it");
    }
}

fn requirement(here: &mut Here<'_, '_>) {
    let operator = here.text("operator");
    match operator {
        "In" | "NotIn" | "Gt" | "Lt" if !here.has("values") => {
            here.missing("values", &format!("operator `{operator}` compares with something"));
        }
        "Exists" | "DoesNotExist" if here.has("values") => {
            let message = format!("`values` says nothing when the operator is `{operator}`");
            here.report(&FIELD_CONFLICT, "values", message, "leave it out, or use `In`");
        }
        _ => {}
    }
}

fn claim(here: &mut Here<'_, '_>) {
    if !here.has("accessModes") {
        here.missing("accessModes", "name at least one, like `ReadWriteOnce`");
    }
    let storage = here.node.at(&["resources", "requests", "storage"]);
    if storage.is_none_or(|node| matches!(node.value, Value::Null)) {
        here.missing_below(&["resources", "requests"], "storage", "a claim asks for a size");
    }
}

fn persistent_volume(here: &mut Here<'_, '_>, of: Type) {
    here.volume(of, true);
    if !here.has("accessModes") {
        here.missing("accessModes", "name at least one, like `ReadWriteOnce`");
    }
    let storage = here.node.at(&["capacity", "storage"]);
    if storage.is_none_or(|node| matches!(node.value, Value::Null)) {
        here.missing_below(&["capacity"], "storage", "a volume has a size");
    }
}

fn service(here: &mut Here<'_, '_>) {
    let kind = here.text("type");
    let ports = here.get("ports").map(Node::items).unwrap_or_default();
    if kind == "ExternalName" {
        if !here.has("externalName") {
            here.missing("externalName", "a Service of type `ExternalName` stands for a DNS name");
        }
    } else if ports.is_empty() && here.text("clusterIP") != "None" {
        here.missing("ports", "a Service needs a port, unless it is headless (`clusterIP: None`)");
    }
    if here.text("sessionAffinity") != "ClientIP" && here.has("sessionAffinityConfig") {
        let message = "`sessionAffinityConfig` says nothing without `sessionAffinity: ClientIP`";
        here.report(
            &FIELD_CONFLICT,
            "sessionAffinityConfig",
            message,
            "leave it out, or set the affinity",
        );
    }
    if here.text("clusterIP") == "None" && matches!(kind, "NodePort" | "LoadBalancer") {
        let message = format!("a headless Service (`clusterIP: None`) cannot be of type `{kind}`");
        here.report(&FIELD_CONFLICT, "clusterIP", message, "leave `clusterIP` out");
    }
    let may_have_node_ports = matches!(kind, "NodePort" | "LoadBalancer");
    here.walk.path.push(Step::Key("ports"));
    let mut names = std::collections::HashSet::new();
    for (index, port) in ports.iter().enumerate() {
        let Some(map) = port.as_map() else { continue };
        here.walk.path.push(Step::Index(index));
        let mut here = Here { walk: here.walk, node: port, map };
        let name = here.text("name");
        if name.is_empty() && ports.len() > 1 {
            here.missing("name", "a Service with several ports names each of them");
        } else if !name.is_empty() && !names.insert(name) {
            let message = format!(
                "another port of the Service has the name `{}` too",
                super::format::shown(name)
            );
            here.report(&FIELD_CONFLICT, "name", message, "give each port a name of its own");
        }
        if !may_have_node_ports && here.number("nodePort").is_some_and(|port| port != 0) {
            let message = "`nodePort` is for the types `NodePort` and `LoadBalancer` only";
            here.report(
                &FIELD_CONFLICT,
                "nodePort",
                message,
                "leave it out, or change the Service's `type`",
            );
        }
        here.walk.path.pop();
    }
    here.walk.path.pop();
}

fn toleration(here: &mut Here<'_, '_>) {
    let operator = here.text("operator");
    if operator == "Exists" && here.has("value") {
        let message = "`value` says nothing when the operator is `Exists`";
        here.report(&FIELD_CONFLICT, "value", message, "leave it out, or use `Equal`");
    }
    if here.has("tolerationSeconds") && !matches!(here.text("effect"), "" | "NoExecute") {
        let message = "`tolerationSeconds` says nothing unless the effect is `NoExecute`";
        here.report(&FIELD_CONFLICT, "tolerationSeconds", message, "leave it out");
    }
    if !here.has("key") && operator != "Exists" {
        let help = "name the taint's key, or tolerate all with `operator: Exists`";
        here.report(
            &BAD_FORMAT,
            "key",
            "a toleration without a key needs the operator `Exists`",
            help,
        );
    }
}
