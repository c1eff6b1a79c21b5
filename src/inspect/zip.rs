//! A `.zip`, the vendor's shape: a folder to unpack, into the files that Helm would load from it.

use std::collections::HashSet;
use std::io::{BufRead, Read, Seek, SeekFrom};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::chart::{MAX_FILE, MAX_TOTAL};
use crate::rules::{ARCHIVE_ENTRY, ARCHIVE_LIMIT, ARCHIVE_PATH, ARCHIVE_UNREADABLE, ARCHIVE_ZIP};

use super::contents::Contents;
use super::folder;
use super::report::{Place, Report, shown};
use super::verdict::Verdict;

/// A larger zip is not opened: its directory alone could fill the memory, and no release of such a
/// chart can be stored.
const MAX_PACKED: u64 = 16 * 1024 * 1024;

/// Reads a zip of so many bytes.
pub fn read(input: impl BufRead + Seek, packed: u64, report: &mut Report) -> Contents {
    let mut contents = Contents::default();
    if packed > MAX_PACKED {
        let what = format!("a zip of {packed} bytes; hzgchart reads up to {MAX_PACKED} (16 MiB)");
        let help = "unpack it, and validate the folder";
        report.note(&ARCHIVE_UNREADABLE, Place::Whole, &what, help);
        return contents;
    }
    let mut archive = match ZipArchive::new(input) {
        Ok(archive) => archive,
        Err(error) => {
            unreadable(&format!("the zip is damaged: {error}"), report);
            return contents;
        }
    };
    let mut files = Vec::new();
    let mut left = MAX_TOTAL;
    contents.whole = true;
    for index in 0..archive.len() {
        match entry(&mut archive, index, &mut left, report) {
            Ok(Some(file)) => files.push(file),
            Ok(None) => {}
            Err(Stop) => {
                contents.whole = false;
                break;
            }
        }
    }
    let twice = twice(archive);
    let base = base(&files);
    let ignored = format!("{base}.helmignore");
    let text = files.iter().find(|(path, _)| *path == ignored);
    let text = text.map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned());
    let rules = folder::rules(&text.unwrap_or_default(), report);
    let mut beside = None;
    for (path, bytes) in files {
        let Some(inside) = path.strip_prefix(base.as_str()) else {
            // What macOS adds is no file of anybody's.
            if !path.starts_with("__MACOSX/") && !path.ends_with(".DS_Store") {
                beside.get_or_insert(path);
            }
            continue;
        };
        let folders = inside.match_indices('/').map(|(at, _)| &inside[..at]);
        if folders.into_iter().any(|f| rules.ignores(f, true)) || rules.ignores(inside, false) {
            continue;
        }
        let is_twice = twice.contains(path.as_bytes());
        if contents.add(inside.to_owned(), bytes) || is_twice {
            let what = "the file is there twice; programs differ on which one they unpack";
            let help = "zip the folder anew";
            report.note(&ARCHIVE_ENTRY, Place::File(inside), what, help);
        }
    }
    if let Some(path) = beside {
        let what =
            format!("`{}` lies beside the chart's folder, and is not looked at", shown(&path));
        let help = "if it belongs to the chart, zip the chart's folder anew";
        report.note(&ARCHIVE_ENTRY, Place::Whole, &what, help);
    }
    let what = "a zip, which Helm does not open; what follows is about the folder in it";
    let help =
        "unpack it and give Helm the folder, or pack a `.tgz`: `hzgchart package --format tgz`";
    report.note(&ARCHIVE_ZIP, Place::Whole, what, help);
    contents
}

/// The zip is not read further.
struct Stop;

