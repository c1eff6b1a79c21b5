//! Reads `--chart FILE`, a partial Chart.yaml, over the defaults.

use std::collections::BTreeMap;

use regex_lite::Regex;

use crate::chart::address::{is_email, is_icon, is_source, is_web};
use crate::chart::metadata::{Maintainer, Metadata};
use crate::chart::name::ChartName;
use crate::chart::version;
use crate::error::Problem;
use crate::inspect::shown;
use crate::node::{Map, Node, Value};
use crate::secret::Hidden;
use crate::source::{Origin, Sources};
use crate::suggest::nearest;

/// The keys that may stand in the file.
const KEYS: [&str; 14] = [
    "apiVersion",
    "name",
    "description",
    "type",
    "version",
    "appVersion",
    "kubeVersion",
    "home",
    "icon",
    "keywords",
    "sources",
    "maintainers",
    "deprecated",
    "annotations",
];

impl Metadata {
    /// Reads a partial Chart.yaml: what it does not say, or sets to null, keeps its default.
    ///
    /// # Errors
    /// All that is wrong with it, in the order of the file.
    pub fn from_node(node: &Node, sources: &Sources) -> Result<Self, Vec<Problem>> {
        let mut reader = Reader { sources, problems: Vec::new() };
        let mut metadata = Self::default();
        if let Some(map) = reader.map(node, "") {
            for (key, entry) in map {
                if !KEYS.contains(&key.as_str()) {
                    reader.refuse_key("", key, entry.key_origin, &KEYS);
                } else if !matches!(entry.node.value, Value::Null) {
                    metadata.read(&mut reader, key, &entry.node);
                }
            }
        }
        if reader.problems.is_empty() { Ok(metadata) } else { Err(reader.problems) }
    }

    fn read(&mut self, reader: &mut Reader<'_>, key: &str, node: &Node) {
        match key {
            "apiVersion" => reader.constant(node, key, "v2"),
            "type" => reader.constant(node, key, "application"),
            "name" => self.read_name(reader, node),
            "version" => {
                self.version = reader.string(node, key);
                reader.check(node, key, self.version.as_deref(), version::check);
            }
            "appVersion" => {
                self.app_version = reader.string(node, key);
                reader.check(node, key, self.app_version.as_deref(), version::check_app_version);
            }
            "kubeVersion" => {
                if let Some(text) = reader.string(node, key) {
                    reader.check(node, key, Some(&text), check_constraint);
                    self.kube_version = text;
                }
            }
            "description" => self.description = reader.string(node, key).unwrap_or_default(),
            "home" => self.home = reader.address(node, key, is_source, WEB),
            "icon" => self.icon = reader.address(node, key, is_icon, "an address or `data:`"),
            "keywords" => {
                self.keywords =
                    reader.list(node, key, |reader, item, path| reader.string(item, path));
            }
            "sources" => {
                self.sources = reader
                    .list(node, key, |reader, item, path| reader.text(item, path, is_source, WEB));
            }
            "maintainers" => self.maintainers = reader.list(node, key, Reader::maintainer),
            "deprecated" => match node.value {
                Value::Bool(deprecated) => self.deprecated = deprecated,
                _ => reader.refuse_kind(node, key, "a boolean"),
            },
            _ => self.annotations = reader.annotations(node, key),
        }
    }

    fn read_name(&mut self, reader: &mut Reader<'_>, node: &Node) {
        let Some(text) = reader.string(node, "name") else { return };
        match ChartName::parse(&text) {
            Ok(name) => self.name = name,
            Err(reason) => {
                let problem =
                    Problem::new(format!("the chart name `{}` {reason}", text.escape_debug()));
                let problem = match ChartName::suggest(&text) {
                    Some(near) => problem.help(format!("did you mean `{near}`?")),
                    None => problem.help("use lower-case letters, digits and `-`"),
                };
                reader.report(node.origin, "name", problem);
            }
        }
    }
}

/// What an address should look like, in messages.
const WEB: &str = "an address such as `https://example.com`";

