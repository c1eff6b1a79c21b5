//! The storage: whether every pod sees the same files, every node finds them, and they outlive the release.

use super::report::Report;
use super::scaling::Several;
use super::shares::volumes;
use crate::rules::{
    MOUNT_OPTION_RISKY, NFS_SERVER_UNREACHABLE, RECLAIM_UNSUPPORTED, STORAGE_CLASS_SINGLE,
    STORAGE_NOT_SHARED, UNINSTALL_DELETES_DATA,
};
use crate::values::storage::{ReclaimPolicy, StorageType};

pub(super) fn check(report: &mut Report<'_>, several: Option<&Several>) {
    let storage = &report.values().storage;
    match storage.kind {
        StorageType::HostPath => host_path(report, several),
        StorageType::Nfs => nfs(report),
        StorageType::StorageClass => storage_class(report),
        StorageType::ExistingClaims => {}
    }
    if matches!(storage.kind, StorageType::HostPath | StorageType::Nfs)
        && storage.reclaim_policy == ReclaimPolicy::Delete
    {
        report.add(
            &RECLAIM_UNSUPPORTED,
            "storage.reclaimPolicy",
            "Kubernetes deletes neither NFS directories nor paths of nodes: the volumes end as `Failed`",
            "leave it at `Retain`, and remove the files yourself",
        );
    }
}

fn host_path(report: &mut Report<'_>, several: Option<&Several>) {
    let storage = &report.values().storage;
    if let Some(Several { words, .. }) = several.filter(|_| !storage.shared_mount) {
        report.add(
            &STORAGE_NOT_SHARED,
            "storage.type",
            format!("{words}, and with hostPath each sees the files of its own node"),
            "use `nfs` or another shared storage; if `storage.root` is one shared mount on every node, set `storage.sharedMount: true`",
        );
    }
}

fn nfs(report: &mut Report<'_>) {
    let values = report.values();
    let volumes = volumes(values);
    let servers = volumes
        .iter()
        .filter(|volume| volume.existing_claim.is_empty() && !volume.own_class)
        .map(|volume| match volume.server {
            "" => ("storage.server".to_owned(), values.storage.server.as_str()),
            own => (format!("{}.server", volume.key), own),
        });
    let mut seen: Vec<String> = Vec::new();
    for (key, server) in servers {
        if seen.contains(&key) {
            continue;
        }
        if let Some(why) = unreachable_because(server) {
            let help = "give the address of the file server as every node reaches it";
            report.add(&NFS_SERVER_UNREACHABLE, &key, why, help);
        }
        seen.push(key);
    }
    for (at, option) in values.storage.mount_options.iter().enumerate() {
        let why = match option.as_str() {
            "soft" | "softerr" | "softreval" => {
                "a soft mount gives up when the server is slow, and what was being written is lost"
            }
            "ro" => "a read-only mount: Forguncy writes into every share",
            _ => continue,
        };
        let key = format!("storage.mountOptions[{at}]");
        report.add(&MOUNT_OPTION_RISKY, &key, why, "use `hard`, and leave `ro` to the server");
    }
}

/// Nodes mount, not pods: they do not know the cluster's names, and to each `localhost` is itself.
fn unreachable_because(server: &str) -> Option<&'static str> {
    let server = server.to_ascii_lowercase();
    if server == "localhost"
        || server.starts_with("127.")
        || ["::1", "0.0.0.0", "::"].contains(&&server[..])
    {
        return Some("each node would look for the shares on itself");
    }
    [".svc", ".cluster.local"]
        .iter()
        .any(|end| server.ends_with(end))
        .then_some("nodes mount the shares, and they do not resolve names of Services")
}

/// Names that the usual clusters give to classes whose volumes one node can mount: k3s and kind, minikube, Docker Desktop, AWS EBS,
/// Azure Disk, Google Persistent Disk, DigitalOcean, Alibaba, Huawei and Tencent Cloud.
const SINGLE_NODE_CLASSES: &[&str] = &[
    "local-path",
    "standard",
    "standard-rwo",
    "premium-rwo",
    "hostpath",
    "gp2",
    "gp3",
    "ebs-sc",
    "managed",
    "managed-csi",
    "managed-premium",
    "managed-csi-premium",
    "do-block-storage",
    "alicloud-disk-essd",
    "alicloud-disk-ssd",
    "alicloud-disk-efficiency",
    "csi-disk",
    "cbs",
];

fn storage_class(report: &mut Report<'_>) {
    let storage = &report.values().storage;
    let name = storage.storage_class_name.as_str();
    if SINGLE_NODE_CLASSES.contains(&name) {
        report.add(
            &STORAGE_CLASS_SINGLE,
            "storage.storageClassName",
            format!("a class named `{name}` mostly makes disks for one node, and the claims ask for ReadWriteMany: they would wait for ever"),
            "choose a class of a file storage (NFS, CephFS, EFS, Azure Files, Filestore, NAS)",
        );
    }
    if !storage.keep_on_uninstall {
        report.add(
            &UNINSTALL_DELETES_DATA,
            "storage.keepOnUninstall",
            "`helm uninstall` deletes the claims, and with most classes the data of all applications with them",
            "leave it at `true`, and delete the claims by hand when the data may go",
        );
    }
}
