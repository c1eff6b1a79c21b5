//! Whether a packaged chart is one of ours, so that what it renders to is known here, without Helm.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value as Json;

use crate::error::{Error, Problem};
use crate::finding::Severity;
use crate::node::Node;
use crate::source::Sources;
use crate::templates;
use crate::values::Values;
use crate::yaml::{decode, read};

use super::contents::Contents;
use super::open;

/// The `values.yaml` of a packaged chart whose templates are those of this hzgchart, byte for byte: its objects are what our own
/// templates render of these values.
///
/// # Errors
/// [`Error::Io`] when it cannot be read; [`Error::Invalid`] when it is damaged, or of another version of hzgchart, or not ours.
pub fn values_of_ours(path: &Path) -> Result<Vec<u8>, Error> {
    let (_, _, contents, report) = open(path)?;
    let name = path.display();
    let problems: Vec<Problem> = report
        .finish()
        .into_iter()
        .filter(|finding| finding.severity() == Severity::Error)
        .map(|finding| finding.problem)
        .collect();
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let help = format!(
        "let Helm render it: `helm template RELEASE {name} -n NAMESPACE | hzgchart diff - B`"
    );
    if !contents.files.contains_key("Chart.yaml") {
        let problem = Problem::new(format!("`{name}` is no chart: it has no Chart.yaml"));
        return Err(problem.help("give a values file, a packaged chart, or manifests as one stream: `cat FOLDER/*.yaml | hzgchart diff - B`").into());
    }
    if let Some(other) = first_other(&contents) {
        let message =
            format!("`{name}` is not a chart that this version of hzgchart packages: `{other}");
        return Err(Problem::new(message).help(help).into());
    }
    let Some(values) = contents.files.get("values.yaml") else {
        return Err(Problem::new(format!("`{name}` has no values.yaml")).help(help).into());
    };
    let file = format!("{name}: values.yaml");
    let mut sources = Sources::default();
    let id = sources.add(file.as_str(), decode(values, &file)?);
    let tree = read::document(id, &sources).map_err(Error::Invalid)?;
    if let Some(key) = first_missing(&Values::default().to_json(), Some(&tree), "") {
        let message =
            format!("`{name}` is not as hzgchart packaged it: its values.yaml lacks `{key}`");
        return Err(Problem::new(message).help(help).into());
    }
    Ok(values.clone())
}

/// The first file in which the templates of a chart differ from ours, with what is wrong about it.
pub(super) fn first_other(contents: &Contents) -> Option<String> {
    let mut ours: BTreeMap<String, &str> =
        templates::chart().map(|(path, text)| (format!("templates/{path}"), text)).collect();
    let parts = ["templates/", "charts/", "crds/"];
    for (path, bytes) in
        contents.files.iter().filter(|(path, _)| parts.iter().any(|part| path.starts_with(part)))
    {
        match ours.remove(path) {
            Some(text) if text.as_bytes() == bytes => {}
            Some(_) => return Some(format!("{path}` differs from ours")),
            None => return Some(format!("{path}` is not ours")),
        }
    }
    ours.into_keys().next().map(|path| format!("{path}` is missing"))
}

/// The first key that the defaults have and a chart's own values lack. Helm takes it for empty, and we for its default.
fn first_missing(defaults: &Json, values: Option<&Node>, path: &str) -> Option<String> {
    let defaults = defaults.as_object()?;
    let values = values.and_then(Node::as_map);
    defaults.iter().find_map(|(key, below)| {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        match values.and_then(|values| values.get(key)) {
            None => Some(path),
            Some(entry) => first_missing(below, Some(&entry.node), &path),
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::first_missing;
    use crate::node::Node;

    #[test]
    fn finds_the_key_that_is_not_there() {
        let defaults = json!({"a": {"b": 1, "c": {}}, "d": []});
        let missing = |values| first_missing(&defaults, Some(&Node::from_json(&values)), "");
        assert_eq!(missing(json!({"a": {"b": 2, "c": {"x": 1}}, "d": [1], "e": 1})), None);
        assert_eq!(missing(json!({"a": {"b": 2}, "d": []})), Some("a.c".to_owned()));
        assert_eq!(missing(json!({"a": null, "d": []})), Some("a.b".to_owned()));
        assert_eq!(missing(json!([])), Some("a".to_owned()));
    }
}
