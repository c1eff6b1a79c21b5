#![no_main]
//! A provenance file, checked by the keyring of the tests; and the same bytes as a keyring, and as what a good signature signs.

use std::fs;
use std::hint::black_box;
use std::sync::LazyLock;

use hzgchart::inspect::{self, Archive};
use hzgchart::provenance::{Keyring, Message, choose, verify};
use libfuzzer_sys::fuzz_target;

/// Made once with GnuPG, of a key that was thrown away.
const RING: &[u8] = include_bytes!("../../tests/fixtures/provenance/keyring.asc");
const PROVENANCE: &[u8] = include_bytes!("../../tests/fixtures/provenance/chart.prov");
const NAME: &str = "forguncy-k8s-server-10.0.103.tgz";
/// Later than the fixtures, in seconds since 1970.
const NOW: u64 = 2_000_000_000;

static KEYS: LazyLock<Keyring> =
    LazyLock::new(|| Keyring::read(RING, "ring").expect("it is a keyring"));
static ARCHIVE: LazyLock<Archive> = LazyLock::new(|| {
    let file = tempfile::NamedTempFile::new().expect("the folder is writable");
    fs::write(file.path(), "no chart").expect("the folder is writable");
    inspect::archive(file.path()).expect("it can be read")
});

fuzz_target!(|bytes: &[u8]| {
    let refusal = verify(&ARCHIVE, NAME, bytes, &KEYS, NOW).expect_err("it is of another archive");
    black_box(refusal.to_string());
    if let Ok(ring) = Keyring::read(bytes, "ring") {
        drop(black_box(choose(&ring, None, NOW)));
        drop(black_box(verify(&ARCHIVE, NAME, PROVENANCE, &ring, NOW)));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        drop(black_box(Message::read(text)));
    }
});
