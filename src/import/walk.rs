//! The fields of an object, each by what the table says of it.

use crate::error::Problem;
use crate::node::{Map, Node, Value};
use crate::source::Origin;

use super::blank::is_made;
use super::expression::{is_path, is_release, is_server, is_size};
use super::field::{Field, field, unknown};
use super::pod;
use super::template::Template;

/// So many fields are looked at in all templates; the vendor's have about 200.
const MAX_FIELDS: usize = 20_000;

impl Template<'_, '_> {
    /// Walks what is below a path.
    pub fn fields(&mut self, kind: &str, node: &Node, path: &str) {
        let Value::Map(map) = &node.value else { return };
        for (key, entry) in map {
            let path = if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
            self.field(kind, &entry.node, &path, entry.key_origin);
        }
    }

    fn field(&mut self, kind: &str, node: &Node, path: &str, origin: Option<Origin>) {
        self.draft.fields += 1;
        if self.draft.fields > MAX_FIELDS {
            self.untold += 1;
            return;
        }
        match &node.value {
            // To Kubernetes a null is nothing.
            Value::Null => return,
            Value::Map(map) if path.ends_with("labels") && map.contains_key("app") => {
                return self.labels(kind, map, path, origin);
            }
            Value::Map(map) if !map.is_empty() && has_below(kind, path) => {
                return self.fields(kind, node, path);
            }
            Value::List(items)
                if path == "spec.ports" || (kind, path) == ("container", "ports") =>
            {
                return self.ports(kind, items, path);
            }
            Value::List(items) if has_below(kind, path) => {
                let path = format!("{path}[]");
                for item in items {
                    match item.value {
                        Value::Map(_) => self.fields(kind, item, &path),
                        _ => self.field(kind, item, &path, item.origin),
                    }
                }
                return;
            }
            _ => {}
        }
        let Some(found) = field(kind, path, self.section) else {
            // Of what nothing is known, what is said of all that it stands in may help.
            let above =
                path.rmatch_indices('.').map(|(end, _)| field(kind, &path[..end], self.section));
            let said = above.flatten().find_map(|field| match field {
                Field::Say(help) => Some(help),
                _ => None,
            });
            return self.unread(path, origin, said.unwrap_or(unknown()));
        };
        match found {
            Field::Known => {}
            Field::Is(values, help) => {
                let text = plain(node);
                if !text.is_some_and(|text| values.contains(&text.as_str())) {
                    self.unread(path, origin, help);
                }
            }
            Field::Carry(key) => self.carry(key, path, node, origin),
            Field::Join(key) => self.join(key, path, node, origin),
            Field::Say(help) => self.unread(path, origin, help),
            Field::Namespace(help) => {
                if !node.as_str().is_some_and(|text| is_release(text, "Namespace")) {
                    self.unread(path, origin, help);
                }
            }
            Field::Selector => {
                let suffix = format!("-{}-app", self.section);
                let release = node.as_str().and_then(|text| text.strip_suffix(&suffix));
                if !release.is_some_and(|text| is_release(text, "Name")) {
                    let problem =
                        Problem::new("another label than the vendor's, by which pods are found")
                            .path(path);
                    let help = format!(
                        "it is `RELEASE{suffix}` here, and a Deployment's selector never changes: delete the Deployment before the upgrade, docs/migrate.md, step 5"
                    );
                    self.tell(origin, problem.help(help));
                }
            }
            Field::Pods => self.pods(node, path, origin),
            Field::Pod => pod::read(self, node, path, origin),
            Field::Size => self.size(node, path, origin),
            Field::Server | Field::Path => {
                let is_own =
                    node.as_str().zip(self.share).is_some_and(|(text, share)| match found {
                        Field::Server => is_server(text, share),
                        _ => is_path(text, share),
                    });
                if is_own {
                    return;
                }
                let from = self.from(path, origin);
                let literal = node.as_str().is_some_and(|text| !is_made(text));
                let taken = literal
                    && self.share.is_some_and(|share| match found {
                        Field::Server => self.shares.server(share, node, &from, self.draft),
                        _ => self.shares.path(share, node, &from, self.draft),
                    });
                if !taken {
                    self.unread(path, origin, "write `server` and `root` of the share that it is in `storage.shares`, or of all in `storage`");
                }
            }
        }
    }

    /// The size of a share, which its volume and its claim have in common.
    fn size(&mut self, node: &Node, path: &str, origin: Option<Origin>) {
        let Some(share) = self.share else {
            let help = "write `storage.shares.NAME.size` of the share that it is";
            return self.unread(path, origin, help);
        };
        let key = format!("storage.shares.{share}.size");
        match (node.as_str().is_some_and(is_size), self.shares.noted(share, "size")) {
            (true, Some((size, from))) => self.carry_from(&from, &key, path, &size, origin),
            (true, None) => {}
            (false, _) => self.carry(&key, path, node, origin),
        }
    }

    /// Ports, of which this chart has one.
    fn ports(&mut self, kind: &str, items: &[Node], path: &str) {
        let main = self.main_port(items, if kind == "Service" { "port" } else { "containerPort" });
        for (i, item) in items.iter().enumerate() {
            if i != main {
                let problem = Problem::new("a further port, which is not taken over").path(path);
                let help = "what must be reached there needs a Service of its own, in `extraObjects`; a container need not say where it listens";
                self.tell(item.origin, problem.help(help));
                continue;
            }
            match kind {
                "Service" => self.service_port(item),
                _ => self.container_port(item),
            }
            self.fields(kind, item, &format!("{path}[]"));
        }
    }

    /// Labels with `app` among them, by which the vendor's pods are found.
    fn labels(&mut self, kind: &str, map: &Map, path: &str, origin: Option<Origin>) {
        let mut own = map.clone();
        if let Some(app) = own.remove("app") {
            self.field(kind, &app.node, &format!("{path}.app"), app.key_origin);
        }
        if !own.is_empty() {
            self.field(kind, &Node::new(Value::Map(own), None), path, origin);
        }
    }

    fn pods(&mut self, node: &Node, path: &str, origin: Option<Origin>) {
        match (&node.value, self.section) {
            (Value::Int(1), _) => {}
            (Value::Int(_), "forguncy") => self.unread(path, origin, "`kubectl scale` it after the upgrade, which leaves the number alone here, or write `forguncy.scaling.mode: fixed` and the number in `forguncy.scaling.replicas`"),
            (_, "forguncy") => self.unread(path, origin, "write the number in `forguncy.scaling`, or `kubectl scale`"),
            _ => self.unread(path, origin, "this is always one pod: a second one would not share its data"),
        }
    }
}

/// Whether the table may have rows below a path.
fn has_below(kind: &str, path: &str) -> bool {
    match kind {
        "pod" => false,
        "container" => path == "ports",
        _ => {
            let inner = [
                "metadata",
                "spec",
                "spec.selector.matchLabels",
                "spec.template",
                "spec.template.metadata",
                "spec.ports",
                "spec.sessionAffinityConfig",
                "spec.sessionAffinityConfig.clientIP",
                "spec.capacity",
                "spec.nfs",
                "spec.claimRef",
                "spec.accessModes",
                "spec.resources",
                "spec.resources.requests",
            ];
            inner.contains(&path) || (path == "spec.selector" && kind != "PersistentVolumeClaim")
        }
    }
}

/// A scalar as text.
pub fn plain(node: &Node) -> Option<String> {
    match &node.value {
        Value::String(text) => Some(text.to_string()),
        Value::Bool(_) | Value::Int(_) => Some(node.to_json().to_string()),
        _ => None,
    }
}
