//! Keys and provenance files of all kinds, good and bad.

use std::fs;
use std::slice;

use pgp::composed::{
    ArmorOptions, DetachedSignature, EncryptionCaps, KeyType, SecretKeyParamsBuilder,
    SignedSecretKey, SubkeyParamsBuilder,
};
use pgp::crypto::ecc_curve::ECCCurve;
use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::{Signature, SignatureConfig, SignatureType, Subpacket, SubpacketData};
use pgp::types::{Duration, Mpi, Password, SignatureBytes, Timestamp};
use zeroize::Zeroizing;

use super::cleartext::Cleartext;
use super::test_keys::{MADE, config, key, lock, public, restate, revoke, secret};
use super::{Keyring, MAX_SIZE, Message, Verified, choose, verify};
use crate::archive::{DEFAULT_MTIME, tgz};
use crate::chart::Chart;
use crate::chart::metadata::Metadata;
use crate::chart::version;
use crate::inspect::{self, Archive};

const NAME: &str = "forguncy-k8s-server-10.0.3.tgz";

/// Some time after all keys were made, and after their signatures on themselves.
fn now() -> u64 {
    u64::from(Timestamp::now().as_secs()) + 2
}

/// A chart, and what is signed of it.
fn chart() -> (Archive, String) {
    let version = version::derive("10.0.3.0", None, None).unwrap().0;
    let chart = Chart::new(&Metadata::default(), &version, &[]).unwrap();
    let bytes = tgz::pack(&chart, DEFAULT_MTIME);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(NAME);
    fs::write(&path, &bytes).unwrap();
    let chart_yaml = String::from_utf8(chart.get("Chart.yaml").unwrap().to_vec()).unwrap();
    (inspect::archive(&path).unwrap(), Message::write(&chart_yaml, NAME, &bytes))
}

fn ring(bytes: &[u8]) -> Keyring {
    Keyring::read(bytes, "ring").unwrap()
}

fn ed25519(user: &str) -> SignedSecretKey {
    key(KeyType::Ed25519Legacy, user)
}

/// A key that certifies only, with a subkey that signs and one that encrypts.
fn key_with_subkeys(user: &str) -> SignedSecretKey {
    let made = Timestamp::from_secs(MADE);
    let mut signing = SubkeyParamsBuilder::default();
    signing.key_type(KeyType::Ed25519Legacy).can_sign(true).created_at(made);
    let mut other = SubkeyParamsBuilder::default();
    other.key_type(KeyType::X25519).can_encrypt(EncryptionCaps::All).created_at(made);
    let mut key = SecretKeyParamsBuilder::default();
    key.key_type(KeyType::Ed25519Legacy).can_certify(true).primary_user_id(user.to_owned());
    key.subkeys(vec![
        other.build().expect("it can be made"),
        signing.build().expect("it can be made"),
    ]);
    let key = key.created_at(made).build().expect("it can be made");
    key.generate(rand::rngs::OsRng).expect("it can be made")
}

/// The provenance file that a key of a ring makes.
fn sign(secret_ring: &[u8], name: Option<&str>, passphrase: &str) -> Result<String, String> {
    let ring = ring(secret_ring);
    let signer = choose(&ring, name, now()).map_err(|problem| problem.to_string())?;
    let passphrase = Zeroizing::new(passphrase.as_bytes().to_vec());
    let signer = signer.unlock(passphrase).map_err(|problem| problem.to_string())?;
    signer.sign(&chart().1, now() - 1).map_err(|problem| problem.to_string())
}

fn check(provenance: &str, public_ring: &[u8]) -> Result<Verified, String> {
    let checked = verify(&chart().0, NAME, provenance.as_bytes(), &ring(public_ring), now());
    checked.map_err(|problem| problem.to_string())
}

