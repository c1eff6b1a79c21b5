//! What an API server asks of pods, and of what makes them.

use std::collections::HashSet;

use crate::node::{Node, Value};
use crate::rules::{BAD_ENUM, BAD_FORMAT, DUPLICATE_KEY, FIELD_CONFLICT};

use super::format::shown;
use super::here::Here;
use super::walk::Step;

/// Of a Deployment and its like: the selector finds the pods of the template, which run for ever.
pub(super) fn check_replicated(here: &mut Here<'_, '_>) {
    let labels = here.node.at(&["template", "metadata", "labels"]).and_then(Node::as_map);
    if let Some(selector) = here.get("selector").and_then(Node::as_map) {
        let wanted = selector.get("matchLabels").and_then(|entry| entry.node.as_map());
        let expressions =
            selector.get("matchExpressions").is_some_and(|entry| !entry.node.items().is_empty());
        // A field that a selector does not have has been found, and is what was meant to fill it.
        let others =
            selector.keys().any(|key| !["matchLabels", "matchExpressions"].contains(&key.as_str()));
        if wanted.is_none_or(|map| map.is_empty()) && !expressions && !others {
            here.report(
                &FIELD_CONFLICT,
                "selector",
                "`selector` is empty",
                "name the labels of the template in `matchLabels`",
            );
        }
        for (key, entry) in wanted.into_iter().flatten() {
            let found =
                labels.and_then(|labels| labels.get(key)).and_then(|label| label.node.as_str());
            if entry.node.as_str().is_some_and(|text| found != Some(text)) {
                let message = format!(
                    "the template has no label `{}` with the value that the selector asks for",
                    shown(key)
                );
                let help = "give the pods of the template all labels of `selector.matchLabels`";
                here.report(&FIELD_CONFLICT, "selector", message, help);
                break;
            }
        }
    }
    check_restart(here, &["Always"]);
}

/// Of a Job: its pods end.
pub(super) fn check_job(here: &mut Here<'_, '_>) {
    check_restart(here, &["OnFailure", "Never"]);
}

fn check_restart(here: &mut Here<'_, '_>, allowed: &[&str]) {
    let spec = here.node.at(&["template", "spec"]);
    let policy = spec.and_then(|spec| spec.at(&["restartPolicy"]));
    let given = policy.and_then(Node::as_str).filter(|text| !text.is_empty()).unwrap_or("Always");
    // Another word has been found by its list.
    if spec.is_none()
        || allowed.contains(&given)
        || !["Always", "Never", "OnFailure"].contains(&given)
    {
        return;
    }
    let names: Vec<String> = allowed.iter().map(|name| format!("`{name}`")).collect();
    let message =
        format!("`restartPolicy` of the pods is `{given}`, expected {}", super::format::or(&names));
    let at = policy.or(spec).and_then(|node| node.origin);
    here.walk.path.extend(["template", "spec"].map(Step::Key));
    let help = "pods of this kind cannot have another".to_owned();
    here.walk.report_field(&BAD_ENUM, at, "restartPolicy", message, help);
    here.walk.path.truncate(here.walk.path.len() - 2);
}

/// What an init container has no use for, unless it stays (`restartPolicy: Always`).
const OF_THOSE_THAT_STAY: [&str; 4] =
    ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"];

/// Of a pod: it has a container, no two have the same name, whether they come first or last, and those that end are not watched.
pub(super) fn check_pod(here: &mut Here<'_, '_>) {
    check_init_containers(here);
    let items = |field: &str| here.get(field).map(Node::items).unwrap_or_default();
    let (first, containers) = (items("initContainers"), items("containers"));
    if here
        .node
        .at(&["containers"])
        .is_some_and(|node| matches!(&node.value, Value::List(items) if items.is_empty()))
    {
        here.missing("containers", "a pod needs a container");
    }
    let name = |node: &Node| node.at(&["name"]).and_then(Node::as_str).map(str::to_owned);
    let first: HashSet<String> = first.iter().filter_map(name).collect();
    for (index, container) in containers.iter().enumerate().filter(|_| !first.is_empty()) {
        if let Some(name) = name(container).filter(|name| first.contains(name)) {
            let message = format!("an init container has the name `{}` too", shown(&name));
            here.walk.path.extend([Step::Key("containers"), Step::Index(index)]);
            let help = "give each container of the pod a name of its own".to_owned();
            here.walk.report_field(&DUPLICATE_KEY, container.origin, "name", message, help);
            here.walk.path.truncate(here.walk.path.len() - 2);
        }
    }
}

fn check_init_containers(here: &mut Here<'_, '_>) {
    let containers = here.get("initContainers").map(Node::items).unwrap_or_default();
    for (index, container) in containers.iter().enumerate() {
        let Some(map) = container.as_map() else { continue };
        here.walk.path.extend([Step::Key("initContainers"), Step::Index(index)]);
        let mut here = Here { walk: here.walk, node: container, map };
        if here.text("restartPolicy") != "Always" {
            for field in OF_THOSE_THAT_STAY {
                if here.has(field) {
                    let message = format!("an init container that ends cannot have `{field}`");
                    let help = "leave it out, or let the container stay: `restartPolicy: Always`";
                    here.report(&FIELD_CONFLICT, field, message, help);
                }
            }
        }
        here.walk.path.truncate(here.walk.path.len() - 2);
    }
}

/// Of a container: it has an image, each port's name is its own, and one success is enough for a probe that restarts it.
pub(super) fn check_container(here: &mut Here<'_, '_>) {
    if !here.has("image") {
        here.missing("image", "a container needs an image");
    }
    for probe in ["livenessProbe", "startupProbe"] {
        let threshold = here.get(probe).and_then(|probe| probe.at(&["successThreshold"]));
        if let Some(Node { value: Value::Int(number @ 2..), origin }) = threshold {
            let message = format!("`successThreshold` is {number}, and of a `{probe}` it is 1");
            here.walk.path.push(Step::Key(probe));
            let help = "leave it out, or use a `readinessProbe`".to_owned();
            here.walk.report_field(&BAD_FORMAT, *origin, "successThreshold", message, help);
            here.walk.path.pop();
        }
    }
    if let Some(period) = here.node.at(&["readinessProbe", "terminationGracePeriodSeconds"])
        && !matches!(period.value, Value::Null)
    {
        let field = "terminationGracePeriodSeconds";
        let message = format!("a `readinessProbe` ends no container, and cannot have `{field}`");
        here.walk.path.push(Step::Key("readinessProbe"));
        let help = "leave it out, or give it to the `livenessProbe`".to_owned();
        here.walk.report_field(&FIELD_CONFLICT, period.origin, field, message, help);
        here.walk.path.pop();
    }
    let mut names = HashSet::new();
    for (index, port) in here.get("ports").map(Node::items).unwrap_or_default().iter().enumerate() {
        let name = port.at(&["name"]).and_then(Node::as_str).filter(|name| !name.is_empty());
        if name.is_some_and(|name| !names.insert(name)) {
            let message = format!(
                "another port of the container has the name `{}` too",
                shown(name.unwrap_or_default())
            );
            here.walk.path.extend([Step::Key("ports"), Step::Index(index)]);
            let help = "give each port a name of its own".to_owned();
            here.walk.report_field(&DUPLICATE_KEY, port.origin, "name", message, help);
            here.walk.path.truncate(here.walk.path.len() - 2);
        }
    }
}
