//! Step by step to where Kubernetes refuses to go at once: data that moves to another place.

use std::collections::{BTreeSet, HashMap};

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
    /// The commands that do it, for a shell; what begins with `#` is for the reader.
    pub commands: Vec<String>,
}

/// The procedures that a diff calls for.
pub(super) fn all(diff: &Diff<'_>, old: &Side, new: &Side) -> Vec<Procedure> {
    let moves = Moves::find(diff, old, new);
    if moves.0.is_empty() { Vec::new() } else { vec![moves.procedure(old, new)] }
}

/// Data that is in one place and has to be in another.
struct Move<'a> {
    /// The claim that has to be made anew.
    claim: Option<&'a Identity>,
    /// The volume that has to be made anew, when the release made it.
    volume: Option<(&'a Identity, &'a Object)>,
    /// Whether the data stays when the claim goes, as far as the release tells.
    is_kept: bool,
    from: String,
    /// To where, when that place is there before the new claim is.
    to: Option<String>,
}

struct Moves<'a>(Vec<Move<'a>>);

/// The volumes of a side, each by its own name, and by the claim that it is kept for.
struct Volumes<'a> {
    by_name: HashMap<&'a str, (&'a Identity, &'a Object)>,
    by_claim: HashMap<[&'a str; 2], (&'a Identity, &'a Object)>,
}

impl<'a> Volumes<'a> {
    fn of(side: &'a Side) -> Self {
        let all =
            || side.objects.iter().filter(|(identity, _)| identity.is("", "PersistentVolume"));
        let claim = |object: &'a Object| {
            ["namespace", "name"].map(|key| text(&object.node, &["spec", "claimRef", key]))
        };
        Self {
            by_name: all().map(|both| (both.0.name.as_str(), both)).collect(),
            by_claim: all().map(|both| (claim(both.1), both)).collect(),
        }
    }

    /// The volume of a claim.
    fn of_claim(&self, claim: &Identity, object: &Object) -> Option<(&'a Identity, &'a Object)> {
        let named = self.by_name.get(text(&object.node, &["spec", "volumeName"]));
        named
            .or_else(|| self.by_claim.get(&[claim.namespace.as_str(), claim.name.as_str()]))
            .copied()
    }
}

impl<'a> Moves<'a> {
    fn find(diff: &Diff<'a>, old: &'a Side, new: &'a Side) -> Self {
        let (olds, news) = (Volumes::of(old), Volumes::of(new));
        let moved: HashMap<&Identity, &ObjectChange<'a>> = diff
            .objects
            .iter()
            .filter(|object| is_moved(object))
            .map(|object| (object.identity, object))
            .collect();
        if moved.is_empty() {
            return Self(Vec::new());
        }
        let mut moves = Vec::new();
        let mut with_claim = BTreeSet::new();
        for (claim, object) in
            old.objects.iter().filter(|(identity, _)| identity.is("", "PersistentVolumeClaim"))
        {
            let volume = olds.of_claim(claim, object);
            let is_moved = moved.contains_key(claim)
                || volume.is_some_and(|(name, _)| moved.contains_key(name));
            let Some(after) = new.objects.get(claim).filter(|_| is_moved) else { continue };
            with_claim.extend(volume.map(|(name, _)| name));
            let to = news.of_claim(claim, after).map(|(_, volume)| place(volume));
            let from = volume.map_or_else(
                || format!("the volume of the claim {}", claim.name),
                |(_, volume)| place(volume),
            );
            let is_kept = volume.is_some_and(|(_, volume)| retains(volume));
            // A volume that the release no longer makes stays as it is.
            let volume = volume.filter(|(name, _)| new.objects.contains_key(*name));
            moves.push(Move { claim: Some(claim), volume, is_kept, from, to });
        }
        for (name, change) in moved
            .iter()
            .filter(|(name, _)| name.is("", "PersistentVolume") && !with_claim.contains(**name))
        {
            if let (Some(before), Some(after)) = (change.old, change.new) {
                moves.push(Move {
                    claim: None,
                    volume: Some((name, before)),
                    is_kept: retains(before),
                    from: place(before),
                    to: Some(place(after)),
                });
            }
        }
        moves.sort_by(|a, b| {
            (a.claim, a.volume.map(|(name, _)| name))
                .cmp(&(b.claim, b.volume.map(|(name, _)| name)))
        });
        Self(moves)
    }

