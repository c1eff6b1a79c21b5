//! Typed values as trees, with no JSON in between.

use serde::Serialize;
use serde::ser::{Error as _, Impossible, SerializeMap, SerializeSeq, SerializeStruct, Serializer};
use serde_json::Error;
use smol_str::SmolStr;

use super::{Entry, Map, Node, Value};

/// Makes trees without positions. Of what serde can tell, it takes what values are made of: no bytes, no tuples, and no enums that
/// hold something besides their name.
pub(super) struct ToNode;

fn node(value: Value) -> Result<Node, Error> {
    Ok(Node::new(value, None))
}

fn never<T>(what: &str) -> Result<T, Error> {
    Err(Error::custom(format_args!("no value is made of {what}")))
}

impl Serializer for ToNode {
    type Ok = Node;
    type Error = Error;
    type SerializeSeq = Items;
    type SerializeTuple = Impossible<Node, Error>;
    type SerializeTupleStruct = Impossible<Node, Error>;
    type SerializeTupleVariant = Impossible<Node, Error>;
    type SerializeMap = Entries;
    type SerializeStruct = Entries;
    type SerializeStructVariant = Impossible<Node, Error>;

    fn serialize_bool(self, v: bool) -> Result<Node, Error> {
        node(Value::Bool(v))
    }

    fn serialize_i8(self, v: i8) -> Result<Node, Error> {
        self.serialize_i64(v.into())
    }

    fn serialize_i16(self, v: i16) -> Result<Node, Error> {
        self.serialize_i64(v.into())
    }

    fn serialize_i32(self, v: i32) -> Result<Node, Error> {
        self.serialize_i64(v.into())
    }

    fn serialize_i64(self, v: i64) -> Result<Node, Error> {
        node(Value::Int(v))
    }

    fn serialize_u8(self, v: u8) -> Result<Node, Error> {
        self.serialize_i64(v.into())
    }

    fn serialize_u16(self, v: u16) -> Result<Node, Error> {
        self.serialize_i64(v.into())
    }

    fn serialize_u32(self, v: u32) -> Result<Node, Error> {
        self.serialize_i64(v.into())
    }

    fn serialize_u64(self, v: u64) -> Result<Node, Error> {
        node(i64::try_from(v).map_or(Value::Float(v as f64), Value::Int))
    }

    fn serialize_f32(self, v: f32) -> Result<Node, Error> {
        self.serialize_f64(v.into())
    }

    fn serialize_f64(self, v: f64) -> Result<Node, Error> {
        // As JSON has it.
        node(if v.is_finite() { Value::from_float(v) } else { Value::Null })
    }

