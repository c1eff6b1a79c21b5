//! The formats of single values: what a string or a number must look like, as JSON Schema.
//!
//! Every pattern is anchored and avoids look-around and Unicode classes, so that Go (Helm), JavaScript
//! (editors) and `regex-lite` (this program) read it alike. The `title` is the phrase for messages.

use schemars::{Schema, SchemaGenerator, json_schema};

/// A lower-case DNS label, as the inside of a pattern.
const LABEL: &str = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

/// A path segment other than `.` and `..`, free of slashes and control characters.
const SEGMENT: &str = concat!(
    "([^/.\\x00-\\x1f\\x7f-\\x9f\u{fffe}\u{ffff}][^/\\x00-\\x1f\\x7f-\\x9f\u{fffe}\u{ffff}]*",
    "|\\.[^/.\\x00-\\x1f\\x7f-\\x9f\u{fffe}\u{ffff}][^/\\x00-\\x1f\\x7f-\\x9f\u{fffe}\u{ffff}]*",
    "|\\.\\.[^/\\x00-\\x1f\\x7f-\\x9f\u{fffe}\u{ffff}]+)"
);

/// Any text that Helm can carry. It writes values as JSON and reads that as YAML, where these characters are forbidden or,
/// like U+0085, line breaks: Helm 3 refuses the values, and `toYaml` gives nothing or a space, without a word, in both.
pub const TEXT: &str = "^[^\\x7f-\\x9f\u{fffe}\u{ffff}]*$";
/// What no text has in it.
const NO_TEXT: &str = "\\x7f-\\x9f\u{fffe}\u{ffff}";
/// [`TEXT`] in words.
pub const TEXT_TITLE: &str = "text without control characters (U+007F to U+009F, U+FFFE, U+FFFF)";

/// An image name's path, from the OCI distribution specification.
const REPOSITORY: &str = "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*";

/// What may follow the digits of a Kubernetes quantity.
const QUANTITY_SUFFIX: &str = "([KMGTPE]i|[numkMGTPE]|[eE][-+]?[0-9]{1,2})?";

/// A port number, 1 to 65535.
pub fn port(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "title": "a port number from 1 to 65535", "type": "integer", "minimum": 1, "maximum": 65535
    })
}

/// 0, or a port of the range that Kubernetes gives to node ports unless told otherwise.
pub fn node_port(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "title": "a port number from 30000 to 32767, or 0",
        "type": "integer",
        "anyOf": [{ "const": 0 }, { "minimum": 30000, "maximum": 32767 }]
    })
}

/// The API group and version of an object.
pub fn api_version(_: &mut SchemaGenerator) -> Schema {
    string("an API version (`v1`, `apps/v1`)", "([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?v[a-z0-9]+", 253)
}

/// The kind of an object.
pub fn kind(_: &mut SchemaGenerator) -> Schema {
    string("a kind of object (`ConfigMap`)", "[A-Z][A-Za-z0-9]*", 63)
}

/// A string that is not empty.
pub fn filled(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "title": "text, not empty and without control characters", "type": "string", "pattern": TEXT, "minLength": 1
    })
}

/// Free text.
pub fn text(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "title": TEXT_TITLE, "type": "string", "pattern": TEXT })
}

/// A password, which must not be shown. The container's shell takes line breaks from its end, but no carriage return before them: of
/// a file that was written on Windows the password would have one more character than anybody types.
pub fn password(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "title": "a password that does not end with a carriage return (a file with the line breaks of Windows does), is more than line breaks, and has no control characters (U+007F to U+009F, U+FFFE, U+FFFF); or empty",
        "type": "string",
        "pattern": format!(r"^([^{NO_TEXT}]*[^\r\n{NO_TEXT}]\n*)?$"),
        "writeOnly": true
    })
}

/// The name of most Kubernetes objects.
pub fn name(_: &mut SchemaGenerator) -> Schema {
    string("a DNS name (RFC 1123 subdomain, lower case)", &subdomain(), 253)
}

/// The name of a Kubernetes object, or nothing.
pub fn optional_name(_: &mut SchemaGenerator) -> Schema {
    optional("a DNS name (RFC 1123 subdomain, lower case), or empty", &subdomain(), 253)
}

/// A key of a Secret's `data`.
pub fn secret_key(_: &mut SchemaGenerator) -> Schema {
    string("a key of a Secret (letters, digits, `-`, `_` and `.`)", "[-._a-zA-Z0-9]+", 253)
}

/// A list of host names, each with at most one wildcard label, in front.
pub fn hosts(_: &mut SchemaGenerator) -> Schema {
    let host = string(
        "a DNS name in lower case, which may begin with `*.`",
        &format!(r"(\*\.)?{}", subdomain()),
        253,
    );
    json_schema!({ "type": "array", "items": host, "uniqueItems": true })
}

