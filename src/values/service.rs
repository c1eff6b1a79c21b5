//! The Services in front of the workloads.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::values::format;
use crate::values::maps::Annotations;

/// The Service that users and gateways reach.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("allOf" = front_rules()))]
pub struct FrontService {
    /// Who can reach the Service.
    #[serde(rename = "type")]
    pub kind: ServiceType,
    /// Port of the Service.
    #[schemars(schema_with = "format::port")]
    pub port: u16,
    /// Port on every node, 30000 to 32767. 0 lets Kubernetes choose. Needs type NodePort or
    /// LoadBalancer.
    #[schemars(schema_with = "format::node_port")]
    pub node_port: u16,
    /// Where connections from outside go. `Local` keeps the client's address, and only nodes with a
    /// pod take connections; `Cluster` lets every node pass them on, under its own address. Empty is
    /// Kubernetes' default, `Cluster`. Needs type NodePort or LoadBalancer.
    pub external_traffic_policy: ExternalTrafficPolicy,
    /// Load balancer implementation, such as `service.k8s.aws/nlb`, which cannot be changed later.
    /// Empty is the cluster's default. Needs type LoadBalancer.
    #[schemars(schema_with = "format::optional_label_key")]
    pub load_balancer_class: String,
    /// Networks whose clients the load balancer lets in, such as `203.0.113.0/24`. Empty lets in
    /// everyone. Needs type LoadBalancer.
    #[serde(default)]
    #[schemars(schema_with = "format::networks")]
    pub load_balancer_source_ranges: Vec<String>,
    /// Annotations of the Service.
    #[serde(default)]
    pub annotations: Annotations,
    /// Send a client always to the same pod, by its IP address. Forguncy needs affinity as soon as
    /// there are two pods.
    pub session_affinity: SessionAffinity,
}

/// Affinity by the client's IP address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SessionAffinity {
    /// Switch the affinity on.
    pub enabled: bool,
    /// Seconds without a request after which a client may get another pod, 1 to 86400. The default,
    /// three hours, is Kubernetes' own.
    #[schemars(range(min = 1, max = 86400))]
    pub timeout_seconds: u32,
}

/// The Service of redis or InfluxDB.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("allOf" = node_port_rule()))]
pub struct BackendService {
    /// Who can reach the Service. Forguncy reaches it inside the cluster.
    #[serde(rename = "type")]
    pub kind: ServiceType,
    /// Port of the Service.
    #[schemars(schema_with = "format::port")]
    pub port: u16,
    /// Port on every node, 30000 to 32767. 0 lets Kubernetes choose. Needs type NodePort or
    /// LoadBalancer.
    #[schemars(schema_with = "format::node_port")]
    pub node_port: u16,
    /// Annotations of the Service.
    #[serde(default)]
    pub annotations: Annotations,
}

/// Who can reach a Service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ServiceType {
    /// Pods in the cluster.
    ClusterIP,
    /// Also everyone who reaches a node, at `nodePort`.
    NodePort,
    /// Also everyone who reaches the load balancer that the cloud sets up for it.
    LoadBalancer,
}

/// Where connections from outside go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ExternalTrafficPolicy {
    /// As Kubernetes has it.
    #[serde(rename = "")]
    Default,
    /// To any pod.
    Cluster,
    /// To a pod of the node that took the connection.
    Local,
}

impl Default for FrontService {
    fn default() -> Self {
        Self {
            kind: ServiceType::NodePort,
            port: 80,
            node_port: 0,
            external_traffic_policy: ExternalTrafficPolicy::Default,
            load_balancer_class: String::new(),
            load_balancer_source_ranges: Vec::new(),
            annotations: Annotations::default(),
            session_affinity: SessionAffinity { enabled: true, timeout_seconds: 10_800 },
        }
    }
}

impl BackendService {
    /// A Service inside the cluster.
    pub(crate) fn new(port: u16) -> Self {
        Self {
            kind: ServiceType::ClusterIP,
            port,
            node_port: 0,
            annotations: Annotations::default(),
        }
    }
}

/// The rule of every Service; Kubernetes refuses what breaks it.
fn node_port_rule() -> Value {
    json!([{
        "description": "a `nodePort` other than 0 needs `type` NodePort or LoadBalancer",
        "if": { "properties": { "type": { "const": "ClusterIP" } } },
        "then": { "properties": { "nodePort": { "const": 0 } } }
    }])
}

/// The same, and those of the keys for traffic from outside: `ValidateService` in Kubernetes' `pkg/apis/core/validation`.
fn front_rules() -> Value {
    let not_balanced = json!({ "properties": { "type": { "enum": ["ClusterIP", "NodePort"] } } });
    let mut rules = node_port_rule();
    if let Value::Array(rules) = &mut rules {
        rules.extend([
            json!({
                "description": "an `externalTrafficPolicy` needs `type` NodePort or LoadBalancer",
                "if": { "properties": { "type": { "const": "ClusterIP" } } },
                "then": { "properties": { "externalTrafficPolicy": { "const": "" } } }
            }),
            json!({
                "description": "a `loadBalancerClass` needs `type` LoadBalancer",
                "if": not_balanced,
                "then": { "properties": { "loadBalancerClass": { "const": "" } } }
            }),
            json!({
                "description": "`loadBalancerSourceRanges` need `type` LoadBalancer",
                "if": not_balanced,
                "then": { "properties": { "loadBalancerSourceRanges": { "const": [] } } }
            }),
        ]);
    }
    rules
}