    fn serialize_char(self, v: char) -> Result<Node, Error> {
        self.serialize_str(v.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, v: &str) -> Result<Node, Error> {
        node(Value::String(v.into()))
    }

    fn serialize_bytes(self, _v: &[u8]) -> Result<Node, Error> {
        never("bytes")
    }

    fn serialize_none(self) -> Result<Node, Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Node, Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Node, Error> {
        node(Value::Null)
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<Node, Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<Node, Error> {
        node(Value::String(SmolStr::new_static(variant)))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<Node, Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        _index: u32,
        _variant: &'static str,
        _value: &T,
    ) -> Result<Node, Error> {
        never(name)
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Items, Error> {
        Ok(Items(Vec::with_capacity(len.unwrap_or_default())))
    }

    fn serialize_tuple(self, _len: usize) -> Result<Self::SerializeTuple, Error> {
        never("tuples")
    }

    fn serialize_tuple_struct(
        self,
        name: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeTupleStruct, Error> {
        never(name)
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        never(name)
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Entries, Error> {
        Ok(Entries { map: Map::with_capacity(len.unwrap_or_default()), key: None })
    }

    fn serialize_struct(self, _name: &'static str, len: usize) -> Result<Entries, Error> {
        self.serialize_map(Some(len))
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeStructVariant, Error> {
        never(name)
    }
}

/// A list in the making.
pub(super) struct Items(Vec<Node>);

impl SerializeSeq for Items {
    type Ok = Node;
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.0.push(value.serialize(ToNode)?);
        Ok(())
    }

    fn end(self) -> Result<Node, Error> {
        node(Value::List(self.0))
    }
}

/// A map in the making.
pub(super) struct Entries {
    map: Map,
    /// The key whose value comes next.
    key: Option<SmolStr>,
}

impl Entries {
    fn add<T: Serialize + ?Sized>(&mut self, key: SmolStr, value: &T) -> Result<(), Error> {
        self.map.insert(key, Entry { key_origin: None, node: value.serialize(ToNode)? });
        Ok(())
    }
}

impl SerializeMap for Entries {
    type Ok = Node;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        let Value::String(key) = key.serialize(ToNode)?.value else {
            return never("keys that are no text");
        };
        self.key = Some(key);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let key = self.key.take().expect("serde gives a key before its value");
        self.add(key, value)
    }

    fn end(self) -> Result<Node, Error> {
        node(Value::Map(self.map))
    }
}

impl SerializeStruct for Entries {
    type Ok = Node;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        // No struct has a field twice.
        self.map.push(
            SmolStr::new_static(key),
            Entry { key_origin: None, node: value.serialize(ToNode)? },
        );
        Ok(())
    }

    fn end(self) -> Result<Node, Error> {
        SerializeMap::end(self)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Serialize;
    use serde_json::json;

    use super::super::Node;

    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    enum Mode {
        FixedReplicas,
    }

    #[derive(Serialize)]
    #[serde(untagged)]
    enum Either {
        Text(String),
        Number(serde_json::Number),
    }

    #[derive(Serialize)]
    struct Wrapped(String);

    #[derive(Serialize)]
    struct Inner {
        inner: u8,
        sign: char,
        none: Option<bool>,
    }

    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Typed {
        some_port: Option<u16>,
        mode: Mode,
        either: Vec<Either>,
        #[serde(flatten)]
        flat: Inner,
        wrapped: Wrapped,
        map: BTreeMap<String, f64>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        left_out: Vec<u8>,
        unit: (),
    }

    #[test]
    fn makes_what_json_has() {
        let number = serde_json::Number::from(7);
        let typed = Typed {
            some_port: Some(80),
            mode: Mode::FixedReplicas,
            either: vec![Either::Text("a".to_owned()), Either::Number(number)],
            flat: Inner { inner: 1, sign: '活', none: None },
            wrapped: Wrapped("w".to_owned()),
            map: BTreeMap::from([("a b".to_owned(), 0.5), ("c".to_owned(), 2.0)]),
            left_out: Vec::new(),
            unit: (),
        };
        let expected = Node::from_json(&serde_json::to_value(&typed).unwrap());
        assert_eq!(format!("{:?}", Node::of(&typed).unwrap()), format!("{expected:?}"));
    }

    #[test]
    fn makes_the_numbers_that_json_has() {
        let made = |number: Node| number.to_json();
        assert_eq!(made(Node::of(&u64::MAX).unwrap()), json!(u64::MAX as f64));
        assert_eq!(made(Node::of(&i64::MIN).unwrap()), json!(i64::MIN));
        assert_eq!(made(Node::of(&f64::NAN).unwrap()), json!(null));
        assert_eq!(made(Node::of(&80.0).unwrap()), json!(80));
    }

    #[test]
    fn refuses_what_no_value_is_made_of() {
        #[derive(Serialize)]
        enum Full {
            Struct { a: u8 },
            Tuple(u8, u8),
            Newtype(u8),
        }
        for full in [Full::Struct { a: 1 }, Full::Tuple(1, 2), Full::Newtype(1)] {
            assert_eq!(Node::of(&full).unwrap_err().to_string(), "no value is made of Full");
        }
        assert_eq!(Node::of(&(1, 2)).unwrap_err().to_string(), "no value is made of tuples");
        assert!(Node::of(&BTreeMap::from([(1, 2)])).is_err());
    }
}
