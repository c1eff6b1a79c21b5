//! What an API server asks of volumes, of what is mounted, and of the claims behind them.

use crate::node::{Node, Value};
use crate::quantity::Quantity;
use crate::rules::{BAD_ENUM, BAD_FORMAT, FIELD_CONFLICT};

use super::format::shown;
use super::here::Here;
use super::table::Type;

/// Of a claim: it says how it is accessed, and how much it wants.
pub(super) fn check_claim(here: &mut Here<'_, '_>) {
    check_access(here);
    match here.node.at(&["resources", "requests", "storage"]) {
        None | Some(Node { value: Value::Null, .. }) => {
            here.missing_below(&["resources", "requests"], "storage", "a claim asks for a size");
        }
        Some(size) => {
            let text = size.as_str().map_or_else(|| size.to_json().to_string(), str::to_owned);
            if Quantity::parse(&text).is_some_and(|size| Some(size) == Quantity::parse("0")) {
                let message = "`resources.requests.storage` is 0";
                here.report(&BAD_FORMAT, "resources", message, "ask for more than nothing");
            }
        }
    }
}

/// Of a PersistentVolume: it says how it is accessed, how much it holds, and what of; a local one also where.
pub(super) fn check_persistent_volume(here: &mut Here<'_, '_>, of: Type) {
    here.volume(of, true);
    check_access(here);
    let storage = here.node.at(&["capacity", "storage"]);
    if storage.is_none_or(|node| matches!(node.value, Value::Null)) {
        here.missing_below(&["capacity"], "storage", "a volume has a size");
    }
    if here.has("local") && !here.has("nodeAffinity") {
        here.missing("nodeAffinity", "a local volume is on one node: name that");
    }
}

fn check_access(here: &mut Here<'_, '_>) {
    let Some(modes) = here.get("accessModes").map(Node::items) else {
        return here.missing("accessModes", "name at least one, like `ReadWriteOnce`");
    };
    if modes.len() > 1 && modes.iter().any(|mode| mode.as_str() == Some("ReadWriteOncePod")) {
        let message = "`ReadWriteOncePod` excludes every other access mode";
        here.report(&FIELD_CONFLICT, "accessModes", message, "leave the others out, or it");
    }
}

/// Of a directory of the node: no way leads up from it.
pub(super) fn check_host_path(here: &mut Here<'_, '_>) {
    let path = here.text("path");
    if path.split('/').any(|part| part == "..") {
        let message = format!("`path` is `{}`, and may not have `..` in it", shown(path));
        here.report(&BAD_FORMAT, "path", message, "write where it leads to");
    }
}

/// Of a file that tells of its pod: what a volume can tell.
pub(super) fn check_told_file(here: &mut Here<'_, '_>) {
    const FIELDS: [&str; 5] = ["annotations", "labels", "name", "namespace", "uid"];
    here.one_of(&["fieldRef", "resourceFieldRef"], true);
    let Some(field) = here.node.at(&["fieldRef", "fieldPath"]).and_then(Node::as_str) else {
        return;
    };
    let name = field.strip_prefix("metadata.").map(|name| name.split('[').next().unwrap_or(name));
    if !name.is_some_and(|name| FIELDS.contains(&name)) {
        let message = format!("`fieldPath` is `{}`, which a volume cannot tell", shown(field));
        let help =
            "write a field of `metadata`, or bring it as a variable: `env[].valueFrom.fieldRef`";
        here.report(&BAD_ENUM, "fieldRef", message, help);
    }
}

/// Of a container's mounts: what it mounts itself reaches others only from a privileged one.
pub(super) fn check_mounts(here: &mut Here<'_, '_>) {
    let privileged = here.node.at(&["securityContext", "privileged"]);
    if privileged.is_some_and(|node| matches!(node.value, Value::Bool(true))) {
        return;
    }
    let mounts = here.get("volumeMounts").map(Node::items).unwrap_or_default();
    let both = |mount: &Node| {
        mount.at(&["mountPropagation"]).and_then(Node::as_str) == Some("Bidirectional")
    };
    if mounts.iter().any(both) {
        let message =
            "`mountPropagation` is `Bidirectional`, which only a privileged container may have";
        here.report(
            &FIELD_CONFLICT,
            "volumeMounts",
            message,
            "write `HostToContainer`, or leave it out",
        );
    }
}
