//! Goes through an object along its types: every field known, every value of its type, nothing required missing.

use crate::finding::{Finding, ObjectName};
use crate::node::{Map, Node, Value};
use crate::object::Object;
use crate::rules::{BAD_FORMAT, FIELD_UNAVAILABLE, MISSING_FIELD, Rule, UNKNOWN_FIELD, WRONG_TYPE};
use crate::secret::{Hidden, names_secret};
use crate::source::{Origin, Sources};

use super::table::{Field, Type};
use super::version::Version;
use super::{between, format, keyed, place, quantity};

/// After so many findings the rest of an object is not checked.
const MAX_FINDINGS: usize = 100;

/// One level of the way from the object to the current place.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

/// A struct type around the current place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around {
    pub of: Type,
    /// How many steps lead to it.
    pub depth: usize,
}

/// The state of checking one object.
pub(super) struct Walk<'a> {
    pub object: &'a Object,
    pub version: Version,
    sources: &'a Sources,
    pub path: Vec<Step<'a>>,
    pub around: Vec<Around>,
    hidden: Hidden,
    findings: Vec<(Option<Origin>, Finding)>,
}

impl<'a> Walk<'a> {
    pub fn new(object: &'a Object, version: Version, sources: &'a Sources) -> Self {
        Self {
            object,
            version,
            sources,
            path: Vec::new(),
            around: Vec::new(),
            hidden: Hidden::default(),
            findings: Vec::new(),
        }
    }

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
        if let (Some(origin), Some(location)) = (origin, &mut finding.problem.location)
            && self.hidden.is(origin, self.sources)
        {
            location.text = None;
        }
        self.findings.push((origin, finding));
    }

    fn title(&self) -> ObjectName {
        self.object.title()
    }

    fn is_full(&self) -> bool {
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

    /// Checks the fields of a struct.
    pub fn fields(&mut self, of: Type, node: &'a Node, map: &'a Map) {
        self.around.push(Around { of, depth: self.path.len() });
        for (key, entry) in map {
            if self.is_full() {
                break;
            }
            self.path.push(Step::Key(key));
            match self.field(of, key) {
                Ok(field) => self.value_of(field, &entry.node),
                Err(Absent { versions: None }) => {
                    self.path.pop();
                    let help = place::help(self, of, key);
                    let message = format!("there is no field `{}` here", format::shown(key));
                    self.report_field(&UNKNOWN_FIELD, entry.key_origin, key, message, help);
                    continue;
                }
                Err(Absent { versions: Some((message, help)) }) => {
                    self.report(&FIELD_UNAVAILABLE, entry.key_origin, message, help);
                }
            }
            self.path.pop();
        }
        for field in of.required(self.version) {
            let given =
                map.get(field.name).is_some_and(|entry| !matches!(entry.node.value, Value::Null));
            if !given {
                let message = format!("`{}` is missing", field.name);
                let help = format!("it is required: add {}", type_name(field.kind));
                self.report_field(&MISSING_FIELD, node.origin, field.name, message, help);
            }
        }
        between::check(self, of, node, map);
        self.around.pop();
    }

    /// A type's field in the version that is asked for.
    fn field(&self, of: Type, name: &str) -> Result<Field, Absent> {
        let mut last = None;
        for field in of.field(name) {
            if field.versions.has(self.version) {
                return Ok(field);
            }
            last = Some(field.versions);
        }
        let Some(versions) = last else { return Err(Absent { versions: None }) };
        let version = self.version;
        let (message, help) = if versions.first > version.minor() {
            (
                format!(
                    "Kubernetes {version} does not have the field `{name}`: it is new in 1.{}",
                    versions.first
                ),
                "leave it out, or check for a later version with `--kube-version`",
            )
        } else {
            (
                format!(
                    "Kubernetes {version} does not have the field `{name}`: 1.{} was the last with it",
                    versions.last
                ),
                "leave it out",
            )
        };
        Err(Absent { versions: Some((message, help.to_owned())) })
    }

    /// Checks the value of a field, which may be null: then it counts as left out.
    fn value_of(&mut self, field: Field, node: &'a Node) {
        if matches!(node.value, Value::Null) {
            // An API server drops it, but the published schemas refuse it: they allow exactly one of two types, and null is of both.
            if !field.required && matches!(field.kind, "int-or-string" | "quantity") {
                self.report_wrong_type(node, field.kind);
            }
            return;
        }
        // What Go writes as left out when it is empty.
        let unset = !field.required && node.as_str() == Some("");
        let form = field.format.filter(|_| !unset);
        self.value(node, field.kind, form);
        if let (Some(keys), items) = (field.keys, node.items()) {
            keyed::check(self, keys, items);
        }
    }

    /// Checks a value against a type, and a form if its field has one.
    pub fn value(&mut self, node: &'a Node, kind: &'static str, form: Option<&'static str>) {
        if let Some(item) = kind.strip_prefix("[]") {
            return self.list(node, kind, item, form);
        }
        if let Some(item) = kind.strip_prefix("{}") {
            return self.map(node, kind, item, form);
        }
        match (kind, &node.value) {
            ("any", _)
            | ("object", Value::Map(_))
            | ("boolean", Value::Bool(_))
            | ("string", Value::String(_))
            | ("int64", Value::Int(_))
            | ("number" | "quantity", Value::Int(_) | Value::Float(_))
            | ("int-or-string", Value::String(_)) => {}
            ("int32" | "int-or-string", Value::Int(number)) => {
                if i32::try_from(*number).is_err() {
                    let message =
                        format!("{} is {number}, expected a number of 32 bits", self.here());
                    return self.report(&BAD_FORMAT, node.origin, message, None);
                }
            }
            ("quantity", Value::String(text)) if quantity::read(text).is_none() => {
                let shown = self.quoted(text);
                let message = format!(
                    "{} is {shown}, expected a quantity, like `500m` or `2Gi`",
                    self.here()
                );
                let help = quantity::meant(text).map(|meant| format!("did you mean `{meant}`?"));
                return self.report(&BAD_FORMAT, node.origin, message, help);
            }
            ("quantity", Value::String(_)) => {}
            ("time" | "micro-time" | "base64", Value::String(_)) => format::check(self, node, kind),
            (_, Value::Map(map)) => match Type::find(kind) {
                Some(of) => self.fields(of, node, map),
                None => return self.report_wrong_type(node, kind),
            },
            _ => return self.report_wrong_type(node, kind),
        }
        if let Some(form) = form {
            format::check(self, node, form);
        }
    }

    fn list(
        &mut self,
        node: &'a Node,
        kind: &'static str,
        item: &'static str,
        form: Option<&'static str>,
    ) {
        let Value::List(items) = &node.value else { return self.report_wrong_type(node, kind) };
        for (index, node) in items.iter().enumerate() {
            if self.is_full() {
                break;
            }
            self.path.push(Step::Index(index));
            self.item(node, item, form);
            self.path.pop();
        }
    }

    fn map(
        &mut self,
        node: &'a Node,
        kind: &'static str,
        item: &'static str,
        form: Option<&'static str>,
    ) {
        let Value::Map(map) = &node.value else { return self.report_wrong_type(node, kind) };
        for (key, entry) in map {
            if self.is_full() {
                break;
            }
            self.path.push(Step::Key(key));
            if let Some(form) = form {
                format::check_key(self, key, entry, form);
            }
            self.item(&entry.node, item, form.and_then(format::of_values));
            self.path.pop();
        }
        if form == Some("~annotations") {
            super::metadata::check_size(self, node, map);
        }
    }

    /// A member of a list or of a map. Null is none: kubectl and Helm refuse it, server-side apply too.
    fn item(&mut self, node: &'a Node, kind: &'static str, form: Option<&'static str>) {
        match node.value {
            Value::Null if kind == "any" => {}
            Value::Null => self.report_wrong_type(node, kind),
            _ => self.value(node, kind, form),
        }
    }

    fn report_wrong_type(&mut self, node: &Node, kind: &str) {
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

/// A field that the asked version lacks.
struct Absent {
    /// What to say of the versions that have it, when any has.
    versions: Option<(String, String)>,
}

/// What messages call a type.
fn type_name(kind: &str) -> String {
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