/// Reads one entry: its path and its bytes, or nothing when it is no file.
fn entry(
    archive: &mut ZipArchive<impl BufRead + Seek>,
    index: usize,
    left: &mut u64,
    report: &mut Report,
) -> Result<Option<(String, Vec<u8>)>, Stop> {
    let mut file = match archive.by_index(index) {
        Ok(file) => file,
        Err(ZipError::UnsupportedArchive(why)) if why == ZipError::PASSWORD_REQUIRED => {
            let help = "download or zip the chart again, without a password";
            report.note(&ARCHIVE_UNREADABLE, Place::Whole, "a file in the zip is encrypted", help);
            return Err(Stop);
        }
        Err(error) => {
            unreadable(&format!("a file in the zip cannot be read: {error}"), report);
            return Err(Stop);
        }
    };
    let raw = file.name_raw().to_vec();
    let name = String::from_utf8_lossy(&raw);
    let path = name.replace('\\', "/");
    let shown = shown(&path);
    if file.is_dir() {
        return Ok(None);
    }
    if path.starts_with('/') || path.contains(':') || path.split('/').any(|part| part == "..") {
        let what = format!("`{shown}` leads out of the folder that the zip is unpacked to");
        let help = "do not unpack it; zip the chart's folder anew";
        report.note(&ARCHIVE_PATH, Place::Whole, &what, help);
        return Ok(None);
    }
    let mut warn = |what: &str, help: &str| {
        report.note(&ARCHIVE_ENTRY, Place::File(&path), what, help);
    };
    if std::str::from_utf8(&raw).is_err() {
        let help = "zip the folder with a program that writes UTF-8, or rename the file";
        warn("the file's name is not UTF-8 but, as Chinese Windows writes it, perhaps GBK", help);
    }
    if file.is_symlink() {
        warn("a link, which may lead anywhere once it is unpacked", "zip the file itself");
    }
    let mut bytes = Vec::new();
    // What the directory states may be wrong: only what comes out counts.
    if let Err(error) = (&mut file).take((MAX_FILE + 1).min(*left)).read_to_end(&mut bytes) {
        unreadable(&format!("`{shown}` cannot be unpacked: {error}"), report);
        return Err(Stop);
    }
    *left -= bytes.len() as u64;
    if *left == 0 {
        let what = format!("the zip unpacks to {MAX_TOTAL} bytes (100 MiB) or more");
        let help = "leave large files out";
        report.fault(&ARCHIVE_LIMIT, Place::Whole, Verdict::REFUSED, what, help);
        return Err(Stop);
    }
    if bytes.len() as u64 > MAX_FILE {
        let what = format!("more than {MAX_FILE} bytes (5 MiB), which Helm does not load");
        let help = "leave it out, or put it into an image";
        report.fault(&ARCHIVE_LIMIT, Place::File(&path), Verdict::REFUSED, what, help);
        return Ok(None);
    }
    Ok(Some((path, bytes)))
}

/// The names that stand twice in the zip's directory, of which the reader shows only one.
fn twice(archive: ZipArchive<impl BufRead + Seek>) -> HashSet<Vec<u8>> {
    let start = archive.central_directory_start();
    let mut input = archive.into_inner();
    let (mut names, mut twice) = (HashSet::new(), HashSet::new());
    if input.seek(SeekFrom::Start(start)).is_err() {
        return twice;
    }
    let mut header = [0; 46];
    // APPNOTE 4.3.12: the lengths of name, extra field and comment stand at 28, 30 and 32.
    while input.read_exact(&mut header).is_ok() && header.starts_with(b"PK\x01\x02") {
        let length = |at: usize| usize::from(u16::from_le_bytes([header[at], header[at + 1]]));
        let mut name = vec![0; length(28)];
        let mut rest = vec![0; length(30) + length(32)];
        if input.read_exact(&mut name).and_then(|()| input.read_exact(&mut rest)).is_err() {
            break;
        }
        if let Some(name) = names.replace(name) {
            twice.insert(name);
        }
    }
    twice
}

/// The folder of the chart: that of the `Chart.yaml` nearest to the top, or what all files share.
fn base(files: &[(String, Vec<u8>)]) -> String {
    let charts = files.iter().filter_map(|(path, _)| path.strip_suffix("Chart.yaml"));
    let charts = charts.filter(|folder| folder.is_empty() || folder.ends_with('/'));
    let top = |path: &str| path.split_once('/').map_or(String::new(), |(top, _)| format!("{top}/"));
    match charts.min_by_key(|folder| folder.matches('/').count()) {
        Some(folder) => folder.to_owned(),
        None => files.first().map_or(String::new(), |(path, _)| top(path)),
    }
}

fn unreadable(what: &str, report: &mut Report) {
    let help = "download the chart again, or zip it as `zip` does by default, with Deflate";
    report.note(&ARCHIVE_UNREADABLE, Place::Whole, what, help);
}
