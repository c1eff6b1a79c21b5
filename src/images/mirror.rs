//! A script that copies the images of a list to a private registry.
//!
//! Its text is `mirror.sh`, with the functions of one tool put in; `docker.sh` and its like hold a note for the reader, `--`, and
//! those functions.

use std::collections::BTreeMap;

use super::Image;
use super::reference::Reference;
use crate::error::Problem;
use crate::shell::quoted;

/// A program that copies images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// Docker's command line.
    Docker,
    /// containerd's.
    Nerdctl,
    /// A program that copies between registries without a daemon.
    Skopeo,
}

impl Tool {
    /// The program's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Docker => "docker",
            Self::Nerdctl => "nerdctl",
            Self::Skopeo => "skopeo",
        }
    }
}

/// The script, for a POSIX shell. `images` are those of [`super::list`] with this registry; `platform` is the one to copy, as
/// `linux/amd64`, if it is only one.
pub fn script(images: &[Image], registry: &str, tool: Tool, platform: Option<&str>) -> String {
    let text = match tool {
        Tool::Docker => include_str!("docker.sh"),
        Tool::Nerdctl => include_str!("nerdctl.sh"),
        Tool::Skopeo => include_str!("skopeo.sh"),
    };
    let (note, functions) = text.split_once("\n--\n").unwrap_or(("", text));
    let mut lines: Vec<String> = images
        .iter()
        .enumerate()
        .map(|(index, image)| line(index, image, registry, tool, platform))
        .collect();
    if lines.is_empty() {
        // A function of a shell does something.
        lines.push("    :".to_owned());
    }
    include_str!("mirror.sh")
        .replace("@NOTE@", note)
        .replace("@FUNCTIONS@", functions.trim_end())
        .replace("@TOOL@", tool.name())
        .replace("@REGISTRY@", registry)
        .replace("@IMAGES@", &lines.join("\n"))
}

