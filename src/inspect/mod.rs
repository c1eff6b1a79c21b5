//! Looks at any packaged chart as both majors of Helm would, and says the reason that Helm 4 hides.
//!
//! ```text
//! .tgz ── gzip ── tar ──┐            ┌─ Chart.yaml, dependencies
//! .zip ─────────────────┼─ contents ─┼─ values.yaml, values.schema.json
//! folder, .helmignore ──┘            ├─ templates, crds
//!                                    └─ the size of a release
//! ```
//!
//! The rules are those of Helm 3.17.3 and 4.1.4, found in their source and tried with the programs.

mod actions;
mod annotations;
mod archive;
mod blocks;
mod chart_yaml;
mod charts;
mod contents;
mod damage;
mod dependencies;
mod entry_path;
mod files;
mod folder;
mod functions;
mod gzip;
mod handed_on;
mod helmignore;
mod identity;
mod literals;
mod metadata;
mod ours;
mod operands;
mod people;
mod pipelines;
mod re2;
mod report;
mod schema;
mod schema_reference;
mod schema_walk;
mod size;
mod tar;
mod tar_header;
mod templates;
mod tgz;
mod values;
mod verdict;
mod version;
mod yaml;
mod zip;

pub use archive::{Archive, archive};
pub(crate) use files::files;
pub(crate) use handed_on::metadata_of;
pub use ours::values_of_ours;
pub(crate) use report::shown;
pub use verdict::{Answer, Verdict};
pub use version::parse as parse_version;

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Seek};
use std::path::Path;

use crate::error::Error;
use crate::finding::Finding;
use crate::rules::ARCHIVE_UNREADABLE;

use self::contents::{Chart, Contents};
use self::metadata::Metadata;
use self::report::{Place, Report};

/// A chart that was looked at.
#[derive(Debug)]
pub struct Inspected {
    /// What it lies in.
    pub form: Form,
    /// The chart's name, if it says one.
    pub name: Option<String>,
    /// The chart's version, as Helm reads it.
    pub version: Option<String>,
    /// How many files Helm loads.
    pub files: usize,
    /// Their bytes.
    pub size: u64,
    /// The bytes of the archive; of a folder 0.
    pub packed: u64,
    /// About how many bytes a release of it takes in its Secret; what it renders to is estimated.
    pub release: u64,
    /// What both Helms do, all findings taken together.
    pub verdict: Verdict,
    /// What is wrong, by source, line, column, rule and message.
    pub findings: Vec<Finding>,
}

/// What a chart lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A `.tgz`, as Helm installs it.
    Tgz,
    /// A `.zip`, as the vendor ships it, to unpack first.
    Zip,
    /// A folder.
    Folder,
}

/// So many bytes are unpacked at most, the archives inside an archive included. Helm's limit for
/// one archive is [`MAX_TOTAL`](crate::chart::MAX_TOTAL).
const BUDGET: u64 = 120 * 1024 * 1024;

/// Looks at a chart.
///
/// # Errors
/// When the file or a file of the folder cannot be read.
pub fn inspect(path: &Path) -> Result<Inspected, Error> {
    let (form, packed, contents, report) = open(path)?;
    Ok(finish(form, packed, &contents, report))
}

/// Reads a chart, whatever it lies in: its form, the bytes of the archive, its files, and what is wrong so far.
fn open(path: &Path) -> Result<(Form, u64, Contents, Report), Error> {
    let read = |source| Error::Io { action: "read", path: path.to_owned(), source };
    let metadata = fs::metadata(path).map_err(read)?;
    let name = path.display().to_string();
    if metadata.is_dir() {
        let name = name.trim_end_matches('/').to_owned();
        let mut report = Report::new(name, '/', BUDGET);
        let contents = folder::read(path, &mut report)?;
        return Ok((Form::Folder, 0, contents, report));
    }
    let file = BufReader::new(File::open(path).map_err(read)?);
    open_archive(name, metadata.len(), file).map_err(read)
}

/// Reads an archive of so many bytes.
fn open_archive(
    name: String,
    size: u64,
    mut file: impl BufRead + Seek,
) -> io::Result<(Form, u64, Contents, Report)> {
    let mut report = Report::new(name, ':', BUDGET);
    let start = file.fill_buf()?;
    if start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06") {
        file.rewind()?;
        let contents = zip::read(file, size, &mut report);
        return Ok((Form::Zip, size, contents, report));
    }
    let contents = if start.starts_with(gzip::MAGIC) {
        tgz::read(file, Place::Whole, &mut report)
    } else {
        let (what, help) = not_gzip(start);
        report.fault(&ARCHIVE_UNREADABLE, Place::Whole, Verdict::REFUSED, what, help);
        Contents::default()
    };
    Ok((Form::Tgz, size, contents, report))
}

/// What a file is instead of a gzip archive.
fn not_gzip(start: &[u8]) -> (&'static str, &'static str) {
    let pack = "pack the chart's folder: `hzgchart package`, `helm package FOLDER`";
    match start {
        [] => ("the file is empty", "download or pack the chart again"),
        _ if start.get(257..262) == Some(b"ustar") => {
            ("a tar archive that is not compressed", "compress it: `gzip -n chart.tar`")
        }
        _ if start.is_ascii() => ("a text, not an archive", pack),
        _ => ("no gzip archive", pack),
    }
}

/// Checks what was read.
fn finish(form: Form, packed: u64, contents: &Contents, mut report: Report) -> Inspected {
    let Metadata { name, version, .. } = check(&contents.chart(), 0, &mut report);
    let release = size::check(contents, &mut report);
    Inspected {
        form,
        name,
        version,
        files: contents.files.len(),
        size: contents.size(),
        packed,
        release,
        verdict: report.verdict,
        findings: report.finish(),
    }
}

/// Checks a chart; `depth` counts the charts that it lies in.
fn check(chart: &Chart<'_>, depth: usize, report: &mut Report) -> Metadata {
    let metadata = metadata::check(chart, report);
    let charts = dependencies::check_charts(chart, &metadata, depth, report);
    let schema = schema::read(chart, report);
    values::check_values(chart, schema.as_ref(), &charts, report);
    templates::check(chart, report);
    metadata
}
