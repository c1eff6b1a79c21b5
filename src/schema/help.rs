//! What to do about a finding.

use serde_json::Value as Json;

use crate::node::{Map, Value};
use crate::source::Location;
use crate::suggest::nearest;

use super::elsewhere::{Places, elsewhere, owners};
use super::finding::{Fault, Finding};
use super::meant::Sibling;
use super::message::{listed, names};
use super::rewrite::rewrite;
use super::shape::other_structure;
use super::speaker::Speaker;

/// More places of one rule than this are not told.
const FEW: usize = 4;

/// Where all keys of the vendor's values stand beside ours.
const TABLE_OF_KEYS: &str = "the README of hzgchart lists all keys of the vendor's chart, under \"From the vendor's chart\"";

impl Speaker<'_> {
    /// The key that was meant, or where it belongs, or the keys there are.
    pub(super) fn where_it_belongs(
        &self,
        finding: &Finding<'_>,
        meant: Option<Sibling<'_>>,
    ) -> Option<String> {
        let Fault::Unknown { key, allowed, .. } = finding.fault else { return None };
        let here = finding.path.strip_suffix(key).unwrap_or(&finding.path).trim_end_matches('.');
        let sure = meant.as_ref().is_some_and(Sibling::is_sure);
        let places = match sure {
            true => Places::default(),
            false => elsewhere(key, finding.node, here, self.schema),
        };
        if let Some(meant) = meant.filter(|_| !places.certain) {
            return Some(self.did_you_mean(finding, &meant));
        }
        if !places.paths.is_empty() {
            return Some(format!("did you mean {}?", listed(&places.paths, "or")));
        }
        let owners = owners(finding.node, here, self.schema);
        if !owners.is_empty() {
            return Some(match owners.iter().any(|owner| owner == here) {
                true => format!("leave `{key}` out: its keys stand one level higher"),
                false => format!("its keys belong to {}", listed(&owners, "or")),
            });
        }
        let keys: Vec<_> = allowed?.keys().collect();
        match keys.len() {
            0 => Some("no key is allowed here".to_owned()),
            _ => Some(format!("the keys here are {}", listed(&keys, "and"))),
        }
    }

    fn did_you_mean(&self, finding: &Finding<'_>, meant: &Sibling<'_>) -> String {
        let root = self.schema.as_object();
        let other = root.and_then(|root| other_structure(finding.node, meant.schema, root));
        match other {
            Some(structure) => format!("did you mean `{}`? It takes {structure}", meant.name),
            None => format!("did you mean `{}`?", meant.name),
        }
    }

    /// How to put a value right; a value may be quoted only if it is `visible`.
    pub(super) fn help(
        &self,
        finding: &Finding<'_>,
        secret: bool,
        visible: bool,
    ) -> Option<String> {
        match &finding.fault {
            Fault::Moved { row, section, .. } => {
                let help = rewrite(row.now, section, finding.node, visible, self.schema);
                let table = row.vendor && !self.named_the_table.replace(true);
                Some(if table { format!("{help}; {TABLE_OF_KEYS}") } else { help })
            }
            Fault::Rule { given, .. } => {
                let others = given.iter().filter(|(_, at)| Some(*at) != finding.origin).take(FEW);
                let places: Vec<_> = others
                    .map(|(path, at)| format!("`{path}` at {}", Location::of(*at, self.sources)))
                    .collect();
                (!places.is_empty()).then(|| format!("see also {}", places.join(" and ")))
            }
            Fault::Type(types) => self.help_with_type(finding, types, secret),
            Fault::Choice(choices) => {
                let Value::String(found) = &finding.node.value else { return None };
                let names = choices.iter().filter_map(|choice| choice.as_str());
                let meant = nearest(found, names).filter(|_| choices.len() > 1 && !secret)?;
                Some(format!("did you mean `{meant}`?"))
            }
            Fault::Missing { in_list: false } => {
                Some("leave the null out, or give a value".to_owned())
            }
            Fault::Missing { in_list: true } => {
                let key = finding.path.rsplit('.').next().unwrap_or_default();
                let given = finding.node.as_map().into_iter().flat_map(Map::keys);
                let near = nearest(key, given.map(String::as_str).filter(|given| *given != key));
                Some(match near {
                    Some(near) => {
                        format!("did you mean `{key}` where you wrote `{}`?", near.escape_debug())
                    }
                    None => "give it a value".to_owned(),
                })
            }
            _ => None,
        }
    }

    fn help_with_type(
        &self,
        finding: &Finding<'_>,
        types: &[&Json],
        secret: bool,
    ) -> Option<String> {
        let wants = |name: &str| names(types).any(|wanted| wanted == name);
        let source = finding.node.origin.map(|o| self.sources.get(o.source).name.as_str());
        let key = finding.path.as_str();
        let yaml_key = last_key(&finding.path);
        match &finding.node.value {
            Value::Null if finding.path.ends_with(']') => None,
            Value::Null => Some("leave the key out, or give it a value".to_owned()),
            Value::Int(_) | Value::Float(_) | Value::Bool(_) if wants("string") => {
                let written = self.written(finding).map(str::to_owned);
                let text = written.unwrap_or_else(|| finding.node.to_json().to_string());
                Some(match source {
                    Some("--set") if secret => format!("use `--set-string {key}=…`"),
                    Some("--set") => format!("use `--set-string {key}={text}`"),
                    Some("--set-json") if secret => "put the value in double quotes".to_owned(),
                    Some("--set-json") => format!("quote it: `\"{text}\"`"),
                    _ if secret => "put the value in quotes".to_owned(),
                    _ => format!("quote it: `{yaml_key}\"{text}\"`"),
                })
            }
            Value::String(_) if secret => None,
            Value::String(text) => {
                let word = match text.to_ascii_lowercase().as_str() {
                    "true" | "yes" | "on" if wants("boolean") => Some("true".to_owned()),
                    "false" | "no" | "off" if wants("boolean") => Some("false".to_owned()),
                    _ => number(text, wants("integer"), wants("number")),
                };
                Some(match (word, source) {
                    (None, _) if !wants("array") => return None,
                    (None, Some("--set" | "--set-string")) => {
                        format!("a list is written `{key}={{a,b}}`")
                    }
                    (None, Some("--set-file" | "--set-literal")) => {
                        format!("use `--set {key}={{a,b}}`")
                    }
                    (None, Some("--set-json")) => r#"a list is written `["a", "b"]`"#.to_owned(),
                    (None, _) => "a list is written `[a, b]`".to_owned(),
                    (Some(word), Some("--set-json")) => {
                        format!("write it without quotes: `{word}`")
                    }
                    // `--set` makes numbers of whole ones only.
                    (Some(word), Some(name)) if name.starts_with("--set") => {
                        let whole = word.parse::<f64>().is_err() || word.parse::<i64>().is_ok();
                        format!("use `--set{} {key}={word}`", if whole { "" } else { "-json" })
                    }
                    (Some(word), _) => format!("write it without quotes: `{yaml_key}{word}`"),
                })
            }
            _ => None,
        }
    }
}

/// The number that a text says, as JSON has it: `080` is 80, and `.5` is 0.5.
fn number(text: &str, whole: bool, any: bool) -> Option<String> {
    match text.parse::<i64>() {
        Ok(number) if whole || any => Some(number.to_string()),
        _ => {
            let number: f64 = text.parse().ok()?;
            (any && number.is_finite()).then(|| Json::from(number).to_string())
        }
    }
}

/// The beginning of the line that gives a value in YAML: `tag: `, or `- ` for an item of a list.
fn last_key(path: &str) -> String {
    if path.ends_with(']') {
        return "- ".to_owned();
    }
    let mut start = 0;
    let mut escaped = false;
    for (at, c) in path.char_indices() {
        if c == '.' && !escaped {
            start = at + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    format!("{}: ", path[start..].replace('\\', ""))
}