/// Checks that no two images would be copied to one place.
///
/// # Errors
/// Each that would be copied over another.
pub fn check(images: &[Image], registry: &str, tool: Tool) -> Result<(), Vec<Problem>> {
    let mut places: BTreeMap<String, &Image> = BTreeMap::new();
    let mut problems = Vec::new();
    let copied = images.iter().filter(|image| !is_there(image, registry));
    for image in copied {
        let place = target(image, registry, tool);
        let Some(other) = places.insert(place.clone(), image) else { continue };
        // `redis` is `docker.io/library/redis`.
        let source = |image: &Image| match image.original.registry.as_str() {
            "" | "docker.io" => image.original.under("docker.io"),
            _ => image.original.to_string(),
        };
        if source(other) != source(image) {
            let message = format!(
                "`{}` and `{}` would both be copied to `{place}`",
                other.original, image.original
            );
            let help = "copy one of them under another name yourself, and name it so in the values";
            problems.push(Problem::new(message).help(help));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Whether an image is named by the private registry already.
fn is_there(image: &Image, registry: &str) -> bool {
    image.original.to_string().strip_prefix(registry).is_some_and(|rest| rest.starts_with('/'))
}

/// The name that an image gets in the private registry.
fn target(image: &Image, registry: &str, tool: Tool) -> String {
    let Reference { tag, digest, .. } = &image.original;
    // Docker's own images are `library/redis` or `redis`, as the chart's values have it.
    let target = match image.follows_registry {
        true => image.pulled.clone(),
        false => image.original.under(registry),
    };
    match (digest.is_empty(), tag.is_empty(), tool) {
        (true, true, _) => format!("{target}:latest"),
        (true, false, _) => target,
        // No tool takes a tag and a digest, and none but skopeo writes to a digest alone.
        (false, false, _) => before_digest(&target).to_owned(),
        (false, true, Tool::Skopeo) => target,
        (false, true, _) => format!("{}:{}", before_digest(&target), digest.replace(':', "-")),
    }
}

fn line(index: usize, image: &Image, registry: &str, tool: Tool, platform: Option<&str>) -> String {
    let original = image.original.to_string();
    if is_there(image, registry) {
        return format!(
            "    # {original} is named so in the values, and where it comes from is not known here\n    :"
        );
    }
    let Reference { repository, tag, digest, .. } = &image.original;
    let target = target(image, registry, tool);
    let source = match (digest.is_empty(), tag.is_empty()) {
        (true, true) => format!("{original}:latest"),
        (true, false) => original,
        _ => Reference { tag: String::new(), ..image.original.clone() }.to_string(),
    };
    let file = format!("{}-{}", index + 1, repository.replace('/', "-"));
    let own = image.architecture.as_ref().map(|name| format!("linux/{name}"));
    let platform = platform.or(own.as_deref()).unwrap_or_default();
    let words = [source.as_str(), &target, &file, digest, platform].map(quoted).join(" ");
    let call = format!("    \"$1\" {words}");
    if image.follows_registry {
        return call;
    }
    format!(
        "    # `global.imageRegistry` does not reach this one: name it {} in the values\n{call}",
        image.original.under(registry)
    )
}

fn before_digest(name: &str) -> &str {
    name.split_once('@').map_or(name, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::{Tool, check, script};
    use crate::images::Image;
    use crate::images::reference::Reference;

    const REGISTRY: &str = "harbor.example.com/hzg";

    fn image(name: &str, pulled: &str, architecture: Option<&str>) -> Image {
        Image {
            original: Reference::parse(name).expect("a name"),
            pulled: pulled.to_owned(),
            follows_registry: !pulled.is_empty(),
            architecture: architecture.map(str::to_owned),
            used_by: Vec::new(),
        }
    }

    fn call(tool: Tool, image: Image, platform: Option<&str>) -> String {
        let script = script(&[image], REGISTRY, tool, platform);
        let call = script.lines().find_map(|line| line.strip_prefix("    \"$1\" "));
        call.expect("a call").to_owned()
    }

    #[test]
    fn refuses_two_images_for_one_place() {
        let named = |names: &[&str]| -> Vec<Image> {
            names.iter().map(|name| image(name, "", None)).collect()
        };
        let refused = |names: &[&str]| {
            let problems = check(&named(names), REGISTRY, Tool::Docker).err().unwrap_or_default();
            problems.into_iter().map(|problem| problem.message).collect::<Vec<_>>()
        };
        assert_eq!(
            refused(&["busybox:1", "quay.io/library/busybox:1"]),
            [
                "`busybox:1` and `quay.io/library/busybox:1` would both be copied to `harbor.example.com/hzg/library/busybox:1`"
            ]
        );
        assert_eq!(refused(&["[fd00::1]:5000/x:1", "b.io/x:1", "b.io/x:2"]).len(), 1);
        assert!(refused(&["busybox:1", "docker.io/library/busybox:1"]).is_empty());
        assert!(refused(&["a.io/x:1", "harbor.example.com/hzg/x:1"]).is_empty());
    }

    #[test]
    fn copies_under_the_same_repository_and_tag() {
        let redis =
            || image("docker.io/library/redis:7", "harbor.example.com/hzg/library/redis:7", None);
        for tool in [Tool::Docker, Tool::Nerdctl, Tool::Skopeo] {
            assert_eq!(
                call(tool, redis(), None),
                "'docker.io/library/redis:7' 'harbor.example.com/hzg/library/redis:7' '1-library-redis' '' ''"
            );
        }
        assert!(call(Tool::Docker, redis(), Some("linux/amd64")).ends_with(" 'linux/amd64'"));
        let arm = image("r.example.com/arm:1", "harbor.example.com/hzg/arm:1", Some("arm64"));
        assert!(call(Tool::Skopeo, arm, None).ends_with(" 'linux/arm64'"));
    }

    #[test]
    fn keeps_a_digest_where_the_tool_can() {
        let digest = format!("sha256:{}", "0a".repeat(32));
        let pinned = |tag: &str| {
            let pulled = format!("harbor.example.com/hzg/a/b{tag}@{digest}");
            image(&format!("quay.io/a/b{tag}@{digest}"), &pulled, None)
        };
        let source = format!("'quay.io/a/b@{digest}'");
        let end = format!("'1-a-b' '{digest}' ''");
        for tool in [Tool::Docker, Tool::Nerdctl, Tool::Skopeo] {
            let expected = format!("{source} 'harbor.example.com/hzg/a/b:1' {end}");
            assert_eq!(call(tool, pinned(":1"), None), expected);
        }
        assert_eq!(
            call(Tool::Skopeo, pinned(""), None),
            format!("{source} 'harbor.example.com/hzg/a/b@{digest}' {end}")
        );
        let tag = digest.replace(':', "-");
        assert_eq!(
            call(Tool::Docker, pinned(""), None),
            format!("{source} 'harbor.example.com/hzg/a/b:{tag}' {end}")
        );
    }

    #[test]
    fn tells_which_images_the_registry_does_not_reach() {
        let text = script(&[image("alpine", "", None)], REGISTRY, Tool::Docker, None);
        assert!(
            text.contains("name it harbor.example.com/hzg/library/alpine in the values"),
            "{text}"
        );
        assert!(
            text.contains("'alpine:latest' 'harbor.example.com/hzg/library/alpine:latest'"),
            "{text}"
        );
        let own = format!("{REGISTRY}/fonts:1");
        let text = script(&[image(&own, "", None)], REGISTRY, Tool::Docker, None);
        assert!(
            text.contains("# harbor.example.com/hzg/fonts:1 is named so in the values"),
            "{text}"
        );
        assert!(!text.contains("\"$1\" '"), "{text}");
    }

    #[test]
    fn leaves_no_placeholder() {
        for tool in [Tool::Docker, Tool::Nerdctl, Tool::Skopeo] {
            let text = script(&[], REGISTRY, tool, None);
            let text = text.replace("$@", "").replace("@$4", "");
            assert!(!text.contains('@'), "{text}");
        }
    }
}
