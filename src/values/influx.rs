//! `influx`: the log store.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::values::image::Image;
use crate::values::persistence::Persistence;
use crate::values::pod::{PodSettings, Probes, Resources};
use crate::values::service::BackendService;

/// InfluxDB, the log store. Always one pod.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Influx {
    /// Run InfluxDB with the chart.
    pub enabled: bool,
    /// Image of InfluxDB.
    pub image: Image,
    /// The Service of InfluxDB.
    pub service: BackendService,
    /// Data volume of InfluxDB. Without one, a new pod starts with an empty log store.
    pub persistence: Persistence,
    /// CPU and memory of InfluxDB.
    pub resources: Resources,
    /// How the kubelet watches InfluxDB; its port is named `influx`. The default gives it ten minutes to
    /// start.
    pub probes: Probes,
    /// What goes into the pods; not a key of its own.
    #[serde(flatten)]
    pub pod: PodSettings,
}

impl Default for Influx {
    fn default() -> Self {
        Self {
            enabled: true,
            image: Image::new("docker.io", "library/influxdb", "1.8.10"),
            service: BackendService::new(22348),
            persistence: Persistence::new("ForguncyInflux", "20Gi"),
            resources: Resources::requests("100m", "256Mi"),
            probes: Probes::with_handler("httpGet", &json!({ "path": "/ping", "port": "influx" })),
            pod: PodSettings::with_grace_period(30).restricted(1000, 1000),
        }
    }
}
