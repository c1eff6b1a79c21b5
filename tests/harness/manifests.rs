//! Rendered manifests as objects: read by PyYAML, keyed by identity, compared as JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::LazyLock;

use serde_json::{Value as Json, json};

use super::hzgchart::hzgchart;
use super::process::run;
use super::python::Python;
use super::{compositions, valid_fixtures};

static YAML: LazyLock<Python> = LazyLock::new(|| Python::start("yaml11.py"));

/// What makes an object itself in a cluster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identity {
    /// `apps/v1`
    pub api_version: String,
    /// `Deployment`
    pub kind: String,
    /// The namespace that the object itself names; empty when it leaves that to the release.
    pub namespace: String,
    /// The name.
    pub name: String,
}

/// One document of a rendered stream.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// The path in its `# Source:` comment.
    pub source: String,
    /// What the object is.
    pub identity: Identity,
    /// The object.
    pub json: Json,
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { api_version, kind, namespace, name } = self;
        write!(f, "{kind} {namespace}/{name} ({api_version})")
    }
}

/// The documents of a YAML text as YAML 1.1 reads them, without the empty ones.
pub fn read_yaml(text: &str) -> Result<Vec<Json>, String> {
    ask(text, false)
}

/// The objects of what `helm template` printed.
pub fn from_helm(text: &str) -> Result<Vec<Object>, String> {
    objects(text, ask(text, false)?)
}

/// The objects of what `hzgchart render` printed, which YAML 1.2 must read the same way.
pub fn from_render(text: &str) -> Result<Vec<Object>, String> {
    objects(text, ask(text, true)?)
}

/// What every preset, every two of them, and every valid fixture renders to, with the arguments that give it.
pub fn rendered() -> impl Iterator<Item = (Vec<String>, Vec<Object>)> {
    let fixtures = valid_fixtures();
    let fixtures =
        fixtures.into_iter().map(|path| vec!["-f".to_owned(), path.display().to_string()]);
    compositions().into_iter().chain(fixtures).map(|input| {
        let text = run(hzgchart().arg("render").args(&input)).success();
        let objects = from_render(&text).unwrap_or_else(|e| panic!("{input:?}: {e}"));
        (input, objects)
    })
}

fn ask(text: &str, both: bool) -> Result<Vec<Json>, String> {
    let mut answer = YAML.ask(&json!({ "text": text, "both": both }));
    match answer["documents"].take() {
        Json::Array(documents) => Ok(documents),
        _ => Err(format!("{}\n{text}", answer["error"])),
    }
}

fn objects(text: &str, documents: Vec<Json>) -> Result<Vec<Object>, String> {
    // Only a comment of the stream itself can stand at the start of a line: what is in an object's
    // strings is quoted or indented.
    let sources: Vec<&str> = text.lines().filter_map(|l| l.strip_prefix("# Source: ")).collect();
    if sources.len() != documents.len() {
        return Err(format!(
            "{} `# Source:` comments for {} objects\n{text}",
            sources.len(),
            documents.len()
        ));
    }
    let objects: Vec<Object> = sources
        .iter()
        .zip(documents)
        .map(|(source, json)| Object {
            source: (*source).to_owned(),
            identity: identity(&json),
            json,
        })
        .collect();
    let mut seen = BTreeSet::new();
    match objects.iter().find(|object| !seen.insert(&object.identity)) {
        Some(twice) => Err(format!("{} stands twice\n{text}", twice.identity)),
        None => Ok(objects),
    }
}

fn identity(json: &Json) -> Identity {
    let string = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    Identity {
        api_version: string(&json["apiVersion"]),
        kind: string(&json["kind"]),
        namespace: string(&json["metadata"]["namespace"]),
        name: string(&json["metadata"]["name"]),
    }
}

