//! The values file: what differs from the defaults, in the schema's order, with what each key means and where its value was found.

use serde_json::Value as Json;

use crate::node::{Map, Value};
use crate::values_file::{properties, write_comment};
use crate::yaml::write::{self, Order};

use super::draft::Draft;

/// Writes the file. `header` is what is to be said above the values.
pub fn write(draft: &Draft<'_>, name: &str, header: &[String]) -> String {
    let mut out = format!("# Values of Forguncy on Kubernetes, imported from {name}.\n#\n");
    for line in header {
        out += &format!("# {line}\n");
    }
    if !header.is_empty() {
        out += "#\n";
    }
    out += "# What is not here is as by default; `hzgchart init` writes every key.\n";
    section(&draft.tree, draft.schema, "", draft, &mut out);
    out
}

fn section(map: &Map, schema: &Json, path: &str, draft: &Draft<'_>, out: &mut String) {
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
        if let Some(from) = draft.from.get(&path) {
            out.push_str(&format!("{indent}# From {from}\n"));
        }
        *out += &format!("{indent}{key}:");
        match &entry.node.value {
            Value::Map(map) if properties(property).is_some() => {
                out.push('\n');
                section(map, property, &path, draft, out);
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::write;
    use crate::import::draft::Draft;
    use crate::load::{Layer, load};
    use crate::node::Node;
    use crate::schema;

    #[test]
    fn writes_what_differs_so_that_it_loads_again() {
        let schema = schema::load();
        let mut draft = Draft::new(&schema);
        let hostile = json!({"a.b/c": "x\nevil: true\n# y: \u{2028}z"});
        assert!(draft.set("forguncy.podAnnotations", Node::from_json(&hostile), "t:1, x"));
        let env = json!([{"name": "A", "value": "b: {{ c }}"}]);
        assert!(draft.set("forguncy.extraEnv", Node::from_json(&env), "t:2, env"));
        assert!(draft.set_text("storage.server", "10.0.0.5", "v:1, s"));
        let text = write(&draft, "v", &["said".to_owned()]);
        let layer = Layer::File("v".to_owned(), text.clone().into_bytes());
        let loaded = load(&[layer], &mut |path| Ok(path.to_owned())).expect("it fits");
        let tree = loaded.tree.to_json();
        assert_eq!(tree["forguncy"]["podAnnotations"], hostile);
        assert_eq!(tree["forguncy"]["extraEnv"], env);
        assert!(text.contains("# From v:1, s\n  server: \"10.0.0.5\"\n"), "{text}");
        assert!(!text.lines().any(|line| line.trim_start().starts_with("evil")));
    }
}
