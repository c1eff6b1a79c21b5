//! The objects by identity, and their pods by label, so that no check has to search.

use std::borrow::Cow;

use foldhash::{HashMap, HashMapExt as _};

use super::pods::{Pods, group};
use super::selector::Selector;
use super::{External, Scope};
use crate::kubernetes::is_cluster_scoped;
use crate::node::Node;
use crate::object::Object;
use crate::suggest::nearest;

/// An object with its namespace settled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known<'a> {
    pub object: &'a Object,
    /// Its place among the objects.
    pub at: usize,
    /// Its API group: `apps`; empty for the core.
    pub group: &'a str,
    pub kind: &'a str,
    /// The namespace it gets; empty when its kind has none.
    pub namespace: &'a str,
    pub name: &'a str,
    pub pods: Option<Pods<'a>>,
}

impl<'a> Known<'a> {
    /// The node at a path of keys.
    pub fn get(&self, path: &[&str]) -> Option<&'a Node> {
        self.object.node.at(path)
    }

    /// The items of the list at a path of keys.
    pub fn items(&self, path: &[&str]) -> &'a [Node] {
        self.get(path).map(Node::items).unwrap_or_default()
    }

    /// The string at a path of keys; empty when there is none.
    pub fn text(&self, path: &[&str]) -> &'a str {
        self.get(path).and_then(Node::as_str).unwrap_or_default()
    }

    /// Whether it is of a kind of a group.
    pub fn is(&self, group: &str, kind: &str) -> bool {
        self.group == group && self.kind == kind
    }
}

/// What references are looked up in.
pub(super) struct Index<'a> {
    /// Every object that has a kind and a name, in the order given.
    pub objects: Vec<Known<'a>>,
    by_identity: HashMap<Identity<'a>, usize>,
    names: HashMap<(&'a str, &'a str), Vec<&'a str>>,
    /// The objects whose pods have a label, by namespace, key and value; without a value, those with any.
    by_label: HashMap<(&'a str, &'a str, Option<&'a str>), Vec<usize>>,
    by_namespace: HashMap<&'a str, Vec<usize>>,
    external: &'a External,
}

/// Group, kind, namespace and name. Versions are views of one object.
pub(super) type Identity<'a> = (&'a str, &'a str, &'a str, &'a str);

/// Beyond so many names none is suggested: each finding would compare them all.
const MOST_CANDIDATES: usize = 100;

impl<'a> Index<'a> {
    pub fn of(objects: &'a [Object], scope: &Scope<'a>) -> Self {
        let mut this = Self {
            objects: Vec::with_capacity(objects.len()),
            by_identity: HashMap::with_capacity(objects.len()),
            names: HashMap::new(),
            by_label: HashMap::new(),
            by_namespace: HashMap::new(),
            external: scope.external,
        };
        for object in objects {
            let (kind, name) = (object.kind(), object.name());
            if kind.is_empty() || name.is_empty() {
                continue;
            }
            let namespace = match object.namespace() {
                _ if is_cluster_scoped(object.api_version(), kind) => "",
                "" => scope.namespace,
                own => own,
            };
            let pods = Pods::of(&object.node);
            let group = group(object.api_version());
            let at = this.objects.len();
            this.add(Known { object, at, group, kind, namespace, name, pods });
        }
        this
    }

    fn add(&mut self, known: Known<'a>) {
        let Known { at, namespace, pods, .. } = known;
        self.by_identity.entry(identity(&known)).or_insert(at);
        self.names.entry((known.kind, namespace)).or_default().push(known.name);
        if let Some(pods) = pods {
            self.by_namespace.entry(namespace).or_default().push(at);
            for (key, entry) in pods.labels().into_iter().flatten() {
                if let Some(value) = entry.node.as_str() {
                    for value in [Some(value), None] {
                        self.by_label.entry((namespace, key, value)).or_default().push(at);
                    }
                }
            }
        }
        self.objects.push(known);
    }

    /// The first object of an identity.
    pub fn find(&self, identity: Identity<'a>) -> Option<&Known<'a>> {
        self.by_identity.get(&identity).map(|at| &self.objects[*at])
    }

    /// Whether an object of the core group is there, or is said to be in the cluster.
    pub fn has(&self, kind: &str, namespace: &str, name: &str) -> bool {
        self.by_identity.contains_key(&("", kind, namespace, name)) || self.external.has(kind, name)
    }

    /// The objects whose pods a selector selects in a namespace, in their order. What is rarest of what it wants is looked up,
    /// the rest is compared, one by one as they are asked for.
    pub fn selected<'i, 's>(
        &'i self,
        namespace: &'a str,
        selector: &'s Selector<'a>,
    ) -> impl Iterator<Item = &'i Known<'a>> + use<'i, 's, 'a> {
        let with = |key, values: &[&'a str]| -> Vec<&'i [usize]> {
            let found = |value| self.by_label.get(&(namespace, key, value)).map(Vec::as_slice);
            match values {
                [] => found(None).into_iter().collect(),
                _ => values.iter().filter_map(|value| found(Some(*value))).collect(),
            }
        };
        let rarest = selector
            .wanted()
            .map(|(key, values)| with(key, values))
            .min_by_key(|lists| lists.iter().map(|list| list.len()).sum::<usize>());
        let all = || self.by_namespace.get(namespace).map(Vec::as_slice);
        let lists = rarest.unwrap_or_else(|| all().into_iter().collect());
        let candidates = match lists.as_slice() {
            [] => Cow::Borrowed(&[][..]),
            [list] => Cow::Borrowed(*list),
            lists => {
                let mut all = lists.concat();
                all.sort_unstable();
                all.dedup();
                Cow::Owned(all)
            }
        };
        (0..candidates.len())
            .map(move |place| &self.objects[candidates[place]])
            .filter(|known| known.pods.is_some_and(|pods| selector.matches(pods.labels())))
    }

    /// What to do about a name that no object of a kind in a namespace has: "did you mean" the nearest one, if one is near.
    pub fn meant(&self, kind: &'a str, namespace: &'a str, name: &str) -> String {
        let names = self.names.get(&(kind, namespace)).filter(|all| all.len() <= MOST_CANDIDATES);
        match names.and_then(|names| nearest(name, names.iter().copied())) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "add it, or correct the name; if the cluster has it already, waive the rule"
                .to_owned(),
        }
    }
}

/// What makes an object itself.
pub(super) fn identity<'a>(known: &Known<'a>) -> Identity<'a> {
    (known.group, known.kind, known.namespace, known.name)
}
