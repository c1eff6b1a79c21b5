//! The commented `values.yaml`: every key, what it means, and its value.

use serde_json::{Map, Value as Json};

use crate::lines::{count, line, lines};
use crate::node::{self, Node, Value};
use crate::yaml::write::{self, Order};

/// What the file begins with.
const HEADER: &str = "\
# Values of Forguncy on Kubernetes: every key, its meaning and its value.
#
# Change what you need and pass the file on; a file with only the keys you change does as well.
#   hzgchart render -f values.yaml
#   helm install RELEASE CHART --values values.yaml
#   helm upgrade RELEASE CHART --values values.yaml
";

/// Columns that a comment may fill, its indentation included.
const WIDTH: usize = 100;

/// The file with the value that a key has where it is missing, each on one line: [`write()`] exchanges the values.
///
/// It is kept beside the source, since to wrap its comments takes longer than all the rest of writing the file. A test
/// compares it with what [`keys`] makes.
const KEYS: &str = include_str!("../chart/values.keys.yaml");

/// Where its lines begin.
static LINES: [u32; count(KEYS, b'\n')] = lines(KEYS);

/// Writes a complete values file: every key of the schema in the schema's order, its description as a
/// comment above it, and its value.
///
/// `values` is a tree that fits the schema. A free-form key that it lacks is written empty, any other
/// one with the schema's default.
pub fn write(values: &Node) -> String {
    let mut out = String::with_capacity(KEYS.len() + KEYS.len() / 4);
    let mut sections = vec![Some(values)];
    // Up to where `out` has it.
    let mut copied = 0;
    for (at, start) in LINES.iter().enumerate() {
        let line = line(KEYS, &LINES, at).unwrap_or_default();
        let Some((indent, key, missing)) = entry(line) else { continue };
        sections.truncate(indent / 2 + 1);
        let section = sections.last().copied().flatten();
        let node = section.and_then(|section| section.at(&[key]));
        if missing == "\n" {
            sections.push(node);
        }
        let Some(node) = node.filter(|node| missing != "\n" && !matches!(node.value, Value::Null))
        else {
            continue;
        };
        let end = *start as usize + line.len();
        out.push_str(&KEYS[copied..end - missing.len()]);
        copied = end;
        let is_block = !node.items().is_empty() || node.as_map().is_some_and(|map| !map.is_empty());
        out.push(if is_block { '\n' } else { ' ' });
        write::block(node, Order::AsWritten, if is_block { indent + 2 } else { 0 }, &mut out);
    }
    out.push_str(&KEYS[copied..]);
    out
}

/// The indentation of a line, the key in it, and what follows its colon; nothing of a comment.
fn entry(line: &str) -> Option<(usize, &str, &str)> {
    let indent = line.bytes().position(|byte| byte != b' ')?;
    let colon = match line.as_bytes()[indent] {
        b'#' => return None,
        _ => line.bytes().position(|byte| byte == b':')?,
    };
    Some((indent, &line[indent..colon], &line[colon + 1..]))
}

/// Writes the keys that a tree has, in the schema's order, each below the first sentence of its meaning. `note` is what else there is
/// to say of the key at a path.
pub(crate) fn write_some(
    map: &node::Map,
    schema: &Json,
    note: &dyn Fn(&str) -> Option<String>,
) -> String {
    let mut out = String::new();
    write_section(map, schema, "", note, &mut out);
    out
}

fn write_section(
    map: &node::Map,
    schema: &Json,
    path: &str,
    note: &dyn Fn(&str) -> Option<String>,
    out: &mut String,
) {
    let depth = path.split('.').filter(|part| !part.is_empty()).count();
    let indent = "  ".repeat(depth);
    for (key, property) in properties(schema).into_iter().flatten() {
        let Some(entry) = map.get(key) else { continue };
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        if depth == 0 {
            out.push('\n');
        }
        let description = property["description"].as_str().unwrap_or_default();
        write_comment(out, &indent, first_sentence(description));
        if let Some(note) = note(&path) {
            out.push_str(&format!("{indent}# {note}\n"));
        }
        *out += &format!("{indent}{key}:");
        match &entry.node.value {
            Value::Map(map) if properties(property).is_some() => {
                out.push('\n');
                write_section(map, property, &path, note, out);
            }
            Value::Map(map) if !map.is_empty() => {
                out.push('\n');
                write::block(&entry.node, Order::AsWritten, indent.len() + 2, out);
            }
            Value::List(items) if !items.is_empty() => {
                out.push('\n');
                write::block(&entry.node, Order::AsWritten, indent.len() + 2, out);
            }
            _ => {
                out.push(' ');
                write::block(&entry.node, Order::AsWritten, 0, out);
            }
        }
    }
}

/// The beginning of a description, which `init` has in full.
fn first_sentence(text: &str) -> &str {
    let line = text.lines().next().unwrap_or_default();
    line.split_once(". ").map_or(line, |(first, _)| first).trim_end_matches('.')
}

/// Makes what [`write()`] begins with: the keys of a schema, commented, each with the value that it has where it is missing.
pub fn keys(schema: &Json) -> String {
    let mut out = HEADER.to_owned();
    for (key, property) in properties(schema).into_iter().flatten() {
        out.push('\n');
        write_key(&mut out, 0, key, property);
    }
    out
}

