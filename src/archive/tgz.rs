//! A chart as the `.tgz` that Helm installs.
//!
//! As Helm writes it: ustar, one entry per file below one folder, no folders of their own,
//! owner 0 without a name. Unlike Helm's: one fixed time, and a plain gzip header, for Helm
//! before 4.2.4 writes an extra field that strict readers refuse.

use std::{io, iter, mem};

use tar::{Builder, EntryType, Header};

use super::gzip::{self, Piece};
use crate::chart::Chart;

/// Packs a chart. `mtime` is the time of its files in seconds since 1970.
pub fn pack(chart: &Chart, mtime: u64) -> Vec<u8> {
    gzip::join(&tar(chart, mtime).expect("writing to memory cannot fail"))
}

/// The tar inside: unlike the compressed bytes, it does not change with the compressor.
fn tar(chart: &Chart, mtime: u64) -> io::Result<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut tar = Builder::new(Vec::new());
    for (path, own, end) in chart.parts() {
        let size = own.len() + end.map_or(0, |end| end.text.len());
        append_header(&mut tar, &format!("{}/{path}", chart.name()), size as u64, mtime)?;
        tar.get_mut().extend(own);
        match end {
            Some(end) if end.text.len() >= LEAST_EMBEDDED => {
                pieces.extend([Piece::Made(mem::take(tar.get_mut())), Piece::Embedded(end)]);
            }
            Some(end) => tar.get_mut().extend(end.text.as_bytes()),
            None => {}
        }
        let padding = size.next_multiple_of(BLOCK) - size;
        tar.get_mut().extend(iter::repeat_n(0, padding));
    }
    pieces.push(Piece::Made(tar.into_inner()?));
    Ok(pieces)
}

/// From this size on, in bytes, an embedded file is copied as it was compressed: the compressor begins anew after it, which takes
/// as long as to compress as much as this.
const LEAST_EMBEDDED: usize = 2048;

/// What files in a tar take a multiple of, in bytes.
const BLOCK: usize = 512;

/// The latest time that a ustar header holds: eleven octal digits, the year 2242.
const MAX_MTIME: u64 = 0o777_7777_7777;

/// Writes what stands before a file of some size, and leaves the file to the caller.
fn append_header(tar: &mut Builder<Vec<u8>>, path: &str, size: u64, mtime: u64) -> io::Result<()> {
    let mut header = Header::new_ustar();
    header.set_entry_type(EntryType::Regular);
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(mtime.min(MAX_MTIME));
    header.set_size(size);
    let field = &mut header.as_old_mut().name;
    if path.is_ascii() && path.len() <= field.len() {
        field[..path.len()].copy_from_slice(path.as_bytes());
    } else {
        // The header holds 100 ASCII bytes; a PAX record before it holds any name, and what
        // is left in the header is for readers of last century.
        tar.append_pax_extensions([("path", path.as_bytes())])?;
        let ascii = path.bytes().filter(u8::is_ascii);
        field.iter_mut().zip(ascii).for_each(|(to, from)| *to = from);
    }
    header.set_cksum();
    tar.append(&header, io::empty())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;
    use tar::Archive;

    use super::pack;
    use crate::archive::gzip::Piece;
    use crate::archive::{DEFAULT_MTIME, sha256_hex};
    use crate::chart::Chart;
    use crate::chart::tests::sample;

    fn tar(chart: &Chart, mtime: u64) -> Vec<u8> {
        let pieces = super::tar(chart, mtime).unwrap();
        pieces.iter().flat_map(Piece::plain).copied().collect()
    }

    /// Path, mode, time, owner and content of each entry.
    fn entries(tgz: &[u8]) -> Vec<(String, u32, u64, u64, Vec<u8>)> {
        let mut archive = Archive::new(GzDecoder::new(tgz));
        archive
            .entries()
            .unwrap()
            .map(|entry| {
                let mut entry = entry.unwrap();
                let path = String::from_utf8(entry.path_bytes().into_owned()).unwrap();
                let header = entry.header();
                let facts =
                    (header.mode().unwrap(), header.mtime().unwrap(), header.uid().unwrap());
                let mut bytes = Vec::new();
                entry.read_to_end(&mut bytes).unwrap();
                (path, facts.0, facts.1, facts.2, bytes)
            })
            .collect()
    }

    #[test]
    fn unpacks_to_the_chart_in_order() {
        let mut chart = sample();
        let long = format!("files/{}/{}", "深".repeat(80), "x".repeat(120));
        chart.insert(&long, "long").unwrap();
        chart.insert("files/empty", "").unwrap();
        let packed = entries(&pack(&chart, 7));
        let expected: Vec<_> = chart
            .files()
            .map(|(path, bytes)| {
                (format!("forguncy-k8s-server/{path}"), 0o644, 7, 0, bytes.to_vec())
            })
            .collect();
        assert_eq!(packed, expected);
    }

    #[test]
    fn writes_a_plain_gzip_header() {
        let tgz = pack(&sample(), DEFAULT_MTIME);
        assert_eq!(tgz[..10], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
    }

    #[test]
    fn writes_a_ustar_header_without_names() {
        let tar = tar(&sample(), DEFAULT_MTIME);
        let header = &tar[..512];
        assert_eq!(&header[..31], b"forguncy-k8s-server/Chart.yaml\0");
        assert_eq!(&header[100..124], b"0000644\x000000000\x000000000\0");
        assert_eq!(&header[136..148], b"02275702200\0");
        assert_eq!(&header[156..157], b"0");
        assert_eq!(&header[257..265], b"ustar\x0000");
        assert!(header[265..329].iter().all(|b| *b == 0), "user and group have no name");
        assert!(tar[tar.len() - 1024..].iter().all(|b| *b == 0));
    }

    #[test]
    fn keeps_the_same_tar_from_release_to_release() {
        assert_eq!(
            sha256_hex(&tar(&sample(), DEFAULT_MTIME)),
            "d4da83527f1aca404304c66e457d73b8f702441b897b5bc8fda89f1d196b9343"
        );
    }

    #[test]
    fn packs_the_same_bytes_twice_and_others_for_another_time() {
        assert_eq!(pack(&sample(), 1), pack(&sample(), 1));
        assert_ne!(pack(&sample(), 1), pack(&sample(), 2));
    }

    #[test]
    fn holds_the_latest_time_it_can() {
        assert_eq!(entries(&pack(&sample(), u64::MAX))[0].2, 0o777_7777_7777);
    }
}
