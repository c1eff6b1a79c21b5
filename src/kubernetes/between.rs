//! What an API server asks of the fields of one struct together: one of several, not both, one because of another.

use crate::node::{Map, Node, Value};
use crate::rules::{BAD_FORMAT, FIELD_CONFLICT};

use super::here::Here;
use super::table::Type;
use super::walk::Walk;
use super::{data, service, workload};

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
        "core.v1.SecurityContext" => security(&mut here),
        "core.v1.ServiceSpec" => service::check(&mut here),
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

fn security(here: &mut Here<'_, '_>) {
    let is = |field: &str, wanted: bool| {
        here.get(field).is_some_and(|node| matches!(node.value, Value::Bool(is) if is == wanted))
    };
    if is("privileged", true) && is("allowPrivilegeEscalation", false) {
        let message = "`allowPrivilegeEscalation` cannot be false for a privileged container";
        here.report(
            &FIELD_CONFLICT,
            "allowPrivilegeEscalation",
            message,
            "leave one of the two out",
        );
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
