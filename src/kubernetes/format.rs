//! What a value has to look like beyond its type: the names that `kubernetes/formats.txt` gives to fields.

use crate::node::{Entry, Node, Value};
use crate::quantity::Quantity;
use crate::rules::{BAD_ENUM, BAD_FORMAT};
use crate::secret::gives_password;
use crate::suggest::nearest;

use super::syntax::{self, Verdict};
use super::time;
use super::version::Version;
use super::walk::Walk;

/// Checks a value that has the right type. `=A|B` lists what it can be; the rest names a form, with `~` before it or without.
pub(super) fn check<'a>(walk: &mut Walk<'a>, node: &'a Node, form: &'static str) {
    if let Some(values) = form.strip_prefix('=') {
        return check_enum(walk, node, values);
    }
    let form = form.trim_start_matches('~');
    let text = match &node.value {
        Value::String(text) => text,
        Value::Int(number) => return check_number(walk, node, *number, form),
        _ => return,
    };
    let verdict = match form {
        "non-negative" => Quantity::parse(text)
            .filter(|amount| *amount < Quantity::of(0))
            .map(|_| "a quantity that is not below zero"),
        "count-or-percent" => is_percent(text),
        "port-or-name" => syntax::port_name(text),
        _ => judge(form, text, walk.version),
    };
    if let Some(expected) = verdict {
        let message = match form {
            "base64" => format!("{} is not in base64", walk.here()),
            _ if text.is_empty() => format!("{} is empty, expected {expected}", walk.here()),
            _ => format!("{} is {}, expected {expected}", walk.here(), walk.quoted(text)),
        };
        let help = help(form, text, walk.version);
        walk.report(&BAD_FORMAT, node.origin, message, help);
    }
}

/// What to write instead, when that is plain.
fn help(form: &str, text: &str, version: Version) -> Option<String> {
    if form == "base64" {
        return Some("plain text belongs into `stringData`".to_owned());
    }
    if matches!(form, "port-or-name" | "count-or-percent") && text.parse::<u32>().is_ok() {
        return Some("write the number without quotes".to_owned());
    }
    let trimmed = text.trim();
    if trimmed.len() < text.len() {
        return Some("leave the blanks at its ends out".to_owned());
    }
    let lower = text.to_lowercase();
    (lower != text && judge(form, &lower, version).is_none())
        .then(|| "write it in lower case".to_owned())
}

fn check_enum<'a>(walk: &mut Walk<'a>, node: &'a Node, values: &'static str) {
    let Some(text) = node.as_str() else { return };
    if values.split('|').any(|value| value == text) {
        return;
    }
    let listed: Vec<String> = values.split('|').map(|value| format!("`{value}`")).collect();
    let message = format!("{} is {}, expected {}", walk.here(), walk.quoted(text), or(&listed));
    let help = nearest(text, values.split('|')).map(|near| format!("did you mean `{near}`?"));
    walk.report(&BAD_ENUM, node.origin, message, help);
}

/// Things in a row: `A`, `A or B`, `A, B or C`.
pub(super) fn or(things: &[String]) -> String {
    match things {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} or {last}", before.join(", ")),
    }
}

fn check_number<'a>(walk: &mut Walk<'a>, node: &'a Node, number: i64, form: &str) {
    let (least, most) = match form {
        "port" | "port-or-name" => (1, Some(65535)),
        // Zero is what Go writes for none.
        "host-port" => (0, Some(65535)),
        "count-or-percent" | "non-negative" => (0, None),
        _ => match form.split_once("..") {
            Some((least, most)) => (least.parse().unwrap_or(i64::MIN), most.parse().ok()),
            None => return,
        },
    };
    if number >= least && most.is_none_or(|most| number <= most) {
        return;
    }
    let expected = match most {
        Some(most) => format!("{least} to {most}"),
        None => format!("{least} or more"),
    };
    let message = format!("{} is {number}, expected {expected}", walk.here());
    walk.report(&BAD_FORMAT, node.origin, message, None);
}

fn is_percent(text: &str) -> Verdict {
    let digits = text.strip_suffix('%').unwrap_or_default();
    let right = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    (!right).then_some("a whole number, or one with `%` behind it, in quotes or not")
}

