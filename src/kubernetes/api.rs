//! The first two lines of an object: whether it is one, and whether the cluster's version serves its kind.

use crate::node::{Map, Value};
use crate::rules::{API_UNAVAILABLE, NOT_AN_OBJECT};
use crate::suggest::nearest;

use super::format::{or, shown};
use super::table::{Kind, group};
use super::version::Version;
use super::walk::{Step, Walk};

/// Says that a document is no map.
pub(super) fn report_no_object(walk: &mut Walk<'_>) {
    let node = &walk.object.node;
    let message = format!("{} stands where an object is expected", node.value.kind());
    let help = "an object is a map with `apiVersion`, `kind` and `metadata`".to_owned();
    walk.report(&NOT_AN_OBJECT, node.origin, message, help);
}

/// Says that a map is no object: values among manifests, or a list's item that lost its dash.
pub(super) fn report_neither(walk: &mut Walk<'_>) {
    let message = "this is no Kubernetes object: it has neither `apiVersion` nor `kind`".to_owned();
    let help = "an object is a map with `apiVersion`, `kind` and `metadata`; to check values: `hzgchart validate -f FILE`".to_owned();
    walk.report(&NOT_AN_OBJECT, walk.object.node.origin, message, help);
}

/// Finds the kind. `None` when it is not Kubernetes' own, or not to be known: then that has been noted.
pub(super) fn check<'a>(walk: &mut Walk<'a>, map: &'a Map) -> Option<Kind> {
    let api = text(walk, map, "apiVersion");
    let name = text(walk, map, "kind");
    let (api, name) = (api?, name?);
    let kind = match Kind::find(api, name) {
        Some(kind) if kind.versions.has(walk.version) => return Some(kind),
        kind => kind,
    };
    if let Some(kind) = kind {
        let (message, help) = unserved(kind, walk.version);
        report(walk, map, "apiVersion", message, Some(help));
    } else if let Some((key, message, help)) = unknown(api, name, walk.version) {
        report(walk, map, key, message, help);
    }
    kind
}

/// The text of one of the two lines.
fn text<'a>(walk: &mut Walk<'a>, map: &'a Map, key: &'static str) -> Option<&'a str> {
    let entry = map.get(key);
    let (at, message) = match entry.map(|entry| &entry.node) {
        None => (walk.object.node.origin, format!("`{key}` is missing")),
        Some(node) => match &node.value {
            Value::String(text) if !text.is_empty() => return Some(text),
            Value::String(_) => (node.origin, format!("`{key}` is empty")),
            other => (node.origin, format!("`{key}` is {}, expected a string", other.kind())),
        },
    };
    let help = if key == "apiVersion" {
        let kind = map.get("kind").and_then(|entry| entry.node.as_str()).unwrap_or_default();
        match served(kind, walk.version).as_slice() {
            [] => "it tells group and version, like `apps/v1`".to_owned(),
            apis => format!("kind `{kind}` is in {}", or(apis)),
        }
    } else {
        "it tells what the object is, like `Deployment`".to_owned()
    };
    walk.report_field(&NOT_AN_OBJECT, at, key, message, help);
    None
}

fn report(
    walk: &mut Walk<'_>,
    map: &Map,
    key: &'static str,
    message: String,
    help: Option<String>,
) {
    let at = map.get(key).and_then(|entry| entry.node.origin);
    walk.path.push(Step::Key(key));
    walk.report(&API_UNAVAILABLE, at, message, help);
    walk.path.pop();
}

/// What to say of a kind that other versions serve.
fn unserved(kind: Kind, version: Version) -> (String, String) {
    let Kind { api, name, versions, .. } = kind;
    let message = if versions.first > version.minor() {
        format!(
            "Kubernetes {version} does not serve `{api}` {name}: it is new in 1.{}",
            versions.first
        )
    } else {
        format!(
            "Kubernetes {version} does not serve `{api}` {name}: it was removed in 1.{}",
            versions.last + 1
        )
    };
    let help = match served(name, version).as_slice() {
        [] if name == "PodSecurityPolicy" => {
            "label the namespace for Pod Security admission instead".to_owned()
        }
        [] => "leave the object out, or check for another version with `--kube-version`".to_owned(),
        apis => format!("use {}", or(apis)),
    };
    (message, help)
}

/// What to say of a kind that no version serves: the key that is wrong, the message, the help. `None` for one of another group.
fn unknown(
    api: &str,
    name: &str,
    version: Version,
) -> Option<(&'static str, String, Option<String>)> {
    let shown_api = shown(api);
    let shown_name = shown(name);
    let own_group = group(api);
    let is_own = Kind::all().any(|kind| kind.group() == own_group);
    let apis = served(name, version);
    if !is_own {
        // The group of a custom resource has a dot; and one that is a letter away from an own kind's group was meant to be that.
        let meant = |kind: Kind| {
            kind.name == name && strsim::damerau_levenshtein(kind.group(), own_group) <= 2
        };
        let is_foreign =
            own_group.contains('.') && (own_group.len() > 64 || !Kind::all().any(meant));
        return (!is_foreign).then(|| {
            let groups =
                || Kind::all().filter(|kind| kind.versions.has(version)).map(|kind| kind.api);
            let help = match apis.as_slice() {
                [] => nearest(api, groups()).map(|near| format!("did you mean `{near}`?")),
                apis => Some(format!("kind `{shown_name}` is in {}", or(apis))),
            };
            ("apiVersion", format!("there is no API `{shown_api}`"), help)
        });
    }
    if !apis.is_empty() {
        let help = Some(format!("it is in {}", or(&apis)));
        return Some(("apiVersion", format!("kind `{shown_name}` is not in `{shown_api}`"), help));
    }
    let here = || {
        Kind::all()
            .filter(|kind| kind.api == api && kind.versions.has(version))
            .map(|kind| kind.name)
    };
    let everywhere = || Kind::all().filter(|kind| kind.versions.has(version)).map(|kind| kind.name);
    let near = nearest(name, here()).or_else(|| nearest(name, everywhere()));
    let help = near.map(|near| format!("did you mean `{near}`?"));
    Some(("kind", format!("there is no kind `{shown_name}` in `{shown_api}`"), help))
}

/// The API versions that serve a kind, quoted, the stable ones alone if there are any.
fn served(name: &str, version: Version) -> Vec<String> {
    let of = |stable: bool| {
        Kind::all()
            .filter(move |kind| kind.name == name && kind.versions.has(version))
            .filter(move |kind| {
                !stable || !kind.api.contains("alpha") && !kind.api.contains("beta")
            })
            .map(|kind| format!("`{}`", kind.api))
            .collect::<Vec<_>>()
    };
    let stable = of(true);
    if stable.is_empty() { of(false) } else { stable }
}
