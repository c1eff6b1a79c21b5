//! The shared directories: whether every pod sees the same files, and each share its own.

use std::collections::HashMap;

use super::report::Report;
use super::scaling::Several;
use crate::rules::{
    MOUNT_OPTION_RISKY, MOUNT_OPTIONS_UNSUPPORTED, NFS_SERVER_UNREACHABLE, RECLAIM_UNSUPPORTED,
    SHARES_COINCIDE, STORAGE_CLASS_SINGLE, STORAGE_NOT_SHARED, UNINSTALL_DELETES_DATA,
};
use crate::values::Values;
use crate::values::storage::{ReclaimPolicy, StorageType};

/// A volume of the chart.
struct Volume<'a> {
    key: &'static str,
    directory: &'a str,
    server: &'a str,
    root: &'a str,
    existing_claim: &'a str,
}

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
    coincide(report);
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
    if !storage.mount_options.is_empty() {
        report.add(
            &MOUNT_OPTIONS_UNSUPPORTED,
            "storage.mountOptions",
            "hostPath volumes take no mount options: the kubelet refuses to mount them, and no pod starts",
            "set `storage.mountOptions: []`",
        );
    }
}

fn nfs(report: &mut Report<'_>) {
    let values = report.values();
    let volumes = volumes(values);
    let servers =
        volumes.iter().filter(|volume| volume.existing_claim.is_empty()).map(|volume| match volume
            .server
        {
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
    "docker-desktop",
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
    "microk8s-hostpath",
    "longhorn-static",
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

/// Two shares in one place: Forguncy would find its logs among its programs.
fn coincide(report: &mut Report<'_>) {
    let values = report.values();
    let kind = values.storage.kind;
    let mut places: HashMap<(&str, String), &str> = HashMap::new();
    for volume in volumes(values) {
        let own = |own: &'static str| format!("{}.{own}", volume.key);
        let (place, key) = if kind == StorageType::ExistingClaims
            || !volume.existing_claim.is_empty()
        {
            if volume.existing_claim.is_empty() {
                continue;
            }
            (("claim", volume.existing_claim.to_owned()), own("existingClaim"))
        } else if kind == StorageType::StorageClass {
            continue;
        } else {
            let server = if kind == StorageType::HostPath { "" } else { volume.server };
            let server = if server.is_empty() { values.storage.server.as_str() } else { server };
            let root =
                if volume.root.is_empty() { values.storage.root.as_str() } else { volume.root };
            let path = format!("{}/{}", root.trim_end_matches('/'), volume.directory);
            ((server, path), own("directory"))
        };
        let words = match place.0 {
            "claim" => format!("the claim `{}`", place.1),
            _ => format!("the directory `{}`", place.1),
        };
        if let Some(first) = places.get(&place) {
            let message =
                format!("{words} is that of `{first}` already, and their files would mix");
            report.add(&SHARES_COINCIDE, &key, message, "give each share a place of its own");
        } else {
            places.insert(place, volume.key);
        }
    }
}

/// The volumes that the chart makes or mounts.
fn volumes(values: &Values) -> Vec<Volume<'_>> {
    let shares = &values.storage.shares;
    let mut volumes: Vec<Volume<'_>> = [
        ("storage.shares.attach", &shares.attach),
        ("storage.shares.logs", &shares.logs),
        ("storage.shares.restore", &shares.restore),
        ("storage.shares.sites", &shares.sites),
        ("storage.shares.sitesBin", &shares.sites_bin),
    ]
    .into_iter()
    .map(|(key, share)| Volume {
        key,
        directory: &share.directory,
        server: &share.server,
        root: &share.root,
        existing_claim: &share.existing_claim,
    })
    .collect();
    for (key, enabled, volume) in [
        ("redis.persistence", values.redis.enabled, &values.redis.persistence),
        ("influx.persistence", values.influx.enabled, &values.influx.persistence),
    ] {
        if enabled && volume.enabled {
            volumes.push(Volume {
                key,
                directory: &volume.directory,
                server: &volume.server,
                root: &volume.root,
                existing_claim: &volume.existing_claim,
            });
        }
    }
    volumes
}
