//! What the metadata of an object must be, whatever its kind.

use crate::node::{Map, Node, Value};
use crate::rules::{BAD_FORMAT, MISSING_FIELD, NOT_AN_OBJECT};

use super::syntax::{self, Verdict};
use super::table::{Kind, Type};
use super::walk::{Step, Walk};

/// So many bytes all annotations of an object may have together, names and values.
const MAX_ANNOTATIONS: usize = 256 * 1024;

const OBJECT_META: &str = "meta.v1.ObjectMeta";

/// Checks nothing but the metadata: of a custom resource, or a kind that the version does not serve.
pub(super) fn check_alone<'a>(walk: &mut Walk<'a>, map: &'a Map) {
    if let Some(entry) = map.get("metadata")
        && !matches!(entry.node.value, Value::Null)
    {
        walk.path.push(Step::Key("metadata"));
        walk.value(&entry.node, OBJECT_META, None);
        walk.path.pop();
    }
}

/// Checks that an object has a name, written as its kind wants it.
pub(super) fn check_name<'a>(walk: &mut Walk<'a>, map: &'a Map, kind: Option<Kind>) {
    if !kind.is_none_or(is_named) {
        return;
    }
    let text = |key: &str| {
        let node = &map.get("metadata")?.node.as_map()?.get(key)?.node;
        Some((node, node.as_str()?)).filter(|(_, text)| !text.is_empty())
    };
    walk.path.push(Step::Key("metadata"));
    match (map.get("metadata").map(|entry| &entry.node), text("name")) {
        (_, Some((node, name))) => {
            if let Some(expected) = rule(kind)(name) {
                walk.path.push(Step::Key("name"));
                let kind = kind.map_or("the object", |kind| kind.name);
                let message = format!(
                    "`{}` cannot be the name of {}",
                    super::format::shown(name),
                    article(kind)
                );
                walk.report(&BAD_FORMAT, node.origin, message, format!("expected {expected}"));
                walk.path.pop();
            }
        }
        (None | Some(Node { value: Value::Null, .. }), _) => {
            let help = "an object needs `metadata` with a `name`".to_owned();
            walk.report(&NOT_AN_OBJECT, None, "`metadata` is missing".to_owned(), help);
        }
        // A value of another type has been found.
        (Some(Node { value: Value::Map(metadata), origin }), None) => {
            let is_text = |entry: &crate::node::Entry| {
                matches!(entry.node.value, Value::String(_) | Value::Null)
            };
            if metadata.get("name").is_none_or(is_text) && text("generateName").is_none() {
                let help = "name the object".to_owned();
                walk.report_field(
                    &MISSING_FIELD,
                    *origin,
                    "name",
                    "`name` is missing".to_owned(),
                    help,
                );
            }
        }
        (Some(_), None) => {}
    }
    walk.path.pop();
}

fn article(kind: &str) -> String {
    let vowel = kind.starts_with(['A', 'E', 'I', 'O', 'U']);
    if kind.starts_with("the ") {
        kind.to_owned()
    } else {
        format!("{} {kind}", if vowel { "an" } else { "a" })
    }
}

/// Whether objects of a kind are kept under a name. Reviews are questions, and lists are rows of objects.
fn is_named(kind: Kind) -> bool {
    let of = Type::find(kind.of);
    let has = of.is_none_or(|of| of.field("metadata").any(|field| field.kind == OBJECT_META));
    has && !kind.name.ends_with("Review")
        && !["TokenRequest", "Eviction", "Binding"].contains(&kind.name)
}

/// How a kind's names are written. Most are DNS subdomains.
fn rule(kind: Option<Kind>) -> fn(&str) -> Verdict {
    let Some(kind) = kind else { return syntax::dns_subdomain };
    match kind.name {
        "Service" => syntax::rfc1035_label,
        "Namespace" => syntax::dns_label,
        "ClusterRole" | "ClusterRoleBinding" | "ClusterTrustBundle" | "Role" | "RoleBinding" => {
            syntax::path_segment
        }
        "CronJob" => cron_job,
        "IPAddress" => syntax::ip,
        _ => syntax::dns_subdomain,
    }
}

/// A CronJob's name is continued by eleven characters in the names of its jobs, whose pods carry it as a label.
fn cron_job(name: &str) -> Verdict {
    let long = (name.len() > 52).then_some("up to 52 characters: each job's name adds eleven");
    syntax::dns_subdomain(name).or(long)
}

/// Checks that annotations are not more than an API server takes.
pub(super) fn check_size<'a>(walk: &mut Walk<'a>, node: &'a Node, map: &'a Map) {
    let size: usize =
        map.iter().map(|(key, entry)| key.len() + entry.node.as_str().map_or(0, str::len)).sum();
    if size > MAX_ANNOTATIONS {
        let message = format!(
            "the annotations have {size} bytes together, expected {MAX_ANNOTATIONS} at most"
        );
        let help = "keep long texts in a ConfigMap".to_owned();
        walk.report(&BAD_FORMAT, node.origin, message, help);
    }
}
