//! `storage`: the five shared directories, and where they are.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::values::format;

/// The shared directories, which every Forguncy pod mounts read-write.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Storage {
    /// Where the directories are.
    #[serde(rename = "type")]
    pub kind: StorageType,
    /// Host name or IP address of the NFS server (IPv6 without brackets). Type nfs needs it, here or
    /// for each share.
    #[schemars(schema_with = "format::optional_server")]
    pub server: String,
    /// Absolute path that the directories lie in: the NFS server's export, or a path on every node.
    #[schemars(schema_with = "format::absolute_path")]
    pub root: String,
    /// StorageClass for type storageClass. It must offer ReadWriteMany.
    #[schemars(schema_with = "format::optional_name")]
    pub storage_class_name: String,
    /// Mount options of the NFS volumes, such as `hard` or `nfsvers=4.1`.
    #[serde(default)]
    #[schemars(schema_with = "format::mount_options")]
    pub mount_options: Vec<String>,
    /// What happens to a volume when its claim is deleted.
    pub reclaim_policy: ReclaimPolicy,
    /// Keep volumes and claims on `helm uninstall`. A release of the same name takes them over again.
    pub keep_on_uninstall: bool,
    /// Your word that, with type hostPath, `root` is the same shared mount on every node. Several pods
    /// need it.
    pub shared_mount: bool,
    /// The directories.
    pub shares: Shares,
}

/// Where the directories are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum StorageType {
    /// On an NFS server, one volume and claim per directory.
    Nfs,
    /// In a path of the node: a single node, or a shared mount (see `sharedMount`).
    HostPath,
    /// Made by the StorageClass `storageClassName`.
    StorageClass,
    /// In claims of yours, named by each `existingClaim`.
    ExistingClaims,
}

/// What happens to a volume when its claim is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ReclaimPolicy {
    /// It stays, with its data.
    Retain,
    /// It goes; data that a StorageClass provisioned goes with it.
    Delete,
}

/// The five directories.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Shares {
    /// Attachments that users upload, at `/opt/ForguncyAttach`.
    pub attach: Share,
    /// System logs, at `/opt/ForguncyLogs`.
    pub logs: Share,
    /// Backups, at `/opt/ForguncyRestore`.
    pub restore: Share,
    /// Application data, at `/opt/ForguncySites`.
    pub sites: Share,
    /// Application executables, at `/opt/ForguncySitesBin`.
    pub sites_bin: Share,
}

/// One shared directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Share {
    /// Directory below the root, on NFS and hostPath. On NFS it must exist before the first install.
    #[schemars(schema_with = "format::directory")]
    pub directory: String,
    /// NFS server of this directory. Empty is `storage.server`.
    #[schemars(schema_with = "format::optional_server")]
    pub server: String,
    /// Root of this directory. Empty is `storage.root`.
    #[schemars(schema_with = "format::optional_absolute_path")]
    pub root: String,
    /// Size of the volume as a Kubernetes quantity. Of a StorageClass that allows it
    /// (`allowVolumeExpansion`), a larger size is a plain upgrade. Nominal on NFS and hostPath, where
    /// nothing enforces it and where it cannot be changed later.
    #[schemars(schema_with = "format::size")]
    pub size: String,
    /// PersistentVolumeClaim of yours, in place of all of the above. Type existingClaims needs it.
    #[schemars(schema_with = "format::optional_name")]
    pub existing_claim: String,
}

impl Default for Storage {
    fn default() -> Self {
        Self {
            kind: StorageType::Nfs,
            server: String::new(),
            root: "/fgc-k8s-lbroot".into(),
            storage_class_name: String::new(),
            mount_options: Vec::new(),
            reclaim_policy: ReclaimPolicy::Retain,
            keep_on_uninstall: true,
            shared_mount: false,
            shares: Shares::default(),
        }
    }
}

impl Default for Shares {
    fn default() -> Self {
        Self {
            attach: Share::new("ForguncyAttach"),
            logs: Share::new("ForguncyLogs"),
            restore: Share::new("ForguncyRestore"),
            sites: Share::new("ForguncySites"),
            sites_bin: Share::new("ForguncySitesBin"),
        }
    }
}

impl Share {
    fn new(directory: &str) -> Self {
        Self {
            directory: directory.into(),
            server: String::new(),
            root: String::new(),
            size: "100Gi".into(),
            existing_claim: String::new(),
        }
    }
}
