//! What an API server asks of the fields of one struct together: one of several, not both, one because of another.

use crate::node::{Map, Node, Value};
use crate::rules::{BAD_FORMAT, FIELD_CONFLICT, MISSING_FIELD};

use super::format::shown;
use super::here::Here;
use super::table::Type;
use super::walk::Walk;
use super::{data, network, resources, scheduling, security, service, workload};

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
        "apps.v1.RollingUpdateDaemonSet" => {
            rolling_update(&mut here);
            at_most_all(&mut here, &["maxSurge", "maxUnavailable"]);
        }
        "apps.v1.RollingUpdateDeployment" => {
            rolling_update(&mut here);
            at_most_all(&mut here, &["maxUnavailable"]);
        }
        "autoscaling.v1.HorizontalPodAutoscalerSpec"
        | "autoscaling.v2.HorizontalPodAutoscalerSpec" => autoscaler(&mut here),
        "autoscaling.v2.HPAScalingRules" => {
            not_empty(
                &mut here,
                "policies",
                "name a policy, or leave `policies` out for the default ones",
            );
        }
        "autoscaling.v2.MetricSpec" => metric(&mut here),
        "batch.v1.JobSpec" => workload::check_job(&mut here),
        "core.v1.ConfigMap" => data::check_config_map(&mut here),
        "core.v1.AppArmorProfile" | "core.v1.SeccompProfile" => security::check_profile(&mut here),
        "core.v1.ConfigMapEnvSource"
        | "core.v1.ConfigMapKeySelector"
        | "core.v1.ConfigMapProjection"
        | "core.v1.ConfigMapVolumeSource"
        | "core.v1.SecretEnvSource"
        | "core.v1.SecretKeySelector"
        | "core.v1.SecretProjection" => named(&mut here, "name"),
        "core.v1.Container" | "core.v1.EphemeralContainer" => workload::check_container(&mut here),
        "core.v1.EnvFromSource" => here.one_of(&["configMapRef", "secretRef"], true),
        "core.v1.EnvVar" => here.not_both("value", "valueFrom"),
        "core.v1.EnvVarSource" => here.one_of(
            &["configMapKeyRef", "fieldRef", "fileKeyRef", "resourceFieldRef", "secretKeyRef"],
            true,
        ),
        "core.v1.ExecAction" if !here.has("command") => {
            here.missing("command", "name the program and its arguments, as a list");
        }
        "core.v1.LifecycleHandler" => here.one_of(&["exec", "httpGet", "sleep", "tcpSocket"], true),
        "core.v1.NodeSelector" => {
            not_empty(&mut here, "nodeSelectorTerms", "name the labels of the nodes");
        }
        "core.v1.NodeSelectorRequirement" | "meta.v1.LabelSelectorRequirement" => {
            scheduling::check_requirement(&mut here)
        }
        "core.v1.PersistentVolumeClaimSpec" => claim(&mut here),
        "core.v1.PersistentVolumeSpec" => persistent_volume(&mut here, of),
        "core.v1.PodSpec" => workload::check_pod(&mut here),
        "core.v1.Probe" => here.one_of(&["exec", "grpc", "httpGet", "tcpSocket"], true),
        "core.v1.Secret" => data::check_secret(&mut here),
        "core.v1.ResourceFieldSelector" => resources::check_reference(&mut here),
        "core.v1.ResourceRequirements" => resources::check(&mut here),
        "core.v1.SecretVolumeSource" => named(&mut here, "secretName"),
        "core.v1.SecurityContext" => security::check(&mut here),
        "core.v1.ServiceSpec" => service::check(&mut here),
        "core.v1.Toleration" => scheduling::check_toleration(&mut here),
        "core.v1.Volume" => here.volume(of, false),
        "core.v1.VolumeMount" => here.not_both("subPath", "subPathExpr"),
        "networking.v1.IPBlock" => network::check_block(&mut here),
        "networking.v1.Ingress" => network::check_ingress(&mut here),
        "networking.v1.IngressBackend" => here.one_of(&["resource", "service"], true),
        "networking.v1.IngressSpec" if !here.has("rules") && !here.has("defaultBackend") => {
            here.missing("rules", "an Ingress needs `rules` or a `defaultBackend`");
        }
        "networking.v1.NetworkPolicyPeer" => network::check_peer(&mut here),
        "networking.v1.ServiceBackendPort" => here.one_of(&["name", "number"], true),
        "policy.v1.PodDisruptionBudgetSpec" => {
            here.not_both("maxUnavailable", "minAvailable");
            at_most_all(&mut here, &["maxUnavailable", "minAvailable"]);
        }
        "rbac.v1.PolicyRule" => here.not_both("nonResourceURLs", "resources"),
        "rbac.v1.Subject" if here.text("kind") == "ServiceAccount" && !here.has("namespace") => {
            here.missing("namespace", "a ServiceAccount is in a namespace: name it");
        }
        _ => {}
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

/// A share of the pods is not more than all of them.
fn at_most_all(here: &mut Here<'_, '_>, fields: &[&str]) {
    for field in fields {
        let text = here.text(field);
        // Another form has been found.
        let Some(share) = text.strip_suffix('%').filter(|share| !share.is_empty()) else {
            continue;
        };
        let is_number = share.bytes().all(|b| b.is_ascii_digit());
        if !is_number || share.parse::<u32>().is_ok_and(|share| share <= 100) {
            continue;
        }
        let message = format!("`{field}` is `{}`, more than all pods", shown(text));
        here.report(&BAD_FORMAT, field, message, "write at most `100%`");
    }
}

/// A list that is given has something in it; whether it may be left out is told elsewhere.
fn not_empty(here: &mut Here<'_, '_>, field: &str, help: &str) {
    let given = here.map.get(field).map(|entry| &entry.node.value);
    if matches!(given, Some(Value::List(items)) if items.is_empty()) {
        here.report(&MISSING_FIELD, field, format!("`{field}` is empty"), help);
    }
}

/// What is referred to has a name, though the types do not ask for it.
fn named(here: &mut Here<'_, '_>, field: &str) {
    if !here.has(field) {
        here.missing(field, "name the object");
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