/// The keys that a schema lists, unless it describes a single value, a list or a free-form map.
pub(crate) fn properties(schema: &Json) -> Option<&Map<String, Json>> {
    schema.get("properties").and_then(Json::as_object)
}

fn write_key(out: &mut String, depth: usize, key: &str, schema: &Json) {
    let indent = "  ".repeat(depth);
    write_comment(out, &indent, schema["description"].as_str().unwrap_or_default());
    match properties(schema) {
        Some(properties) => {
            *out += &format!("{indent}{key}:\n");
            for (key, property) in properties {
                write_key(out, depth + 1, key, property);
            }
        }
        None => *out += &format!("{indent}{key}: {}\n", write::scalar(&missing(schema))),
    }
}

/// The meaning of a key that is not there.
fn missing(schema: &Json) -> Node {
    match schema["type"].as_str() {
        Some("object") => Node::new(Value::Map(Default::default()), None),
        Some("array") => Node::new(Value::List(Vec::new()), None),
        _ => Node::from_json(&schema["default"]),
    }
}

/// Writes a text as comment lines, wrapped between words; the lines of a list item hang.
pub(crate) fn write_comment(out: &mut String, indent: &str, text: &str) {
    for paragraph in text.lines().filter(|line| !line.is_empty()) {
        let start = format!("{indent}#");
        let hang = if paragraph.starts_with("- ") { "  " } else { "" };
        let mut line = start.clone();
        for word in paragraph.split_whitespace() {
            if line.len() > start.len() + hang.len()
                && line.chars().count() + 1 + word.chars().count() > WIDTH
            {
                *out += &line;
                out.push('\n');
                line = format!("{start}{hang}");
            }
            line.push(' ');
            line += word;
        }
        *out += &line;
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{KEYS, WIDTH, keys, write};
    use crate::embedded::VALUES;
    use crate::generated;
    use crate::node::Node;
    use crate::schema::generate::generate;
    use crate::values::Values;

    fn written(change: impl FnOnce(&mut Value)) -> String {
        let mut values = serde_json::to_value(Values::default()).expect("values are JSON");
        change(&mut values);
        write(&Node::from_json(&values))
    }

    #[test]
    fn the_committed_keys_are_what_the_schema_says() {
        generated::assert_current("chart/values.keys.yaml", KEYS, &keys(&generate()));
    }

    #[test]
    fn the_committed_values_are_the_defaults() {
        generated::assert_current("chart/values.yaml", VALUES, &written(|_| {}));
    }

    #[test]
    fn writes_every_key_with_a_comment_above_it() {
        let text = written(|_| {});
        let schema = generate();
        let lines: Vec<&str> = text.lines().collect();
        let mut keys = 0;
        let mut path: Vec<&str> = Vec::new();
        for (i, line) in lines.iter().enumerate() {
            assert!(!line.trim_start().starts_with('#') || line.chars().count() <= WIDTH, "{line}");
            assert_eq!(line.trim_end(), *line);
            let Some((key, _)) =
                line.trim_start().split_once(':').filter(|(key, _)| !key.starts_with(['#', '-']))
            else {
                continue;
            };
            path.truncate((line.len() - line.trim_start().len()) / 2);
            path.push(key);
            let pointer: String = path.iter().map(|key| format!("/properties/{key}")).collect();
            // What the schema does not list stands in a free-form map and needs no comment.
            if schema.pointer(&pointer).is_some() {
                keys += 1;
                assert!(lines[i - 1].trim_start().starts_with('#'), "no comment above `{line}`");
            }
        }
        assert!(keys > 180, "{keys} keys");
    }

    #[test]
    fn names_the_choices_of_an_enum() {
        let text = written(|_| {});
        assert!(
            text.contains("    # - `hostPath`:") || text.contains("  # - `hostPath`:"),
            "{text}"
        );
        assert!(text.contains("- `volatile-ttl`:"));
    }

    #[test]
    fn keeps_hostile_text_inside_its_quotes() {
        let text = written(|values| {
            values["forguncy"]["nodeSelector"] =
                json!({ "a#b: c\nevil: true #": "x\n# y: \u{85}\u{2028}z" });
            values["redis"]["auth"]["password"] = json!("p # \"q\"\nevil: {{ .Values }}");
        });
        assert!(
            text.contains(
                "  nodeSelector:\n    \"a#b: c\\nevil: true #\": \"x\\n# y: \\x85\\u2028z\"\n"
            ),
            "{text}"
        );
        assert!(text.contains(r##"    password: "p # \"q\"\nevil: {{ .Values }}""##));
        assert!(!text.lines().any(|line| line.trim_start().starts_with("evil")));
    }

    #[test]
    fn writes_a_missing_map_empty_and_a_missing_value_with_its_default() {
        let text = written(|values| {
            values["forguncy"].as_object_mut().expect("a map").shift_remove("strategy");
            values["storage"].as_object_mut().expect("a map").shift_remove("root");
        });
        assert!(text.contains("\n  strategy: {}\n"));
        assert!(text.contains("\n  root: /fgc-k8s-lbroot\n"));
    }
}