fn judge(form: &str, text: &str, version: Version) -> Verdict {
    match form {
        "absolute-path" => syntax::absolute_path(text),
        "base64" => base64(text),
        "cidr" => syntax::cidr(text),
        "cluster-ip" => syntax::cluster_ip(text),
        "config-key" => syntax::config_key(text),
        "cron" => time::cron(text),
        "dns-label" => syntax::dns_label(text),
        "dns-subdomain" => syntax::dns_subdomain(text),
        "env-name" => syntax::env_name(text, version),
        "external-name" => syntax::external_name(text),
        "field-path" => syntax::field_path(text),
        "host" => syntax::host(text),
        "http-header" => syntax::http_header(text),
        "image" => syntax::image(text),
        "ip" => syntax::ip(text),
        "label-key" => syntax::label_key(text),
        "label-value" => syntax::label_value(text),
        "mount-path" => syntax::mount_path(text),
        "name-prefix" => syntax::name_prefix(text),
        "not-empty" => syntax::not_empty(text),
        "path-segment" => syntax::path_segment(text),
        "port-name" => syntax::port_name(text),
        "relative-path" => syntax::relative_path(text),
        "micro-time" | "time" => time::time(text),
        _ => None,
    }
}

/// Base64 as Go reads it: the standard alphabet with padding; ends of lines do not matter.
fn base64(text: &str) -> Verdict {
    let ends = |b: &u8| matches!(b, b'\n' | b'\r');
    let length = text.bytes().filter(|b| !ends(b)).count();
    let padding = text.bytes().rev().filter(|b| !ends(b)).take_while(|b| *b == b'=').count();
    let sign = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/');
    let digits = text.bytes().filter(|b| !ends(b)).take(length - padding);
    let right = length % 4 == 0 && padding <= 2 && digits.into_iter().all(sign);
    (!right).then_some("base64: the standard alphabet, with `=` at the end")
}

/// The form of a map's values, by the form of the map.
pub(super) fn of_values(form: &'static str) -> Option<&'static str> {
    match form {
        "~labels" => Some("~label-value"),
        "~resources" | "~container-resources" => Some("~non-negative"),
        _ => None,
    }
}

/// Checks a key of a map by the form of the map.
pub(super) fn check_key<'a>(walk: &mut Walk<'a>, key: &str, entry: &'a Entry, form: &str) {
    let (what, verdict) = match form {
        "~labels" => ("a label's name", syntax::label_key(key)),
        // Their names may have capitals before the slash, too.
        "~annotations" => ("an annotation's name", syntax::label_key(&key.to_ascii_lowercase())),
        "~config-keys" => ("a key of data", syntax::config_key(key)),
        "~resources" => ("a resource's name", syntax::label_key(key)),
        "~container-resources" => ("a container's resource", resource(key)),
        _ => return,
    };
    if let Some(expected) = verdict {
        let message = format!("`{}` cannot be {what}, expected {expected}", shown(key));
        let near = nearest(key, RESOURCES.into_iter()).filter(|_| form == "~container-resources");
        walk.report(
            &BAD_FORMAT,
            entry.key_origin,
            message,
            near.map(|near| format!("did you mean `{near}`?")),
        );
    }
}

const RESOURCES: [&str; 4] = ["cpu", "memory", "ephemeral-storage", "storage"];

/// What a container can ask for: Kubernetes' own resources, and those of others with their domain.
fn resource(key: &str) -> Verdict {
    let own = RESOURCES.contains(&key)
        || key.strip_prefix("hugepages-").is_some_and(|size| Quantity::parse(size).is_some());
    let right = own || key.contains('/') && syntax::label_key(key).is_none();
    (!right).then_some("`cpu`, `memory`, `ephemeral-storage`, `hugepages-2Mi` and the like, or a name with a domain like `example.com/gpu`")
}

/// So many characters of a text are quoted.
const SHOWN: usize = 60;

/// A text of the user's as messages show it: in one line, not too long, and without a password.
pub(super) fn shown(text: &str) -> String {
    if gives_password(text) {
        return "…".to_owned();
    }
    let mut shown: String =
        text.chars().take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::{base64, or, resource, shown};

    #[test]
    fn knows_base64_as_go_reads_it() {
        for text in ["", "YQ==", "YWI=", "YWJj", "YWJj\nYWI=\n", "+/+/"] {
            assert_eq!(base64(text), None, "{text:?}");
        }
        for text in ["a", "YQ=", "YQ", "Y===", "====", "YW Jj", "_-_-", "YQ==YQ==", "pässword"] {
            assert!(base64(text).is_some(), "{text:?}");
        }
    }

    #[test]
    fn knows_what_a_container_can_ask_for() {
        for key in ["cpu", "hugepages-2Mi", "nvidia.com/gpu"] {
            assert_eq!(resource(key), None, "{key}");
        }
        for key in ["gpu", "hugepages-", "/gpu", "mem"] {
            assert!(resource(key).is_some(), "{key}");
        }
    }

    #[test]
    fn shows_texts_in_one_line_and_not_too_long() {
        assert_eq!(shown("a\nb"), "a b");
        assert_eq!(shown(&"ä".repeat(61)).chars().count(), 61);
        assert_eq!(or(&["`a`".into(), "`b`".into(), "`c`".into()]), "`a`, `b` or `c`");
    }
}
