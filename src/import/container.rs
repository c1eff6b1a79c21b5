//! What a container of the vendor's templates runs: its image, its command, its environment.

use crate::node::{Entry, Node, Value};
use crate::object::text;

use super::blank::is_made;
use super::expression::{is_image, is_password, is_value_of};
use super::pod::{extra, items};
use super::template::Template;

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

/// A command of redis that asks for a password is what `redis.auth` does.
pub fn command(template: &mut Template<'_, '_>, key: &str, entry: &Entry) {
    let words: Vec<&str> = match &entry.node.value {
        Value::String(text) => vec![text],
        _ => entry.node.items().iter().filter_map(Node::as_str).collect(),
    };
    // What is written as it is need not be the password of the values.
    let is_secret = |word: &str| {
        let variable = word.trim_matches('"').strip_prefix('$').unwrap_or_default();
        let is_variable = !variable.is_empty()
            && variable.chars().all(|c| c.is_ascii_alphanumeric() || "_(){}".contains(c));
        is_variable || is_password(word.trim_matches('"'))
    };
    let is_plain = |word: &&str| {
        ["redis-server", "--requirepass", "sh", "/bin/sh", "-c"].contains(word)
            || is_secret(word)
            || word.strip_prefix("redis-server --requirepass ").is_some_and(is_secret)
    };
    let is_redis = template.section == "redis";
    let asks = words.iter().any(|word| word.contains("requirepass"));
    if is_redis
        && words.iter().all(is_plain)
        && (!asks || template.draft.has("redis.auth.password"))
    {
        return;
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
