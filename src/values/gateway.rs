//! `gateway`: access through the Gateway API.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::values::format;
use crate::values::maps::YamlMap;

/// HTTP(S) access through the Gateway API.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Gateway {
    /// Create the HTTPRoute. The cluster needs the Gateway API and a Gateway.
    pub enabled: bool,
    /// Gateways that the route attaches to, as in an HTTPRoute: a list with at least `name`.
    #[serde(default)]
    pub parent_refs: Vec<YamlMap>,
    /// Host names of the route, each of which may begin with `*.`. Empty answers to every name.
    #[serde(default)]
    #[schemars(schema_with = "format::hosts")]
    pub hostnames: Vec<String>,
    /// How long the gateway waits for an answer, such as `10m`. Empty is the gateway's own, which may
    /// be too short for long reports: Envoy Gateway's is 15 seconds. In the Gateway API's standard
    /// channel from version 1.2.
    #[schemars(schema_with = "format::optional_duration")]
    pub request_timeout: String,
    /// Send a browser always to the same pod, by a cookie. A field of the Gateway API's experimental
    /// channel, which version 1.7 deprecates on routes, so off by default; many gateways have a policy
    /// of their own for it, which goes into `extraObjects`. Forguncy needs affinity as soon as there
    /// are two pods.
    pub session_persistence: SessionPersistence,
}

/// Affinity by a cookie, as the Gateway API calls it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SessionPersistence {
    /// Switch the affinity on.
    pub enabled: bool,
    /// Name of the cookie.
    #[schemars(schema_with = "format::cookie_name")]
    pub cookie_name: String,
    /// How long a session lasts at most, such as `48h` or `1h30m`.
    #[schemars(schema_with = "format::duration")]
    pub absolute_timeout: String,
}

impl Default for SessionPersistence {
    fn default() -> Self {
        Self { enabled: false, cookie_name: "route".into(), absolute_timeout: "48h".into() }
    }
}
