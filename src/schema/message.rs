//! Puts one finding into words: what was expected and what was found.

use serde_json::Value as Json;

use crate::node::Value;

use super::finding::{Fault, Finding};

/// Longer values are cut in messages.
const SHOWN: usize = 60;

/// What is wrong, in words; `written` is a number or a boolean as it stands in its source.
pub(super) fn message(finding: &Finding<'_>, secret: bool, written: Option<&str>) -> String {
    let value = &finding.node.value;
    let expected = |what: &str| format!("expected {what}, found {}", found(value, secret, written));
    let titled = |what: &str| expected(finding.title.unwrap_or(what));
    match &finding.fault {
        Fault::Type(_) | Fault::Excluded
            if matches!(value, Value::Null) && !finding.path.ends_with(']') =>
        {
            "null deletes a default, and there is none here".to_owned()
        }
        Fault::Type(types) => {
            let kinds: Vec<_> = names(types).map(kind).collect();
            let named = finding.title.filter(|_| !kinds.iter().any(|k| STRUCTURES.contains(k)));
            let found = typed(value, secret, written);
            match named {
                Some(title) if kinds != ["a string"] => format!("expected {title}, found {found}"),
                _ if kinds.len() > 3 => format!("expected a value, found {found}"),
                _ => format!("expected {}, found {found}", kinds.join(" or ")),
            }
        }
        Fault::Choice(choices) => {
            let choices: Vec<_> = choices.iter().map(|choice| shown_json(choice)).collect();
            expected(&listed(&choices, "or"))
        }
        Fault::Unknown { key, .. } => format!("unknown key `{}`", cut(key)),
        Fault::Moved { row, .. } if row.vendor => {
            "this key is from the vendor's chart, and has another name here".to_owned()
        }
        Fault::Moved { .. } => "unknown key".to_owned(),
        Fault::Missing { in_list: false } => "has no value: null deleted its default".to_owned(),
        Fault::Missing { in_list: true } => "is missing here".to_owned(),
        Fault::Key(message) => message.clone(),
        Fault::Pattern(pattern) => titled(&format!("a string that matches `{pattern}`")),
        Fault::BrokenPattern(pattern) => {
            format!("the schema's pattern `{pattern}` is no regular expression")
        }
        Fault::Bounds { wanted, count } => match (finding.title, count) {
            (None, Some(count)) => format!("expected {wanted}, found {count}"),
            _ => titled(wanted),
        },
        Fault::Twice(first) => {
            format!("the list already has {} at index {first}", found(value, secret, written))
        }
        Fault::Rule { text, .. } => (*text).to_owned(),
        Fault::NoBranch(branches) => {
            // Only a titled one comes here, or one inside a key.
            let inner = branches.iter().flatten().next().map(|f| message(f, secret, written));
            match (finding.title, inner) {
                (None, Some(inner)) => inner,
                _ => titled("another value"),
            }
        }
        Fault::SeveralBranches => titled("a value of one form, not of several at once"),
        Fault::Excluded => titled("another value"),
    }
}

const STRUCTURES: [&str; 2] = ["a map", "a list"];

/// The names of types.
pub(super) fn names<'t>(types: &[&'t Json]) -> impl Iterator<Item = &'t str> {
    types
        .iter()
        .flat_map(|types| std::iter::once(*types).chain(types.as_array().into_iter().flatten()))
        .filter_map(Json::as_str)
}

fn kind(name: &str) -> &str {
    match name {
        "string" => "a string",
        "integer" => "an integer",
        "number" => "a number",
        "boolean" => "a boolean",
        "array" => "a list",
        "object" => "a map",
        other => other,
    }
}

/// A value with its kind, for when the kind is wrong.
fn typed(value: &Value, secret: bool, written: Option<&str>) -> String {
    match value {
        _ if secret => value.kind().to_owned(),
        Value::Bool(_) => format!("the boolean {}", found(value, secret, written)),
        Value::Int(_) | Value::Float(_) => format!("the number {}", found(value, secret, written)),
        Value::String(text) if !text.is_empty() => {
            format!("the string {}", found(value, secret, written))
        }
        _ => found(value, secret, written),
    }
}

fn found(value: &Value, secret: bool, written: Option<&str>) -> String {
    match value {
        _ if secret => "something else".to_owned(),
        Value::String(text) if text.is_empty() => "an empty string".to_owned(),
        Value::String(text) => format!("`{}`", cut(text)),
        Value::Bool(bool) => written.map_or_else(|| bool.to_string(), str::to_owned),
        Value::Int(number) => written.map_or_else(|| number.to_string(), str::to_owned),
        Value::Float(number) => written.map_or_else(|| number.to_string(), str::to_owned),
        Value::Null | Value::List(_) | Value::Map(_) => value.kind().to_owned(),
    }
}

fn shown_json(json: &Json) -> String {
    match json {
        Json::String(text) if text.is_empty() => "\"\"".to_owned(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A text on one line and of a bearable length.
fn cut(text: &str) -> String {
    let mut cut: String = text.chars().take(SHOWN).flat_map(char::escape_debug).collect();
    if text.chars().nth(SHOWN).is_some() {
        cut.push('…');
    }
    cut.replace("\\'", "'").replace("\\\"", "\"")
}

/// `a`, `b` or `c`, each in backticks.
pub(super) fn listed(names: &[impl AsRef<str>], last: &str) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    match names.as_slice() {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [most @ .., end] => format!("{} {last} {end}", most.join(", ")),
    }
}
