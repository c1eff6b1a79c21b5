//! Damage to an archive that Helm does not notice, and others do.

use std::io;

use crate::rules::{ARCHIVE_DAMAGED, GZIP_EXTRA};

use super::gzip::Flaws;
use super::report::{Place, Report};
use super::verdict::Verdict;

/// What stands behind the last file of a tar archive.
pub enum Rest {
    /// Zeros to the end.
    Zeros,
    /// Something else, or zeros without an end.
    Other,
    /// It cannot be read to the end.
    Cut,
}

impl Rest {
    /// Reads it.
    pub fn of(mut archive: &mut impl io::Read) -> Self {
        let mut zeros = Zeros::default();
        match io::copy(&mut archive, &mut zeros) {
            Ok(_) => Self::Zeros,
            Err(_) if zeros.are_over => Self::Other,
            Err(_) => Self::Cut,
        }
    }
}

/// Takes bytes until one is not 0, or there are a megabyte of them.
#[derive(Default)]
struct Zeros {
    taken: usize,
    are_over: bool,
}

impl io::Write for Zeros {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.taken += bytes.len();
        self.are_over = self.taken >= 1 << 20 || bytes.iter().any(|b| *b != 0);
        if self.are_over { Err(io::ErrorKind::InvalidData.into()) } else { Ok(bytes.len()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reports what Helm does not look at behind the last file.
pub fn damage(flaws: &Flaws, ended: bool, rest: &Rest, place: Place<'_>, report: &mut Report) {
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
    } else if matches!(rest, Rest::Other) {
        warn("other data follows the end of the tar archive, which Helm does not read");
    } else if matches!(rest, Rest::Cut) {
        warn("the gzip stream breaks off behind the last file: the archive was cut");
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

#[cfg(test)]
mod tests {
    use std::io::{self, Cursor, Read};

    use super::Rest;

    /// Zeros, and then an error.
    struct Broken(io::Take<io::Repeat>);

    impl Read for Broken {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            match self.0.read(buffer)? {
                0 => Err(io::ErrorKind::UnexpectedEof.into()),
                length => Ok(length),
            }
        }
    }

    #[test]
    fn tells_what_is_cut_from_what_goes_on() {
        assert!(matches!(Rest::of(&mut Cursor::new([0; 1024])), Rest::Zeros));
        assert!(matches!(Rest::of(&mut Cursor::new(b"\0\0x")), Rest::Other));
        assert!(matches!(Rest::of(&mut io::repeat(0)), Rest::Other));
        assert!(matches!(Rest::of(&mut Broken(io::repeat(0).take(100))), Rest::Cut));
    }
}
