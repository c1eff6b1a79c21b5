//! What an API server asks of a container's requests and limits together.

use crate::node::{Entry, Map, Node, Value};
use crate::quantity::Quantity;
use crate::rules::{BAD_ENUM, BAD_FORMAT, FIELD_CONFLICT, MISSING_FIELD};

use super::format::shown;
use super::here::Here;
use super::walk::Step;

/// Of requests and limits: no request is above its limit; and of what cannot be shared, devices and huge pages, it is the limit.
/// Devices are counted in whole numbers.
pub(super) fn check(here: &mut Here<'_, '_>) {
    let [requests, limits] =
        ["requests", "limits"].map(|list| here.get(list).and_then(Node::as_map));
    for (list, amounts) in [("requests", requests), ("limits", limits)] {
        for (name, entry) in amounts.into_iter().flatten().filter(|(name, _)| is_device(name)) {
            if Quantity::read(&entry.node).is_some_and(|amount| !amount.is_whole()) {
                let message = format!("`{}` is counted in whole numbers", shown(name));
                let help = "write a whole number".to_owned();
                here.walk.path.push(Step::Key(list));
                here.walk.report_field(&BAD_FORMAT, entry.node.origin, name, message, help);
                here.walk.path.pop();
            }
        }
    }
    for (name, entry) in requests.into_iter().flatten() {
        request(here, name, entry, limits);
    }
}

fn request(here: &mut Here<'_, '_>, name: &str, entry: &Entry, limits: Option<&Map>) {
    let Some(amount) = Quantity::read(&entry.node) else { return };
    let name_shown = shown(name);
    let (rule, message, help) = match limits.and_then(|limits| limits.get(name)) {
        None if is_shared(name) => return,
        None => (
            &MISSING_FIELD,
            format!("`limits` lacks `{name_shown}`, and a request for it needs a limit"),
            format!("give `limits` the same amount of `{name_shown}`"),
        ),
        Some(limit) => match Quantity::read(&limit.node) {
            Some(limit) if amount > limit => (
                &FIELD_CONFLICT,
                format!("the request for `{name_shown}` is above its limit"),
                "raise the limit, or ask for less".to_owned(),
            ),
            Some(limit) if amount < limit && !is_shared(name) => (
                &FIELD_CONFLICT,
                format!("the request for `{name_shown}` is not its limit"),
                "leave the request out: it is the limit".to_owned(),
            ),
            _ => return,
        },
    };
    here.walk.path.push(Step::Key("requests"));
    here.walk.report_field(rule, entry.node.origin, name, message, help);
    here.walk.path.pop();
}

/// Whether containers may be promised more of a resource than there is: Kubernetes' own but huge pages
/// (`IsOvercommitAllowed` in `pkg/apis/core/helper`).
fn is_shared(name: &str) -> bool {
    !name.starts_with("hugepages-") && !is_extended(name)
}

fn is_extended(name: &str) -> bool {
    name.contains('/') && !name.contains("kubernetes.io/")
}

fn is_device(name: &str) -> bool {
    is_extended(name) && !name.starts_with("requests.")
}

/// Of a `resourceFieldRef`: it names a request or a limit that can be told to a container.
pub(super) fn check_reference(here: &mut Here<'_, '_>) {
    let Some(node) = here.get("resource") else { return };
    let Value::String(text) = &node.value else { return };
    let known = ["limits.", "requests."].iter().any(|list| {
        text.strip_prefix(list).is_some_and(|name| {
            ["cpu", "memory", "ephemeral-storage"].contains(&name) || name.starts_with("hugepages-")
        })
    });
    check_divisor(here, text);
    if !known {
        let message = format!("`resource` is `{}`, which a container cannot be told", shown(text));
        let help = "write `limits.` or `requests.`, and `cpu`, `memory`, `ephemeral-storage` or `hugepages-…`";
        here.report(&BAD_ENUM, "resource", message, help);
    }
}

/// Processors are told whole or by thousandths, bytes by a unit (`validateContainerResourceDivisor`).
fn check_divisor(here: &mut Here<'_, '_>, resource: &str) {
    const UNITS: [&str; 13] =
        ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];
    let given = here.text("divisor");
    let allowed = if resource.ends_with(".cpu") { &["1", "1m"][..] } else { &UNITS };
    if !matches!(given, "" | "0") && !allowed.contains(&given) {
        let message = format!("`divisor` is `{}`, which is no unit of it", shown(given));
        here.report(&BAD_ENUM, "divisor", message, format!("write one of {}", allowed.join(", ")));
    }
}