/// A provenance file whose signatures are made by hand.
fn forge(text: &str, keys: &[&SignedSecretKey], change: impl Fn(&mut SignatureConfig)) -> String {
    let text = text.replace('\n', "\r\n");
    let signatures = keys.iter().map(|key| {
        let mut config = config(&key.primary_key, SignatureType::Text);
        change(&mut config);
        let signed = config.clone().sign(&key.primary_key, &Password::empty(), text.as_bytes());
        // What no library signs is refused by its form.
        let none = || {
            Signature::from_config(
                config,
                [0; 2],
                SignatureBytes::Mpis(vec![Mpi::from_slice(&[1]); 2]),
            )
        };
        signed.or_else(|_| none()).unwrap()
    });
    let signatures: Vec<Signature> = signatures.collect();
    let armored = match &signatures[..] {
        [one] => {
            DetachedSignature::new(one.clone()).to_armored_string(ArmorOptions::default()).unwrap()
        }
        several => {
            let mut bytes = Vec::new();
            let kind = pgp::armor::BlockType::Signature;
            pgp::armor::write(&Packets(several), kind, &mut bytes, None, true).unwrap();
            String::from_utf8(bytes).unwrap()
        }
    };
    Cleartext::write(&text.replace("\r\n", "\n"), "SHA512", &armored)
}

struct Packets<'a>(&'a [Signature]);

impl pgp::ser::Serialize for Packets<'_> {
    fn to_writer<W: std::io::Write>(&self, writer: &mut W) -> pgp::errors::Result<()> {
        use pgp::packet::PacketTrait;
        self.0.iter().try_for_each(|signature| signature.to_writer_with_header(writer))
    }

    fn write_len(&self) -> usize {
        use pgp::packet::PacketTrait;
        self.0.iter().map(|signature| signature.write_len_with_header()).sum()
    }
}

#[test]
fn verifies_what_it_signs_with_keys_of_every_kind() {
    for (kind, helm_3) in [
        (KeyType::Ed25519Legacy, false),
        (KeyType::Ed25519, false),
        (KeyType::ECDSA(ECCCurve::P256), true),
        (KeyType::ECDSA(ECCCurve::P384), true),
        (KeyType::ECDSA(ECCCurve::P521), true),
    ] {
        let key = key(kind.clone(), "A <a@example.com>");
        let provenance = sign(&secret(&key), None, "").unwrap();
        let verified = check(&provenance, &public(&key)).unwrap();
        assert_eq!(verified.signed_by, ["A <a@example.com>"]);
        assert_eq!(verified.sha256, crate::archive::sha256_hex(&chart().0.bytes));
        let ring = ring(&secret(&key));
        let signer = choose(&ring, None, now()).unwrap();
        assert_eq!(signer.fingerprint(), verified.fingerprint);
        assert_eq!(signer.is_for_helm_3(), helm_3, "{kind:?}");
        let again = |time| signer.sign(&chart().1, time).unwrap();
        // Its library draws a number for P-521.
        if kind != KeyType::ECDSA(ECCCurve::P521) {
            assert_eq!(again(1_700_000_000), again(1_700_000_000), "{kind:?}");
        }
        assert_ne!(again(1_700_000_000), again(1_700_000_001), "{kind:?}");
    }
    let old = key(KeyType::ECDSA(ECCCurve::Secp256k1), "A <a@example.com>");
    let error = sign(&secret(&old), None, "").unwrap_err();
    assert!(error.contains("is of a kind that charts are not signed with"), "{error}");
    let provenance = forge(&chart().1, &[&old], |_| {});
    let error = check(&provenance, &public(&old)).unwrap_err();
    assert!(error.contains("is of a kind that charts are not signed with"), "{error}");
}

