//! What would change in a cluster between two states of a release, and what each change means. Offline.
//!
//! ```text
//! values ── render ──┐
//! chart of ours ─────┼─ side ─ pairs ─ fields ─ consequences ─ causes ──▶ text, json, unified
//! manifests ─────────┘
//! ```
//!
//! Objects are paired by kind, namespace and name, fields by path, items of lists by the keys that an API server merges them by. What a
//! change means is told by tables and small rules: what is refused ([`immutable`]), what data, users and pods go through.

pub mod consequence;
pub mod fields;
pub mod immutable;
pub mod path;
pub mod side;

mod affinity;
mod cause;
mod entrance;
mod json;
mod pair;
mod procedure;
mod shown;
mod storage;
mod text;
mod unified;
mod workload;

pub use cause::Cause;
pub use json::{schema, write as json};
pub use procedure::Procedure;
pub use text::write as text;
pub use unified::write as unified;

use std::collections::BTreeSet;

use crate::kubernetes::Shape;
use crate::object::Object;

use self::cause::Causes;
use self::consequence::{Consequence, Effect};
use self::fields::Field;
use self::pair::Pair;
use self::side::{Identity, Side, is_hook};

/// What differs between two sides.
#[derive(Debug)]
pub struct Diff<'a> {
    /// The objects that differ: the gravest consequence first, then in Helm's order of installation.
    pub objects: Vec<ObjectChange<'a>>,
    /// How many objects are the same on both sides.
    pub unchanged: usize,
    /// How to get there all the same, where Kubernetes refuses the short way.
    pub procedures: Vec<Procedure>,
    /// What is to be known of the comparison itself.
    pub notes: Vec<String>,
}

/// An object that differs.
#[derive(Debug)]
pub struct ObjectChange<'a> {
    /// What it is.
    pub identity: &'a Identity,
    /// As it was; `None` when it is created.
    pub old: Option<&'a Object>,
    /// As it is to be; `None` when it is removed.
    pub new: Option<&'a Object>,
    /// What its creation or removal means; of a changed object the changes say it.
    pub consequences: Vec<Consequence>,
    /// The key of the values that brought it, or took it away.
    pub cause: Option<Cause>,
    /// Its fields that differ: the gravest consequence first, then by path.
    pub changes: Vec<Change<'a>>,
}

/// A field that differs, and what that means.
#[derive(Debug)]
pub struct Change<'a> {
    /// The field, and its values.
    pub field: Field<'a>,
    /// What it means, gravest first.
    pub consequences: Vec<Consequence>,
    /// The key of the values that changed it.
    pub cause: Option<Cause>,
}

impl ObjectChange<'_> {
    /// `created`, `removed` or `changed`.
    pub fn state(&self) -> &'static str {
        match (self.old, self.new) {
            (None, _) => "created",
            (_, None) => "removed",
            _ => "changed",
        }
    }

    /// All consequences, those of its fields included.
    pub fn all_consequences(&self) -> impl Iterator<Item = &Consequence> {
        self.consequences.iter().chain(self.changes.iter().flat_map(|change| &change.consequences))
    }

    fn gravest(&self) -> Option<Effect> {
        self.all_consequences().map(|consequence| consequence.effect).min()
    }
}

impl Diff<'_> {
    /// How many objects have this state.
    pub fn count(&self, state: &str) -> usize {
        self.objects.iter().filter(|object| object.state() == state).count()
    }

    /// How many objects have a consequence of this kind.
    pub fn count_effect(&self, effect: Effect) -> usize {
        let has =
            |object: &&ObjectChange<'_>| object.all_consequences().any(|c| c.effect == effect);
        self.objects.iter().filter(has).count()
    }
}

/// Compares two sides. `old` is what is there, `new` what is to be.
pub fn compare<'a>(old: &'a Side, new: &'a Side) -> Diff<'a> {
    // `helm get manifest` prints no hooks: that they are missing says nothing.
    let hooks = |side: &Side| side.values.is_some() || side.has_hooks();
    let with_hooks = hooks(old) && hooks(new);
    let identities: BTreeSet<&Identity> = old.objects.keys().chain(new.objects.keys()).collect();
    let causes = Causes::new(old, new);
    let mut objects = Vec::new();
    let mut unchanged = 0;
    for identity in identities {
        let of = |side: &'a Side| {
            side.objects.get(identity).filter(|object| with_hooks || !is_hook(object))
        };
        match object(identity, of(old), of(new), (old, new), &causes) {
            Some(change) => objects.push(change),
            None => unchanged += usize::from(of(old).is_some()),
        }
    }
    objects.sort_by_key(|object| object.gravest().map_or(usize::MAX, |effect| effect as usize));
    let mut diff = Diff { objects, unchanged, procedures: Vec::new(), notes: Vec::new() };
    diff.procedures = procedure::all(&diff, old, new);
    diff.notes.extend(strangers(&diff, old, new));
    diff
}

