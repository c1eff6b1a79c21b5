//! What differs between two trees, field by field. Items of lists are matched as an API server matches them.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::kubernetes::{Shape, values_of};
use crate::node::{Entry, Map, Node, Value};
use crate::secret::names_secret;
use crate::yaml::write::{self, Order};

use super::path::{Path, Step};
use super::shown::asks_for_secret;

/// A field that differs.
#[derive(Clone, Debug)]
pub struct Field<'a> {
    /// Where it is.
    pub path: Path,
    /// What it was; `None` when it is new.
    pub old: Option<&'a Node>,
    /// What it is; `None` when it is gone.
    pub new: Option<&'a Node>,
    /// Whether the items of a keyed list are in another order, and nothing else is said here.
    pub reordered: bool,
    /// Whether what stands beside it says that it is a secret: the name of a variable, the option before an argument.
    pub secret: bool,
}

/// The fields in which two trees differ, by path.
pub fn compare<'a>(old: &'a Node, new: &'a Node, shape: Shape) -> Vec<Field<'a>> {
    let mut walk = Walk { fields: Vec::new(), secret: false };
    walk.nodes(&Path::default(), old, new, shape);
    walk.fields
}

/// Whether two values are the same to Kubernetes: the order of keys does not count, and null is nothing.
pub fn same(old: &Node, new: &Node) -> bool {
    match (&old.value, &new.value) {
        (Value::Map(old), Value::Map(new)) => {
            let is_there = |node: &&Node| !matches!(node.value, Value::Null);
            let has = |key: &str, node: &Node, other: &Map| {
                other
                    .get(key)
                    .map(|entry| &entry.node)
                    .filter(is_there)
                    .is_some_and(|other| same(node, other))
            };
            let filled = |map: &Map| map.values().filter(|entry| is_there(&&entry.node)).count();
            filled(old) == filled(new)
                && old
                    .iter()
                    .filter(|(_, entry)| is_there(&&entry.node))
                    .all(|(key, entry)| has(key, &entry.node, new))
        }
        (Value::List(old), Value::List(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| same(old, new))
        }
        (Value::String(old), Value::String(new)) => old == new,
        (Value::Bool(old), Value::Bool(new)) => old == new,
        (Value::Int(old), Value::Int(new)) => old == new,
        (Value::Float(old), Value::Float(new)) => old == new,
        (Value::Null, Value::Null) => true,
        _ => false,
    }
}

struct Walk<'a> {
    fields: Vec<Field<'a>>,
    /// Whether a secret is looked at.
    secret: bool,
}