#[test]
fn signs_with_a_subkey_where_the_key_only_certifies() {
    let mut key = key_with_subkeys("A <a@example.com>");
    let provenance = sign(&secret(&key), None, "").unwrap();
    let verified = check(&provenance, &public(&key)).unwrap();
    assert_eq!(verified.fingerprint, ring(&public(&key)).keys()[0].fingerprint());

    // Another key takes the subkey for its own, without the subkey's word for it.
    let mut thief = ed25519("Thief <t@example.com>");
    let subkey = key.secret_subkeys[1].clone();
    let stolen = config(&thief.primary_key, SignatureType::SubkeyBinding);
    let mut stolen_for = stolen.clone();
    let mut flags = pgp::packet::KeyFlags::default();
    flags.set_sign(true);
    let flags = Subpacket::regular(SubpacketData::KeyFlags(flags)).unwrap();
    stolen_for.hashed_subpackets.push(flags);
    let binding = stolen_for
        .sign_subkey_binding(
            &thief.primary_key,
            thief.primary_key.public_key(),
            &Password::empty(),
            subkey.key.public_key(),
        )
        .unwrap();
    let subkey = pgp::composed::SignedSecretSubKey::new(subkey.key, vec![binding]);
    thief.secret_subkeys.push(subkey);
    let error = check(&provenance, &public(&thief)).unwrap_err();
    assert!(error.contains("`Thief <t@example.com>`, which signed it, has no valid"), "{error}");

    // A subkey can be revoked alone.
    let subkey = &mut key.secret_subkeys[1];
    let revocation = config(&key.primary_key, SignatureType::SubkeyRevocation)
        .sign_subkey_binding(
            &key.primary_key,
            key.primary_key.public_key(),
            &Password::empty(),
            subkey.key.public_key(),
        )
        .unwrap();
    subkey.signatures.push(revocation);
    assert!(check(&provenance, &public(&key)).unwrap_err().contains("was revoked"));
    let error = sign(&secret(&key), None, "").unwrap_err();
    assert!(error.contains("`A <a@example.com>` cannot sign: it was revoked"), "{error}");
}

#[test]
fn takes_no_key_that_expired_was_revoked_or_is_for_something_else() {
    let good = ed25519("A <a@example.com>");
    let provenance = sign(&secret(&good), None, "").unwrap();
    let changed = |change: &dyn Fn(&mut SignedSecretKey)| {
        let mut key = good.clone();
        change(&mut key);
        key
    };
    for (key, told) in [
        (changed(&|key| restate(key, 60, true)), "expired on 2020-09-13T12:27:40Z"),
        (changed(&|key| restate(key, 0, false)), "is not for signing"),
        (changed(&revoke), "was revoked"),
        (changed(&|key| key.details.users.clear()), "has no valid signature of its own"),
    ] {
        let error = sign(&secret(&key), None, "").unwrap_err();
        assert!(error.contains(told) && error.contains("cannot sign: it"), "{error}");
        let error = check(&provenance, &public(&key)).unwrap_err();
        assert!(error.contains(told) && error.contains("which signed it,"), "{error}");
    }
    let renewed = changed(&|key| restate(key, 4_000_000_000, true));
    check(&provenance, &public(&renewed)).unwrap();

    // Somebody else's signature on a name, and somebody else's revocation, count for nothing.
    let other = ed25519("B <b@example.com>");
    let mut named = good.clone();
    named.details.users.extend(other.details.users.clone());
    let revocation = config(&other.primary_key, SignatureType::KeyRevocation)
        .sign_key(&other.primary_key, &Password::empty(), good.primary_key.public_key())
        .unwrap();
    named.details.revocation_signatures.push(revocation);
    assert_eq!(check(&provenance, &public(&named)).unwrap().signed_by, ["A <a@example.com>"]);
}

#[test]
fn opens_a_locked_key_with_its_passphrase_only() {
    let mut key = ed25519("A <a@example.com>");
    lock(&mut key, "correct horse");
    let locked = secret(&key);
    assert!(choose(&ring(&locked), None, now()).unwrap().is_locked());
    let provenance = sign(&locked, None, "correct horse").unwrap();
    check(&provenance, &public(&key)).unwrap();
    for wrong in ["", "correct", "correct horse "] {
        let error = sign(&locked, None, wrong).unwrap_err();
        assert!(error.contains("the passphrase does not open the key"), "{error}");
        assert!(!error.contains("correct"), "{error}");
    }
}