/// Compares two renderings: the same objects, from the same files, in the same order.
pub fn compare(left: &[Object], right: &[Object]) -> Result<(), String> {
    let by_identity = |objects: &[Object]| -> BTreeMap<Identity, Json> {
        objects.iter().map(|o| (o.identity.clone(), o.json.clone())).collect()
    };
    let (lefts, rights) = (by_identity(left), by_identity(right));
    let mut found = Vec::new();
    for identity in lefts.keys().filter(|i| !rights.contains_key(i)) {
        found.push(format!("only on the left: {identity}"));
    }
    for (identity, right) in &rights {
        match lefts.get(identity) {
            None => found.push(format!("only on the right: {identity}")),
            Some(left) => differences(&identity.to_string(), left, right, &mut found),
        }
    }
    if found.is_empty() {
        let order = |objects: &[Object]| -> Vec<String> {
            objects.iter().map(|o| format!("{} from {}", o.identity, o.source)).collect()
        };
        let (left, right) = (order(left), order(right));
        if left != right {
            found.push(format!("another order or source\nleft: {left:#?}\nright: {right:#?}"));
        }
    }
    if found.is_empty() { Ok(()) } else { Err(found.join("\n")) }
}

fn differences(path: &str, left: &Json, right: &Json, found: &mut Vec<String>) {
    match (left, right) {
        (Json::Object(l), Json::Object(r)) => {
            let keys: BTreeSet<&String> = l.keys().chain(r.keys()).collect();
            for key in keys {
                let path = format!("{path}.{key}");
                match (l.get(key), r.get(key)) {
                    (Some(l), Some(r)) => differences(&path, l, r, found),
                    (l, r) => found.push(format!("{path}: {} against {}", show(l), show(r))),
                }
            }
        }
        (Json::Array(l), Json::Array(r)) if l.len() == r.len() => {
            for (i, (l, r)) in l.iter().zip(r).enumerate() {
                differences(&format!("{path}[{i}]"), l, r, found);
            }
        }
        _ if left == right => {}
        _ => found.push(format!("{path}: {} against {}", show(Some(left)), show(Some(right)))),
    }
}

fn show(json: Option<&Json>) -> String {
    json.map_or_else(|| "nothing".to_owned(), Json::to_string)
}

/// Every key path of the objects, without the values: what no string may ever change.
pub fn shape(objects: &[Object]) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for object in objects {
        collect(&object.identity.to_string(), &object.json, &mut paths);
    }
    paths
}

fn collect(path: &str, json: &Json, paths: &mut BTreeSet<String>) {
    match json {
        Json::Object(map) => {
            for (key, value) in map {
                collect(&format!("{path}.{key}"), value, paths);
            }
        }
        Json::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                collect(&format!("{path}[{i}]"), item, paths);
            }
        }
        _ => {}
    }
    paths.insert(path.to_owned());
}

#[test]
fn yaml_is_read_as_the_strictest_reader_of_yaml_11_reads_it() {
    let text = "a: 012\nb: y\nc: 1e3\nd: '1e3'\ne: 2001-01-01\nf: 0x1F\ng: ~\nh: 1.0\ni: 089\n";
    let expected = json!({
        "a": 10, "b": true, "c": 1000, "d": "1e3", "e": "2001-01-01", "f": 31, "g": null, "h": 1, "i": 89
    });
    assert_eq!(read_yaml(text), Ok(vec![expected]));
}

#[test]
fn keys_that_stand_twice_or_are_no_strings_are_refused() {
    assert!(read_yaml("a: 1\na: 2\n").unwrap_err().contains("stands twice"));
    assert!(read_yaml("y: 1\n").unwrap_err().contains("not a string"));
}

#[test]
fn a_text_that_yaml_12_reads_differently_is_refused() {
    assert!(ask("a: yes\n", true).is_err());
    assert!(ask("a: 'yes'\nb: true\nc: 12\n", true).is_ok());
}

#[test]
fn comparing_names_every_difference() {
    let object = |json: Json| Object { source: "a".into(), identity: identity(&json), json };
    let left = [object(json!({ "kind": "A", "x": { "l": [1, 2] }, "only": "left" }))];
    let right =
        [object(json!({ "kind": "A", "x": { "l": [1, 3] } })), object(json!({ "kind": "B" }))];
    assert_eq!(compare(&left, &left), Ok(()));
    assert_eq!(
        compare(&left, &right).unwrap_err(),
        "A / ().only: \"left\" against nothing\nA / ().x.l[1]: 2 against 3\nonly on the right: B / ()"
    );
}
