//! Reads of the schema what a tree needs: to parse the whole text would take longer than all the rest of a check.

use std::fmt::{self, Formatter};

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value as Json};

use crate::node::{Node, Value};

use super::TEXT;
use super::compare::equals;

/// The schema as far as it is about values that differ from `defaults`, the built-in layer. The rest keeps the schema
/// by a test; in its place stands `true`, which fits everything.
pub fn around(tree: &Node, defaults: &Json) -> Json {
    let mut text = serde_json::Deserializer::from_str(TEXT);
    Section { tree, defaults }.deserialize(&mut text).expect("a test reads all of the text so")
}

/// A schema and the part of the tree that it is about.
#[derive(Clone, Copy)]
struct Section<'a> {
    tree: &'a Node,
    defaults: &'a Json,
}

/// What stands under `properties` in a schema.
struct Properties<'a>(Section<'a>);

impl<'de> DeserializeSeed<'de> for Section<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, text: D) -> Result<Json, D::Error> {
        text.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Section<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("a schema")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut keywords: A) -> Result<Json, A::Error> {
        let mut schema = Map::new();
        while let Some(keyword) = keywords.next_key::<&str>()? {
            let value = match keyword {
                "properties" => keywords.next_value_seed(Properties(self))?,
                _ => keywords.next_value()?,
            };
            schema.insert(keyword.to_owned(), value);
        }
        Ok(Json::Object(schema))
    }
}

impl<'de> DeserializeSeed<'de> for Properties<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, text: D) -> Result<Json, D::Error> {
        text.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Properties<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("a schema for each key")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut keys: A) -> Result<Json, A::Error> {
        let mut properties = Map::new();
        while let Some(key) = keys.next_key::<&str>()? {
            let defaults = &self.0.defaults[key];
            let tree = match &self.0.tree.value {
                Value::Map(map) => map.get(key).map(|entry| &entry.node),
                _ => None,
            };
            let schema = match tree.filter(|tree| !equals(tree, defaults)) {
                Some(tree) => keys.next_value_seed(Section { tree, defaults })?,
                None => keys.next_value::<IgnoredAny>().map(|_| Json::Bool(true))?,
            };
            properties.insert(key.to_owned(), schema);
        }
        Ok(Json::Object(properties))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::around;
    use crate::node::Node;
    use crate::schema::{check, load};
    use crate::values::Values;

    /// Every key holds what no key may.
    fn spoilt(schema: &Json) -> Json {
        match schema["properties"].as_object() {
            Some(keys) => keys.iter().map(|(key, schema)| (key.clone(), spoilt(schema))).collect(),
            None => json!(null),
        }
    }

    #[test]
    fn the_defaults_keep_the_schema() {
        assert!(check::fits(&Node::from_json(&Values::default().to_json()), &load()));
    }

    #[test]
    fn is_the_whole_schema_when_every_value_differs() {
        let tree = Node::from_json(&spoilt(&load()));
        assert_eq!(around(&tree, &Values::default().to_json()), load());
    }

    #[test]
    fn leaves_out_what_is_about_defaults() {
        let defaults = Values::default().to_json();
        let mut tree = defaults.clone();
        tree["redis"]["enabled"] = json!(!defaults["redis"]["enabled"].as_bool().unwrap());
        let schema = around(&Node::from_json(&tree), &defaults);
        assert_eq!(schema["properties"]["influx"], json!(true));
        assert_eq!(schema["properties"]["redis"]["properties"]["image"], json!(true));
        assert_eq!(schema["properties"]["redis"]["properties"]["enabled"]["type"], "boolean");
        assert_eq!(schema["allOf"], load()["allOf"]);
    }
}
