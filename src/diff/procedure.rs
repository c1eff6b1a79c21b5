//! Step by step to where Kubernetes refuses to go at once: a share that moves to another place.

use crate::node::Node;
use crate::object::{Object, text};

use super::consequence::Effect;
use super::side::{Identity, Side};
use super::{Diff, ObjectChange, workload};

/// Steps, in the order in which they are safe.
#[derive(Debug)]
pub struct Procedure {
    /// What they lead to.
    pub title: String,
    /// The steps.
    pub steps: Vec<Step>,
}

/// A step.
#[derive(Debug)]
pub struct Step {
    /// What to do.
    pub text: String,
    /// The commands that do it, for a shell.
    pub commands: Vec<String>,
}

/// The procedures that a diff calls for.
pub(super) fn all(diff: &Diff<'_>, old: &Side) -> Vec<Procedure> {
    let moves = Moves::find(diff, old);
    if moves.claims.is_empty() && moves.volumes.is_empty() {
        Vec::new()
    } else {
        vec![moves.procedure(old)]
    }
}

/// Volumes and claims that have to be made anew.
#[derive(Default)]
struct Moves<'a> {
    claims: Vec<&'a Identity>,
    volumes: Vec<(&'a Identity, &'a Object)>,
    /// From where the data is to be copied, and to where.
    places: Vec<(String, String)>,
}

impl<'a> Moves<'a> {
    fn find(diff: &Diff<'a>, side: &'a Side) -> Self {
        let mut moves = Self::default();
        for object in &diff.objects {
            let (Some(old), Some(new)) = (object.old, object.new) else { continue };
            if object.identity.is("", "PersistentVolume") && is_moved(object) {
                moves.volumes.push((object.identity, old));
                moves.places.push((place(&old.node), place(&new.node)));
                moves.claims.extend(claim_of(object.identity, old, side));
            }
            if object.identity.is("", "PersistentVolumeClaim")
                && is_moved(object)
                && !moves.claims.contains(&object.identity)
            {
                moves.claims.push(object.identity);
                let volume = text(&old.node, &["spec", "volumeName"]);
                let volume = side.objects.iter().find(|(identity, _)| {
                    identity.is("", "PersistentVolume") && identity.name == volume
                });
                if let Some((identity, volume)) = volume {
                    if !moves.volumes.iter().any(|(known, _)| *known == identity) {
                        moves.volumes.push((identity, volume));
                        moves.places.push((
                            place(&volume.node),
                            format!("the new volume of the claim {}", object.identity.name),
                        ));
                    }
                } else {
                    let name = &object.identity.name;
                    moves.places.push((
                        format!("the volume of the claim {name}"),
                        format!("the new volume of the claim {name}"),
                    ));
                }
            }
        }
        moves.claims.sort();
        moves.claims.dedup();
        moves.volumes.sort_by_key(|(identity, _)| *identity);
        moves
    }

    fn procedure(&self, side: &'a Side) -> Procedure {
        let users = self.users(side);
        let mut steps = Vec::new();
        let mut step = |text: &str, commands: Vec<String>| {
            steps.push(Step { text: text.to_owned(), commands });
        };
        let scale = |number: &dyn Fn(&Object) -> String| -> Vec<String> {
            let command = |(identity, object): &(&Identity, &Object)| {
                format!("kubectl scale {identity} --replicas={}", number(object))
            };
            users.iter().map(command).collect()
        };
        let remaining: Vec<String> = self
            .volumes
            .iter()
            .filter(|(_, object)| text(&object.node, &["spec", "persistentVolumeReclaimPolicy"]) != "Retain")
            .map(|(identity, _)| format!("kubectl patch {identity} -p '{{\"spec\":{{\"persistentVolumeReclaimPolicy\":\"Retain\"}}}}'"))
            .collect();
        step("note how many pods there are, and stop those that write to the data", {
            let mut commands: Vec<String> =
                users.iter().map(|(identity, _)| format!("kubectl get {identity}")).collect();
            commands.extend(scale(&|_| "0".to_owned()));
            commands
        });
        let copy: Vec<String> =
            self.places.iter().map(|(from, to)| format!("# {from} -> {to}")).collect();
        step(
            "copy the data with owners and permissions, from a machine that reaches both places (`rsync -aHAX --numeric-ids FROM/ TO/`)",
            copy,
        );
        if !remaining.is_empty() {
            step("see to it that the data stays when the claims go", remaining);
        }
        step(
            "delete the claims and the volumes: with reclaim policy Retain the data stays where it is",
            {
                let claims = self.claims.iter().map(|claim| format!("kubectl delete {claim}"));
                claims
                    .chain(
                        self.volumes.iter().map(|(volume, _)| format!("kubectl delete {volume}")),
                    )
                    .collect()
            },
        );
        step(
            "set the number of pods again: they wait for their claims, and the upgrade finds the number that it expects",
            {
                scale(&|object| {
                    let number =
                        object.get(&["spec", "replicas"]).map(|node| node.to_json().to_string());
                    number.unwrap_or_else(|| "NUMBER".to_owned())
                })
            },
        );
        step(
            "upgrade: Helm makes the claims and volumes anew, and the pods start",
            vec!["helm upgrade …".to_owned()],
        );
        step("look whether all is there; only then give up the old place", Vec::new());
        Procedure { title: "to move the data to its new place".to_owned(), steps }
    }

    /// The workloads whose pods mount the claims.
    fn users(&self, side: &'a Side) -> Vec<(&'a Identity, &'a Object)> {
        let mounts = |identity: &Identity, object: &Object| {
            let claims = workload::claims(object);
            self.claims.iter().any(|claim| {
                claim.namespace == identity.namespace && claims.contains(&claim.name.as_str())
            })
        };
        let is_user = |(identity, object): &(&'a Identity, &'a Object)| {
            workload::is_workload(identity) && mounts(identity, object)
        };
        side.objects.iter().filter(is_user).collect()
    }
}

/// Whether something of a volume or a claim is refused, its size aside.
fn is_moved(object: &ObjectChange<'_>) -> bool {
    object.changes.iter().any(|change| {
        let refused =
            change.consequences.iter().any(|consequence| consequence.effect == Effect::Refused);
        refused && !change.field.path.is_in("spec.resources")
    })
}

/// The claim that a volume is kept for, among the objects of a side.
fn claim_of<'a>(volume: &Identity, object: &Object, side: &'a Side) -> Option<&'a Identity> {
    let claim = ["namespace", "name"].map(|key| text(&object.node, &["spec", "claimRef", key]));
    side.objects.iter().find_map(|(identity, object)| {
        let named = claim == [identity.namespace.as_str(), identity.name.as_str()];
        let names = text(&object.node, &["spec", "volumeName"]) == volume.name;
        (identity.is("", "PersistentVolumeClaim") && (named || names)).then_some(identity)
    })
}

/// Where the data of a volume lies.
fn place(volume: &Node) -> String {
    let at = |path: &[&str]| text(volume, &[&["spec"], path].concat()).to_owned();
    match (at(&["nfs", "path"]), at(&["hostPath", "path"])) {
        (path, _) if !path.is_empty() => format!("{}:{path}", at(&["nfs", "server"])),
        (_, path) if !path.is_empty() => format!("{path} on the nodes"),
        _ => format!("the volume {}", text(volume, &["metadata", "name"])),
    }
}
