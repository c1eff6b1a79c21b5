//! The key of the values that made a change, where rendering knows it.

use crate::node::Node;
use crate::object::Object;
use crate::secret::Hidden;
use crate::source::{Location, Origin};

use super::fields::{Field, same};
use super::side::Side;
use crate::validate::{Trace, trace};

/// A key of the values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The key, in the notation of `--set`.
    pub key: String,
    /// Where it was set; `None` for a default.
    pub location: Option<Location>,
}

/// What changed a field: the key whose value stands there, in the new state or else in the old one. What brought a field, or took
/// it away, is rather a key that decides whether it is there.
pub(super) fn of_field(field: &Field<'_>, (old, new): (&Side, &Side)) -> Option<Cause> {
    let places: Vec<(&Side, Origin)> = [(new, field.new), (old, field.old)]
        .into_iter()
        .flat_map(|(side, node)| origins(node).into_iter().map(move |origin| (side, origin)))
        .collect();
    let printed = places.iter().filter_map(|(side, origin)| traced(side, *origin, field));
    let printed = printed.filter(|trace| differs(&trace.top, old, new));
    let decided = places.iter().filter_map(|(side, origin)| decision(side, *origin, (old, new)));
    let trace = match (field.old, field.new) {
        (Some(_), Some(_)) => printed.chain(decided).next(),
        _ => decided.chain(printed).next(),
    }?;
    Some(with_place(trace, (old, new)))
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

/// What brought an object, or took it away: the key that decides whether it is there.
pub(super) fn of_object(object: &Object, side: &Side, sides: (&Side, &Side)) -> Option<Cause> {
    let trace = decision(side, object.node.origin?, sides)?;
    Some(with_place(trace, sides))
}

/// The innermost key that lets a place of a rendered file be there, and that the sides do not agree on.
fn decision(side: &Side, origin: Origin, sides: (&Side, &Side)) -> Option<Trace> {
    let (_, rendered) = side.values.as_ref()?;
    let template = side.sources.get(origin.source).name.strip_prefix("templates/")?;
    let file = rendered.iter().find(|file| file.path == template)?;
    let lines = file.text.split_inclusive('\n').take(origin.line.saturating_sub(1) as usize);
    let start: usize =
        lines.map(str::len).sum::<usize>() + origin.column.saturating_sub(1) as usize;
    let around = file.decisions.iter().filter(|span| span.range.contains(&start));
    let key = around.map(|span| span.key).rfind(|key| differs(key, sides.0, sides.1))?;
    Some(Trace { top: key.to_owned(), path: key.to_owned(), location: None })
}

fn traced(side: &Side, origin: Origin, field: &Field<'_>) -> Option<Trace> {
    let (loaded, rendered) = side.values.as_ref()?;
    trace(&Location::of(origin, &side.sources), &field.path.to_string(), rendered, loaded)
}

/// Whether a key has another value on the other side. Of one side alone nothing can be said against it.
fn differs(key: &str, old: &Side, new: &Side) -> bool {
    let (Some((old, _)), Some((new, _))) = (&old.values, &new.values) else { return true };
    let keys: Vec<&str> = key.split('.').collect();
    match (old.tree.at(&keys), new.tree.at(&keys)) {
        (Some(old), Some(new)) => !same(old, new),
        (old, new) => old.is_some() != new.is_some(),
    }
}

/// The key with the place where the new side sets it, or else the old one; a default has none.
fn with_place(trace: Trace, (old, new): (&Side, &Side)) -> Cause {
    let set = |side: &Side| {
        let (loaded, _) = side.values.as_ref()?;
        let keys: Vec<&str> = trace.top.split('.').collect();
        let origin = loaded.tree.at(&keys)?.origin?;
        Some(Hidden::default().show(origin, &loaded.sources))
    };
    // A map or a list begins somewhere above what is meant in it.
    let exact = trace.location.clone().filter(|_| trace.path != trace.top);
    let location = exact.or_else(|| set(new)).or(trace.location.clone()).or_else(|| set(old));
    Cause { key: trace.path, location }
}
