//! The defaults beside a value that it leaves no room for. Maps are merged over their defaults, so these are written as null.

use crate::node::{Entry, Map, Node, Value};

/// How a probe looks; it has one of these (Kubernetes, `Probe`).
const HANDLERS: [&str; 4] = ["exec", "grpc", "httpGet", "tcpSocket"];

/// The value of a key with a null for each such default.
pub fn exclude(path: &str, mut node: Node, default: &Node) -> Node {
    let (Value::Map(map), Some(default)) = (&mut node.value, default.as_map()) else { return node };
    if path.ends_with(".strategy") {
        if map.get("type").is_some_and(|entry| entry.node.as_str() == Some("Recreate")) {
            delete(map, &["rollingUpdate"], default);
        }
    } else if path.contains(".probes.") {
        if HANDLERS.iter().any(|handler| is_written(map, handler)) {
            delete(map, &HANDLERS, default);
        }
    } else if path.ends_with(".resources")
        && let Some(limits) = below(map, "limits")
        && let Some(default) = below(default, "requests")
    {
        // An amount that has a limit and no request is requested up to the limit.
        let limited: Vec<&str> = limits.keys().map(|name| name.as_str()).collect();
        let mut requests = below(map, "requests").cloned().unwrap_or_default();
        delete(&mut requests, &limited, default);
        let node = Node::new(Value::Map(requests), None);
        map.insert("requests".to_owned(), Entry { key_origin: None, node });
    }
    node
}

/// Writes a null for the defaults of some keys that have no value.
fn delete(map: &mut Map, keys: &[&str], default: &Map) {
    for key in keys {
        if default.contains_key(key) && !is_written(map, key) {
            let entry = Entry { key_origin: None, node: Node::new(Value::Null, None) };
            map.insert((*key).to_owned(), entry);
        }
    }
}

fn is_written(map: &Map, key: &str) -> bool {
    map.get(key).is_some_and(|entry| !matches!(entry.node.value, Value::Null))
}

fn below<'m>(map: &'m Map, key: &str) -> Option<&'m Map> {
    map.get(key)?.node.as_map()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::exclude;
    use crate::node::Node;
    use crate::values::Values;

    fn excluded(path: &str, value: &Json) -> Json {
        let defaults = Values::default().to_json();
        let default = defaults.pointer(&format!("/{}", path.replace('.', "/"))).unwrap();
        exclude(path, Node::from_json(value), &Node::from_json(default)).to_json()
    }

    #[test]
    fn a_default_that_a_value_excludes_is_null() {
        for (path, value, expected) in [
            (
                "forguncy.strategy",
                json!({"type": "Recreate"}),
                json!({"type": "Recreate", "rollingUpdate": null}),
            ),
            (
                "forguncy.probes.readiness",
                json!({"httpGet": {"path": "/"}}),
                json!({"httpGet": {"path": "/"}, "tcpSocket": null}),
            ),
            (
                "redis.probes.startup",
                json!({"exec": null, "tcpSocket": {"port": 1}}),
                json!({"exec": null, "tcpSocket": {"port": 1}}),
            ),
            (
                "redis.resources",
                json!({"limits": {"memory": "1Gi", "gpu": "1"}}),
                json!({"limits": {"memory": "1Gi", "gpu": "1"}, "requests": {"memory": null}}),
            ),
            (
                "redis.resources",
                json!({"limits": {"cpu": "1"}, "requests": {"cpu": "50m"}}),
                json!({"limits": {"cpu": "1"}, "requests": {"cpu": "50m"}}),
            ),
        ] {
            assert_eq!(excluded(path, &value), expected, "{path}");
        }
    }

    #[test]
    fn what_goes_together_stays() {
        for (path, value) in [
            ("forguncy.strategy", json!({"rollingUpdate": {"maxSurge": 2}})),
            ("forguncy.probes.startup", json!({"periodSeconds": 5})),
            ("forguncy.resources", json!({"requests": {"cpu": "1"}})),
            ("forguncy.securityContext", json!({"runAsUser": 0})),
        ] {
            assert_eq!(excluded(path, &value), value, "{path}");
        }
    }
}
