//! The keywords that combine schemas: `allOf`, `anyOf`, `oneOf`, `not` and `if`.
//!
//! A rule over several keys has a `description`, which is the message; it is reported once, at the
//! key that breaks it.

use serde_json::Value as Json;

use crate::node::Value;
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
            out.add(|| self.excluded(path, not, text, words.title, secret));
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
        let given = self.given(path, rule);
        let first = given.first().map(|(_, origin)| *origin);
        let whole = finding(path, None, secret, Fault::Rule { text, given });
        let below = inner.findings.into_iter().find(|f| !std::ptr::eq(f.node, path.node));
        let (at, node) = match below {
            Some(below) if !matches!(below.fault, Fault::NoBranch(_)) => (below.path, below.node),
            _ => (whole.path, path.node),
        };
        let written = if std::ptr::eq(node, path.node) { None } else { node.origin };
        let origin = written.or(first).or(whole.origin);
        Finding { path: at, node, origin, ..whole }
    }

    /// The finding for what is excluded.
    fn excluded(
        &self,
        path: &Path<'_, 'a>,
        not: &'a Json,
        text: Option<&'a str>,
        title: Option<&'a str>,
        secret: bool,
    ) -> Finding<'a> {
        let Some(text) = text else {
            return finding(path, title, secret, Fault::Excluded);
        };
        let given = self.given(path, not);
        let first = given.first().map(|(_, origin)| *origin);
        let whole = finding(path, None, secret, Fault::Rule { text, given });
        let origin = first.or(whole.origin);
        match only_key(path, not) {
            Some(at) => Finding { path: at, origin, ..whole },
            None => Finding { origin, ..whole },
        }
    }

    /// The values that a rule speaks of and that were written: what breaks a rule may be a default, and then the user
    /// wants to see what of theirs it clashes with.
    fn given(&self, path: &Path<'_, 'a>, rule: &'a Json) -> Vec<(String, Origin)> {
        let mut given = Vec::new();
        self.gather(path, rule, &mut given);
        given
    }

    fn gather(&self, path: &Path<'_, 'a>, rule: &'a Json, given: &mut Vec<(String, Origin)>) {
        for (keyword, value) in rule.as_object().into_iter().flatten() {
            match (keyword.as_str(), value, &path.node.value) {
                ("properties", Json::Object(properties), Value::Map(map)) => {
                    for (key, schema) in properties {
                        let Some(entry) = map.get(key) else { continue };
                        let path = path.key(key, &entry.node, entry.key_origin);
                        match (&entry.node.value, entry.node.origin) {
                            (Value::Map(_), _) => self.gather(&path, schema, given),
                            (_, Some(at)) if given.iter().all(|(_, other)| *other != at) => {
                                given.push((path.text(), at));
                            }
                            _ => {}
                        }
                    }
                }
                ("allOf", Json::Array(rules), _) => {
                    rules.iter().for_each(|rule| self.gather(path, rule, given));
                }
                // Of alternatives, those that hold made the rule apply; without any, all are missed.
                ("anyOf" | "oneOf", Json::Array(rules), _) => {
                    let any = rules.iter().any(|rule| self.fits(path, rule));
                    let concerned = rules.iter().filter(|rule| !any || self.fits(path, rule));
                    concerned.for_each(|rule| self.gather(path, rule, given));
                }
                ("if" | "then" | "else" | "not", rule, _) => self.gather(path, rule, given),
                _ => {}
            }
        }
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

/// The path of the one key that a schema speaks of; `None` when it speaks of several or of none.
fn only_key<'a>(path: &Path<'_, 'a>, schema: &'a Json) -> Option<String> {
    let Value::Map(map) = &path.node.value else { return None };
    let properties = schema.get("properties")?.as_object()?;
    let (key, schema) = properties.iter().next().filter(|_| properties.len() == 1)?;
    let (key, entry) = map.get_key_value(key)?;
    let path = path.key(key, &entry.node, entry.key_origin);
    Some(only_key(&path, schema).unwrap_or_else(|| path.text()))
}