    fn procedure(&self, side: &'a Side, new: &Side) -> Procedure {
        let users = self.users(side);
        let is_there = self.0.iter().all(|moved| moved.to.is_some());
        let mut steps =
            vec![step("note how many pods there are, and stop those that use the data", {
                let look = users.iter().map(|(name, _)| format!("kubectl get {name}"));
                look.chain(scale(&users, |_| "0".to_owned())).collect()
            })];
        let copy = step(
            "copy the data with owners and permissions, from a machine or a pod that mounts both places: `rsync -aHAX --numeric-ids FROM/ TO/`",
            self.0.iter().map(Move::places).collect(),
        );
        let retain = step("see to it that the data stays when its claim goes", self.retain());
        let delete = step("delete what has to be made anew; the data stays where it is", {
            let claims = self.0.iter().filter_map(|moved| moved.claim);
            let volumes = self.0.iter().filter_map(|moved| moved.volume.map(|(name, _)| name));
            claims.chain(volumes).map(|name| format!("kubectl delete {name}")).collect()
        });
        if is_there {
            steps.extend([copy, retain, delete]);
        } else {
            // The new place comes into being with its claim; no pod may write to it before the data is there.
            let make = step("make the new claims, and nothing else yet", vec![make_claims(new)]);
            steps.extend([retain, delete, make, copy]);
        }
        steps.retain(|step| !step.commands.is_empty());
        steps.push(step(
            "set the number of pods again, so that the upgrade finds the number that it expects",
            scale(&users, |object| {
                let number =
                    object.get(&["spec", "replicas"]).map(|node| node.to_json().to_string());
                number.unwrap_or_else(|| "N".to_owned())
            }),
        ));
        steps.push(step("upgrade: Helm makes what is missing", vec!["helm upgrade …".to_owned()]));
        steps.push(step("look whether all is there; only then give up the old place", Vec::new()));
        Procedure { title: "to move the data to its new place".to_owned(), steps }
    }

    /// The commands that keep volumes when their claims go. Nothing is known of the policy of a volume that the release did not
    /// make: a StorageClass has Delete by default.
    fn retain(&self) -> Vec<String> {
        let patch = |name: String| {
            format!(
                "kubectl patch {name} -p '{{\"spec\":{{\"persistentVolumeReclaimPolicy\":\"Retain\"}}}}'"
            )
        };
        let command = |moved: &Move<'_>| match (moved.volume, moved.claim) {
            _ if moved.is_kept => None,
            (Some((name, _)), _) => Some(patch(name.to_string())),
            (None, claim) => {
                let claim = claim?;
                Some(patch(format!("pv $(kubectl get {claim} -o jsonpath='{{.spec.volumeName}}')")))
            }
        };
        self.0.iter().filter_map(command).collect()
    }

    /// The workloads whose pods mount the claims.
    fn users(&self, side: &'a Side) -> Vec<(&'a Identity, &'a Object)> {
        let claims: BTreeSet<(&str, &str)> = self
            .0
            .iter()
            .filter_map(|moved| moved.claim)
            .map(|claim| (claim.namespace.as_str(), claim.name.as_str()))
            .collect();
        let mounts = |(name, object): &(&'a Identity, &'a Object)| {
            workload::is_workload(name)
                && workload::claims(object)
                    .iter()
                    .any(|claim| claims.contains(&(name.namespace.as_str(), *claim)))
        };
        side.objects.iter().filter(mounts).collect()
    }
}

impl Move<'_> {
    fn places(&self) -> String {
        let claim = || self.claim.map_or("", |claim| &claim.name);
        let to = self.to.clone().unwrap_or_else(|| format!("the new claim {}", claim()));
        format!("# {} -> {to}", self.from)
    }
}

fn step(text: &str, commands: Vec<String>) -> Step {
    Step { text: text.to_owned(), commands }
}

fn scale(users: &[(&Identity, &Object)], number: impl Fn(&Object) -> String) -> Vec<String> {
    // A DaemonSet has no number.
    let users = users.iter().filter(|(name, _)| name.kind != "DaemonSet");
    users
        .map(|(name, object)| format!("kubectl scale {name} --replicas={}", number(object)))
        .collect()
}

/// Whether something of a volume or a claim is refused, its size aside.
fn is_moved(object: &ObjectChange<'_>) -> bool {
    let holds_data = ["PersistentVolume", "PersistentVolumeClaim"]
        .iter()
        .any(|kind| object.identity.is("", kind));
    holds_data
        && object.changes.iter().any(|change| {
            let is_refused =
                change.consequences.iter().any(|consequence| consequence.effect == Effect::Refused);
            is_refused && !change.field.path.is_in("spec.resources")
        })
}

fn retains(volume: &Object) -> bool {
    text(&volume.node, &["spec", "persistentVolumeReclaimPolicy"]) == "Retain"
}

