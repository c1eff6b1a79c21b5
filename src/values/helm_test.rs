//! `tests`: the connection checks of `helm test`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::values::image::Image;

/// The connection checks of `helm test`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HelmTest {
    /// Put the checks into the chart.
    pub enabled: bool,
    /// Image that the checks run in; any with `nc` and `wget`.
    pub image: Image,
}

impl Default for HelmTest {
    fn default() -> Self {
        Self { enabled: true, image: Image::new("docker.io", "library/busybox", "1.37.0") }
    }
}
