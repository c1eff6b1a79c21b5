//! A pod of the vendor's templates: its containers, their environment, and its volumes.

use crate::error::Problem;
use crate::node::{Entry, Node, Value};
use crate::object::text;
use crate::source::Origin;

use super::blank::is_made;
use super::template::{Template, by_value, holds_made};
use super::vendor;

/// Where the shares are mounted; this chart does so, too.
const MOUNTS: [&str; 5] = [
    "/opt/ForguncyAttach",
    "/opt/ForguncyLogs",
    "/opt/ForguncyRestore",
    "/opt/ForguncySites",
    "/opt/ForguncySitesBin",
];

/// What this chart sets in the containers of redis and influx, too.
const ENVIRONMENT: [&str; 2] = ["INFLUXDB_HTTP_BIND_ADDRESS", "INFLUXDB_REPORTING_DISABLED"];

/// Reads `spec.template.spec`.
pub fn read(template: &mut Template<'_, '_>, pod: &Node) {
    let Some(map) = pod.as_map() else { return };
    let mut settings = map.clone();
    let containers = settings.remove("containers");
    let volumes = settings.remove("volumes");
    template.fields("pod", &Node::new(Value::Map(settings), pod.origin), "");
    let containers = containers.as_ref().map_or(&[][..], |entry| entry.node.items());
    let mut shares = Vec::new();
    for (i, node) in containers.iter().enumerate() {
        if i == 0 {
            shares = container(template, node);
        } else {
            let problem = Problem::new("a second container, which is not taken over");
            template.tell(node.origin, problem.path("containers").help("this chart runs one container in each pod; `forguncy.initContainers` may hold one with `restartPolicy: Always`, which runs beside it"));
        }
    }
    let mut more = Vec::new();
    for volume in volumes.as_ref().map_or(&[][..], |entry| entry.node.items()) {
        if !shares.iter().any(|name| name == text(volume, &["name"])) {
            more.push(volume.clone());
        }
    }
    extra(
        template,
        "volumes",
        "forguncy.extraVolumes",
        more,
        volumes.and_then(|entry| entry.key_origin),
    );
}

/// Reads the container of the product; gives the names of the volumes that this chart has, too.
fn container(template: &mut Template<'_, '_>, container: &Node) -> Vec<String> {
    let Some(map) = container.as_map() else { return Vec::new() };
    let mut settings = map.clone();
    let mut take = |key: &str| settings.remove(key);
    let (image, env, mounts) = (take("image"), take("env"), take("volumeMounts"));
    let commands = [("command", take("command")), ("args", take("args"))];
    template.fields("container", &Node::new(Value::Map(settings), container.origin), "");
    if let Some(entry) = image {
        self::image(template, &entry);
    }
    for (key, entry) in commands {
        if let Some(entry) = entry {
            command(template, key, &entry);
        }
    }
    if let Some(entry) = env {
        environment(template, &entry);
    }
    let mut known = Vec::new();
    let mut more = Vec::new();
    let key_origin = mounts.as_ref().and_then(|entry| entry.key_origin);
    for mount in mounts.as_ref().map_or(&[][..], |entry| entry.node.items()) {
        let path = text(mount, &["mountPath"]).trim_end_matches('/');
        if template.section == "forguncy" && MOUNTS.contains(&path) {
            known.push(text(mount, &["name"]).to_owned());
            if mount.at(&["subPath"]).is_some() {
                template.unread(
                    "volumeMounts[].subPath",
                    mount.origin,
                    "give the share its own `root` and `directory` in `storage.shares`",
                );
            }
        } else {
            more.push(mount.clone());
        }
    }
    extra(template, "volumeMounts", "forguncy.extraVolumeMounts", more, key_origin);
    known
}

fn image(template: &mut Template<'_, '_>, entry: &Entry) {
    let from = template.from("image", entry.key_origin);
    let section = template.section;
    let Some(reference) = entry.node.as_str().filter(|text| !by_value(text)) else { return };
    if is_made(reference) || !vendor::image(section, reference, &from, template.draft) {
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
fn command(template: &mut Template<'_, '_>, key: &str, entry: &Entry) {
    let words: Vec<&str> = match &entry.node.value {
        Value::String(text) => vec![text],
        _ => entry.node.items().iter().filter_map(Node::as_str).collect(),
    };
    let is_plain = |word: &&str| {
        ["redis-server", "--requirepass", "sh", "/bin/sh", "-c"].contains(word)
            || word.starts_with("$(")
            || (word.starts_with("redis-server --requirepass ") && word.split(' ').count() == 3)
            || by_value(word)
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

fn environment(template: &mut Template<'_, '_>, entry: &Entry) {
    let mut more = Vec::new();
    for item in entry.node.items() {
        let (name, value) = (text(item, &["name"]), text(item, &["value"]));
        let of_redis =
            template.section == "redis" && value.contains(".Values.redis.redis_password");
        let of_influx = template.section == "influx" && ENVIRONMENT.contains(&name);
        if name == "TZ" && !value.is_empty() && !is_made(value) {
            let node = Node::new(Value::String(value.into()), None);
            template.carry("global.timezone", "env[].TZ", &node, item.origin);
        } else if !(of_redis || of_influx || (name == "TZ" && by_value(value))) {
            more.push(item.clone());
        }
    }
    extra(template, "env", "forguncy.extraEnv", more, entry.key_origin);
}

/// Takes items over to a list of the application; the other two have no such lists.
fn extra(
    template: &mut Template<'_, '_>,
    path: &str,
    key: &str,
    items: Vec<Node>,
    origin: Option<Origin>,
) {
    let mut literal = Vec::new();
    for item in items {
        let name = text(&item, &["name"]);
        let path = if name.is_empty() || is_made(name) {
            path.to_owned()
        } else {
            format!("{path}[{name}]")
        };
        if template.section != "forguncy" {
            let help = match path.starts_with("volume") {
                true => format!(
                    "write `{}.persistence.enabled: true` if it keeps the data; there is no key for other volumes",
                    template.section
                ),
                false => "there is no key for the environment of this pod".to_owned(),
            };
            template.unread(&path, item.origin, &help);
        } else if holds_made(&item) {
            let help =
                format!("`{{{{ }}}}` in it is not evaluated: write it to the list `{key}` by hand");
            template.unread(&path, item.origin, &help);
        } else {
            literal.push(item);
        }
    }
    if !literal.is_empty() {
        template.carry(key, path, &Node::new(Value::List(literal), None), origin);
    }
}
