//! Recognises keys of other charts in what nobody knows, and keeps them apart.

use serde_json::Value as Json;

use crate::node::{Map as NodeMap, Node};
use crate::source::Origin;

use super::finding::{Fault, Finding, push_key};
use super::meant::sibling;
use super::moved::{Now, is_above_any, row};
use super::of_key;

/// The findings for an unknown key: where it, or what stands below it, comes from another chart, one for each such key. Those are
/// known for the schema of the values alone.
pub(super) fn foreign<'a>(finding: Finding<'a>, schema: &Json) -> Vec<Finding<'a>> {
    let Fault::Unknown { key, beside, .. } = finding.fault else { return vec![finding] };
    if of_key("forguncy", schema).is_none() {
        return vec![finding];
    }
    if finding.path.contains(['\\', '[']) || sibling(&finding, schema).is_some_and(|s| s.is_sure())
    {
        return vec![finding];
    }
    let path = finding.path.clone();
    let mut walk = Foreign { parts: path.split('.').collect(), findings: Vec::new() };
    let origin = finding.origin;
    if walk.collect(key, finding.node, origin, beside) { walk.findings } else { vec![finding] }
}

/// A map with more keys is no section of a chart's values.
const MANY: usize = 64;

/// A walk below an unknown key.
struct Foreign<'p, 'a> {
    parts: Vec<&'p str>,
    findings: Vec<Finding<'a>>,
}

impl<'p, 'a: 'p> Foreign<'p, 'a> {
    /// Gathers what is known of a key and of those below it; whether anything is.
    fn collect(
        &mut self,
        key: &'a str,
        node: &'a Node,
        origin: Option<Origin>,
        beside: &'a NodeMap,
    ) -> bool {
        let section = node.as_map().filter(|map| map.len() <= MANY && is_above_any(&self.parts));
        if let Some(map) = section {
            let before = self.findings.len();
            let mut found = false;
            for (key, entry) in map {
                self.parts.push(key);
                found |= self.collect(key, &entry.node, entry.key_origin.or(origin), map);
                self.parts.pop();
            }
            if found {
                return true;
            }
            self.findings.truncate(before);
        }
        let known = row(&self.parts)
            .filter(|(row, _)| !(matches!(row.now, Now::Image) && node.as_map().is_some()));
        let fault = match known {
            Some((row, section)) => Fault::Moved { row, section },
            None => Fault::Unknown { key, allowed: None, beside },
        };
        let mut path = String::new();
        self.parts.iter().for_each(|part| push_key(&mut path, part));
        self.findings.push(Finding { path, origin, node, title: None, secret: false, fault });
        known.is_some()
    }
}
