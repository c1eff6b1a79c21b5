//! How a breach becomes a finding: its place, its words, and what must not be shown.

use crate::finding::{Finding, ObjectName};
use crate::node::{Node, Value};
use crate::rules::{Rule, WRONG_TYPE};
use crate::secret::names_secret;
use crate::source::Origin;

use super::walk::{Step, Walk};
use super::{format, place};

/// After so many findings the rest of an object is not checked.
const MAX_FINDINGS: usize = 100;

impl Walk<'_> {
    /// The findings in the order of the text.
    pub fn finish(mut self) -> Vec<Finding> {
        self.findings.sort_by(|(a_at, a), (b_at, b)| {
            let place = |at: &Option<Origin>| at.map(|at| (at.line, at.column));
            let key = |finding: &Finding| (finding.rule.id, finding.problem.message.clone());
            place(a_at).cmp(&place(b_at)).then_with(|| key(a).cmp(&key(b)))
        });
        self.findings.into_iter().map(|(_, finding)| finding).collect()
    }

    /// Notes a breach at the current place.
    pub fn report(
        &mut self,
        rule: &'static Rule,
        at: Option<Origin>,
        message: String,
        help: impl Into<Option<String>>,
    ) {
        self.report_of(rule, at, place::written(&self.path), message, help);
    }

    /// Notes a breach of a field of the current place.
    pub fn report_field(
        &mut self,
        rule: &'static Rule,
        at: Option<Origin>,
        field: &str,
        message: String,
        help: impl Into<Option<String>>,
    ) {
        let path = place::below(&self.path, field);
        self.report_of(rule, at, path, message, help);
    }

    fn report_of(
        &mut self,
        rule: &'static Rule,
        at: Option<Origin>,
        field: String,
        message: String,
        help: impl Into<Option<String>>,
    ) {
        if self.is_full() {
            return;
        }
        let origin = at.or(self.object.node.origin);
        let mut finding = Finding::new(rule, message).of(self.title(), field);
        finding.problem.help = help.into();
        finding.problem.location = self.object.location(origin, self.sources);
        self.findings.push((origin, finding));
    }

    fn title(&self) -> ObjectName {
        self.object.title()
    }

    pub fn is_full(&self) -> bool {
        self.findings.len() >= MAX_FINDINGS
    }

    /// Whether what stands here may be a secret, by the names of the keys that lead to it.
    pub fn is_secret(&self) -> bool {
        self.path.iter().any(|step| matches!(step, Step::Key(key) if names_secret(key)))
            || self
                .path
                .first()
                .is_some_and(|step| matches!(step, Step::Key("data" | "stringData")))
    }

    /// Notes that a value is of another type than its field.
    pub fn report_wrong_type(&mut self, node: &Node, kind: &str) {
        let expected = type_name(kind);
        let message = format!("{} is {}, expected {expected}", self.here(), node.value.kind());
        let help = match (kind, &node.value) {
            ("string", Value::Bool(_) | Value::Int(_) | Value::Float(_)) => {
                Some("put it in quotes")
            }
            (_, Value::Null) => Some("give it a value, or leave it out"),
            ("int32" | "int64" | "number", Value::String(text)) if text.parse::<f64>().is_ok() => {
                Some("write it without quotes")
            }
            ("boolean", Value::String(text)) if matches!(text.as_str(), "true" | "false") => {
                Some("write it without quotes")
            }
            (kind, _) if kind.starts_with("[]") => Some("begin each item with `- `"),
            _ => None,
        };
        self.report(&WRONG_TYPE, node.origin, message, help.map(str::to_owned));
    }

    /// What messages call the current place.
    pub fn here(&self) -> String {
        match self.path.as_slice() {
            [] => "the object".to_owned(),
            [.., Step::Key(key)] => format!("`{}`", format::shown(key)),
            [.., Step::Key(key), Step::Index(index)] => {
                format!("item {index} of `{}`", format::shown(key))
            }
            [.., Step::Index(index)] => format!("item {index}"),
        }
    }

    /// A text as messages quote it, unless it may be a secret.
    pub fn quoted(&self, text: &str) -> String {
        if self.is_secret() { "a text".to_owned() } else { format!("`{}`", format::shown(text)) }
    }
}

/// What messages call a type.
pub(super) fn type_name(kind: &str) -> String {
    let name = match kind {
        "any" => "any value",
        "base64" => "a string in base64",
        "boolean" => "`true` or `false`",
        "int-or-string" => "a whole number or a string",
        "int32" | "int64" => "a whole number",
        "micro-time" | "time" => "a time, as a string",
        "number" => "a number",
        "object" => "a map",
        "quantity" => "a quantity, like `500m` or `2Gi`",
        "string" => "a string",
        _ => match kind.as_bytes() {
            [b'[', b']', ..] => match kind[2..].rsplit('.').next() {
                Some(item) if item.starts_with(|c: char| c.is_ascii_uppercase()) => {
                    return format!("a list of {item}");
                }
                _ => return format!("a list, each item {}", type_name(&kind[2..])),
            },
            [b'{', b'}', ..] => return format!("a map, each value {}", type_name(&kind[2..])),
            _ => return format!("a map ({})", kind.rsplit('.').next().unwrap_or(kind)),
        },
    };
    name.to_owned()
}
