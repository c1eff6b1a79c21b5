//! How many Forguncy pods run, and who decides.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::values::maps::YamlMap;

/// How many pods run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("allOf" = rules()))]
pub struct Scaling {
    /// Who decides on the number of pods.
    pub mode: ScalingMode,
    /// Number of pods for mode fixed, 0 to 1000.
    /// From fixed to another mode the number leaves the Deployment, which goes to one pod at that moment:
    /// scale up again, or wait for the autoscaler.
    #[schemars(range(max = 1000))]
    pub replicas: u16,
    /// Smallest number of pods for mode auto.
    #[schemars(range(min = 1, max = 1000))]
    pub min_replicas: u16,
    /// Largest number of pods for mode auto; not below `minReplicas`.
    #[schemars(range(min = 1, max = 1000))]
    pub max_replicas: u16,
    /// Average CPU use to aim at in mode auto, in percent of `resources.requests.cpu`. 0 leaves it
    /// out.
    #[serde(rename = "targetCPUUtilizationPercentage")]
    #[schemars(range(max = 1000))]
    pub target_cpu_utilization_percentage: u16,
    /// Average memory use to aim at in mode auto, in percent of `resources.requests.memory`. 0 leaves
    /// it out.
    #[schemars(range(max = 1000))]
    pub target_memory_utilization_percentage: u16,
    /// How fast mode auto scales, as in a HorizontalPodAutoscaler. Empty is Kubernetes' default.
    #[serde(default)]
    pub behavior: YamlMap,
}

/// Who decides on the number of pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ScalingMode {
    /// You, with `kubectl scale`. It starts as one pod, and no upgrade or rollback takes your number
    /// back.
    Manual,
    /// This file, with `replicas`, as GitOps wants it. Do not use `kubectl scale` beside it: an
    /// upgrade would undo it (Helm 3) or fail (Helm 4).
    Fixed,
    /// A HorizontalPodAutoscaler, which needs the metrics server.
    Auto,
}

impl Default for Scaling {
    fn default() -> Self {
        Self {
            mode: ScalingMode::Manual,
            replicas: 1,
            min_replicas: 2,
            max_replicas: 6,
            target_cpu_utilization_percentage: 70,
            target_memory_utilization_percentage: 0,
            behavior: YamlMap::default(),
        }
    }
}

fn rules() -> Value {
    json!([{
        "description": "`mode` auto needs `targetCPUUtilizationPercentage` or `targetMemoryUtilizationPercentage` above 0",
        "if": { "properties": { "mode": { "const": "auto" } } },
        "then": { "anyOf": [
            { "properties": { "targetCPUUtilizationPercentage": { "minimum": 1 } } },
            { "properties": { "targetMemoryUtilizationPercentage": { "minimum": 1 } } }
        ] }
    }])
}
