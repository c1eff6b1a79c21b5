//! What to do about a value of another structure: a text where a map belongs, a map where a list does.

use serde_json::{Map, Value as Json};

use crate::node::{Node, Value};

use super::message::listed;
use super::rewrite::split_image;
use super::shape::{keys, resolved};

/// How to write a value as a map or a list of its parts; the value is named only if it is `visible`.
pub(super) fn restructure(
    path: &str,
    node: &Node,
    wants: &dyn Fn(&str) -> bool,
    visible: bool,
    schema: &Json,
) -> Option<String> {
    match &node.value {
        Value::Map(_) if wants("array") && path.ends_with(".extraEnv") => {
            Some("write each variable as an item, `- name: A`, with `value: b` below it".to_owned())
        }
        Value::Map(_) if wants("array") => Some("begin each item of the list with `- `".to_owned()),
        Value::Map(_) if wants("string") && path.starts_with("ingress.hosts[") => Some(
            "write the host name alone, `- a.example.com`; the path is `ingress.path`".to_owned(),
        ),
        Value::Map(_) if wants("string") && path.ends_with(']') => {
            Some("write the text alone, without a key".to_owned())
        }
        Value::Null | Value::Map(_) => None,
        _ if wants("object") => {
            let root = schema.as_object()?;
            let known = keys(at(path, schema)?, root);
            Some(known.map_or_else(
                || "a map is written `key: value`".to_owned(),
                |known| into_map(path, node, known, visible, schema),
            ))
        }
        _ => None,
    }
}

/// How to write a value as a map with these keys.
fn into_map(
    path: &str,
    node: &Node,
    known: &Map<String, Json>,
    visible: bool,
    schema: &Json,
) -> String {
    let image = || split_image(node.as_str().filter(|_| visible)?, path, schema);
    match &node.value {
        Value::Bool(on) if known.contains_key("enabled") => format!("write `{path}.enabled: {on}`"),
        Value::String(text) if known.contains_key(first_key(text)) => {
            format!("put a space after the colon of `{}`", first_key(text))
        }
        Value::String(_) if known.len() == 1 && path.ends_with(']') => {
            let key = known.keys().next().map(String::as_str).unwrap_or_default();
            format!("write each item as `- {key}: …`")
        }
        Value::String(_) if known.contains_key("repository") && image().is_some() => {
            image().unwrap_or_default()
        }
        _ => format!("its keys are {}", listed(&known.keys().collect::<Vec<_>>(), "and")),
    }
}

/// What stands before a colon: `enabled` of `enabled:false`, a text to YAML.
fn first_key(text: &str) -> &str {
    text.split_once(':').map_or("", |(key, _)| key)
}

/// The schema of a key, of a free map too, or of an item of a list.
pub(super) fn at<'s>(path: &str, schema: &'s Json) -> Option<&'s Json> {
    let root = schema.as_object()?;
    path.split('.').try_fold(schema, |schema, part| {
        let (key, index) = part.split_once('[').unwrap_or((part, ""));
        let map = resolved(schema, root)?;
        let property = map
            .get("properties")
            .and_then(|properties| properties.get(key))
            .or_else(|| map.get("additionalProperties").filter(|free| free.is_object()))?;
        if index.is_empty() { Some(property) } else { resolved(property, root)?.get("items") }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::restructure;
    use crate::node::Node;
    use crate::schema::load;

    fn help(path: &str, value: Json, wanted: &str) -> String {
        let node = Node::from_json(&value);
        restructure(path, &node, &|kind| kind == wanted, true, &load()).unwrap_or_default()
    }

    #[test]
    fn a_single_value_becomes_a_map_of_its_parts() {
        assert_eq!(
            help("redis.image", json!("redis:7"), "object"),
            "write `redis.image.registry: \"\"`, `redis.image.repository: redis` and `redis.image.tag: \"7\"`"
        );
        assert_eq!(help("redis", json!(false), "object"), "write `redis.enabled: false`");
        assert_eq!(
            help("global.imagePullSecrets[0]", json!("regcred"), "object"),
            "write each item as `- name: …`"
        );
        assert_eq!(
            help("forguncy.service.sessionAffinity", json!("ClientIP"), "object"),
            "its keys are `enabled` and `timeoutSeconds`"
        );
        assert_eq!(
            help("redis.nodeSelector", json!("a"), "object"),
            "a map is written `key: value`"
        );
        assert_eq!(help("nowhere", json!("a"), "object"), "");
    }

    #[test]
    fn a_map_becomes_a_list_or_a_text() {
        assert!(help("forguncy.extraEnv", json!({"A": "b"}), "array").contains("`- name: A`"));
        assert_eq!(
            help("redis.tolerations", json!({}), "array"),
            "begin each item of the list with `- `"
        );
        assert!(
            help("ingress.hosts[1]", json!({"host": "a"}), "string").contains("`ingress.path`")
        );
    }

    #[test]
    fn what_is_not_visible_is_not_quoted() {
        let node = Node::from_json(&json!("hunter2/x:y"));
        let help = restructure("redis.image", &node, &|kind| kind == "object", false, &load());
        assert!(!help.unwrap().contains("hunter2"));
    }
}
