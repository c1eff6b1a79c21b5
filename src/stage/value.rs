//! The manifest stage's values: what an expression yields when the values are known.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::program::{Condition, Expr};
use crate::error::Problem;
use crate::lines::parts;
use crate::node::{Node, Value};
use crate::release::Release;
use crate::values::image::reference;
use crate::yaml::write;

/// A label value's limit: [Kubernetes, Labels and Selectors](https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/).
const LABEL_MAX: usize = 63;

/// What an expression yields, and the key of the values that decided it.
pub(super) struct Known<'a> {
    pub what: What<'a>,
    pub key: Option<&'static str>,
}

pub(super) enum What<'a> {
    /// A part of the values.
    Node(&'a Node),
    /// A string.
    Text(Cow<'a, str>),
    /// A map of strings, each with the key that decided it.
    Map(Texts<'a>),
    /// Not there, which counts as empty.
    Nothing,
}

/// Strings by name, in the order in which YAML lists them.
pub(super) type Texts<'a> = BTreeMap<&'a str, (Cow<'a, str>, Option<&'static str>)>;

/// What expressions are evaluated with.
pub(super) struct Scope<'a> {
    pub values: &'a Node,
    pub release: &'a Release,
    /// The element of the innermost `each`.
    pub item: Option<Known<'a>>,
    /// What was required and empty.
    pub missing: Vec<Problem>,
}

impl<'a> Scope<'a> {
    pub fn evaluate(&mut self, expr: &Expr) -> Known<'a> {
        match expr {
            Expr::Value(_, key) => {
                let what = self.at(key).map_or(What::Nothing, What::Node);
                Known { what, key: Some(key) }
            }
            Expr::Name => Known::text(&*self.release.name, None),
            Expr::Namespace => Known::text(&*self.release.namespace, None),
            Expr::Service => Known::text("Helm", None),
            Expr::AppVersion => Known { what: What::Nothing, key: None },
            Expr::Item => match &self.item {
                Some(Known { what: What::Node(item), key }) => {
                    Known { what: What::Node(item), key: *key }
                }
                _ => Known { what: What::Nothing, key: None },
            },
            Expr::Constant(text) => Known::text(*text, None),
            Expr::Join(parts) => {
                let (mut joined, mut key) = (String::new(), None);
                for part in *parts {
                    let part = self.evaluate(part);
                    joined.push_str(&part.as_text());
                    key = key.or(part.key);
                }
                Known::text(joined, key)
            }
            Expr::OrElse(of, with) => {
                let of = self.evaluate(of);
                if of.is_truthy() {
                    return of;
                }
                let with = self.evaluate(with);
                // What stands in for an empty value is there because that is empty.
                Known { what: with.what, key: with.key.or(of.key) }
            }
            Expr::Required { of, key, message } => {
                let of = self.evaluate(of);
                if !of.is_truthy() {
                    let help =
                        format!("write it into a values file, or give it with `--set {key}=…`");
                    self.missing.push(Problem::new(*message).path(*key).help(help));
                }
                of
            }
            Expr::Base64(of) => self.evaluate(of).map(|text| STANDARD.encode(text)),
            Expr::Fingerprint(of) => self.evaluate(of).map(|text| {
                let digest = Sha256::digest(text);
                format!("{:02x}{:02x}", digest[0], digest[1])
            }),
            // Sprig's `trunc` counts bytes; whoever prints a label from text beyond ASCII has other problems than its length.
            Expr::Label(of) => self.evaluate(of).map(|text| {
                let end = text.char_indices().nth(LABEL_MAX).map_or(text.len(), |(end, _)| end);
                text[..end].trim_matches(['-', '_', '.']).to_owned()
            }),
            Expr::JoinPath(of, with) => {
                let with = self.evaluate(with);
                let joined = self.evaluate(of).map(|folder| {
                    format!("{}/{}", folder.strip_suffix('/').unwrap_or(folder), with.as_text())
                });
                // The folder is often one for all; what is below it tells them apart.
                Known { key: with.key.or(joined.key), ..joined }
            }
            Expr::Image(key, registry) => {
                let registry = self.evaluate(registry).as_text();
                let image = self.at(key);
                let part = |part: &str| {
                    let node = image.and_then(|image| image.at(&[part]));
                    node.map(text).unwrap_or_default()
                };
                let registry = if registry.is_empty() { part("registry") } else { registry };
                let image =
                    reference(&registry, &part("repository"), &part("tag"), &part("digest"));
                Known::text(image, Some(key))
            }
            Expr::Map(_) | Expr::Merge(_) | Expr::Only(..) => {
                let mut texts = Texts::new();
                self.merge(expr, None, &mut texts);
                Known { what: What::Map(texts), key: None }
            }
        }
    }

    /// Whether a condition holds.
    pub fn holds(&mut self, condition: &Condition) -> bool {
        match condition {
            Condition::Any(values) => values.iter().any(|value| self.evaluate(value).is_truthy()),
            Condition::Is(value, options) => {
                let value = self.evaluate(value);
                options.contains(&&*value.as_text())
            }
            Condition::Not(condition) => !self.holds(condition),
        }
    }

    fn at(&self, key: &str) -> Option<&'a Node> {
        let step = |node: &'a Node, key: &str| Some(&node.as_map()?.get(key)?.node);
        parts(key, b'.').try_fold(self.values, step)
    }

    /// Adds the entries of a map to those that are there already. `key` decided that the map is there at all.
    fn merge(&mut self, map: &Expr, key: Option<&'static str>, texts: &mut Texts<'a>) {
        // Sprig's merge takes an empty value for one that is not set (mergo).
        let mut add = |name: &'a str, text: Cow<'a, str>, key| {
            let entry = texts.entry(name).or_default();
            if entry.0.is_empty() {
                *entry = (text, key);
            }
        };
        match map {
            Expr::Map(entries) => {
                for (name, value) in *entries {
                    let value = self.evaluate(value);
                    add(name, value.as_text(), value.key.or(key));
                }
            }
            Expr::Merge(maps) => maps.iter().for_each(|map| self.merge(map, key, texts)),
            Expr::Only(of, condition) => {
                if self.holds(condition) {
                    self.merge(of, condition.key(), texts);
                }
            }
            _ => {
                let known = self.evaluate(map);
                if let What::Node(node) = known.what {
                    for (name, entry) in node.as_map().into_iter().flatten() {
                        add(name, text(&entry.node), known.key);
                    }
                }
            }
        }
    }
}

