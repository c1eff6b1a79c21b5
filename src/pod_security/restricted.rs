//! The controls that `restricted` adds.

use super::{Pod, is_false, is_true, is_zero, texts};
use crate::node::Node;
use crate::object::text;

/// Sources of volumes that a pod may use. `image` is among them since Kubernetes 1.33.
const VOLUMES: [&str; 9] = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

pub(super) fn check(pod: &mut Pod<'_>) {
    volumes(pod);
    // On Windows there are neither these profiles nor these capabilities.
    let is_linux = text(pod.spec, &["os", "name"]) != "windows";
    if is_linux {
        let field = "securityContext.allowPrivilegeEscalation";
        pod.each_container("Privilege Escalation", field, |container| {
            !is_false(container, &["securityContext", "allowPrivilegeEscalation"])
        });
    }
    non_root(pod);
    pod.contexts("Running as Non-root user", "runAsUser", |context| {
        is_zero(context, &["runAsUser"])
    });
    if is_linux {
        seccomp(pod);
        capabilities(pod);
    }
}

fn volumes(pod: &mut Pod<'_>) {
    let volumes = pod.spec.at(&["volumes"]).map(Node::items).unwrap_or_default();
    for (at, volume) in volumes.iter().enumerate() {
        let sources = volume.as_map().into_iter().flat_map(|map| map.keys());
        for source in sources.filter(|key| *key != "name" && !VOLUMES.contains(&key.as_str())) {
            // `baseline` has said so.
            if source != "hostPath" {
                pod.breach("Volume Types", &format!("volumes[{at}].{source}"));
            }
        }
    }
}

/// Each container says so, or leaves it to the pod that does.
fn non_root(pod: &mut Pod<'_>) {
    const CONTROL: &str = "Running as Non-root";
    let field = ["securityContext", "runAsNonRoot"];
    if is_false(pod.spec, &field) {
        pod.breach(CONTROL, "securityContext.runAsNonRoot");
    }
    let by_pod = is_true(pod.spec, &field);
    pod.each_container(CONTROL, "securityContext.runAsNonRoot", |container| {
        is_false(container, &field) || !by_pod && !is_true(container, &field)
    });
}

/// Each container has a profile, or leaves it to the pod that has one. One that is forbidden breaks `baseline` already.
fn seccomp(pod: &mut Pod<'_>) {
    let field = ["securityContext", "seccompProfile", "type"];
    let by_pod = !text(pod.spec, &field).is_empty();
    pod.each_container("Seccomp", "securityContext.seccompProfile.type", |container| {
        !by_pod && text(container, &field).is_empty()
    });
}

fn capabilities(pod: &mut Pod<'_>) {
    const CONTROL: &str = "Capabilities";
    let [drop, add] = ["drop", "add"].map(|list| ["securityContext", "capabilities", list]);
    pod.each_container(CONTROL, "securityContext.capabilities.drop", |container| {
        !texts(container, &drop).any(|dropped| dropped == "ALL")
    });
    pod.each_container(CONTROL, "securityContext.capabilities.add", |container| {
        texts(container, &add).any(|added| added != "NET_BIND_SERVICE")
    });
}
