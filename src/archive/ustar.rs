//! The header that stands before each file in a tar, as far as it is known when hzgchart is built: `build.rs` reads this, too.
//!
//! POSIX, pax, ustar interchange format: <https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html>.

/// What a header takes, in bytes; files take a multiple of it.
pub const BLOCK: usize = 512;

/// The bytes at the start of a header that tell files apart: name, mode, owner, size, time, checksum.
pub const OWN: usize = 156;

/// The rest of a regular file's header, which is the same for each: no link, no names of owners.
pub const SAME: [u8; BLOCK - OWN] = {
    let mut same = [0; BLOCK - OWN];
    same[0] = b'0';
    let magic = b"ustar\x0000";
    let mut at = 0;
    while at < magic.len() {
        same[101 + at] = magic[at];
        at += 1;
    }
    same
};
