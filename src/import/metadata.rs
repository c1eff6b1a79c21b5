//! The vendor's Chart.yaml: name and versions are kept as lines for `package`.

use indexmap::IndexMap;

use crate::chart::metadata::Metadata;
use crate::error::Problem;
use crate::node::Node;
use crate::object::text;
use crate::source::Sources;
use crate::yaml::{decode, read as yaml};

use super::draft::Draft;
use super::start_of;

/// Reads Chart.yaml and gives the comment that says how to keep what it says.
pub fn read(
    files: &IndexMap<String, Vec<u8>>,
    called: &dyn Fn(&str) -> String,
    draft: &mut Draft<'_>,
) -> Vec<String> {
    let name = called("Chart.yaml");
    let Some(bytes) = files.get("Chart.yaml") else {
        let problem =
            Problem::new("there is no Chart.yaml: the chart's name and version are not known");
        draft
            .problems
            .push(problem.at(start_of(name)).help("pass `--version` to `hzgchart package`"));
        return Vec::new();
    };
    let mut sources = Sources::default();
    let read = decode(bytes, &name).map_err(|problem| vec![problem]).and_then(|text| {
        let id = sources.add(name.as_str(), text);
        yaml::document(id, &sources)
    });
    let tree = match read {
        Ok(tree) => tree,
        Err(found) => {
            draft.problems.extend(found);
            return Vec::new();
        }
    };
    match Metadata::from_node(&tree, &sources) {
        Ok(metadata) => lines(&tree, &metadata),
        Err(found) => {
            // The same keys are refused by `--chart`.
            draft.problems.extend(found);
            vec!["Its Chart.yaml has something that this chart cannot have; the rest goes into a file for".to_owned(), "`hzgchart package --chart FILE`.".to_owned()]
        }
    }
}

/// The words for a Chart.yaml that `--chart` takes, so that nothing in it can break out of a comment.
fn lines(tree: &Node, metadata: &Metadata) -> Vec<String> {
    let (name, version, app) =
        (text(tree, &["name"]), text(tree, &["version"]), text(tree, &["appVersion"]));
    let default = Metadata::default();
    let more: Vec<String> = metadata.own_keys().iter().map(|key| format!("`{key}`")).collect();
    let mut lines = vec![format!(
        "The chart was `{name}` {version}{}.",
        if app.is_empty() { String::new() } else { format!(", of the product {app}") }
    )];
    if more.is_empty() && (name.is_empty() || name == default.name.to_string()) {
        let app =
            if app.is_empty() { String::new() } else { format!(" --app-version {}", quoted(app)) };
        lines.push("To keep that:".to_owned());
        lines.push(format!("  hzgchart package -f values.yaml --version {}{app}", quoted(version)));
    } else {
        if !more.is_empty() {
            lines.push(format!("Its Chart.yaml also says {}.", more.join(", ")));
        }
        lines.push("To keep that, pass its Chart.yaml:".to_owned());
        lines.push("  hzgchart package -f values.yaml --chart Chart.yaml".to_owned());
    }
    lines
}

/// A word for a shell.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._+-".contains(c);
    match !word.is_empty() && word.chars().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use indexmap::IndexMap;

    use super::read;
    use crate::import::draft::Draft;
    use crate::schema::load;

    fn comment(chart: &str) -> (String, usize) {
        let files = IndexMap::from([("Chart.yaml".to_owned(), chart.as_bytes().to_vec())]);
        let schema = load();
        let mut draft = Draft::new(&schema);
        let lines = read(&files, &|path| path.to_owned(), &mut draft);
        (lines.join("\n"), draft.problems.len())
    }

    #[test]
    fn keeps_the_version_and_another_name() {
        let usual = "apiVersion: v2\nname: forguncy-k8s-server\nversion: 10.0.3.0\n";
        let (text, problems) = comment(usual);
        assert!(text.ends_with("hzgchart package -f values.yaml --version 10.0.3.0"), "{text}");
        assert_eq!(problems, 0);
        let (text, _) =
            comment("apiVersion: v2\nname: shop\nversion: 1.0.0\nicon: https://a.b/c.png\n");
        assert!(
            text.contains("`shop`")
                && text.contains("`icon`")
                && text.contains("--chart Chart.yaml")
        );
    }

    #[test]
    fn what_cannot_be_kept_is_told_and_never_written_into_the_comment() {
        let (text, problems) =
            comment("name: \"x\\nevil: true\"\nversion: 1.0.0\ndependencies: []\n");
        assert!(!text.contains("evil"), "{text}");
        assert_eq!(problems, 2);
        assert_eq!(comment("a: [").1, 1);
    }
}
