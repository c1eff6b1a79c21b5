//! What the pod mounts as a share: the claim of the vendor's chart, or a directory of a server.

use crate::error::Problem;
use crate::node::{Node, Value};
use crate::object::text;
use crate::source::Origin;

use super::blank::is_made;
use super::template::Template;

impl Template<'_, '_> {
    /// Reads a share's volume in the pod.
    pub fn mounted(&mut self, share: &'static str, volume: &Node) {
        let path = format!("volumes[{}]", text(volume, &["name"]));
        let path = if is_made(&path) { "volumes" } else { &path };
        for (key, entry) in volume.as_map().into_iter().flatten() {
            let path = format!("{path}.{key}");
            match (key.as_str(), entry.node.as_map()) {
                ("name", _) => {}
                ("persistentVolumeClaim", Some(map)) => {
                    for (key, entry) in map {
                        let path = format!("{path}.{key}");
                        match key.as_str() {
                            "claimName" => {
                                let said = self.said(&entry.node, &path);
                                self.seen.volumes.of(share).to_claim.push(said);
                            }
                            _ => self.writable(key, &entry.node, &path, entry.key_origin),
                        }
                    }
                }
                ("nfs", Some(map)) => {
                    for (key, entry) in map {
                        let path = format!("{path}.{key}");
                        let field = ["server", "path"].into_iter().find(|field| field == key);
                        match field {
                            Some(field) => {
                                self.direct(share, field, &entry.node, &path, entry.key_origin);
                            }
                            None => self.writable(key, &entry.node, &path, entry.key_origin),
                        }
                    }
                }
                _ => self.unread(
                    &path,
                    entry.key_origin,
                    "write in `storage` what the share lies on: `storage.type` is `nfs`, `hostPath`, `storageClass` or `existingClaims`",
                ),
            }
        }
    }

    /// Looks at a setting of a share's mount: only that it may be written to is known.
    pub fn writable(&mut self, key: &str, node: &Node, path: &str, origin: Option<Origin>) {
        if key != "readOnly" || !matches!(node.value, Value::Bool(false)) {
            self.unread(path, origin, "there is no key for it: the shares are always written to");
        }
    }

    /// Notes the server or the path of a share that the pod mounts without a claim.
    fn direct(
        &mut self,
        share: &'static str,
        field: &'static str,
        node: &Node,
        path: &str,
        origin: Option<Origin>,
    ) {
        let help = format!("write `server` and `root` of `storage.shares.{share}`");
        let problem = Problem::new("this field is not taken over").path(path).help(help);
        let (from, problem) = (self.from(path, origin), self.placed(origin, problem));
        self.seen.volumes.of(share).direct.push((field, node.clone(), from, problem));
    }
}