/// Walks the file's tree and collects what is wrong.
struct Reader<'a> {
    sources: &'a Sources,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn report(&mut self, origin: Option<Origin>, path: &str, problem: Problem) {
        // A key can hold anything, escapes of a terminal too.
        let problem = problem.path(shown(path));
        self.problems.push(match origin {
            Some(origin) => {
                // A mistyped key, or a values file given for a chart's, can hold anything.
                problem.at(Hidden::default().show(origin, self.sources))
            }
            None => problem,
        });
    }

    fn refuse_kind(&mut self, node: &Node, path: &str, wanted: &str) {
        let problem = Problem::new(format!("expected {wanted}, found {}", node.value.kind()));
        let problem = match &node.value {
            Value::Bool(_) | Value::Int(_) | Value::Float(_) if wanted == "a string" => {
                problem.help("put the value in quotes")
            }
            _ => problem,
        };
        self.report(node.origin, path, problem);
    }

    fn refuse_key(&mut self, parent: &str, key: &str, origin: Option<Origin>, known: &[&str]) {
        let path = if parent.is_empty() { key.to_owned() } else { format!("{parent}.{key}") };
        let problem = Problem::new("unknown key");
        let problem = match (key, nearest(key, known.iter().copied())) {
            ("dependencies", _) => problem.help("the chart has no dependencies; leave it out"),
            (_, Some(near)) => problem.help(format!("did you mean `{near}`?")),
            (_, None) => problem.help(format!("known keys: {}", known.join(", "))),
        };
        self.report(origin, &path, problem);
    }

    fn check(
        &mut self,
        node: &Node,
        path: &str,
        text: Option<&str>,
        check: fn(&str) -> Result<(), Problem>,
    ) {
        if let Some(Err(problem)) = text.map(check) {
            self.report(node.origin, path, problem);
        }
    }

    fn map<'n>(&mut self, node: &'n Node, path: &str) -> Option<&'n Map> {
        match &node.value {
            Value::Map(map) => return Some(map),
            Value::Null => {}
            _ => self.refuse_kind(node, path, "a map"),
        }
        None
    }

    fn string(&mut self, node: &Node, path: &str) -> Option<String> {
        match &node.value {
            Value::String(text) => return Some(text.to_string()),
            _ => self.refuse_kind(node, path, "a string"),
        }
        None
    }

    fn constant(&mut self, node: &Node, path: &str, only: &str) {
        if self.string(node, path).is_some_and(|text| text != only) {
            let problem = Problem::new(format!("must be `{only}`")).help("leave it out");
            self.report(node.origin, path, problem);
        }
    }

    /// A string that passes a test.
    fn text(
        &mut self,
        node: &Node,
        path: &str,
        is_legal: fn(&str) -> bool,
        wanted: &str,
    ) -> Option<String> {
        let text = self.string(node, path)?;
        if !is_legal(&text) {
            let problem = Problem::new(format!("`{}` is not {wanted}", text.escape_debug()));
            self.report(node.origin, path, problem.help("`helm lint` would refuse it"));
        }
        Some(text)
    }

    /// A string that is empty or passes a test.
    fn address(
        &mut self,
        node: &Node,
        path: &str,
        is_legal: fn(&str) -> bool,
        wanted: &str,
    ) -> String {
        match &node.value {
            Value::Null => String::new(),
            Value::String(text) if text.is_empty() => String::new(),
            _ => self.text(node, path, is_legal, wanted).unwrap_or_default(),
        }
    }

    fn list<T>(
        &mut self,
        node: &Node,
        path: &str,
        mut read: impl FnMut(&mut Self, &Node, &str) -> Option<T>,
    ) -> Vec<T> {
        let Value::List(items) = &node.value else {
            self.refuse_kind(node, path, "a list");
            return Vec::new();
        };
        let item = |(i, item): (usize, &Node)| read(self, item, &format!("{path}[{i}]"));
        items.iter().enumerate().filter_map(item).collect()
    }

    fn maintainer(&mut self, node: &Node, path: &str) -> Option<Maintainer> {
        let Value::Map(map) = &node.value else {
            // Helm 3.17.3 crashes on an empty entry.
            self.refuse_kind(node, path, "a map");
            return None;
        };
        let mut maintainer = Maintainer::default();
        for (key, entry) in map {
            let (at, node) = (&format!("{path}.{key}"), &entry.node);
            match key.as_str() {
                "name" => maintainer.name = self.string(node, at).unwrap_or_default(),
                "email" => maintainer.email = self.address(node, at, is_email, "an e-mail address"),
                "url" => maintainer.url = self.address(node, at, is_web, WEB),
                _ => self.refuse_key(path, key, entry.key_origin, &["name", "email", "url"]),
            }
        }
        let blank = |value: &Value| matches!(value, Value::String(name) if name.trim().is_empty());
        if map.get("name").is_none_or(|entry| blank(&entry.node.value)) {
            self.report(node.origin, path, Problem::new("a maintainer needs a `name`"));
        }
        Some(maintainer)
    }

    fn annotations(&mut self, node: &Node, path: &str) -> BTreeMap<String, String> {
        let Some(map) = self.map(node, path) else { return BTreeMap::new() };
        let mut annotations = BTreeMap::new();
        for (key, entry) in map {
            if let Some(text) = self.string(&entry.node, &format!("{path}.{key}")) {
                annotations.insert(key.to_string(), text);
            }
        }
        annotations
    }
}

