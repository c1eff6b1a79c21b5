//! The Pod Security Standards: which controls of a level a pod breaks, as an API server with Pod Security admission counts them.
//!
//! The controls are those of [Pod Security Standards](https://kubernetes.io/docs/concepts/security/pod-security-standards/) as
//! `latest` has them, and carry its names. What the kubelet refuses of itself is in [`root`].

mod baseline;
mod restricted;
pub mod root;
#[cfg(test)]
mod table;
#[cfg(test)]
mod tests;

use crate::finding::Finding;
use crate::node::{Node, Value};
use crate::object::{Object, text};
use crate::references::pods::{Container, Pods};
use crate::rules::OUTSIDE_RESTRICTED;
use crate::source::Sources;

/// A level of the standards. A pod that keeps `restricted` keeps `baseline`; all keep `privileged`, which asks for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// What prevents known ways to gain privileges.
    Baseline,
    /// What is good practice beyond that.
    Restricted,
}

/// A field by which a pod breaks a control.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// The level that asks for it.
    pub level: Level,
    /// The control's published name.
    pub control: &'static str,
    /// The field, below the object's root.
    pub field: String,
}

/// What pods break, level by level, control by control. A field that is not what Kubernetes takes counts as missing.
pub fn breaches(pods: &Pods<'_>) -> Vec<Breach> {
    let Some(spec) = pods.spec() else { return Vec::new() };
    let mut pod = Pod {
        pods: *pods,
        spec,
        containers: pods.containers().collect(),
        level: Level::Baseline,
        breaches: Vec::new(),
    };
    baseline::check(&mut pod);
    pod.level = Level::Restricted;
    restricted::check(&mut pod);
    pod.breaches
}

/// Notes the pods that a namespace which enforces `restricted` would not start. Nothing is noted of those that the kubelet starts
/// in none ([`root`]).
pub fn check(objects: &[Object], sources: &Sources) -> impl Iterator<Item = Finding> {
    objects.iter().filter_map(|object| {
        let pods = Pods::of(&object.node)?;
        let breaches = breaches(&pods);
        let first = breaches.first().filter(|_| root::check(object, sources).is_empty())?;
        let mut controls: Vec<&str> = Vec::new();
        for breach in &breaches {
            if !controls.contains(&breach.control) {
                controls.push(breach.control);
            }
        }
        let controls = controls.join(", ");
        let (message, level) = match first.level {
            Level::Restricted => {
                let message =
                    "the pods keep the Pod Security Standard `baseline`, and not `restricted`";
                (message, "baseline")
            }
            Level::Baseline => {
                ("the pods do not keep the Pod Security Standard `baseline`", "privileged")
            }
        };
        let help = format!("in a namespace that enforces more than `{level}` none of them starts");
        let finding = Finding::new(&OUTSIDE_RESTRICTED, format!("{message}: {controls}"));
        Some(finding.help(help).of(object.title(), first.field.clone()))
    })
}

/// Pods, and what has been found of them.
struct Pod<'a> {
    pods: Pods<'a>,
    spec: &'a Node,
    containers: Vec<Container<'a>>,
    /// The level that is being checked.
    level: Level,
    breaches: Vec<Breach>,
}

impl Pod<'_> {
    /// Adds a breach by a field of the pods' `spec`.
    fn breach(&mut self, control: &'static str, field: &str) {
        let field = self.pods.field(field);
        self.breaches.push(Breach { level: self.level, control, field });
    }

    /// Checks the security context of the pods and that of each container: gives it, or nothing, to the test, which says whether
    /// it breaks the control by the field below it.
    fn contexts(&mut self, control: &'static str, field: &str, breaks: impl Fn(&Node) -> bool) {
        if self.spec.at(&["securityContext"]).is_some_and(&breaks) {
            self.breach(control, &format!("securityContext.{field}"));
        }
        self.each_container(control, &format!("securityContext.{field}"), |container| {
            container.at(&["securityContext"]).is_some_and(&breaks)
        });
    }

    /// Checks each container: the test says whether it breaks the control by the field below it.
    fn each_container(
        &mut self,
        control: &'static str,
        field: &str,
        breaks: impl Fn(&Node) -> bool,
    ) {
        for container in self.containers.clone() {
            if breaks(container.node) {
                self.breach(control, &format!("{}.{field}", container.path()));
            }
        }
    }
}

/// Whether a field is there and not what is allowed; null is not there.
fn is_other(node: &Node, path: &[&str], allowed: &[&str]) -> bool {
    node.at(path).is_some_and(|node| match &node.value {
        Value::Null => false,
        Value::String(text) => !allowed.contains(&text.as_str()),
        _ => true,
    })
}

fn is_true(node: &Node, path: &[&str]) -> bool {
    matches!(node.at(path), Some(Node { value: Value::Bool(true), .. }))
}

fn is_false(node: &Node, path: &[&str]) -> bool {
    matches!(node.at(path), Some(Node { value: Value::Bool(false), .. }))
}

fn is_zero(node: &Node, path: &[&str]) -> bool {
    matches!(node.at(path), Some(Node { value: Value::Int(0), .. }))
}

/// The texts of a list.
fn texts<'a>(node: &'a Node, path: &[&str]) -> impl Iterator<Item = &'a str> {
    node.at(path).map(Node::items).unwrap_or_default().iter().map(|item| text(item, &[]))
}
