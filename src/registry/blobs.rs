//! What is pushed, piece by piece: whether the registry has it, and if not, an upload in one go.

use std::thread::sleep;

use crate::error::Problem;

use super::address::resolve;
use super::artifact::{MANIFEST, digest};
use super::attempts::{Failure, attempt};
use super::client::{Client, Reply};

/// Pushes a blob unless it is there. A failed upload begins anew, since the registry may have forgotten it.
///
/// # Errors
/// When the registry cannot be reached, or refuses.
pub fn push(client: &mut Client, blob: &[u8]) -> Result<(), Problem> {
    let digest = digest(blob);
    attempt(
        || match is_there(client, &digest)? {
            true => Ok(()),
            false => upload(client, blob, &digest),
        },
        sleep,
    )
}

/// Pushes the manifest under the tag.
///
/// # Errors
/// As [`push`]; and when the registry has stored something else.
pub fn push_manifest(client: &mut Client, manifest: &[u8]) -> Result<(), Problem> {
    let url = client.url(&format!("manifests/{}", client.reference().tag));
    let digest = digest(manifest);
    attempt(
        || {
            let reply = client.send("PUT", &url, Some((MANIFEST, manifest)))?;
            if reply.status != 201 {
                return Err(client.refused(&reply, "takes no manifest"));
            }
            match reply.header("docker-content-digest") {
                Some(stored) if stored != digest => Err(Failure::Final(
                    Problem::new(format!(
                        "the registry {} stored another manifest than was pushed",
                        client.host()
                    ))
                    .help("something between here and the registry changes what is sent"),
                )),
                _ => Ok(()),
            }
        },
        sleep,
    )
}

fn is_there(client: &mut Client, digest: &str) -> Result<bool, Failure> {
    let url = client.url(&format!("blobs/{digest}"));
    let reply = client.send("HEAD", &url, None)?;
    match reply.status {
        // Some registries point to where they store it.
        200..=399 => Ok(true),
        404 => Ok(false),
        _ => Err(client.refused(&reply, "does not answer whether it has a part of the chart")),
    }
}

fn upload(client: &mut Client, blob: &[u8], digest: &str) -> Result<(), Failure> {
    let begin = client.url("blobs/uploads/");
    let reply = client.send("POST", &begin, Some(("application/octet-stream", b"")))?;
    if reply.status != 202 {
        return Err(client.refused(&reply, "takes no upload"));
    }
    let place = location(client, &begin, &reply)?;
    let sign = if place.contains('?') { '&' } else { '?' };
    let url = format!("{place}{sign}digest={}", digest.replace(':', "%3A"));
    let reply = client.send("PUT", &url, Some(("application/octet-stream", blob)))?;
    match reply.status {
        201 => Ok(()),
        // The upload was forgotten: a new one may pass.
        404 => Err(Failure::Passing(
            Problem::new(format!("the registry {} has lost the upload", client.host()))
                .help("several registries behind one address must share their storage"),
            None,
        )),
        _ => Err(client.refused(&reply, "does not finish the upload")),
    }
}

/// Where an upload goes on. A registry behind a proxy may not know that it is reached by HTTPS.
fn location(client: &Client, begin: &str, reply: &Reply) -> Result<String, Failure> {
    let to = reply.header("location").filter(|to| !to.is_empty());
    let to = to.map(|to| resolve(begin, to)).and_then(|to| {
        let secure = to.strip_prefix("http://").map(|rest| format!("https://{rest}"));
        secure.filter(|secure| client.is_ours(secure)).or(Some(to))
    });
    to.filter(|to| client.is_safe(to)).ok_or_else(|| {
        let message = format!("the registry {} does not say where an upload goes", client.host());
        let help = format!("is there a registry at {begin}, and not a web page?");
        Failure::Final(Problem::new(message).help(help))
    })
}
