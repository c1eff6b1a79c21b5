//! Annotations of Chart.yaml: strings to Helm, and data to Artifact Hub
//! (artifacthub.io/docs/topics/annotations/helm).

use crate::node::{Entry, Node, Value};
use crate::rules::CHART_ANNOTATIONS;
use crate::source::Sources;
use crate::suggest::nearest;
use crate::yaml::read::document;

use super::chart_yaml::{Reader, scalar};
use super::report::shown;
use super::verdict::Verdict;

/// What Artifact Hub reads, without `artifacthub.io/`.
const KEYS: [&str; 16] = [
    "alternativeName",
    "category",
    "changes",
    "containsSecurityUpdates",
    "crds",
    "crdsExamples",
    "images",
    "license",
    "links",
    "maintainers",
    "operator",
    "operatorCapabilities",
    "prerelease",
    "recommendations",
    "screenshots",
    "signKey",
];
const CATEGORIES: [&str; 9] = [
    "ai-machine-learning",
    "database",
    "integration-delivery",
    "monitoring-logging",
    "networking",
    "security",
    "storage",
    "streaming-messaging",
    "skip-prediction",
];
const CHANGES: [&str; 6] = ["added", "changed", "deprecated", "removed", "fixed", "security"];

/// Checks the annotations.
pub fn check(annotations: Option<&Entry>, reader: &mut Reader<'_>) {
    let Some(entry) = annotations else { return };
    let map = match &entry.node.value {
        Value::Map(map) => map,
        Value::Null => return,
        _ => return reader.wrong(&entry.node, "a map of strings"),
    };
    for (key, entry) in map {
        if matches!(entry.node.value, Value::List(_) | Value::Map(_)) {
            reader.wrong(&entry.node, "a string");
            continue;
        }
        let Some(name) = key.strip_prefix("artifacthub.io/") else { continue };
        let value = scalar(&entry.node).unwrap_or_default();
        if let Some((what, help)) = hub(name, &value) {
            reader.fault(&CHART_ANNOTATIONS, &entry.node, Verdict::TAKEN, &what, &help);
        }
    }
}

/// What is wrong with one of Artifact Hub's annotations, and what to do.
fn hub(name: &str, value: &str) -> Option<(String, String)> {
    let one_of =
        |choices: &[&str]| choices.iter().map(|c| format!("`{c}`")).collect::<Vec<_>>().join(", ");
    match name {
        "category" if !CATEGORIES.contains(&value) => {
            let what = format!("`{}` is no category of Artifact Hub", shown(value));
            let near = nearest(value, CATEGORIES.into_iter())
                .map(|near| format!("did you mean `{near}`?"));
            Some((what, near.unwrap_or_else(|| format!("it has {}", one_of(&CATEGORIES)))))
        }
        "containsSecurityUpdates" | "operator" | "prerelease"
            if !matches!(value, "true" | "false") =>
        {
            let what = format!("Artifact Hub reads `true` or `false` here, not `{}`", shown(value));
            Some((what, "write \"true\" or \"false\"".to_owned()))
        }
        "changes" => items(value, |item| match item.as_str() {
            Some(_) => true,
            None => {
                text(item, "description").is_some()
                    && text(item, "kind").is_none_or(|kind| CHANGES.contains(&kind))
            }
        })
        .then(|| {
            let what =
                "Artifact Hub reads a YAML list here, of texts or of `kind` and `description`";
            (what.to_owned(), format!("`kind` is one of {}", one_of(&CHANGES)))
        }),
        "images" => items(value, |item| text(item, "image").is_some()).then(|| {
            let what = "Artifact Hub reads a YAML list here, each item with `image`";
            (what.to_owned(), "write `- name: …` and `image: …` below it".to_owned())
        }),
        "links" => items(value, |item| text(item, "url").is_some() && text(item, "name").is_some())
            .then(|| {
                let what = "Artifact Hub reads a YAML list here, each item with `name` and `url`";
                (what.to_owned(), "write `- name: …` and `url: …` below it".to_owned())
            }),
        "signKey" if !map_has(value, "url") => {
            let what = "Artifact Hub reads a YAML map here, with `fingerprint` and `url`";
            Some((what.to_owned(), "add `url`".to_owned()))
        }
        _ if !KEYS.contains(&name) => {
            let near = nearest(name, KEYS.into_iter())?;
            let what = format!("Artifact Hub knows no annotation `{}`", shown(name));
            Some((what, format!("did you mean `artifacthub.io/{near}`?")))
        }
        _ => None,
    }
}

/// Whether a text is no YAML list, or holds an item that is wrong.
fn items(value: &str, is_right: impl Fn(&Node) -> bool) -> bool {
    let Some(node) = read(value) else { return true };
    !matches!(node.value, Value::List(_)) || !node.items().iter().all(is_right)
}

fn map_has(value: &str, key: &str) -> bool {
    read(value).is_some_and(|node| text(&node, key).is_some())
}

fn text<'n>(node: &'n Node, key: &str) -> Option<&'n str> {
    node.at(&[key])?.as_str()
}

fn read(value: &str) -> Option<Node> {
    let mut sources = Sources::default();
    let source = sources.add("annotation", value);
    document(source, &sources).ok()
}

#[cfg(test)]
mod tests {
    use super::hub;

    #[test]
    fn takes_what_artifact_hub_takes() {
        for (name, value) in [
            ("category", "database"),
            ("prerelease", "true"),
            ("changes", "- one\n- kind: fixed\n  description: two\n"),
            ("images", "- name: a\n  image: b:1\n"),
            ("links", "- name: a\n  url: b\n"),
            ("license", "MIT"),
            ("signKey", "fingerprint: a\nurl: b\n"),
            ("ourOwn", "x"),
        ] {
            assert_eq!(hub(name, value), None, "{name}");
        }
    }

    #[test]
    fn says_what_artifact_hub_would_not_understand() {
        for (name, value, help) in [
            ("category", "databse", "did you mean `database`?"),
            ("prerelease", "yes", "write \"true\" or \"false\""),
            ("changes", "- kind: new\n  description: x\n", "`kind` is one of"),
            ("changes", "text", "`kind` is one of"),
            ("images", "- name: a\n", "write `- name"),
            ("signKey", "fingerprint: a\n", "add `url`"),
            ("licence", "MIT", "did you mean `artifacthub.io/license`?"),
        ] {
            let (_, found) = hub(name, value).expect(name);
            assert!(found.starts_with(help), "{name}: {found}");
        }
    }
}
