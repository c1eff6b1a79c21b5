//! A container image; used by every section that runs one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::values::format;

/// A container image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("allOf" = rules()))]
pub struct Image {
    /// Registry host with an optional port and path. `global.imageRegistry` replaces it. Empty leaves
    /// the choice to the container runtime.
    #[schemars(schema_with = "format::optional_registry")]
    pub registry: String,
    /// Name of the image in the registry, without the registry's own.
    #[schemars(schema_with = "format::repository")]
    pub repository: String,
    /// Version of the image. Avoid `latest`: it upgrades by surprise.
    #[schemars(schema_with = "format::optional_tag")]
    pub tag: String,
    /// Digest, `sha256:` and 64 hexadecimal digits. It pins the exact image and wins over the tag.
    #[schemars(schema_with = "format::optional_digest")]
    pub digest: String,
    /// When a node asks the registry for the image.
    pub pull_policy: PullPolicy,
}

/// When a node asks the registry for an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum PullPolicy {
    /// At every start of a pod.
    Always,
    /// When the node does not have it yet.
    IfNotPresent,
    /// Not at all: the image was loaded onto the nodes before.
    Never,
}

impl Image {
    /// An image by tag, pulled when the node does not have it.
    pub(crate) fn new(registry: &str, repository: &str, tag: &str) -> Self {
        Self {
            registry: registry.into(),
            repository: repository.into(),
            tag: tag.into(),
            digest: String::new(),
            pull_policy: PullPolicy::IfNotPresent,
        }
    }

    /// The reference that a node pulls: `registry/repository:tag@digest`. `registry`, unless empty, replaces the image's own.
    pub fn reference(&self, registry: &str) -> String {
        let registry = if registry.is_empty() { &self.registry } else { registry };
        reference(registry, &self.repository, &self.tag, &self.digest)
    }
}

/// Assembles an image's reference; parts that are empty are left out. The chart's partial `_image.tpl` does the same.
pub fn reference(registry: &str, repository: &str, tag: &str, digest: &str) -> String {
    let mut reference = String::new();
    for (before, part, after) in
        [("", registry, "/"), ("", repository, ""), (":", tag, ""), ("@", digest, "")]
    {
        if !part.is_empty() {
            reference.extend([before, part, after]);
        }
    }
    reference
}

fn rules() -> Value {
    json!([{
        "description": "an image needs a `tag` or a `digest`",
        "anyOf": [
            { "properties": { "tag": { "minLength": 1 } } },
            { "properties": { "digest": { "minLength": 1 } } }
        ]
    }, {
        "description": "`repository` begins with the name of a registry: write that as `registry`, and here what follows its slash",
        "not": { "properties": { "repository": { "title": "a registry's name and a path", "pattern": "^(localhost|[^/]*[.:][^/]*)/.*$" } } }
    }])
}
