//! Writes values files for the tests, in the ways that people write them.

use std::fmt::Write;

use indexmap::IndexMap;
use serde_json::Value as Json;

/// How a string is written; anything else than a string has one way only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `"…"` with escapes. Holds any string.
    Double,
    /// `'…'`, when the string has only printable characters on one line.
    Single,
    /// `|`, when the string has only printable characters.
    Literal,
    /// Bare, whatever YAML then makes of it.
    Plain,
}

/// A values file before it is written.
#[derive(Clone, Debug)]
pub enum Tree {
    /// A value.
    Leaf(Json, Style),
    /// A map of further trees.
    Map(IndexMap<String, Tree>),
}

impl Tree {
    /// A tree without keys.
    pub fn empty() -> Self {
        Self::Map(IndexMap::new())
    }

    /// Puts a value at a path, over whatever is in the way.
    pub fn insert(&mut self, path: &[String], value: Json, style: Style) {
        let Some((key, rest)) = path.split_first() else {
            *self = Self::Leaf(value, style);
            return;
        };
        if let Self::Leaf(..) = self {
            *self = Self::empty();
        }
        if let Self::Map(map) = self {
            map.entry(key.clone()).or_insert_with(Self::empty).insert(rest, value, style);
        }
    }

    /// The text of the file.
    pub fn to_yaml(&self) -> String {
        let mut text = String::new();
        match self {
            Self::Map(map) if map.is_empty() => {}
            Self::Map(map) => write_map(&mut text, map, 0),
            Self::Leaf(value, style) => write_scalar_or_flow(&mut text, value, *style, 0),
        }
        text
    }
}

fn write_map(text: &mut String, map: &IndexMap<String, Tree>, indent: usize) {
    for (key, tree) in map {
        text.push_str(&" ".repeat(indent));
        text.push_str(&key_text(key));
        text.push(':');
        match tree {
            Tree::Map(map) if map.is_empty() => text.push_str(" {}\n"),
            Tree::Map(map) => {
                text.push('\n');
                write_map(text, map, indent + 2);
            }
            Tree::Leaf(value, style) => write_value(text, value, *style, indent),
        }
    }
}

/// What follows `key:` or `-` at this indent, to the end of the line or the block.
fn write_value(text: &mut String, value: &Json, style: Style, indent: usize) {
    match value {
        Json::Object(map) if !map.is_empty() => {
            text.push('\n');
            for (key, value) in map {
                text.push_str(&" ".repeat(indent + 2));
                text.push_str(&key_text(key));
                text.push(':');
                write_value(text, value, style, indent + 2);
            }
        }
        Json::Array(items) if !items.is_empty() => {
            text.push('\n');
            for item in items {
                text.push_str(&" ".repeat(indent + 2));
                text.push('-');
                write_value(text, item, style, indent + 2);
            }
        }
        _ => {
            text.push(' ');
            write_scalar_or_flow(text, value, style, indent);
        }
    }
}

fn write_scalar_or_flow(text: &mut String, value: &Json, style: Style, indent: usize) {
    let printable = |s: &str| s.chars().all(|c| c == '\n' || is_printable(c));
    match (value, style) {
        (Json::String(s), Style::Plain) => text.push_str(s),
        (Json::String(s), Style::Single) if printable(s) && !s.contains('\n') => {
            let _ = write!(text, "'{}'", s.replace('\'', "''"));
        }
        // A literal of nothing but line breaks means other things to other readers.
        (Json::String(s), Style::Literal)
            if printable(s) && s.contains(|c: char| !c.is_whitespace()) =>
        {
            write_literal(text, s, indent);
            return;
        }
        (Json::String(s), _) => text.push_str(&double_quoted(s)),
        (other, _) => text.push_str(&other.to_string()),
    }
    text.push('\n');
}

fn write_literal(text: &mut String, s: &str, indent: usize) {
    let body = s.trim_end_matches('\n');
    let chomping = match s.len() - body.len() {
        0 => "-",
        1 => "",
        _ => "+",
    };
    let _ = writeln!(text, "|2{chomping}");
    let lines = s.strip_suffix('\n').unwrap_or(s).split('\n');
    for line in lines {
        let _ = writeln!(
            text,
            "{:indent$}{line}",
            "",
            indent = if line.is_empty() { 0 } else { indent + 2 }
        );
    }
}

fn key_text(key: &str) -> String {
    let bare = key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.len() > 3
        && key.chars().all(|c| c.is_ascii_alphanumeric());
    let reserved = matches!(key, "true" | "false" | "null");
    if bare && !reserved { key.to_owned() } else { double_quoted(key) }
}

/// A string in double quotes that every reader of YAML takes the same way.
pub fn double_quoted(s: &str) -> String {
    let mut quoted = String::from("\"");
    for c in s.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            c if is_printable(c) => quoted.push(c),
            c if (c as u32) < 0x1_0000 => {
                let _ = write!(quoted, "\\u{:04x}", c as u32);
            }
            c => {
                let _ = write!(quoted, "\\U{:08x}", c as u32);
            }
        }
    }
    quoted.push('"');
    quoted
}

/// Neither a control character nor one of those that YAML 1.1 takes for a line break, nor one that
/// an editor would hide from the reader of a regression file.
fn is_printable(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{e000}'..='\u{f8ff}')
        && (c as u32) < 0xf_0000
        && !matches!(c, '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::{Style, Tree};
    use crate::harness::manifests::read_yaml;

    #[test]
    fn what_is_written_reads_back_in_every_style() {
        let strings =
            ["", "yes", " a ", "a\n", "\n a\n\nb\n\n", "it's", "\u{e000}\u{1}\u{2028}😀", "# x: y"];
        for style in [Style::Double, Style::Single, Style::Literal] {
            let mut tree = Tree::empty();
            let values = json!({ "on": strings, "list": [[], {}, { "n": null }, [1.5, true]] });
            let path = ["deep".to_owned(), "y".to_owned()];
            tree.insert(&path, values.clone(), style);
            let text = tree.to_yaml();
            assert_eq!(read_yaml(&text), Ok(vec![json!({ "deep": { "y": values } })]), "{text}");
        }
    }

    #[test]
    fn plain_scalars_are_written_as_they_are() {
        let mut tree = Tree::empty();
        tree.insert(&["port".to_owned()], Json::from("0x50"), Style::Plain);
        assert_eq!(tree.to_yaml(), "port: 0x50\n");
    }
}
