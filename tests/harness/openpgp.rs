//! OpenPGP keys for the tests, made anew in each run. The unit tests of `src/provenance` use this file, too.

use pgp::composed::{KeyType, SecretKeyParamsBuilder, SignedSecretKey};
use pgp::packet::{KeyFlags, SignatureConfig, SignatureType, Subpacket, SubpacketData};
use pgp::ser::Serialize;
use pgp::types::{Duration, KeyDetails, Password, SigningKey, Tag, Timestamp};
use rand::rngs::OsRng;

/// When all keys were made, in seconds since 1970: 2020-09-13.
pub const MADE: u32 = 1_600_000_000;

/// A key that certifies and signs, of a user.
pub fn key(kind: KeyType, user: &str) -> SignedSecretKey {
    let mut key = SecretKeyParamsBuilder::default();
    key.key_type(kind).can_certify(true).can_sign(true).primary_user_id(user.to_owned());
    let made = Timestamp::from_secs(MADE);
    let key = key.created_at(made).build().expect("it can be made");
    key.generate(OsRng).expect("it can be made")
}

/// Locks a key with a passphrase.
pub fn lock(key: &mut SignedSecretKey, passphrase: &str) {
    key.primary_key.set_password(OsRng, &passphrase.into()).expect("it can be locked");
}

/// Lets an unlocked key say of itself that it expires so many seconds after it was made, and whether it is for signing.
pub fn restate(key: &mut SignedSecretKey, lasts: u32, signs: bool) {
    let mut purpose = KeyFlags::default();
    purpose.set_certify(true);
    purpose.set_sign(signs);
    let mut config = config(&key.primary_key, SignatureType::CertPositive);
    for data in [
        SubpacketData::KeyFlags(purpose),
        SubpacketData::KeyExpirationTime(Duration::from_secs(lasts)),
    ] {
        config.hashed_subpackets.push(Subpacket::regular(data).expect("it is short"));
    }
    let user = &mut key.details.users[0];
    let public = key.primary_key.public_key();
    let own = config
        .sign_certification(&key.primary_key, public, &Password::empty(), Tag::UserId, &user.id)
        .expect("it can sign");
    user.signatures = vec![own];
}

/// Revokes an unlocked key.
pub fn revoke(key: &mut SignedSecretKey) {
    let revocation = config(&key.primary_key, SignatureType::KeyRevocation)
        .sign_key(&key.primary_key, &Password::empty(), key.primary_key.public_key())
        .expect("it can sign");
    key.details.revocation_signatures.push(revocation);
}

/// A signature that a key is about to make now.
pub fn config(key: &impl SigningKey, kind: SignatureType) -> SignatureConfig {
    let mut config = SignatureConfig::v4(kind, key.algorithm(), key.hash_alg());
    for data in [
        SubpacketData::SignatureCreationTime(Timestamp::now()),
        SubpacketData::IssuerFingerprint(key.fingerprint()),
    ] {
        config.hashed_subpackets.push(Subpacket::regular(data).expect("it is short"));
    }
    let id = SubpacketData::IssuerKeyId(key.legacy_key_id());
    config.unhashed_subpackets.push(Subpacket::regular(id).expect("it is short"));
    config
}

/// The file of a secret key.
pub fn secret(key: &SignedSecretKey) -> Vec<u8> {
    key.to_bytes().expect("it can be written")
}

/// The file of its public key.
pub fn public(key: &SignedSecretKey) -> Vec<u8> {
    key.to_public_key().to_bytes().expect("it can be written")
}

/// A key's fingerprint, as GnuPG and Helm write it.
pub fn fingerprint(key: &SignedSecretKey) -> String {
    format!("{:X}", key.primary_key.fingerprint())
}
