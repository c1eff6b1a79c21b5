//! What an API server asks of ConfigMaps and Secrets as a whole: their size, and the keys that a Secret's type promises.

use crate::node::{Map, Node, Value};
use crate::rules::{BAD_FORMAT, FIELD_CONFLICT, MISSING_FIELD};

use super::format::shown;
use super::here::Here;

/// So many bytes all values of a ConfigMap or a Secret may have together.
const MAX_SIZE: usize = 1024 * 1024;

/// Of a ConfigMap: not too large, and no key in both maps.
pub(super) fn check_config_map(here: &mut Here<'_, '_>) {
    check_size(here, size(here, "data", str::len) + size(here, "binaryData", decoded));
    let binary = map(here, "binaryData");
    let both = map(here, "data")
        .into_iter()
        .flatten()
        .find(|(key, _)| binary.is_some_and(|binary| binary.contains_key(key)));
    if let Some((key, _)) = both {
        let message = format!("the key `{}` is in `data` and in `binaryData`", shown(key));
        here.report(&FIELD_CONFLICT, "binaryData", message, "keep one of them");
    }
}

/// Of a Secret: not too large, and with the keys of its type.
pub(super) fn check_secret(here: &mut Here<'_, '_>) {
    check_size(here, size(here, "data", decoded) + size(here, "stringData", str::len));
    let kind = here.text("type");
    // <https://kubernetes.io/docs/concepts/configuration/secret/#secret-types>
    let needed: &[&str] = match kind {
        "kubernetes.io/tls" => &["tls.crt", "tls.key"],
        "kubernetes.io/dockerconfigjson" => &[".dockerconfigjson"],
        "kubernetes.io/dockercfg" => &[".dockercfg"],
        "kubernetes.io/ssh-auth" => &["ssh-privatekey"],
        _ => &[],
    };
    for key in needed {
        let has = |field: &str| map(here, field).is_some_and(|map| map.contains_key(key));
        if !has("data") && !has("stringData") {
            let message = format!("`data` lacks the key `{key}`");
            let help = format!("a Secret of type `{kind}` needs it");
            here.report(&MISSING_FIELD, "data", message, help);
        }
    }
}

fn map<'a>(here: &Here<'_, 'a>, field: &str) -> Option<&'a Map> {
    here.get(field).and_then(Node::as_map)
}

fn size(here: &Here<'_, '_>, field: &str, of: fn(&str) -> usize) -> usize {
    let values = map(here, field).into_iter().flatten().map(|(_, entry)| &entry.node.value);
    values.map(|value| if let Value::String(text) = value { of(text) } else { 0 }).sum()
}

/// How many bytes a text in base64 stands for, give or take two.
fn decoded(text: &str) -> usize {
    text.len() / 4 * 3
}

fn check_size(here: &mut Here<'_, '_>, size: usize) {
    if size > MAX_SIZE {
        let message = format!("the data have {size} bytes together, expected {MAX_SIZE} at most");
        here.report(&BAD_FORMAT, "data", message, "divide it, or keep it on a volume");
    }
}