/// A list of host names with at least one in it.
pub fn some_hosts(generator: &mut SchemaGenerator) -> Schema {
    let mut schema = hosts(generator);
    schema.insert("minItems".into(), 1.into());
    schema
}

/// The key of a label, or nothing: a name, perhaps after a DNS name and a slash.
pub fn optional_label_key(_: &mut SchemaGenerator) -> Schema {
    optional(
        "a name, perhaps after a domain and a slash (`example.com/name`), or empty",
        &format!("({}/)?[A-Za-z0-9]([A-Za-z0-9_.-]{{0,61}}[A-Za-z0-9])?", subdomain()),
        253,
    )
}

/// A list of networks: addresses of IPv4 or IPv6 with the length of their prefix.
pub fn networks(_: &mut SchemaGenerator) -> Schema {
    let byte = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    let v4 = format!(r"{byte}(\.{byte}){{3}}/(3[0-2]|[12]?[0-9])");
    // A group may be missing, once: what that leaves of bad addresses is refused by the API server.
    let v6 = "([0-9a-fA-F]{1,4}:){1,7}(:|(:?[0-9a-fA-F]{1,4}){1,7})|::([0-9a-fA-F]{1,4}(:[0-9a-fA-F]{1,4}){0,6})?";
    let network = string(
        "a network (`203.0.113.0/24`, `2001:db8::/32`)",
        &format!("({v4}|({v6})/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))"),
        64,
    );
    json_schema!({ "type": "array", "items": network, "uniqueItems": true })
}

/// A server's host name, IPv4 or IPv6 address (without brackets), or nothing.
pub fn optional_server(_: &mut SchemaGenerator) -> Schema {
    optional(
        "a host name or an IP address, or empty",
        "([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+)",
        253,
    )
}

/// An absolute path without `.` and `..`; no slash at the end.
pub fn absolute_path(_: &mut SchemaGenerator) -> Schema {
    string("an absolute path without `.`, `..` and a final slash", &absolute(), 4096)
}

/// The same, or nothing.
pub fn optional_absolute_path(_: &mut SchemaGenerator) -> Schema {
    optional("an absolute path without `.`, `..` and a final slash, or empty", &absolute(), 4096)
}

/// A relative path without `.` and `..`.
pub fn directory(_: &mut SchemaGenerator) -> Schema {
    string(
        "a relative path without `.`, `..` and a final slash",
        &format!("{SEGMENT}(/{SEGMENT})*"),
        4096,
    )
}

/// The path of a URL, as an Ingress takes it.
pub fn url_path(_: &mut SchemaGenerator) -> Schema {
    let part = "[A-Za-z0-9._~!$&'()*+,;=:@%-]+";
    string("an absolute URL path", &format!("/({part}(/{part})*/?)?"), 2048)
}

/// A registry: a host that Docker's rules do not take for a part of the image's name (it has a dot
/// or a port, or is `localhost`), and perhaps a path. Or nothing.
pub fn optional_registry(_: &mut SchemaGenerator) -> Schema {
    let part = "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?";
    let host = format!(
        r"((localhost|{part}(\.{part})+|\[[0-9A-Fa-f:.]+\])(:[0-9]{{1,5}})?|{part}:[0-9]{{1,5}})"
    );
    optional(
        "a registry host with a dot or a port, perhaps a path after it, or empty",
        &format!("{host}(/{REPOSITORY})?"),
        255,
    )
}

/// An image's name without registry, tag and digest.
pub fn repository(_: &mut SchemaGenerator) -> Schema {
    string("an image name in lower case, without registry and tag", REPOSITORY, 255)
}

/// An image tag, or nothing.
pub fn optional_tag(_: &mut SchemaGenerator) -> Schema {
    optional("an image tag, or empty", "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}", 128)
}

/// An image digest, or nothing.
pub fn optional_digest(_: &mut SchemaGenerator) -> Schema {
    optional("a digest (`sha256:` and 64 hexadecimal digits), or empty", "sha256:[a-f0-9]{64}", 71)
}

/// The name of a time zone.
pub fn timezone(_: &mut SchemaGenerator) -> Schema {
    let part = "[A-Za-z0-9_+-]+";
    string(
        "a time zone of the IANA database (`Asia/Shanghai`, `UTC`)",
        &format!("[A-Za-z][A-Za-z0-9_+-]*(/{part})*"),
        64,
    )
}

/// A cookie's name: a token of RFC 6265.
pub fn cookie_name(_: &mut SchemaGenerator) -> Schema {
    string("a cookie name (RFC 6265 token)", "[!#$%&'*+.^_`|~0-9A-Za-z-]+", 128)
}

