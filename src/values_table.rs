//! The README's tables of values, one per section.

use std::fmt::Write;

use serde_json::Value;

use crate::values_file::properties;

/// `docs/values.md`, which every chart's README ends with as well. A test compares it with what [`markdown`] makes.
pub const TEXT: &str = include_str!("../docs/values.md");

/// Writes a Markdown heading and table for each section of the schema: key, type, default, meaning.
pub fn markdown(schema: &Value) -> String {
    let mut out = String::new();
    for (section, property) in properties(schema).into_iter().flatten() {
        let separator = if out.is_empty() { "" } else { "\n" };
        // Writing to a string cannot fail.
        let _ = write!(out, "{separator}### `{section}`\n\n{}\n\n", meaning(property, "\n"));
        out += "| Key | Type | Default | Meaning |\n|---|---|---|---|\n";
        write_rows(&mut out, section, property);
    }
    out
}

fn write_rows(out: &mut String, path: &str, schema: &Value) {
    let Some(properties) = properties(schema) else {
        let _ = writeln!(
            out,
            "| `{path}` | {} | {} | {} |",
            kind(schema),
            cell(&format!("`{}`", schema["default"])),
            cell(&meaning(schema, "<br>"))
        );
        return;
    };
    for (key, property) in properties {
        let path = format!("{path}.{key}");
        if property.get("properties").is_some() {
            let _ = writeln!(out, "| `{path}` | group | | {} |", cell(&meaning(property, "<br>")));
        }
        write_rows(out, &path, property);
    }
}

/// The type in a word or two, as the user thinks of it.
fn kind(schema: &Value) -> String {
    let name = |kind: &Value| {
        match kind.as_str() {
            Some("object") => "map",
            Some("array") => "list",
            Some(other) => other,
            None => "any",
        }
        .to_owned()
    };
    match &schema["type"] {
        _ if schema.get("enum").is_some() => "choice".into(),
        Value::Array(kinds) => kinds.iter().map(name).collect::<Vec<_>>().join(" or "),
        kind => name(kind),
    }
}

/// The description, its paragraphs and list items with something between them.
fn meaning(schema: &Value, between: &str) -> String {
    let text = schema["description"].as_str().unwrap_or_default();
    text.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>().join(between)
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{cell, markdown, meaning, properties};
    use crate::generated;
    use crate::schema::generate::generate;

    #[test]
    fn the_committed_table_is_what_the_types_say() {
        generated::assert_current("docs/values.md", super::TEXT, &markdown(&generate()));
    }

    #[test]
    fn has_a_row_of_four_cells_for_every_key() {
        let text = markdown(&generate());
        for row in text.lines().filter(|line| line.starts_with("| `")) {
            let cells = row.replace("\\|", "").matches('|').count() - 1;
            assert_eq!(cells, 4, "{row}");
            assert!(!row.contains("|  |"), "an empty cell: {row}");
            assert!(row.contains("| group |") || !row.contains("| |"), "an empty cell: {row}");
        }
        assert!(text.contains("| `forguncy.containerPort` | integer | `80` |"));
        assert!(text.contains("| `storage.type` | choice | `\"nfs\"` |"));
        assert!(text.contains(
            "| `forguncy.podDisruptionBudget.maxUnavailable` | integer or string | `1` |"
        ));
        assert!(text.contains("### `extraObjects`"));
    }

    #[test]
    fn keeps_a_pipe_inside_its_cell() {
        let schema = json!({ "properties": { "a": {
            "description": "x | y", "type": "string", "default": "p|q"
        } } });
        assert!(markdown(&schema).contains(r#"| `a` | string | `"p\|q"` | x \| y |"#));
    }

    #[test]
    fn the_readme_has_a_line_for_each_section() {
        let mut table = "| section | what it is about |\n|---|---|\n".to_owned();
        for (section, property) in properties(&generate()).into_iter().flatten() {
            table += &format!("| `{section}` | {} |\n", cell(&meaning(property, " ")));
        }
        let readme = include_str!("../README.md");
        let (before, rest) = readme.split_once("<!-- sections -->\n").unwrap();
        let (_, after) = rest.split_once("<!-- /sections -->\n").unwrap();
        let made = format!("{before}<!-- sections -->\n{table}<!-- /sections -->\n{after}");
        generated::assert_current("README.md", readme, &made);
    }
}
