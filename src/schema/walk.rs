//! Walks a tree and its schema together and gathers what does not fit.

use serde_json::{Map, Value as Json};

use crate::node::{Map as NodeMap, Node, Value};
use crate::secret::names_secret;
use crate::source::Origin;

use super::bounds::{bounds, number};
use super::compare::{equals, is_of_type};
use super::finding::{Fault, Finding, Path, push_key};
use super::keywords::Keywords;
use super::message::message;

/// Everything that does not fit, in no particular order, and what must not be shown of it.
pub(super) fn findings<'a>(node: &'a Node, schema: &'a Json) -> (Vec<Finding<'a>>, Secrets) {
    let definitions = schema.get("definitions").and_then(Json::as_object);
    let checker = Checker { definitions };
    let mut out = Out::new(true);
    checker.walk(&Path::root(node), schema, false, &mut out);
    (out.findings, out.secrets)
}

/// Whether a value is right by a part of the schema `whole`.
pub(super) fn is_right(node: &Node, schema: &Json, whole: &Json) -> bool {
    let definitions = whole.get("definitions").and_then(Json::as_object);
    let checker = Checker { definitions };
    checker.fits(&Path::root(node), schema)
}

/// What a walk gathers.
pub(super) struct Out<'a> {
    /// Whether findings are wanted, or only their number.
    words: bool,
    pub(super) faults: usize,
    pub(super) findings: Vec<Finding<'a>>,
    pub(super) secrets: Secrets,
}

/// What must not be shown.
#[derive(Default)]
pub(super) struct Secrets {
    /// Where secret values were written.
    pub(super) places: Vec<Origin>,
    /// The paths of secret values.
    pub(super) paths: Vec<String>,
    /// Where values of unknown keys were written: nobody can say what they are.
    pub(super) unknown: Vec<Origin>,
}

impl<'a> Out<'a> {
    pub(super) fn new(words: bool) -> Self {
        Self { words, faults: 0, findings: Vec::new(), secrets: Secrets::default() }
    }

    pub(super) fn wants_words(&self) -> bool {
        self.words
    }

    /// Takes a finding, which is only made when it is wanted.
    pub(super) fn add(&mut self, finding: impl FnOnce() -> Finding<'a>) {
        self.faults += 1;
        if self.words {
            self.findings.push(finding());
        }
    }
}

/// A schema.
pub(super) struct Checker<'a> {
    definitions: Option<&'a Map<String, Json>>,
}

impl<'a> Checker<'a> {
    /// Whether a value fits a schema.
    pub(super) fn fits(&self, path: &Path<'_, 'a>, schema: &'a Json) -> bool {
        let mut out = Out::new(false);
        self.walk(path, schema, false, &mut out);
        out.faults == 0
    }

    /// Checks a value against a schema.
    pub(super) fn walk(
        &self,
        path: &Path<'_, 'a>,
        schema: &'a Json,
        secret: bool,
        out: &mut Out<'a>,
    ) {
        let Json::Object(schema) = schema else {
            if schema == &Json::Bool(false) {
                out.add(|| finding(path, None, secret, Fault::Excluded));
            }
            return;
        };
        let mut words = Keywords::of(schema);
        let mut write_only = words.write_only;
        // Draft-07 ignores what stands beside a `$ref`. A chain of references that leads nowhere
        // ends with the names there are.
        let mut hops = self.definitions.map_or(0, Map::len);
        while let Some(reference) = words.reference {
            let Some(target) = self.definition(reference).filter(|_| hops > 0) else {
                return;
            };
            hops -= 1;
            words = Keywords::of(target);
            write_only |= words.write_only;
        }
        if write_only && !secret && out.words {
            out.secrets.paths.push(path.text());
        }
        let secret = secret || write_only;
        if secret && out.words {
            out.secrets.places.extend(path.node.origin);
        }
        if words.default.is_some_and(|default| equals(path.node, default)) {
            return;
        }
        if let Some(types) = words.types.filter(|types| !is_of_type(&path.node.value, types)) {
            out.add(|| finding(path, words.title, secret, Fault::Type(vec![types])));
            return;
        }
        let before = out.faults;
        self.values(path, &words, secret, out);
        match &path.node.value {
            Value::String(text) => self.string(path, text, &words, secret, out),
            Value::Int(_) | Value::Float(_) => number(path, &words, secret, out),
            Value::List(items) => self.list(path, items, &words, secret, out),
            Value::Map(map) => self.map(path, map, &words, secret, out),
            Value::Null | Value::Bool(_) => {}
        }
        // One value that is wrong by itself need not hear about its rules too; a map may have
        // both a wrong key and a broken rule.
        if out.faults == before || matches!(path.node.value, Value::Map(_)) {
            self.rules(path, &words, secret, out);
        }
    }

