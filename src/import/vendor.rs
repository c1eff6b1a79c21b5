//! The vendor's values.yaml, key by key, by the table of moved keys. A key that is typed already stays where it is.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use crate::error::Problem;
use crate::inspect::shown;
use crate::merge::merge;
use crate::node::{Entry, Map, Node, Value};
use crate::schema::check::{Past, check};
use crate::schema::moved::{Now, TABLE, is_above_any, row, spelt};
use crate::schema::of_key;
use crate::secret::Hidden;
use crate::source::{Origin, Sources};
use crate::values_file::properties;

use super::draft::Draft;
use super::image;
use super::release;
use super::shares::{SHARES, Shares, split};
use super::used::Used;

/// A map with more keys was not written by hand; it is told of as it stands.
const MANY: usize = 500;

/// Takes over what is known of a tree of values, and tells of the rest in the words of `validate`. `file` is what comments call it;
/// `used` are the keys that the templates name, if they are known.
pub fn read(
    tree: Node,
    file: &str,
    sources: &Sources,
    used: Option<&Used>,
    draft: &mut Draft<'_>,
    shares: &mut Shares,
) {
    let Value::Map(map) = tree.value else { return };
    let (taken, seen) = (BTreeMap::new(), BTreeSet::new());
    let mut reader = Reader { file, sources, used, draft, shares, taken, seen, bare_image: None };
    let rest = reader.map(map, &mut Vec::new());
    reader.complete_image();
    reader.missing();
    if rest.is_empty() {
        return;
    }
    let rest = Node::new(Value::Map(rest), None);
    let merged = merge(Node::from_json(&draft.defaults), rest, &mut Vec::new());
    let past = Past { sources, deleted: &[], complete: true };
    // Without a place it is the whole that is incomplete, of which this is only a part.
    let found = check(&merged, draft.schema, &past).into_iter().filter(|p| p.location.is_some());
    draft.problems.extend(found);
}

struct Reader<'r, 's> {
    file: &'r str,
    sources: &'r Sources,
    used: Option<&'r Used>,
    draft: &'r mut Draft<'s>,
    shares: &'r mut Shares,
    /// What was read for a key, by the key's path.
    taken: BTreeMap<String, Taken>,
    /// The vendor's keys that were there.
    seen: BTreeSet<&'static str>,
    /// The name of an image that names no host, and where it was written: the host may be told in another key.
    bare_image: Option<(String, String)>,
}

/// A key of the file.
#[derive(Clone)]
struct Key {
    path: String,
    /// What comments call its place.
    from: String,
    is_vendor: bool,
    origin: Option<Origin>,
}

/// A value, and the key of the file that had it.
struct Taken {
    node: Node,
    key: Key,
}

impl Reader<'_, '_> {
    /// Takes over what is known of a map, and gives back the rest.
    fn map(&mut self, map: Map, path: &mut Vec<SmolStr>) -> Map {
        if map.len() > MANY {
            return map;
        }
        let mut rest = Map::new();
        let mut names: Vec<SmolStr> = map.keys().cloned().collect();
        for (key, entry) in map {
            path.push(key);
            let parts: Vec<&str> = path.iter().map(SmolStr::as_str).collect();
            // Helm knows one spelling of a key.
            if let Some(name) = spelt(&parts) {
                if names.iter().any(|other| other == name) {
                    let joined = parts.join(".");
                    self.other(&joined, name, entry.key_origin);
                    path.pop();
                    continue;
                }
                names.push(name.into());
            }
            let left = self.entry(entry, path);
            if let (Some(entry), Some(key)) = (left, path.pop()) {
                rest.insert(key, entry);
            }
        }
        rest
    }

