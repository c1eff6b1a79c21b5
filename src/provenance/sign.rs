//! Signs a chart with a key of a keyring, the way `helm package --sign` does.

use std::fmt;

use pgp::composed::{ArmorOptions, DetachedSignature};
use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::{
    SecretKey, SecretSubkey, Signature, SignatureConfig, SignatureType, Subpacket, SubpacketData,
};
use pgp::types::{Password, S2kParams, SecretParams, SigningKey, StringToKey, Timestamp};
use zeroize::Zeroizing;

use crate::error::Problem;

use super::cleartext::Cleartext;
use super::key::{Fault, Key, Part};
use super::verify::{check, read_signature};

/// Helm's, in both majors.
const HASH: HashAlgorithm = HashAlgorithm::Sha512;
/// A key that can sign, once it is unlocked.
pub struct Signer<'r> {
    key: &'r Key,
    part: Part<'r>,
    secret: Secret,
    name: String,
}

/// The secret of a [`Part`], overwritten when it is dropped.
enum Secret {
    Primary(SecretKey),
    Subkey(SecretSubkey),
}

impl<'r> Signer<'r> {
    /// The part of a key that signs: the key itself, as with Helm, or else its newest subkey that may.
    ///
    /// # Errors
    /// When none may, or the ring does not have the secret of one that may.
    pub(super) fn new(key: &'r Key, now: u64) -> Result<Self, Problem> {
        let name = key.name(now);
        let mut parts: Vec<Part<'r>> = key.parts().collect();
        parts[1..].sort_by_key(|part| std::cmp::Reverse(part.created()));
        let mut why = Vec::new();
        for part in parts {
            match (key.check(part, now), secret(key, part)) {
                (Ok(()), Some(secret)) => return Ok(Self { key, part, secret, name }),
                (Ok(()), None) => {}
                (Err(fault), _) => why.push(fault),
            }
        }
        // What is wrong with the key tells more than what its parts are for.
        why.sort_by_key(|fault| *fault == Fault::Purpose);
        Err(match why.first() {
            Some(fault) => {
                let problem = Problem::new(format!("the key `{name}` cannot sign: it {fault}"));
                problem.help("choose another with `--key`, or mend it and export it again")
            }
            None => {
                Problem::new(format!("the keyring does not have the secret of the key `{name}`"))
                    .help("export it where it is: `gpg --export-secret-keys`")
            }
        })
    }

    /// Who signs, fit to be shown.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The fingerprint of the key itself, also where a subkey signs, in upper-case hexadecimal.
    pub fn fingerprint(&self) -> String {
        self.key.fingerprint()
    }

    /// Whether a passphrase is needed.
    pub fn is_locked(&self) -> bool {
        self.secret.params().is_encrypted()
    }

    /// Whether Helm 3 can check what this signs.
    pub fn is_for_helm_3(&self) -> bool {
        self.part.is_for_helm_3()
    }

    /// Unlocks the key, if it is locked: for all that it will sign, since a passphrase is made slow to try.
    ///
    /// # Errors
    /// When the passphrase is wrong.
    pub fn unlock(mut self, passphrase: Zeroizing<Vec<u8>>) -> Result<Self, Problem> {
        let password = Password::Static(passphrase);
        let is_locked = self.is_locked();
        let opened = match &mut self.secret {
            _ if !is_locked => Ok(()),
            Secret::Primary(key) => key.remove_password(&password),
            Secret::Subkey(key) => key.remove_password(&password),
        };
        match opened {
            Ok(()) => Ok(self),
            Err(_) => {
                let name = &self.name;
                Err(Problem::new(format!("the passphrase does not open the key `{name}`"))
                    .help("the first line of `--passphrase-file` is the passphrase"))
            }
        }
    }

