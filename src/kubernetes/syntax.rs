//! How names, labels and addresses are written. Each function tells what is expected when a text is not written so.
//!
//! The rules are Kubernetes' own: <https://kubernetes.io/docs/concepts/overview/working-with-objects/names/>, its page on labels,
//! and `k8s.io/apimachinery/pkg/util/validation`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::version::Version;

/// `None` when the text is right; else what was expected.
pub(super) type Verdict = Option<&'static str>;

/// A verdict, from whether a text is right.
pub(super) fn unless(right: bool, expected: &'static str) -> Verdict {
    (!right).then_some(expected)
}

fn is_lower_alphanumeric(b: u8) -> bool {
    b.is_ascii_lowercase() || b.is_ascii_digit()
}

/// Whether a text consists of `inner` bytes, and begins and ends with `outer` ones.
fn is_built(text: &str, inner: fn(u8) -> bool, outer: fn(u8) -> bool) -> bool {
    are_built(text.as_bytes(), inner, outer)
}

fn are_built(bytes: &[u8], inner: fn(u8) -> bool, outer: fn(u8) -> bool) -> bool {
    let ends = |at: Option<&u8>| at.is_some_and(|&b| outer(b));
    ends(bytes.first()) && ends(bytes.last()) && bytes.iter().all(|&b| inner(b))
}

fn is_dns_label(text: &str) -> bool {
    text.len() <= 63
        && is_built(text, |b| is_lower_alphanumeric(b) || b == b'-', is_lower_alphanumeric)
}

fn is_dns_subdomain(text: &str) -> bool {
    let part = |part: &[u8]| {
        are_built(part, |b| is_lower_alphanumeric(b) || b == b'-', is_lower_alphanumeric)
    };
    text.len() <= 253 && text.as_bytes().split(|b| *b == b'.').all(part)
}

/// A DNS label of RFC 1123: most parts of names.
pub(super) fn dns_label(text: &str) -> Verdict {
    unless(
        is_dns_label(text),
        "a DNS label: up to 63 of `a-z`, `0-9` and `-`, with a letter or digit at both ends",
    )
}

/// A DNS subdomain of RFC 1123: most names of objects.
pub(super) fn dns_subdomain(text: &str) -> Verdict {
    unless(
        is_dns_subdomain(text),
        "a DNS subdomain: up to 253 of `a-z`, `0-9`, `-` and `.`, with a letter or digit at both ends of each part",
    )
}

/// A DNS label of RFC 1035: names of Services.
pub(super) fn rfc1035_label(text: &str) -> Verdict {
    let right = is_dns_label(text) && text.starts_with(|c: char| c.is_ascii_lowercase());
    unless(
        right,
        "an RFC 1035 label: up to 63 of `a-z`, `0-9` and `-`, with a letter first and no `-` at the end",
    )
}

/// A name that can stand in a URL's path: those of roles and their bindings.
pub(super) fn path_segment(text: &str) -> Verdict {
    let right = !text.is_empty() && text != "." && text != ".." && !text.contains(['/', '%']);
    unless(right, "a path segment: not `.` or `..`, without `/` and `%`")
}

/// The beginning of a name, which may end with `-`.
pub(super) fn name_prefix(text: &str) -> Verdict {
    dns_subdomain(text.trim_end_matches('-'))
        .map(|_| "the beginning of a DNS subdomain: `a-z`, `0-9`, `-` and `.`")
}

/// The name of a label: `app`, `app.kubernetes.io/name`. Also called a qualified name.
pub(super) fn label_key(text: &str) -> Verdict {
    let slash = text.bytes().position(|byte| byte == b'/');
    let (prefix, name) =
        slash.map_or((None, text), |slash| (Some(&text[..slash]), &text[slash + 1..]));
    let right = prefix.is_none_or(is_dns_subdomain) && !name.is_empty() && is_label(name);
    unless(
        right,
        "up to 63 of letters, digits, `-`, `_` and `.`, with a letter or digit at both ends; before it a DNS subdomain and `/`, or nothing",
    )
}

/// The value of a label, which may be empty.
pub(super) fn label_value(text: &str) -> Verdict {
    unless(
        is_label(text),
        "up to 63 of letters, digits, `-`, `_` and `.`, with a letter or digit at both ends, or nothing",
    )
}

fn is_label(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    text.is_empty() || text.len() <= 63 && is_built(text, inner, |b| b.is_ascii_alphanumeric())
}

