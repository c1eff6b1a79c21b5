//! Changes that are refused in some cases only: what decides, and what to do.

use crate::diff::consequence::{Consequence, Effect};
use crate::diff::fields::Field;
use crate::diff::pair::Pair;
use crate::node::{Node, Value};
use crate::object::text;
use crate::quantity::Quantity;

pub(super) fn refused(field: &str) -> Consequence {
    let why = match field {
        "spec" => {
            "Kubernetes lets the rest of the spec as it is: the field is immutable".to_owned()
        }
        field => format!("`{field}` is immutable"),
    };
    Consequence::new(Effect::Refused, why)
}

fn may_be(why: impl Into<String>) -> Consequence {
    Consequence::new(Effect::MayBeRefused, why)
}

/// From another strategy to `Recreate`. Server-side apply leaves the defaults of `rollingUpdate` in place, and both together are
/// not allowed.
pub(super) fn strategy(pair: &Pair<'_>, field: &Field<'_>) -> Option<Consequence> {
    const TYPE: [&str; 3] = ["spec", "strategy", "type"];
    let becomes = pair.new_text(&TYPE) == "Recreate" && pair.old_text(&TYPE) != "Recreate";
    let is_type = field.path.is("spec.strategy.type") || field.path.is("spec.strategy");
    (becomes && is_type).then(|| {
        let patch = r#"[{"op":"replace","path":"/spec/strategy","value":{"type":"Recreate"}}]"#;
        may_be("a release that Helm 4 installed keeps the defaults of `rollingUpdate`, which `Recreate` does not allow; Helm 3 removes them")
            .help(format!("before the upgrade: kubectl patch {} --type=json -p '{patch}'", pair.identity))
    })
}

pub(super) fn revision_history(_: &Pair<'_>, _: &Field<'_>) -> Option<Consequence> {
    Some(may_be(
        "older versions of Kubernetes do not let a StatefulSet's `revisionHistoryLimit` change",
    ))
}

pub(super) fn job_template(pair: &Pair<'_>, _: &Field<'_>) -> Option<Consequence> {
    let suspended = pair.old.get(&["spec", "suspend"]);
    Some(match suspended.map(|node| &node.value) {
        Some(Value::Bool(true)) => {
            may_be("of a suspended Job only what decides where its pods run can change")
        }
        _ => refused("spec.template").help("delete the Job first, or give it another name"),
    })
}

pub(super) fn completions(pair: &Pair<'_>, _: &Field<'_>) -> Option<Consequence> {
    Some(match pair.old_text(&["spec", "completionMode"]) {
        "Indexed" => may_be(
            "`spec.completions` can change only together with `spec.parallelism`, to the same number",
        ),
        _ => refused("spec.completions"),
    })
}

pub(super) fn taken_away(_: &Pair<'_>, field: &Field<'_>) -> Option<Consequence> {
    (field.old.is_some() && field.new.is_none()).then(|| refused("spec.volumeAttributesClassName"))
}

pub(super) fn volume_source(_: &Pair<'_>, field: &Field<'_>) -> Option<Consequence> {
    // The source is compared as a whole, where a field left out is false, or empty.
    let is_empty = |node: Option<&Node>| match node.map(|node| &node.value) {
        None | Some(Value::Bool(false) | Value::Int(0)) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(_) => false,
    };
    (!is_empty(field.old) || !is_empty(field.new)).then(|| {
        Consequence::new(
            Effect::Refused,
            "the source of a volume is immutable: a volume cannot move to another place",
        )
        .help("move the share step by step, as told below")
    })
}

pub(super) fn size(pair: &Pair<'_>, field: &Field<'_>) -> Option<Consequence> {
    let amount = |node: Option<&Node>| node.and_then(Quantity::read);
    let (Some(old), Some(new)) = (amount(field.old), amount(field.new)) else {
        return Some(may_be("a claim's size is not a quantity, or is taken away"));
    };
    let class =
        pair.new.get(&["spec", "storageClassName"]).map(|node| node.as_str().unwrap_or_default());
    match (new.cmp(&old), class) {
        (std::cmp::Ordering::Equal, _) => None,
        (std::cmp::Ordering::Less, _) => Some(
            Consequence::new(Effect::Refused, "a claim cannot shrink").help("leave the old size"),
        ),
        (_, Some("")) => Some(
            Consequence::new(
                Effect::Refused,
                "only a dynamically provisioned claim can grow, and this one has no class",
            )
            .help("leave the old size: on NFS and hostPath nothing enforces it"),
        ),
        (_, class) => {
            let class =
                class.map_or("its class".to_owned(), |name| format!("the StorageClass `{name}`"));
            Some(
                may_be(format!("a claim grows only if {class} provisioned it and has `allowVolumeExpansion: true`"))
                    .help("ask the cluster: kubectl get storageclass"),
            )
        }
    }
}

pub(super) fn volume_name(_: &Pair<'_>, field: &Field<'_>) -> Option<Consequence> {
    Some(match field.old {
        Some(_) => refused("spec.volumeName"),
        None => may_be(
            "a bound claim keeps its volume: refused, unless it is bound to this one, or to none yet",
        ),
    })
}

pub(super) fn storage_class(_: &Pair<'_>, field: &Field<'_>) -> Option<Consequence> {
    Some(match field.old {
        Some(_) => refused("spec.storageClassName"),
        None => may_be("refused, if the cluster has given the claim its default class"),
    })
}

pub(super) fn cluster_ip(pair: &Pair<'_>, field: &Field<'_>) -> Option<Consequence> {
    const TYPE: [&str; 2] = ["spec", "type"];
    let first = |node: Option<&Node>| -> Option<String> {
        let node = node?;
        let text = node.as_str().or_else(|| node.items().first()?.as_str())?;
        Some(text.to_owned()).filter(|text| !text.is_empty())
    };
    let name = field.path.keys().nth(1).unwrap_or_default();
    let at = |object: &crate::object::Object| first(object.get(&["spec", name]));
    let (old, new) = (at(pair.old), at(pair.new));
    let is_name = [pair.old_text(&TYPE), pair.new_text(&TYPE)].contains(&"ExternalName");
    // What is left out keeps what it had, and the first family of a Service that named none is the cluster's choice.
    if is_name || new.is_none() || old == new {
        return None;
    }
    Some(match (name, old) {
        ("ipFamilies", None) => may_be("refused, if the cluster has chosen another first family"),
        _ => refused(&format!("spec.{name}"))
            .help("delete the Service first; it gets another address"),
    })
}

pub(super) fn load_balancer_class(pair: &Pair<'_>, _: &Field<'_>) -> Option<Consequence> {
    let is = |object| text(object, &["spec", "type"]) == "LoadBalancer";
    (is(&pair.old.node) && is(&pair.new.node)).then(|| refused("spec.loadBalancerClass"))
}

pub(super) fn both(_: &Pair<'_>, field: &Field<'_>) -> Option<Consequence> {
    field.old.and(field.new).map(|_| refused("spec.healthCheckNodePort"))
}

pub(super) fn frozen(pair: &Pair<'_>, _: &Field<'_>) -> Option<Consequence> {
    let immutable = pair.old.get(&["immutable"]).map(|node| &node.value);
    matches!(immutable, Some(Value::Bool(true))).then(|| {
        let kind = &pair.identity.kind;
        Consequence::new(Effect::Refused, format!("the {kind} was made immutable"))
            .help("give it another name, or delete it first")
    })
}