    /// Signs a text that ends in no line break, at a time in seconds since 1970, and gives the provenance file.
    ///
    /// # Errors
    /// When the key is locked or damaged, or was made later.
    pub fn sign(&self, text: &str, time: u64) -> Result<String, Problem> {
        let name = &self.name;
        let broken = || Problem::new(format!("the key `{name}` does not sign: it is damaged"));
        let signed_at =
            u32::try_from(time).map_err(|_| Problem::new("OpenPGP knows no time after 2106"))?;
        if time < self.part.created() {
            let problem =
                Problem::new(format!("the key `{name}` is younger than the time to sign with"));
            return Err(problem.help("SOURCE_DATE_EPOCH says when; unset it, or set it later"));
        }
        let text = text.replace('\n', "\r\n");
        let signed_at = Timestamp::from_secs(signed_at);
        let signature = match &self.secret {
            Secret::Primary(key) => signature(key, &text, signed_at),
            Secret::Subkey(key) => signature(key, &text, signed_at),
        }
        .map_err(|_| broken())?;
        if !self.part.signed(&signature, &text) {
            return Err(broken());
        }
        let armored = DetachedSignature::new(signature).to_armored_string(ArmorOptions::default());
        Ok(Cleartext::write(
            &text.replace("\r\n", "\n"),
            &HASH.to_string(),
            &armored.map_err(|_| broken())?,
        ))
    }

    /// Whether a provenance file is this key's for the text already: at that time, if one is given, or else at any until now.
    pub fn has_signed(&self, text: &str, provenance: &[u8], time: Option<u64>, now: u64) -> bool {
        let Ok(found) = Cleartext::parse(provenance) else { return false };
        let Ok(signature) = read_signature(&found.signature) else { return false };
        let made = signature.created().map(|made| u64::from(made.as_secs()));
        found.text == text.replace('\n', "\r\n")
            && time.is_none_or(|time| made == Some(time))
            && made.is_some_and(|made| made >= self.part.created())
            && check(&signature, now).is_ok()
            && self.part.is_named_by(&signature)
            && self.part.signed(&signature, &found.text)
    }
}

/// Nothing of the secret.
impl fmt::Debug for Signer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The secret of a part, if it is there: GnuPG writes a stub in place of one that is kept elsewhere.
fn secret(key: &Key, part: Part<'_>) -> Option<Secret> {
    let whole = key.secret()?;
    let secret = match part {
        Part::Primary(_) => Secret::Primary(whole.primary_key.clone()),
        Part::Subkey(subkey) => {
            let is_its = |secret: &&pgp::composed::SignedSecretSubKey| {
                *secret.key.public_key() == subkey.key
            };
            Secret::Subkey(whole.secret_subkeys.iter().find(is_its)?.key.clone())
        }
    };
    let is_stub = match secret.params() {
        SecretParams::Encrypted(params) => matches!(
            params.string_to_key_params(),
            S2kParams::Cfb { s2k: StringToKey::Private { .. }, .. }
                | S2kParams::MalleableCfb { s2k: StringToKey::Private { .. }, .. }
        ),
        SecretParams::Plain(_) => false,
    };
    (!is_stub).then_some(secret)
}

impl Secret {
    fn params(&self) -> &SecretParams {
        match self {
            Self::Primary(key) => key.secret_params(),
            Self::Subkey(key) => key.secret_params(),
        }
    }
}

/// A signature that is the same for the same text, key and time: RSA, EdDSA, and ECDSA on P-256 and P-384 (RFC 6979) draw no numbers.
fn signature(key: &impl SigningKey, text: &str, time: Timestamp) -> pgp::errors::Result<Signature> {
    let mut config = SignatureConfig::v4(SignatureType::Text, key.algorithm(), HASH);
    config.hashed_subpackets = vec![
        Subpacket::regular(SubpacketData::SignatureCreationTime(time))?,
        Subpacket::regular(SubpacketData::IssuerFingerprint(key.fingerprint()))?,
    ];
    config.unhashed_subpackets =
        vec![Subpacket::regular(SubpacketData::IssuerKeyId(key.legacy_key_id()))?];
    config.sign(key, &Password::empty(), text.as_bytes())
}
