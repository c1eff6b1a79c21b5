//! Tokens: a registry names who gives them, and that one asks who we are
//! ([token authentication](https://distribution.github.io/distribution/spec/auth/token/)).

use serde_json::Value as Json;

use crate::error::Problem;
use crate::percent::encode;

use super::attempts::Failure;
use super::client::Client;
use super::credentials::Credentials;

/// Gets a token to push to the client's repository.
///
/// # Errors
/// When no token is given, or the address for it is not a safe one.
pub fn fetch(client: &Client, realm: &str, service: Option<&str>) -> Result<String, Failure> {
    if let Some(Credentials::Token(token)) = client.credentials() {
        return Ok(token.clone());
    }
    if !client.is_safe(realm) {
        let message = format!("the registry {} wants its login sent without TLS", client.host());
        return Err(Failure::Final(
            Problem::new(message)
                .help("the registry's configuration must name an `https://` address"),
        ));
    }
    let scope = format!("repository:{}:pull,push", client.reference().repository);
    let mut fields = vec![("scope", scope.as_str())];
    fields.extend(service.map(|service| ("service", service)));
    let reply = match client.credentials() {
        Some(Credentials::Identity(identity)) => {
            fields.extend([
                ("grant_type", "refresh_token"),
                ("client_id", "hzgchart"),
                ("refresh_token", identity),
            ]);
            let form = form(&fields);
            let body = ("application/x-www-form-urlencoded", form.as_bytes());
            client.ask("POST", realm, Some(body), None)?
        }
        credentials => {
            let sign = if realm.contains('?') { '&' } else { '?' };
            let url = format!("{realm}{sign}{}", form(&fields));
            let basic = credentials.and_then(Credentials::basic);
            client.ask("GET", &url, None, basic.as_deref())?
        }
    };
    match reply.status {
        200 => {}
        400 | 401 | 403 => return Err(client.not_let_in()),
        _ => return Err(client.refused(&reply, "gives no token")),
    }
    let json: Json = serde_json::from_slice(&reply.body).unwrap_or_default();
    let token = json["token"].as_str().or(json["access_token"].as_str());
    let token =
        token.filter(|token| !token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic()));
    token.map(str::to_owned).ok_or_else(|| {
        let message = format!("the registry {} gives no token that there can be", client.host());
        Failure::Final(
            Problem::new(message).help("is there a registry at this address, and not a web page?"),
        )
    })
}

/// What RFC 3986 calls unreserved, beside letters and digits.
const UNRESERVED: &[u8] = b"-_.~";

/// Fields as a query, or as the body of a form.
fn form(fields: &[(&str, &str)]) -> String {
    let pairs: Vec<String> =
        fields.iter().map(|(key, value)| format!("{key}={}", encode(value, UNRESERVED))).collect();
    pairs.join("&")
}

#[cfg(test)]
mod tests {
    use super::form;

    #[test]
    fn escapes_what_means_something_in_a_query() {
        let fields = [("scope", "repository:a/b:pull,push"), ("x", "&=+ 活")];
        assert_eq!(form(&fields), "scope=repository%3Aa%2Fb%3Apull%2Cpush&x=%26%3D%2B%20%E6%B4%BB");
    }
}
