//! `global`: settings of every object and image.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::values::format;
use crate::values::maps::{Annotations, Labels};

/// Settings of every object and image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Global {
    /// Registry that replaces the registry of every image: a host with a dot or a port, and a path
    /// after it when the registry has projects, as Harbor does (`harbor.example.com/forguncy`).
    /// Offline sites set only this. Empty keeps each image's own.
    #[schemars(schema_with = "format::optional_registry")]
    pub image_registry: String,
    /// Secrets of type `kubernetes.io/dockerconfigjson` in the release's namespace, for registries
    /// that want a login: a list of `name: SECRET`.
    #[serde(default)]
    pub image_pull_secrets: Vec<PullSecret>,
    /// Labels added to every object. The chart's own label keys are refused.
    #[serde(default)]
    pub common_labels: Labels,
    /// Annotations added to every object.
    #[serde(default)]
    pub common_annotations: Annotations,
    /// Time zone of the containers, by its name in the IANA database. Times in logs and in timed
    /// tasks follow it.
    #[schemars(schema_with = "format::timezone")]
    pub timezone: String,
}

/// A reference to a Secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PullSecret {
    /// Name of the Secret.
    #[schemars(schema_with = "format::name")]
    pub name: String,
}

impl Default for Global {
    fn default() -> Self {
        Self {
            image_registry: String::new(),
            image_pull_secrets: Vec::new(),
            common_labels: Labels::default(),
            common_annotations: Annotations::default(),
            timezone: "Asia/Shanghai".into(),
        }
    }
}
