//! Chart.yaml as Helm decodes it: as JSON, keys in any case, a scalar where a string is wanted, null for nothing.

use crate::node::{Entry, Map, Node, Value};
use crate::rules::{CHART_METADATA, CHART_METADATA_ODD, Rule};

use super::report::{Place, Report};
use super::verdict::Verdict;

/// Walks Chart.yaml and reports.
pub struct Reader<'r> {
    pub(super) path: &'r str,
    pub(super) report: &'r mut Report,
}

impl<'r> Reader<'r> {
    /// A reader of the file at a path.
    pub fn new(path: &'r str, report: &'r mut Report) -> Self {
        Self { path, report }
    }

    /// Reports a fault of a node.
    pub fn fault(
        &mut self,
        rule: &'static Rule,
        node: &Node,
        verdict: Verdict,
        what: &str,
        help: &str,
    ) {
        let place = node.origin.map_or(Place::File(self.path), Place::At);
        self.report.fault(rule, place, verdict, what, help);
    }

    /// Reports what no Helm loads.
    pub(super) fn refuse(&mut self, node: &Node, what: &str, help: &str) {
        self.fault(&CHART_METADATA, node, Verdict::REFUSED, what, help);
    }

    /// Reports what Helm passes over, or only lints.
    pub(super) fn odd(&mut self, node: &Node, verdict: Verdict, what: &str, help: &str) {
        self.fault(&CHART_METADATA_ODD, node, verdict, what, help);
    }

    /// Reports a key that must be there.
    pub(super) fn absent(&mut self, key: &str, help: &str) {
        let what = format!("Chart.yaml has no `{key}`");
        self.report.fault(&CHART_METADATA, Place::File(self.path), Verdict::REFUSED, what, help);
    }

    /// Reports a value of the wrong type, which Helm's decoder refuses.
    pub fn wrong(&mut self, node: &Node, wanted: &str) {
        let what = format!("expected {wanted}, found {}", node.value.kind());
        self.refuse(node, &what, &format!("write {wanted}"));
    }

    /// Checks a key whose value Helm decodes into a string.
    pub(super) fn text(&mut self, map: &Map, key: &str) {
        if let Some(entry) = field(map, key)
            && matches!(entry.node.value, Value::List(_) | Value::Map(_))
        {
            self.wrong(&entry.node, "a string");
        }
    }

    /// Looks at each item of a list.
    pub fn list(&mut self, map: &Map, key: &str, mut each: impl FnMut(&mut Self, &Node)) {
        let Some(entry) = field(map, key) else { return };
        match &entry.node.value {
            Value::List(items) => items.iter().for_each(|item| each(self, item)),
            Value::Null => {}
            _ => self.wrong(&entry.node, "a list"),
        }
    }
}

/// A value that Go's decoder turns into a string.
pub fn scalar(node: &Node) -> Option<String> {
    match &node.value {
        Value::String(text) => Some(text.to_string()),
        Value::Int(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::List(_) | Value::Map(_) => None,
    }
}

/// A key's entry. Go's JSON decoder does not mind capitals.
pub fn field<'m>(map: &'m Map, key: &str) -> Option<&'m Entry> {
    map.get(key).or_else(|| {
        map.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, entry)| entry)
    })
}