/// The command that makes the claims of the new state alone.
fn make_claims(new: &Side) -> String {
    match (&new.values, new.release()) {
        (Some(_), Some((name, namespace))) => format!(
            "hzgchart render … --name {name} -n {namespace} -s templates/pvcs.yaml | kubectl apply -f -"
        ),
        _ => "# kubectl apply -f … with the claims of the new manifests".to_owned(),
    }
}

/// Where the data of a volume lies.
fn place(volume: &Object) -> String {
    let at = |path: &[&str]| text(&volume.node, &[&["spec"], path].concat()).to_owned();
    match (at(&["nfs", "path"]), at(&["hostPath", "path"])) {
        (path, _) if !path.is_empty() => format!("{}:{path}", at(&["nfs", "server"])),
        (_, path) if !path.is_empty() => format!("{path} on the nodes"),
        _ => format!("the volume {}", volume.name()),
    }
}

#[cfg(test)]
mod tests {
    use crate::diff::compare;
    use crate::diff::side::Side;

    const CLAIM: &str = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: a}\nspec: {storageClassName: CLASS}\n";
    const VOLUME: &str = "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: v}\nspec: {nfs: {server: SERVER, path: /a}, claimRef: {namespace: prod, name: a}}\n";
    const PODS: &str = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: s}\nspec: {replicas: 2, template: {spec: {volumes: [{name: x, persistentVolumeClaim: {claimName: a}}]}}}\n";

    /// The commands that lead from one stream to another.
    fn commands(old: &[String], new: &[String]) -> Vec<String> {
        let side = |name, stream: &[String]| {
            Side::of_manifests(name, "prod", stream.join("---\n").as_bytes()).unwrap()
        };
        let (old, new) = (side("a.yaml", old), side("b.yaml", new));
        let procedures = compare(&old, &new).procedures;
        procedures
            .into_iter()
            .flat_map(|procedure| procedure.steps)
            .flat_map(|step| step.commands)
            .collect()
    }

    fn claim(class: &str) -> String {
        CLAIM.replace("CLASS", class)
    }

    fn volume(server: &str) -> String {
        VOLUME.replace("SERVER", server)
    }

    #[test]
    fn a_volume_of_a_class_is_kept_before_its_claim_goes_and_data_comes_before_pods() {
        let found = commands(&[claim("fast"), PODS.to_owned()], &[claim("slow"), PODS.to_owned()]);
        assert_eq!(
            found,
            [
                "kubectl get StatefulSet.apps/s -n prod",
                "kubectl scale StatefulSet.apps/s -n prod --replicas=0",
                "kubectl patch pv $(kubectl get PersistentVolumeClaim/a -n prod -o jsonpath='{.spec.volumeName}') -p '{\"spec\":{\"persistentVolumeReclaimPolicy\":\"Retain\"}}'",
                "kubectl delete PersistentVolumeClaim/a -n prod",
                "# kubectl apply -f … with the claims of the new manifests",
                "# the volume of the claim a -> the new claim a",
                "kubectl scale StatefulSet.apps/s -n prod --replicas=2",
                "helm upgrade …",
            ]
        );
    }

    #[test]
    fn a_place_that_is_there_is_filled_first() {
        let found = commands(&[claim("\"\""), volume("one")], &[claim("\"\""), volume("two")]);
        assert_eq!(
            found,
            [
                "# one:/a -> two:/a",
                "kubectl patch PersistentVolume/v -p '{\"spec\":{\"persistentVolumeReclaimPolicy\":\"Retain\"}}'",
                "kubectl delete PersistentVolumeClaim/a -n prod",
                "kubectl delete PersistentVolume/v",
                "helm upgrade …",
            ]
        );
    }

    #[test]
    fn a_volume_that_the_release_no_longer_makes_is_left_alone() {
        let found = commands(&[claim("\"\""), volume("one")], &[claim("fast")]);
        assert!(
            !found.iter().any(|command| command.contains("delete PersistentVolume/")),
            "{found:?}"
        );
        let found = commands(&[claim("fast")], &[claim("\"\""), volume("one")]);
        assert_eq!(found[0], "# the volume of the claim a -> one:/a");
    }

    #[test]
    fn a_size_alone_moves_nothing() {
        let sized = |size: &str| {
            claim("\"\"")
                .replace("}", &format!(", resources: {{requests: {{storage: {size}}}}}}}"))
                .replacen("{name: a, resources", "{name: a, x", 1)
        };
        assert!(commands(&[sized("1Gi")], &[sized("2Gi")]).is_empty());
        assert!(commands(&[volume("one")], &[volume("one")]).is_empty());
    }
}
