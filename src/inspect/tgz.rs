//! A `.tgz` into the files that Helm loads from it, with everything that Helm would refuse or miss.

use std::io::{self, BufRead, Read};

use crate::chart::{MAX_FILE, MAX_TOTAL};
use crate::rules::{
    ARCHIVE_DAMAGED, ARCHIVE_ENTRY, ARCHIVE_LIMIT, ARCHIVE_PATH, ARCHIVE_UNREADABLE, GZIP_EXTRA,
};

use super::contents::Contents;
use super::entry_path::inside;
use super::gzip::{Flaws, Gzip};
use super::report::{Place, Report};
use super::tar::{Broken, Entry, Kind, Tar};
use super::verdict::Verdict;

/// More entries than this are not looked at: they would be a hundred times what any chart has.
const MAX_ENTRIES: usize = 50_000;

/// Reads an archive. `place` is where faults of the archive itself lie.
pub fn read(input: impl BufRead, place: Place<'_>, report: &mut Report) -> Contents {
    // Headers and long names come on top of what the files hold.
    let limit = report.budget.saturating_mul(2);
    let mut unpack =
        Unpack { contents: Contents::default(), place, report, entries: 0, left: MAX_TOTAL };
    let mut tar = Tar::new(Gzip::new(input).take(limit));
    let whole = unpack.entries(&mut tar);
    let Unpack { mut contents, entries, .. } = unpack;
    contents.whole = whole;
    if whole {
        if entries == 0 {
            contents.whole = false;
            report.fault(
                &ARCHIVE_UNREADABLE,
                place,
                Verdict::HIDDEN,
                "the archive holds no file",
                "pack the chart's folder: `helm package FOLDER`",
            );
        }
        let ended = tar.ended;
        let mut rest = tar.into_inner();
        let behind = io::copy(&mut rest, &mut NonZero(0)).is_err();
        damage(&rest.into_inner().flaws, ended, behind, place, report);
    } else {
        header(&tar.into_inner().into_inner().flaws, place, report);
    }
    contents
}

struct Unpack<'r, 'p> {
    contents: Contents,
    place: Place<'p>,
    report: &'r mut Report,
    entries: usize,
    /// What Helm still unpacks.
    left: u64,
}

impl Unpack<'_, '_> {
    /// Reads all entries; false when that was not possible.
    fn entries(&mut self, tar: &mut Tar<impl Read>) -> bool {
        loop {
            let entry = match tar.entry() {
                Ok(Some(entry)) => entry,
                Ok(None) => return true,
                Err(broken) => return self.broken(&broken),
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
                Err(broken) => return self.broken(&broken),
            }
        }
    }

    /// Reads one entry; false when Helm, or this program, reads no further.
    fn entry(&mut self, entry: &Entry, tar: &mut Tar<impl Read>) -> Result<bool, Broken> {
        let name = String::from_utf8_lossy(&entry.name);
        let shown = name.escape_debug();
        let path = match inside(&name) {
            Ok(path) => path,
            Err(refusal) => {
                let (what, help) = refusal.words();
                let what = format!("`{shown}` {what}");
                self.report.fault(&ARCHIVE_PATH, self.place, Verdict::HIDDEN, what, help);
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
            self.report.fault(&ARCHIVE_LIMIT, self.place, Verdict::HIDDEN, what, help);
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
                let letter = char::from(letter).escape_debug();
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
        self.report.fault(&ARCHIVE_LIMIT, self.place, Verdict::HIDDEN, what, help);
    }

    /// Says why the rest is not looked at, which is no matter of Helm.
    fn stop(&mut self, why: &str) -> bool {
        let what = format!("{why}; hzgchart reads no further");
        let help = "pack the chart with less in it";
        self.report.fault(&ARCHIVE_UNREADABLE, self.place, Verdict::TAKEN, what, help);
        false
    }

    fn broken(&mut self, broken: &Broken) -> bool {
        let what = match broken {
            Broken::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                "the archive breaks off".to_owned()
            }
            Broken::Io(error) => error.to_string(),
            Broken::Header => "a tar header is damaged".to_owned(),
            Broken::LongName => "a name takes more than a megabyte".to_owned(),
        };
        let help = "download or pack the chart again";
        self.report.fault(&ARCHIVE_UNREADABLE, self.place, Verdict::HIDDEN, what, help);
        false
    }
}

/// Takes bytes until one is not 0, or there are a megabyte of them.
struct NonZero(usize);

impl io::Write for NonZero {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        match bytes.iter().all(|b| *b == 0) && self.0 < 1 << 20 {
            true => Ok(bytes.len()),
            false => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reports what Helm does not look at behind the last file.
fn damage(flaws: &Flaws, ended: bool, behind: bool, place: Place<'_>, report: &mut Report) {
    header(flaws, place, report);
    let mut warn = |what: &str| {
        let help = "download or pack the chart again: other programs refuse the archive";
        report.fault(&ARCHIVE_DAMAGED, place, Verdict::TAKEN, what, help);
    };
    if flaws.checksum {
        warn("the gzip checksum is wrong, which Helm does not look at");
    } else if flaws.length {
        warn("the gzip length is wrong, which Helm does not look at");
    } else if flaws.trailer {
        warn("the gzip checksum at the end is missing: the archive was cut");
    } else if flaws.garbage {
        warn("other bytes follow the end of the gzip stream");
    } else if behind {
        warn("other data follows the end of the tar archive, which Helm does not read");
    }
    if !ended {
        warn("the tar archive does not end with two blocks of zeros: it may have been cut");
    }
}

/// Reports what is odd in the gzip header.
fn header(flaws: &Flaws, place: Place<'_>, report: &mut Report) {
    if let Some(extra) = &flaws.extra {
        let id = extra.id.escape_ascii();
        let what = match extra.length {
            Some(length) => format!(
                "the gzip header's extra field of {} bytes is malformed: its subfield `{id}` states {length} bytes, and {} are left",
                extra.field, extra.left
            ),
            None => format!(
                "the gzip header's extra field of {} bytes is malformed: its last {} are no subfield",
                extra.field, extra.left
            ),
        };
        let help = "Helm before 4.2.4 writes it, and strict readers (Java, Bazel) refuse it; pack the chart with `hzgchart package` or with Helm 4.2.4";
        report.fault(&GZIP_EXTRA, place, Verdict::TAKEN, what, help);
    }
    if flaws.reserved {
        let what = "the gzip header sets flags that RFC 1952 reserves";
        let help = "pack the chart again: strict readers refuse the archive";
        report.fault(&ARCHIVE_DAMAGED, place, Verdict::TAKEN, what, help);
    }
}
