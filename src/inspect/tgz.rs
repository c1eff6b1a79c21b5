//! A `.tgz` into the files that Helm loads from it, with everything that Helm would refuse or miss.

use std::io::{self, BufRead, Read, Take};

use crate::chart::{MAX_FILE, MAX_TOTAL};
use crate::rules::{ARCHIVE_ENTRY, ARCHIVE_LIMIT, ARCHIVE_PATH, ARCHIVE_UNREADABLE};

use super::contents::Contents;
use super::damage::{Rest, damage, header};
use super::entry_path::inside;
use super::gzip::Gzip;
use super::report::{Place, Report, shown};
use super::tar::{Broken, Entry, Kind, Tar};
use super::verdict::Verdict;

/// More entries than this are not looked at: they would be a hundred times what any chart has.
const MAX_ENTRIES: usize = 50_000;

/// Reads an archive. `place` is where faults of the archive itself lie.
pub fn read(input: impl BufRead, place: Place<'_>, report: &mut Report) -> Contents {
    // Headers and long names come on top of what the files hold.
    let limit = report.budget.saturating_mul(2);
    let mut unpack = Unpack {
        contents: Contents::default(),
        place,
        report,
        entries: 0,
        left: MAX_TOTAL,
        all: true,
    };
    let mut tar = Tar::new(Gzip::new(input).take(limit));
    let whole = unpack.entries(&mut tar);
    let Unpack { mut contents, entries, all, .. } = unpack;
    contents.whole = whole && all;
    if whole {
        if entries == 0 {
            contents.whole = false;
            report.fault(
                &ARCHIVE_UNREADABLE,
                place,
                refused(place),
                "the archive holds no file",
                "pack the chart's folder: `helm package FOLDER`",
            );
        }
        let ended = tar.ended;
        let mut rest = tar.into_inner();
        let behind = Rest::of(&mut rest);
        damage(&rest.into_inner().flaws, ended, &behind, place, report);
    } else {
        header(&tar.into_inner().into_inner().flaws, place, report);
    }
    contents
}

/// Helm 4 hides the reason for the archive it is given, not for the archives inside.
fn refused(place: Place<'_>) -> Verdict {
    if matches!(place, Place::Whole) { Verdict::HIDDEN } else { Verdict::REFUSED }
}

struct Unpack<'r, 'p> {
    contents: Contents,
    place: Place<'p>,
    report: &'r mut Report,
    entries: usize,
    /// What Helm still unpacks.
    left: u64,
    /// Whether every entry became a file.
    all: bool,
}

impl Unpack<'_, '_> {
    /// Reads all entries; false when that was not possible.
    fn entries(&mut self, tar: &mut Tar<Take<impl Read>>) -> bool {
        loop {
            let entry = match tar.entry() {
                Ok(Some(entry)) => entry,
                Ok(None) => return true,
                Err(broken) => return self.broken(&broken, tar.get_ref().limit()),
            };
            if matches!(entry.kind, Kind::Folder | Kind::Global) {
                continue;
            }
            self.entries += 1;
            if self.entries > MAX_ENTRIES {
                return self.stop("the archive has more than 50000 entries");
            }
            match self.entry(&entry, tar) {
                Ok(true) => {}
                Ok(false) => return false,
                Err(broken) => return self.broken(&broken, tar.get_ref().limit()),
            }
        }
    }