impl<'a> Walk<'a> {
    fn nodes(&mut self, path: &Path, old: &'a Node, new: &'a Node, shape: Shape) {
        match (&old.value, &new.value) {
            (Value::Map(old), Value::Map(new)) => {
                let keys: BTreeSet<_> = old.keys().chain(new.keys()).collect();
                let named = [old, new].into_iter().any(|map| {
                    let name = map.get("name").and_then(|entry| entry.node.as_str());
                    name.is_some_and(names_secret)
                });
                for key in keys {
                    let there = |entry: &'a Entry| {
                        Some(&entry.node).filter(|node| !matches!(node.value, Value::Null))
                    };
                    let (old, new) = (old.get(key).and_then(there), new.get(key).and_then(there));
                    let outer = self.secret;
                    self.secret |= key == "value" && named;
                    self.either(&path.key(key), old, new, shape.field(key));
                    self.secret = outer;
                }
            }
            (Value::List(_), Value::List(_)) => self.lists(path, old, new, shape),
            _ if same(old, new) => {}
            _ => self.push(path.clone(), Some(old), Some(new)),
        }
    }

    fn either(&mut self, path: &Path, old: Option<&'a Node>, new: Option<&'a Node>, shape: Shape) {
        match (old, new) {
            (Some(old), Some(new)) => self.nodes(path, old, new, shape),
            (None, None) => {}
            // Labels and annotations come and go one by one, whichever is the first.
            (Some(Node { value: Value::Map(map), .. }), None) if is_metadata(path) => {
                for (key, entry) in map {
                    self.push(path.key(key), Some(&entry.node), None);
                }
            }
            (None, Some(Node { value: Value::Map(map), .. })) if is_metadata(path) => {
                for (key, entry) in map {
                    self.push(path.key(key), None, Some(&entry.node));
                }
            }
            // So do the items of keyed lists.
            (Some(node), None) | (None, Some(node)) if items_of(node, shape).is_some() => {
                for (item, keys) in
                    node.items().iter().zip(items_of(node, shape).unwrap_or_default())
                {
                    let path = path.join(Step::Item(keys));
                    self.push(path, old.map(|_| item), new.map(|_| item));
                }
            }
            (old, new) => self.push(path.clone(), old, new),
        }
    }

    fn lists(&mut self, path: &Path, old: &'a Node, new: &'a Node, shape: Shape) {
        match (items_of(old, shape), items_of(new, shape)) {
            (Some(olds), Some(news)) => self.keyed(path, (old, &olds), (new, &news), shape.item()),
            _ => self.aligned(path, old.items(), new.items(), shape.item()),
        }
    }

    fn keyed(
        &mut self,
        path: &Path,
        (old, olds): (&'a Node, &[Keys]),
        (new, news): (&'a Node, &[Keys]),
        shape: Shape,
    ) {
        let places: HashMap<&Keys, usize> = news.iter().zip(0..).collect();
        let mut common = Vec::new();
        for (item, keys) in old.items().iter().zip(olds) {
            let place = places.get(keys).copied();
            common.extend(place);
            let path = path.join(Step::Item(keys.clone()));
            self.either(&path, Some(item), place.and_then(|at| new.items().get(at)), shape);
        }
        let known: BTreeSet<&Keys> = olds.iter().collect();
        for (item, keys) in new.items().iter().zip(news).filter(|(_, keys)| !known.contains(keys)) {
            self.push(path.join(Step::Item(keys.clone())), None, Some(item));
        }
        if !common.is_sorted() {
            let (old, new) = (Some(old), Some(new));
            self.fields.push(Field {
                path: path.clone(),
                old,
                new,
                reordered: true,
                secret: self.secret,
            });
        }
    }

    /// Matches the items of a list without keys: equal ones first, and what is left between them in pairs.
    fn aligned(&mut self, path: &Path, old: &'a [Node], new: &'a [Node], shape: Shape) {
        let mut numbers: HashMap<String, usize> = HashMap::new();
        let mut number = |node: &Node| {
            let next = numbers.len();
            *numbers.entry(canonical(node)).or_insert(next)
        };
        let olds: Vec<usize> = old.iter().map(&mut number).collect();
        let news: Vec<usize> = new.iter().map(&mut number).collect();
        for op in align(&olds, &news) {
            let (olds, news) = (op.old_range(), op.new_range());
            if matches!(op, DiffOp::Equal { .. }) {
                continue;
            }
            for at in 0..olds.len().max(news.len()) {
                let (i, j) = (olds.start + at, news.start + at);
                let before = old.get(i).filter(|_| i < olds.end);
                let after = new.get(j).filter(|_| j < news.end);
                let index = if after.is_some() { j } else { i };
                let asks = |items: &[Node], at: usize| {
                    let option = at.checked_sub(1).and_then(|at| items.get(at)?.as_str());
                    option.is_some_and(asks_for_secret)
                };
                let outer = self.secret;
                self.secret |= asks(old, i) || asks(new, j);
                self.either(&path.join(Step::Index(index)), before, after, shape);
                self.secret = outer;
            }
        }
    }

    fn push(&mut self, path: Path, old: Option<&'a Node>, new: Option<&'a Node>) {
        self.fields.push(Field { path, old, new, reordered: false, secret: self.secret });
    }
}

fn is_metadata(path: &Path) -> bool {
    path.is("metadata.labels")
        || path.is("metadata.annotations")
        || path.is("spec.template.metadata.labels")
        || path.is("spec.template.metadata.annotations")
}

/// The values of an item's keys.
type Keys = Vec<(&'static str, String)>;

/// The keys of a list's items, if it is one whose items are told apart by them. In a list of which nothing is known, names do.
fn items_of(list: &Node, shape: Shape) -> Option<Vec<Keys>> {
    let keys = shape.keys().or_else(|| (!shape.is_known()).then_some("name"))?;
    matches!(list.value, Value::List(_)).then(|| keyed(list.items(), keys)).flatten()
}

/// The keys of all items, when each has them and no two have the same.
fn keyed(items: &[Node], keys: &'static str) -> Option<Vec<Keys>> {
    let all: Option<Vec<Keys>> = items.iter().map(|item| values_of(item, keys)).collect();
    all.filter(|all| all.iter().collect::<BTreeSet<_>>().len() == all.len())
}

/// A text that is equal for values that are the same.
fn canonical(node: &Node) -> String {
    write::document(node, Order::Sorted)
}

/// Where two rows differ more than this, they are not searched for what is equal between: the time would grow with the square.
const MOST_PAIRS: usize = 4_000_000;

/// The steps from one row to the other.
pub(super) fn align<T: Ord + Eq + Hash>(old: &[T], new: &[T]) -> Vec<DiffOp> {
    let start = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let ends = old[start..].iter().rev().zip(new[start..].iter().rev());
    let end = ends.take_while(|(old, new)| old == new).count();
    let (olds, news) = (old.len() - start - end, new.len() - start - end);
    if olds.saturating_mul(news) <= MOST_PAIRS {
        return capture_diff_slices(Algorithm::Myers, old, new);
    }
    let equal = |old_index, new_index, len| DiffOp::Equal { old_index, new_index, len };
    let middle =
        DiffOp::Replace { old_index: start, old_len: olds, new_index: start, new_len: news };
    let ops = [equal(0, 0, start), middle, equal(start + olds, start + news, end)];
    ops.into_iter().filter(|op| !op.old_range().is_empty() || !op.new_range().is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::{align, compare, same};
    use crate::kubernetes::Shape;
    use crate::node::Node;

    /// Each difference as a line.
    fn differences(kind: &str, old: &Json, new: &Json) -> Vec<String> {
        let api = if kind == "Deployment" { "apps/v1" } else { "v1" };
        let (old, new) = (Node::from_json(old), Node::from_json(new));
        let text =
            |node: Option<&Node>| node.map_or("-".to_owned(), |node| node.to_json().to_string());
        compare(&old, &new, Shape::of(api, kind))
            .iter()
            .map(|f| match f.reordered {
                true => format!("{} reordered", f.path),
                false => format!("{} {} {}", f.path, text(f.old), text(f.new)),
            })
            .collect()
    }

    fn pod(spec: Json) -> Json {
        json!({"spec": {"template": {"spec": spec}}})
    }

    #[test]
    fn finds_what_is_added_removed_and_changed() {
        let old = json!({"a": 1, "b": {"c": 2}, "d": null, "e": [1]});
        let new = json!({"a": 2, "f": "x", "e": [1], "b": {"c": 2, "g": {}}});
        assert_eq!(differences("Thing", &old, &new), ["a 1 2", "b.g - {}", "f - \"x\""]);
    }

    #[test]
    fn null_and_nothing_are_the_same() {
        assert!(differences("Thing", &json!({"a": null}), &json!({})).is_empty());
        let node = |json: Json| Node::from_json(&json);
        assert!(same(&node(json!({"a": {"b": null}})), &node(json!({"a": {}}))));
        assert!(!same(&node(json!({"a": null})), &node(json!({"a": 1}))));
    }

    #[test]
    fn items_with_keys_are_matched_by_them() {
        let env = |env: Json| pod(json!({"containers": [{"name": "app", "env": env}]}));
        let old = env(json!([{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]));
        let new = env(json!([{"name": "C", "value": "3"}, {"name": "A", "value": "9"}]));
        let at = "spec.template.spec.containers[name=app].env";
        assert_eq!(
            differences("Deployment", &old, &new),
            [
                format!("{at}[name=A].value \"1\" \"9\""),
                format!("{at}[name=B] {{\"name\":\"B\",\"value\":\"2\"}} -"),
                format!("{at}[name=C] - {{\"name\":\"C\",\"value\":\"3\"}}"),
            ]
        );
    }

    #[test]
    fn another_order_of_items_with_keys_is_a_difference_of_its_own() {
        let env = |names: [&str; 2]| {
            let env: Vec<Json> = names.iter().map(|name| json!({"name": name})).collect();
            pod(json!({"containers": [{"name": "app", "env": env}]}))
        };
        assert_eq!(
            differences("Deployment", &env(["A", "B"]), &env(["B", "A"])),
            ["spec.template.spec.containers[name=app].env reordered"]
        );
    }

    #[test]
    fn ports_without_a_protocol_are_tcp() {
        let ports = |port: Json| pod(json!({"containers": [{"name": "app", "ports": [port]}]}));
        let old = ports(json!({"containerPort": 80}));
        let new = ports(json!({"containerPort": 80, "protocol": "TCP"}));
        assert_eq!(
            differences("Deployment", &old, &new),
            [
                "spec.template.spec.containers[name=app].ports[containerPort=80,protocol=TCP].protocol - \"TCP\""
            ]
        );
    }

    #[test]
    fn items_without_keys_are_matched_by_what_is_equal_around_them() {
        let args = |args: Json| pod(json!({"containers": [{"name": "app", "args": args}]}));
        let at = "spec.template.spec.containers[name=app].args";
        let differences = |old: Json, new: Json| differences("Deployment", &args(old), &args(new));
        assert_eq!(
            differences(json!(["a", "b", "c"]), json!(["a", "c"])),
            [format!("{at}[1] \"b\" -")]
        );
        assert_eq!(
            differences(json!(["a"]), json!(["x", "a", "y"])),
            [format!("{at}[0] - \"x\""), format!("{at}[2] - \"y\"")]
        );
        assert_eq!(
            differences(json!(["a", "b"]), json!(["a", "c"])),
            [format!("{at}[1] \"b\" \"c\"")]
        );
    }

    #[test]
    fn a_key_that_stands_twice_leaves_the_items_to_their_order() {
        let old = json!({"items": [{"name": "a", "x": 1}, {"name": "a", "x": 2}]});
        let new = json!({"items": [{"name": "a", "x": 1}, {"name": "a", "x": 3}]});
        assert_eq!(differences("Thing", &old, &new), ["items[1].x 2 3"]);
    }

    #[test]
    fn labels_and_annotations_come_and_go_one_by_one() {
        let old = json!({"metadata": {}});
        let new = json!({"metadata": {"annotations": {"a": "1", "b": "2"}}});
        assert_eq!(
            differences("Thing", &old, &new),
            ["metadata.annotations.a - \"1\"", "metadata.annotations.b - \"2\""]
        );
    }

    #[test]
    fn long_rows_without_anything_in_common_take_no_square_of_time() {
        let old: Vec<usize> = (0..100_000).collect();
        let new: Vec<usize> = (100_000..200_000).chain([0]).collect();
        assert_eq!(align(&old, &new).len(), 1);
        let near: Vec<usize> = (0..99_999).chain([7]).collect();
        assert_eq!(align(&old, &near).len(), 2);
    }
}
