//! What a container of the vendor's templates runs: its image, its command, its environment.

use crate::node::{Entry, Node, Value};
use crate::object::text;

use super::blank::is_made;
use super::expression::{is_image, is_password, is_value_of};
use super::pod::{extra, items};
use super::template::{Template, holds_made};

/// What this chart sets in the containers of redis and influx, too.
const ENVIRONMENT: [(&str, &str); 2] =
    [("INFLUXDB_HTTP_BIND_ADDRESS", ":22348"), ("INFLUXDB_REPORTING_DISABLED", "true")];

/// Reads the name of an image.
pub fn image(template: &mut Template<'_, '_>, entry: &Entry) {
    let from = template.from("image", entry.key_origin);
    let section = template.section;
    let reference = entry.node.as_str().unwrap_or_default();
    if section == "forguncy" && is_image(reference) {
        return;
    }
    if is_made(reference) || !super::image::read(section, reference, &from, template.draft) {
        template.unread(
            "image",
            entry.key_origin,
            &format!("write `{section}.image.registry`, `.repository` and `.tag`"),
        );
    } else if crate::schema::image_parts(reference).2.is_none() {
        template.unread("image", entry.key_origin, &format!("an image without a tag is `latest`, which changes by itself: write the version that runs in `{section}.image.tag`"));
    }
}

/// Where a password comes from.
enum Password<'e> {
    /// From the vendor's key of the values.
    Values,
    /// From a Secret, which a `secretKeyRef` names.
    Secret(&'e Node),
}

/// The password that a word of a command is, or the variable of the environment that it names; what is written as it is need not
/// be that of the values.
fn password<'e>(word: &str, environment: &'e [Node]) -> Option<Password<'e>> {
    let word = word.trim_matches('"');
    if is_password(word) {
        return Some(Password::Values);
    }
    let variable = word.strip_prefix('$')?.trim_matches(['(', ')', '{', '}']);
    let item = environment.iter().rfind(|item| text(item, &["name"]) == variable)?;
    if is_password(text(item, &["value"])) {
        return Some(Password::Values);
    }
    let reference = item.at(&["valueFrom", "secretKeyRef"])?;
    let is_whole = ["name", "key"].iter().all(|part| !text(reference, &[part]).is_empty());
    (is_whole && !holds_made(reference)).then_some(Password::Secret(reference))
}

/// A command of redis that asks for a password is what `redis.auth` does.
pub fn command(template: &mut Template<'_, '_>, key: &str, entry: &Entry, environment: &[Node]) {
    let words: Vec<&str> = match &entry.node.value {
        Value::String(text) => vec![text],
        _ => entry.node.items().iter().filter_map(Node::as_str).collect(),
    };
    let of = |word: &str| {
        let word = word.strip_prefix("redis-server --requirepass ").unwrap_or(word);
        password(word, environment)
    };
    let is_plain = |word: &&str| {
        ["redis-server", "--requirepass", "sh", "/bin/sh", "-c"].contains(word)
            || of(word).is_some()
    };
    let is_redis = template.section == "redis";
    let asks = words.iter().any(|word| word.contains("requirepass"));
    if is_redis && words.iter().all(is_plain) {
        match words.iter().find_map(|word| of(word)) {
            None if !asks => return,
            Some(Password::Values) if template.draft.has("redis.auth.password") => return,
            Some(Password::Secret(reference)) => {
                let on = Node::new(Value::Bool(true), None);
                template.carry("redis.auth.enabled", key, &on, entry.key_origin);
                for (to, part) in [("existingSecret", "name"), ("existingSecretKey", "key")] {
                    if let Some(node) = reference.at(&[part]) {
                        let to = format!("redis.auth.{to}");
                        template.carry(&to, key, node, node.origin);
                    }
                }
                return;
            }
            _ => {}
        }
    }
    let help = match is_redis && asks {
        true => {
            "write `redis.auth.enabled: true`, and the password in `redis.auth.password` or a Secret of yours in `redis.auth.existingSecret`"
        }
        false => {
            "there is no key for it: the image's own command is run, and redis takes `redis.maxMemory` and `redis.maxMemoryPolicy`"
        }
    };
    template.unread(key, entry.key_origin, help);
}

/// Reads the environment.
pub fn environment(template: &mut Template<'_, '_>, entry: &Entry) {
    let mut more = Vec::new();
    for item in items(template, "env", Some(entry)) {
        let (name, value) = (text(item, &["name"]), text(item, &["value"]));
        let of_redis = template.section == "redis" && is_password(value);
        let of_influx = template.section == "influx" && ENVIRONMENT.contains(&(name, value));
        if name == "TZ" && !value.is_empty() && !is_made(value) {
            let node = Node::new(Value::String(value.into()), None);
            template.carry("global.timezone", "env[].TZ", &node, item.origin);
        } else if !(of_redis
            || of_influx
            || (name == "TZ" && is_value_of(value, "global.timezone")))
        {
            more.push(item.clone());
        }
    }
    extra(template, "env", "*.extraEnv", more, entry.key_origin);
}
