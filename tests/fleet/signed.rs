//! `fleet package --sign`: every chart has its provenance file, and what is signed already is not signed again.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use pgp::composed::{KeyType, SignedSecretKey};
use pgp::crypto::ecc_curve::ECCCurve;
use serde_json::Value as Json;
use tempfile::TempDir;

use super::{ENTRIES, files, fleet, in_folder, put};
use crate::harness::helm::Helm;
use crate::harness::hzgchart::hzgchart;
use crate::harness::openpgp::{fingerprint, key, lock, public, secret};
use crate::harness::process::{command, run};

const PASSPHRASE: &str = "correct horse battery staple";
const SIGN: &str =
    "package -d charts --sign --keyring secring.gpg --passphrase-file passphrase --output-json";

/// [`fleet`] with the keyrings of a key that a passphrase locks.
fn desk() -> (TempDir, SignedSecretKey) {
    let folder = fleet();
    let mut p256 = key(KeyType::ECDSA(ECCCurve::P256), "Release <release@example.com>");
    lock(&mut p256, PASSPHRASE);
    rings(folder.path(), &p256);
    put(folder.path(), "passphrase", PASSPHRASE);
    (folder, p256)
}

fn rings(folder: &Path, key: &SignedSecretKey) {
    fs::write(folder.join("secring.gpg"), secret(key)).expect("it is writable");
    fs::write(folder.join("pubring.gpg"), public(key)).expect("it is writable");
}

/// What `package` tells of every entry.
fn signed(folder: &Path, more: &str) -> Vec<Json> {
    let printed = in_folder(folder, &format!("{SIGN} {more}")).success();
    printed.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect()
}

/// The entries whose chart or provenance file was written.
fn written(told: &[Json]) -> Vec<&str> {
    let written = told.iter().filter(|entry| entry["written"] == true);
    written.map(|entry| entry["entry"].as_str().expect("it is a name")).collect()
}

fn inode(folder: &Path, file: &Json) -> u64 {
    let path = file["path"].as_str().expect("it is a path");
    fs::metadata(folder.join(path)).expect("it is there").ino()
}

#[test]
fn both_helms_and_we_verify_every_chart() {
    let (folder, key) = desk();
    let told = signed(folder.path(), "");
    assert_eq!(written(&told), ENTRIES);
    for entry in &told {
        let chart = entry["path"].as_str().expect("it is a path");
        let provenance = &entry["provenance"];
        assert_eq!(provenance["path"], format!("{chart}.prov"));
        assert_eq!(provenance["fingerprint"], fingerprint(&key));
        let ask = ["verify", chart, "--keyring", "pubring.gpg"];
        let ours = run(hzgchart().args(ask).current_dir(folder.path())).success();
        for major in Helm::BOTH {
            let helms = run(major.command().args(ask).current_dir(folder.path())).success();
            assert_eq!(helms, ours, "{major:?}");
        }
    }
    let sums = SIGN.replace(" --output-json", "");
    let printed = in_folder(folder.path(), &sums).success();
    assert_eq!(printed.lines().count(), 2 * ENTRIES.len());
    put(folder.path(), "SHA256SUMS", &printed);
    run(command("sha256sum").args(["-c", "SHA256SUMS"]).current_dir(folder.path())).success();
}

#[test]
fn what_is_signed_already_is_not_signed_again() {
    let (folder, _) = desk();
    let first = signed(folder.path(), "");
    let inodes = |told: &[Json]| -> Vec<_> {
        let both = told.iter().flat_map(|entry| [entry, &entry["provenance"]]);
        both.map(|file| inode(folder.path(), file)).collect()
    };
    let before = inodes(&first);
    let again = signed(folder.path(), "");
    assert_eq!(written(&again), Vec::<&str>::new());
    assert_eq!(inodes(&again), before);

    put(folder.path(), "tenants/acme.yaml", "forguncy: {podAnnotations: {owner: somebody}}\n");
    assert_eq!(written(&signed(folder.path(), "")), ["acme-prod", "acme-test"]);

    // A signature that was changed, one that is no text, and one that is gone.
    let damaged = [
        ("acme-prod", Some(b"-----BEGIN PGP SIGNED MESSAGE-----\n".as_slice())),
        ("acme-test", Some(b"\xff".as_slice())),
        ("globex-prod", None),
    ];
    for (entry, bytes) in damaged {
        let path = folder.path().join(format!("charts/shop-{entry}-10.0.3.tgz.prov"));
        match bytes {
            Some(bytes) => fs::write(path, bytes).expect("it is writable"),
            None => fs::remove_file(path).expect("it was there"),
        }
    }
    let mended = signed(folder.path(), "");
    assert_eq!(written(&mended), damaged.map(|(entry, _)| entry));
    assert_eq!(written(&signed(folder.path(), "")), Vec::<&str>::new());
}

#[test]
fn another_key_signs_all_anew_and_leaves_the_charts() {
    let (folder, old) = desk();
    let first = signed(folder.path(), "");
    let charts: Vec<_> = first.iter().map(|entry| inode(folder.path(), entry)).collect();
    let mut new = key(KeyType::ECDSA(ECCCurve::P384), "Release <release@example.com>");
    lock(&mut new, PASSPHRASE);
    rings(folder.path(), &new);
    let told = signed(folder.path(), "");
    assert_eq!(written(&told), ENTRIES);
    assert_eq!(told.iter().map(|e| inode(folder.path(), e)).collect::<Vec<_>>(), charts);
    assert_ne!(fingerprint(&old), fingerprint(&new));
    assert!(told.iter().all(|entry| entry["provenance"]["fingerprint"] == fingerprint(&new)));
}

#[test]
fn a_time_that_is_given_makes_the_same_files() {
    let (folder, _) = desk();
    let package = |into: &str, time: &str| {
        let sign = SIGN.replace("charts", into);
        let mut command = hzgchart();
        command.arg("fleet").args(sign.split_whitespace()).current_dir(folder.path());
        run(command.env("SOURCE_DATE_EPOCH", time)).success();
        files(&folder.path().join(into))
    };
    let first = package("first", "1700000000");
    assert_eq!(first.len(), 2 * ENTRIES.len());
    assert!(package("second", "1700000000") == first);
    // The time of another run is not this one's.
    assert!(package("second", "1700000001") != first);
    assert!(package("second", "1700000000") == first);
}

#[test]
fn what_cannot_sign_is_told_before_anything_is_written() {
    let (folder, _) = desk();
    put(folder.path(), "passphrase", "another");
    let refused = in_folder(folder.path(), SIGN);
    assert_eq!((refused.code, &*refused.stdout), (Some(2), ""));
    assert_eq!(
        refused.stderr,
        "error: the passphrase does not open the key `Release <release@example.com>`\n  \
         help: the first line of `--passphrase-file` is the passphrase\n"
    );
    let refused = in_folder(folder.path(), &SIGN.replace("secring.gpg", "nowhere.gpg"));
    assert_eq!(refused.code, Some(3), "{}", refused.stderr);
    assert!(!folder.path().join("charts").exists());
}
