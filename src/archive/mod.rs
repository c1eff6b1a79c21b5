//! Turns a [`Chart`](crate::chart::Chart) into bytes or a folder: the same whatever the machine,
//! day, time zone or user.
//!
//! Time is a parameter, in seconds since 1970; the caller knows `SOURCE_DATE_EPOCH`.

pub mod folder;
mod gzip;
pub mod tgz;
pub mod time;
mod ustar;
mod values;
pub mod zip;

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// The time of all files when none is given: 1980-02-01, in seconds since 1970.
///
/// Zip knows no time before 1980; a month later it is 1980 in every time zone. A date so old is
/// plainly no real one.
pub const DEFAULT_MTIME: u64 = 318_211_200;

/// The SHA-256 of some bytes in lower-case hexadecimal, as `sha256sum` and Helm's index write it.
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::sha256_hex;

    #[test]
    fn hashes_the_empty_text_as_everyone_does() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(sha256_hex(b""), empty);
    }
}
