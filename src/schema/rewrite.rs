//! Says what to write in place of a key of another chart.

use serde_json::Value as Json;

use crate::node::{Node, Value};

use super::compare::equals;
use super::message::listed;
use super::moved::Now;
use super::shape::{keys, other_structure};
use super::walk::is_right;

/// What to write; the value is named only if it is `visible` and right where it is to go.
pub(super) fn rewrite(
    now: Now,
    section: &str,
    node: &Node,
    visible: bool,
    schema: &Json,
) -> String {
    let text = node.as_str().filter(|_| visible);
    match now {
        Now::Words(words) => words.to_owned(),
        Now::Key(key) => key_with(&key.replace('*', section), node, visible, schema),
        Now::Server(share) => {
            let given = assigned("storage.server", node, visible, schema);
            format!("write {given}, or `storage.shares.{share}.server` for this share alone")
        }
        Now::Path(share) => text.and_then(|path| split_path(path, share, schema)).unwrap_or_else(
            || format!("its last part is `storage.shares.{share}.directory` here; the rest is `storage.root`, or `storage.shares.{share}.root` for this share alone"),
        ),
        Now::Size => size(node, visible, schema),
        Now::Image => text
            .and_then(|reference| split_image(reference, "forguncy.image", schema))
            .unwrap_or_else(|| "write the host in `forguncy.image.registry`, the rest of the name in `forguncy.image.repository`".to_owned()),
    }
}

fn key_with(key: &str, node: &Node, visible: bool, schema: &Json) -> String {
    let structure = property(key, schema)
        .zip(schema.as_object())
        .and_then(|(property, root)| other_structure(node, property, root));
    match structure {
        Some(structure) => format!("write `{key}`, which takes {structure}"),
        None => format!("write {}", assigned(key, node, visible, schema)),
    }
}

fn size(node: &Node, visible: bool, schema: &Json) -> String {
    let shares: Vec<_> = property("storage.shares", schema)
        .zip(schema.as_object())
        .and_then(|(shares, root)| keys(shares, root))
        .into_iter()
        .flat_map(|shares| shares.keys())
        .collect();
    let shown = property("storage.shares.attach.size", schema)
        .and_then(|size| shown(node, visible, size, schema).map(|shown| (shown, size)));
    let value = match shown {
        Some((_, size)) if equals(node, &size["default"]) => {
            return "leave it out: it is the size of each share by default".to_owned();
        }
        Some((shown, _)) => format!(": {shown}"),
        None => String::new(),
    };
    format!("write `storage.shares.NAME.size{value}` for each share: {}", listed(&shares, "and"))
}

/// `/export/Dir` as a root and a directory below it.
fn split_path(path: &str, share: &str, schema: &Json) -> Option<String> {
    let (root, directory) = path.trim_end_matches('/').rsplit_once('/')?;
    let root = if root.is_empty() { "/" } else { root };
    let own = format!("storage.shares.{share}.directory");
    let root = written(root, property("storage.root", schema)?, schema)?;
    let property = property(&own, schema)?;
    let end = if property["default"] == directory {
        format!("; its directory `{directory}` is the default")
    } else {
        format!(", and `{own}: {}`", written(directory, property, schema)?)
    };
    Some(format!(
        "write `storage.root: {root}`, or `storage.shares.{share}.root` for this share alone{end}"
    ))
}

/// `host/path:tag` in its three parts; the host is empty when none is named.
pub(crate) fn image_parts(reference: &str) -> (&str, &str, Option<&str>) {
    let (name, tag) = match reference.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (reference, None),
    };
    // As container runtimes tell a host from the first part of a path.
    let is_host = |part: &str| part.contains(['.', ':']) || part == "localhost";
    match name.split_once('/') {
        Some((host, path)) if is_host(host) => (host, path, tag),
        _ => ("", name, tag),
    }
}

/// `host/path:tag` as the keys of an image.
pub(super) fn split_image(reference: &str, image: &str, schema: &Json) -> Option<String> {
    let (registry, repository, tag) = image_parts(reference);
    let mut parts = Vec::new();
    for (key, value) in
        [("registry", Some(registry)), ("repository", Some(repository)), ("tag", tag)]
    {
        let Some(value) = value else { continue };
        let path = format!("{image}.{key}");
        let value = written(value, property(&path, schema)?, schema)?;
        parts.push(format!("{path}: {value}"));
    }
    Some(format!("write {}", listed(&parts, "and")))
}

/// `key: value` in backticks, or only the key.
fn assigned(key: &str, node: &Node, visible: bool, schema: &Json) -> String {
    match property(key, schema).and_then(|property| shown(node, visible, property, schema)) {
        Some(value) => format!("`{key}: {value}`"),
        None => format!("`{key}`"),
    }
}

