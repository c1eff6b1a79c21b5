//! Reads of the schema what changed values need: to parse the whole text would take longer than all the rest of a check.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use serde_json::Value as Json;

use crate::lines::{closings, count, line, lines};
use crate::node::{Map, Node, Value};

use super::TEXT;

/// Where the lines of [`TEXT`] begin.
static LINES: [u32; count(TEXT, b'\n')] = lines(TEXT);

/// For each line the one behind what it begins: behind the line that closes what it opens, or else the next.
static BEHIND: [u16; count(TEXT, b'\n')] = closings(TEXT);

/// What no value is checked against.
const WORDS: [&str; 4] = ["$schema", "title", "description", "writeOnly"];

/// So many cuts are kept at the most. Of a fleet's entries most write the same keys.
const KEPT: usize = 16;

thread_local! {
    /// What a thread has cut out and read, by its text.
    static READ: RefCell<HashMap<String, Rc<Json>>> = RefCell::default();
}

/// The schema as far as it is about values that were written, and no defaults: those have no origin, and keep the schema by a test.
/// What is not there fits everything. No key that is missing is found so: nulls may take none of the defaults away.
///
/// `None` when a key was written that the schema does not have.
pub fn around(tree: &Node) -> Option<Rc<Json>> {
    let mut cut = Cut { text: String::with_capacity(TEXT.len() / 16) };
    cut.section(tree, 0)?;
    Some(READ.with_borrow_mut(|read| {
        if let Some(known) = read.get(&cut.text) {
            return known.clone();
        }
        if read.len() == KEPT {
            read.clear();
        }
        let schema = serde_json::from_str(&cut.text);
        let schema = Rc::new(schema.expect("a test cuts and reads all of the text so"));
        read.insert(cut.text, Rc::clone(&schema));
        schema
    }))
}

/// What is kept of the schema. Generated JSON has a line for each key, and none of its strings holds a line break.
struct Cut {
    text: String,
}

impl Cut {
    /// Copies the schema that a line opens, without what no value is checked against and what is about other keys.
    fn section(&mut self, tree: &Node, opening: usize) -> Option<()> {
        let lists_keys = entries(opening).any(|(_, key, _)| key == "properties");
        self.text.push('{');
        for (at, key, value) in entries(opening) {
            match key {
                key if WORDS.contains(&key) => {}
                // Of what was written each key is looked for below.
                "additionalProperties" | "required" if lists_keys => {}
                "definitions" if !self.text.contains("\"$ref\"") => {}
                "properties" => {
                    self.key(key);
                    self.properties(tree, at)?;
                }
                _ => {
                    self.key(key);
                    self.text.push_str(value);
                }
            }
        }
        self.text.push('}');
        Some(())
    }

    /// Copies what stands under `properties` about keys that were written.
    fn properties(&mut self, tree: &Node, opening: usize) -> Option<()> {
        let none = Map::new();
        let map = tree.as_map().unwrap_or(&none);
        let mut left = map.values().filter(|entry| is_written(&entry.node)).count();
        self.text.push('{');
        for (at, key, value) in entries(opening) {
            if left == 0 {
                break;
            }
            let Some(entry) = map.get(key).filter(|entry| is_written(&entry.node)) else {
                continue;
            };
            left -= 1;
            self.key(key);
            match value.ends_with("{}") {
                true => self.text.push_str(value),
                false => self.section(&entry.node, at)?,
            }
        }
        self.text.push('}');
        (left == 0).then_some(())
    }

    fn key(&mut self, key: &str) {
        if !self.text.ends_with('{') {
            self.text.push(',');
        }
        self.text.extend(["\"", key, "\":"]);
    }
}

/// Whether any part of a value was written, and is no default.
fn is_written(node: &Node) -> bool {
    node.origin.is_some()
        || match &node.value {
            Value::Map(map) => map.values().any(|entry| is_written(&entry.node)),
            Value::List(items) => items.iter().any(is_written),
            _ => false,
        }
}

