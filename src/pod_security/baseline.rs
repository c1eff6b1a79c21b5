//! The controls of `baseline`.

use super::{Pod, is_other, is_true, texts};
use crate::node::{Node, Value};
use crate::object::text;

/// Capabilities that a container may add.
const CAPABILITIES: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];
/// SELinux types that a pod may ask for.
const SELINUX_TYPES: [&str; 5] =
    ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];
/// Kernel parameters that stay in the pod's own namespaces.
const SYSCTLS: [&str; 10] = [
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.ping_group_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
];
/// What the kubelet connects to on its own.
const HANDLERS: [[&str; 2]; 5] = [
    ["livenessProbe", ""],
    ["readinessProbe", ""],
    ["startupProbe", ""],
    ["lifecycle", "postStart"],
    ["lifecycle", "preStop"],
];
/// The beginning of the annotations that were fields' forerunners.
const APPARMOR: &str = "container.apparmor.security.beta.kubernetes.io/";

pub(super) fn check(pod: &mut Pod<'_>) {
    pod.contexts("HostProcess", "windowsOptions.hostProcess", |context| {
        is_true(context, &["windowsOptions", "hostProcess"])
    });
    for field in ["hostNetwork", "hostPID", "hostIPC"] {
        if is_true(pod.spec, &[field]) {
            pod.breach("Host Namespaces", field);
        }
    }
    pod.each_container("Privileged Containers", "securityContext.privileged", |container| {
        is_true(container, &["securityContext", "privileged"])
    });
    pod.each_container("Capabilities", "securityContext.capabilities.add", |container| {
        texts(container, &["securityContext", "capabilities", "add"])
            .any(|added| !CAPABILITIES.contains(&added))
    });
    host_paths(pod);
    host_ports(pod);
    host_handlers(pod);
    app_armor(pod);
    selinux(pod);
    pod.each_container("/proc Mount Type", "securityContext.procMount", |container| {
        is_other(container, &["securityContext", "procMount"], &["Default"])
    });
    pod.contexts("Seccomp", "seccompProfile.type", |context| {
        is_other(context, &["seccompProfile", "type"], &["RuntimeDefault", "Localhost"])
    });
    sysctls(pod);
}

fn host_paths(pod: &mut Pod<'_>) {
    let volumes = pod.spec.at(&["volumes"]).map(Node::items).unwrap_or_default();
    for (at, volume) in volumes.iter().enumerate() {
        if volume.at(&["hostPath"]).is_some() {
            pod.breach("HostPath Volumes", &format!("volumes[{at}].hostPath"));
        }
    }
}

fn host_ports(pod: &mut Pod<'_>) {
    for container in pod.containers.clone() {
        for (at, port) in container.items("ports").iter().enumerate() {
            let is_open = port
                .at(&["hostPort"])
                .is_some_and(|port| !matches!(port.value, Value::Null | Value::Int(0)));
            if is_open {
                pod.breach("Host Ports", &format!("{}.ports[{at}].hostPort", container.path()));
            }
        }
    }
}

fn host_handlers(pod: &mut Pod<'_>) {
    for container in pod.containers.clone() {
        for [handler, hook] in HANDLERS {
            let path = [handler, hook];
            let path = if hook.is_empty() { &path[..1] } else { &path[..] };
            let Some(node) = container.node.at(path) else { continue };
            for action in ["httpGet", "tcpSocket"] {
                if is_other(node, &[action, "host"], &[""]) {
                    let field = format!("{}.{}.{action}.host", container.path(), path.join("."));
                    pod.breach("Host Probes / Lifecycle Hooks", &field);
                }
            }
        }
    }
}

fn app_armor(pod: &mut Pod<'_>) {
    const CONTROL: &str = "AppArmor";
    pod.contexts(CONTROL, "appArmorProfile.type", |context| {
        is_other(context, &["appArmorProfile", "type"], &["RuntimeDefault", "Localhost"])
    });
    let annotations = pod.pods.template.at(&["metadata", "annotations"]).and_then(Node::as_map);
    for (name, entry) in annotations.into_iter().flatten() {
        let profile = text(&entry.node, &[]);
        let is_allowed =
            matches!(profile, "" | "runtime/default") || profile.starts_with("localhost/");
        if name.starts_with(APPARMOR) && !is_allowed {
            let field = pod.pods.metadata(&format!("annotations[{name:?}]"));
            pod.breaches.push(super::Breach { level: pod.level, control: CONTROL, field });
        }
    }
}

fn selinux(pod: &mut Pod<'_>) {
    const CONTROL: &str = "SELinux";
    pod.contexts(CONTROL, "seLinuxOptions.type", |context| {
        is_other(context, &["seLinuxOptions", "type"], &SELINUX_TYPES)
    });
    for part in ["user", "role"] {
        pod.contexts(CONTROL, &format!("seLinuxOptions.{part}"), |context| {
            is_other(context, &["seLinuxOptions", part], &[""])
        });
    }
}

fn sysctls(pod: &mut Pod<'_>) {
    let sysctls = pod.spec.at(&["securityContext", "sysctls"]).map(Node::items).unwrap_or_default();
    for (at, sysctl) in sysctls.iter().enumerate() {
        if !SYSCTLS.contains(&text(sysctl, &["name"])) {
            pod.breach("Sysctls", &format!("securityContext.sysctls[{at}].name"));
        }
    }
}
