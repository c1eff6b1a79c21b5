//! The key of the values that made a change, where rendering knows it.

use std::cell::Cell;

use smol_str::SmolStr;

use crate::load::Loaded;
use crate::node::Node;
use crate::object::Object;
use crate::secret::Hidden;
use crate::source::{Location, Origin};
use crate::templates::Rendered;
use crate::validate::{Trace, trace};

use super::fields::{Field, same};
use super::side::Side;

/// A key of the values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The key, in the notation of `--set`.
    pub key: String,
    /// Where it was set; `None` for a default.
    pub location: Option<Location>,
}

/// Looks for causes on both sides.
pub(super) struct Causes<'a> {
    old: &'a Side,
    new: &'a Side,
    /// How many bytes of rendered text may still be looked through.
    left: Cell<usize>,
}

/// After so many bytes of rendered text no more causes are looked for: each costs a look through its file.
const MOST_TEXT: usize = 10_000_000;

impl<'a> Causes<'a> {
    pub fn new(old: &'a Side, new: &'a Side) -> Self {
        Self { old, new, left: Cell::new(MOST_TEXT) }
    }

    /// What changed a field: the key whose value stands there, in the new state or else in the old one. What brought a field, or
    /// took it away, is rather a key that decides whether it is there.
    pub fn of_field(&self, field: &Field<'_>) -> Option<Cause> {
        let places: Vec<(&Side, Origin)> = [(self.new, field.new), (self.old, field.old)]
            .into_iter()
            .flat_map(|(side, node)| origins(node).into_iter().map(move |origin| (side, origin)))
            .collect();
        let printed = places.iter().filter_map(|(side, origin)| self.printed(side, *origin, field));
        let decided = places.iter().filter_map(|(side, origin)| self.decided(side, *origin));
        let trace = match (field.old, field.new) {
            (Some(_), Some(_)) => printed.chain(decided).next(),
            _ => decided.chain(printed).next(),
        }?;
        Some(self.with_place(trace))
    }

    /// What brought an object, or took it away: the key that decides whether it is there.
    pub fn of_object(&self, object: &Object, side: &Side) -> Option<Cause> {
        let trace = self.decided(side, object.node.origin?)?;
        Some(self.with_place(trace))
    }

    /// The rendered file that a place is in, while there is time for it.
    fn file<'s>(&self, side: &'s Side, origin: Origin) -> Option<(&'s Loaded, &'s Rendered)> {
        let (loaded, rendered) = side.values.as_ref()?;
        let path = side.sources.get(origin.source).name.strip_prefix("templates/")?;
        let file = rendered.iter().find(|file| file.path == path)?;
        self.left.set(self.left.get().checked_sub(file.text.len())?);
        Some((loaded, file))
    }

    /// The key whose value stands at a place, if the sides do not agree on it.
    fn printed(&self, side: &Side, origin: Origin, field: &Field<'_>) -> Option<Trace> {
        let (loaded, file) = self.file(side, origin)?;
        let place = Location::of(origin, &side.sources);
        let trace = trace(&place, &field.path.to_string(), std::slice::from_ref(file), loaded)?;
        Some(trace).filter(|trace| self.differs(&trace.top))
    }

    /// The innermost key that lets a place be there, and that the sides do not agree on.
    fn decided(&self, side: &Side, origin: Origin) -> Option<Trace> {
        let (_, file) = self.file(side, origin)?;
        let lines = file.text.split_inclusive('\n').take(origin.line.saturating_sub(1) as usize);
        let start: usize =
            lines.map(str::len).sum::<usize>() + origin.column.saturating_sub(1) as usize;
        let around = file.decisions.iter().filter(|span| span.range.contains(&start));
        let key = around.map(|span| span.key).rfind(|key| self.differs(key))?;
        Some(Trace { top: key.to_owned(), path: key.to_owned(), location: None })
    }

    /// The values of a key on both sides; `None` when a side has none at all.
    fn both(&self, key: &str) -> Option<[Option<&'a Node>; 2]> {
        let keys: Vec<&str> = key.split('.').collect();
        let (old, new) = (self.old.values.as_ref()?, self.new.values.as_ref()?);
        Some([old.0.tree.at(&keys), new.0.tree.at(&keys)])
    }

    /// Whether a key has another value on the other side. Of one side alone nothing can be said against it.
    fn differs(&self, key: &str) -> bool {
        match self.both(key) {
            None => true,
            Some([Some(old), Some(new)]) => !same(old, new),
            Some([old, new]) => old.is_some() != new.is_some(),
        }
    }

    /// The key with the place where the new side sets it, or else the old one; a default has none.
    fn with_place(&self, trace: Trace) -> Cause {
        // A map or a list begins somewhere above what is meant in it.
        if trace.path != trace.top && trace.location.is_some() {
            return Cause { key: trace.path, location: trace.location };
        }
        let key = if trace.path == trace.top { self.narrow(trace.top) } else { trace.path };
        let keys: Vec<&str> = key.split('.').collect();
        let set = |side: &Side| {
            let (loaded, _) = side.values.as_ref()?;
            let origin = loaded.tree.at(&keys)?.origin?;
            Some(Hidden::default().show(origin, &loaded.sources))
        };
        let location = set(self.new).or(trace.location).or_else(|| set(self.old));
        Cause { key, location }
    }

    /// The one key of a map that the sides do not agree on, where there is one.
    fn narrow(&self, mut key: String) -> String {
        while let Some([Some(old), Some(new)]) = self.both(&key)
            && let (Some(old), Some(new)) = (old.as_map(), new.as_map())
        {
            let differs = |name: &&SmolStr| match (old.get(name), new.get(name)) {
                (Some(old), Some(new)) => !same(&old.node, &new.node),
                (old, new) => old.is_some() != new.is_some(),
            };
            let mut names = old
                .keys()
                .chain(new.keys().filter(|name| !old.contains_key(name.as_str())))
                .filter(differs);
            // A key with a dot would be taken for two.
            let (Some(name), None) =
                (names.next().filter(|name| !name.contains('.')), names.next())
            else {
                break;
            };
            key = format!("{key}.{name}");
        }
        key
    }
}

/// So many values of a field are looked at: one of the first is what changed, as a rule.
const MOST_PLACES: usize = 50;

/// Where a value stands, and then where those in it do.
fn origins(node: Option<&Node>) -> Vec<Origin> {
    let mut origins = Vec::new();
    let mut rest: Vec<&Node> = node.into_iter().collect();
    while let Some(node) = rest.pop()
        && origins.len() < MOST_PLACES
    {
        origins.extend(node.origin);
        rest.extend(node.items().iter().rev());
        let entries = node.as_map().into_iter().flat_map(|map| map.values().rev());
        rest.extend(entries.map(|entry| &entry.node));
    }
    origins
}