/// A port's name, as IANA has them.
pub(super) fn port_name(text: &str) -> Verdict {
    let right = text.len() <= 15
        && is_built(text, |b| is_lower_alphanumeric(b) || b == b'-', is_lower_alphanumeric)
        && text.bytes().any(|b| b.is_ascii_lowercase())
        && !text.contains("--");
    unless(
        right,
        "a port name: up to 15 of `a-z`, `0-9` and single `-`, with a letter, and a letter or digit at both ends",
    )
}

/// The name of an environment variable. From 1.32 all of ASCII that can be printed is allowed, but `=`.
pub(super) fn env_name(text: &str, version: Version) -> Verdict {
    if version.minor() >= 32 {
        let right =
            !text.is_empty() && text.bytes().all(|b| (b' '..=b'~').contains(&b) && b != b'=');
        return unless(right, "printable ASCII without `=`");
    }
    let inner = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    let first = text.as_bytes().first();
    let right = first.is_some_and(|b| !b.is_ascii_digit())
        && text.bytes().all(inner)
        && !text.starts_with("..")
        && text != ".";
    unless(right, "letters, digits, `-`, `_` and `.`, no digit first")
}

/// A key of a ConfigMap or Secret, which becomes a file's name.
pub(super) fn config_key(text: &str) -> Verdict {
    let inner = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    let right = (1..=253).contains(&text.len())
        && text.bytes().all(inner)
        && text != "."
        && !text.starts_with("..");
    unless(
        right,
        "a file name: up to 253 of letters, digits, `-`, `_` and `.`, not `.` and no `..` first",
    )
}

/// A host of an Ingress: a DNS name, or one with `*` for its first part.
pub(super) fn host(text: &str) -> Verdict {
    unless(
        is_dns_subdomain(text.strip_prefix("*.").unwrap_or(text)),
        "a DNS name in lower case, without scheme, port or path; its first part may be `*`",
    )
}

/// The DNS name that a Service of type ExternalName stands for.
pub(super) fn external_name(text: &str) -> Verdict {
    unless(is_dns_subdomain(text.strip_suffix('.').unwrap_or(text)), "a DNS name in lower case")
}

/// What of a pod its containers can be told: <https://kubernetes.io/docs/concepts/workloads/pods/downward-api/>.
pub(super) fn field_path(text: &str) -> Verdict {
    let plain = matches!(
        text,
        "metadata.name"
            | "metadata.namespace"
            | "metadata.uid"
            | "metadata.labels"
            | "metadata.annotations"
            | "spec.nodeName"
            | "spec.serviceAccountName"
            | "status.hostIP"
            | "status.hostIPs"
            | "status.podIP"
            | "status.podIPs"
    );
    let key = |map: &str| {
        text.strip_prefix(map)
            .and_then(|rest| rest.strip_prefix("['"))
            .and_then(|rest| rest.strip_suffix("']"))
    };
    let key = key("metadata.labels").or_else(|| key("metadata.annotations"));
    let right = plain || key.is_some_and(|key| label_key(&key.to_ascii_lowercase()).is_none());
    unless(
        right,
        "`metadata.name`, `metadata.labels['app']`, `spec.nodeName`, `status.podIP` or the like",
    )
}

/// The name of an HTTP header.
pub(super) fn http_header(text: &str) -> Verdict {
    let right = !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    unless(right, "a header's name: letters, digits and `-`")
}

/// An image. The registry client judges the rest.
pub(super) fn image(text: &str) -> Verdict {
    unless(
        !text.is_empty() && !text.contains(char::is_whitespace),
        "an image's name, without blanks",
    )
}

/// Any text at all.
pub(super) fn not_empty(text: &str) -> Verdict {
    unless(!text.is_empty(), "some text")
}

/// A path from the root.
pub(super) fn absolute_path(text: &str) -> Verdict {
    unless(text.starts_with('/'), "an absolute path, with `/` first")
}

