//! The keywords that combine schemas: `allOf`, `anyOf`, `oneOf`, `not` and `if`.
//!
//! A rule over several keys has a `description`, which is the message; it is reported once, at the
//! key that breaks it.

use serde_json::Value as Json;

use crate::node::{Node, Value};
use crate::source::Origin;

use super::finding::{Fault, Finding, Path};
use super::keywords::Keywords;
use super::walk::{Checker, Out, finding};

impl<'a> Checker<'a> {
    /// Checks a value against the rules of its schema.
    pub(super) fn rules(
        &self,
        path: &Path<'_, 'a>,
        words: &Keywords<'a>,
        secret: bool,
        out: &mut Out<'a>,
    ) {
        for rule in words.all_of.into_iter().flatten() {
            self.rule(path, rule, description(rule), secret, out);
        }
        if let Some(branches) = words.any_of
            && !branches.iter().any(|branch| self.fits(path, branch))
        {
            self.no_branch(path, branches, words.title, secret, out);
        }
        if let Some(branches) = words.one_of {
            match branches.iter().filter(|branch| self.fits(path, branch)).count() {
                0 => self.no_branch(path, branches, words.title, secret, out),
                1 => {}
                _ => out.add(|| finding(path, words.title, secret, Fault::SeveralBranches)),
            }
        }
        // A description beside a type is about the value, not about what excludes it.
        let text = words.description.filter(|_| !words.describes_a_value());
        if let Some(not) = words.not.filter(|not| self.fits(path, not)) {
            out.add(|| excluded(path, not, text, words.title, secret));
        }
        if let Some(condition) = words.condition {
            let branch = if self.fits(path, condition) { words.then } else { words.otherwise };
            if let Some(branch) = branch {
                self.rule(path, branch, text.or_else(|| description(branch)), secret, out);
            }
        }
    }

    /// Checks a value against one rule; with a text it is one problem, however much is wrong.
    fn rule(
        &self,
        path: &Path<'_, 'a>,
        rule: &'a Json,
        text: Option<&'a str>,
        secret: bool,
        out: &mut Out<'a>,
    ) {
        match text {
            None => self.walk(path, rule, secret, out),
            Some(text) if !self.fits(path, rule) => {
                out.add(|| self.broken(path, rule, text, secret));
            }
            Some(_) => {}
        }
    }

    /// The finding for a broken rule: at the first value below that is wrong, or at the whole.
    fn broken(
        &self,
        path: &Path<'_, 'a>,
        rule: &'a Json,
        text: &'a str,
        secret: bool,
    ) -> Finding<'a> {
        let mut inner = Out::new(true);
        self.walk(path, rule, secret, &mut inner);
        let whole = finding(path, None, secret, Fault::Rule(text));
        let below = inner.findings.into_iter().find(|f| !std::ptr::eq(f.node, path.node));
        let (at, node) = match below {
            Some(below) if !matches!(below.fault, Fault::NoBranch(_)) => (below.path, below.node),
            _ => (whole.path, path.node),
        };
        let written = if std::ptr::eq(node, path.node) { None } else { node.origin };
        let origin = written.or_else(|| mentioned(path.node, rule)).or(whole.origin);
        Finding { path: at, node, origin, ..whole }
    }

    fn no_branch(
        &self,
        path: &Path<'_, 'a>,
        branches: &'a [Json],
        title: Option<&'a str>,
        secret: bool,
        out: &mut Out<'a>,
    ) {
        let mut all = Vec::new();
        if out.wants_words() {
            for branch in branches {
                let mut inner = Out::new(true);
                self.walk(path, branch, secret, &mut inner);
                out.secrets.places.append(&mut inner.secrets.places);
                out.secrets.paths.append(&mut inner.secrets.paths);
                out.secrets.unknown.append(&mut inner.secrets.unknown);
                all.push(inner.findings);
            }
        }
        out.add(|| finding(path, title, secret, Fault::NoBranch(all)));
    }
}

fn description(rule: &Json) -> Option<&str> {
    rule.get("description").and_then(Json::as_str)
}

fn excluded<'a>(
    path: &Path<'_, 'a>,
    not: &'a Json,
    text: Option<&'a str>,
    title: Option<&'a str>,
    secret: bool,
) -> Finding<'a> {
    let Some(text) = text else {
        return finding(path, title, secret, Fault::Excluded);
    };
    let whole = finding(path, None, secret, Fault::Rule(text));
    let origin = mentioned(path.node, not).or(whole.origin);
    match only_key(path, not) {
        Some(at) => Finding { path: at, origin, ..whole },
        None => Finding { origin, ..whole },
    }
}

/// The path of the one key that a schema speaks of; `None` when it speaks of several or of none.
fn only_key<'a>(path: &Path<'_, 'a>, schema: &'a Json) -> Option<String> {
    let Value::Map(map) = &path.node.value else { return None };
    let properties = schema.get("properties")?.as_object()?;
    let (key, schema) = properties.iter().next().filter(|_| properties.len() == 1)?;
    let (key, entry) = map.get_key_value(key)?;
    let path = path.key(key, &entry.node, entry.key_origin);
    Some(only_key(&path, schema).unwrap_or_else(|| path.text()))
}

/// Where the first value was written that a rule speaks of: what breaks a rule may be a default,
/// and then the user wants to see what of theirs it clashes with.
fn mentioned(node: &Node, rule: &Json) -> Option<Origin> {
    let rule = rule.as_object()?;
    rule.iter().find_map(|(keyword, value)| match (keyword.as_str(), value, &node.value) {
        ("properties", Json::Object(properties), Value::Map(map)) => {
            properties.iter().find_map(|(key, schema)| {
                let node = &map.get(key)?.node;
                match node.value {
                    Value::Map(_) => mentioned(node, schema),
                    _ => node.origin,
                }
            })
        }
        ("allOf" | "anyOf" | "oneOf", Json::Array(rules), _) => {
            rules.iter().find_map(|rule| mentioned(node, rule))
        }
        ("if" | "then" | "else" | "not", rule, _) => mentioned(node, rule),
        _ => None,
    })
}