/// Checks a version constraint as Helm parses it; Helm takes one that it cannot parse for one
/// that no cluster meets, and says so at install only.
pub(crate) fn check_constraint(text: &str) -> Result<(), Problem> {
    let version = r"v?(\d{1,9}|[xX*])(\.(\d{1,9}|[xX*])){0,2}(-(0|[1-9A-Za-z-][0-9A-Za-z-]*)(\.(0|[1-9A-Za-z-][0-9A-Za-z-]*))*)?";
    let comparator = format!(r"(=|!=|>|<|>=|=>|<=|=<|~|~>|\^)?\s*{version}");
    let all = format!(r"\s*{comparator}((\s+|\s*,\s*){comparator})*\s*");
    let range = format!(r"\s*{version}\s+-\s+{version}\s*");
    let pattern = Regex::new(&format!("^({all}|{range})$")).expect("the pattern is constant");
    if text.split("||").all(|part| pattern.is_match(part)) {
        return Ok(());
    }
    Err(Problem::new(format!("`{}` is no version constraint", text.escape_debug()))
        .help("write it as `>=1.25.0-0`, or `>=1.25.0-0 <2.0.0-0`"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::check_constraint;
    use crate::chart::metadata::Metadata;
    use crate::node::{Entry, Node, Value};
    use crate::source::{Origin, Sources};

    fn read(json: serde_json::Value) -> Result<Metadata, Vec<String>> {
        Metadata::from_node(&Node::from_json(&json), &Sources::default())
            .map_err(|problems| problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn keeps_defaults_for_what_is_not_said() {
        let default = Metadata::default();
        assert_eq!(read(json!({})), Ok(default.clone()));
        assert_eq!(read(json!(null)), Ok(default.clone()));
        assert_eq!(
            read(json!({"name": null, "apiVersion": "v2", "type": "application"})),
            Ok(default)
        );
    }

    #[test]
    fn reads_every_key() {
        let metadata = read(json!({
            "apiVersion": "v2", "name": "hzg", "description": "d", "type": "application", "version": "1.2.3",
            "appVersion": "10.0.3.0", "kubeVersion": ">=1.28.0-0", "home": "https://a.cn", "icon": "data:image/png;base64,AA==",
            "keywords": ["k"], "sources": ["oci://a/b"], "maintainers": [{"name": "张三", "email": "z@a.cn", "url": ""}],
            "deprecated": true, "annotations": {"a/b": "c"}
        }))
        .unwrap();
        assert_eq!(metadata.name.as_str(), "hzg");
        assert_eq!(metadata.version.as_deref(), Some("1.2.3"));
        assert_eq!(metadata.app_version.as_deref(), Some("10.0.3.0"));
        assert_eq!(metadata.kube_version, ">=1.28.0-0");
        assert_eq!(metadata.maintainers[0].name, "张三");
        assert_eq!(metadata.annotations["a/b"], "c");
        assert!(metadata.deprecated);
    }

    #[test]
    fn a_key_with_escapes_is_told_without_them() {
        let problems =
            read(json!({"a\u{1b}[31m\nb": 1, "annotations": {"c\u{1b}": 2}})).unwrap_err();
        assert!(problems.iter().all(|told| !told.contains('\u{1b}')), "{problems:?}");
        assert!(problems[0].starts_with(r"a\u{1b}[31m\nb: unknown key"), "{problems:?}");
    }

    #[test]
    fn reports_everything_at_once_in_the_order_of_the_file() {
        let problems = read(json!({
            "maintaners": [], "name": "My Chart", "version": "v10.0.3", "appVersion": 10.5, "type": "library",
            "kubeVersion": "new", "icon": "x", "keywords": "k", "sources": ["x", null],
            "maintainers": [null, {"email": "z@a"}, {"name": " ", "mail": "z"}, {"name": 3}], "deprecated": "yes",
            "annotations": {"a": true}, "dependencies": [], "zzz": 1
        }))
        .unwrap_err();
        assert_eq!(
            problems.join("\n"),
            "\
maintaners: unknown key
  help: did you mean `maintainers`?
name: the chart name `My Chart` holds 'M'; only lower-case letters, digits and `-` are allowed
  help: did you mean `my-chart`?
version: `v10.0.3` is no version
  help: did you mean `10.0.3`?
appVersion: expected a string, found a number
  help: put the value in quotes
type: must be `application`
  help: leave it out
kubeVersion: `new` is no version constraint
  help: write it as `>=1.25.0-0`, or `>=1.25.0-0 <2.0.0-0`
icon: `x` is not an address or `data:`
  help: `helm lint` would refuse it
keywords: expected a list, found a string
sources[0]: `x` is not an address such as `https://example.com`
  help: `helm lint` would refuse it
sources[1]: expected a string, found null
maintainers[0]: expected a map, found null
maintainers[1].email: `z@a` is not an e-mail address
  help: `helm lint` would refuse it
maintainers[1]: a maintainer needs a `name`
maintainers[2].mail: unknown key
  help: did you mean `email`?
maintainers[2]: a maintainer needs a `name`
maintainers[3].name: expected a string, found an integer
  help: put the value in quotes
deprecated: expected a boolean, found a string
annotations.a: expected a string, found a boolean
  help: put the value in quotes
dependencies: unknown key
  help: the chart has no dependencies; leave it out
zzz: unknown key
  help: known keys: apiVersion, name, description, type, version, appVersion, kubeVersion, home, icon, keywords, sources, maintainers, deprecated, annotations"
        );
        assert_eq!(read(json!([1])).unwrap_err(), ["expected a map, found a list"]);
    }

    #[test]
    fn points_at_keys_and_values() {
        let mut sources = Sources::default();
        let source = sources.add("my.yaml", "nam: a\nname: B\n");
        let origin = |line, column| Some(Origin { source, line, column });
        let entry = |line, column, text: &str| Entry {
            key_origin: origin(line, 1),
            node: Node::new(Value::String(text.into()), origin(line, column)),
        };
        let map = [("nam".to_owned(), entry(1, 6, "a")), ("name".to_owned(), entry(2, 7, "B"))];
        let node = Node::new(Value::Map(map.into_iter().collect()), origin(1, 1));
        let problems = Metadata::from_node(&node, &sources).unwrap_err();
        assert!(problems[0].to_string().starts_with("my.yaml:1:1: nam: unknown key"));
        assert!(
            problems[1].to_string().starts_with("my.yaml:2:7: name: the chart name `B` holds 'B'")
        );
    }

    #[test]
    fn takes_the_constraints_that_helm_parses() {
        for good in [
            ">=1.25.0-0",
            ">= 1.25.0-0 < 2.0.0",
            ">=1.25.0-0,<2.0.0",
            ">=1.20 || >=1.30",
            "1.x",
            "*",
            "^1.2",
            "~1.20.0",
            "1.20 - 1.99",
            "=>1.2",
            "!=1.3",
            ">=v1.20.0-0",
            " >=1.2 ,<9 ",
            "1 - 2 || 3",
        ] {
            assert_eq!(check_constraint(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "abc",
            ">=1.25.0-0 &&<2",
            ">=1.",
            ">=1.2, ,<9",
            ">=1.25.0-0,",
            "|| 1.x",
            ">=1.2<9",
            "1.2.3.4",
            "- 1.2",
            "> = 1.2",
            "!1.2",
            ">=1.25.0-01",
            "<=99999999999999999999",
        ] {
            assert!(check_constraint(bad).is_err(), "{bad}");
        }
    }
}
