//! Reads of the schema what a tree needs: to parse the whole text would take longer than all the rest of a check.

use std::iter;

use serde_json::Value as Json;

use crate::lines::{count, line, lines};
use crate::node::Node;

use super::TEXT;
use super::compare::equals;

/// Where the lines of [`TEXT`] begin.
static LINES: [u32; count(TEXT, b'\n')] = lines(TEXT);

/// The schema as far as it is about values that differ from `defaults`, the built-in layer. The rest keeps the schema
/// by a test; in its place stands `true`, which fits everything.
pub fn around(tree: &Node, defaults: &Json) -> Json {
    let mut text = String::with_capacity(TEXT.len() / 4);
    let mut cut = Cut { at: 0, text: &mut text };
    cut.schema(tree, defaults, 0);
    serde_json::from_str(&text).expect("a test cuts and reads all of the text so")
}

/// How many lines of the schema have been read, and what is kept of them. Generated JSON has a line for each key, indented by tabs, and no string of it
/// holds a line break; so the end of a value is a line that closes it, as far indented as its key.
struct Cut<'a> {
    at: usize,
    text: &'a mut String,
}

impl Cut<'_> {
    /// Copies a schema, whose closing line has `depth` tabs, without the parts about defaults.
    fn schema(&mut self, tree: &Node, defaults: &Json, depth: usize) {
        while let Some(line) = self.line() {
            // What no value is checked against.
            if is_description(line, depth + 1) {
                continue;
            }
            self.text.push_str(line);
            if closes(line, depth) {
                return;
            }
            if entry(line, depth + 1) == Some("properties") {
                self.properties(tree, defaults, depth + 1);
            }
        }
    }

    /// Copies what stands under `properties`, whose closing line has `depth` tabs.
    fn properties(&mut self, tree: &Node, defaults: &Json, depth: usize) {
        while let Some(line) = self.line() {
            let Some(key) = entry(line, depth + 1) else {
                self.text.push_str(line);
                return;
            };
            let defaults = &defaults[key];
            match tree.at(&[key]).filter(|tree| !equals(tree, defaults)) {
                Some(tree) => {
                    self.text.push_str(line);
                    self.schema(tree, defaults, depth + 1);
                }
                None => {
                    let end = self.skip(depth + 1);
                    let comma = if end.trim_end().ends_with(',') { "," } else { "" };
                    self.text.extend(["\"", key, "\": true", comma, "\n"]);
                }
            }
        }
    }

    /// Skips what stands under a key, whose closing line has `depth` tabs, and gives that line.
    fn skip(&mut self, depth: usize) -> &'static str {
        iter::from_fn(|| self.line()).find(|line| closes(line, depth)).unwrap_or_default()
    }

    /// The next line.
    fn line(&mut self) -> Option<&'static str> {
        let line = line(TEXT, &LINES, self.at)?;
        self.at += 1;
        Some(line)
    }
}

/// The key of a line with so many tabs that opens a map.
fn entry(line: &str, depth: usize) -> Option<&str> {
    unindent(line, depth)?.strip_prefix('"')?.strip_suffix("\": {\n")
}

/// Whether a line with so many tabs closes a map.
fn closes(line: &str, depth: usize) -> bool {
    // What few lines have is looked at first.
    line.as_bytes().get(depth) == Some(&b'}') && unindent(line, depth).is_some()
}

/// Whether a line with so many tabs describes a schema, and is not the last about it.
fn is_description(line: &str, depth: usize) -> bool {
    unindent(line, depth).is_some_and(|rest| rest.starts_with("\"description\": "))
        && line.ends_with(",\n")
}

/// A line after so many tabs.
fn unindent(line: &str, depth: usize) -> Option<&str> {
    line.get(depth..).filter(|_| line.bytes().take(depth).all(|byte| byte == b'\t'))
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

    /// A schema without words.
    fn undescribed(mut schema: Json) -> Json {
        let keys = schema["properties"].as_object_mut();
        keys.into_iter().flatten().for_each(|(_, schema)| *schema = undescribed(schema.take()));
        schema.as_object_mut().unwrap().shift_remove("description");
        schema
    }

    #[test]
    fn the_defaults_keep_the_schema() {
        assert!(check::fits(&Node::from_json(&Values::default().to_json()), &load()));
    }

    #[test]
    fn is_the_whole_schema_when_every_value_differs() {
        let tree = Node::from_json(&spoilt(&load()));
        let cut = around(&tree, &Values::default().to_json());
        assert_eq!(undescribed(cut), undescribed(load()));
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
