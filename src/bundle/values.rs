//! The values of a bundle for people to read: what differs from the defaults, without what is secret.

use serde_json::Value as Json;

use crate::node::{Entry, Map, Node, Value};
use crate::object::text;
use crate::release::Release;
use crate::schema;
use crate::secret::{gives_password, names_secret};
use crate::values::Values;
use crate::values_file::{properties, write_some};

/// What differs from the defaults.
#[derive(Debug)]
pub(super) struct Differing {
    schema: Json,
    tree: Map,
    /// The keys that are left out because they hold a secret, which is in the chart.
    pub secrets: Vec<String>,
}

impl Differing {
    /// Compares a tree of values with the defaults.
    pub(super) fn of(tree: &Node) -> Self {
        let schema = schema::load();
        let mut secrets = Vec::new();
        let defaults = Values::default().to_json();
        let tree = match tree.as_map() {
            Some(map) => section(map, &defaults, &schema, "", &mut secrets),
            None => Map::new(),
        };
        Self { schema, tree, secrets }
    }

    /// The file.
    pub(super) fn write(&self, release: &Release) -> String {
        let mut out = format!(
            "# What release {} sets in namespace {}, without secrets. The chart beside this file has the same values already.\n\
             # 实例 {} 在命名空间 {} 中的配置，不含敏感信息。同目录下的 chart 已包含这些值。\n#\n\
             # What is not here is as by default; `helm show values` of the chart has every key with its meaning.\n",
            release.name, release.namespace, release.name, release.namespace
        );
        for key in &self.secrets {
            out += &format!("# Left out, since it holds a secret: {key}\n");
        }
        out + &write_some(&self.tree, &self.schema, &|_| None)
    }
}

fn section(
    map: &Map,
    defaults: &Json,
    schema: &Json,
    path: &str,
    secrets: &mut Vec<String>,
) -> Map {
    let mut differing = Map::new();
    for (key, property) in properties(schema).into_iter().flatten() {
        let default = &defaults[key];
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        let node = match map.get(key) {
            Some(entry) if entry.node.to_json() == *default => continue,
            Some(Entry { node, .. }) => node,
            None if default.is_null() => continue,
            None => &Node::new(Value::Null, None),
        };
        let node = match node.as_map() {
            Some(map) if properties(property).is_some() => {
                let map = section(map, default, property, &path, secrets);
                if map.is_empty() {
                    continue;
                }
                Node::new(Value::Map(map), None)
            }
            _ if property["writeOnly"] == true || holds_secret(key, node) => {
                secrets.push(path);
                continue;
            }
            _ => over(node, default),
        };
        differing.insert(key.clone(), Entry { key_origin: None, node });
    }
    differing
}

/// A value that, laid over the default, gives what it is: maps are merged, so what the default has and it has not is null.
fn over(node: &Node, default: &Json) -> Node {
    let (Some(map), Some(default)) = (node.as_map(), default.as_object()) else {
        return node.clone();
    };
    let mut merged = Map::new();
    for (key, entry) in map {
        let own = default.get(key.as_str()).unwrap_or(&Json::Null);
        merged.insert(key.clone(), Entry { key_origin: None, node: over(&entry.node, own) });
    }
    for key in default.keys().filter(|key| !map.contains_key(key)) {
        let node = Node::new(Value::Null, None);
        merged.insert(key.clone(), Entry { key_origin: None, node });
    }
    Node::new(Value::Map(merged), None)
}

/// Whether a value has a secret in it: by the names of keys, as a variable of an environment, as an object of that kind, or as a text that
/// gives a password.
fn holds_secret(key: &str, node: &Node) -> bool {
    match &node.value {
        Value::Map(map) => {
            let is_filled = |key: &str| {
                node.at(&[key]).and_then(Node::as_map).is_some_and(|map| !map.is_empty())
            };
            let value = text(node, &["value"]);
            let is_variable = names_secret(text(node, &["name"]))
                && !value.is_empty()
                && !value.starts_with("$(");
            let is_object =
                text(node, &["kind"]) == "Secret" && (is_filled("data") || is_filled("stringData"));
            is_variable
                || is_object
                || map.iter().any(|(key, entry)| holds_secret(key, &entry.node))
        }
        Value::List(items) => items.iter().any(|item| holds_secret(key, item)),
        Value::String(text) => names_secret(key) && !text.is_empty() || gives_password(text),
        Value::Int(_) | Value::Float(_) => names_secret(key),
        Value::Null | Value::Bool(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::Differing;
    use crate::load::{Layer, load};
    use crate::node::Node;
    use crate::release::Release;
    use crate::values::Values;

    fn differing(change: impl Fn(&mut Json)) -> (String, Vec<String>) {
        let mut values = Values::default().to_json();
        change(&mut values);
        let release = Release { name: "shop".into(), namespace: "prod".into() };
        let differing = Differing::of(&Node::from_json(&values));
        (differing.write(&release), differing.secrets)
    }

    #[test]
    fn loads_to_the_same_values() {
        let change = |v: &mut Json| {
            v["storage"]["server"] = json!("10.0.0.5");
            v["forguncy"]["strategy"] = json!({"type": "Recreate"});
            v["forguncy"]["probes"]["liveness"] = json!({});
            v["redis"]["securityContext"] = json!({"a": {"b": 1}});
            v["global"]["imagePullSecrets"] = json!([{"name": "harbor"}]);
            v["forguncy"]["podAnnotations"] = json!({"x": "y\nz: # no"});
        };
        let (text, secrets) = differing(change);
        let layer = Layer::File("v".to_owned(), text.clone().into_bytes());
        let loaded = load(&[layer], &mut |path| Ok(path.to_owned())).expect("it fits");
        let mut expected = Values::default().to_json();
        change(&mut expected);
        assert_eq!(loaded.tree.to_json(), expected, "{text}");
        assert_eq!(secrets, [""; 0]);
        assert!(!text.contains("helmTest") && !text.contains("ingress:"), "{text}");
    }

    #[test]
    fn leaves_out_what_is_secret_and_says_so() {
        let (text, secrets) = differing(|v| {
            v["redis"]["auth"] = json!({"enabled": true, "password": "hunter2", "existingSecret": "", "existingSecretKey": "redis-password"});
            v["forguncy"]["extraEnv"] = json!([{"name": "DB_PASSWORD", "value": "hunter2"}]);
            v["influx"]["extraEnv"] = json!([{"name": "DB_PASSWORD", "value": "$(OTHER)"}]);
            v["redis"]["podAnnotations"] = json!({"api-token": "hunter2"});
            v["extraObjects"] = json!([{"kind": "Secret", "stringData": {"x": "hunter2"}}]);
            v["forguncy"]["podAnnotations"] = json!({"db": "Server=db;Pwd=hunter2"});
        });
        assert!(!text.contains("hunter2"), "{text}");
        assert_eq!(
            secrets,
            [
                "forguncy.podAnnotations",
                "forguncy.extraEnv",
                "redis.auth.password",
                "redis.podAnnotations",
                "extraObjects"
            ]
        );
        assert!(
            text.contains("# Left out, since it holds a secret: redis.auth.password\n"),
            "{text}"
        );
        assert!(text.contains("    enabled: true\n") && text.contains("$(OTHER)"), "{text}");
    }
}
