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
use crate::inspect::shown;
use crate::suggest::nearest;

use super::cleartext::Cleartext;
use super::key::{Fault, Key, Part};
use super::keyring::Keyring;

/// Helm's, in both majors.
const HASH: HashAlgorithm = HashAlgorithm::Sha512;
/// So many keys a message lists.
const MAX_LISTED: usize = 10;

/// A key that can sign.
pub struct Signer<'r> {
    key: &'r Key,
    part: Part<'r>,
    secret: Secret<'r>,
    name: String,
}

/// The secret of a [`Part`].
#[derive(Clone, Copy)]
enum Secret<'r> {
    Primary(&'r SecretKey),
    Subkey(&'r SecretSubkey),
}

/// Finds the key of a name: a text in one of its user ids, as in Helm, or its fingerprint or the end of that. Without a name it is the only
/// key that there is. `now` is in seconds since 1970.
///
/// # Errors
/// When there is no such key, or several are, or it must not sign.
pub fn choose<'r>(ring: &'r Keyring, name: Option<&str>, now: u64) -> Result<Signer<'r>, Problem> {
    let mut keys: Vec<&Key> = ring.keys().iter().filter(|key| key.secret().is_some()).collect();
    keys.sort_by_key(|key| key.fingerprint());
    keys.dedup_by_key(|key| key.fingerprint());
    if keys.is_empty() {
        return Err(Problem::new("the keyring holds public keys only, and a secret one signs")
            .help("`gpg --export-secret-keys > secring.gpg` writes them"));
    }
    let found = match name {
        Some(name) => matching(&keys, name, now),
        None => keys.clone(),
    };
    match found[..] {
        [key] => Signer::new(key, now),
        [] => {
            let name = name.unwrap_or_default();
            let problem = Problem::new(format!("the keyring has no secret key `{}`", shown(name)));
            let names: Vec<String> = keys.iter().flat_map(|key| key.user_ids(now)).collect();
            Err(problem.help(match nearest(name, names.iter().flat_map(|name| words(name))) {
                Some(near) => format!("did you mean `{}`?", shown(near)),
                None => format!("there are {}", list(&keys, now)),
            }))
        }
        _ => Err(match name {
            Some(name) => Problem::new(format!("several keys match `{}`", shown(name))),
            None => Problem::new("the keyring has several secret keys"),
        }
        .help(format!("`--key` names one, by its user id or fingerprint: {}", list(&found, now)))),
    }
}

/// The keys of a name. One that is named in full hides those that only contain the name.
fn matching<'r>(keys: &[&'r Key], name: &str, now: u64) -> Vec<&'r Key> {
    let digits: String = name.chars().filter(|c| *c != ' ').collect();
    let digits = digits.strip_prefix("0x").unwrap_or(&digits).to_uppercase();
    let is_id = digits.len() >= 8 && digits.chars().all(|c| c.is_ascii_hexdigit());
    let of = |fits: &dyn Fn(&str) -> bool| -> Vec<&'r Key> {
        let fitting = keys.iter().copied();
        fitting.filter(|key| key.user_ids(now).iter().any(|id| fits(id))).collect()
    };
    let by_id = keys
        .iter()
        .copied()
        .filter(|key| is_id && key.parts().any(|part| part.fingerprint().ends_with(&digits)));
    let found = [by_id.collect(), of(&|id| id == name), of(&|id| id.contains(name))];
    found.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
}

/// What people call a key by: its whole name, and the words of it.
fn words(user_id: &str) -> impl Iterator<Item = &str> {
    let words = user_id.split_whitespace().map(|word| word.trim_matches(['<', '>', '(', ')']));
    [user_id].into_iter().chain(words)
}

fn list(keys: &[&Key], now: u64) -> String {
    let named: Vec<String> = keys
        .iter()
        .take(MAX_LISTED)
        .map(|key| format!("`{}` ({})", key.name(now), key.fingerprint()))
        .collect();
    named.join(", ") + if keys.len() > MAX_LISTED { ", …" } else { "" }
}

impl<'r> Signer<'r> {
    /// The part of a key that signs: the key itself, as with Helm, or else its newest subkey that may.
    fn new(key: &'r Key, now: u64) -> Result<Self, Problem> {
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

    /// Signs a text that ends in no line break, at a time in seconds since 1970, and gives the provenance file. The passphrase counts only if the key
    /// is locked.
    ///
    /// # Errors
    /// When the passphrase is wrong, or the key was made later.
    pub fn sign(
        &self,
        text: &str,
        time: u64,
        passphrase: Zeroizing<Vec<u8>>,
    ) -> Result<String, Problem> {
        let name = &self.name;
        let broken = || Problem::new(format!("the key `{name}` does not sign: it is damaged"));
        let signed_at =
            u32::try_from(time).map_err(|_| Problem::new("OpenPGP knows no time after 2106"))?;
        if time < self.part.created() {
            let problem =
                Problem::new(format!("the key `{name}` is younger than the time to sign with"));
            return Err(problem.help("SOURCE_DATE_EPOCH says when; unset it, or set it later"));
        }
        let password = Password::Static(passphrase);
        if !self.secret.opens(&password) {
            return Err(Problem::new(format!("the passphrase does not open the key `{name}`"))
                .help("the first line of `--passphrase-file` is the passphrase"));
        }
        let text = text.replace('\n', "\r\n");
        let signed_at = Timestamp::from_secs(signed_at);
        let signature = match self.secret {
            Secret::Primary(key) => signature(key, &password, &text, signed_at),
            Secret::Subkey(key) => signature(key, &password, &text, signed_at),
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
}

/// Nothing of the secret.
impl fmt::Debug for Signer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Secret<'_> {
    fn params(&self) -> &SecretParams {
        match self {
            Self::Primary(key) => key.secret_params(),
            Self::Subkey(key) => key.secret_params(),
        }
    }

    fn opens(&self, password: &Password) -> bool {
        let opened = match self {
            Self::Primary(key) => key.unlock(password, |_, _| Ok(())),
            Self::Subkey(key) => key.unlock(password, |_, _| Ok(())),
        };
        matches!(opened, Ok(Ok(())))
    }
}

/// The secret of a part, if it is there: GnuPG writes a stub in place of one that is kept elsewhere.
fn secret<'r>(key: &'r Key, part: Part<'r>) -> Option<Secret<'r>> {
    let whole = key.secret()?;
    let secret = match part {
        Part::Primary(_) => Secret::Primary(&whole.primary_key),
        Part::Subkey(subkey) => {
            let is_its = |secret: &&pgp::composed::SignedSecretSubKey| {
                *secret.key.public_key() == subkey.key
            };
            Secret::Subkey(&whole.secret_subkeys.iter().find(is_its)?.key)
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

/// A signature that is the same for the same text, key and time: RSA, EdDSA, and ECDSA on P-256 and P-384 (RFC 6979) draw no numbers.
fn signature(
    key: &impl SigningKey,
    password: &Password,
    text: &str,
    time: Timestamp,
) -> pgp::errors::Result<Signature> {
    let mut config = SignatureConfig::v4(SignatureType::Text, key.algorithm(), HASH);
    config.hashed_subpackets = vec![
        Subpacket::regular(SubpacketData::SignatureCreationTime(time))?,
        Subpacket::regular(SubpacketData::IssuerFingerprint(key.fingerprint()))?,
    ];
    config.unhashed_subpackets =
        vec![Subpacket::regular(SubpacketData::IssuerKeyId(key.legacy_key_id()))?];
    config.sign(key, password, text.as_bytes())
}
