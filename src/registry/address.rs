//! Addresses by [RFC 3986](https://www.rfc-editor.org/rfc/rfc3986): who is asked there, and where one leads that stands in an answer.

use ureq::http::Uri;

/// Who is asked at an address, however that is written: `HTTPS://Example.com/a` and `https://example.com:443/b` are of one origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// In lower case.
    pub scheme: String,
    /// In lower case, an IPv6 address in brackets.
    pub host: String,
    /// That of the scheme, where none is written.
    pub port: Option<u16>,
}

impl Origin {
    /// The origin of an address; `None` for what cannot be asked.
    pub fn of(url: &str) -> Option<Self> {
        let uri: Uri = url.parse().ok()?;
        let scheme = uri.scheme_str()?.to_ascii_lowercase();
        let port = uri.port_u16().or(match scheme.as_str() {
            "http" => Some(80),
            "https" => Some(443),
            _ => None,
        });
        Some(Self { scheme, host: uri.host()?.to_ascii_lowercase(), port })
    }
}

/// Where a reference leads that stands in the answer of `base`, an address with a path and no query (section 5.2.2).
pub fn resolve(base: &str, reference: &str) -> String {
    let reference = reference.split('#').next().unwrap_or_default();
    if let Some((scheme, rest)) = reference.split_once(':').filter(|(scheme, _)| is_scheme(scheme))
    {
        return format!("{}:{rest}", scheme.to_ascii_lowercase());
    }
    let (scheme, rest) = base.split_once("://").unwrap_or(("https", base));
    if reference.starts_with("//") {
        return format!("{scheme}:{reference}");
    }
    let (host, folder) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    if reference.is_empty() || reference.starts_with('?') {
        return format!("{base}{reference}");
    }
    let path = match reference.starts_with('/') {
        true => reference.to_owned(),
        false => format!("{}/{reference}", folder.rsplit_once('/').unwrap_or_default().0),
    };
    format!("{scheme}://{host}{}", without_dots(&path))
}

/// A letter, then letters, digits and `+-.` (section 3.1).
fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

/// A path, perhaps with a query, without `.` and `..` (section 5.2.4).
fn without_dots(path: &str) -> String {
    let (path, query) = path.split_at(path.find('?').unwrap_or(path.len()));
    let mut segments = Vec::new();
    for segment in path.split('/').skip(1) {
        match segment {
            "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    if path.ends_with("/.") || path.ends_with("/..") {
        segments.push("");
    }
    format!("/{}{query}", segments.join("/"))
}

#[cfg(test)]
mod tests {
    use super::{Origin, resolve};

    #[test]
    fn knows_an_origin_however_it_is_written() {
        let same = |a: &str, b: &str| Origin::of(a).is_some() && Origin::of(a) == Origin::of(b);
        for (a, b) in [
            ("https://r.example.com/v2/", "https://R.Example.COM:443/upload?x=1"),
            ("http://r.example.com", "HTTP://r.example.com:80/"),
            ("https://r.example.com:5000/", "https://r.example.com:5000/a"),
            ("https://[FD00::5]/", "https://[fd00::5]:443/"),
        ] {
            assert!(same(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("https://r.example.com/", "http://r.example.com/"),
            ("https://r.example.com/", "https://r.example.com:444/"),
            ("https://r.example.com/", "https://r.example.com.evil.example/"),
            ("https://r.example.com/", "https://r.example.com@evil.example/"),
            ("https://r.example.com/", "/"),
        ] {
            assert!(!same(a, b), "{a} {b}");
        }
        for bad in ["", "/a", "https://", "https:///a", "a b", "mailto:a@example.com"] {
            assert_eq!(Origin::of(bad), None, "{bad}");
        }
    }

    /// Some of the examples of section 5.4, for a base without a query.
    #[test]
    fn resolves_references() {
        for (reference, whole) in [
            ("g:h", "g:h"),
            ("HTTPS://Other/x", "https://Other/x"),
            ("g", "http://a:1/b/c/g"),
            ("./g", "http://a:1/b/c/g"),
            ("g/", "http://a:1/b/c/g/"),
            ("/g", "http://a:1/g"),
            ("//g/x", "http://g/x"),
            ("?y", "http://a:1/b/c/?y"),
            ("g?y=a/../:b", "http://a:1/b/c/g?y=a/../:b"),
            ("g?y#s", "http://a:1/b/c/g?y"),
            ("", "http://a:1/b/c/"),
            (".", "http://a:1/b/c/"),
            ("..", "http://a:1/b/"),
            ("../g", "http://a:1/b/g"),
            ("../../../g", "http://a:1/g"),
            ("./g/.", "http://a:1/b/c/g/"),
            ("g/../h", "http://a:1/b/c/h"),
            ("..g", "http://a:1/b/c/..g"),
        ] {
            assert_eq!(resolve("http://a:1/b/c/", reference), whole, "{reference}");
        }
    }
}
