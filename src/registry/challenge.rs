//! How a registry wants to be asked: the `WWW-Authenticate` of its 401 (RFC 9110, section 11).

/// A way to authenticate that is known here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Challenge {
    /// User and password with every request.
    Basic,
    /// A token from another address.
    Bearer {
        /// Where tokens are given.
        realm: String,
        /// For whom; some registries name none.
        service: Option<String>,
    },
}

impl Challenge {
    /// Reads one header; `None` for a scheme that is not known, or a realm that is missing.
    pub fn parse(header: &str) -> Option<Self> {
        let (scheme, rest) = header.trim().split_once(' ').unwrap_or((header.trim(), ""));
        if scheme.eq_ignore_ascii_case("basic") {
            return Some(Self::Basic);
        }
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let (mut realm, mut service) = (None, None);
        for (key, value) in parameters(rest) {
            match key.to_ascii_lowercase().as_str() {
                "realm" => realm = Some(value),
                "service" => service = Some(value),
                _ => {}
            }
        }
        Some(Self::Bearer { realm: realm?, service })
    }
}

/// `key="value", key=value`.
fn parameters(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((key, after)) = rest.split_once('=') {
        let key = key.trim_start_matches([',', ' ', '\t']).trim_end().to_owned();
        let after = after.trim_start();
        let mut value = String::new();
        let mut chars = after.char_indices();
        let quoted = after.starts_with('"');
        if quoted {
            chars.next();
        }
        let mut end = after.len();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' if quoted => {
                    end = at + 1;
                    break;
                }
                '\\' if quoted => value.extend(chars.next().map(|(_, c)| c)),
                ',' if !quoted => {
                    end = at;
                    break;
                }
                c => value.push(c),
            }
        }
        found.push((key, if quoted { value } else { value.trim_end().to_owned() }));
        rest = &after[end..];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::Challenge;

    fn bearer(realm: &str, service: Option<&str>) -> Option<Challenge> {
        Some(Challenge::Bearer { realm: realm.to_owned(), service: service.map(str::to_owned) })
    }

    #[test]
    fn reads_what_registries_send() {
        let parse = Challenge::parse;
        assert_eq!(parse("Basic realm=\"x\""), Some(Challenge::Basic));
        assert_eq!(parse("basic"), Some(Challenge::Basic));
        assert_eq!(
            parse(
                r#"Bearer realm="https://auth.example.com/token?a=b,c",service="registry",scope="repository:a:pull,push""#
            ),
            bearer("https://auth.example.com/token?a=b,c", Some("registry"))
        );
        assert_eq!(parse("bearer  Realm=https://x , service = y"), bearer("https://x", Some("y")));
        assert_eq!(parse(r#"Bearer realm="a\"b""#), bearer("a\"b", None));
        assert_eq!(parse("Bearer realm=\"open"), bearer("open", None));
        for header in ["", "Bearer", "Bearer service=x", "Negotiate x", "Bearer =", "Bearer ,,,"] {
            assert_eq!(parse(header), None, "{header}");
        }
    }
}
