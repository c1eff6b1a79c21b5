//! Goes through an object along its types: every field known, every value of its type, nothing required missing.

use crate::finding::Finding;
use crate::node::{Map, Node, Value};
use crate::object::Object;
use crate::quantity::{self, Quantity};
use crate::rules::{BAD_FORMAT, FIELD_UNAVAILABLE, MISSING_FIELD, UNKNOWN_FIELD};
use crate::source::{Origin, Sources};

use super::report::type_name;
use super::table::{Field, Type};
use super::version::Version;
use super::{between, format, keyed, place};

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
    pub sources: &'a Sources,
    pub path: Vec<Step<'a>>,
    pub around: Vec<Around>,
    /// The fields of the current struct that unknown ones stand for.
    meant: Vec<&'static str>,
    /// With the places that they are sorted by.
    pub findings: Vec<(Option<Origin>, Finding)>,
}

impl<'a> Walk<'a> {
    pub fn new(object: &'a Object, version: Version, sources: &'a Sources) -> Self {
        Self {
            object,
            version,
            sources,
            path: Vec::new(),
            around: Vec::new(),
            meant: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// Checks the fields of a struct.
    pub fn fields(&mut self, of: Type, node: &'a Node, map: &'a Map) {
        self.around.push(Around { of, depth: self.path.len() });
        let mut meant = Vec::new();
        for (key, entry) in map {
            if self.is_full() {
                break;
            }
            self.path.push(Step::Key(key));
            match self.field(of, key) {
                Ok(field) => self.value_of(field, &entry.node),
                Err(Absent { versions: None }) => {
                    self.path.pop();
                    let hint = place::hint(self, of, map, key);
                    meant.extend(hint.field);
                    let message = format!("there is no field `{}` here", format::shown(key));
                    self.report_field(&UNKNOWN_FIELD, entry.key_origin, key, message, hint.help);
                    continue;
                }
                Err(Absent { versions: Some((message, help)) }) => {
                    self.report(&FIELD_UNAVAILABLE, entry.key_origin, message, help);
                }
            }
            self.path.pop();
        }
        self.meant = meant;
        for field in of.required(self.version) {
            let given =
                map.get(field.name).is_some_and(|entry| !matches!(entry.node.value, Value::Null));
            if !given && !self.is_meant(field.name) {
                let message = format!("`{}` is missing", field.name);
                let help = format!("it is required: add {}", type_name(field.kind));
                self.report_field(&MISSING_FIELD, node.origin, field.name, message, help);
            }
        }
        between::check(self, of, node, map);
        self.around.pop();
    }

    /// Whether a field that the current struct lacks is there under another name, or in the wrong place: then that is what is told.
    pub fn is_meant(&self, field: &str) -> bool {
        self.meant.contains(&field)
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
            ("quantity", Value::String(text)) if Quantity::parse(text).is_none() => {
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
}

/// A field that the asked version lacks.
struct Absent {
    /// What to say of the versions that have it, when any has.
    versions: Option<(String, String)>,
}
