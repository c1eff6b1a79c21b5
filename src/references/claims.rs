//! Claims and the volumes that they are meant for: whether the two can bind.

use std::collections::HashMap;

use super::index::{Index, Known};
use super::{Report, called};
use crate::node::Node;
use crate::quantity::Quantity;
use crate::rules::{CLAIM_CLASS_OPEN, CLAIM_MISMATCH, CLAIM_MISSING, PERSISTENT_VOLUME_MISSING};

pub(super) fn check(index: &Index<'_>, report: &mut Report<'_>) {
    // Volumes by the claim that they are reserved for.
    let mut reserved = HashMap::new();
    for volume in index.objects.iter().filter(|known| known.is("", "PersistentVolume")) {
        let claim = volume.text(&["spec", "claimRef", "name"]);
        if claim.is_empty() {
            continue;
        }
        let namespace = volume.text(&["spec", "claimRef", "namespace"]);
        reserved.entry((namespace, claim)).or_insert(volume);
        if !index.has("PersistentVolumeClaim", namespace, claim) {
            let message =
                format!("there is no PersistentVolumeClaim `{claim}` in namespace `{namespace}`");
            let help = Some(index.meant("PersistentVolumeClaim", namespace, claim));
            let node = volume.get(&["spec", "claimRef", "name"]);
            report.add(&CLAIM_MISSING, volume, "spec.claimRef", node, message).problem.help = help;
        }
    }
    for claim in index.objects.iter().filter(|known| known.is("", "PersistentVolumeClaim")) {
        let wanted = claim.text(&["spec", "volumeName"]);
        if wanted.is_empty() {
            if let Some(volume) = reserved.get(&(claim.namespace, claim.name)) {
                compare(claim, volume, report);
            }
        } else if let Some(volume) = index.find(("", "PersistentVolume", "", wanted)) {
            compare(claim, volume, report);
            names(claim, volume, report);
        } else if !index.has("PersistentVolume", "", wanted) {
            let node = claim.get(&["spec", "volumeName"]);
            let message = format!("there is no PersistentVolume `{wanted}`");
            let help = Some(index.meant("PersistentVolume", "", wanted));
            report
                .add(&PERSISTENT_VOLUME_MISSING, claim, "spec.volumeName", node, message)
                .problem
                .help = help;
        }
    }
}

/// Whether a volume that a claim names is reserved for another.
fn names(claim: &Known<'_>, volume: &Known<'_>, report: &mut Report<'_>) {
    let (namespace, name) = (
        volume.text(&["spec", "claimRef", "namespace"]),
        volume.text(&["spec", "claimRef", "name"]),
    );
    if !name.is_empty() && (namespace, name) != (claim.namespace, claim.name) {
        let message = format!(
            "{} is reserved for the claim `{name}` in namespace `{namespace}`, and this is `{}` in `{}`",
            called(volume),
            claim.name,
            claim.namespace
        );
        let node = claim.get(&["spec", "volumeName"]);
        report.add(&CLAIM_MISMATCH, claim, "spec.volumeName", node, message).problem.help = Some(
            "let `claimRef` and `volumeName` name each other, the namespace included".to_owned(),
        );
    }
}

/// Whether a volume has what a claim asks for (Kubernetes, `checkVolumeSatisfyClaim`).
fn compare(claim: &Known<'_>, volume: &Known<'_>, report: &mut Report<'_>) {
    let mut differ = |field: &'static [&'static str], message: String| {
        report
            .add(&CLAIM_MISMATCH, claim, field.join("."), claim.get(field), message)
            .problem
            .help = Some("let the claim and the volume say the same".to_owned());
    };
    let request = &["spec", "resources", "requests", "storage"];
    let amounts = [claim.get(request), volume.get(&["spec", "capacity", "storage"])];
    if let [Some(wanted), Some(has)] = amounts.map(|node| node.and_then(Quantity::read))
        && wanted > has
    {
        let has = amounts[1].and_then(Node::as_str).unwrap_or_default();
        differ(request, format!("the claim asks for more than the `{has}` of {}", called(volume)));
    }
    let offered: Vec<&str> = modes(volume).collect();
    if let Some(mode) = modes(claim).find(|mode| !offered.contains(mode)) {
        let message = format!("{} does not offer the access mode `{mode}`", called(volume));
        differ(&["spec", "accessModes"], message);
    }
    let kind_of = |known: &Known<'_>| match known.text(&["spec", "volumeMode"]) {
        "Block" => "Block",
        _ => "Filesystem",
    };
    if kind_of(claim) != kind_of(volume) {
        let message = format!("{} has the volume mode `{}`", called(volume), kind_of(volume));
        differ(&["spec", "volumeMode"], message);
    }
    class(claim, volume, report);
}

fn modes<'a>(known: &Known<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
    known.items(&["spec", "accessModes"]).iter().filter_map(Node::as_str)
}

fn class(claim: &Known<'_>, volume: &Known<'_>, report: &mut Report<'_>) {
    let path = &["spec", "storageClassName"];
    let has = volume.text(path);
    match claim.get(path).and_then(Node::as_str) {
        Some(wanted) if wanted != has => {
            let message =
                format!("the claim's class is `{wanted}`, and that of {} `{has}`", called(volume));
            report
                .add(&CLAIM_MISMATCH, claim, "spec.storageClassName", claim.get(path), message)
                .problem
                .help = Some("let the claim and the volume say the same".to_owned());
        }
        None => {
            let message = format!(
                "the claim names no class, so a default class of the cluster would stand in the way of {}",
                called(volume)
            );
            report
                .add(&CLAIM_CLASS_OPEN, claim, "spec.storageClassName", None, message)
                .problem
                .help = Some(format!("write `storageClassName: \"{has}\"`"));
        }
        Some(_) => {}
    }
}
