//! Who packaged a chart: Helm's provenance files (`CHART.tgz.prov`), written and checked
//! (<https://helm.sh/docs/topics/provenance/>, OpenPGP's cleartext signatures in [RFC 9580](https://www.rfc-editor.org/rfc/rfc9580.html)).
//!
//! ```text
//! keyring ── key ──┬─ sign:   Chart.yaml, sha256 ─▶ message ─▶ cleartext ─▶ .prov
//!                  └─ verify: .prov ─▶ cleartext ─▶ signature ─▶ message ─▶ is it this archive?
//! ```
//!
//! The cryptography and the packets are rPGP's. What a key may do (is it revoked, expired, for signing, its own?) is asked here:
//! rPGP leaves that to its callers.

mod choose;
mod cleartext;
mod key;
mod keyring;
mod message;
mod sign;
mod verify;

#[cfg(test)]
#[path = "../../tests/harness/openpgp.rs"]
#[allow(dead_code)]
mod test_keys;
#[cfg(test)]
mod tests;

pub use choose::choose;
pub use keyring::Keyring;
pub use message::Message;
pub use sign::Signer;
pub use verify::{LEEWAY, Verified, verify};

use std::path::{Path, PathBuf};

/// No provenance file is larger, in bytes: it holds Chart.yaml and a signature.
pub const MAX_SIZE: usize = 1 << 20;

/// Where the provenance file of an archive is: beside it, `.prov` after its name.
pub fn path_of(archive: &Path) -> PathBuf {
    let mut name = archive.as_os_str().to_owned();
    name.push(".prov");
    name.into()
}
