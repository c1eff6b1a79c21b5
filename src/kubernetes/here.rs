//! A struct with all its fields in view, for the checks that compare them.

use crate::node::{Entry, Map, Node, Value};
use crate::rules::{FIELD_CONFLICT, MISSING_FIELD, Rule};

use super::format::or;
use super::table::Type;
use super::walk::{Step, Walk};

/// A struct, and where it stands.
pub(super) struct Here<'w, 'a> {
    pub walk: &'w mut Walk<'a>,
    pub node: &'a Node,
    pub map: &'a Map,
}

impl<'a> Here<'_, 'a> {
    /// The value of a field, when it holds something: not null, not empty.
    pub fn get(&self, field: &str) -> Option<&'a Node> {
        let node = &self.map.get(field)?.node;
        let empty = match &node.value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::List(items) => items.is_empty(),
            _ => false,
        };
        (!empty).then_some(node)
    }

    pub fn has(&self, field: &str) -> bool {
        self.get(field).is_some()
    }

    /// The text of a field; empty when there is none.
    pub fn text(&self, field: &str) -> &'a str {
        self.get(field).and_then(Node::as_str).unwrap_or_default()
    }

    pub fn number(&self, field: &str) -> Option<i64> {
        match self.get(field)?.value {
            Value::Int(number) => Some(number),
            _ => None,
        }
    }

    /// Notes a breach by the field that is named last in its path.
    pub fn report(
        &mut self,
        rule: &'static Rule,
        field: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let at = self
            .map
            .get(field)
            .map_or(self.node.origin, |entry: &Entry| entry.key_origin.or(entry.node.origin));
        self.walk.report_field(rule, at, field, message.into(), help.into());
    }

    pub fn missing(&mut self, field: &str, help: &str) {
        if self.walk.is_meant(field) {
            return;
        }
        let message = format!("`{field}` is missing");
        self.report(&MISSING_FIELD, field, message, help);
    }

    /// Notes a field that is missing further down.
    pub fn missing_below(&mut self, path: &[&'static str], field: &str, help: &str) {
        self.walk.path.extend(path.iter().copied().map(Step::Key));
        let message = format!("`{field}` is missing");
        self.walk.report_field(&MISSING_FIELD, self.node.origin, field, message, help.to_owned());
        self.walk.path.truncate(self.walk.path.len() - path.len());
    }

    pub fn not_both(&mut self, one: &str, other: &str) {
        if self.has(one) && self.has(other) {
            let message = format!("`{one}` and `{other}` exclude each other");
            self.report(&FIELD_CONFLICT, other, message, "leave one of them out");
        }
    }

    /// At most one of some fields, and at least one, if one is needed.
    pub fn one_of(&mut self, fields: &[&str], needed: bool) {
        let given: Vec<&str> = fields.iter().copied().filter(|field| self.has(field)).collect();
        let quoted = || fields.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>();
        let needed = needed && !fields.iter().any(|field| self.walk.is_meant(field));
        self.one_of_given(&given, needed.then_some(|| format!("one of {}", or(&quoted()))));
    }

    /// What a volume is made of is said by one field; their types tell which of its fields are such.
    pub fn volume(&mut self, of: Type, needed: bool) {
        let is_source = |name: &str| of.field(name).any(|field| field.kind.ends_with("Source"));
        let map = self.map;
        let given: Vec<&str> = map
            .keys()
            .map(|key| key.as_str())
            .filter(|name| self.has(name) && is_source(name))
            .collect();
        self.one_of_given(&given, needed.then_some(|| "a source, like `nfs`".to_owned()));
    }

    /// `needed` tells what of, if one is.
    fn one_of_given(&mut self, given: &[&str], needed: Option<impl FnOnce() -> String>) {
        match (given, needed) {
            ([], Some(expected)) => {
                let message = format!("{} lacks {}", self.walk.here(), expected());
                let at = self.node.origin;
                self.walk.report(&MISSING_FIELD, at, message, None);
            }
            ([first, .., last], _) => {
                let message = format!("`{first}` and `{last}` exclude each other");
                self.report(&FIELD_CONFLICT, last, message, "keep one of them, or make two of it");
            }
            _ => {}
        }
    }
}
