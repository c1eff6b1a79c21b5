//! Pushes a packaged chart to an OCI registry as Helm does (`pkg/registry/client.go`), by the
//! [distribution specification](https://github.com/opencontainers/distribution-spec/blob/main/spec.md).
//!
//! ```text
//! archive, provenance ─▶ artifact ─▶ client ─▶ HEAD, POST, PUT of each blob ─▶ PUT of the manifest
//! configuration files ─▶ credentials ──┤ challenge, token, retries
//! environment ─▶ proxies ──────────────┘
//! ```
//!
//! This is the one place that talks to a network.

mod address;
mod artifact;
mod attempts;
mod blobs;
mod challenge;
mod client;
mod credentials;
mod helper;
mod proxy;
mod reference;
mod retry_after;
mod token;
mod transport;

pub use artifact::{Artifact, digest};
pub use credentials::{Configuration, Credentials, Lookup};
pub use helper::ask;
pub use proxy::Proxies;
pub use reference::{Reference, is_component, is_host};
pub use transport::{Setting, Transport};

use crate::error::{Error, Problem};

use self::client::Client;

/// Pushes an artifact and its manifest. What the registry has already is not sent again.
///
/// # Errors
/// [`Error::Registry`] when the registry cannot be reached, or refuses; what was tried more than once says so.
pub fn push(
    artifact: &Artifact,
    reference: &Reference,
    credentials: Option<Credentials>,
    transport: Transport,
) -> Result<(), Error> {
    let mut client = Client::new(transport, reference.clone(), credentials);
    let pushed = artifact
        .blobs()
        .try_for_each(|blob| blobs::push(&mut client, blob))
        .and_then(|()| blobs::push_manifest(&mut client, &artifact.manifest));
    pushed.map_err(|problem: Problem| Error::Registry(problem))
}