    /// Takes over an entry, or gives back what is left of it.
    fn entry(&mut self, entry: Entry, path: &mut Vec<SmolStr>) -> Option<Entry> {
        let parts: Vec<&str> = path.iter().map(SmolStr::as_str).collect();
        let joined = parts.join(".");
        let own = of_key(&joined, self.draft.schema);
        let moved = if own.is_none() { row(&parts) } else { None };
        let Entry { key_origin, node } = entry;
        let descends = matches!(node.value, Value::Map(_))
            && (is_above_any(&parts) || own.is_some_and(|own| properties(own).is_some()));
        let line = key_origin.map_or(0, |origin| origin.line);
        let is_vendor = moved.is_some_and(|(moved, _)| moved.vendor);
        let from = match moved {
            Some(_) => format!("{}:{line}, {joined}", self.file),
            None => format!("{}:{line}", self.file),
        };
        let key = Key { path: joined, from, is_vendor, origin: key_origin };
        if let Some((moved, _)) = moved.filter(|(moved, _)| moved.vendor) {
            self.seen.insert(moved.from);
        }
        // In the place of the vendor's own the templates may have something else, which is read there; only the password may be in none.
        let is_in_templates = moved.is_some_and(|(moved, _)| {
            moved.vendor && moved.from == key.path && moved.from != PASSWORD
        });
        let is_known = (moved.is_some() || own.is_some()) && !descends;
        if is_known && !is_in_templates && !self.is_used(&key) {
            return None;
        }
        if let Some((moved, section)) = moved {
            let taken = match moved.now {
                _ if moved.from == PASSWORD => self.password(&node, &key),
                Now::Key(to) => {
                    let to = to.replace('*', section);
                    let taken = self.put(&to, node.clone(), &key);
                    if !taken && !matches!(node.value, Value::Map(_) | Value::List(_)) {
                        let origin = key_origin.or(node.origin);
                        let place =
                            origin.map(|origin| Hidden::default().show(origin, self.sources));
                        self.draft.refuse(&to, node, place, self.sources);
                        return None;
                    }
                    taken
                }
                Now::Server(share) => self.server(share, &node, &key),
                Now::Path(share) => self.path(share, &node, &key),
                Now::Size => SHARES.iter().all(|share| {
                    let to = format!("storage.shares.{share}.size");
                    let taken = self.put(&to, node.clone(), &key);
                    if taken {
                        self.shares.note(share, "size", &node, &key.from);
                    }
                    taken
                }),
                Now::Image => self.image(&node, &key),
                Now::Words(_) => false,
            };
            if taken {
                return None;
            }
        }
        match node.value {
            Value::Map(map) if descends => {
                let rest = self.map(map, path);
                let node = Node::new(Value::Map(rest), node.origin);
                let is_left = node.as_map().is_some_and(|map| !map.is_empty());
                is_left.then_some(Entry { key_origin, node })
            }
            _ => {
                let taken = own.is_some() && self.put(&key.path, node.clone(), &key);
                (!taken).then_some(Entry { key_origin, node })
            }
        }
    }

    /// Whether a template uses a key, as far as that is known; tells of one that none does.
    fn is_used(&mut self, key: &Key) -> bool {
        if self.used.is_none_or(|used| used.contains(&key.path)) {
            return true;
        }
        let problem = Problem::new("not taken over, since no template of the chart uses it");
        let help = "it changes nothing there; write what it is to change here by hand, if anything";
        self.tell(key.origin, problem.path(shown(&key.path)).help(help));
        false
    }

    /// Tells of the vendor's keys that are not there.
    fn missing(&mut self) {
        let vendors = TABLE.iter().filter(|row| row.vendor && row.from != PASSWORD);
        let missing: Vec<&str> = vendors
            .map(|row| row.from)
            .filter(|from| !self.seen.contains(from))
            .filter(|from| self.used.map_or(!self.seen.is_empty(), |used| used.names(from)))
            .collect();
        if !missing.is_empty() {
            self.draft.problems.push(release::missing(&missing));
        }
    }

    /// Takes a value for a key of this chart, unless another key of the file takes its place; false if it is not right there.
    fn put(&mut self, to: &str, node: Node, key: &Key) -> bool {
        !self.counts(to, &node, key) || self.draft.set(to, node, &key.from)
    }

    /// Whether a key's value counts, and not that of another key for the same; the vendor's own win.
    fn counts(&mut self, to: &str, node: &Node, key: &Key) -> bool {
        let new = Taken { node: node.clone(), key: key.clone() };
        let Some(old) = self.taken.remove(to) else {
            self.taken.insert(to.to_owned(), new);
            return true;
        };
        if old.node.to_json() == new.node.to_json() {
            self.taken.insert(to.to_owned(), old);
            return true;
        }
        let wins = new.key.is_vendor && !old.key.is_vendor;
        let (winner, loser) = if wins { (new, old) } else { (old, new) };
        self.other(&loser.key.path, &winner.key.path, loser.key.origin);
        self.taken.insert(to.to_owned(), winner);
        wins
    }

    /// Tells of a key that another one of the file takes the place of.
    fn other(&mut self, path: &str, winner: &str, origin: Option<Origin>) {
        let problem = Problem::new(format!("not taken over, since there is `{}`", shown(winner)));
        let help = "both are for the same, and that one counts: see whether its value is right";
        self.tell(origin, problem.path(shown(path)).help(help));
    }

