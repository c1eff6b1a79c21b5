//! Identities, workloads that meet each other's pods, and the ports that probes name.

use std::collections::HashSet;

use super::index::{Index, Known, identity};
use super::pods::{Container, Pods};
use super::selector::Selector;
use super::{Report, called};
use crate::node::Value;
use crate::object::text;
use crate::rules::{OBJECT_DUPLICATE, PROBE_PORT_MISSING, SELECTORS_OVERLAP};
use crate::suggest::nearest;

pub(super) fn check(index: &Index<'_>, report: &mut Report<'_>) {
    identities(index, report);
    for known in &index.objects {
        if let Some(pods) = known.pods {
            selectors(known, &pods, index, report);
            for container in pods.containers() {
                probes(known, &pods, &container, report);
            }
        }
    }
}

fn identities(index: &Index<'_>, report: &mut Report<'_>) {
    let mut seen = HashSet::with_capacity(index.objects.len());
    for known in &index.objects {
        if !seen.insert(identity(known)) {
            let name = known.get(&["metadata", "name"]);
            let message = format!("{} stands here a second time", called(known));
            report.add(&OBJECT_DUPLICATE, known, "metadata.name", name, message).problem.help =
                Some(
                    "remove one, or give it another name: the last one applied would win"
                        .to_owned(),
                );
        }
    }
}

/// The selector of a workload that runs pods until it is deleted.
fn selector<'a>(known: &Known<'a>) -> Option<Selector<'a>> {
    let node = known.get(&["spec", "selector"])?;
    match (known.group, known.kind) {
        ("apps", "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet") => {
            Some(Selector::of(node))
        }
        ("", "ReplicationController") => Some(Selector::of_labels(node)),
        _ => None,
    }
}

fn selectors(known: &Known<'_>, pods: &Pods<'_>, index: &Index<'_>, report: &mut Report<'_>) {
    let Some(own) = selector(known) else { return };
    // A cluster refuses the one and the other; whoever checks objects one by one says so.
    if own.is_empty() || !own.matches(pods.labels()) {
        return;
    }
    let other = index.selected(known.namespace, &own).find(|other| {
        identity(other) != identity(known)
            && match selector(other) {
                // Of two that select each other, the later one is told.
                Some(theirs) => other.at < known.at || !theirs.matches(pods.labels()),
                // ReplicaSets adopt bare pods; a Job's have an owner.
                None => other.is("", "Pod"),
            }
    });
    if let Some(other) = other {
        let message =
            format!("the selector `{}` also selects the pods of {}", own.text(), called(other));
        let node = known.get(&["spec", "selector"]);
        report.add(&SELECTORS_OVERLAP, known, "spec.selector", node, message).problem.help =
            Some("give each workload a label of its own, and select by it".to_owned());
    }
}

/// Where a container may be asked for an HTTP answer or a connection, by a port's number or name.
const HANDLERS: &[&[&str]] = &[
    &["startupProbe", "httpGet", "port"],
    &["startupProbe", "tcpSocket", "port"],
    &["readinessProbe", "httpGet", "port"],
    &["readinessProbe", "tcpSocket", "port"],
    &["livenessProbe", "httpGet", "port"],
    &["livenessProbe", "tcpSocket", "port"],
    &["lifecycle", "postStart", "httpGet", "port"],
    &["lifecycle", "preStop", "httpGet", "port"],
];

fn probes(known: &Known<'_>, pods: &Pods<'_>, container: &Container<'_>, report: &mut Report<'_>) {
    for path in HANDLERS {
        let Some(node) = container.node.at(path) else { continue };
        let Value::String(wanted) = &node.value else { continue };
        let names = || container.items("ports").iter().map(|port| text(port, &["name"]));
        // The kubelet takes digits for a number when no port is named so (`probe/util.go`, ResolveContainerPort).
        if wanted.bytes().all(|byte| byte.is_ascii_digit()) || names().any(|name| name == wanted) {
            continue;
        }
        let field = pods.field(&format!("{}.{}", container.path(), path.join(".")));
        let message = format!("the container has no port named `{wanted}`");
        let help = match nearest(wanted, names().take(100)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "name a port of this container, or give its number".to_owned(),
        };
        report.add(&PROBE_PORT_MISSING, known, field, Some(node), message).problem.help =
            Some(help);
    }
}