/// A value as YAML has it, if it may be shown and is right for a key.
fn shown(node: &Node, visible: bool, property: &Json, schema: &Json) -> Option<String> {
    if !visible || property["writeOnly"] == true {
        return None;
    }
    match &node.value {
        Value::String(text) => written(text, property, schema),
        Value::Int(_) | Value::Bool(_) if is_right(node, property, schema) => {
            Some(node.to_json().to_string())
        }
        _ => None,
    }
}

/// A string as YAML has it, if it is right for a key.
fn written(text: &str, property: &Json, schema: &Json) -> Option<String> {
    let node = Node::new(Value::String(text.into()), None);
    if !is_right(&node, property, schema) {
        return None;
    }
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.'))
        && !matches!(text.to_ascii_lowercase().as_str(), "y" | "n" | "yes" | "no" | "on" | "off")
        && !matches!(text.to_ascii_lowercase().as_str(), "true" | "false" | "null");
    Some(if plain { text.to_owned() } else { Json::from(text).to_string() })
}

/// The schema of a key.
pub(super) fn property<'s>(path: &str, schema: &'s Json) -> Option<&'s Json> {
    path.split('.').try_fold(schema, |schema, key| schema.get("properties")?.get(key))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::{rewrite, split_image};
    use crate::node::Node;
    use crate::schema::load;
    use crate::schema::moved::Now;

    fn help(now: Now, value: Json) -> String {
        rewrite(now, "redis", &Node::from_json(&value), true, &load())
    }

    #[test]
    fn a_path_becomes_a_root_and_a_directory() {
        let help = |path| help(Now::Path("attach"), json!(path));
        assert_eq!(
            help("/fgc-k8s-lbroot/ForguncyAttach"),
            "write `storage.root: /fgc-k8s-lbroot`, or `storage.shares.attach.root` for this share alone; its directory `ForguncyAttach` is the default"
        );
        assert_eq!(
            help("/data/files/"),
            "write `storage.root: /data`, or `storage.shares.attach.root` for this share alone, and `storage.shares.attach.directory: files`"
        );
        assert!(help("/files").starts_with("write `storage.root: /`, or"), "{}", help("/files"));
        for odd in ["", "/", "files", "/a/../b", "\u{1b}/x"] {
            assert!(help(odd).starts_with("its last part is `storage.shares"), "{odd}");
        }
    }

    #[test]
    fn a_value_goes_along_when_it_is_right_and_may_be_seen() {
        let server = help(Now::Server("logs"), json!("10.0.0.5"));
        assert_eq!(
            server,
            "write `storage.server: \"10.0.0.5\"`, or `storage.shares.logs.server` for this share alone"
        );
        assert!(!help(Now::Server("logs"), json!("a b")).contains("a b"));
        assert_eq!(
            help(Now::Key("forguncy.scaling.maxReplicas"), json!(4)),
            "write `forguncy.scaling.maxReplicas: 4`"
        );
        assert_eq!(help(Now::Key("*.probes.liveness"), json!({})), "write `redis.probes.liveness`");
        assert_eq!(
            help(Now::Key("ingress.hosts"), json!("a.com")),
            "write `ingress.hosts`, which takes a list"
        );
        let secret = Node::from_json(&json!("hunter2"));
        let schema = load();
        for (now, visible) in
            [(Now::Key("redis.auth.password"), true), (Now::Key("storage.server"), false)]
        {
            assert!(!rewrite(now, "", &secret, visible, &schema).contains("hunter2"));
        }
    }

    #[test]
    fn the_size_of_all_shares_is_one_for_each() {
        assert_eq!(
            help(Now::Size, json!("100Gi")),
            "leave it out: it is the size of each share by default"
        );
        assert_eq!(
            help(Now::Size, json!("2Ti")),
            "write `storage.shares.NAME.size: \"2Ti\"` for each share: `attach`, `logs`, `restore`, `sites` and `sitesBin`"
        );
    }

    #[test]
    fn an_image_is_split_as_runtimes_do_it() {
        let split = |text| split_image(text, "i", &image()).unwrap_or_default();
        fn image() -> Json {
            let image = load()["properties"]["forguncy"]["properties"]["image"].clone();
            json!({"properties": {"i": image}})
        }
        assert_eq!(
            split("a.com:5000/fgclb/fgc:10.0.3.0"),
            "write `i.registry: \"a.com:5000\"`, `i.repository: fgclb/fgc` and `i.tag: \"10.0.3.0\"`"
        );
        assert_eq!(split("fgclb/fgc"), "write `i.registry: \"\"` and `i.repository: fgclb/fgc`");
        assert_eq!(split("a.com/x"), "write `i.registry: a.com` and `i.repository: x`");
        for odd in ["", "/", "A B", "a.com/", ":", "a@sha256:0"] {
            assert_eq!(split(odd), "", "{odd}");
        }
    }
}
