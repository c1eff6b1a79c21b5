//! Containers that are to run as root and must not: the kubelet makes none of them (`verifyRunAsNonRoot` in
//! `pkg/kubelet/kuberuntime/security_context_others.go`), whatever the namespace enforces.

use super::{is_true, is_zero};
use crate::finding::Finding;
use crate::node::{Node, Value};
use crate::object::{Object, text};
use crate::references::pods::Pods;
use crate::rules::ROOT_FORBIDDEN;
use crate::source::Sources;

const CONTEXT: &str = "securityContext";

/// Finds the containers of an object whose user is root while `runAsNonRoot` holds. What a container says itself counts before
/// what its pod says. A user that the pod gives to several containers is told once.
pub fn check(object: &Object, sources: &Sources) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let Some(pods) = Pods::of(&object.node) else { return findings };
    // On Windows users have names, and no numbers.
    let Some(spec) = pods.spec().filter(|spec| text(spec, &["os", "name"]) != "windows") else {
        return findings;
    };
    for container in pods.containers() {
        let says = |field: &str| {
            [container.node, spec].into_iter().find(|node| is_given(node, &[CONTEXT, field]))
        };
        let (Some(user), Some(ban)) = (says("runAsUser"), says("runAsNonRoot")) else { continue };
        if !is_zero(user, &[CONTEXT, "runAsUser"]) || !is_true(ban, &[CONTEXT, "runAsNonRoot"]) {
            continue;
        }
        let [by_container, banned_by_container] =
            [user, ban].map(|node| std::ptr::eq(node, container.node));
        let field = match by_container {
            true => pods.field(&format!("{}.{CONTEXT}.runAsUser", container.path())),
            false => pods.field(&format!("{CONTEXT}.runAsUser")),
        };
        if findings.iter().any(|finding| finding.field == field) {
            continue;
        }
        let message = format!(
            "container `{}` is to run as root, which `runAsNonRoot: true` forbids: it never starts (`CreateContainerConfigError`)",
            container.name()
        );
        let place = match banned_by_container && !by_container {
            true => "in the security context of the container",
            false => "beside it",
        };
        let mut finding = Finding::new(&ROOT_FORBIDDEN, message)
            .help(format!("write `runAsNonRoot: false` {place}, or give another user"))
            .of(object.title(), field);
        let origin = user.at(&[CONTEXT, "runAsUser"]).and_then(|node| node.origin);
        finding.problem.location = object.location(origin, sources);
        findings.push(finding);
    }
    findings
}

fn is_given(node: &Node, path: &[&str]) -> bool {
    node.at(path).is_some_and(|node| !matches!(node.value, Value::Null))
}
