//! Every image of a configuration, by the names that its publishers gave, and by those that a private registry serves it under.
//!
//! The images are read from the rendered objects, so none is missed: those of `helm test`, of init containers and of
//! `extraObjects` too. What `global.imageRegistry` does to a name is asked of the templates: they are rendered with the registry
//! and without it, and the names are laid side by side.

pub mod mirror;
pub mod reference;
mod walk;

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::error::{Error, Problem};
use crate::node::{Entry, Map, Node, Value};
use crate::object::Object;
use crate::release::Release;
use crate::source::Sources;
use crate::templates;
use reference::Reference;
use walk::Occurrence;

/// An image that a configuration uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// The name by which its publisher serves it.
    pub original: Reference,
    /// The name under the registry that was asked for.
    pub pulled: String,
    /// Whether `global.imageRegistry` reaches it. It does not reach images that the values name in full.
    pub follows_registry: bool,
    /// The one architecture that it is for or that its pods are kept on, `arm64`; none when any will do.
    pub architecture: Option<String>,
    /// The containers that use it: `Deployment/shop-redis-pod: spec.template.spec.containers[0]`.
    pub used_by: Vec<String>,
}

/// Lists the images of a release, sorted, each once. `registry` stands in for `global.imageRegistry` in [`Image::pulled`]; without
/// one it is the values' own.
///
/// # Errors
/// [`Error::Invalid`] with every image whose name is none.
pub fn list(values: &Node, release: &Release, registry: Option<&str>) -> Result<Vec<Image>, Error> {
    let originals = occurrences(&with_registry(values, ""), release)?;
    let pulled = match registry {
        Some(registry) => occurrences(&with_registry(values, registry), release)?,
        None => occurrences(values, release)?,
    };
    let mut images: BTreeMap<(String, String), Image> = BTreeMap::new();
    let mut problems = Vec::new();
    for (original, pulled) in originals.into_iter().zip(pulled) {
        let Some(reference) = Reference::parse(&original.image) else {
            problems.push(no_reference(&original));
            continue;
        };
        let architecture =
            reference.architecture().map(str::to_owned).or_else(|| original.architecture.clone());
        let follows_registry = original.image != pulled.image;
        match images.get_mut(&(original.image.clone(), pulled.image.clone())) {
            None => {
                let image = Image {
                    original: reference,
                    pulled: pulled.image.clone(),
                    follows_registry,
                    architecture,
                    used_by: vec![original.container],
                };
                images.insert((original.image, pulled.image), image);
            }
            Some(image) => {
                if image.architecture != architecture {
                    image.architecture = None;
                }
                image.follows_registry |= follows_registry;
                image.used_by.push(original.container);
            }
        }
    }
    if problems.is_empty() {
        Ok(images.into_values().collect())
    } else {
        Err(Error::Invalid(problems))
    }
}

/// The list for people and scripts: the publishers' names, a line each.
pub fn names(images: &[Image]) -> String {
    let mut names: Vec<String> = images.iter().map(|image| image.original.to_string()).collect();
    names.dedup();
    names.iter().map(|name| format!("{name}\n")).collect()
}

/// The list for programs.
pub fn json(images: &[Image]) -> String {
    let images: Vec<Json> = images
        .iter()
        .map(|image| {
            json!({
                "image": image.original.to_string(),
                "registry": image.original.registry,
                "repository": image.original.repository,
                "tag": image.original.tag,
                "digest": image.original.digest,
                "platform": image.architecture.as_ref().map(|name| format!("linux/{name}")),
                "pulledAs": image.pulled,
                "usedBy": image.used_by,
            })
        })
        .collect();
    format!("{:#}\n", json!({ "images": images }))
}

/// The images of all containers, in the order of the templates.
fn occurrences(values: &Node, release: &Release) -> Result<Vec<Occurrence>, Error> {
    // Values that an installation would still have to bring (the file server) name no images.
    let (rendered, _) = templates::render_open(values, release);
    let mut found = Vec::new();
    for file in rendered {
        let mut sources = Sources::default();
        let id = sources.add(format!("templates/{}", file.path), file.text);
        for object in Object::read(id, &sources).map_err(Error::Invalid)? {
            walk::images(&object, &mut found);
        }
    }
    Ok(found)
}

/// The same values with another `global.imageRegistry`.
fn with_registry(values: &Node, registry: &str) -> Node {
    let mut values = values.clone();
    let global = match &mut values.value {
        Value::Map(map) => map.get_mut("global"),
        _ => None,
    };
    if let Some(Entry { node: Node { value: Value::Map(global), .. }, .. }) = global {
        set(global, "imageRegistry", registry);
    }
    values
}

fn set(map: &mut Map, key: &str, text: &str) {
    let node = Node::new(Value::String(text.into()), None);
    map.insert(key.to_owned(), Entry { key_origin: None, node });
}

