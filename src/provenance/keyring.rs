//! The keys of a file: what `gpg --export` or `gpg --export-secret-keys` wrote, binary or armored, or GnuPG 1's `pubring.gpg` and `secring.gpg`.

use std::fmt;
use std::io::{BufRead, BufReader};
use std::mem;

use pgp::armor::{BlockType, Dearmor};
use pgp::composed::{SignedPublicKeyParser, SignedSecretKeyParser};
use pgp::packet::{Packet, PacketParser, PacketTrait};
use pgp::types::Tag;

use crate::error::Problem;

use super::key::Key;

/// The keys of a file, in its order.
pub struct Keyring {
    keys: Vec<Key>,
}

/// No keyring is larger, in bytes.
const MAX_SIZE: usize = 64 << 20;
/// What stands at byte 8 of GnuPG's keybox.
const KEYBOX: &[u8] = b"KBXf";
/// What an armored block of any kind begins with.
const ARMOR: &str = "-----BEGIN PGP ";

impl Keyring {
    /// Reads a keyring; `name` is what messages call the file. Keys of kinds that are not known are left out, as by Helm.
    ///
    /// # Errors
    /// When it holds no key, or is a keybox.
    pub fn read(bytes: &[u8], name: &str) -> Result<Self, Problem> {
        let refuse = |what: &str| Problem::new(format!("`{name}` {what}"));
        let export = "export the keys: `gpg --export > pubring.gpg` to verify, `gpg --export-secret-keys > secring.gpg` to sign";
        if bytes.get(8..12) == Some(KEYBOX) {
            return Err(refuse("is a keybox, GnuPG's own store").help(export));
        }
        if bytes.len() > MAX_SIZE {
            return Err(refuse("is larger than 64 MiB, which no keyring is").help(export));
        }
        let mut keys = Vec::new();
        if bytes.first().is_some_and(|first| first & 0x80 != 0) {
            add(bytes, &mut keys);
        } else {
            let text = String::from_utf8_lossy(bytes);
            for (start, _) in text.match_indices(ARMOR) {
                let mut block = Dearmor::new(&text.as_bytes()[start..]);
                let is_keys = block.read_header().is_ok()
                    && matches!(block.typ, Some(BlockType::PublicKey | BlockType::PrivateKey));
                if is_keys {
                    add(BufReader::new(block), &mut keys);
                }
            }
        }
        if keys.is_empty() {
            return Err(refuse("holds no OpenPGP key that can be read").help(export));
        }
        Ok(Self { keys })
    }

    /// The keys.
    pub(super) fn keys(&self) -> &[Key] {
        &self.keys
    }
}

/// Nothing of the keys: some are secret.
impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring").field("keys", &self.keys.len()).finish_non_exhaustive()
    }
}

/// Adds the keys of packets. GnuPG's trust is left out, and so are packets that cannot be read: what belongs to one of them does not
/// fit the key before it, whose signatures are all checked.
fn add(packets: impl BufRead, keys: &mut Vec<Key>) {
    let mut key: Vec<Packet> = Vec::new();
    for packet in PacketParser::new(packets).flatten() {
        match packet.tag() {
            Tag::PublicKey | Tag::SecretKey => keys.extend(take(&mut key)),
            Tag::Trust | Tag::Marker | Tag::Padding => continue,
            _ => {}
        }
        key.push(packet);
    }
    keys.extend(take(&mut key));
}

/// The key that packets make, if they do.
fn take(packets: &mut Vec<Packet>) -> Option<Key> {
    let packets = mem::take(packets);
    let is_secret = packets.first()?.tag() == Tag::SecretKey;
    let packets = packets.into_iter().map(Ok).peekable();
    if is_secret {
        SignedSecretKeyParser::from_packets(packets).next()?.ok().map(Key::from_secret)
    } else {
        SignedPublicKeyParser::from_packets(packets).next()?.ok().map(Key::from_public)
    }
}
