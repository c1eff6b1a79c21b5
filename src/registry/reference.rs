//! Where a chart goes: the registry's host, the repository, and the tag that its version becomes.

use std::fmt;
use std::net::Ipv6Addr;

use crate::error::Problem;

/// A place in a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// `registry.example.com:5000`
    pub host: String,
    /// `charts/forguncy-k8s-server`: the path that was given, and the chart's name.
    pub repository: String,
    /// The version, with `_` for `+`, which no tag may hold.
    pub tag: String,
}

/// The longest name of a repository, in bytes, that registries take.
const MAX_REPOSITORY: usize = 255;
/// The longest tag.
const MAX_TAG: usize = 128;

impl Reference {
    /// The place for a chart below `oci://HOST/PATH`.
    ///
    /// # Errors
    /// When that is no such address, or names what no registry can store.
    pub fn parse(target: &str, name: &str, version: &str) -> Result<Self, Problem> {
        let form = "write `oci://HOST/PATH`: `oci://registry.example.com/charts`";
        let Some(rest) = target.strip_prefix("oci://") else {
            return Err(Problem::new("the address of a registry begins with `oci://`").help(form));
        };
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        if rest.contains('@') {
            let problem = Problem::new("the address holds a user, a password or a digest");
            return Err(problem.help("log in with `helm registry login` or `docker login`, and give the address without them"));
        }
        if !is_host(host) {
            return Err(Problem::new("the address names no host that there can be").help(form));
        }
        let path = path.trim_end_matches('/');
        if path.contains(':') {
            let problem =
                Problem::new(format!("`{path}` has a tag, which comes from the chart's version"));
            return Err(problem.help("leave `:` and what follows out"));
        }
        let repository = if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
        if let Some(part) = repository.split('/').find(|part| !is_component(part)) {
            let problem = Problem::new(format!(
                "`{}` cannot be part of a repository's name, which takes lower-case letters and digits, and `.`, `_` and `-` between them",
                part.escape_debug()
            ));
            return Err(problem.help("registries know lower case only; `hzgchart package --chart FILE` gives the chart another name"));
        }
        let tag = version.replace('+', "_");
        if repository.len() > MAX_REPOSITORY || tag.len() > MAX_TAG || tag.is_empty() {
            let message = format!(
                "a repository's name has at most {MAX_REPOSITORY} bytes, and a tag 1 to {MAX_TAG}"
            );
            return Err(Problem::new(message).help("choose a shorter path or version"));
        }
        Ok(Self { host: host.to_owned(), repository, tag })
    }

    /// The host that answers: Docker Hub's registry is not at the address that people know.
    pub fn api_host(&self) -> &str {
        match self.host.as_str() {
            "docker.io" | "index.docker.io" => "registry-1.docker.io",
            host => host,
        }
    }
}

/// `registry.example.com/charts/forguncy-k8s-server:1.2.3`.
impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}:{}", self.host, self.repository, self.tag)
    }
}

/// A name, an IPv4 address or an IPv6 address in brackets, and a port or none:
/// [`domain`](https://pkg.go.dev/github.com/distribution/reference#pkg-overview).
pub fn is_host(host: &str) -> bool {
    let is_port = |port: &str| {
        port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0)
    };
    if let Some((address, rest)) = host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return address.parse::<Ipv6Addr>().is_ok()
            && (rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port));
    }
    let (name, port) = host.split_once(':').map_or((host, None), |(name, port)| (name, Some(port)));
    let is_label = |label: &str| {
        let is_word = |c: char| c.is_ascii_alphanumeric();
        label.starts_with(is_word)
            && label.ends_with(is_word)
            && label.chars().all(|c| is_word(c) || c == '-')
    };
    name.split('.').all(is_label) && port.is_none_or(is_port)
}

/// A part of a repository's name: `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*` of the distribution specification.
pub fn is_component(part: &str) -> bool {
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let separators = part.split(is_word).filter(|between| !between.is_empty());
    part.starts_with(is_word)
        && part.ends_with(is_word)
        && separators.into_iter().all(|between| {
            matches!(between, "." | "_" | "__") || between.bytes().all(|b| b == b'-')
        })
}

#[cfg(test)]
mod tests {
    use super::Reference;

    fn parse(target: &str) -> Result<String, String> {
        let parsed = Reference::parse(target, "chart", "1.2.3+4");
        parsed.map(|r| r.to_string()).map_err(|problem| problem.to_string())
    }

    #[test]
    fn joins_path_name_and_version() {
        for (target, place) in [
            ("oci://localhost:5000/a/b", "localhost:5000/a/b/chart:1.2.3_4"),
            ("oci://h.example.com/a/", "h.example.com/a/chart:1.2.3_4"),
            ("oci://h", "h/chart:1.2.3_4"),
            ("oci://10.0.0.9:65535/a", "10.0.0.9:65535/a/chart:1.2.3_4"),
            ("oci://[fe80::1]/a", "[fe80::1]/a/chart:1.2.3_4"),
            ("oci://[::1]:5000/a.b__c--d", "[::1]:5000/a.b__c--d/chart:1.2.3_4"),
        ] {
            assert_eq!(parse(target).unwrap(), place);
        }
        let hub = Reference::parse("oci://docker.io/me", "c", "1.0.0").unwrap();
        assert_eq!(hub.api_host(), "registry-1.docker.io");
    }

    #[test]
    fn refuses_what_no_registry_stores() {
        for target in [
            "https://h/a",
            "h/a",
            "oci://",
            "oci:///a",
            "oci://h/A",
            "oci://h/a:1",
            "oci://h/a//b",
            "oci://h/..",
            "oci://h/a_.b",
            "oci://h b/a",
            "oci://h/a\n",
            "oci://h/活",
            "oci://h?x/a",
            "oci://[::1/a",
            "oci://::1/a",
            "oci://[h]/a",
            "oci://[::1]5000/a",
            "oci://h:/a",
            "oci://h:0/a",
            "oci://h:99999/a",
            "oci://h:+1/a",
            "oci://:5000/a",
            "oci://h..x/a",
            "oci://-h/a",
        ] {
            assert!(parse(target).is_err(), "{target}");
        }
        let told = parse("oci://me:hunter2@h/a").unwrap_err();
        assert!(!told.contains("hunter2"), "{told}");
        assert!(parse(&format!("oci://h/{}", "a".repeat(300))).is_err());
    }
}
