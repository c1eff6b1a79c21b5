//! One of the vendor's templates by its shape: what its objects say, with every `{{ }}` blanked.

use crate::error::Problem;
use crate::inspect::shown;
use crate::node::{Map, Node, Value};
use crate::object::text;
use crate::secret::Hidden;
use crate::source::{Location, Origin, Sources};
use crate::yaml::{decode, read as yaml};

use super::blank::{blank, is_made};
use super::draft::Draft;
use super::field::{Field, field, object_help, unknown};
use super::pod;
use super::shares::Shares;
use super::start_of;

/// So much of one template is told; the rest is counted.
const MAX_PER_FILE: usize = 50;

/// So many fields are looked at in all templates; the vendor's have about 200.
const MAX_FIELDS: usize = 20_000;

/// One template that is being read.
pub struct Template<'t, 's> {
    /// Its path inside the chart.
    path: String,
    /// Its text as it was written, under the same id as the blanked one.
    original: Sources,
    /// The values so far.
    pub draft: &'t mut Draft<'s>,
    shares: &'t mut Shares,
    /// Whose object is being read: `forguncy`, `redis`, `influx`.
    pub section: &'static str,
    /// Which share the object is about.
    share: Option<&'static str>,
    /// What was told of it, and what was only counted.
    told: usize,
    untold: usize,
}

impl<'t, 's> Template<'t, 's> {
    /// Reads a template of the chart, `name` being what messages call it, and takes over what its objects say.
    pub fn read(
        path: &str,
        bytes: &[u8],
        name: &str,
        expected: Option<&'static str>,
        draft: &'t mut Draft<'s>,
        shares: &'t mut Shares,
    ) {
        let help = "compare it with the vendor's by hand: nothing in it was taken over";
        let written = match decode(bytes, name) {
            Ok(text) => text,
            Err(problem) => return draft.problems.push(problem),
        };
        let Some(blanked) = blank(&written) else {
            let problem = Problem::new(
                "a template that cannot be read: a `{{` does not end, or ends on another line",
            );
            return draft.problems.push(problem.at(start_of(name.to_owned())).help(help));
        };
        let mut sources = Sources::default();
        let id = sources.add(name, blanked.text);
        let mut original = Sources::default();
        original.add(name, written);
        let trees = yaml::stream(id, &sources);
        let section = expected.unwrap_or("forguncy");
        let path = shown(path);
        let mut template =
            Self { path, original, draft, shares, section, share: None, told: 0, untold: 0 };
        for (line, column, word) in blanked.lost {
            let what = match word.as_str() {
                "if" | "else" | "range" | "with" => "is not evaluated: all that it guards is read",
                _ => "is not evaluated: what it makes is not taken over",
            };
            let problem = Problem::new(format!("`{{{{ {word} }}}}` {what}"));
            let help =
                "see what it makes: `helm template`, and `hzgchart diff` against the values file";
            template.tell(Some(Origin { source: id, line, column }), problem.help(help));
        }
        match trees {
            Err(found) => {
                // The words are about the blanked text, which the user has never seen.
                let place = found.first().and_then(|p| p.location.clone());
                let line = place.map_or(1, |place| place.line);
                let problem = Problem::new("a template that is not plain YAML without its `{{ }}`");
                template.tell(Some(Origin { source: id, line, column: 1 }), problem.help(help));
            }
            Ok(trees) => {
                for tree in &trees {
                    template.object(tree, expected);
                }
            }
        }
        if template.untold > 0 {
            let problem = Problem::new(format!("and {} more in this template", template.untold));
            let help = "compare it with the vendor's by hand";
            template.draft.problems.push(problem.at(start_of(name.to_owned())).help(help));
        }
    }