#[test]
fn finds_the_key_that_is_meant() {
    let (a, b) =
        (ed25519("Release One <one@example.com>"), ed25519("Release Two <two@example.com>"));
    let both = [secret(&a), secret(&a), secret(&b)].concat();
    let of = |name| choose(&ring(&both), name, now()).map(|signer| signer.name().to_owned());
    let fingerprint = ring(&public(&b)).keys()[0].fingerprint();
    let spaced = format!("0x{} {}", &fingerprint[..20], &fingerprint[20..]).to_lowercase();
    for name in
        ["two@", "Two", "Release Two <two@example.com>", &fingerprint, &fingerprint[24..], &spaced]
    {
        assert_eq!(of(Some(name)).unwrap(), "Release Two <two@example.com>", "{name}");
    }
    let told = |name| of(name).unwrap_err().to_string();
    assert!(told(Some("twoo@example.com")).contains("did you mean `two@example.com`?"));
    let nobody = told(Some("nobody"));
    assert!(nobody.contains("no secret key `nobody`") && nobody.contains(&fingerprint), "{nobody}");
    assert!(told(Some("Release")).contains("several keys match `Release`"));
    assert!(told(None).contains("several secret keys"));
    let public_only = Keyring::read(&public(&a), "ring").unwrap();
    let error = choose(&public_only, None, now()).unwrap_err().to_string();
    assert!(error.contains("public keys only"), "{error}");
}

#[test]
fn reads_keyrings_as_gnupg_writes_them() {
    let (a, b) = (ed25519("A <a@example.com>"), ed25519("B <b@example.com>"));
    let armored = |key: &SignedSecretKey| {
        key.to_public_key().to_armored_string(ArmorOptions::default()).unwrap()
    };
    let texts = format!("My keys:\n{}\n{}", armored(&a), armored(&b).replace('\n', "\r\n"));
    // GnuPG 1 keeps its own opinion of a key behind each signature: packets of tag 12.
    let mut trusted = public(&a);
    trusted.extend([0xb0, 2, 1, 3]);
    trusted.extend(public(&b));
    for bytes in [texts.into_bytes(), trusted] {
        let names: Vec<_> = ring(&bytes).keys().iter().map(|key| key.name(now())).collect();
        assert_eq!(names, ["A <a@example.com>", "B <b@example.com>"]);
    }
    let mut keybox = vec![0; 32];
    keybox[8..12].copy_from_slice(b"KBXf");
    let provenance = sign(&secret(&a), None, "").unwrap();
    for (bytes, told) in [
        (keybox, "is a keybox"),
        (Vec::new(), "holds no OpenPGP key"),
        (b"ssh-ed25519 AAAA".to_vec(), "holds no OpenPGP key"),
        (provenance.into_bytes(), "holds no OpenPGP key"),
        (vec![0xff; 4096], "holds no OpenPGP key"),
        (public(&a)[..40].to_vec(), "holds no OpenPGP key"),
    ] {
        let error = Keyring::read(&bytes, "ring").unwrap_err().to_string();
        assert!(error.contains(told) && error.contains("help: export the keys"), "{error}");
    }
}

#[test]
fn refuses_signatures_that_prove_nothing() {
    let a = key(KeyType::ECDSA(ECCCurve::P256), "A <a@example.com>");
    let b = ed25519("B <b@example.com>");
    let (_, text) = chart();
    let set = |data: SubpacketData| {
        move |config: &mut SignatureConfig| config.hashed_subpackets[0].data = data.clone()
    };
    let add = |data: SubpacketData, critical: bool| {
        move |config: &mut SignatureConfig| {
            let mut packet = Subpacket::regular(data.clone()).unwrap();
            packet.is_critical = critical;
            config.hashed_subpackets.push(packet);
        }
    };
    let at = |time| set(SubpacketData::SignatureCreationTime(Timestamp::from_secs(time)));
    let soon = Timestamp::now().as_secs();
    let unknown = SubpacketData::Experimental(101, Vec::new().into());
    let made_by_a =
        |change: &dyn Fn(&mut SignatureConfig)| forge(&text, slice::from_ref(&&a), change);
    check(&made_by_a(&|_| {}), &public(&a)).unwrap();
    check(&made_by_a(&add(unknown.clone(), false)), &public(&a)).unwrap();
    check(&made_by_a(&at(soon + 300)), &public(&a)).unwrap();
    for (provenance, told) in [
        (forge(&text, &[&b], |_| {}), "the keyring does not have the key that signed it, "),
        (forge(&text, &[&a, &b], |_| {}), "it has two signatures"),
        (forge(&text, &[&a, &a], |_| {}), "it has two signatures"),
        (made_by_a(&|config| config.hash_alg = HashAlgorithm::Sha1), "the weak hash SHA1"),
        (made_by_a(&|config| config.typ = SignatureType::Standalone), "a form that is not known"),
        (made_by_a(&add(unknown, true)), "a form that is not known"),
        (made_by_a(&at(soon + 100_000)), "is from the future"),
        (made_by_a(&at(MADE - 1)), "it is older than the key `A <a@example.com>`"),
        (
            made_by_a(&|config| {
                at(MADE)(config);
                let lasts = SubpacketData::SignatureExpirationTime(Duration::from_secs(1));
                add(lasts, false)(config);
            }),
            "its signature has expired",
        ),
        (
            made_by_a(&|_| {}).replace("\ntype:", "\n type:"),
            "is not that of the key `A <a@example.com>`",
        ),
    ] {
        let error = check(&provenance, &public(&a)).unwrap_err();
        assert!(error.contains(told), "{error}\nand not {told}");
    }
}