/// What differs in one object; `None` when nothing does.
fn object<'a>(
    identity: &'a Identity,
    old: Option<&'a Object>,
    new: Option<&'a Object>,
    sides: (&'a Side, &'a Side),
    causes: &Causes<'a>,
) -> Option<ObjectChange<'a>> {
    let hook = old.or(new).is_some_and(is_hook);
    let mut change = ObjectChange {
        identity,
        old,
        new,
        consequences: Vec::new(),
        cause: None,
        changes: Vec::new(),
    };
    match (old, new) {
        (None, None) => return None,
        (Some(old), Some(new)) => {
            change.changes = changes(Pair { identity, old, new }, causes);
            if change.changes.is_empty() {
                return None;
            }
        }
        (Some(old), None) => {
            if !hook {
                let found = [
                    storage::removed(identity, old),
                    entrance::removed(identity),
                    workload::removed(identity),
                ];
                change.consequences = found.into_iter().flatten().collect();
            }
            change.cause = causes.of_object(old, sides.0);
        }
        (None, Some(new)) => {
            if !hook {
                change.consequences.extend(entrance::created(identity));
                change.consequences.extend(workload::created(identity));
            }
            change.cause = causes.of_object(new, sides.1);
        }
    }
    change.consequences.sort_by_key(|consequence| consequence.effect);
    Some(change)
}

fn changes<'a>(pair: Pair<'a>, causes: &Causes<'a>) -> Vec<Change<'a>> {
    let shape = Shape::of(pair.new.api_version(), &pair.identity.kind);
    let fields = fields::compare(&pair.old.node, &pair.new.node, shape);
    let hook = is_hook(pair.new);
    let mut changes: Vec<Change<'a>> = fields
        .into_iter()
        .filter(|field| !is_clusters_own(field))
        .map(|field| {
            let mut consequences = Vec::new();
            if !hook {
                consequences.extend(immutable::check(&pair, &field));
                consequences.extend(storage::check(&pair, &field));
                consequences.extend(entrance::check(&pair, &field));
                consequences.extend(affinity::check(&pair, &field));
                consequences.extend(workload::sessions(&pair, &field));
                consequences.extend(workload::check(&pair, &field));
            }
            consequences.sort_by_key(|consequence| consequence.effect);
            let cause = causes.of_field(&field);
            Change { field, consequences, cause }
        })
        .collect();
    changes.sort_by_key(|change| {
        change.consequences.first().map_or(usize::MAX, |c| c.effect as usize)
    });
    changes
}

/// What an API server writes itself, and no manifest can change. The namespace is part of what the object is.
fn is_clusters_own(field: &Field<'_>) -> bool {
    let own = [
        "namespace",
        "uid",
        "resourceVersion",
        "generation",
        "creationTimestamp",
        "managedFields",
        "selfLink",
    ];
    field.path.is_in("status")
        || field.path.keys().next() == Some("metadata")
            && field.path.keys().nth(1).is_some_and(|key| own.contains(&key))
}

/// What to say when the two sides have no object in common: that the release is probably not the one that was meant.
fn strangers(diff: &Diff<'_>, old: &Side, new: &Side) -> Option<String> {
    let apart = diff.unchanged == 0 && diff.count("changed") == 0;
    if !apart || old.objects.is_empty() || new.objects.is_empty() {
        return None;
    }
    let mut note = "no object is on both sides".to_owned();
    if let (Some(old_release), Some(new_release)) = (old.release(), new.release())
        && old_release != new_release
    {
        let written = |side: &Side, (name, namespace): (&str, &str)| {
            format!("`{}` is release `{name}` in namespace `{namespace}`", side.name)
        };
        note.push_str(&format!(
            ": {}, {}; `--name` and `--namespace` say which one values and charts are for",
            written(old, old_release),
            written(new, new_release)
        ));
    }
    Some(note)
}

#[cfg(test)]
mod tests;
