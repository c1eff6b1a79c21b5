//! What to do about a value of the wrong type.

use serde_json::Value as Json;

use crate::node::{Node, Value};

use super::finding::Finding;
use super::message::names;
use super::speaker::Speaker;
use super::structure::{at, restructure};
use super::walk::is_right;

impl Speaker<'_> {
    /// How to write a value so that it has one of the types; it may be quoted only if it is `visible`.
    pub(super) fn help_with_type(
        &self,
        finding: &Finding<'_>,
        types: &[&Json],
        secret: bool,
        visible: bool,
    ) -> Option<String> {
        let wants = |name: &str| names(types).any(|wanted| wanted == name);
        let visible = visible && !secret;
        let other = restructure(&finding.path, finding.node, &wants, visible, self.schema);
        if other.is_some() {
            return other;
        }
        let source = finding.node.origin.map(|o| self.sources.get(o.source).name.as_ref());
        let key = finding.path.as_str();
        let yaml_key = last_key(&finding.path);
        match &finding.node.value {
            Value::Null if finding.path.ends_with(']') => None,
            Value::Null => Some("leave the key out, or give it a value".to_owned()),
            Value::Int(_) | Value::Float(_) | Value::Bool(_) if wants("string") => {
                let written = self.written(finding).map(str::to_owned);
                let text = written.unwrap_or_else(|| finding.node.to_json().to_string());
                if !self.takes(key, &Json::from(text.as_str())) {
                    return finding.title.map(|title| format!("write {title}"));
                }
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
                let word = word.filter(|word| {
                    serde_json::from_str(word).is_ok_and(|value| self.takes(key, &value))
                });
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

impl Speaker<'_> {
    /// Whether a key takes a value; one that the schema does not tell of takes any.
    fn takes(&self, key: &str, value: &Json) -> bool {
        at(key, self.schema)
            .is_none_or(|property| is_right(&Node::from_json(value), property, self.schema))
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