/// A path to mount at: from the root, or from a drive in Windows.
pub(super) fn mount_path(text: &str) -> Verdict {
    let drive =
        matches!(text.as_bytes(), [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic());
    unless(
        drive || text.starts_with('/') && !text.contains(':'),
        "an absolute path, with `/` first and no `:`",
    )
}

/// A path that stays below where it starts.
pub(super) fn relative_path(text: &str) -> Verdict {
    let right =
        !text.is_empty() && !text.starts_with('/') && text.split('/').all(|part| part != "..");
    unless(right, "a relative path without `..`")
}

/// An IP address, of either family.
pub(super) fn ip(text: &str) -> Verdict {
    unless(text.parse::<IpAddr>().is_ok(), "an IP address")
}

/// The address of a Service within the cluster.
pub(super) fn cluster_ip(text: &str) -> Verdict {
    unless(text == "None" || text.parse::<IpAddr>().is_ok(), "an IP address or `None`")
}

/// An IP address and the length of its prefix.
pub(super) fn cidr(text: &str) -> Verdict {
    let right = text.split_once('/').is_some_and(|(address, length)| {
        let most = match address.parse::<IpAddr>() {
            Ok(IpAddr::V4(_)) => Ipv4Addr::BITS,
            Ok(IpAddr::V6(_)) => Ipv6Addr::BITS,
            Err(_) => return false,
        };
        length.bytes().all(|b| b.is_ascii_digit())
            && length.parse::<u32>().is_ok_and(|length| length <= most)
    });
    unless(right, "a range of IP addresses like `10.0.0.0/8`")
}

#[cfg(test)]
pub(super) mod tests {
    use super::{
        Verdict, cidr, config_key, dns_label, dns_subdomain, env_name, host, ip, label_key,
        label_value, mount_path, name_prefix, path_segment, port_name, relative_path,
        rfc1035_label,
    };
    use crate::kubernetes::Version;

    /// Checks that a rule takes some texts and refuses others.
    pub(in crate::kubernetes) fn judge(rule: fn(&str) -> Verdict, right: &[&str], wrong: &[&str]) {
        for text in right {
            assert_eq!(rule(text), None, "{text}");
        }
        for text in wrong {
            assert!(rule(text).is_some(), "{text}");
        }
    }

    #[test]
    fn knows_names_of_objects() {
        let long = "a".repeat(64);
        judge(
            dns_label,
            &["a", "0", "a-b", &long[..63]],
            &["", "-a", "a-", "A", "a.b", "a_b", "ä", &long],
        );
        judge(
            dns_subdomain,
            &["a", "a.b-c.0", &long],
            &["", ".a", "a.", "a..b", "a.-b", "A", "a/b", &"a".repeat(254)],
        );
        judge(rfc1035_label, &["a", "a0"], &["0a", "", "a-", "a.b"]);
        judge(path_segment, &["system:node", "A B"], &["", ".", "..", "a/b", "a%b"]);
        judge(name_prefix, &["a-", "a.b"], &["A-", ""]);
    }

    #[test]
    fn knows_labels() {
        judge(
            label_key,
            &["app", "a.b/C_d", "A"],
            &["", "/a", "a/", "a/b/c", "A/b", "-a", "a b", &"a".repeat(64)],
        );
        judge(label_value, &["", "A.b_c-d", "1"], &["-", "a-", "a b", "ä", "a/b", &"a".repeat(64)]);
    }

    #[test]
    fn knows_names_within_pods() {
        judge(
            port_name,
            &["http", "a-1", "0a"],
            &["", "80", "a--b", "-a", "HTTP", "a-name-too-long-for-it"],
        );
        judge(config_key, &["a", ".a", "A_b-c.d"], &["", ".", "..", "..a", "a/b", "a b"]);
        judge(mount_path, &["/", "/a", r"C:\a"], &["", "a", "/a:b"]);
        judge(relative_path, &["a", "a/b", "a..b"], &["", "/a", "..", "a/../b"]);
    }

    #[test]
    fn takes_more_names_of_variables_from_1_32_on() {
        let (old, new) = (Version::OLDEST, Version::NEWEST);
        assert!(env_name("a.b-C_1", old).is_none() && env_name("1 a", old).is_some());
        assert!(
            env_name("1 a", new).is_none()
                && env_name("a=b", new).is_some()
                && env_name("", new).is_some()
        );
    }

    #[test]
    fn knows_addresses() {
        judge(host, &["a.b", "*.a.b"], &["", "*", "a.*.b", "http://a", "a:80", "A.b"]);
        judge(ip, &["10.0.0.1", "::1"], &["", "10.0.0", "10.0.0.256", "10.0.0.1/8"]);
        judge(
            cidr,
            &["10.0.0.0/8", "::/0"],
            &["", "10.0.0.0", "10.0.0.0/33", "::/129", "a/8", "10.0.0.0/+8", "10.0.0.0/"],
        );
    }
}
