//! Chart.yaml as Helm hands it on, to an index or as the configuration of an OCI artifact: the fields of `chart.Metadata` in
//! their order, empty ones left out, texts as `Metadata.Validate` cleans them.

use serde_json::{Map as JsonMap, Value as Json};

use crate::node::{Map, Node, Value};
use crate::source::Sources;
use crate::yaml::decode;
use crate::yaml::read::partial;

use super::chart_yaml::{field, scalar};
use super::contents::Contents;

/// The metadata of a chart; empty when its Chart.yaml cannot be read.
pub fn metadata(contents: &Contents) -> JsonMap<String, Json> {
    let Some(Node { value: Value::Map(chart), .. }) = first(contents, "Chart.yaml") else {
        return JsonMap::new();
    };
    let mut out = Fields::default();
    out.text(&chart, "name");
    out.text(&chart, "home");
    out.texts(&chart, "sources");
    out.raw(&chart, "version");
    out.text(&chart, "description");
    out.texts(&chart, "keywords");
    out.put("maintainers", maps(&chart, "maintainers", maintainer));
    out.text(&chart, "icon");
    if !out.raw(&chart, "apiVersion") {
        out.put("apiVersion", Json::from("v1"));
    }
    for key in ["condition", "tags", "appVersion"] {
        out.text(&chart, key);
    }
    out.truth(&chart, "deprecated");
    out.put("annotations", annotations(&chart));
    out.text(&chart, "kubeVersion");
    let requirements = first(contents, "requirements.yaml");
    let declared = requirements.as_ref().and_then(Node::as_map);
    let declared = declared.filter(|map| field(map, "dependencies").is_some());
    out.put("dependencies", maps(declared.unwrap_or(&chart), "dependencies", dependency));
    out.raw(&chart, "type");
    out.0
}

/// The same of a Chart.yaml that stands alone.
pub fn metadata_of(chart_yaml: &str) -> JsonMap<String, Json> {
    let mut contents = Contents::default();
    contents.add("Chart.yaml".to_owned(), chart_yaml.as_bytes().to_vec());
    metadata(&contents)
}

/// The first document of a file.
fn first(contents: &Contents, path: &str) -> Option<Node> {
    let text = decode(contents.files.get(path)?, path).ok()?;
    let mut sources = Sources::default();
    let id = sources.add(path, text);
    partial(id, &sources).documents.into_iter().next()
}

fn maintainer(map: &Map) -> JsonMap<String, Json> {
    let mut out = Fields::default();
    ["name", "email", "url"].into_iter().for_each(|key| out.text(map, key));
    out.0
}

fn dependency(map: &Map) -> JsonMap<String, Json> {
    let mut out = Fields::default();
    // These two are written when they are empty, too.
    out.0.insert("name".to_owned(), clean(&text_of(map, "name")).into());
    out.text(map, "version");
    out.0.insert("repository".to_owned(), clean(&text_of(map, "repository")).into());
    out.text(map, "condition");
    out.texts(map, "tags");
    out.truth(map, "enabled");
    out.put("import-values", field(map, "import-values").map_or(Json::Null, |e| e.node.to_json()));
    out.raw(map, "alias");
    out.0
}

fn annotations(chart: &Map) -> Json {
    let Some(map) = field(chart, "annotations").and_then(|entry| entry.node.as_map()) else {
        return Json::Null;
    };
    let mut entries: Vec<_> = map.iter().map(|(key, e)| (key.clone(), string(&e.node))).collect();
    entries.sort();
    Json::Object(entries.into_iter().map(|(key, text)| (key.into(), text.into())).collect())
}

fn maps(map: &Map, key: &str, each: fn(&Map) -> JsonMap<String, Json>) -> Json {
    let items = field(map, key).map(|entry| entry.node.items()).unwrap_or_default();
    items.iter().filter_map(Node::as_map).map(|map| Json::Object(each(map))).collect()
}

/// The fields of a Go structure, as its JSON has them.
#[derive(Default)]
struct Fields(JsonMap<String, Json>);

