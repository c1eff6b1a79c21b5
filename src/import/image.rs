//! The name of an image, `host/path:tag`, as keys.

use crate::node::{Node, Value};
use crate::schema::{image_parts, takes};

use super::draft::Draft;

/// Takes over the name of a section's image, all of it or nothing.
pub fn read(section: &str, reference: &str, from: &str, draft: &mut Draft<'_>) -> bool {
    // What no host is named for comes from Docker Hub, and there what no owner is named for is of `library`.
    let reference = match image_parts(reference) {
        ("", repository, _) if repository.contains('/') => format!("docker.io/{reference}"),
        ("", ..) => format!("docker.io/library/{reference}"),
        _ => reference.to_owned(),
    };
    let keys = keys(section, &reference, draft);
    keys.is_some_and(|keys| keys.into_iter().all(|(key, value)| draft.set(&key, value, from)))
}

/// The keys that a name has values for, and these; nothing if one of them cannot be.
pub fn keys(section: &str, reference: &str, draft: &Draft<'_>) -> Option<Vec<(String, Node)>> {
    let (registry, repository, tag) = image_parts(reference);
    let registry = (!registry.is_empty()).then_some(registry);
    let parts = [("registry", registry), ("repository", Some(repository)), ("tag", tag)];
    let keys: Vec<(String, Node)> = parts
        .into_iter()
        .filter_map(|(key, text)| {
            let node = Node::new(Value::String(text?.into()), None);
            Some((format!("{section}.image.{key}"), node))
        })
        .collect();
    keys.iter().all(|(key, value)| takes(key, value, draft.schema)).then_some(keys)
}
