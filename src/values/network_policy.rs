//! `networkPolicy`: who may reach the pods.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::values::maps::YamlMap;

/// Who may reach the pods.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NetworkPolicy {
    /// Let only the pods of this release reach redis and InfluxDB, and nobody any port of Forguncy but
    /// its own. The cluster's network plug-in must enforce NetworkPolicies.
    pub enabled: bool,
    /// Who may reach Forguncy, such as the namespace of an ingress controller: peers of a NetworkPolicy
    /// (`podSelector`, `namespaceSelector`, `ipBlock`). Empty is everybody, as node ports and load
    /// balancers need.
    #[serde(default)]
    pub allow_from: Vec<YamlMap>,
}
