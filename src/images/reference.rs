//! The name of an image, in its parts.

use std::fmt;

use crate::deployment::built_for;
use crate::registry::{is_component, is_host};
use crate::values::image;

/// `registry/repository:tag@digest`; what is missing is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Host with an optional port. Empty is Docker's own registry, or what the container runtime is set to.
    pub registry: String,
    /// Path in the registry.
    pub repository: String,
    /// Version.
    pub tag: String,
    /// `sha256:` and 64 hexadecimal digits.
    pub digest: String,
}

impl Reference {
    /// Takes a name apart by the rules of the distribution project (`reference.go`); `None` if it is not one.
    pub fn parse(name: &str) -> Option<Self> {
        let (rest, digest) = match name.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (name, None),
        };
        let last = rest.rfind('/').map_or(0, |slash| slash + 1);
        let (rest, tag) = match rest[last..].find(':') {
            Some(colon) => (&rest[..last + colon], Some(&rest[last + colon + 1..])),
            None => (rest, None),
        };
        let (registry, repository) = match rest.split_once('/') {
            Some((first, path)) if first == "localhost" || first.contains(['.', ':']) => {
                (first, path)
            }
            _ => ("", rest),
        };
        let is_whole = (registry.is_empty() || is_host(registry))
            && repository.split('/').all(is_component)
            && tag.is_none_or(is_tag)
            && digest.is_none_or(is_digest);
        is_whole.then(|| Self {
            registry: registry.to_owned(),
            repository: repository.to_owned(),
            tag: tag.unwrap_or_default().to_owned(),
            digest: digest.unwrap_or_default().to_owned(),
        })
    }

    /// The same image under another registry, by its own path. Docker's own images have theirs below `library`.
    pub fn under(&self, registry: &str) -> String {
        let official =
            matches!(self.registry.as_str(), "" | "docker.io") && !self.repository.contains('/');
        let folder = if official { "library/" } else { "" };
        image::reference(registry, &format!("{folder}{}", self.repository), &self.tag, &self.digest)
    }

    /// The one architecture that its name says it is for.
    pub fn architecture(&self) -> Option<&'static str> {
        built_for(&self.repository, &self.tag)
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&image::reference(&self.registry, &self.repository, &self.tag, &self.digest))
    }
}

/// Whether a text is a registry that images may be put under: a host that nobody takes for a path, and a path or none after it.
pub fn is_registry(text: &str) -> bool {
    Reference::parse(&format!("{text}/x"))
        .is_some_and(|reference| !reference.registry.is_empty() && reference.tag.is_empty())
}

fn is_tag(tag: &str) -> bool {
    (1..=128).contains(&tag.len())
        && !tag.starts_with(['.', '-'])
        && tag.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
}

fn is_digest(digest: &str) -> bool {
    let is_hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    [("sha256:", 64), ("sha512:", 128)].into_iter().any(|(name, length)| {
        digest.strip_prefix(name).is_some_and(|hex| hex.len() == length && hex.chars().all(is_hex))
    })
}

#[cfg(test)]
mod tests {
    use super::{Reference, is_registry};

    #[test]
    fn takes_names_apart_and_puts_them_together() {
        let digest = format!("sha256:{}", "0a".repeat(32));
        let full = format!("[fd00::5]:5000/a/b-c:1.0@{digest}");
        for (name, parts) in [
            ("redis", ["", "redis", "", ""]),
            ("redis:7", ["", "redis", "7", ""]),
            ("library/redis:7", ["", "library/redis", "7", ""]),
            ("host:5000/redis", ["host:5000", "redis", "", ""]),
            ("localhost/redis:7", ["localhost", "redis", "7", ""]),
            ("docker.io/a__b/c:V_1", ["docker.io", "a__b/c", "V_1", ""]),
            (&full, ["[fd00::5]:5000", "a/b-c", "1.0", &digest]),
        ] {
            let reference = Reference::parse(name).unwrap_or_else(|| panic!("refused {name}"));
            let Reference { registry, repository, tag, digest } = &reference;
            assert_eq!([registry, repository, tag, digest], parts);
            assert_eq!(reference.to_string(), name);
        }
    }

    #[test]
    fn refuses_what_a_registry_would() {
        for bad in [
            "",
            "/",
            "a/",
            "/a",
            "a//b",
            "A",
            "a:",
            "a@",
            "a:b:c",
            "a:-x",
            "a b",
            "a\n",
            "$(id)",
            "a'b",
            "-a",
            "--all",
            "a@sha256:0",
            "a@md5:0",
            "host:99999/a",
            "ho_st.com/a",
            "host.com:/a",
            "host.com/",
            "{{ x }}",
            "a:é",
            "é",
            "host:+5/a",
            "..:5/a",
            "a:@sha256:0",
            "a..b",
            "a___b",
            "host:0/a",
        ] {
            assert!(Reference::parse(bad).is_none(), "took {bad:?}");
        }
    }

    #[test]
    fn moves_an_image_under_a_registry() {
        let under = |name: &str| {
            Reference::parse(name).map(|r| r.under("harbor.example.com/hzg")).unwrap_or_default()
        };
        assert_eq!(under("redis:7"), "harbor.example.com/hzg/library/redis:7");
        assert_eq!(under("docker.io/redis:7"), "harbor.example.com/hzg/library/redis:7");
        assert_eq!(under("quay.io/redis:7"), "harbor.example.com/hzg/redis:7");
        assert_eq!(under("docker.io/a/b:1"), "harbor.example.com/hzg/a/b:1");
    }

    #[test]
    fn knows_a_registry_from_a_path() {
        for good in [
            "harbor.example.com",
            "harbor.example.com/hzg",
            "host:5000",
            "localhost",
            "[::1]:5000/a",
        ] {
            assert!(is_registry(good), "refused {good}");
        }
        for bad in [
            "",
            "harbor",
            "https://harbor.example.com",
            "harbor.example.com/",
            "harbor.example.com:x",
            "a.b/c:1",
            "a.b/$(id)",
            "h.example.com/a..b",
            "h.example.com:0",
        ] {
            assert!(!is_registry(bad), "took {bad}");
        }
    }
}
