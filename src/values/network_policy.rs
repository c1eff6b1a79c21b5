//! `networkPolicy`: which pods may reach redis and InfluxDB.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which pods may reach redis and InfluxDB.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NetworkPolicy {
    /// Let only the pods of this release reach redis and InfluxDB. The cluster's network plug-in must
    /// enforce NetworkPolicies.
    pub enabled: bool,
}
