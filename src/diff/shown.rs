//! Values as a line shows them, secrets left out.

use crate::node::{Entry, Node, Value};
use crate::secret::{mentions_secret, names_secret};

use super::fields::Field;
use super::path::{Path, Step};

/// So many characters of a value are shown; `--format json` has the whole of it.
const LONGEST: usize = 120;

/// A text that fits a line.
pub(super) fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A value in one line: JSON, cut if it is long. Signs that steer a terminal are written as escapes.
pub(super) fn value(node: &Node) -> String {
    let text = cut(&node.to_json().to_string());
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        if steers(c) {
            out.extend(c.escape_unicode())
        } else {
            out.push(c)
        }
        out
    })
}

/// Whether a field of an object may give a secret: one of a Secret's data, one that is, or stands below, a key named like a
/// secret, an environment variable named so.
pub(super) fn hides(kind: &str, path: &Path) -> bool {
    if kind == "Secret" && (path.is_in("data") || path.is_in("stringData") || is_last_applied(path))
    {
        return true;
    }
    let last = path.steps().len().saturating_sub(1);
    path.steps().iter().enumerate().any(|(at, step)| match step {
        // Volumes and accounts say below these which Secret they mean.
        Step::Key(key) if at < last && matches!(key.as_str(), "secret" | "secrets") => false,
        Step::Key(key) => names_secret(key),
        Step::Item(keys) => keys.iter().any(|(_, value)| names_secret(value)) && is_env(path),
        Step::Index(_) => false,
    })
}

/// What `kubectl apply` keeps of an object, data included.
fn is_last_applied(path: &Path) -> bool {
    path.keys().any(|key| key == "kubectl.kubernetes.io/last-applied-configuration")
}

/// Whether a path leads to the value of a variable, whose name tells what it holds.
fn is_env(path: &Path) -> bool {
    let keys: Vec<&str> = path.keys().collect();
    match keys.iter().position(|key| *key == "env") {
        Some(at) => keys.get(at + 1) == Some(&"value"),
        None => false,
    }
}

/// Hides what may give a secret inside a value at a path: the result is as far as it goes the same.
///
/// A text counts that assigns something to a name like a secret's (`--requirepass=x`, `redis://:x@host`), and the argument behind
/// an option that is named so.
pub(super) fn without_secrets(kind: &str, path: &Path, node: &Node, hidden: &str) -> Node {
    let hide = || Node::new(Value::String(hidden.into()), None);
    let value = match &node.value {
        Value::Map(map) => {
            let variable = map.get("name").and_then(|entry| entry.node.as_str());
            let is_secret = variable.is_some_and(names_secret) && map.contains_key("value");
            let entries = map.iter().map(|(key, entry)| {
                let mut entry = entry.clone();
                let below = path.key(key);
                let is_place =
                    matches!(key.as_str(), "secret" | "secrets") && !is_scalar(&entry.node);
                let is_value = is_secret && key == "value";
                entry.node = match is_value || !is_place && hides(kind, &below) {
                    true => masked(&entry.node, hidden),
                    false => without_secrets(kind, &below, &entry.node, hidden),
                };
                (key.clone(), entry)
            });
            Value::Map(entries.collect())
        }
        Value::List(items) => {
            let mut follows = false;
            let items = items.iter().enumerate().map(|(index, item)| {
                let text = item.as_str().unwrap_or_default();
                let is_next = follows && !text.is_empty();
                follows = asks_for_secret(text);
                if is_next {
                    masked(item, hidden)
                } else {
                    without_secrets(kind, &path.join(Step::Index(index)), item, hidden)
                }
            });
            Value::List(items.collect())
        }
        Value::String(text) if gives_secret(text) && path.keys().last() != Some("image") => {
            return hide();
        }
        value => value.clone(),
    };
    Node::new(value, node.origin)
}

/// A value of a field as it is shown: as it is, without the secrets in it, or with its keys only.
pub(super) fn of_field(kind: &str, field: &Field<'_>, node: &Node, hidden: &str) -> Node {
    match field.secret || hides(kind, &field.path) {
        true => masked(node, hidden),
        false => without_secrets(kind, &field.path, node, hidden),
    }
}