impl Fields {
    /// Adds a field that is not empty.
    fn put(&mut self, key: &str, value: Json) {
        let is_empty = match &value {
            Json::Null | Json::Bool(false) => true,
            Json::String(text) => text.is_empty(),
            Json::Array(items) => items.is_empty(),
            Json::Object(map) => map.is_empty(),
            Json::Bool(true) | Json::Number(_) => false,
        };
        if !is_empty {
            self.0.insert(key.to_owned(), value);
        }
    }

    /// Adds a text as it stands; whether there was one.
    fn raw(&mut self, map: &Map, key: &str) -> bool {
        let text = text_of(map, key);
        let is_there = !text.is_empty();
        self.put(key, text.into());
        is_there
    }

    fn text(&mut self, map: &Map, key: &str) {
        self.put(key, clean(&text_of(map, key)).into());
    }

    fn texts(&mut self, map: &Map, key: &str) {
        let items = field(map, key).map(|entry| entry.node.items()).unwrap_or_default();
        self.put(key, items.iter().map(|item| Json::from(clean(&string(item)))).collect());
    }

    fn truth(&mut self, map: &Map, key: &str) {
        self.put(key, field(map, key).map_or(Json::Null, |entry| entry.node.to_json()));
    }
}

fn text_of(map: &Map, key: &str) -> String {
    field(map, key).map(|entry| string(&entry.node)).unwrap_or_default()
}

/// A value's text; empty for what is none.
fn string(node: &Node) -> String {
    scalar(node).unwrap_or_default()
}

/// A text as `sanitizeString` of Helm's `chart.Metadata` leaves it: every blank a space, and nothing that does not print.
fn clean(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| *c == ' ' || prints(*c))
        .collect()
}

/// Whether a character prints, which the standard library tells by how it writes it behind another.
fn prints(c: char) -> bool {
    match c.is_ascii() {
        true => c.is_ascii_graphic(),
        false => !format!("a{c}").escape_debug().any(|c| c == '\\'),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::{clean, metadata};
    use crate::inspect::contents::Contents;

    fn of(chart: &str, more: &[(&str, &str)]) -> String {
        let mut contents = Contents::default();
        contents.add("Chart.yaml".to_owned(), chart.into());
        for (path, text) in more {
            contents.add((*path).to_owned(), (*text).into());
        }
        Json::Object(metadata(&contents)).to_string()
    }

    #[test]
    fn orders_fields_as_go_does_and_leaves_out_what_is_empty() {
        let text = "apiVersion: v2\nunknown: 1\ntype: application\nVERSION: 1.2.3\nappVersion: 10.0\nname: a\n\
                    keywords: []\nannotations: {b: 1, a: ~}\ndeprecated: false\nmaintainers: [{name: y, mail: x}]\nhome: ''\n";
        assert_eq!(
            of(text, &[]),
            r#"{"name":"a","version":"1.2.3","maintainers":[{"name":"true"}],"apiVersion":"v2","appVersion":"10","annotations":{"a":"","b":"1"},"type":"application"}"#
        );
    }

    #[test]
    fn takes_dependencies_from_where_a_chart_of_helm_2_has_them() {
        let requirements = "dependencies:\n- {name: redis, version: 1.x, tags: [a], enabled: true, import-values: [{child: a, parent: b}]}\n";
        assert_eq!(
            of("name: a\nversion: 1.0.0\n", &[("requirements.yaml", requirements)]),
            r#"{"name":"a","version":"1.0.0","apiVersion":"v1","dependencies":[{"name":"redis","version":"1.x","repository":"","tags":["a"],"enabled":true,"import-values":[{"child":"a","parent":"b"}]}]}"#
        );
    }

    #[test]
    fn cleans_texts_as_helm_does() {
        assert_eq!(
            clean("a\n\tb\u{a0}c\u{200b}d\u{7f}活字格 😀é\u{301}\u{e000}"),
            "a  b cd活字格 😀é\u{301}"
        );
    }

    #[test]
    fn has_nothing_of_a_chart_that_cannot_be_read() {
        assert_eq!(of("[", &[]), "{}");
        assert_eq!(of("- a\n", &[]), "{}");
    }
}
