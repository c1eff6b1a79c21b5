//! Where the data of a release lies: the claims that its pods mount, read from the rendered objects.

use crate::error::Error;
use crate::node::Node;
use crate::object::{Object, text};
use crate::source::Sources;
use crate::templates::Rendered;

/// A claim that pods mount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume {
    /// The claim's name.
    pub claim: String,
    /// Where its data lies.
    pub place: Place,
    /// The path in the container.
    pub mounted_at: String,
}

/// Where the data of a claim lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// On a file server.
    Nfs {
        /// Its name or address.
        server: String,
        /// The path there.
        path: String,
    },
    /// In a folder of the nodes.
    Node(String),
    /// In a volume that this StorageClass makes; empty for the cluster's default.
    Class(String),
    /// The claim is the site's own.
    Own,
}

impl Place {
    /// What people call it, in any language; a claim of the site's own has no other name.
    pub fn shown(&self) -> String {
        match self {
            Self::Nfs { server, path } => match server.contains(':') {
                true => format!("[{server}]:{path}"),
                false => format!("{server}:{path}"),
            },
            Self::Node(path) => path.clone(),
            Self::Class(name) => format!("StorageClass {name}"),
            Self::Own => "PersistentVolumeClaim".to_owned(),
        }
    }
}

/// The claims that the Deployments mount, each once, in the order of the templates.
pub(super) fn of(rendered: &[Rendered]) -> Result<Vec<Volume>, Error> {
    let mut sources = Sources::default();
    let mut objects = Vec::new();
    for file in rendered {
        let id = sources.add(format!("templates/{}", file.path), file.text.clone());
        objects.extend(Object::read(id, &sources).map_err(Error::Invalid)?);
    }
    let mut found: Vec<Volume> = Vec::new();
    for deployment in objects.iter().filter(|object| object.kind() == "Deployment") {
        let pod = ["spec", "template", "spec"];
        let items = |list| deployment.get(&pod).and_then(|pod| pod.at(&[list])).map(Node::items);
        for volume in items("volumes").unwrap_or_default() {
            let claim = text(volume, &["persistentVolumeClaim", "claimName"]);
            if claim.is_empty() || found.iter().any(|found| found.claim == claim) {
                continue;
            }
            let mounts = items("containers").unwrap_or_default().iter().flat_map(|container| {
                container.at(&["volumeMounts"]).map(Node::items).unwrap_or_default()
            });
            let name = text(volume, &["name"]);
            let mut of_it = mounts.filter(|mount| text(mount, &["name"]) == name);
            let mounted_at = of_it.next().map_or("", |mount| text(mount, &["mountPath"]));
            found.push(Volume {
                claim: claim.to_owned(),
                place: place(claim, &objects),
                mounted_at: mounted_at.to_owned(),
            });
        }
    }
    Ok(found)
}

fn place(claim: &str, objects: &[Object]) -> Place {
    let find = |kind: &str, name: &str| {
        objects.iter().find(|object| object.kind() == kind && object.name() == name)
    };
    let Some(claim) = find("PersistentVolumeClaim", claim) else { return Place::Own };
    let Some(volume) = find("PersistentVolume", text(&claim.node, &["spec", "volumeName"])) else {
        return Place::Class(text(&claim.node, &["spec", "storageClassName"]).to_owned());
    };
    let field = |path: &[&str]| text(&volume.node, path).to_owned();
    match volume.get(&["spec", "nfs"]) {
        Some(_) => Place::Nfs {
            server: field(&["spec", "nfs", "server"]),
            path: field(&["spec", "nfs", "path"]),
        },
        None => Place::Node(field(&["spec", "hostPath", "path"])),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::{Place, of};
    use crate::node::Node;
    use crate::release::Release;
    use crate::templates;
    use crate::values::Values;

    fn places(change: impl Fn(&mut Json)) -> Vec<(String, String, String)> {
        let mut values = Values::default().to_json();
        values["storage"]["server"] = json!("fd00::5");
        values["redis"]["persistence"]["enabled"] = json!(true);
        change(&mut values);
        let release = Release { name: "shop".into(), namespace: "prod".into() };
        let rendered = templates::render(&Node::from_json(&values), &release).expect("good values");
        let volumes = of(&rendered).expect("good YAML").into_iter();
        volumes.map(|v| (v.claim, v.place.shown(), v.mounted_at)).collect()
    }

    fn row(claim: &str, place: &str, at: &str) -> (String, String, String) {
        (claim.to_owned(), place.to_owned(), at.to_owned())
    }

    #[test]
    fn finds_the_shares_and_the_stores() {
        let found = places(|_| {});
        assert_eq!(found.len(), 6);
        let attach = "[fd00::5]:/fgc-k8s-lbroot/ForguncyAttach";
        assert_eq!(found[0], row("shop-forguncy-attach", attach, "/opt/ForguncyAttach"));
        let redis = "[fd00::5]:/fgc-k8s-lbroot/ForguncyRedis";
        assert_eq!(found[5], row("shop-redis-data", redis, "/data"));
    }

    #[test]
    fn tells_each_kind_of_place() {
        let found = places(|v| {
            v["storage"]["shares"]["logs"]["existingClaim"] = json!("mine");
            v["redis"]["persistence"]["storageClassName"] = json!("fast");
        });
        assert_eq!(found[1], row("mine", "PersistentVolumeClaim", "/opt/ForguncyLogs"));
        assert_eq!(found[5], row("shop-redis-data", "StorageClass fast", "/data"));
        let found = places(|v| v["storage"]["type"] = json!("hostPath"));
        assert_eq!(found[0].1, "/fgc-k8s-lbroot/ForguncyAttach");
        assert_eq!(Place::Class(String::new()).shown(), "StorageClass ");
    }
}
