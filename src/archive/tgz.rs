//! A chart as the `.tgz` that Helm installs.
//!
//! As Helm writes it: ustar, one entry per file below one folder, no folders of their own,
//! owner 0 without a name. Unlike Helm's: one fixed time, and a plain gzip header, for Helm
//! before 4.2.4 writes an extra field that strict readers refuse.

use std::{io, ptr};

use tar::{Builder, EntryType, Header};

use super::gzip::Gzip;
use super::ustar::{BLOCK, OWN, SAME};
use super::values;
use crate::chart::{Chart, Content};
use crate::embedded::{END, HEADER, Member, RUN, TABLE};
use crate::values_table;

/// Packs a chart. `mtime` is the time of its files in seconds since 1970.
pub fn pack(chart: &Chart, mtime: u64) -> Vec<u8> {
    let mut gzip = Gzip::new();
    let mut run = RUN.iter();
    let any = header_of_any(mtime);
    let mut header = Vec::with_capacity(BLOCK);
    let mut full_path = format!("{}/", chart.name());
    let folder = full_path.len();
    for (path, content) in chart.files() {
        full_path.truncate(folder);
        full_path.push_str(path.as_str());
        header.clear();
        add_header(&any, &full_path, content.size() as u64, &mut header)
            .expect("writing to memory cannot fail");
        let size = content.size();
        let padding = &[0; BLOCK][..size.next_multiple_of(BLOCK) - size];
        let embedded = content.embedded;
        match run.as_slice().first() {
            Some(next) if next.path == path.as_str() && is_next(next, content, &header) => {
                gzip.write(&header[..OWN]);
                gzip.copy(next.deflated, &[&SAME, embedded.as_bytes(), padding]);
                run.next();
                continue;
            }
            // Those that follow refer to one that is not there.
            Some(_) if run.len() < RUN.len() => run = [].iter(),
            _ => {}
        }
        let (own, same) = header.split_at(header.len() - SAME.len());
        gzip.write(own);
        gzip.copy(HEADER, &[same]);
        match path.as_str() {
            "values.yaml" => values::add(&content.made, &mut gzip),
            _ => gzip.write(&content.made),
        }
        match is_same(embedded, values_table::TEXT) {
            true => gzip.copy(TABLE, &[embedded.as_bytes()]),
            false => gzip.write(embedded.as_bytes()),
        }
        gzip.write(padding);
    }
    gzip.copy(END, &[&[0; 2 * BLOCK]]);
    gzip.finish()
}

/// Whether a file with a header is the next of the run.
fn is_next(next: &Member, content: &Content, header: &[u8]) -> bool {
    header.len() == BLOCK && content.made.is_empty() && is_same(content.embedded, next.text)
}

/// Whether two texts are one, or at least the same.
fn is_same(a: &str, b: &str) -> bool {
    // To compare what is embedded would take all of its pages into memory.
    ptr::eq(a, b) || a == b
}

/// The latest time that a ustar header holds: eleven octal digits, the year 2242.
const MAX_MTIME: u64 = 0o777_7777_7777;

/// What the headers of all files have.
fn header_of_any(mtime: u64) -> Header {
    let mut header = Header::new_ustar();
    header.set_entry_type(EntryType::Regular);
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(mtime.min(MAX_MTIME));
    header
}

/// Adds what stands before a file of some size.
fn add_header(any: &Header, path: &str, size: u64, out: &mut Vec<u8>) -> io::Result<()> {
    let mut header = any.clone();
    header.set_size(size);
    let field = &mut header.as_old_mut().name;
    if path.is_ascii() && path.len() <= field.len() {
        field[..path.len()].copy_from_slice(path.as_bytes());
    } else {
        // The header holds 100 ASCII bytes; a PAX record before it holds any name, and what
        // is left in the header is for readers of last century.
        let mut pax = Builder::new(Vec::new());
        pax.append_pax_extensions([("path", path.as_bytes())])?;
        // Without the end that closes an archive.
        out.append(pax.get_mut());
        let ascii = path.bytes().filter(u8::is_ascii);
        field.iter_mut().zip(ascii).for_each(|(to, from)| *to = from);
    }
    header.set_cksum();
    out.extend(header.as_bytes());
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;
    use tar::Archive;

    use super::pack;
    use crate::archive::{DEFAULT_MTIME, sha256_hex};
    use crate::chart::metadata::Metadata;
    use crate::chart::name::ChartName;
    use crate::chart::tests::sample;
    use crate::chart::{Chart, version};
    use crate::embedded::{Member, RUN};
    use crate::load::load;
    use crate::package::assemble;

    /// The tar inside: unlike the compressed bytes, it does not change with the compressor.
    fn tar(chart: &Chart, mtime: u64) -> Vec<u8> {
        let mut tar = Vec::new();
        GzDecoder::new(&*pack(chart, mtime)).read_to_end(&mut tar).unwrap();
        tar
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
            .map(|(path, content)| {
                (format!("forguncy-k8s-server/{path}"), 0o644, 7, 0, content.bytes().into_owned())
            })
            .collect();
        assert_eq!(packed, expected);
    }

    /// How many members of the run a package holds as they were compressed.
    fn copied(chart: &Chart) -> usize {
        let tgz = pack(chart, DEFAULT_MTIME);
        assert_eq!(entries(&tgz).len(), chart.files().len());
        for ((path, content), entry) in chart.files().zip(entries(&tgz)) {
            assert!(content.bytes() == entry.4, "{path}");
        }
        let is_in = |member: &&Member| {
            tgz.windows(member.deflated.len()).any(|window| window == member.deflated)
        };
        RUN.iter().filter(is_in).count()
    }

    #[test]
    fn copies_what_is_in_every_chart() {
        let loaded = load(&[], &mut |path| panic!("{path} is not read")).unwrap();
        let (version, _) = version::derive("10.0.3.0", None, None).unwrap();
        let mut metadata = Metadata::default();
        let chart = assemble(&loaded, &metadata, &version).unwrap();
        assert_eq!(copied(&chart), RUN.len());
        metadata.name = ChartName::parse("another-name").unwrap();
        assert_eq!(copied(&assemble(&loaded, &metadata, &version).unwrap()), RUN.len());
        metadata.name = ChartName::parse(&"a".repeat(90)).unwrap();
        assert!(copied(&assemble(&loaded, &metadata, &version).unwrap()) < RUN.len());
    }

    #[test]
    fn compresses_what_follows_another_file_than_in_every_chart() {
        let mut chart = sample();
        chart.embed(RUN[0].path, RUN[0].text).unwrap();
        chart.insert("templates/A", "a").unwrap();
        for member in &RUN[1..] {
            chart.embed(member.path, member.text).unwrap();
        }
        assert_eq!(copied(&chart), 1);
        let mut chart = sample();
        for member in &RUN[1..] {
            chart.embed(member.path, member.text).unwrap();
        }
        assert_eq!(copied(&chart), 0);
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