    fn definition(&self, reference: &str) -> Option<&'a Map<String, Json>> {
        self.definitions?.get(reference.strip_prefix("#/definitions/")?)?.as_object()
    }

    fn values(&self, path: &Path<'_, 'a>, words: &Keywords<'a>, secret: bool, out: &mut Out<'a>) {
        if let Some(choices) = words.choices
            && !choices.iter().any(|choice| equals(path.node, choice))
        {
            let choices = || Fault::Choice(choices.iter().collect());
            out.add(|| finding(path, words.title, secret, choices()));
        }
        if let Some(constant) = words.constant.filter(|constant| !equals(path.node, constant)) {
            out.add(|| finding(path, words.title, secret, Fault::Choice(vec![constant])));
        }
    }

    fn map(
        &self,
        path: &Path<'_, 'a>,
        map: &'a NodeMap,
        words: &Keywords<'a>,
        secret: bool,
        out: &mut Out<'a>,
    ) {
        for key in words.required.into_iter().flatten().filter_map(Json::as_str) {
            if !map.contains_key(key) {
                let fault = Fault::Missing { in_list: path.in_list() };
                out.add(|| Finding {
                    path: below(path, key),
                    ..finding(path, None, secret, fault)
                });
            }
        }
        bounds(path, (None, secret), map.len(), (words.min_properties, None), "key", out);
        for (key, entry) in map {
            let path = path.key(key, &entry.node, entry.key_origin);
            if let Some(message) = words.names.and_then(|names| self.name(key, names, out.words)) {
                out.add(|| Finding {
                    origin: path.key_origin(),
                    ..finding(&path, None, secret, Fault::Key(message))
                });
            }
            let property = words.properties.and_then(|properties| properties.get(key.as_str()));
            match (property, words.additional) {
                (Some(schema), _) => self.walk(&path, schema, secret, out),
                (None, Some(Json::Bool(false))) => {
                    let fault = Fault::Unknown { key, allowed: words.properties, beside: map };
                    if out.words {
                        leaves(&entry.node, &mut out.secrets.unknown);
                    }
                    out.add(|| Finding {
                        origin: path.key_origin(),
                        ..finding(&path, None, secret, fault)
                    });
                }
                (None, Some(schema)) => {
                    self.walk(&path, schema, secret || free_secret(key, map), out);
                }
                (None, None) => {}
            }
        }
    }

    /// What is wrong with a key of a free map, in words if they are wanted.
    fn name(&self, key: &str, names: &Json, words: bool) -> Option<String> {
        let node = Node::new(Value::String(key.into()), None);
        let mut out = Out::new(words);
        self.walk(&Path::root(&node), names, false, &mut out);
        let words = || out.findings.first().map(|f| message(f, f.secret, None)).unwrap_or_default();
        (out.faults > 0).then(words)
    }
}

/// Whether a key of a free map holds a secret: by its own name, or by the name that stands beside
/// it, as in `{name: DB_PASSWORD, value: …}` of an environment.
fn free_secret(key: &str, map: &NodeMap) -> bool {
    let named = |name: &Value| matches!(name, Value::String(name) if names_secret(name));
    names_secret(key) || key == "value" && map.get("name").is_some_and(|e| named(&e.node.value))
}

/// The places where the values in a tree were written.
fn leaves(node: &Node, places: &mut Vec<Origin>) {
    match &node.value {
        Value::Map(map) => map.values().for_each(|entry| leaves(&entry.node, places)),
        // A null may have been left out, and then its place is its key's.
        Value::Null => {}
        _ => places.extend(node.origin),
    }
}

/// The path of a key that is not there.
fn below(path: &Path<'_, '_>, key: &str) -> String {
    let mut text = path.text();
    push_key(&mut text, key);
    text
}

/// A finding at a node.
pub(super) fn finding<'a>(
    path: &Path<'_, 'a>,
    title: Option<&'a str>,
    secret: bool,
    fault: Fault<'a>,
) -> Finding<'a> {
    Finding { path: path.text(), origin: path.origin(), node: path.node, title, secret, fault }
}
