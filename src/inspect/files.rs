//! The files of a chart for those who want what is in it, not whether Helm takes it.

use std::path::Path;

use indexmap::IndexMap;

use crate::error::{Error, Problem};
use crate::finding::Severity;
use crate::rules::{ARCHIVE_ENTRY, ARCHIVE_ZIP, GZIP_EXTRA, HELMIGNORE_NEGATION};

use super::{open, ours};

/// What a chart holds.
pub struct Files {
    /// The files by their path inside the chart's folder, byte order marks taken off.
    pub files: IndexMap<String, Vec<u8>>,
    /// What was odd about reading them.
    pub problems: Vec<Problem>,
    /// Whether hzgchart packaged it: `Ok`, or in what it differs from what this version packages.
    pub ours: Result<(), String>,
}

/// Reads a chart's files, whatever it lies in. Nothing is written anywhere.
///
/// # Errors
/// [`Error::Io`] when it cannot be read; [`Error::Invalid`] when it is damaged, dangerous to unpack, or too large: half a chart
/// would be taken for a whole one.
pub fn files(path: &Path) -> Result<Files, Error> {
    let (_, _, contents, report) = open(path)?;
    let ours = ours::first_other(&contents).map_or(Ok(()), Err);
    let (errors, odd): (Vec<_>, Vec<_>) =
        report.finish().into_iter().partition(|finding| finding.severity() == Severity::Error);
    if !errors.is_empty() {
        return Err(Error::Invalid(errors.into_iter().map(|finding| finding.problem).collect()));
    }
    // Only Helm minds the first three. A name that is not UTF-8 matters only where the file does.
    let minor = [ARCHIVE_ZIP.id, GZIP_EXTRA.id, HELMIGNORE_NEGATION.id];
    let problems = odd.into_iter().filter(|finding| !minor.contains(&finding.rule.id));
    let problems = problems.filter(|finding| {
        let place = finding.problem.location.as_ref();
        let is_mangled =
            place.is_some_and(|place| place.source.contains(char::REPLACEMENT_CHARACTER));
        !(finding.rule.id == ARCHIVE_ENTRY.id && is_mangled)
    });
    let problems = problems.map(|finding| finding.problem).collect();
    Ok(Files { files: contents.files, problems, ours })
}
