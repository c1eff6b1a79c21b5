//! The shares as the vendor's chart has them: volume, claim and mount, and whether they lead to each other.

use crate::error::Problem;
use crate::node::Node;
use crate::object::text;

use super::blank::{condensed, is_made};
use super::draft::Draft;
use super::expression::{is_path, is_server};
use super::object::named;
use super::shares::{SHARES, Shares};
use super::template::Template;

/// What was seen of each share.
#[derive(Default)]
pub struct Volumes([Share; 5]);

/// One share.
#[derive(Default)]
pub struct Share {
    volume: Option<Object>,
    claim: Option<Object>,
    /// What is to be the claim's name.
    pub to_claim: Vec<Said>,
    /// What is to be the volume's name.
    to_volume: Vec<Said>,
    /// What the pod mounts without a claim: field, value, where from, and what is told if it cannot be.
    pub direct: Vec<(&'static str, Node, String, Problem)>,
}

/// A volume or a claim.
struct Object {
    name: String,
    /// The class by which the vendor's volumes and claims find each other.
    class: Option<String>,
    has_options: bool,
    class_problem: Problem,
    options_problem: Problem,
}

/// A name that is said somewhere, and what is told if it is not the right one.
pub struct Said {
    name: String,
    problem: Problem,
}

const CLAIMS: &str = "write `storage.type: existingClaims` and the claims' names in `storage.shares.NAME.existingClaim`, or the server and path that it leads to in `storage.shares`";

impl Template<'_, '_> {
    /// Notes a share's volume or claim.
    pub fn volume(&mut self, tree: &Node, share: &'static str) {
        let is_claim = text(tree, &["kind"]) == "PersistentVolumeClaim";
        let other: &[&str] = match is_claim {
            true => &["spec", "volumeName"],
            false => &["spec", "claimRef", "name"],
        };
        let class = ["spec", "storageClassName"];
        let object = Object {
            name: condensed(text(tree, &["metadata", "name"])),
            class: tree.at(&class).map(|node| condensed(node.as_str().unwrap_or_default())),
            has_options: tree.at(&["spec", "mountOptions"]).is_some(),
            class_problem: self.placed(
                tree.at(&class).map_or(tree.origin, |node| node.origin),
                Problem::new("not the class of this share's volume, so the claim is bound to another volume")
                    .path("spec.storageClassName")
                    .help(format!("if a StorageClass makes the volumes, write `storage.type: storageClass` and its name in `storage.storageClassName`; otherwise {CLAIMS}")),
            ),
            options_problem: self.placed(
                tree.origin,
                Problem::new("no mount options here, and other volumes have some")
                    .path("spec.mountOptions")
                    .help("`storage.mountOptions` is for all shares: see whether that is right"),
            ),
        };
        let other = tree.at(other).map(|node| self.said(node, &other.join(".")));
        let place = self.seen.volumes.of(share);
        if is_claim {
            place.claim = Some(object);
            place.to_volume.extend(other);
        } else {
            place.volume = Some(object);
            place.to_claim.extend(other);
        }
    }

    /// A name that leads from one object of a share to another.
    pub fn said(&self, node: &Node, path: &str) -> Said {
        let problem = Problem::new("not this share's own of the vendor's chart").path(path);
        Said {
            name: condensed(node.as_str().unwrap_or_default()),
            problem: self.placed(node.origin, problem.help(CLAIMS)),
        }
    }
}

impl Volumes {
    /// What was seen of a share.
    pub fn of(&mut self, share: &str) -> &mut Share {
        let at = SHARES.iter().position(|other| *other == share).unwrap_or_default();
        &mut self.0[at]
    }

    /// Tells of what does not lead to its share, and takes over what the pod mounts itself.
    pub fn finish(self, draft: &mut Draft<'_>, shares: &mut Shares) {
        let any_options = self.0.iter().flat_map(|share| &share.volume).any(|v| v.has_options);
        for (key, share) in SHARES.into_iter().zip(self.0) {
            let Share { volume, claim, to_claim, to_volume, direct } = share;
            for (said, right) in [(to_claim, &claim), (to_volume, &volume)] {
                // What is missing, or could not be read, was told of; then the name must do.
                let leads_here = |said: &Said| match right {
                    Some(object) => said.name == object.name,
                    None => named(&said.name) == Some(key),
                };
                let wrong = said.into_iter().filter(|said| !leads_here(said));
                draft.problems.extend(wrong.map(|said| said.problem));
            }
            if let (Some(volume), Some(claim)) = (&volume, claim)
                && (claim.class.is_none() || volume.class != claim.class)
            {
                draft.problems.push(claim.class_problem);
            }
            if let Some(volume) = volume.filter(|volume| any_options && !volume.has_options) {
                draft.problems.push(volume.options_problem);
            }
            for (field, node, from, problem) in direct {
                let is_own = node.as_str().is_some_and(|text| match field {
                    "server" => is_server(text, key),
                    _ => is_path(text, key),
                });
                // The pod mounts what the key says, whatever the volume does.
                let noted = is_own.then(|| shares.noted(key, field)).flatten();
                let (node, from) = noted.unwrap_or((node, from));
                let is_plain = node.as_str().is_some_and(|text| !is_made(text));
                let taken = is_plain
                    && match field {
                        "server" => shares.server(key, &node, &from, draft),
                        _ => shares.path(key, &node, &from, draft),
                    };
                if !taken {
                    draft.problems.push(problem);
                }
            }
        }
    }
}
