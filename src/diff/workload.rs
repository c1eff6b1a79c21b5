//! What a change does to pods: whether they are replaced, how, and how many there will be.

use crate::node::{Node, Value};
use crate::object::{Object, text};
use crate::quantity::Quantity;

use super::consequence::{Consequence, Effect};
use super::fields::Field;
use super::pair::Pair;
use super::side::Identity;

/// The kinds that keep pods.
pub(super) const WORKLOADS: [&str; 3] = ["Deployment", "StatefulSet", "DaemonSet"];

/// Whether an object keeps pods.
pub(super) fn is_workload(identity: &Identity) -> bool {
    identity.group == "apps" && WORKLOADS.contains(&identity.kind.as_str())
}

/// What a changed field does to pods.
pub(super) fn check(pair: &Pair<'_>, field: &Field<'_>) -> Option<Consequence> {
    if pair.is("autoscaling", "HorizontalPodAutoscaler") && field.path.is_in("spec") {
        return Some(Consequence::new(
            Effect::Scaling,
            "the autoscaler follows other numbers from now on",
        ));
    }
    if !is_workload(pair.identity) {
        return None;
    }
    if field.path.is_in("spec.template") {
        return (!is_same_amount(field)).then(|| restart(pair));
    }
    (pair.identity.kind != "DaemonSet" && field.path.is("spec.replicas"))
        .then(|| replicas(pair, field))
}

/// The sessions that end with the pods: our redis holds them, in memory unless it has a claim.
pub(super) fn sessions(pair: &Pair<'_>, field: &Field<'_>) -> Option<Consequence> {
    let is_redis =
        text(&pair.old.node, &["metadata", "labels", "app.kubernetes.io/component"]) == "redis";
    let ends = is_workload(pair.identity)
        && is_redis
        && field.path.is_in("spec.template")
        && claims(pair.old).is_empty();
    ends.then(|| {
        Consequence::new(
            Effect::Outage,
            "redis has no volume: sessions end, and users sign in again",
        )
    })
}

/// What the removal of an object does to pods.
pub(super) fn removed(identity: &Identity) -> Option<Consequence> {
    if is_workload(identity) {
        return Some(Consequence::new(Effect::Outage, "its pods stop"));
    }
    identity.is("autoscaling", "HorizontalPodAutoscaler").then(|| {
        Consequence::new(
            Effect::Scaling,
            "the number of pods stays what it is, until something else changes it",
        )
    })
}

/// What the creation of an object does to pods.
pub(super) fn created(identity: &Identity) -> Option<Consequence> {
    identity.is("autoscaling", "HorizontalPodAutoscaler").then(|| {
        Consequence::new(
            Effect::Scaling,
            "the autoscaler decides on the number of pods from now on, however many there are now",
        )
    })
}

/// `1Gi` and `1024Mi` are the same to the controller, which then leaves the pods.
fn is_same_amount(field: &Field<'_>) -> bool {
    let is_amount = field.path.keys().any(|key| matches!(key, "limits" | "requests"));
    let amount = |node: Option<&Node>| node.and_then(Quantity::read);
    is_amount && amount(field.old).is_some() && amount(field.old) == amount(field.new)
}

fn restart(pair: &Pair<'_>) -> Consequence {
    let strategy = if pair.identity.kind == "Deployment" { "strategy" } else { "updateStrategy" };
    match pair.new_text(&["spec", strategy, "type"]) {
        "Recreate" => Consequence::new(
            Effect::Restart,
            "every old pod stops before a new one starts (Recreate): not reachable meanwhile",
        ),
        "OnDelete" => Consequence::new(
            Effect::Note,
            "the pods stay as they are until you delete them (OnDelete)",
        ),
        _ => Consequence::new(
            Effect::Restart,
            "the pods are replaced one after the other (RollingUpdate)",
        ),
    }
}

/// What becomes of the number of pods. A field that leaves a manifest goes back to its default, 1, in Helm 3's patch as in
/// server-side apply, where nothing else has taken the field over.
fn replicas(pair: &Pair<'_>, field: &Field<'_>) -> Consequence {
    let number = |node: &Node| node.to_json().to_string();
    let conflict =
        "; Helm 4 refuses it, if `kubectl scale` or an autoscaler has set another number since";
    match (field.old, field.new) {
        (_, Some(new)) if matches!(new.value, Value::Int(0)) => {
            Consequence::new(Effect::Outage, format!("its pods stop: there are none{conflict}"))
        }
        (_, None) => Consequence::new(
            Effect::Scaling,
            "the number leaves the manifest and goes back to its default, 1 pod, until something scales it; not with Helm 4, if `kubectl scale` or an autoscaler has set it since",
        )
        .help(format!(
            "set the number again after the upgrade, or let the autoscaler do it: kubectl scale {} --replicas={}",
            pair.identity,
            field.old.map_or("1".to_owned(), number)
        )),
        (None, Some(new)) => Consequence::new(
            Effect::Scaling,
            format!("{} pods, however many there are now{conflict}", number(new)),
        ),
        (Some(_), Some(new)) => {
            Consequence::new(Effect::Scaling, format!("{} pods{conflict}", number(new)))
        }
    }
}

/// The claims that a workload's pods mount.
pub(super) fn claims(object: &Object) -> Vec<&str> {
    let volumes = object.get(&["spec", "template", "spec", "volumes"]);
    let volumes = volumes.map(Node::items).unwrap_or_default();
    let claim = |volume| text(volume, &["persistentVolumeClaim", "claimName"]);
    volumes.iter().map(claim).filter(|claim| !claim.is_empty()).collect()
}
