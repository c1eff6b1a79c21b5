//! A `.zip` with one folder in it: a chart to edit, as the vendor ships its chart, or any files.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipWriter};

use crate::chart::Chart;

/// How hard the files are compressed: the fastest level, 1 of 9.
const LEVEL: i64 = 1;

/// Packs a chart. `mtime` is the time of its files in seconds since 1970, written as UTC; zip
/// knows the years 1980 to 2107 and even seconds, the nearest are taken.
pub fn pack(chart: &Chart, mtime: u64) -> Vec<u8> {
    let files: Vec<_> = chart.files().map(|(path, content)| (path, content.bytes())).collect();
    let files = files.iter().map(|(path, bytes)| (path.as_str(), &**bytes, PLAIN));
    pack_files(chart.name().as_str(), files, mtime)
}

/// Permissions of a file that is read.
pub const PLAIN: u32 = 0o644;
/// Permissions of a script.
pub const EXECUTABLE: u32 = 0o755;

/// Packs files into one folder, each by its path below that, its bytes and its permissions, in this order. Paths are there once and
/// shorter than 64 KiB. `mtime` is as of [`pack`].
pub fn pack_files<'f>(
    folder: &str,
    files: impl Iterator<Item = (&'f str, &'f [u8], u32)>,
    mtime: u64,
) -> Vec<u8> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(LEVEL))
        // Named, or it would be that of the machine.
        .system(System::Unix)
        .last_modified_time(date_time(mtime));
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes, mode) in files {
        zip.start_file(format!("{folder}/{path}"), options.unix_permissions(mode))
            .expect("names are short and there once");
        zip.write_all(bytes).expect("writing to memory cannot fail");
    }
    zip.finish().expect("writing to memory cannot fail").into_inner()
}

/// 1980-01-01 and 2107-12-31T23:59:58, in seconds since 1970.
const RANGE: (u64, u64) = (315_532_800, 4_354_819_198);

fn date_time(mtime: u64) -> DateTime {
    let seconds = mtime.clamp(RANGE.0, RANGE.1);
    let (year, month, day) = super::time::date(seconds / 86_400);
    let part = |divisor: u64, modulus: u64| (seconds / divisor % modulus) as u8;
    DateTime::from_date_and_time(year, month, day, part(3600, 24), part(60, 60), part(1, 60))
        .expect("the years are those of zip")
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use zip::{CompressionMethod, ZipArchive};

    use super::{date_time, pack};
    use crate::archive::DEFAULT_MTIME;
    use crate::archive::time::date;
    use crate::chart::tests::sample;

    #[test]
    fn unpacks_to_the_chart_in_order() {
        let mut chart = sample();
        chart.insert("文档/说明.md", "活字格").unwrap();
        let mut zip = ZipArchive::new(Cursor::new(pack(&chart, DEFAULT_MTIME))).unwrap();
        assert_eq!(zip.len(), chart.files().len());
        for (i, (path, packed)) in chart.files().enumerate() {
            let mut file = zip.by_index(i).unwrap();
            assert_eq!(file.name().unwrap(), format!("forguncy-k8s-server/{path}"));
            assert_eq!(file.unix_mode(), Some(0o100_644));
            assert_eq!(file.compression(), CompressionMethod::Deflated);
            let mut content = Vec::new();
            file.read_to_end(&mut content).unwrap();
            assert_eq!(content, *packed.bytes());
        }
    }

    #[test]
    fn writes_plain_headers_with_the_time_in_utc() {
        let zip = pack(&sample(), DEFAULT_MTIME);
        // Signature, version 2.0, no flags, deflate, 00:00:00 on 1980-02-01.
        assert_eq!(zip[..14], *b"PK\x03\x04\x14\0\0\0\x08\0\0\0\x41\0");
        let central = zip.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
        assert_eq!(zip[central + 5], 3, "made on Unix, whatever the system");
    }

    #[test]
    fn marks_names_beyond_ascii_as_utf_8() {
        let mut chart = sample();
        chart.insert("templates/活.txt", "").unwrap();
        let zip = pack(&chart, 0);
        let name = "forguncy-k8s-server/templates/活.txt".as_bytes();
        let at = zip.windows(name.len()).position(|w| w == name).unwrap();
        assert_eq!(u16::from_le_bytes([zip[at - 24], zip[at - 23]]) & 0x800, 0x800);
    }

    #[test]
    fn packs_the_same_bytes_twice() {
        assert_eq!(pack(&sample(), 1), pack(&sample(), 1));
    }

    #[test]
    fn knows_the_calendar() {
        assert_eq!(date(0), (1970, 1, 1));
        assert_eq!(date(3_652), (1980, 1, 1));
        assert_eq!(date(11_016), (2000, 2, 29));
        assert_eq!(date(20_453), (2025, 12, 31));
        assert_eq!(date(47_540), (2100, 2, 28));
        assert_eq!(date(47_541), (2100, 3, 1));
    }

    #[test]
    fn takes_the_nearest_time_that_zip_knows() {
        assert_eq!(date_time(0).to_string(), "1980-01-01 00:00:00");
        assert_eq!(date_time(1_700_000_001).to_string(), "2023-11-14 22:13:20");
        assert_eq!(date_time(u64::MAX).to_string(), "2107-12-31 23:59:58");
    }
}