    fn tell(&mut self, origin: Option<Origin>, problem: Problem) {
        let place = origin.map(|origin| Hidden::default().show(origin, self.sources));
        self.draft.problems.push(match place {
            Some(place) => problem.at(place),
            None => problem,
        });
    }

    /// Takes over what the name of an image says; false if it is none.
    fn image(&mut self, node: &Node, key: &Key) -> bool {
        let Some(reference) = node.as_str() else { return false };
        let Some(keys) = image::keys("forguncy", reference, self.draft) else { return false };
        for (to, value) in &keys {
            if self.counts(to, value, key) {
                self.draft.set(to, value.clone(), &key.from);
            } else if to.ends_with("repository") {
                return true;
            }
        }
        let names_host = keys.iter().any(|(to, _)| to.ends_with("registry"));
        self.bare_image = (!names_host).then(|| (reference.to_owned(), key.from.clone()));
        true
    }

    /// Takes Docker Hub for the registry of an image if there is no key that names another.
    fn complete_image(&mut self) {
        if let Some((reference, from)) = self.bare_image.take()
            && !self.taken.contains_key("forguncy.image.registry")
        {
            image::read("forguncy", &reference, &from, self.draft);
        }
    }

    fn server(&mut self, share: &str, node: &Node, key: &Key) -> bool {
        self.shares.note(share, "server", node, &key.from);
        self.counts(&format!("storage.shares.{share}.server"), node, key);
        self.shares.server(share, node, &key.from, self.draft)
    }

    fn path(&mut self, share: &str, node: &Node, key: &Key) -> bool {
        self.shares.note(share, "path", node, &key.from);
        let text = |text: &str| Node::new(Value::String(text.into()), None);
        for (part, value) in split(node)
            .into_iter()
            .flat_map(|(root, directory)| [("root", text(root)), ("directory", text(directory))])
        {
            self.counts(&format!("storage.shares.{share}.{part}"), &value, key);
        }
        self.shares.path(share, node, &key.from, self.draft)
    }

    /// The password that the vendor's guide puts into redis; an empty one is none.
    fn password(&mut self, node: &Node, key: &Key) -> bool {
        let Some(text) = node.as_str() else { return false };
        let on = Node::new(Value::Bool(true), None);
        text.is_empty()
            || self.put("redis.auth.password", node.clone(), key)
                && self.put("redis.auth.enabled", on, key)
    }
}