/// A value of which only the keys may be shown.
fn masked(node: &Node, hidden: &str) -> Node {
    let value = match &node.value {
        Value::Null => Value::Null,
        // What the kubelet fills in holds nothing itself.
        Value::String(text) if text.starts_with("$(") && text.ends_with(')') => node.value.clone(),
        Value::Map(map) => Value::Map(
            map.iter()
                .map(|(key, entry)| {
                    let node = masked(&entry.node, hidden);
                    (key.clone(), Entry { node, ..*entry })
                })
                .collect(),
        ),
        Value::List(items) => Value::List(items.iter().map(|item| masked(item, hidden)).collect()),
        _ => Value::String(hidden.into()),
    };
    Node::new(value, node.origin)
}

fn is_scalar(node: &Node) -> bool {
    !matches!(node.value, Value::Map(_) | Value::List(_))
}

/// Whether an argument is an option whose value, the next argument, is a secret.
pub(super) fn asks_for_secret(argument: &str) -> bool {
    argument.starts_with('-') && names_secret(argument) && !argument.contains('=')
}

/// Whether a text gives a secret away: it assigns one, or it is an address with a password.
pub(super) fn gives_secret(text: &str) -> bool {
    let assigns = text.contains(['=', ':', '\n']) && mentions_secret(text);
    let address = text.split_once("://").is_some_and(|(_, rest)| {
        rest.split(['/', '?', '#', ' ', '\n'])
            .next()
            .is_some_and(|host| host.rsplit_once('@').is_some_and(|(user, _)| user.contains(':')))
    });
    // The kubelet fills `$(NAME)` in, so the text itself holds nothing.
    (assigns || address) && !text.contains("$(")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::{cut, gives_secret, value, without_secrets};
    use crate::diff::path::Path;
    use crate::node::Node;

    fn shown(kind: &str, object: &Json) -> String {
        without_secrets(kind, &Path::default(), &Node::from_json(object), "…").to_json().to_string()
    }

    #[test]
    fn a_long_value_is_cut_and_none_steers_a_terminal() {
        assert_eq!(cut(&"活".repeat(121)), format!("{}…", "活".repeat(120)));
        let text = value(&Node::from_json(&json!("a\u{1b}[31m\u{9b}\u{202e}b")));
        assert_eq!(text, "\"a\\u001b[31m\\u{9b}\\u{202e}b\"");
    }

    #[test]
    fn no_data_of_a_secret_is_shown() {
        let secret = json!({"data": {"a": "geheim"}, "stringData": {"b": "geheim"},
            "metadata": {"annotations": {"kubectl.kubernetes.io/last-applied-configuration": "geheim"}}});
        assert!(!shown("Secret", &secret).contains("geheim"));
        assert!(shown("ConfigMap", &json!({"data": {"a": "offen"}})).contains("offen"));
    }

    #[test]
    fn nothing_named_like_a_secret_is_shown() {
        for value in [
            json!({"env": [{"name": "DB_PASSWORD", "value": "geheim"}]}),
            json!({"args": ["--requirepass", "geheim"]}),
            json!({"args": ["--requirepass=geheim"]}),
            json!({"data": {"redis.url": "redis://:geheim@host:6379/0"}}),
            json!({"data": {"app.conf": "a=b\npassword: geheim\n"}}),
            json!({"password": "geheim"}),
            json!({"token": {"a": ["geheim"]}}),
        ] {
            assert!(!shown("ConfigMap", &value).contains("geheim"), "{value}");
        }
    }

    #[test]
    fn names_of_secrets_are_shown() {
        for value in [
            json!({"env": [{"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db-secret"}}}]}),
            json!({"image": "registry/vault-secret:1.0"}),
            json!({"volumes": [{"secret": {"secretName": "a"}}]}),
        ] {
            let all = value.to_string();
            let shown = shown("Deployment", &value);
            assert_eq!(shown, all);
        }
        assert!(!gives_secret("--requirepass=$(REDIS_PASSWORD)"));
    }
}
