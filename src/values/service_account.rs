//! `serviceAccount`: the account of the pods.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::values::format;
use crate::values::maps::Annotations;

/// The account of the pods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServiceAccount {
    /// Create the ServiceAccount.
    pub create: bool,
    /// Name of the account. Empty is a name made from the release's, or `default` when `create` is
    /// false.
    #[schemars(schema_with = "format::optional_name")]
    pub name: String,
    /// Annotations of the account.
    #[serde(default)]
    pub annotations: Annotations,
    /// Mount the account's token into the pods. Forguncy does not need it.
    pub automount: bool,
}

impl Default for ServiceAccount {
    fn default() -> Self {
        Self {
            create: true,
            name: String::new(),
            annotations: Annotations::default(),
            automount: false,
        }
    }
}
