//! What a scalar's text, its quotes and its tag make together.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use saphyr_parser::{ScalarStyle, Tag};

use super::scalar::{Scalar, resolve};
use crate::error::Problem;
use crate::node::Value;

/// The value of a scalar as Helm reads it.
///
/// # Errors
/// A number that Helm cannot hold, and a tag that is unknown or contradicts the text.
pub fn value(text: Cow<'_, str>, style: ScalarStyle, tag: Option<&Tag>) -> Result<Value, Problem> {
    let scalar = match (tag, style) {
        (None, ScalarStyle::Plain) => resolve(&text),
        (None, _) => Scalar::Text,
        (Some(tag), _) => tagged(&text, tag)?,
    };
    match scalar {
        Scalar::Null => Ok(Value::Null),
        Scalar::Bool(b) => Ok(Value::Bool(b)),
        Scalar::Int(i) => Ok(Value::Int(i)),
        Scalar::Float(f) => Ok(Value::from_float(f)),
        Scalar::Text => {
            let mut text = text.into_owned();
            // The parser leaves room for more, most of it for nothing.
            text.shrink_to_fit();
            Ok(Value::String(text.into()))
        }
        Scalar::Inexact => {
            Err(Problem::new("a whole number beyond ±2^53, which Helm would change")
                .help("quote it, so that it stays as written"))
        }
        Scalar::NotFinite => Err(Problem::new("infinity or not-a-number, which Helm cannot hold")
            .help("write a finite number, or quote it if it is meant as text")),
    }
}

/// Refuses all tags of a list (`own` is `seq`) or a map (`map`), but its own and `!`.
pub fn check_collection(tag: &Tag, own: &str) -> Option<Problem> {
    match core_name(tag) {
        Some("!") => None,
        Some(name) if name == own => None,
        _ => Some(unfit(tag)),
    }
}

fn tagged(text: &str, tag: &Tag) -> Result<Scalar, Problem> {
    let name = match core_name(tag) {
        Some("!" | "str") => return Ok(Scalar::Text),
        Some(name @ ("int" | "float" | "bool" | "null")) => name,
        Some(name @ "binary") if !is_base64(text) => return Err(other(name)),
        _ => return Err(unfit(tag)),
    };
    match (name, resolve(text)) {
        // Small enough for a float to hold it exactly.
        ("float", Scalar::Int(i)) => Ok(Scalar::Float(i as f64)),
        ("int" | "float", number @ (Scalar::Int(_) | Scalar::Inexact))
        | ("float", number @ (Scalar::Float(_) | Scalar::NotFinite)) => Ok(number),
        ("bool", boolean @ Scalar::Bool(_)) => Ok(boolean),
        ("null", Scalar::Null) => Ok(Scalar::Null),
        _ => Err(other(name)),
    }
}

fn other(name: &str) -> Problem {
    Problem::new(format!("the value is not what `!!{name}` says")).help("leave the tag out")
}

/// Base64 as Go reads it, which passes over the ends of lines.
fn is_base64(text: &str) -> bool {
    let text: Vec<u8> = text.bytes().filter(|b| !matches!(b, b'\n' | b'\r')).collect();
    STANDARD.decode(text).is_ok()
}

fn unfit(tag: &Tag) -> Problem {
    match core_name(tag) {
        Some("binary") => Problem::new("the tag `!!binary` is not supported")
            .help("write the text itself; Kubernetes' `data` takes base64 as a plain string"),
        Some(name) => {
            Problem::new(format!("the tag `!!{name}` does not fit here")).help("leave the tag out")
        }
        None => Problem::new(format!("the tag `{}{}` is not known", tag.handle, tag.suffix))
            .help("leave the tag out, or quote the value if it begins with `!`"),
    }
}

/// `int` of `!!int` and of `!<tag:yaml.org,2002:int>`, `!` of `!` alone, `None` of other tags.
fn core_name(tag: &Tag) -> Option<&str> {
    match tag.handle.as_str() {
        "tag:yaml.org,2002:" => Some(&tag.suffix),
        "" if tag.suffix == "!" => Some(&tag.suffix),
        "" => tag.suffix.strip_prefix("tag:yaml.org,2002:"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use saphyr_parser::{ScalarStyle, Tag};

    use super::{check_collection, value};
    use crate::node::Value;

    fn tag(handle: &str, suffix: &str) -> Tag {
        Tag { handle: handle.to_owned(), suffix: suffix.to_owned() }
    }

    fn core(text: &'static str, name: &str) -> Result<Value, String> {
        value(text.into(), ScalarStyle::DoubleQuoted, Some(&tag("tag:yaml.org,2002:", name)))
            .map_err(|p| p.to_string())
    }

    #[test]
    fn quotes_make_a_string() {
        for style in [ScalarStyle::SingleQuoted, ScalarStyle::Literal, ScalarStyle::Folded] {
            let Ok(Value::String(text)) = value("1".into(), style, None) else { panic!() };
            assert_eq!(text, "1");
        }
        assert!(matches!(value("1".into(), ScalarStyle::Plain, None), Ok(Value::Int(1))));
    }

    #[test]
    fn core_tags_decide_whatever_the_quotes() {
        assert!(matches!(core("y", "str"), Ok(Value::String(s)) if s == "y"));
        assert!(matches!(core("0x1F", "int"), Ok(Value::Int(31))));
        assert!(matches!(core("1", "float"), Ok(Value::Int(1))));
        assert!(matches!(core("1.5", "float"), Ok(Value::Float(_))));
        assert!(matches!(core("on", "bool"), Ok(Value::Bool(true))));
        assert!(matches!(core("", "null"), Ok(Value::Null)));
        for (text, name) in
            [("x", "int"), ("1.0", "int"), ("1", "bool"), ("0", "null"), ("", "int")]
        {
            assert!(core(text, name).unwrap_err().contains("is not what"), "{text} {name}");
        }
    }

    #[test]
    fn refuses_other_tags() {
        assert!(core("aGk=", "binary").unwrap_err().contains("base64"));
        assert!(core("aGk", "binary").unwrap_err().contains("is not what"));
        assert!(core("2020-01-01", "timestamp").unwrap_err().contains("does not fit"));
        let custom = value("x".into(), ScalarStyle::Plain, Some(&tag("!", "foo"))).unwrap_err();
        assert!(custom.message.contains("`!foo` is not known"));
        assert!(check_collection(&tag("tag:yaml.org,2002:", "map"), "map").is_none());
        assert!(check_collection(&tag("", "!"), "map").is_none());
        assert!(check_collection(&tag("tag:yaml.org,2002:", "str"), "map").is_some());
        assert!(check_collection(&tag("", "tag:yaml.org,2002:seq"), "seq").is_none());
    }

    #[test]
    fn refuses_numbers_that_helm_cannot_hold() {
        assert!(core("9007199254740993", "int").unwrap_err().contains("2^53"));
        assert!(core(".nan", "float").unwrap_err().contains("not-a-number"));
    }
}
