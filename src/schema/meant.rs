//! Decides which key of the same map was meant by an unknown one.

use serde_json::Value as Json;

use crate::node::Map as NodeMap;
use crate::source::Origin;
use crate::suggest::{Distance, Wanted};

use super::finding::{Fault, Finding};
use super::shape::suits;

/// A key of the map, near to the unknown one.
pub(super) struct Sibling<'a> {
    /// The key.
    pub name: &'a str,
    /// What it holds.
    pub schema: &'a Json,
    distance: Distance,
    suits: bool,
}

impl Sibling<'_> {
    /// Whether one need not look for other places: at most one slip of the fingers, and a value of the right kind.
    pub fn is_sure(&self) -> bool {
        self.distance.edits == 0 || self.suits && !self.distance.begun && self.distance.edits == 1
    }
}

/// The key that was meant. Of equally near ones, one that the value suits, and that the same text does not give beside it.
pub(super) fn sibling<'a>(finding: &Finding<'a>, schema: &Json) -> Option<Sibling<'a>> {
    let Fault::Unknown { key, allowed: Some(allowed), beside } = finding.fault else { return None };
    let (wanted, root) = (Wanted::new(key)?, schema.as_object()?);
    let candidates = allowed.iter().filter_map(|(name, schema)| {
        let distance = wanted.distance(name)?;
        let suits = suits(finding.node, schema, root).is_some();
        let given = is_given(beside, name, finding.origin);
        let rank = (distance.begun, distance.edits, !suits, given, distance);
        Some((rank, Sibling { name, schema, distance, suits }))
    });
    candidates.min_by_key(|(rank, _)| *rank).map(|(_, sibling)| sibling)
}

/// Whether the text that an unknown key stands in gives another key beside it.
fn is_given(beside: &NodeMap, name: &str, unknown: Option<Origin>) -> bool {
    let origin = beside.get(name).and_then(|entry| entry.key_origin);
    origin.zip(unknown).is_some_and(|(given, unknown)| given.source == unknown.source)
}
