//! Addresses in Chart.yaml, checked so that `helm lint` finds nothing to say.
//!
//! Each rule is a little narrower than Helm's, in 3.17.3 and 4.1.4 alike.

use std::net::Ipv4Addr;

/// Whether `helm lint` takes this for a maintainer's e-mail address: a plain local part, and a
/// domain with a dot whose last part neither starts nor ends with a digit.
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let atom = |part: &str| {
        !part.is_empty()
            && part.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c))
    };
    let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    let top = domain.rsplit('.').next().unwrap_or_default();
    local.split('.').all(atom)
        && domain.contains('.')
        && is_host(domain)
        && letter(top.chars().next())
        && letter(top.chars().last())
}

/// The length in bytes from which `helm lint` takes nothing for a maintainer's web address.
const MAX_URL: usize = 2083;

/// Whether `helm lint` takes this for a maintainer's web address: `http` or `https`, and an ASCII
/// host that ends in letters or is an IPv4 address.
pub fn is_web(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else {
        return false;
    };
    let (host, _) = split_host(rest);
    // Helm's pattern is at odds with one letter before two dots, `x.example.cn`, with one letter
    // at the end, and with `--` behind the first dot.
    let (first, rest) = host.split_once('.').unwrap_or((host, ""));
    let top = rest.rsplit('.').next().unwrap_or_default();
    let named = top.bytes().all(|b| b.is_ascii_alphabetic())
        && top.len() != 1
        && (first.len() > 1 || top == rest)
        && !rest.contains("--");
    text.len() < MAX_URL
        && is_source(text)
        && host.is_ascii()
        && (named || host.parse::<Ipv4Addr>().is_ok())
}

/// Whether `helm lint` takes this for a source: any scheme and a host, `oci://host/path`.
pub fn is_source(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let (host, port) = split_host(rest);
    let legal = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(legal)
        && is_host(host)
        && port.is_none_or(|port| port.parse::<u16>().is_ok())
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
        && escapes_are_whole(text)
}

/// Whether `helm lint` takes this for an icon: an address, or the picture itself as `data:`.
pub fn is_icon(text: &str) -> bool {
    let plain = |data: &str| !data.contains(|c: char| c.is_whitespace() || c.is_control());
    is_source(text) || text.strip_prefix("data:").is_some_and(|d| d.contains(',') && plain(d))
}

/// Splits `host:port/path` into the host and the port.
fn split_host(rest: &str) -> (&str, Option<&str>) {
    // Go reads a `#` right behind the host as part of it, and refuses that.
    let authority = &rest[..rest.find(['/', '?']).unwrap_or(rest.len())];
    match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    }
}

fn is_host(host: &str) -> bool {
    let inner = |c: char| c.is_alphanumeric() || c == '-';
    host.split('.').all(|part| {
        part.chars().all(inner)
            && !part.is_empty()
            && !part.starts_with('-')
            && !part.ends_with('-')
    })
}

/// Whether every `%` is followed by two hexadecimal digits, as Go's URL parser demands.
fn escapes_are_whole(text: &str) -> bool {
    text.split('%')
        .skip(1)
        .all(|after| after.len() >= 2 && after.as_bytes()[..2].iter().all(u8::is_ascii_hexdigit))
}

#[cfg(test)]
mod tests {
    use super::{is_email, is_icon, is_source, is_web};

    #[test]
    fn tells_email_addresses() {
        for good in ["a@b.cn", "a.b+c@d-e.com", "张三@例子.中国", "o'x@C.DE"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "@",
            "a@b",
            "a..b@c.de",
            ".a@c.de",
            "a b@c.de",
            "a@1.2.3.4",
            "a@b.c1",
            "a@-b.de",
            "a@@b.de",
            "a@b.de\n",
            "a@.de",
            "a@b.",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn tells_web_addresses() {
        for good in [
            "https://a.cn",
            "http://localhost:8080/x?y=%20#z",
            "http://1.2.3.4/x",
            "https://xn--a.cn/活",
        ] {
            assert!(is_web(good), "{good}");
        }
        for bad in [
            "",
            "a.cn",
            "https://",
            "https://a..b",
            "https://-a.cn",
            "https://a.cn/b c",
            "https://a.cn/%zz",
            "https://a.cn/%",
            "https://a.cn:99999",
            "ftp://a.cn",
            "javascript:alert(1)",
            "https://a.1",
            "https://a.cn:x",
            "https://活字格.com",
            "https://a.b1",
            "https://a.cn#x",
            "https://x.example.cn",
        ] {
            assert!(!is_web(bad), "{bad}");
        }
    }

    #[test]
    fn tells_sources_and_icons() {
        for good in ["oci://x/y", "git+ssh://x/y", "https://a.cn"] {
            assert!(is_source(good) && is_icon(good), "{good}");
        }
        for bad in ["", "x", "://x", "1a://x", "data:image/png;base64,AA==", "a b://x", "x:///y"] {
            assert!(!is_source(bad), "{bad}");
        }
        assert!(is_icon("data:image/png;base64,AA=="));
        assert!(!is_icon("data:"));
        assert!(!is_icon("data:a, b"));
    }
}
