//! A chart's folder into the files that Helm loads from it.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::chart::{MAX_FILE, MAX_TOTAL};
use crate::error::Error;
use crate::rules::{ARCHIVE_LIMIT, FOLDER_ENTRY, HELMIGNORE_INVALID, HELMIGNORE_NEGATION};
use crate::source::Origin;

use super::contents::Contents;
use super::helmignore::{Flaw, Helmignore};
use super::report::{Place, Report};
use super::verdict::Verdict;

/// So deep are folders looked into; the system's own limit of a path comes earlier, mostly.
const MAX_DEPTH: usize = 100;

/// More files than this are not looked at.
const MAX_FILES: usize = 50_000;

/// Reads a folder as Helm does: links are followed, `.helmignore` is heeded.
///
/// # Errors
/// When a file or a folder cannot be read.
pub fn read(folder: &Path, report: &mut Report) -> Result<Contents, Error> {
    if fs::metadata(folder.join(METADATA)).is_err() {
        return near(folder);
    }
    let mut walk = Walk {
        rules: Helmignore::default(),
        contents: Contents { whole: true, ..Contents::default() },
        size: 0,
        around: Vec::new(),
        report,
    };
    let file = folder.join(".helmignore");
    if file.is_file() {
        let bytes = read_file(&file, MAX_FILE)?;
        walk.rules = rules(&String::from_utf8_lossy(&bytes), walk.report);
    } else {
        walk.rules = Helmignore::parse("", |_, _| {});
    }
    walk.folder(folder, "")?;
    Ok(walk.contents)
}

/// What makes a folder a chart.
const METADATA: &str = "Chart.yaml";

/// What a folder without metadata has in its place. No more is read: it is no chart, and may be a home or a disk.
fn near(folder: &Path) -> Result<Contents, Error> {
    let failed = |source| Error::Io { action: "read", path: folder.to_owned(), source };
    let mut contents = Contents { whole: true, ..Contents::default() };
    let mut names = fs::read_dir(folder)
        .and_then(|entries| {
            entries.map(|entry| Ok(entry?.file_name())).collect::<io::Result<Vec<_>>>()
        })
        .map_err(failed)?;
    names.sort();
    for name in names {
        let shown = name.to_string_lossy();
        if shown.eq_ignore_ascii_case(METADATA) || shown.eq_ignore_ascii_case("chart.yml") {
            contents.add(shown.into_owned(), Vec::new());
        } else if folder.join(&name).join(METADATA).is_file() {
            contents.add(format!("{shown}/{METADATA}"), Vec::new());
        }
    }
    Ok(contents)
}

/// Reads `.helmignore`, and reports what is wrong with it.
pub fn rules(text: &str, report: &mut Report) -> Helmignore {
    let source = report.add_source(".helmignore", text.to_owned());
    Helmignore::parse(text, |line, flaw| {
        let place = Place::At(Origin { source, line, column: 1 });
        let (rule, verdict, what, help) = match flaw {
            Flaw::DoubleStar => (
                &HELMIGNORE_INVALID,
                Verdict::REFUSED,
                "`**`, which Helm does not read",
                "a pattern without `/` matches at every depth: write `*.md` for `**/*.md`",
            ),
            Flaw::Malformed => (
                &HELMIGNORE_INVALID,
                Verdict::REFUSED,
                "a pattern that is not well formed",
                "close every `[`, and write `\\\\` for a backslash",
            ),
            Flaw::Negation => (
                &HELMIGNORE_NEGATION,
                Verdict::TAKEN,
                "to Helm `!` ignores everything that does not match, not what git keeps",
                "delete the line, and write the other patterns so that they do not match the file",
            ),
        };
        report.fault(rule, place, verdict, what, help);
    })
}

struct Walk<'r> {
    rules: Helmignore,
    contents: Contents,
    size: u64,
    /// The folders around the current place, links resolved.
    around: Vec<PathBuf>,
    report: &'r mut Report,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &Path, inside: &str) -> Result<(), Error> {
        let failed = |source| Error::Io { action: "read", path: folder.to_owned(), source };
        let real = fs::canonicalize(folder).map_err(failed)?;
        if self.around.contains(&real) || self.around.len() == MAX_DEPTH {
            let what = "a folder that leads back into itself by a link, or is nested too deep";
            let help = "delete the link";
            self.report.fault(&FOLDER_ENTRY, Place::File(inside), Verdict::REFUSED, what, help);
            self.contents.whole = false;
            return Ok(());
        }
        self.around.push(real);
        let mut entries = fs::read_dir(folder)
            .and_then(Iterator::collect::<io::Result<Vec<_>>>)
            .map_err(failed)?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let inside =
                if inside.is_empty() { name.into_owned() } else { format!("{inside}/{name}") };
            self.entry(&entry.path(), inside)?;
        }
        self.around.pop();
        Ok(())
    }

    fn entry(&mut self, path: &Path, inside: String) -> Result<(), Error> {
        let Ok(metadata) = fs::metadata(path) else {
            if !self.rules.ignores(&inside, false) {
                self.refuse(
                    &inside,
                    "a link that leads nowhere, or in a circle",
                    "delete the link",
                );
            }
            return Ok(());
        };
        if self.rules.ignores(&inside, metadata.is_dir()) {
            return Ok(());
        }
        if metadata.is_dir() {
            return self.folder(path, &inside);
        }
        if !metadata.is_file() {
            self.refuse(
                &inside,
                "a pipe, a device or a socket",
                "delete it, or ignore it in `.helmignore`",
            );
            return Ok(());
        }
        if metadata.len() > MAX_FILE {
            let what = format!(
                "{} bytes; Helm loads no file above {MAX_FILE} bytes (5 MiB)",
                metadata.len()
            );
            let help = "ignore it in `.helmignore`, or put it into an image";
            self.report.fault(&ARCHIVE_LIMIT, Place::File(&inside), Verdict::REFUSED, what, help);
            return Ok(());
        }
        self.size += metadata.len();
        if self.size >= MAX_TOTAL || self.contents.files.len() >= MAX_FILES {
            if self.contents.whole {
                let what = format!(
                    "the folder has {MAX_TOTAL} bytes (100 MiB) or more, or more than {MAX_FILES} files: its package would not load; hzgchart reads no further"
                );
                let help = "ignore large files in `.helmignore`";
                self.report.note(&ARCHIVE_LIMIT, Place::Whole, &what, help);
            }
            self.contents.whole = false;
            return Ok(());
        }
        self.contents.add(inside, read_file(path, MAX_FILE)?);
        Ok(())
    }

    fn refuse(&mut self, inside: &str, what: &str, help: &str) {
        self.report.fault(&FOLDER_ENTRY, Place::File(inside), Verdict::REFUSED, what, help);
    }
}

fn read_file(path: &Path, limit: u64) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(limit).read_to_end(&mut bytes))
        .map_err(|source| Error::Io { action: "read", path: path.to_owned(), source })?;
    Ok(bytes)
}
