//! Who we are to a registry, by the configuration files of Helm and Docker (one form: `auths`, `credsStore`, `credHelpers`).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;

use crate::error::Problem;

/// What a registry is told. It has no `Debug`, so that it cannot be printed by accident.
pub enum Credentials {
    /// A user with a password.
    Password(String, String),
    /// A token that is changed for another one (`identitytoken`).
    Identity(String),
    /// A token as the registry itself takes it (`registrytoken`).
    Token(String),
}

impl Credentials {
    /// The `Authorization` of the scheme Basic.
    pub(super) fn basic(&self) -> Option<String> {
        match self {
            Self::Password(user, password) => Some(format!("Basic {}", pair(user, password))),
            Self::Identity(_) | Self::Token(_) => None,
        }
    }

    /// What they are called in messages.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Password(user, _) => {
                format!("the user `{}` or its password", user.escape_debug())
            }
            Self::Identity(_) | Self::Token(_) => {
                "the token that was stored by the last login".to_owned()
            }
        }
    }

    /// What must never be shown.
    pub(super) fn secrets(&self) -> Vec<String> {
        match self {
            Self::Password(user, password) => vec![pair(user, password), password.clone()],
            Self::Identity(token) | Self::Token(token) => vec![token.clone()],
        }
    }
}

fn pair(user: &str, password: &str) -> String {
    STANDARD.encode(format!("{user}:{password}"))
}

/// A configuration file.
pub struct Configuration(Json);

/// What a configuration file says of a registry.
pub enum Lookup {
    /// A program knows, `docker-credential-NAME`, asked for this address.
    Helper(String, String),
    /// The file itself does.
    Stored(Credentials),
}

impl Configuration {
    /// Reads the file called `name`. An empty one says nothing, as for Helm.
    ///
    /// # Errors
    /// When it is no JSON; nothing of it is shown.
    pub fn parse(bytes: &[u8], name: &str) -> Result<Self, Problem> {
        if bytes.trim_ascii().is_empty() {
            return Ok(Self(Json::Null));
        }
        serde_json::from_slice(bytes).map(Self).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            Problem::new(format!("`{name}` is no JSON from line {line}, column {column} on")).help(
                "`helm registry login` and `docker login` write such files; mend it or delete it",
            )
        })
    }

    /// What is said of a registry: first what is to be asked first.
    pub fn find(&self, host: &str) -> Vec<Lookup> {
        let address = server(host);
        let helper =
            self.0["credHelpers"][host].as_str().or(self.0["credHelpers"][address].as_str());
        let helper = helper.or(self.0["credsStore"].as_str()).filter(|name| !name.is_empty());
        let helper = helper.map(|name| Lookup::Helper(name.to_owned(), address.to_owned()));
        helper.into_iter().chain(self.stored(host).map(Lookup::Stored)).collect()
    }

    fn stored(&self, host: &str) -> Option<Credentials> {
        let auths = self.0["auths"].as_object()?;
        let address = server(host);
        let exact = auths.get(address).or_else(|| auths.get(host));
        let entry = exact.or_else(|| {
            auths.iter().find(|(key, _)| host_of(key) == host_of(address)).map(|(_, entry)| entry)
        })?;
        let text = |key: &str| entry[key].as_str().filter(|text| !text.is_empty());
        if let Some(token) = text("identitytoken") {
            return Some(Credentials::Identity(token.to_owned()));
        }
        if let Some(token) = text("registrytoken") {
            return Some(Credentials::Token(token.to_owned()));
        }
        if let Some(auth) = text("auth") {
            let decoded = String::from_utf8(STANDARD.decode(auth.trim()).ok()?).ok()?;
            let (user, password) = decoded.split_once(':')?;
            let password = password.trim_end_matches('\0').to_owned();
            return Some(Credentials::Password(user.to_owned(), password));
        }
        Some(Credentials::Password(text("username")?.to_owned(), text("password")?.to_owned()))
    }
}

/// The address by which a registry is stored: Docker Hub has one of its own.
fn server(host: &str) -> &str {
    match host {
        "docker.io" | "index.docker.io" | "registry-1.docker.io" => "https://index.docker.io/v1/",
        host => host,
    }
}

/// The host of a key, which may be written as an address.
fn host_of(key: &str) -> &str {
    let rest = key.strip_prefix("https://").or_else(|| key.strip_prefix("http://")).unwrap_or(key);
    rest.split('/').next().unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::{Configuration, Credentials, Lookup};

    fn find(config: Json, host: &str) -> Vec<String> {
        let told = |lookup: Lookup| match lookup {
            Lookup::Helper(name, address) => format!("helper {name} {address}"),
            Lookup::Stored(Credentials::Password(user, password)) => format!("{user}/{password}"),
            Lookup::Stored(Credentials::Identity(token)) => format!("identity {token}"),
            Lookup::Stored(Credentials::Token(token)) => format!("token {token}"),
        };
        Configuration(config).find(host).into_iter().map(told).collect()
    }

    #[test]
    fn finds_a_user_by_the_host_however_it_is_written() {
        // `u:p:q`
        let auth = json!({ "auth": "dTpwOnE=" });
        for key in ["h:5000", "https://h:5000", "https://h:5000/v2/", "http://h:5000"] {
            assert_eq!(find(json!({ "auths": { key: auth } }), "h:5000"), ["u/p:q"], "{key}");
            assert!(find(json!({ "auths": { key: auth } }), "h").is_empty(), "{key}");
        }
        let hub = json!({ "auths": { "https://index.docker.io/v1/": auth } });
        assert_eq!(find(hub, "docker.io"), ["u/p:q"]);
        let both = json!({ "auths": { "h/a": auth, "h": { "username": "x", "password": "y" } } });
        assert_eq!(find(both, "h"), ["x/y"]);
    }

    #[test]
    fn asks_the_helper_before_the_file() {
        let config = json!({
            "auths": { "h": { "identitytoken": "t", "auth": "dTpw" }, "r": { "registrytoken": "t" } },
            "credsStore": "desktop",
            "credHelpers": { "h": "ecr-login" },
        });
        assert_eq!(find(config.clone(), "h"), ["helper ecr-login h", "identity t"]);
        assert_eq!(find(config.clone(), "r"), ["helper desktop r", "token t"]);
        assert_eq!(find(config, "docker.io"), ["helper desktop https://index.docker.io/v1/"]);
    }

    #[test]
    fn takes_nothing_from_what_is_no_login() {
        for config in [
            json!(null),
            json!([]),
            json!({ "auths": [] }),
            json!({ "auths": { "h": {} } }),
            json!({ "auths": { "h": { "auth": "%" } } }),
            json!({ "auths": { "h": { "auth": "dQ==" } } }),
            json!({ "auths": { "h": null }, "credsStore": 1 }),
        ] {
            assert!(find(config.clone(), "h").is_empty(), "{config}");
        }
    }

    #[test]
    fn takes_an_empty_file() {
        for empty in ["", " \n"] {
            let Ok(configuration) = Configuration::parse(empty.as_bytes(), "config.json") else {
                panic!("it says nothing")
            };
            assert!(configuration.find("h").is_empty());
        }
    }

    #[test]
    fn shows_nothing_of_a_broken_file() {
        let text = r#"{"auths": {"h": {"auth": hunter2"#;
        let Err(problem) = Configuration::parse(text.as_bytes(), "config.json") else {
            panic!("it is no JSON")
        };
        assert!(!problem.to_string().contains("hunter2"), "{problem}");
    }
}