    fn object(&mut self, tree: &Node, expected: Option<&'static str>) {
        let (kind, name) = (text(tree, &["kind"]), text(tree, &["metadata", "name"]));
        let known = ["Deployment", "Service", "PersistentVolume", "PersistentVolumeClaim"];
        let section = match (expected, kind) {
            _ if !known.contains(&kind) => None,
            (Some(section), _) => Some(section),
            // A template of the vendor's that was renamed.
            (None, "Deployment" | "Service") => {
                ["forguncy", "redis", "influx"].into_iter().find(|s| {
                    name.ends_with(&format!("-{s}-pod")) || name.ends_with(&format!("-{s}-service"))
                })
            }
            (None, _) => share(tree).map(|_| "forguncy"),
        };
        let Some(section) = section else {
            let kind_shown = if kind.is_empty() || is_made(kind) {
                "something".to_owned()
            } else {
                format!("`{}`", shown(kind))
            };
            let problem = Problem::new(format!(
                "{kind_shown} that the vendor's chart does not have; it is not taken over"
            ));
            return self.tell(tree.origin, problem.help(object_help(kind)));
        };
        self.section = section;
        self.share = share(tree);
        let suffix = match kind {
            "Deployment" => Some(format!("-{section}-pod")),
            "Service" => Some(format!("-{section}-service")),
            _ => None,
        };
        if let Some(suffix) = suffix
            && !(name.ends_with(&suffix) && name.contains(".Release.Name"))
        {
            let problem = Problem::new("another name than the vendor's").path("metadata.name");
            let origin = tree.at(&["metadata", "name"]).and_then(|node| node.origin);
            let help = format!(
                "it is `RELEASE{suffix}` here: an upgrade makes that beside it and deletes this one, and what uses the name must be told"
            );
            self.tell(origin, problem.help(help));
        }
        self.fields(kind, tree, "");
    }

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
            Value::Map(map) if path.ends_with("labels") && map.contains_key("app") => {
                return self.labels(kind, map, path, origin);
            }
            Value::Map(map) if !map.is_empty() && has_below(kind, path) => {
                return self.fields(kind, node, path);
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
                let is = text.as_ref().is_some_and(|t| values.contains(&t.as_str()) || by_value(t));
                if !is {
                    self.unread(path, origin, help);
                }
            }
            Field::Carry(key) => self.carry(key, path, node, origin),
            Field::Say(help) => self.unread(path, origin, help),
            Field::Selector => {
                let suffix = format!("-{}-app", self.section);
                let is = node
                    .as_str()
                    .is_some_and(|t| t.contains(".Release.Name") && t.ends_with(&suffix));
                if !is {
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
            Field::Pod => pod::read(self, node),
            Field::Size => match (self.share, node.as_str()) {
                (_, Some(text)) if by_value(text) => {}
                (Some(share), _) => {
                    self.carry(&format!("storage.shares.{share}.size"), path, node, origin)
                }
                (None, _) => self.unread(
                    path,
                    origin,
                    "write `storage.shares.NAME.size` of the share that it is",
                ),
            },
            Field::Server | Field::Path => {
                if node.as_str().is_some_and(by_value) {
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
            (Value::String(text), _) if by_value(text) => {}
            (Value::Int(_), "forguncy") => self.unread(path, origin, "`kubectl scale` it after the upgrade, which leaves the number alone here, or write `forguncy.scaling.mode: fixed` and the number in `forguncy.scaling.replicas`"),
            (_, "forguncy") => self.unread(path, origin, "write the number in `forguncy.scaling`, or `kubectl scale`"),
            _ => self.unread(path, origin, "this is always one pod: a second one would not share its data"),
        }
    }

    /// Takes a field's value over to a key, `*` being the section; tells why if that cannot be.
    pub fn carry(&mut self, key: &str, path: &str, node: &Node, origin: Option<Origin>) {
        if node.as_str().is_some_and(by_value) {
            return;
        }
        let key = key.replace('*', self.section);
        if holds_made(node) {
            return self.unread(
                path,
                origin,
                &format!("`{{{{ }}}}` in it is not evaluated: write `{key}` by hand"),
            );
        }
        let from = self.from(path, origin);
        if !self.draft.set(&key, node.clone(), &from) && self.may_tell() {
            let place = origin.map(|origin| Hidden::default().show(origin, &self.original));
            self.draft.refuse(&key, node.clone(), place, &self.original);
        }
    }

    /// What comments call a place.
    pub fn from(&self, path: &str, origin: Option<Origin>) -> String {
        format!("{}:{}, {}", self.path, origin.map_or(0, |origin| origin.line), shown(path))
    }

    /// Tells of a field that was not taken over.
    pub fn unread(&mut self, path: &str, origin: Option<Origin>, help: &str) {
        let problem = Problem::new("this field is not taken over").path(shown(path));
        self.tell(origin, problem.help(help));
    }

    /// Counts a problem, and says whether it is to be put into words: to find its place takes time.
    fn may_tell(&mut self) -> bool {
        let may = self.told < MAX_PER_FILE && self.draft.problems.len() < super::MAX_PROBLEMS;
        match may {
            true => self.told += 1,
            false => self.untold += 1,
        }
        may
    }

    /// Tells of a problem at a place of the template as it was written.
    pub fn tell(&mut self, origin: Option<Origin>, problem: Problem) {
        if !self.may_tell() {
            return;
        }
        let problem = match origin {
            Some(origin) => {
                let place: Location = Hidden::default().show(origin, &self.original);
                problem.at(place)
            }
            None => problem,
        };
        self.draft.problems.push(problem);
    }
}

/// Whether a value is made of the chart's values, whose keys are taken over or told of by themselves.
pub fn by_value(text: &str) -> bool {
    is_made(text) && text.contains(".Values.")
}

/// Whether anything in a value is made by an action.
pub fn holds_made(node: &Node) -> bool {
    match &node.value {
        Value::String(text) => is_made(text),
        Value::List(items) => items.iter().any(holds_made),
        Value::Map(map) => map.iter().any(|(key, entry)| is_made(key) || holds_made(&entry.node)),
        _ => false,
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
                "spec.accessModes",
                "spec.resources",
                "spec.resources.requests",
            ];
            inner.contains(&path) || (path == "spec.selector" && kind != "PersistentVolumeClaim")
        }
    }
}

/// A scalar as text.
fn plain(node: &Node) -> Option<String> {
    match &node.value {
        Value::String(text) => Some(text.to_string()),
        Value::Bool(_) | Value::Int(_) => Some(node.to_json().to_string()),
        _ => None,
    }
}

/// Which share a volume or a claim is, by its name or by the value that its path is made of.
fn share(tree: &Node) -> Option<&'static str> {
    let words = [text(tree, &["spec", "nfs", "path"]), text(tree, &["metadata", "name"])];
    words.into_iter().find_map(|word| {
        let word = word.to_ascii_lowercase();
        let has = |part: &str| word.contains(part);
        Some(match () {
            () if has("atach") || has("attach") => "attach",
            () if has("log") => "logs",
            () if has("restore") => "restore",
            () if has("bin") => "sitesBin",
            () if has("site") => "sites",
            () => return None,
        })
    })
}