/// The entries of the map that a line opens: the line of each, its key, and the text of its value.
fn entries(opening: usize) -> impl Iterator<Item = (usize, &'static str, &'static str)> {
    let end = usize::from(BEHIND[opening]) - 1;
    let mut at = opening + 1;
    std::iter::from_fn(move || {
        let (this, behind) = (at, usize::from(*BEHIND.get(at)?));
        let text = line(TEXT, &LINES, this).filter(|_| this < end)?;
        at = behind;
        let inner = text.trim_ascii_start().strip_prefix('"')?;
        // No key of a schema has a quote in it.
        let key = &inner[..inner.bytes().position(|byte| byte == b'"')?];
        let start = LINES[this] as usize + text.len() - inner.len() - 1;
        let value = &TEXT[start + key.len() + 4..LINES[behind] as usize];
        Some((this, key, value.trim_ascii_end().trim_end_matches(',')))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::{WORDS, around};
    use crate::merge::merge;
    use crate::node::{Node, Value};
    use crate::schema::{check, load};
    use crate::source::{Origin, SourceId, Sources};
    use crate::values::Values;
    use crate::yaml::read;

    fn over_the_defaults(text: &str) -> Node {
        let mut sources = Sources::default();
        let id = sources.add("v", text);
        let over = read::document(id, &sources).unwrap();
        merge(Values::default().to_node(), over, &mut Vec::new())
    }

    /// A tree that was written as a whole.
    fn written(json: &Json) -> Node {
        fn place(node: &mut Node) {
            node.origin = Some(Origin { source: SourceId(0), line: 1, column: 1 });
            if let Value::Map(map) = &mut node.value {
                map.into_iter().for_each(|(_, entry)| place(&mut entry.node));
            }
        }
        let mut node = Node::from_json(json);
        place(&mut node);
        node
    }

    /// Every key holds what no key may.
    fn spoilt(schema: &Json) -> Json {
        match schema["properties"].as_object() {
            Some(keys) => keys.iter().map(|(key, schema)| (key.clone(), spoilt(schema))).collect(),
            None => json!(null),
        }
    }

    /// A schema without words, and without what is about keys that are not there.
    fn cut(mut schema: Json) -> Json {
        let keywords = schema.as_object_mut().unwrap();
        keywords.retain(|keyword, _| !WORDS.contains(&keyword.as_str()));
        if let Some(keys) = keywords.get_mut("properties").and_then(Json::as_object_mut) {
            keys.values_mut().for_each(|schema| *schema = cut(schema.take()));
            keywords.retain(|keyword, _| {
                !["additionalProperties", "required"].contains(&keyword.as_str())
            });
        }
        schema
    }

    #[test]
    fn the_defaults_keep_the_schema() {
        assert!(check::fits(&Values::default().to_node(), &load()));
        assert_eq!(around(&over_the_defaults("{}")).unwrap()["properties"], json!({}));
    }

    #[test]
    fn is_the_whole_schema_when_every_value_was_written() {
        let mut whole = cut(load());
        let tree = written(&spoilt(&load()));
        assert!(*around(&tree).unwrap() == whole);
        // Without a reference nothing is defined.
        let tree = written(&json!({"storage": {"server": "x"}}));
        whole.as_object_mut().unwrap().shift_remove("definitions");
        let cut = around(&tree).unwrap();
        assert_eq!(cut["allOf"], whole["allOf"]);
        assert!(cut["definitions"].is_null());
    }

    #[test]
    fn leaves_out_what_is_about_defaults() {
        let tree = over_the_defaults("redis: {enabled: false, nodeSelector: {a: b}}");
        let schema = around(&tree).unwrap();
        let keys = |schema: &Json| -> Vec<String> {
            schema["properties"].as_object().unwrap().keys().cloned().collect()
        };
        assert_eq!(keys(&schema), ["redis"]);
        assert_eq!(keys(&schema["properties"]["redis"]), ["enabled", "nodeSelector"]);
        assert_eq!(schema["properties"]["redis"]["properties"]["enabled"]["type"], "boolean");
        assert_eq!(schema["definitions"], load()["definitions"]);
    }

    #[test]
    fn knows_every_key_that_the_schema_lacks() {
        for unknown in
            [json!({"x": 1}), json!({"redis": {"x": {}}}), json!({"redis": {"auth": {"x": []}}})]
        {
            assert!(around(&written(&unknown)).is_none(), "{unknown}");
        }
        assert!(around(&written(&json!({"redis": 1}))).is_some());
    }

    #[test]
    fn says_what_the_whole_schema_says() {
        for (text, fits) in [
            ("{}", true),
            ("storage: {server: files, mountOptions: [hard]}", true),
            ("forguncy: {service: {type: ClusterIP}, podLabels: {tier: web}}", true),
            ("forguncy: {scaling: {mode: fixed, replicas: 2}}", true),
            // A rule between two sections, of which one is a default.
            ("{storage: {type: hostPath}, forguncy: {scaling: {mode: fixed, replicas: 2}}}", false),
            ("{storage: {type: hostPath}, forguncy: {scaling: {mode: fixed}}}", true),
            // A rule between what was written and a default beside it.
            ("redis: {service: {nodePort: 30000}}", false),
            ("forguncy: {service: {nodePort: 30000}}", true),
            ("forguncy: {containerPort: x}", false),
            ("forguncy: 1", false),
            ("forguncy: {scaling: []}", false),
            ("forguncy: {podLabels: {app: x}}", false),
            ("forguncy: {podLabels: {a: 1}}", false),
            ("ingress: {tls: [{hosts: [a.com], x: 1}]}", false),
            ("extraObjects: [{kind: A}]", false),
            ("x: 1", false),
            ("redis: {auth: {x: 1}}", false),
            ("redis: {auth: {enabled: null, x: null}}", false),
        ] {
            let tree = over_the_defaults(text);
            let cut = around(&tree).is_some_and(|schema| check::fits(&tree, &schema));
            assert_eq!((cut, check::fits(&tree, &load())), (fits, fits), "{text}");
        }
    }
}