#[test]
fn refuses_what_is_signed_and_not_of_this_chart() {
    let a = ed25519("A <a@example.com>");
    let (archive, text) = chart();
    let sum = format!("sha256:{}", crate::archive::sha256_hex(&archive.bytes));
    for (text, told) in [
        (text.replace(&sum[7..17], "0000000000"), "it signs sha256:0000000000"),
        (text.replace("10.0.3.tgz", "10.0.4.tgz"), "it does not sign a file of the name"),
        (text.replace("version: \"10.0.3\"", "version: \"10.0.4\""), "another Chart.yaml"),
        (text.replace("name:", "nmae:"), "another Chart.yaml"),
        (text.replace("\n...\n", "\n"), "it does not sign a Chart.yaml and one list"),
        (format!("{text}\n...\nfiles: {{}}"), "it does not sign a Chart.yaml and one list"),
        (text.replace("files:", "flies:"), "a list of files that is none"),
    ] {
        let error = check(&forge(&text, &[&a], |_| {}), &public(&a)).unwrap_err();
        assert!(error.contains(told), "{error}");
    }
    // Escapes of a terminal do not reach it.
    let text = text.replace("forguncy-k8s-server-10.0.3.tgz", "\"\\e[31mx\"");
    let error = check(&forge(&text, &[&a], |_| {}), &public(&a)).unwrap_err();
    assert!(!error.contains('\u{1b}'), "{error}");
}

#[test]
fn no_change_of_a_provenance_file_passes_for_another_text() {
    let a = ed25519("A <a@example.com>");
    let provenance = sign(&secret(&a), None, "").unwrap();
    let signed = Cleartext::parse(provenance.as_bytes()).unwrap().text;
    let (archive, ring) = (chart().0, ring(&public(&a)));
    let passes = |bytes: &[u8]| verify(&archive, NAME, bytes, &ring, now()).is_ok();
    assert!(passes(provenance.as_bytes()));
    for place in 0..provenance.len() {
        for change in [[b'-', b'\n', b'A', 0xff][place % 4], provenance.as_bytes()[place] ^ 1] {
            let mut bytes = provenance.clone().into_bytes();
            bytes[place] = change;
            if passes(&bytes) {
                assert_eq!(Cleartext::parse(&bytes).unwrap().text, signed, "{place} {change}");
            }
        }
        // The last line break says nothing.
        assert!(place + 1 == provenance.len() || !passes(&provenance.as_bytes()[..place]));
    }
    let large = provenance.replace("\n\n", &format!("\n\n{}", "\n".repeat(MAX_SIZE)));
    assert!(check(&large, &public(&a)).unwrap_err().contains("larger than"));
    let long = provenance.replace("\n\napi", &format!("\n\n{}api", "\n".repeat(MAX_SIZE / 2)));
    assert!(check(&long, &public(&a)).unwrap_err().contains("is not that of the key"));
}
