//! A key of a keyring with its subkeys, and whether they may sign charts at a time: by the key's own signatures, each of which is checked.

use std::fmt;

use pgp::composed::{SignedPublicKey, SignedPublicSubKey, SignedSecretKey};
use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::{PublicKey, Signature, SignatureType, SubpacketData};
use pgp::ser::Serialize;
use pgp::types::{
    EcdsaPublicParams, EddsaLegacyPublicParams, KeyDetails, KeyVersion, PublicParams, SignedUser,
    Tag,
};

use crate::archive::time::rfc3339;
use crate::inspect::shown;

/// A key, and its secret part when the ring has it.
pub(super) struct Key {
    public: SignedPublicKey,
    secret: Option<SignedSecretKey>,
}

/// What signs: the key itself, or one of its subkeys.
#[derive(Clone, Copy)]
pub(super) enum Part<'k> {
    /// The key itself.
    Primary(&'k PublicKey),
    /// One of its subkeys.
    Subkey(&'k SignedPublicSubKey),
}

/// Why a key or a subkey may not sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Its kind is old, weak, or unknown to Helm.
    Kind,
    /// No signature of the key's own says what it is for.
    Unbound,
    /// It was revoked.
    Revoked,
    /// It expired at this time, in seconds since 1970.
    Expired(u64),
    /// It is for something else, such as certifying keys.
    Purpose,
}

/// Ends the sentence "the key".
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kind => f.write_str(
                "is of a kind that charts are not signed with: RSA from 2048 bits on, ECDSA or Ed25519 it must be",
            ),
            Self::Unbound => f.write_str("has no valid signature of its own"),
            Self::Revoked => f.write_str("was revoked"),
            Self::Expired(time) => write!(f, "expired on {}", rfc3339(*time)),
            Self::Purpose => f.write_str("is not for signing"),
        }
    }
}

impl Key {
    pub(super) fn from_public(public: SignedPublicKey) -> Self {
        Self { public, secret: None }
    }

    pub(super) fn from_secret(secret: SignedSecretKey) -> Self {
        Self { public: secret.to_public_key(), secret: Some(secret) }
    }

    /// The secret part.
    pub(super) fn secret(&self) -> Option<&SignedSecretKey> {
        self.secret.as_ref()
    }

    /// The fingerprint of the key itself, as GnuPG and Helm write it.
    pub(super) fn fingerprint(&self) -> String {
        format!("{:X}", self.public.primary_key.fingerprint())
    }

    /// Who the key says it is of, as it says it: by names that it signed itself and did not revoke.
    pub(super) fn user_ids(&self, now: u64) -> Vec<String> {
        let users = self.public.details.users.iter();
        let users = users.filter(|user| self.certification(user, now).is_some());
        users.map(|user| String::from_utf8_lossy(user.id.id()).into_owned()).collect()
    }

    /// What a message calls the key: its first name, or its fingerprint.
    pub(super) fn name(&self, now: u64) -> String {
        self.user_ids(now).first().map_or_else(|| self.fingerprint(), |name| shown(name))
    }

    /// The key itself, and its subkeys.
    pub(super) fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        let subkeys = self.public.public_subkeys.iter().map(Part::Subkey);
        [Part::Primary(&self.public.primary_key)].into_iter().chain(subkeys)
    }

    /// Why a part of this key may not sign charts now, in seconds since 1970.
    ///
    /// # Errors
    /// The first reason that there is.
    pub(super) fn check(&self, part: Part<'_>, now: u64) -> Result<(), Fault> {
        let primary = &self.public.primary_key;
        let own = self.own_signature(now).ok_or(Fault::Unbound)?;
        let revocations = &self.public.details.revocation_signatures;
        if revocations.iter().any(|revocation| revocation.verify_key(primary).is_ok()) {
            return Err(Fault::Revoked);
        }
        check_time(primary, own, now)?;
        let binding = match part {
            Part::Primary(_) => own,
            Part::Subkey(subkey) => {
                if signatures(subkey, SignatureType::SubkeyRevocation).any(|revocation| {
                    revocation.verify_subkey_binding(primary, &subkey.key).is_ok()
                }) {
                    return Err(Fault::Revoked);
                }
                let binding = self.binding(subkey, now).ok_or(Fault::Unbound)?;
                check_time(&subkey.key, binding, now)?;
                binding
            }
        };
        match part {
            // A key that does not say what it is for is for everything that it can do.
            Part::Primary(_) if !says_purpose(binding) => {}
            _ if binding.key_flags().sign() => {}
            _ => return Err(Fault::Purpose),
        }
        if let Part::Subkey(subkey) = part {
            // The subkey's own word that it belongs here, or it could be taken from somebody else's key.
            let back = binding.embedded_signature().ok_or(Fault::Unbound)?;
            back.verify_primary_key_binding(&subkey.key, primary).map_err(|_| Fault::Unbound)?;
        }
        let is_good = match part {
            Part::Primary(key) => is_good(key),
            Part::Subkey(subkey) => is_good(&subkey.key),
        };
        if is_good { Ok(()) } else { Err(Fault::Kind) }
    }

    /// The newest of the key's signatures on itself and its names: what it says counts.
    fn own_signature(&self, now: u64) -> Option<&Signature> {
        let details = &self.public.details;
        let direct = details.direct_signatures.iter().filter(|signature| {
            signature.typ() == Some(SignatureType::Key)
                && is_current(signature, now)
                && signature.verify_key(&self.public.primary_key).is_ok()
        });
        let of_users = details.users.iter().filter_map(|user| self.certification(user, now));
        direct.chain(of_users).max_by_key(|own| (says_purpose(own), own.created()))
    }

    /// The newest signature of the key on a name, unless the name was revoked since.
    fn certification<'k>(&'k self, user: &'k SignedUser, now: u64) -> Option<&'k Signature> {
        let is_own = |signature: &&Signature| {
            is_current(signature, now)
                && signature
                    .verify_certification(&self.public.primary_key, Tag::UserId, &user.id)
                    .is_ok()
        };
        let own = user.signatures.iter().filter(is_own);
        let newest = own.max_by_key(|signature| {
            (signature.created(), signature.typ() == Some(SignatureType::CertRevocation))
        })?;
        (newest.typ() != Some(SignatureType::CertRevocation)).then_some(newest)
    }

    /// The newest signature that makes a subkey one of this key.
    fn binding<'k>(&'k self, subkey: &'k SignedPublicSubKey, now: u64) -> Option<&'k Signature> {
        let primary = &self.public.primary_key;
        signatures(subkey, SignatureType::SubkeyBinding)
            .filter(|binding| is_current(binding, now))
            .filter(|binding| binding.verify_subkey_binding(primary, &subkey.key).is_ok())
            .max_by_key(|binding| binding.created())
    }
}

