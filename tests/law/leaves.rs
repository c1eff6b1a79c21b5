//! The keys of the values, found in the schema that the program prints: a key that is added there
//! is tested from that day on.

use serde_json::{Map, Value as Json};

use crate::harness::hzgchart::hzgchart;
use crate::harness::process::run;

/// A key that holds no further known keys.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// `["forguncy", "service", "nodePort"]`
    pub path: Vec<String>,
    /// What the schema says of it, with references resolved.
    pub schema: Json,
}

/// A JSON schema whose references can be followed.
pub struct Schema(Json);

impl Schema {
    /// The schema that `hzgchart schema` prints.
    pub fn of_hzgchart() -> Self {
        let text = run(hzgchart().arg("schema")).success();
        Self(serde_json::from_str(&text).expect("the schema is JSON"))
    }

    /// Every leaf, in the schema's order.
    pub fn leaves(&self) -> Vec<Leaf> {
        let mut leaves = Vec::new();
        self.walk(&self.0, &mut Vec::new(), &mut leaves);
        leaves
    }

    fn walk(&self, schema: &Json, path: &mut Vec<String>, leaves: &mut Vec<Leaf>) {
        let schema = self.resolve(schema);
        match schema["properties"].as_object().filter(|properties| !properties.is_empty()) {
            Some(properties) => {
                for (key, child) in properties {
                    path.push(key.clone());
                    self.walk(child, path, leaves);
                    path.pop();
                }
            }
            None => leaves.push(Leaf { path: path.clone(), schema }),
        }
    }

    /// A schema with its own reference followed, and with an `allOf` or `anyOf` of one merged in.
    pub fn resolve(&self, schema: &Json) -> Json {
        let Json::Object(map) = schema else { return Json::Object(Map::new()) };
        let mut merged = Map::new();
        let referenced = map.get("$ref").and_then(Json::as_str).map(|reference| {
            let pointer = reference.strip_prefix('#').expect("the schema is self-contained");
            self.0.pointer(pointer).expect("references lead somewhere")
        });
        let alone = ["allOf", "anyOf", "oneOf"].iter().filter_map(|key| match map.get(*key) {
            Some(Json::Array(items)) if items.len() == 1 => items.first(),
            _ => None,
        });
        for part in referenced.into_iter().chain(alone) {
            if let Json::Object(part) = self.resolve(part) {
                merged.extend(part);
            }
        }
        let own = map.iter().filter(|(key, _)| *key != "$ref");
        merged.extend(own.map(|(key, value)| (key.clone(), value.clone())));
        Json::Object(merged)
    }
}

#[test]
fn leaves_are_found_behind_references() {
    let schema = Schema(serde_json::json!({
        "properties": {
            "a": { "$ref": "#/definitions/A", "description": "own" },
            "l": { "type": "array", "items": { "type": "string" } },
        },
        "definitions": { "A": { "properties": { "b": { "allOf": [{ "type": "boolean" }] } } } },
    }));
    let leaves = schema.leaves();
    let paths: Vec<String> = leaves.iter().map(|leaf| leaf.path.join(".")).collect();
    assert_eq!(paths, ["a.b", "l"]);
    assert_eq!(leaves[0].schema["type"], "boolean");
}
