//! A symbolic value: the name of a value that an installation will bring, disguised as a string so that Tera hands it
//! around unread.

use serde_json::Value as Json;
use tera::{Map, TeraResult, Value};

/// Opens a symbol inside a string. Private use: no template and no schema holds it.
const OPEN: char = '\u{E000}';
/// Closes a symbol.
const CLOSE: char = '\u{E001}';

/// How the value behind a symbol may be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A whole number. Helm reads it as a float, so it is printed through `int64`: `quote` of 12345678 would give `"1.2345678e+07"`.
    Int,
    /// A boolean.
    Bool,
    /// A string that is safe anywhere in YAML: an enum's value, a release name.
    Word,
    /// Any string: needs `quote`.
    Text,
    /// A map or a list, or a scalar of several types: needs `block` or `scalar`.
    Yaml,
}

/// A symbolic value: a Go template expression and what it yields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Symbol {
    pub kind: Kind,
    pub expression: String,
}

impl Symbol {
    pub fn new(kind: Kind, expression: impl Into<String>) -> Self {
        Self { kind, expression: expression.into() }
    }

    /// The disguise.
    pub fn into_value(self) -> Value {
        let kind = match self.kind {
            Kind::Int => 'i',
            Kind::Bool => 'b',
            Kind::Word => 'w',
            Kind::Text => 't',
            Kind::Yaml => 'y',
        };
        Value::normal_string(&format!("{OPEN}{kind}{}{CLOSE}", self.expression))
    }

    /// The expression as an argument of a function: in parentheses unless it is a single word.
    pub fn argument(&self) -> String {
        super::go::grouped(&self.expression)
    }
}

/// A piece of a string.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Literal(&'a str),
    Symbol(Symbol),
}

/// Takes a string apart: `~` in a template joins symbols with literals.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN) {
        let (inner, behind) = after.split_once(CLOSE).unwrap_or((after, ""));
        if !before.is_empty() {
            pieces.push(Piece::Literal(before));
        }
        pieces.push(Piece::Symbol(parse(inner)));
        rest = behind;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest));
    }
    pieces
}

fn parse(inner: &str) -> Symbol {
    let kind = match inner.chars().next() {
        Some('i') => Kind::Int,
        Some('b') => Kind::Bool,
        Some('w') => Kind::Word,
        Some('t') => Kind::Text,
        _ => Kind::Yaml,
    };
    Symbol::new(kind, inner.get(1..).unwrap_or_default())
}

/// The context of the chart stage: for every key of a JSON schema a symbol, `.Values.` and its path.
pub fn symbols(schema: &Json) -> TeraResult<Value> {
    Ok(symbol_of(schema, ".Values"))
}

/// What the chart stage knows besides values: the release, the chart, and the element of an `each`.
pub fn builtins() -> [(&'static str, Value); 3] {
    let map = |entries: &[(&'static str, Symbol)]| {
        Value::from(
            entries
                .iter()
                .map(|(k, symbol)| ((*k).into(), symbol.clone().into_value()))
                .collect::<Map>(),
        )
    };
    [
        (
            "release",
            map(&[
                ("name", Symbol::new(Kind::Word, ".Release.Name")),
                // A word, since the chart refuses a namespace that is no DNS label.
                ("namespace", Symbol::new(Kind::Word, ".Release.Namespace")),
                ("service", Symbol::new(Kind::Word, ".Release.Service")),
            ]),
        ),
        ("chart", map(&[("appVersion", Symbol::new(Kind::Text, ".Chart.AppVersion"))])),
        ("item", Symbol::new(Kind::Text, ".").into_value()),
    ]
}

fn symbol_of(schema: &Json, path: &str) -> Value {
    if let Some(properties) = schema.get("properties").and_then(Json::as_object) {
        let mut map = Map::new();
        for (key, schema) in properties {
            map.insert(key.clone().into(), symbol_of(schema, &format!("{path}.{key}")));
        }
        return Value::from(map);
    }
    let kind = match schema.get("type").and_then(Json::as_str) {
        Some("integer") => Kind::Int,
        Some("boolean") => Kind::Bool,
        Some("string") if schema.get("enum").is_some() => Kind::Word,
        Some("string") => Kind::Text,
        _ => Kind::Yaml,
    };
    Symbol::new(kind, path).into_value()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_symbol_survives_being_joined_with_literals() {
        let name = Symbol::new(Kind::Word, ".Release.Name");
        let joined = format!("a-{}-b", name.clone().into_value());
        assert_eq!(
            pieces(&joined),
            [Piece::Literal("a-"), Piece::Symbol(name), Piece::Literal("-b")]
        );
    }

    #[test]
    fn every_schema_property_becomes_a_symbol_of_its_kind() {
        let schema = json!({"properties": {
            "on": {"type": "boolean"},
            "port": {"type": "integer"},
            "mode": {"type": "string", "enum": ["a"]},
            "inner": {"properties": {"name": {"type": "string"}, "free": {"type": "object"}}},
        }});
        let values = symbols(&schema).unwrap();
        let kind = |path: &str| {
            let text = values.get_from_path(path).unwrap().as_str().unwrap().to_owned();
            match pieces(&text).remove(0) {
                Piece::Symbol(symbol) => (symbol.kind, symbol.expression),
                Piece::Literal(text) => panic!("{text} is no symbol"),
            }
        };
        assert_eq!(kind("on"), (Kind::Bool, ".Values.on".into()));
        assert_eq!(kind("port"), (Kind::Int, ".Values.port".into()));
        assert_eq!(kind("mode"), (Kind::Word, ".Values.mode".into()));
        assert_eq!(kind("inner.name"), (Kind::Text, ".Values.inner.name".into()));
        assert_eq!(kind("inner.free"), (Kind::Yaml, ".Values.inner.free".into()));
    }
}
