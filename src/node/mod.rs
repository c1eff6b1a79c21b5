//! A tree of values that remembers where each of its parts was written.

mod deserialize;
mod map;
mod serialize;

pub use map::Map;

use serde::Serialize;
use serde_json::Value as Json;
use smol_str::SmolStr;

use crate::source::Origin;

/// A value and the place it was written at; `None` for built-in defaults.
#[derive(Clone, Debug)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where the value begins.
    pub origin: Option<Origin>,
}

/// What a [`Node`] holds: JSON's model, as Helm sees values.
#[derive(Clone, Debug)]
pub enum Value {
    /// `null`, which deletes a default when trees are merged.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number. A float without a fraction is stored as one, as JSON Schema counts it.
    Int(i64),
    /// A number with a fraction, or one beyond 64 bits. Always finite.
    Float(f64),
    /// A string.
    String(SmolStr),
    /// A list.
    List(Vec<Node>),
    /// A map, in the order its keys were written.
    Map(Map),
}

/// A map's value, with the place of its key.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where the key was written.
    pub key_origin: Option<Origin>,
    /// What it holds.
    pub node: Node,
}

impl Node {
    /// A node for a value.
    pub fn new(value: Value, origin: Option<Origin>) -> Self {
        Self { value, origin }
    }

    /// The node at a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, key| Some(&node.as_map()?.get(key)?.node))
    }

    /// The string that this is.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The map that this is.
    pub fn as_map(&self) -> Option<&Map> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The items, when this is a list.
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// An item of the list under a key.
    pub fn item(&self, key: &str, index: usize) -> Option<&Self> {
        self.at(&[key])?.items().get(index)
    }

    /// A typed value as a tree without positions.
    ///
    /// # Errors
    /// When it holds what no value is made of: bytes, tuples, keys that are no texts, enums with more than a name.
    pub fn of(typed: &impl Serialize) -> Result<Self, serde_json::Error> {
        typed.serialize(serialize::ToNode)
    }

    /// A tree without positions.
    pub fn from_json(json: &Json) -> Self {
        let value = match json {
            Json::Null => Value::Null,
            Json::Bool(b) => Value::Bool(*b),
            Json::Number(n) => match (n.as_i64(), n.as_f64()) {
                (Some(i), _) => Value::Int(i),
                (None, Some(f)) => Value::from_float(f),
                (None, None) => unreachable!("serde_json numbers are i64, u64 or f64"),
            },
            Json::String(s) => Value::String(s.into()),
            Json::Array(items) => Value::List(items.iter().map(Self::from_json).collect()),
            Json::Object(map) => Value::Map(
                map.iter()
                    .map(|(k, v)| {
                        (SmolStr::from(k), Entry { key_origin: None, node: Self::from_json(v) })
                    })
                    .collect(),
            ),
        };
        Self { value, origin: None }
    }

    /// The tree as plain JSON.
    pub fn to_json(&self) -> Json {
        match &self.value {
            Value::Null => Json::Null,
            Value::Bool(b) => Json::Bool(*b),
            Value::Int(i) => Json::from(*i),
            Value::Float(f) => Json::from(*f),
            Value::String(s) => Json::String(s.to_string()),
            Value::List(items) => items.iter().map(Self::to_json).collect(),
            Value::Map(map) => {
                Json::Object(map.iter().map(|(k, e)| (k.to_string(), e.node.to_json())).collect())
            }
        }
    }
}

impl Value {
    /// A number, whole when it has no fraction and fits 64 bits: Helm and JSON Schema make no
    /// difference between `80` and `80.0`.
    pub fn from_float(f: f64) -> Self {
        // 2^63 itself is the first float that i64 cannot hold.
        if f.fract() == 0.0 && (-(2f64.powi(63))..2f64.powi(63)).contains(&f) {
            Self::Int(f as i64)
        } else {
            Self::Float(f)
        }
    }

    /// The kind's name in messages: `a string`, `a map`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Int(_) => "an integer",
            Self::Float(_) => "a number",
            Self::String(_) => "a string",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::mem::size_of;

    use smol_str::SmolStr;

    use super::{Entry, Node, Value};

    /// Trees are most of what a run holds in memory, and each page of it takes as long as 2,000 instructions to get.
    #[test]
    fn values_take_no_more_memory_than_a_map() {
        assert!(size_of::<Value>() <= 32, "{}", size_of::<Value>());
        assert!(size_of::<Node>() <= 48, "{}", size_of::<Node>());
        assert!(size_of::<(SmolStr, Entry)>() <= 88, "{}", size_of::<(SmolStr, Entry)>());
    }
}
