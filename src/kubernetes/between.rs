//! What an API server asks of the fields of one struct together: one of several, not both, one because of another.

use crate::node::{Map, Node, Value};
use crate::rules::{BAD_FORMAT, FIELD_CONFLICT, MISSING_FIELD};

use super::format::shown;
use super::here::Here;
use super::table::Type;
use super::walk::Walk;
use super::{
    autoscaling, data, network, rbac, resources, scheduling, security, service, storage, workload,
};

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
        "apps.v1.DeploymentStrategy" => unused_by(&mut here, "Recreate"),
        "apps.v1.RollingUpdateDaemonSet" => {
            rolling_update(&mut here);
            one_of_both(&mut here);
            at_most_all(&mut here, &["maxSurge", "maxUnavailable"]);
        }
        "apps.v1.RollingUpdateDeployment" => {
            rolling_update(&mut here);
            at_most_all(&mut here, &["maxUnavailable"]);
        }
        "apps.v1.StatefulSetUpdateStrategy" | "apps.v1.DaemonSetUpdateStrategy" => {
            unused_by(&mut here, "OnDelete");
        }
        "autoscaling.v1.HorizontalPodAutoscalerSpec"
        | "autoscaling.v2.HorizontalPodAutoscalerSpec" => autoscaling::check(&mut here),
        "autoscaling.v2.HPAScalingRules" => {
            not_empty(
                &mut here,
                "policies",
                "name a policy, or leave `policies` out for the default ones",
            );
        }
        "autoscaling.v2.MetricSpec" => autoscaling::check_metric(&mut here),
        "autoscaling.v2.MetricTarget" => autoscaling::check_target(&mut here),
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
        "core.v1.Container" | "core.v1.EphemeralContainer" => {
            workload::check_container(&mut here);
            storage::check_mounts(&mut here);
        }
        "core.v1.DownwardAPIVolumeFile" => storage::check_told_file(&mut here),
        "core.v1.HostPathVolumeSource" => storage::check_host_path(&mut here),
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
        "core.v1.PersistentVolumeClaimSpec" => storage::check_claim(&mut here),
        "core.v1.PersistentVolumeSpec" => storage::check_persistent_volume(&mut here, of),
        "core.v1.PodSpec" => {
            workload::check_pod(&mut here);
            network::check_pod(&mut here);
        }
        "core.v1.Probe" => here.one_of(&["exec", "grpc", "httpGet", "tcpSocket"], true),
        "core.v1.Secret" => data::check_secret(&mut here),
        "core.v1.ResourceFieldSelector" => resources::check_reference(&mut here),
        "core.v1.ResourceRequirements" => resources::check(&mut here),
        "core.v1.SecretVolumeSource" => named(&mut here, "secretName"),
        "core.v1.SecurityContext" => security::check(&mut here),
        "core.v1.ServiceSpec" => service::check(&mut here),
        "core.v1.Sysctl" => security::check_sysctl(&mut here),
        "core.v1.Toleration" => scheduling::check_toleration(&mut here),
        "core.v1.TopologySpreadConstraint" => scheduling::check_spread(&mut here),
        "core.v1.Volume" => here.volume(of, false),
        "core.v1.VolumeMount" => here.not_both("subPath", "subPathExpr"),
        "core.v1.VolumeProjection" => here.one_of(&PROJECTED, true),
        "networking.v1.HTTPIngressPath" => network::check_path(&mut here),
        "networking.v1.IPBlock" => network::check_block(&mut here),
        "networking.v1.Ingress" => network::check_ingress(&mut here),
        "networking.v1.IngressBackend" => here.one_of(&["resource", "service"], true),
        "networking.v1.IngressRule" => network::check_rule(&mut here),
        "networking.v1.IngressSpec" if !here.has("rules") && !here.has("defaultBackend") => {
            here.missing("rules", "an Ingress needs `rules` or a `defaultBackend`");
        }
        "networking.v1.NetworkPolicyPeer" => network::check_peer(&mut here),
        "networking.v1.NetworkPolicyPort" => network::check_port(&mut here),
        "networking.v1.ServiceBackendPort" => here.one_of(&["name", "number"], true),
        "policy.v1.PodDisruptionBudgetSpec" => {
            here.not_both("maxUnavailable", "minAvailable");
            at_most_all(&mut here, &["maxUnavailable", "minAvailable"]);
        }
        "rbac.v1.ClusterRoleBinding" => rbac::check_cluster_binding(&mut here),
        "rbac.v1.PolicyRule" => rbac::check_rule(&mut here),
        "rbac.v1.Role" => rbac::check_role(&mut here),
        "rbac.v1.Subject" if here.text("kind") == "ServiceAccount" && !here.has("namespace") => {
            here.missing("namespace", "a ServiceAccount is in a namespace: name it");
        }
        _ => {}
    }
}

/// What a volume can be put together of.
const PROJECTED: [&str; 6] = [
    "clusterTrustBundle",
    "configMap",
    "downwardAPI",
    "podCertificate",
    "secret",
    "serviceAccountToken",
];

/// How to replace pods step by step says nothing to a type that does not.
fn unused_by(here: &mut Here<'_, '_>, kind: &str) {
    if here.text("type") == kind && here.has("rollingUpdate") {
        let message = format!("`rollingUpdate` says nothing when the type is `{kind}`");
        let help = "leave it out: an API server refuses it";
        here.report(&FIELD_CONFLICT, "rollingUpdate", message, help);
    }
}

/// A DaemonSet replaces pods before they go, or after.
fn one_of_both(here: &mut Here<'_, '_>) {
    let more = |field: &str| {
        here.get(field).is_some_and(|node| {
            !matches!(node.value, Value::Int(0)) && !matches!(node.as_str(), Some("0%"))
        })
    };
    if more("maxSurge") && more("maxUnavailable") {
        let message = "`maxSurge` and `maxUnavailable` are both more than 0";
        here.report(&FIELD_CONFLICT, "maxUnavailable", message, "make one of them 0");
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