impl Part<'_> {
    /// The fingerprint, as GnuPG writes it.
    pub(super) fn fingerprint(self) -> String {
        match self {
            Self::Primary(key) => format!("{:X}", key.fingerprint()),
            Self::Subkey(subkey) => format!("{:X}", subkey.key.fingerprint()),
        }
    }

    /// When it was made, in seconds since 1970.
    pub(super) fn created(self) -> u64 {
        match self {
            Self::Primary(key) => key.created_at().as_secs().into(),
            Self::Subkey(subkey) => subkey.key.created_at().as_secs().into(),
        }
    }

    /// Whether Helm 3 can check its signatures: its library knows no Edwards curves.
    pub(super) fn is_for_helm_3(self) -> bool {
        let of = |key: &dyn KeyDetails| {
            !matches!(key.public_params(), PublicParams::EdDSALegacy(_) | PublicParams::Ed25519(_))
        };
        match self {
            Self::Primary(key) => of(key),
            Self::Subkey(subkey) => of(&subkey.key),
        }
    }

    /// Whether the signature of a text is this part's.
    pub(super) fn signed(self, signature: &Signature, text: &str) -> bool {
        match self {
            Self::Primary(key) => signature.verify(key, text.as_bytes()),
            Self::Subkey(subkey) => signature.verify(&subkey.key, text.as_bytes()),
        }
        .is_ok()
    }

    /// Whether a signature says that it is this part's.
    pub(super) fn is_named_by(self, signature: &Signature) -> bool {
        let (fingerprint, id) = match self {
            Self::Primary(key) => (key.fingerprint(), key.legacy_key_id()),
            Self::Subkey(subkey) => (subkey.key.fingerprint(), subkey.key.legacy_key_id()),
        };
        signature.issuer_fingerprint().contains(&&fingerprint)
            || signature.issuer_key_id().contains(&&id)
    }
}

/// A subkey's signatures of a kind.
fn signatures(
    subkey: &SignedPublicSubKey,
    kind: SignatureType,
) -> impl Iterator<Item = &Signature> {
    subkey.signatures.iter().filter(move |signature| signature.typ() == Some(kind))
}

/// Whether a signature on a key counts now: it was made, has not expired, and its hash is one that others still take, too.
fn is_current(signature: &Signature, now: u64) -> bool {
    let weak = [HashAlgorithm::Md5, HashAlgorithm::Ripemd160];
    let Some(created) = signature.created().map(|time| u64::from(time.as_secs())) else {
        return false;
    };
    let lasts = signature.signature_expiration_time().map_or(0, |time| time.as_secs());
    created <= now
        && (lasts == 0 || now < created + u64::from(lasts))
        && signature.hash_alg().is_some_and(|hash| !weak.contains(&hash))
}

/// Whether a key has expired by what a signature on it says.
fn check_time(key: &impl KeyDetails, signature: &Signature, now: u64) -> Result<(), Fault> {
    let lasts = signature.key_expiration_time().map_or(0, |time| time.as_secs());
    let end = u64::from(key.created_at().as_secs()) + u64::from(lasts);
    if lasts > 0 && end <= now { Err(Fault::Expired(end)) } else { Ok(()) }
}

/// Whether a signature says what its key is for.
fn says_purpose(signature: &Signature) -> bool {
    signature.config().is_some_and(|config| {
        config.hashed_subpackets().any(|packet| matches!(packet.data, SubpacketData::KeyFlags(_)))
    })
}

/// Whether a key is of a kind that at least Helm 4 takes, and that nobody can forge.
fn is_good(key: &impl KeyDetails) -> bool {
    let is_strong = match key.public_params() {
        // The modulus comes first, after the number of its bits.
        params @ PublicParams::RSA(_) => params
            .to_bytes()
            .is_ok_and(|bytes| bytes.len() > 2 && u16::from_be_bytes([bytes[0], bytes[1]]) >= 2048),
        PublicParams::ECDSA(params) => matches!(
            params,
            EcdsaPublicParams::P256 { .. }
                | EcdsaPublicParams::P384 { .. }
                | EcdsaPublicParams::P521 { .. }
        ),
        PublicParams::EdDSALegacy(params) => {
            matches!(params, EddsaLegacyPublicParams::Ed25519 { .. })
        }
        PublicParams::Ed25519(_) => true,
        _ => false,
    };
    is_strong && key.version() == KeyVersion::V4
}
