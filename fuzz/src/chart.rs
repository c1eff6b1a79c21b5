//! From an input of the target `archive` to an archive. A fuzzer does not find its way through checksums and compression, so it
//! need not: the first byte says what is made of the rest.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{Builder, EntryType, Header};

/// The rest is an archive as it is.
pub const RAW: u8 = b'a';
/// The rest is a tar archive, whose checksums are put right and which is packed by gzip.
pub const TAR: u8 = b't';
/// The rest is paths and contents by turns, each ended by a NUL byte: files of a chart, or of charts in its `charts/`.
pub const FILES: u8 = b'f';

/// The archive that an input describes; none for an input that describes none.
pub fn archive(input: &[u8]) -> Option<Vec<u8>> {
    let (form, rest) = input.split_first()?;
    match *form {
        RAW => Some(rest.to_vec()),
        TAR => Some(gzip(&mended(rest))),
        FILES => Some(gzip(&packed(rest))),
        _ => None,
    }
}

/// With a right checksum in every block that looks like a header: <https://www.gnu.org/software/tar/manual/html_node/Standard.html>.
fn mended(tar: &[u8]) -> Vec<u8> {
    let mut tar = tar.to_vec();
    for block in tar.chunks_exact_mut(512).filter(|block| block[257..].starts_with(b"ustar")) {
        block[148..156].fill(b' ');
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    }
    tar
}

/// More files than this are left out: to pack them takes longer than to look at them.
const MAX_FILES: usize = 1000;

fn packed(files: &[u8]) -> Vec<u8> {
    let mut tar = Builder::new(Vec::new());
    let mut parts = files.split(|byte| *byte == 0);
    for _ in 0..MAX_FILES {
        let (Some(path), Some(content)) = (parts.next(), parts.next()) else { break };
        let mut header = Header::new_ustar();
        let length = path.len().min(98);
        header.as_old_mut().name[..2].copy_from_slice(b"c/");
        header.as_old_mut().name[2..2 + length].copy_from_slice(&path[..length]);
        header.set_entry_type(EntryType::Regular);
        header.set_mode(0o644);
        header.set_size(content.len() as u64);
        header.set_cksum();
        tar.append(&header, content).expect("writing to memory cannot fail");
    }
    tar.into_inner().expect("writing to memory cannot fail")
}

/// Packed without compression: a byte of the input stays a byte.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::none());
    gzip.write_all(bytes).expect("writing to memory cannot fail");
    gzip.finish().expect("writing to memory cannot fail")
}
