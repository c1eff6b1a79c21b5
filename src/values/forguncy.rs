//! `forguncy`: the application server.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::values::format;
use crate::values::image::Image;
use crate::values::maps::YamlMap;
use crate::values::pod::{PodSettings, Probes, Resources};
use crate::values::scaling::Scaling;
use crate::values::service::FrontService;

/// The application server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Forguncy {
    /// Image of the application server. The default is the only one that the vendor documents in
    /// public, and it is for arm64. On amd64, put in the name from the values.yaml of the chart that
    /// the vendor gave you.
    pub image: Image,
    /// Port that the Forguncy Router listens on in the pod.
    #[schemars(schema_with = "format::port")]
    pub container_port: u16,
    /// How many pods run.
    pub scaling: Scaling,
    /// The Service that users and gateways reach.
    pub service: FrontService,
    /// CPU and memory of each pod. A node for work has 8 CPUs and 16 GiB.
    pub resources: Resources,
    /// How an upgrade replaces the pods, as in a Deployment. By default it starts a new pod before it
    /// stops an old one. `type: Recreate` wants `rollingUpdate: null` beside it, since maps are merged,
    /// and must be there from the first install: Helm 4 cannot switch a release to it.
    #[serde(default)]
    pub strategy: YamlMap,
    /// How the kubelet watches the server; its port is named `http`. The default gives it ten minutes
    /// to start. Another check wants `tcpSocket: null` beside it, since maps are merged.
    pub probes: Probes,
    /// How many pods may go at once when nodes are drained.
    pub pod_disruption_budget: PodDisruptionBudget,
    /// Over what the scheduler spreads the pods, as evenly as it can: it never leaves a pod waiting for
    /// that.
    pub spread: Spread,
    /// Seconds that a pod goes on serving after it was told to stop, so that the Service and what stands
    /// before it send it nothing new by then. They count towards `terminationGracePeriodSeconds`, which
    /// must be larger. 0 is no delay.
    #[schemars(range(max = 3600))]
    pub drain_seconds: u32,
    /// What goes into the pods; not a key of its own.
    #[serde(flatten)]
    pub pod: PodSettings,
    /// Containers that run to their end before the server starts.
    #[serde(default)]
    pub init_containers: Vec<YamlMap>,
    /// Addresses of hosts that no DNS knows, such as a database: a list of `ip` and `hostnames`.
    #[serde(default)]
    pub host_aliases: Vec<YamlMap>,
}

/// How many pods may go at once when nodes are drained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PodDisruptionBudget {
    /// Create the PodDisruptionBudget.
    pub enabled: bool,
    /// Pods that may be missing: a number, or a percentage such as `25%`. With 1, a single pod can be
    /// moved too.
    #[schemars(schema_with = "format::count_or_percentage")]
    pub max_unavailable: CountOrPercentage,
    /// Pods that must stay, the other way to say it: a number, or a percentage such as `50%`. Unless it
    /// is empty, it stands in place of `maxUnavailable`.
    #[schemars(schema_with = "format::optional_count_or_percentage")]
    pub min_available: CountOrPercentage,
}

/// Over what the scheduler spreads the pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Spread {
    /// Nothing but what `topologySpreadConstraints` says; without those, the cluster's default.
    None,
    /// Nodes.
    Node,
    /// Zones, and within them nodes. Every node needs the label `topology.kubernetes.io/zone`.
    Zone,
}

/// A number of pods, or a share of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum CountOrPercentage {
    /// `1`
    Count(u32),
    /// `50%`
    Percentage(String),
}

impl Default for Forguncy {
    fn default() -> Self {
        let http = json!({ "port": "http" });
        Self {
            image: Image::new("armdocker.hzgcloud.com", "fgclb/fgc_k8s_arm", "10.0.103.0"),
            container_port: 80,
            scaling: Scaling::default(),
            service: FrontService::default(),
            resources: Resources::requests("500m", "2Gi"),
            strategy: YamlMap::of(json!({
                "type": "RollingUpdate", "rollingUpdate": { "maxSurge": 1, "maxUnavailable": 0 }
            })),
            probes: Probes::with_handler("tcpSocket", &http),
            pod_disruption_budget: PodDisruptionBudget::default(),
            spread: Spread::Node,
            drain_seconds: 15,
            pod: PodSettings::with_grace_period(60),
            init_containers: Vec::new(),
            host_aliases: Vec::new(),
        }
    }
}

impl CountOrPercentage {
    /// How many of some pods these are. Kubernetes rounds a share up (`GetScaledValueFromIntOrPercent`).
    pub fn of(&self, pods: u32) -> u32 {
        match self {
            Self::Count(count) => *count,
            Self::Percentage(share) => {
                let percent: u32 = share.trim_end_matches('%').parse().unwrap_or_default();
                percent.saturating_mul(pods).div_ceil(100)
            }
        }
    }
}

impl Default for PodDisruptionBudget {
    fn default() -> Self {
        Self {
            enabled: false,
            max_unavailable: CountOrPercentage::Count(1),
            min_available: CountOrPercentage::Percentage(String::new()),
        }
    }
}