/// The vendor's key that need not be there.
const PASSWORD: &str = "redis.redis_password";

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::read;
    use crate::import::draft::Draft;
    use crate::import::shares::Shares;
    use crate::schema::load;
    use crate::source::Sources;
    use crate::yaml::read as yaml;

    fn imported(text: &str) -> (Json, Vec<String>) {
        let mut sources = Sources::default();
        let id = sources.add("v", text);
        let schema = load();
        let mut draft = Draft::new(&schema);
        let mut shares = Shares::default();
        let tree = yaml::document(id, &sources).unwrap();
        read(tree, "v", &sources, None, &mut draft, &mut shares);
        shares.finish(&mut draft);
        let problems = draft.problems.iter().map(ToString::to_string);
        // What is not there is told, and in most tests it is not all there.
        let problems = problems.filter(|p| !p.contains("are not there")).collect();
        (draft.node().to_json(), problems)
    }

    #[test]
    fn an_image_is_split_and_a_password_switched_on() {
        let (tree, problems) = imported(
            "image: {repository: a.com/b/c, tag: '10.0.3.0'}\nredis: {redis_password: hunter2}\npersistentVolume: {storage: 200Gi}\n",
        );
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(
            tree["forguncy"]["image"],
            json!({"registry": "a.com", "repository": "b/c", "tag": "10.0.3.0"})
        );
        assert_eq!(tree["redis"]["auth"], json!({"password": "hunter2", "enabled": true}));
        assert_eq!(tree["storage"]["shares"]["sitesBin"]["size"], "200Gi");
    }

    #[test]
    fn what_is_typed_already_stays_and_what_is_unknown_is_told_with_its_place() {
        let (tree, problems) = imported(
            "storage: {server: 10.0.0.5}\nredis:\n  redis_password: ''\n  colour: red\nnothing: {a: 1}\nreplicas: 3\n",
        );
        assert_eq!(tree, json!({"storage": {"server": "10.0.0.5"}}));
        let starts = ["v:4:3: redis.colour: ", "v:5:1: nothing: ", "v:6:1: replicas: "];
        assert_eq!(problems.len(), 3, "{problems:#?}");
        for (problem, start) in problems.iter().zip(starts) {
            assert!(problem.starts_with(start), "{problem}");
        }
    }

    #[test]
    fn of_two_keys_for_the_same_the_vendors_counts_and_the_other_is_told() {
        for (text, told) in [
            ("Image: {tag: '1'}\nimage: {tag: '2'}\n", "v:1:1: Image: not taken over"),
            ("image: {tag: '2'}\nImage: {tag: '1'}\n", "v:2:1: Image: not taken over"),
            ("image: {tag: '2', TAG: '1'}\n", "v:1:19: image.TAG: not taken over"),
            (
                "forguncy: {image: {tag: '1'}}\nimage: {tag: '2'}\n",
                "v:1:20: forguncy.image.tag: not",
            ),
            (
                "image: {tag: '2'}\nforguncy: {image: {tag: '1'}}\n",
                "v:2:20: forguncy.image.tag: not",
            ),
        ] {
            let (tree, problems) = imported(text);
            assert_eq!(tree, json!({"forguncy": {"image": {"tag": "2"}}}), "{text}");
            assert_eq!(problems.len(), 1, "{text}: {problems:#?}");
            assert!(problems[0].starts_with(told), "{text}: {problems:#?}");
        }
        let (tree, problems) =
            imported("persistentVolume:\n  nfs_attach: {path: /x/a}\n  nfs_atach: {path: /x/b}\n");
        assert_eq!(tree["storage"]["shares"]["attach"]["directory"], "b");
        assert!(problems[0].starts_with("v:2:3: persistentVolume.nfs_attach: "), "{problems:#?}");
    }

    #[test]
    fn an_image_without_a_host_is_of_the_registry_that_is_named_or_of_docker_hub() {
        let image = |text: &str| imported(text).0["forguncy"]["image"].clone();
        let named = json!({"registry": "harbor.local", "repository": "x"});
        for text in [
            "image: {registry: harbor.local, repository: x}\n",
            "image: {repository: x, registry: harbor.local}\n",
            "forguncy: {image: {registry: harbor.local}}\nimage: {repository: x}\n",
        ] {
            assert_eq!(image(text), named, "{text}");
        }
        let hub = json!({"registry": "docker.io", "repository": "library/x", "tag": "1.0"});
        assert_eq!(image("image: {tag: '1.0', repository: x}\n"), hub);
        let (tree, problems) = imported("image: {registry: a.com, repository: b.com/x}\n");
        assert_eq!(tree["forguncy"]["image"]["registry"], "b.com");
        assert!(problems[0].starts_with("v:1:9: image.registry: not taken over"), "{problems:#?}");
    }

    #[test]
    fn a_key_that_loses_is_told_in_any_order() {
        let password = "redis: {redis_password: a, auth: {enabled: false, password: b}}\n";
        let other = "redis: {auth: {enabled: false, password: b}, redis_password: a}\n";
        for text in [password, other] {
            let (tree, problems) = imported(text);
            assert_eq!(tree["redis"]["auth"], json!({"password": "a", "enabled": true}), "{text}");
            assert_eq!(problems.len(), 2, "{text}: {problems:#?}");
        }
        let log = "persistentVolume: {nfs_log: {server: 10.0.0.5, path: /a/logs}}\n";
        let own = "storage: {shares: {logs: {server: 10.0.0.6, root: /b}}}\n";
        for text in [format!("{log}{own}"), format!("{own}{log}")] {
            let (tree, problems) = imported(&text);
            assert_eq!(tree["storage"]["server"], "10.0.0.5", "{text}");
            let logs = json!({"directory": "logs"});
            assert_eq!(tree["storage"]["shares"]["logs"], logs, "{text}");
            let lost = problems.iter().filter(|p| p.contains("not taken over, since there is"));
            assert_eq!(lost.count(), 2, "{problems:#?}");
        }
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_told_and_a_secret_never_shown() {
        let (tree, problems) = imported("image: {tag: 10.0}\nredis: {redis_password: 20202020}\n");
        assert_eq!(tree, json!({}));
        let all = problems.join("\n");
        assert!(all.contains("expected a string, found the number 10.0"), "{all}");
        assert!(all.contains("redis.redis_password") && !all.contains("2020"), "{all}");
    }
}
