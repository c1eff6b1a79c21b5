//! Packs charts by hand, with any fault in them.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{EntryType, Header};

/// The Chart.yaml that all of them have unless they say otherwise.
pub const CHART: &str = "apiVersion: v2\nname: t\nversion: 1.2.3\n";
/// A template that renders to one object.
pub const OBJECT: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n";

/// The files of a chart without a fault.
pub fn files() -> Vec<(String, Vec<u8>)> {
    [("Chart.yaml", CHART), ("values.yaml", "a: 1\n"), ("templates/cm.yaml", OBJECT)]
        .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
        .into()
}

/// The same with a file more, or another content of one.
pub fn with(path: &str, bytes: impl AsRef<[u8]>) -> Vec<(String, Vec<u8>)> {
    let mut files = without(path);
    files.push((path.to_owned(), bytes.as_ref().to_vec()));
    files
}

/// The same without a file.
pub fn without(path: &str) -> Vec<(String, Vec<u8>)> {
    files().into_iter().filter(|(other, _)| other != path).collect()
}

/// Several files put over the chart without a fault.
pub fn over(more: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
    more.iter().fold(files(), |mut files, (path, text)| {
        files.retain(|(other, _)| other != path);
        files.push(((*path).to_owned(), text.as_bytes().to_vec()));
        files
    })
}

/// An entry of an archive, whatever its name and type.
pub fn entry(name: &[u8], kind: u8, bytes: &[u8]) -> Vec<u8> {
    let mut header = Header::new_ustar();
    header.as_old_mut().name[..name.len()].copy_from_slice(name);
    header.set_entry_type(EntryType::new(kind));
    header.set_mode(0o644);
    header.set_size(bytes.len() as u64);
    header.set_cksum();
    let mut entry = header.as_bytes().to_vec();
    entry.extend(bytes);
    entry.resize(entry.len().next_multiple_of(512), 0);
    entry
}

/// Entries below a folder, without the end of an archive.
pub fn entries(base: &str, files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let entry =
        |(path, bytes): &(String, Vec<u8>)| entry(format!("{base}{path}").as_bytes(), b'0', bytes);
    files.iter().flat_map(entry).collect()
}

/// Ends an archive.
pub fn end(entries: Vec<u8>) -> Vec<u8> {
    [entries, vec![0; 1024]].concat()
}

/// Compresses.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(bytes).expect("writing to memory cannot fail");
    gzip.finish().expect("writing to memory cannot fail")
}

/// A chart as a `.tgz`.
pub fn tgz(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    gzip(&end(entries("t/", files)))
}

/// A chart with another gzip header: flags, and what they announce.
pub fn with_header(flags: u8, fields: &[u8]) -> Vec<u8> {
    let plain = tgz(&files());
    [b"\x1f\x8b\x08", &[flags][..], b"\0\0\0\0\0\xff", fields, &plain[10..]].concat()
}
