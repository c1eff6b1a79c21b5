//! Programs that keep logins, `docker-credential-NAME`
//! ([protocol](https://github.com/docker/docker-credential-helpers#development)).

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value as Json;

use crate::error::{Error, Problem};

use super::credentials::Credentials;

/// The user of a token, as helpers name it.
const TOKEN: &str = "<token>";

/// Asks a helper for the login at an address; `None` when it has none. What it prints is never shown.
///
/// # Errors
/// [`Error::Registry`] when it is not there, or fails.
pub fn ask(name: &str, address: &str) -> Result<Option<Credentials>, Error> {
    let program = format!("docker-credential-{name}");
    let fail = |what: &str| {
        let help = format!(
            "try it: `echo {address} | {program} get`; or log in with `helm registry login`"
        );
        Error::Registry(
            Problem::new(format!("the program `{}` {what}", program.escape_debug())).help(help),
        )
    };
    if !name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) {
        return Err(fail("has a name that no such program has"));
    }
    let child = Command::new(&program)
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut child = child.map_err(|error| fail(&format!("cannot be run: {error}")))?;
    if let Some(mut input) = child.stdin.take() {
        // A helper that does not read fails on its own.
        let _ = input.write_all(address.as_bytes());
    }
    let output =
        child.wait_with_output().map_err(|error| fail(&format!("cannot be run: {error}")))?;
    if !output.status.success() {
        let told = String::from_utf8_lossy(&output.stdout);
        return match told.contains("credentials not found") {
            true => Ok(None),
            false => Err(fail(&format!("gives no login ({})", output.status))),
        };
    }
    let json: Json = serde_json::from_slice(&output.stdout).unwrap_or_default();
    match (json["Username"].as_str(), json["Secret"].as_str()) {
        (_, None | Some("")) => Ok(None),
        (Some(TOKEN), Some(secret)) => Ok(Some(Credentials::Identity(secret.to_owned()))),
        (user, Some(secret)) => {
            Ok(Some(Credentials::Password(user.unwrap_or_default().to_owned(), secret.to_owned())))
        }
    }
}
