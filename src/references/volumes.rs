//! Volumes: the directories behind them, and where the containers mount them.

use std::collections::{HashMap, HashSet};

use super::index::{Index, Known};
use super::pods::Pods;
use super::{Report, called};
use crate::node::Node;
use crate::object::text;
use crate::rules::{VOLUME_MISSING, VOLUME_PATH_SHARED, VOLUME_UNMOUNTED};
use crate::suggest::nearest;

pub(super) fn check(index: &Index<'_>, report: &mut Report<'_>) {
    directories(index, report);
    for known in &index.objects {
        if let Some(pods) = known.pods {
            mounts(known, &pods, report);
        }
    }
}

/// Two volumes for one directory of a file server or of the nodes.
fn directories(index: &Index<'_>, report: &mut Report<'_>) {
    let mut taken: HashMap<(&str, &str), &Known<'_>> = HashMap::new();
    for volume in index.objects.iter().filter(|known| known.is("", "PersistentVolume")) {
        for source in ["nfs", "hostPath"] {
            let Some(node) = volume.get(&["spec", source, "path"]) else { continue };
            let Some(path) = node.as_str().map(|path| path.trim_end_matches('/')) else { continue };
            let server = volume.text(&["spec", source, "server"]);
            let Some(first) = taken.insert((server, path), volume) else { continue };
            let message = format!("{} has the same directory `{path}`", called(first));
            let field = format!("spec.{source}.path");
            report.add(&VOLUME_PATH_SHARED, volume, field, Some(node), message).problem.help =
                Some("give each volume a directory of its own".to_owned());
        }
    }
}

/// Mounts without volumes, and volumes without mounts.
fn mounts(known: &Known<'_>, pods: &Pods<'_>, report: &mut Report<'_>) {
    let volumes = pods.spec().and_then(|spec| spec.at(&["volumes"])).map(Node::items);
    let volumes = volumes.unwrap_or_default();
    // A StatefulSet makes a volume of each template of a claim.
    let templates = known.items(&["spec", "volumeClaimTemplates"]);
    let names: HashSet<&str> = volumes
        .iter()
        .map(|volume| text(volume, &["name"]))
        .chain(templates.iter().map(|template| text(template, &["metadata", "name"])))
        .collect();
    let mut mounted = HashSet::new();
    for container in pods.containers() {
        for list in ["volumeMounts", "volumeDevices"] {
            for (at, mount) in container.items(list).iter().enumerate() {
                let Some(node) = mount.at(&["name"]) else { continue };
                let Some(name) = node.as_str() else { continue };
                mounted.insert(name);
                if names.contains(name) {
                    continue;
                }
                let field = pods.field(&format!("{}.{list}[{at}].name", container.path()));
                let mut candidates: Vec<&str> = names.iter().copied().take(100).collect();
                candidates.sort_unstable();
                let help = match nearest(name, candidates.into_iter()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "add the volume to the pod, or name one that it has".to_owned(),
                };
                let message = format!("the pod has no volume `{name}`");
                report.add(&VOLUME_MISSING, known, field, Some(node), message).problem.help =
                    Some(help);
            }
        }
    }
    for (at, volume) in volumes.iter().enumerate() {
        let name = text(volume, &["name"]);
        if !name.is_empty() && !mounted.contains(name) {
            let field = pods.field(&format!("volumes[{at}]"));
            let message = format!("no container mounts the volume `{name}`");
            report.add(&VOLUME_UNMOUNTED, known, field, Some(volume), message).problem.help =
                Some("mount it in a container, or remove it".to_owned());
        }
    }
}