    /// Reads one entry; false when Helm, or this program, reads no further.
    fn entry(&mut self, entry: &Entry, tar: &mut Tar<impl Read>) -> Result<bool, Broken> {
        let name = String::from_utf8_lossy(&entry.name);
        let shown = shown(&name);
        let path = match inside(&name) {
            Ok(path) => path,
            Err(refusal) => {
                let (what, help) = refusal.words();
                let what = format!("`{shown}` {what}");
                self.report.fault(&ARCHIVE_PATH, self.place, refused(self.place), what, help);
                self.all = false;
                return Ok(true);
            }
        };
        if entry.size > self.left || self.left == 0 {
            self.too_much();
            return Ok(false);
        }
        if entry.size > MAX_FILE {
            let what = format!(
                "`{shown}` has {} bytes; Helm loads no file above {MAX_FILE} bytes (5 MiB)",
                entry.size
            );
            let help = "leave it out with `.helmignore`, or put it into an image";
            self.report.fault(&ARCHIVE_LIMIT, self.place, refused(self.place), what, help);
            self.left = self.left.saturating_sub(entry.size);
            return Ok(true);
        }
        let Some(budget) = self.report.budget.checked_sub(entry.size) else {
            return Ok(self.stop("the archives in the archive unpack to too much"));
        };
        self.report.budget = budget;
        self.left -= entry.size;
        if self.left == 0 {
            self.too_much();
            return Ok(false);
        }
        let bytes = match entry.kind {
            // Where the holes are does not matter: what fills them is zeros.
            Kind::Sparse => {
                tar.content()?;
                vec![0; usize::try_from(entry.size).unwrap_or(0)]
            }
            _ => tar.content()?,
        };
        self.contents.time = self.contents.time.max(entry.time);
        self.look(entry, &path);
        if self.contents.add(path.clone(), bytes) {
            let what = format!("`{shown}` is there twice; Helm takes the later one");
            let help = "pack the chart anew, with every file once";
            self.warn(&path, &what, help);
        }
        Ok(true)
    }

    /// Says what an entry is that is no plain file.
    fn look(&mut self, entry: &Entry, path: &str) {
        let copy = "pack the file itself: `tar --dereference`, or `helm package`";
        match entry.kind {
            Kind::Link => self.warn(path, "a link, which Helm loads as an empty file", copy),
            Kind::Special => {
                self.warn(
                    path,
                    "a device or a pipe, which Helm loads as an empty file",
                    "leave it out",
                );
            }
            Kind::Sparse => {
                self.warn(path, "a file with holes, which not every tool unpacks", copy)
            }
            Kind::Unknown(letter) => {
                let letter = char::from(letter).escape_default();
                let what =
                    format!("an entry of the unknown type `{letter}`, which Helm loads as a file");
                self.warn(path, &what, "pack the chart anew");
            }
            Kind::File | Kind::Folder | Kind::Global => {}
        }
        if std::str::from_utf8(&entry.name).is_err() {
            self.warn(
                path,
                "the file's name is not UTF-8",
                "rename the file, and pack the chart anew",
            );
        } else if entry.name.contains(&b'\\') {
            let help = "pack the chart with `helm package`, which writes `/`";
            self.warn(path, "the path is written with `\\`, which only Helm takes for `/`", help);
        }
    }

    fn warn(&mut self, path: &str, what: &str, help: &str) {
        self.report.fault(&ARCHIVE_ENTRY, Place::File(path), Verdict::TAKEN, what, help);
    }

    fn too_much(&mut self) {
        let what = format!("the archive unpacks to {MAX_TOTAL} bytes (100 MiB) or more");
        let help = "leave large files out with `.helmignore`";
        self.report.fault(&ARCHIVE_LIMIT, self.place, refused(self.place), what, help);
    }

    /// Says why the rest is not looked at, which is no matter of Helm.
    fn stop(&mut self, why: &str) -> bool {
        let what = format!("{why}; hzgchart reads no further");
        let help = "pack the chart with less in it";
        self.report.note(&ARCHIVE_UNREADABLE, self.place, &what, help);
        false
    }

    /// Says why an archive can be read no further; `left` is what this program would still have read.
    fn broken(&mut self, broken: &Broken, left: u64) -> bool {
        if left == 0 {
            return self.stop("the archive unpacks to too much");
        }
        let what = match broken {
            Broken::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                "the archive breaks off".to_owned()
            }
            Broken::Io(error) => error.to_string(),
            Broken::Header => "a tar header is damaged".to_owned(),
            Broken::LongName => "a name takes more than a megabyte".to_owned(),
        };
        let help = "download or pack the chart again";
        self.report.fault(&ARCHIVE_UNREADABLE, self.place, refused(self.place), what, help);
        false
    }
}
