//! Trees as what serde reads typed values from, with no JSON in between.

use serde::de::value::{BorrowedStrDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Error;

use super::{Node, Value};

impl<'de> Deserializer<'de> for &'de Node {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(b) => visitor.visit_bool(*b),
            Value::Int(i) => visitor.visit_i64(*i),
            Value::Float(f) => visitor.visit_f64(*f),
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::List(items) => visitor.visit_seq(SeqDeserializer::new(items.iter())),
            Value::Map(map) => visitor.visit_map(MapDeserializer::new(
                map.iter().map(|(key, entry)| (BorrowedStrDeserializer::new(key), &entry.node)),
            )),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    /// Enums of the values are strings.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match &self.value {
            Value::String(text) => visitor.visit_enum(BorrowedStrDeserializer::new(text)),
            _ => self.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Error> for &'de Node {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::{Value as Json, json};

    use super::{Error, Node};

    #[test]
    fn reads_what_json_reads() {
        let json = json!({
            "null": null, "bool": true, "int": -1, "most": i64::MAX, "float": 0.5, "text": "活",
            "list": [1, [], {}, "x"], "map": {"a": {"b": null}}
        });
        assert_eq!(Json::deserialize(&Node::from_json(&json)).unwrap(), json);
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Typed {
        port: u16,
        mode: Mode,
        note: Option<Wrapped>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "camelCase")]
    enum Mode {
        Manual,
        Fixed,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Wrapped(String);

    /// What `Values` tells users of an error.
    fn told(error: &Error) -> Option<String> {
        Some(error.to_string()).filter(|text| text.contains(" field `"))
    }

    #[test]
    fn reads_types_and_refuses_what_json_refuses() {
        for json in [
            json!({"port": 80, "mode": "fixed", "note": "n"}),
            json!({"port": 80, "mode": "manual", "note": null}),
            json!({"port": 80, "mode": "manual"}),
            json!({"port": 70000, "mode": "manual"}),
            json!({"port": -1, "mode": "manual"}),
            json!({"port": 80.5, "mode": "manual"}),
            json!({"port": "80", "mode": "manual"}),
            json!({"port": 80, "mode": "auto"}),
            json!({"port": 80, "mode": 1}),
            json!({"port": 80, "mode": null}),
            json!({"port": 80, "mode": "fixed", "note": ["n"]}),
            json!({"port": 80}),
            json!({"port": 80, "mode": "fixed", "x": 1}),
            json!([]),
            json!("x"),
        ] {
            let read = Typed::deserialize(&Node::from_json(&json)).map_err(|e| told(&e));
            let expected = Typed::deserialize(&json).map_err(|e| told(&e));
            assert_eq!(read, expected, "{json}");
        }
    }
}