fn no_reference(occurrence: &Occurrence) -> Problem {
    let Occurrence { image, container, .. } = occurrence;
    Problem::new(format!("`{}` of {container} is no name of an image", image.escape_debug()))
        .help("write `registry/name:tag`, in lower case before the tag")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Image, list};
    use crate::error::Error;
    use crate::node::Node;
    use crate::release::Release;
    use crate::values::Values;

    fn images(
        change: impl Fn(&mut serde_json::Value),
        registry: Option<&str>,
    ) -> Result<Vec<Image>, Error> {
        let mut values = Values::default().to_json();
        change(&mut values);
        let release = Release { name: "shop".into(), namespace: "prod".into() };
        list(&Node::from_json(&values), &release, registry)
    }

    fn names(images: &[Image]) -> Vec<String> {
        images.iter().map(|image| image.original.to_string()).collect()
    }

    #[test]
    fn lists_the_four_images_of_the_chart_by_their_own_registries() {
        let own = images(|_| {}, None).expect("the defaults");
        let expected = [
            "armdocker.hzgcloud.com/fgclb/fgc_k8s_arm:10.0.103.0",
            "docker.io/library/busybox:1.37.0",
            "docker.io/library/influxdb:1.8.10",
            "docker.io/library/redis:7.4.2-alpine",
        ];
        assert_eq!(names(&own), expected);
        assert_eq!(own[0].architecture.as_deref(), Some("arm64"));
        assert_eq!(own[3].architecture, None);
        let offline =
            images(|v| v["global"]["imageRegistry"] = json!("harbor.example.com/hzg"), None);
        let offline = offline.expect("good values");
        assert_eq!(names(&offline), expected);
        assert_eq!(offline[3].pulled, "harbor.example.com/hzg/library/redis:7.4.2-alpine");
        assert!(offline.iter().all(|image| image.follows_registry));
    }

    #[test]
    fn finds_images_wherever_a_pod_may_stand() {
        let found = images(
            |v| {
                v["tests"]["enabled"] = json!(false);
                v["influx"]["enabled"] = json!(false);
                v["forguncy"]["initContainers"] =
                    json!([{"name": "fonts", "image": "registry.example.com/fonts:1.0"}]);
                v["forguncy"]["extraVolumes"] =
                    json!([{"name": "v", "image": {"reference": "quay.io/a/volume:2"}}]);
                v["extraObjects"] = json!([
                    {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "c"}, "spec": {"jobTemplate": {"spec": {
                        "template": {"spec": {"nodeSelector": {"kubernetes.io/arch": "amd64"}, "containers": [{"image": "alpine:3.20"}]}}}}}},
                    {"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "t"}, "spec": {"pods": [
                        {"ephemeralContainers": [{"image": "ghcr.io/x/y@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}]}]}},
                    {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}, "data": {"image": "no.example.com/no:1"}}
                ]);
            },
            None,
        )
        .expect("good values");
        let names = names(&found);
        assert_eq!(names.len(), 6, "{names:?}");
        for name in ["alpine:3.20", "quay.io/a/volume:2", "registry.example.com/fonts:1.0"] {
            assert!(names.iter().any(|found| found == name), "{names:?}");
        }
        assert_eq!(found[0].original.to_string(), "alpine:3.20");
        assert_eq!(found[0].architecture.as_deref(), Some("amd64"));
        assert_eq!(
            found[0].used_by,
            ["CronJob/c: spec.jobTemplate.spec.template.spec.containers[0]"]
        );
        assert!(names.iter().any(|name| name.starts_with("ghcr.io/x/y@sha256:0123")));
    }

    #[test]
    fn an_image_that_two_architectures_use_is_for_neither_alone() {
        let pod = |arch: &str| {
            json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": arch}, "spec": {
            "nodeSelector": {"kubernetes.io/arch": arch}, "containers": [{"image": "alpine:3.20"}]}})
        };
        let found = images(|v| v["extraObjects"] = json!([pod("amd64"), pod("arm64")]), None);
        let found = found.expect("good values");
        assert_eq!(found[0].architecture, None);
        assert_eq!(found[0].used_by.len(), 2);
    }

    #[test]
    fn refuses_what_is_no_name_of_an_image() {
        for bad in [
            "",
            "a b",
            "x;reboot",
            "$(id)",
            "'",
            "a\nb",
            "Upper/Case:1",
            "-v",
            "a:b:c",
            "a@sha256:12",
        ] {
            let error = images(
                |v| v["forguncy"]["initContainers"] = json!([{"name": "i", "image": bad}]),
                None,
            )
            .expect_err(bad);
            let text = error.to_string();
            assert!(text.contains("is no name of an image"), "{bad:?}: {text}");
            assert!(
                text.contains("Deployment/shop-forguncy-pod: spec.template.spec.initContainers[0]"),
                "{text}"
            );
        }
    }

    #[test]
    fn writes_json() {
        let images = images(|_| {}, Some("harbor.example.com")).expect("the defaults");
        let read: serde_json::Value =
            serde_json::from_str(&super::json(&images)).expect("it is JSON");
        assert_eq!(
            read["images"][0],
            json!({
                "image": "armdocker.hzgcloud.com/fgclb/fgc_k8s_arm:10.0.103.0",
                "registry": "armdocker.hzgcloud.com",
                "repository": "fgclb/fgc_k8s_arm",
                "tag": "10.0.103.0",
                "digest": "",
                "platform": "linux/arm64",
                "pulledAs": "harbor.example.com/fgclb/fgc_k8s_arm:10.0.103.0",
                "usedBy": ["Deployment/shop-forguncy-pod: spec.template.spec.containers[0]"],
            })
        );
        assert_eq!(read["images"][1]["platform"], json!(null));
    }
}
