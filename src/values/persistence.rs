//! The data volume of redis or InfluxDB.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::values::format;

/// The data volume of redis or InfluxDB.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Persistence {
    /// Keep the data when the pod is replaced. Off by default, because the usual preparation of the
    /// file server makes the five directories of `storage.shares` only: on NFS, `directory` must exist
    /// before you switch this on.
    pub enabled: bool,
    /// StorageClass that makes this volume, whatever `storage.type` is. A database is better off on
    /// block storage than on NFS, and needs no ReadWriteMany. Empty is as `storage.type` says.
    #[schemars(schema_with = "format::optional_name")]
    pub storage_class_name: String,
    /// Size of the volume as a Kubernetes quantity. Of a StorageClass that allows it
    /// (`allowVolumeExpansion`), a larger size is a plain upgrade. Nominal on NFS and hostPath, where
    /// nothing enforces it and where it cannot be changed later.
    #[schemars(schema_with = "format::size")]
    pub size: String,
    /// Directory below the root, on NFS and hostPath.
    #[schemars(schema_with = "format::directory")]
    pub directory: String,
    /// NFS server of this volume. Empty is `storage.server`.
    #[schemars(schema_with = "format::optional_server")]
    pub server: String,
    /// Root of this volume's directory. Empty is `storage.root`.
    #[schemars(schema_with = "format::optional_absolute_path")]
    pub root: String,
    /// PersistentVolumeClaim of yours, in place of all of the above. `storage.type` existingClaims
    /// needs it, unless `storageClassName` is given.
    #[schemars(schema_with = "format::optional_name")]
    pub existing_claim: String,
}

impl Persistence {
    /// A volume that is switched off.
    pub(crate) fn new(directory: &str, size: &str) -> Self {
        Self {
            enabled: false,
            storage_class_name: String::new(),
            size: size.into(),
            directory: directory.into(),
            server: String::new(),
            root: String::new(),
            existing_claim: String::new(),
        }
    }
}