impl<'a> Known<'a> {
    fn text(text: impl Into<Cow<'a, str>>, key: Option<&'static str>) -> Self {
        Self { what: What::Text(text.into()), key }
    }

    fn map(self, change: impl FnOnce(&str) -> String) -> Self {
        Self::text(change(&self.as_text()), self.key)
    }

    /// A scalar's text, as Go's `toString` has it.
    pub fn as_text(&self) -> Cow<'a, str> {
        match &self.what {
            What::Node(node) => text(node),
            What::Text(text) => text.clone(),
            What::Map(_) | What::Nothing => Cow::Borrowed(""),
        }
    }

    /// Whether it is neither false, 0 nor empty.
    pub fn is_truthy(&self) -> bool {
        match &self.what {
            What::Node(node) => match &node.value {
                Value::Null => false,
                Value::Bool(is) => *is,
                Value::Int(number) => *number != 0,
                Value::Float(number) => *number != 0.0,
                Value::String(text) => !text.is_empty(),
                Value::List(items) => !items.is_empty(),
                Value::Map(map) => !map.is_empty(),
            },
            What::Text(text) => !text.is_empty(),
            What::Map(map) => !map.is_empty(),
            What::Nothing => false,
        }
    }
}

fn text(node: &Node) -> Cow<'_, str> {
    match &node.value {
        Value::String(text) => Cow::Borrowed(text),
        Value::Null | Value::List(_) | Value::Map(_) => Cow::Borrowed(""),
        Value::Bool(_) | Value::Int(_) | Value::Float(_) => Cow::Owned(write::scalar(node)),
    }
}
