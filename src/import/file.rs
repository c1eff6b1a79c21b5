//! The values file: what differs from the defaults, in the schema's order, with what each key means and where its value was found.

use crate::values_file::write_some;

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
    let from = |path: &str| draft.from.get(path).map(|from| format!("From {from}"));
    out += &write_some(&draft.tree, draft.schema, &from);
    out
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
