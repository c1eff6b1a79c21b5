//! `tests`: the connection checks of `helm test`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::values::image::Image;

/// The checks of `helm test`: Forguncy answers HTTP, redis takes its password, InfluxDB answers a ping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HelmTest {
    /// Put the checks into the chart.
    pub enabled: bool,
    /// Image that the checks run in; any with `sh`, `nc`, `wget` and `timeout`. They run without root and
    /// write nothing.
    pub image: Image,
}

impl Default for HelmTest {
    fn default() -> Self {
        Self { enabled: true, image: Image::new("docker.io", "library/busybox", "1.37.0") }
    }
}
