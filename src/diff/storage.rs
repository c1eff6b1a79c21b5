//! What a change does to data: whether it goes, is left behind, or is kept from now on.

use crate::node::Node;
use crate::object::{Object, text};

use super::consequence::{Consequence, Effect};
use super::fields::{Field, same};
use super::pair::Pair;
use super::path::Step;
use super::side::Identity;
use super::workload::is_workload;

/// Sources of a pod's volume that hold no data of its own.
const GIVEN: [&str; 5] = ["configMap", "secret", "projected", "downwardAPI", "image"];

/// What Helm leaves in the cluster when a release no longer has it.
const POLICY: &str = "helm.sh/resource-policy";

/// What a changed field does to data.
pub(super) fn check(pair: &Pair<'_>, field: &Field<'_>) -> Option<Consequence> {
    if is_workload(pair.identity) {
        return volume(pair, field);
    }
    if field.path.keys().nth(2) == Some(POLICY) && field.path.is_in("metadata.annotations") {
        let kept = field.new.and_then(Node::as_str) == Some("keep");
        return holds_data(pair.identity).then(|| match kept {
            true => Consequence::new(
                Effect::Note,
                "Helm keeps it from now on, whatever becomes of the release",
            ),
            false => Consequence::new(
                Effect::Data,
                "Helm no longer keeps it: it goes with the release, or with its template",
            ),
        });
    }
    if pair.is("", "PersistentVolume") && field.path.is("spec.persistentVolumeReclaimPolicy") {
        return Some(match field.new.and_then(Node::as_str) {
            Some("Retain") => Consequence::new(Effect::Note, "the data stays when the claim goes"),
            Some("Recycle") => {
                Consequence::new(Effect::Data, "the volume is emptied when the claim goes")
            }
            _ => Consequence::new(Effect::Data, "the data goes with the claim"),
        });
    }
    let is_secret =
        pair.is("", "Secret") && (field.path.is_in("data") || field.path.is_in("stringData"));
    is_secret.then(|| {
        Consequence::new(
            Effect::Note,
            "the content changes, which is not shown; who has the old one, in a variable or in a setting, needs the new one",
        )
    })
}

/// What becomes of data when an object leaves the release.
pub(super) fn removed(identity: &Identity, object: &Object) -> Option<Consequence> {
    let kept = text(&object.node, &["metadata", "annotations", POLICY]) == "keep";
    if kept {
        return Some(Consequence::new(
            Effect::Note,
            "Helm keeps it in the cluster (`helm.sh/resource-policy: keep`)",
        ));
    }
    let policy = text(&object.node, &["spec", "persistentVolumeReclaimPolicy"]);
    let why = match identity.kind.as_str() {
        _ if !holds_data(identity) => return None,
        "PersistentVolume" if policy == "Delete" => {
            "Helm deletes the volume, and its data goes with the claim (reclaim policy Delete)"
        }
        "PersistentVolume" => {
            "Helm deletes the volume; the data stays where it is (reclaim policy Retain)"
        }
        "PersistentVolumeClaim" => {
            "Helm deletes the claim; the data goes too, if its volume's reclaim policy is Delete, as a StorageClass has it by default"
        }
        _ => "Helm deletes the namespace with all that is in it",
    };
    Some(Consequence::new(Effect::Data, why))
}

fn holds_data(identity: &Identity) -> bool {
    identity.group.is_empty()
        && ["PersistentVolume", "PersistentVolumeClaim", "Namespace"]
            .contains(&identity.kind.as_str())
}

/// What a pod's volume that changes means for what it holds.
fn volume(pair: &Pair<'_>, field: &Field<'_>) -> Option<Consequence> {
    let data = |why: String| Some(Consequence::new(Effect::Data, why));
    if field.path.keys().last() == Some("subPath")
        && field.path.keys().any(|key| key == "volumeMounts")
    {
        return data("another folder of the volume is mounted; nothing is copied".to_owned());
    }
    let behind = field.path.behind_item("spec.template.spec.volumes");
    let Some(Step::Item(keys)) = behind.checked_sub(1).and_then(|at| field.path.steps().get(at))
    else {
        return None;
    };
    let name = keys.first().map(|(_, name)| name.as_str())?;
    let (old, new) = (find(pair.old, name), find(pair.new, name));
    let (from, to) = (old.map(source), new.map(source));
    if let (Some(Source::Given), _) | (_, Some(Source::Given)) = (from, to) {
        return None;
    }
    match (from, to) {
        (None | Some(Source::Empty), Some(Source::Claim(claim))) => data(format!(
            "the pods see what is in the claim `{claim}`, nothing if it is new; what they held before is lost"
        )),
        (Some(Source::Claim(claim)), None | Some(Source::Empty)) => data(format!(
            "the pods no longer see the data, which stays in the claim `{claim}`; what they write now goes with them"
        )),
        (Some(Source::Claim(old)), Some(Source::Claim(new))) if old != new => data(format!(
            "the pods see the claim `{new}` instead of `{old}`, where the data stays; nothing is copied"
        )),
        (Some(Source::Empty), Some(Source::Empty))
        | (Some(Source::Claim(_)), Some(Source::Claim(_))) => None,
        (None, Some(Source::Empty)) | (Some(Source::Empty), None) => None,
        _ => match (old, new) {
            (Some(old), Some(new)) if same(old, new) => None,
            _ => data(format!("the volume `{name}` is in another place; nothing is copied")),
        },
    }
}

/// What a pod's volume is made of, as far as data goes.
#[derive(Clone, Copy)]
enum Source<'a> {
    Empty,
    Claim(&'a str),
    Given,
    Other,
}

fn source(volume: &Node) -> Source<'_> {
    let has = |key: &str| volume.at(&[key]).is_some();
    match text(volume, &["persistentVolumeClaim", "claimName"]) {
        "" if GIVEN.iter().any(|key| has(key)) => Source::Given,
        "" if has("emptyDir") => Source::Empty,
        "" => Source::Other,
        claim => Source::Claim(claim),
    }
}

fn find<'a>(object: &'a Object, name: &str) -> Option<&'a Node> {
    let volumes = object.get(&["spec", "template", "spec", "volumes"])?;
    volumes.items().iter().find(|volume| text(volume, &["name"]) == name)
}
