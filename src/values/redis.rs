//! `redis`: the shared session state.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::values::format;
use crate::values::image::Image;
use crate::values::persistence::Persistence;
use crate::values::pod::{PodSettings, Probes, Resources};
use crate::values::service::BackendService;

/// Asks redis whether it serves, by its password if it has one: while it loads its data it answers, but not this.
const PING: &str = "[ ! -f /etc/redis/auth/password ] || export REDISCLI_AUTH=\"$(cat /etc/redis/auth/password)\"; redis-cli ping | grep -q PONG";

/// Redis, which shares the session state between the Forguncy pods.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Redis {
    /// Run redis with the chart. Not needed with a single Forguncy pod or a redis of your own.
    pub enabled: bool,
    /// Image of redis.
    pub image: Image,
    /// Password of redis. Off by default, as the vendor's chart has it; security scanners report
    /// that, so switch it on for work. It wants redis 6.2 or newer.
    pub auth: Auth,
    /// The Service of redis.
    pub service: BackendService,
    /// Data volume of redis. Without one, a new pod starts without the sessions.
    pub persistence: Persistence,
    /// Memory that redis may fill with data (`256mb`, `1gb`). Empty is no limit. Keep it below
    /// `resources.limits.memory`.
    #[schemars(schema_with = "format::optional_redis_memory")]
    pub max_memory: String,
    /// What redis does when `maxMemory` is full.
    pub max_memory_policy: MaxMemoryPolicy,
    /// CPU and memory of redis.
    pub resources: Resources,
    /// How the kubelet watches redis; its port is named `redis`. The default asks with the password, and
    /// gives it ten minutes to load its data. Another check wants `exec: null` beside it, since maps are
    /// merged.
    pub probes: Probes,
    /// What goes into the pods; not a key of its own.
    #[serde(flatten)]
    pub pod: PodSettings,
}

/// The password of redis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Auth {
    /// Make redis ask for a password.
    pub enabled: bool,
    /// The password, which the chart puts into a Secret. Better use `existingSecret` when this file
    /// is shared or kept under version control. Line breaks at its end do not count.
    #[schemars(schema_with = "format::password")]
    pub password: String,
    /// Secret of yours that holds the password; then `password` is not used.
    #[schemars(schema_with = "format::optional_name")]
    pub existing_secret: String,
    /// Key of the password in that Secret.
    #[schemars(schema_with = "format::secret_key")]
    pub existing_secret_key: String,
}

/// What redis does when its memory is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MaxMemoryPolicy {
    /// Refuses to write.
    Noeviction,
    /// Drops the keys that were not used for longest.
    AllkeysLru,
    /// Drops the keys that are used least often.
    AllkeysLfu,
    /// Drops keys at random.
    AllkeysRandom,
    /// Drops the keys with an expiry that were not used for longest.
    VolatileLru,
    /// Drops the keys with an expiry that are used least often.
    VolatileLfu,
    /// Drops keys with an expiry at random.
    VolatileRandom,
    /// Drops the keys that expire soonest.
    VolatileTtl,
}

impl Default for Redis {
    fn default() -> Self {
        Self {
            enabled: true,
            image: Image::new("docker.io", "library/redis", "7.4.2-alpine"),
            auth: Auth::default(),
            service: BackendService::new(6379),
            persistence: Persistence::new("ForguncyRedis", "8Gi"),
            max_memory: String::new(),
            max_memory_policy: MaxMemoryPolicy::Noeviction,
            resources: Resources::requests("50m", "128Mi"),
            probes: Probes::with_handler("exec", &json!({ "command": ["sh", "-c", PING] })),
            // User and group of the images by Docker; the Debian ones have the user alone.
            pod: PodSettings::with_grace_period(30).restricted(999, 1000),
        }
    }
}

impl Default for Auth {
    fn default() -> Self {
        Self {
            enabled: false,
            password: String::new(),
            existing_secret: String::new(),
            existing_secret_key: "redis-password".into(),
        }
    }
}
