//! Where the archives of an index lie: an address and a path behind it, joined as Helm joins them (`urlutil.URLJoin`).

use crate::error::Problem;
use crate::percent::{decode, encode};

/// What Go's `URL.String` leaves as it is in a path, beside letters and digits.
const PLAIN: &[u8] = b"-_.~$&+,/:;=@";

/// The address of the folder that an index lists; that of the index itself by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// `https://charts.example.com`; empty for an address that is a path alone.
    origin: String,
    /// The path, decoded.
    path: String,
    /// `?query`, with its sign.
    query: String,
}

impl Address {
    /// Reads an address: `https://charts.example.com/stable`, or a path, which is meant from where the index lies.
    ///
    /// # Errors
    /// When it is empty or names no host, when it holds blanks or control characters, an escape that is none, or a password, which everybody could read in the index.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let refuse = |what: &str, help: &str| Err(Problem::new(what).path("--url").help(help));
        if text.is_empty() {
            let help = "leave `--url` out where archives lie beside their index";
            return refuse("the address is empty", help);
        }
        if text.contains(|c: char| c.is_control() || c == ' ' || c == '#') {
            let help = "write it as a browser shows it: `https://charts.example.com/stable`";
            return refuse("an address has no blanks, control characters or `#`", help);
        }
        let (rest, query) = text.split_at(text.find('?').unwrap_or(text.len()));
        let (origin, path) = match rest.find("://") {
            None => ("", rest),
            Some(scheme) => {
                let start = scheme + "://".len();
                rest.split_at(rest[start..].find('/').map_or(rest.len(), |at| start + at))
            }
        };
        if origin.ends_with("://") {
            let help = "write it as a browser shows it: `https://charts.example.com/stable`";
            return refuse("the address names no host", help);
        }
        if origin.contains('@') {
            let help = "leave the user and the password out, and give them to `helm repo add --username --password-stdin`";
            return refuse(
                "the address holds a user or a password, which everybody could read in the index",
                help,
            );
        }
        let Some(path) = decode(path) else {
            return refuse(
                "a `%` in the address begins no escape such as `%20`",
                "write `%25` for the sign itself",
            );
        };
        Ok(Self { origin: origin.to_owned(), path, query: query.to_owned() })
    }

    /// The address of what lies behind this one.
    pub fn join(&self, path: &str) -> String {
        let path = match self.path.as_str() {
            "" => clean(path),
            above => clean(&format!("{above}/{path}")),
        };
        let between = match self.origin.is_empty() {
            // What stands before a colon would be a scheme.
            true if path.split('/').next().is_some_and(|first| first.contains(':')) => "./",
            false if !path.starts_with('/') => "/",
            _ => "",
        };
        format!("{}{between}{}{}", self.origin, encode(&path, PLAIN), self.query)
    }
}

/// A path without `.`, `..` and doubled slashes, as Go's `path.Join` leaves it.
fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            ".." if rooted => {}
            part => parts.push(part),
        }
    }
    format!("{}{}", if rooted { "/" } else { "" }, parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::Address;

    fn join(base: &str, path: &str) -> String {
        Address::parse(base).unwrap().join(path)
    }

    /// Each was tried with Helm 3.17.3 and 4.1.4.
    #[test]
    fn joins_as_helm_does() {
        for (base, path, joined) in [
            ("https://x.y", "a.tgz", "https://x.y/a.tgz"),
            ("https://x.y/", "a.tgz", "https://x.y/a.tgz"),
            ("https://x.y:8/b//c/", "d/a+1.tgz", "https://x.y:8/b/c/d/a+1.tgz"),
            ("https://x.y/a%20b/../c%20d?q=1", "a.tgz", "https://x.y/c%20d/a.tgz?q=1"),
            ("https://x.y/../..", "a.tgz", "https://x.y/a.tgz"),
            ("https://x.y/活", "a(1).tgz", "https://x.y/%E6%B4%BB/a%281%29.tgz"),
            ("charts", "a.tgz", "charts/a.tgz"),
            ("c:d", "a.tgz", "./c:d/a.tgz"),
            ("c/d:e", "a.tgz", "c/d:e/a.tgz"),
            ("/charts", "a.tgz", "/charts/a.tgz"),
            ("../charts", "a.tgz", "../charts/a.tgz"),
            ("oci://x.y/b", "a.tgz", "oci://x.y/b/a.tgz"),
        ] {
            assert_eq!(join(base, path), joined, "{base}");
        }
    }

    /// As Helm does in folders below the index. Beside it Helm leaves names as they are, which it cannot pull then.
    #[test]
    fn escapes_what_lies_beside_the_index() {
        for (path, joined) in [
            ("a-1.0.0+2.tgz", "a-1.0.0+2.tgz"),
            ("rel#1/a.tgz", "rel%231/a.tgz"),
            ("a b/c%20d.tgz", "a%20b/c%2520d.tgz"),
            ("c:d/a.tgz", "./c:d/a.tgz"),
            ("r?1.tgz", "r%3F1.tgz"),
            ("x:y.tgz", "./x:y.tgz"),
        ] {
            assert_eq!(Address::default().join(path), joined);
        }
    }

    #[test]
    fn refuses_what_is_no_address_or_tells_a_password() {
        for text in [
            "",
            "https://",
            "https:///a",
            "https://x y",
            "https://x/%zz",
            "https://x/%f",
            "https://x\n",
            "https://x#y",
        ] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
        let problem = Address::parse("https://user:hunter2@x.y/z").unwrap_err();
        assert!(!problem.to_string().contains("hunter2"), "{problem}");
    }
}