/// A list of mount options.
pub fn mount_options(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "array",
        "items": string("a mount option without spaces (`hard`, `nfsvers=4.1`)", "[!-~]+", 255)
    })
}

/// A size in nginx's notation, or nothing.
pub fn optional_nginx_size(_: &mut SchemaGenerator) -> Schema {
    optional("a size for nginx (`100m`, `1g`; `0` is no limit), or empty", "[0-9]+[kKmMgG]?", 20)
}

/// A size in the notation of redis, or nothing.
pub fn optional_redis_memory(_: &mut SchemaGenerator) -> Schema {
    optional(
        "a size for redis (`256mb`, `1gb`; `0` is no limit), or empty",
        "[0-9]+([kKmMgG][bB]?|[bB])?",
        20,
    )
}

/// A duration of the Gateway API (GEP-2257).
pub fn duration(_: &mut SchemaGenerator) -> Schema {
    string("a duration (`48h`, `1h30m`)", "([0-9]{1,5}(h|m|s|ms)){1,4}", 28)
}

/// The same, or nothing.
pub fn optional_duration(_: &mut SchemaGenerator) -> Schema {
    optional("a duration (`10m`, `1h30m`), or empty", "([0-9]{1,5}(h|m|s|ms)){1,4}", 28)
}

/// A size of storage: a Kubernetes quantity above zero.
pub fn size(_: &mut SchemaGenerator) -> Schema {
    let positive = r"(0*[1-9][0-9]*(\.[0-9]*)?|0*\.0*[1-9][0-9]*)";
    string("a size above zero (`100Gi`, `1Ti`)", &format!("{positive}{QUANTITY_SUFFIX}"), 32)
}

/// The pattern of a Kubernetes quantity of zero or more.
pub fn quantity_pattern() -> String {
    format!(r"^([0-9]+(\.[0-9]*)?|\.[0-9]+){QUANTITY_SUFFIX}$")
}

/// A number of pods, which Kubernetes holds in 32 bits, or a share of them in percent.
pub fn count_or_percentage(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "title": "a number of pods, or a percentage as a string (`50%`)",
        "type": ["integer", "string"],
        "pattern": "^(100|[1-9]?[0-9])%$",
        "minimum": 0,
        "maximum": i32::MAX
    })
}

/// A number of pods, a share of them in percent, or nothing.
pub fn optional_count_or_percentage(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "title": "a number of pods above zero, a percentage as a string (`50%`), or empty",
        "type": ["integer", "string"],
        "pattern": "^((100|[1-9]?[0-9])%)?$",
        "minimum": 1,
        "maximum": i32::MAX
    })
}

fn string(title: &str, inside: &str, max_length: u32) -> Schema {
    json_schema!({
        "title": title, "type": "string", "pattern": format!("^{inside}$"), "maxLength": max_length
    })
}

fn optional(title: &str, inside: &str, max_length: u32) -> Schema {
    string(title, &format!("({inside})?"), max_length)
}

fn subdomain() -> String {
    format!(r"{LABEL}(\.{LABEL})*")
}

fn absolute() -> String {
    format!("(/|(/{SEGMENT})+)")
}

#[cfg(test)]
mod tests {
    use regex_lite::Regex;
    use schemars::{Schema, SchemaGenerator};
    use serde_json::Value;

    fn accepts(format: fn(&mut SchemaGenerator) -> Schema, text: &str) -> bool {
        let schema = format(&mut SchemaGenerator::default()).to_value();
        let schema = schema.get("items").unwrap_or(&schema);
        let pattern = schema["pattern"].as_str().expect("a pattern");
        let max = schema.get("maxLength").and_then(Value::as_u64).unwrap_or(u64::MAX);
        Regex::new(pattern).expect("a valid pattern").is_match(text)
            && text.chars().count() as u64 <= max
    }

