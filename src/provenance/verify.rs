//! Whether a provenance file is of an archive, and who signed it.

use std::io::BufReader;

use pgp::armor::{BlockType, Dearmor};
use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::{
    Packet, PacketParser, Signature, SignatureType, SignatureVersion, SubpacketData,
};

use crate::archive::sha256_hex;
use crate::error::Problem;
use crate::inspect::{Archive, shown};

use super::cleartext::Cleartext;
use super::keyring::Keyring;
use super::message::Message;

/// A chart that is what its provenance file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Who signed it: the names in the key, fit to be shown.
    pub signed_by: Vec<String>,
    /// The fingerprint of the key itself, also where a subkey signed, in upper-case hexadecimal.
    pub fingerprint: String,
    /// The SHA-256 of the archive, in hexadecimal.
    pub sha256: String,
}

/// So many seconds a signature may come from the future: clocks differ.
pub const LEEWAY: u64 = 600;

/// Checks an archive of that file name by the provenance file beside it. `now` is in seconds since 1970.
///
/// # Errors
/// Why the chart is not what a key of the ring signed; the message begins with "it" for the provenance file.
pub fn verify(
    archive: &Archive,
    file_name: &str,
    provenance: &[u8],
    ring: &Keyring,
    now: u64,
) -> Result<Verified, Problem> {
    let Cleartext { text, signature } = Cleartext::parse(provenance)?;
    let signature = read_signature(&signature)?;
    let verified = signer(&signature, &text, ring, now)?;
    let Message { metadata, files } = Message::read(&text)?;
    let sha256 = sha256_hex(&archive.bytes);
    let Some(signed) = files.get(file_name) else {
        let names = files.keys().map(|name| format!("`{}`", shown(name))).collect::<Vec<_>>();
        let problem = Problem::new(format!("it does not sign a file of the name `{file_name}`"));
        return Err(
            problem.help(format!("it signs {}: give the archive that name", names.join(", ")))
        );
    };
    if *signed != format!("sha256:{sha256}") {
        let signed = shown(signed);
        let problem =
            Problem::new(format!("it signs {signed}, and the archive has sha256:{sha256}"));
        return Err(problem.help("the archive was changed since it was signed, or is another build: get both files again"));
    }
    if metadata != archive.metadata {
        let problem = Problem::new("it signs another Chart.yaml than the archive has");
        return Err(problem.help(
            "the archive and its sum are right, but what the signed text says of the chart is not",
        ));
    }
    Ok(Verified { sha256, ..verified })
}

/// The one signature of an armored block.
///
/// # Errors
/// When it holds anything else.
pub(super) fn read_signature(armored: &str) -> Result<Signature, Problem> {
    let broken = || Problem::new("its signature cannot be read");
    let mut block = Dearmor::new(armored.as_bytes());
    block.read_header().map_err(|_| broken())?;
    if block.typ != Some(BlockType::Signature) {
        return Err(broken());
    }
    let mut packets = PacketParser::new(BufReader::new(block));
    match (packets.next(), packets.next()) {
        (Some(Ok(Packet::Signature(signature))), None) => Ok(signature),
        (Some(Ok(Packet::Signature(_))), Some(Ok(Packet::Signature(_)))) => {
            Err(Problem::new("it has two signatures, and one is enough"))
        }
        _ => Err(broken()),
    }
}

/// Who of the ring made a signature of the text, if the signature and its key are good now.
fn signer(
    signature: &Signature,
    text: &str,
    ring: &Keyring,
    now: u64,
) -> Result<Verified, Problem> {
    check(signature, now)?;
    let mut named = None;
    for key in ring.keys() {
        for part in key.parts().filter(|part| part.is_named_by(signature)) {
            if !part.signed(signature, text) {
                named = named.or(Some(key));
                continue;
            }
            let name = key.name(now);
            if let Err(fault) = key.check(part, now) {
                let problem = Problem::new(format!("the key `{name}`, which signed it, {fault}"));
                return Err(
                    problem.help("if the key was renewed, export it into the keyring again")
                );
            }
            if signature.created().is_none_or(|made| u64::from(made.as_secs()) < part.created()) {
                return Err(Problem::new(format!(
                    "it is older than the key `{name}`, which signed it"
                )));
            }
            let signed_by = key.user_ids(now).iter().map(|name| shown(name)).collect();
            let fingerprint = key.fingerprint();
            return Ok(Verified { signed_by, fingerprint, sha256: String::new() });
        }
    }
    Err(match named {
        Some(key) => {
            let name = key.name(now);
            Problem::new(format!("its signature is not that of the key `{name}`, which it names"))
                .help("the signed text was changed, or the signature was: get both files again")
        }
        None => {
            let fingerprint = signature.issuer_fingerprint().first().map(|id| id.to_string());
            let id = signature.issuer_key_id().first().map(|id| id.to_string());
            let which = fingerprint
                .or(id)
                .map_or_else(String::new, |id| format!(", {}", id.to_uppercase()));
            Problem::new(format!("the keyring does not have the key that signed it{which}"))
                .help("`--keyring FILE` names the keys that you trust; `gpg --export` writes one")
        }
    })
}

/// What must be true of a signature whoever made it.
///
/// # Errors
/// What is not.
pub(super) fn check(signature: &Signature, now: u64) -> Result<(), Problem> {
    let is_of_text = matches!(signature.typ(), Some(SignatureType::Text | SignatureType::Binary));
    let Some(config) = signature.config() else {
        return Err(Problem::new("its signature is of a form that is not known"));
    };
    // What a signature says that must be understood, and is not, may turn its meaning.
    let is_understood = config.hashed_subpackets().all(|packet| {
        !packet.is_critical
            || !matches!(
                packet.data,
                SubpacketData::Notation(_)
                    | SubpacketData::Experimental(..)
                    | SubpacketData::Other(..)
            )
    });
    if !is_of_text || !is_understood || config.version() != SignatureVersion::V4 {
        return Err(Problem::new("its signature is of a form that is not known"));
    }
    let strong = [
        HashAlgorithm::Sha256,
        HashAlgorithm::Sha384,
        HashAlgorithm::Sha512,
        HashAlgorithm::Sha3_256,
        HashAlgorithm::Sha3_512,
    ];
    if !strong.contains(&config.hash_alg) {
        return Err(Problem::new(format!(
            "its signature is made with the weak hash {}",
            config.hash_alg
        )));
    }
    let made = signature.created().map_or(0, |time| u64::from(time.as_secs()));
    let lasts = signature.signature_expiration_time().map_or(0, |time| u64::from(time.as_secs()));
    if made > now + LEEWAY {
        let problem = Problem::new("its signature is from the future");
        return Err(problem.help("set this machine's clock"));
    }
    if lasts > 0 && made + lasts <= now {
        return Err(Problem::new("its signature has expired"));
    }
    Ok(())
}
