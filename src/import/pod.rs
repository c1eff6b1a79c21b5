//! A pod of the vendor's templates: its container, its mounts and its volumes.

use crate::error::Problem;
use crate::node::{Entry, Node, Value};
use crate::object::text;
use crate::source::Origin;

use super::blank::is_made;
use super::container::{command, environment, image};
use super::shares::SHARES;
use super::template::{Template, holds_made};

/// Where the shares are mounted, in their order; this chart does so, too.
const MOUNTS: [&str; 5] = [
    "/opt/ForguncyAttach",
    "/opt/ForguncyLogs",
    "/opt/ForguncyRestore",
    "/opt/ForguncySites",
    "/opt/ForguncySitesBin",
];

/// A volume's name, and the share that is mounted from it.
type Mounted = Vec<(String, &'static str)>;

/// Reads `spec.template.spec`.
pub fn read(template: &mut Template<'_, '_>, pod: &Node, path: &str, origin: Option<Origin>) {
    let Some(map) = pod.as_map() else {
        return template.unread(path, origin, "compare it with the vendor's by hand");
    };
    let mut settings = map.clone();
    let containers = settings.remove("containers");
    let volumes = settings.remove("volumes");
    template.fields("pod", &Node::new(Value::Map(settings), pod.origin), "");
    let containers = items(template, "containers", containers.as_ref());
    let mut shares = Mounted::new();
    let main = main_container(template, containers);
    for (i, node) in containers.iter().enumerate() {
        if i == main {
            shares = container(template, node, path, origin);
        } else {
            let problem = Problem::new("a further container, which is not taken over");
            let help = format!(
                "write it to the list `{}.extraContainers`; what it mounts of the shares has other names here",
                template.section
            );
            template.tell(node.origin, problem.path("containers").help(help));
        }
    }
    let mut more = Vec::new();
    for volume in items(template, "volumes", volumes.as_ref()) {
        let mut of = shares.iter().filter(|(name, _)| name == text(volume, &["name"])).peekable();
        if of.peek().is_none() {
            more.push(volume.clone());
        }
        for (_, share) in of {
            template.mounted(share, volume);
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

/// Which of several containers is the vendor's: by its name, or its port, or else the first.
fn main_container(template: &Template<'_, '_>, containers: &[Node]) -> usize {
    let suffix = format!("-{}-app", template.section);
    let named = containers.iter().position(|node| text(node, &["name"]).ends_with(&suffix));
    let listens = |node: &Node| {
        let ports = node.at(&["ports"]).map_or(&[][..], Node::items);
        ports.iter().any(|port| template.is_usual_port(port, "containerPort"))
    };
    named.or_else(|| containers.iter().position(listens)).unwrap_or(0)
}

/// The items of a list; what is no list is told.
pub fn items<'n>(
    template: &mut Template<'_, '_>,
    path: &str,
    entry: Option<&'n Entry>,
) -> &'n [Node] {
    match entry.map(|entry| (&entry.node.value, entry.key_origin)) {
        Some((Value::List(items), _)) => items,
        None | Some((Value::Null, _)) => &[],
        Some((_, origin)) => {
            template.unread(
                path,
                origin,
                "it is not written out as a list: compare what `helm template` makes of it",
            );
            &[]
        }
    }
}

/// Reads the container of the product; gives the names of the volumes that this chart has, too.
fn container(
    template: &mut Template<'_, '_>,
    container: &Node,
    path: &str,
    origin: Option<Origin>,
) -> Mounted {
    let Some(map) = container.as_map() else {
        template.unread(path, origin, "compare it with the vendor's by hand");
        return Mounted::new();
    };
    let mut settings = map.clone();
    // To Kubernetes a null is nothing.
    let mut take =
        |key: &str| settings.remove(key).filter(|entry| !matches!(entry.node.value, Value::Null));
    let (reference, env, mounts) = (take("image"), take("env"), take("volumeMounts"));
    let commands = [("command", take("command")), ("args", take("args"))];
    let has_policy = settings.contains_key("imagePullPolicy");
    template.fields("container", &Node::new(Value::Map(settings), container.origin), "");
    if let Some(entry) = reference {
        image(template, &entry);
        let tag = format!("{}.image.tag", template.section);
        // What Kubernetes takes for a tag that changes by itself.
        if !has_policy && template.draft.text(&tag) == Some("latest") {
            let always = Node::new(Value::String("Always".into()), None);
            template.carry("*.image.pullPolicy", "imagePullPolicy", &always, entry.key_origin);
        }
    }
    for (key, entry) in commands {
        if let Some(entry) = entry {
            let environment = env.as_ref().map_or(&[][..], |entry| entry.node.items());
            command(template, key, &entry, environment);
        }
    }
    if let Some(entry) = env {
        environment(template, &entry);
    }
    let mut known = Mounted::new();
    let mut more = Vec::new();
    let key_origin = mounts.as_ref().and_then(|entry| entry.key_origin);
    for mount in items(template, "volumeMounts", mounts.as_ref()) {
        let path = text(mount, &["mountPath"]).trim_end_matches('/');
        match MOUNTS.iter().position(|known| *known == path) {
            Some(at) if template.section == "forguncy" => {
                known.push((text(mount, &["name"]).to_owned(), SHARES[at]));
                mount_settings(template, mount);
            }
            _ => more.push(mount.clone()),
        }
    }
    for (path, share) in MOUNTS.into_iter().zip(SHARES) {
        if template.section == "forguncy" && !known.iter().any(|(_, known)| *known == share) {
            let problem = Problem::new(format!("nothing is mounted at `{path}`"));
            let help =
                format!("this chart mounts the share `{share}` there: see where its files are now");
            let origin = key_origin.or(container.origin);
            template.tell(origin, problem.path("volumeMounts").help(help));
        }
    }
    extra(template, "volumeMounts", "forguncy.extraVolumeMounts", more, key_origin);
    known
}

/// Reads what a share's mount says besides name and place.
fn mount_settings(template: &mut Template<'_, '_>, mount: &Node) {
    for (key, entry) in mount.as_map().into_iter().flatten() {
        let path = format!("volumeMounts[].{key}");
        match key.as_str() {
            "name" | "mountPath" => {}
            "subPath" => template.unread(
                &path,
                mount.origin,
                "give the share its own `root` and `directory` in `storage.shares`",
            ),
            _ => template.writable(key, &entry.node, &path, entry.key_origin),
        }
    }
}

/// Takes items over to a list of the pod, `*` being the section; volumes of the stores are told.
pub fn extra(
    template: &mut Template<'_, '_>,
    path: &str,
    key: &str,
    items: Vec<Node>,
    origin: Option<Origin>,
) {
    let key = key.replace('*', template.section);
    let mut literal = Vec::new();
    for item in items {
        let name = text(&item, &["name"]);
        let path = if name.is_empty() || is_made(name) {
            path.to_owned()
        } else {
            format!("{path}[{name}]")
        };
        if template.section != "forguncy" && path.starts_with("volume") {
            let help = format!(
                "write `{section}.persistence.enabled: true` if it keeps the data; other volumes go to `{section}.extraVolumes` and `{section}.extraVolumeMounts`",
                section = template.section
            );
            template.unread(&path, item.origin, &help);
        } else if holds_made(&item) {
            let help =
                format!("`{{{{ }}}}` in it is not evaluated: write it to the list `{key}` by hand");
            // Of a variable only the line with its name tells whether its value is a secret.
            let place = item.at(&["name"]).map_or(item.origin, |name| name.origin);
            template.unread(&path, place, &help);
        } else {
            literal.push(item);
        }
    }
    if !literal.is_empty() {
        template.carry(&key, path, &Node::new(Value::List(literal), None), origin);
    }
}