    fn check(format: fn(&mut SchemaGenerator) -> Schema, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(accepts(format, text), "refused {text:?}");
        }
        for text in bad {
            assert!(!accepts(format, text), "accepted {text:?}");
        }
    }

    #[test]
    fn takes_quantities_as_kubernetes_writes_them() {
        check(
            super::size,
            &["100Gi", "1e3", "0.5Ti", "1E", "10", ".5Gi"],
            &["", "0", "0Gi", "0.0", "-1Gi", "100gb", "1 Gi", "1Gi\n", "１Gi", "e3"],
        );
        let quantity = Regex::new(&super::quantity_pattern()).expect("a valid pattern");
        for good in ["0", "500m", "2Gi", "1.5", "1e-3", ".5"] {
            assert!(quantity.is_match(good), "refused {good:?}");
        }
        for bad in ["", "m", "1,5", "-1", "+", "1Gi\n", "1 Gi"] {
            assert!(!quantity.is_match(bad), "accepted {bad:?}");
        }
    }

    #[test]
    fn takes_paths_without_dots_for_segments() {
        check(
            super::absolute_path,
            &["/", "/fgc-k8s-lbroot", "/a/.b/..c/...", "/数据/活字格", "/with space"],
            &["", "a", "/a/", "//a", "/a//b", "/.", "/a/..", "/../a", "/a/./b", "/a\nb", "/a\0"],
        );
        check(
            super::directory,
            &["ForguncyAttach", "a/b", ".x"],
            &["", "/a", "a/", "..", "a/../b"],
        );
        check(super::optional_absolute_path, &["", "/a"], &["a"]);
    }

    #[test]
    fn takes_host_names_and_addresses_for_servers() {
        check(
            super::optional_server,
            &["", "nfs", "nfs-1.example.com", "10.0.0.5", "fd00::1", "::1", "::ffff:10.0.0.1"],
            &["nfs:/export", "[::1]", "-nfs", "a b", "nfs/", "nfs\n"],
        );
    }

    #[test]
    fn takes_registries_that_cannot_be_mistaken_for_a_name() {
        check(
            super::optional_registry,
            &[
                "",
                "registry.example.com",
                "harbor:5000",
                "localhost",
                "10.0.0.1:80/a/b",
                "[::1]:5000",
            ],
            &["harbor", "harbor/library", "https://x.y", "x.y/", "x.y:", "x.y/Upper", "x.y/a:1"],
        );
        check(
            super::repository,
            &["a", "fgclb/fgc_k8s_arm", "a/b--c.d__e"],
            &["", "A", "a/", "/a", "a:1", "a..b", "a___b", "a@sha256"],
        );
        check(super::optional_tag, &["", "10.0.103.0", "_x"], &[".a", "a/b", "a b", "-"]);
        check(super::optional_tag, &[&"t".repeat(128)], &[&"t".repeat(129)]);
        check(
            super::optional_digest,
            &["", &format!("sha256:{}", "a".repeat(64))],
            &["sha256:", &format!("sha256:{}", "A".repeat(64))],
        );
    }

    #[test]
    fn takes_names_of_kubernetes_objects() {
        check(
            super::name,
            &["a", "a.b-c", &"a".repeat(253)],
            &["", "A", "a_b", "-a", "a.", "a..b", "a\n", "ａ", &"a".repeat(254)],
        );
        check(
            super::hosts,
            &["a.example.com", "*.example.com"],
            &["*", "a.*.com", "*.*.com", "A.b"],
        );
        check(
            super::optional_label_key,
            &["", "nlb", "service.k8s.aws/nlb"],
            &["a/b/c", "/a", "A.b/c", "a b"],
        );
        check(
            super::networks,
            &[
                "203.0.113.0/24",
                "0.0.0.0/0",
                "2001:db8::/32",
                "::/0",
                "fe80::1/128",
                "1:2:3:4:5:6:7:8/64",
            ],
            &[
                "",
                "203.0.113.0",
                "256.0.0.0/8",
                "10.0.0.0/33",
                "10.0.0/8",
                "2001:db8::/129",
                "::",
                "g::/8",
                " ::/0",
            ],
        );
        check(super::secret_key, &["redis-password", "a.b_C"], &["", "a b", "a/b"]);
    }

    #[test]
    fn takes_the_small_notations() {
        check(
            super::timezone,
            &["Asia/Shanghai", "UTC", "Etc/GMT+8", "America/Indiana/Knox"],
            &["", "/UTC", "Asia/", "../etc/passwd", "Asia Shanghai"],
        );
        check(super::cookie_name, &["route", "__Host-x"], &["", "a b", "a=b", "a;b", "a\"b"]);
        check(super::optional_nginx_size, &["", "1g", "0", "100M"], &["1gb", "1.5g", "g"]);
        check(super::optional_redis_memory, &["", "256mb", "1GB", "100"], &["1gi", "mb", "-1"]);
        check(super::duration, &["48h", "1h30m", "500ms"], &["", "48", "1d", "1.5h"]);
        check(super::count_or_percentage, &["0%", "50%", "100%"], &["101%", "50", "%", "050%"]);
        check(super::optional_count_or_percentage, &["", "0%", "50%"], &["101%", "%", "50"]);
        check(super::mount_options, &["hard", "nfsvers=4.1"], &["", "a b"]);
        check(
            super::url_path,
            &["/", "/app", "/app/", "/a%20b/c"],
            &["", "app", "//", "/a//b", "/a b"],
        );
    }
}
