//! Damage to an archive that Helm does not notice, and others do.

use std::io;

use crate::rules::{ARCHIVE_DAMAGED, GZIP_EXTRA};

use super::gzip::Flaws;
use super::report::{Place, Report};
use super::verdict::Verdict;

/// Takes bytes until one is not 0, or there are a megabyte of them.
#[derive(Default)]
pub struct NonZero(usize);

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
pub fn damage(flaws: &Flaws, ended: bool, behind: bool, place: Place<'_>, report: &mut Report) {
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
pub fn header(flaws: &Flaws, place: Place<'_>, report: &mut Report) {
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
