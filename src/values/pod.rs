//! Settings that the three workloads share: resources, probes, and what goes into the pod as it is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::values::format;
use crate::values::maps::{Annotations, Labels, NodeSelector, Quantities, YamlMap};

/// CPU and memory of a container.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Resources {
    /// What the scheduler sets aside on a node, as Kubernetes quantities.
    #[serde(default)]
    pub requests: Quantities,
    /// What the container may use at most. Empty is no limit; beyond its memory limit a container is
    /// killed in the middle of its work.
    #[serde(default)]
    pub limits: Quantities,
}

/// How the kubelet watches a container: Kubernetes probes, with the container's port by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Probes {
    /// Until it succeeds the other two wait. `{}` is no probe.
    #[serde(default)]
    pub startup: YamlMap,
    /// While it fails the pod gets no traffic. `{}` is no probe.
    #[serde(default)]
    pub readiness: YamlMap,
    /// When it fails the container is restarted. `{}` is no probe.
    #[serde(default)]
    pub liveness: YamlMap,
}

/// What each workload's section holds for its pods, besides its own keys.
///
/// It is flattened into the section, so the section and not this type refuses unknown keys.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PodSettings {
    /// Annotations of the pods.
    #[serde(default)]
    pub pod_annotations: Annotations,
    /// Labels of the pods. The chart's own label keys are refused.
    #[serde(default)]
    pub pod_labels: Labels,
    /// Security context of the pods, as Kubernetes defines it. Maps are merged: null takes a default away.
    #[serde(default)]
    pub pod_security_context: YamlMap,
    /// Security context of the container, as Kubernetes defines it. Maps are merged: null takes a default away.
    #[serde(default)]
    pub security_context: YamlMap,
    /// Labels that a node must have to run the pods. In a cluster of mixed architectures,
    /// `kubernetes.io/arch` must fit the image.
    #[serde(default)]
    pub node_selector: NodeSelector,
    /// Taints that the pods tolerate.
    #[serde(default)]
    pub tolerations: Vec<YamlMap>,
    /// Affinity and anti-affinity of the pods.
    #[serde(default)]
    pub affinity: YamlMap,
    /// How the pods spread over nodes and zones, as in Kubernetes.
    #[serde(default)]
    pub topology_spread_constraints: Vec<YamlMap>,
    /// PriorityClass of the pods. Empty is the cluster's default.
    #[schemars(schema_with = "format::optional_name")]
    pub priority_class_name: String,
    /// Seconds that a pod gets to finish its work before it is killed.
    #[schemars(range(max = 86400))]
    pub termination_grace_period_seconds: u32,
    /// More environment variables of the container, as in Kubernetes: `name` and `value` or
    /// `valueFrom`.
    #[serde(default)]
    pub extra_env: Vec<YamlMap>,
    /// ConfigMaps and Secrets whose keys become environment variables.
    #[serde(default)]
    pub extra_env_from: Vec<YamlMap>,
    /// More volumes of the pods, such as Chinese fonts for Forguncy's export to Excel and PDF.
    #[serde(default)]
    pub extra_volumes: Vec<YamlMap>,
    /// Where the container mounts them; fonts go below `/usr/share/fonts`.
    #[serde(default)]
    pub extra_volume_mounts: Vec<YamlMap>,
    /// More containers of the pods, such as an exporter of metrics or a shipper of logs.
    #[serde(default)]
    pub extra_containers: Vec<YamlMap>,
}

/// The keys that hold containers of the user's own.
pub const CONTAINER_LISTS: [&str; 4] = [
    "forguncy.initContainers",
    "forguncy.extraContainers",
    "redis.extraContainers",
    "influx.extraContainers",
];

impl Resources {
    /// Requests without limits.
    pub(crate) fn requests(cpu: &str, memory: &str) -> Self {
        Self {
            requests: Quantities::from([("cpu", cpu), ("memory", memory)]),
            limits: Quantities::default(),
        }
    }
}

impl Probes {
    /// Ready and alive when the handler succeeds, with ten minutes to start. Whoever answers late is not dead yet: a probe
    /// gets five seconds.
    pub(crate) fn with_handler(handler: &str, settings: &serde_json::Value) -> Self {
        let probe = |period: u32, failures: u32| {
            YamlMap::of(json!({
                handler: settings,
                "periodSeconds": period,
                "timeoutSeconds": 5,
                "failureThreshold": failures
            }))
        };
        Self { startup: probe(10, 60), readiness: probe(10, 3), liveness: probe(20, 3) }
    }
}

impl PodSettings {
    /// Nothing special but the time to finish, and what every image can do without: system calls that container runtimes
    /// forbid, and programs that gain rights.
    pub(crate) fn with_grace_period(seconds: u32) -> Self {
        Self {
            pod_annotations: Annotations::default(),
            pod_labels: Labels::default(),
            pod_security_context: YamlMap::of(json!({
                "seccompProfile": { "type": "RuntimeDefault" }
            })),
            security_context: YamlMap::of(json!({ "allowPrivilegeEscalation": false })),
            node_selector: NodeSelector::default(),
            tolerations: Vec::new(),
            affinity: YamlMap::default(),
            topology_spread_constraints: Vec::new(),
            priority_class_name: String::new(),
            termination_grace_period_seconds: seconds,
            extra_env: Vec::new(),
            extra_env_from: Vec::new(),
            extra_volumes: Vec::new(),
            extra_volume_mounts: Vec::new(),
            extra_containers: Vec::new(),
        }
    }

    /// The same pods by the Pod Security Standard `restricted`, as a user of their own and with a root file system that nobody
    /// writes to.
    pub(crate) fn restricted(mut self, user: u32, group: u32) -> Self {
        self.pod_security_context = YamlMap::of(json!({
            "runAsNonRoot": true,
            "runAsUser": user,
            "runAsGroup": group,
            "fsGroup": group,
            "fsGroupChangePolicy": "OnRootMismatch",
            "seccompProfile": { "type": "RuntimeDefault" }
        }));
        self.security_context = YamlMap::of(json!({
            "allowPrivilegeEscalation": false,
            "readOnlyRootFilesystem": true,
            "capabilities": { "drop": ["ALL"] }
        }));
        self
    }
}
