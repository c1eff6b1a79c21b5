//! The same input gives the same bytes, wherever, whenever and by whomever it is packaged.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};
use tempfile::tempdir;

use crate::harness::hzgchart::VERSION;
use crate::harness::process::{command, run};
use crate::harness::project;

const FORMATS: [&str; 2] = ["tgz", "zip"];

/// What must not show in a package.
struct Surroundings {
    umask: &'static str,
    environment: &'static [(&'static str, &'static str)],
}

/// Packages the same values in `folder` and gives back the path and the digest that were printed.
fn package_to(folder: &Path, format: &str, surroundings: &Surroundings) -> (PathBuf, String) {
    fs::create_dir_all(folder.join("out")).expect("the temporary folder is writable");
    fs::write(folder.join("mine.yaml"), "storage: { server: 10.0.0.5 }\n").expect("it is writable");
    let stdout = run(command("sh")
        .args(["-c", &format!("umask {}; exec \"$0\" \"$@\"", surroundings.umask)])
        .arg(env!("CARGO_BIN_EXE_hzgchart"))
        .args(["package", "-f", "mine.yaml", "-d", "out", "--version", VERSION, "--format", format])
        .envs(surroundings.environment.iter().copied())
        .current_dir(folder))
    .success();
    let lines: Vec<&str> = stdout.lines().collect();
    let [path, digest] = lines[..] else { panic!("not a path and a digest: {stdout:?}") };
    (folder.join(path), digest.to_owned())
}

/// The same, with the package's bytes.
fn package(folder: &Path, format: &str, surroundings: &Surroundings) -> (Vec<u8>, String) {
    let (path, digest) = package_to(folder, format, surroundings);
    (fs::read(path).expect("the package is there"), digest)
}

#[test]
fn a_package_is_the_same_in_another_folder_umask_time_zone_language_and_second() {
    let (one, other) = (tempdir().expect("writable"), tempdir().expect("writable"));
    let here = Surroundings { umask: "022", environment: &[("TZ", "UTC"), ("LANG", "C")] };
    let there = Surroundings {
        umask: "077",
        environment: &[
            ("TZ", "Asia/Shanghai"),
            ("LANG", "zh_CN.UTF-8"),
            ("LC_ALL", "zh_CN.UTF-8"),
            ("USER", "li"),
        ],
    };
    let first = FORMATS.map(|format| package(one.path(), format, &here));
    // Archives count in whole seconds, zip in pairs of them.
    sleep(Duration::from_millis(2100));
    let deeper = other.path().join("some/other/place");
    let second = FORMATS.map(|format| package(&deeper, format, &there));
    assert!(first == second, "{:?} {:?}", first.map(|f| f.1), second.map(|s| s.1));
}

/// Values may hold passwords.
#[cfg(unix)]
#[test]
fn a_package_is_readable_for_those_whom_the_umask_lets() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    for (umask, files, folders) in
        [("022", 0o644, 0o755), ("027", 0o640, 0o750), ("077", 0o600, 0o700)]
    {
        let place = tempdir().expect("writable");
        let surroundings = Surroundings { umask, environment: &[] };
        let (chart, _) = package_to(place.path(), "dir", &surroundings);
        assert_eq!([mode(&chart), mode(&chart.join("templates"))], [folders; 2], "{umask}");
        assert_eq!(mode(&chart.join("values.yaml")), files, "{umask}");
        let (archive, _) = package_to(place.path(), "tgz", &surroundings);
        assert_eq!(mode(&archive), files, "{umask}");
    }
}

#[test]
fn the_digest_printed_is_the_digest_of_the_file() {
    let folder = tempdir().expect("writable");
    for format in FORMATS {
        let (bytes, digest) =
            package(folder.path(), format, &Surroundings { umask: "022", environment: &[] });
        let hex: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digest, format!("sha256:{hex}"));
    }
}

#[test]
fn source_date_epoch_is_honoured() {
    let folder = tempdir().expect("writable");
    for format in FORMATS {
        let at = |environment| {
            package(folder.path(), format, &Surroundings { umask: "022", environment }).0
        };
        let autumn = at(&[("SOURCE_DATE_EPOCH", "1700000000")]);
        assert!(autumn == at(&[("SOURCE_DATE_EPOCH", "1700000000"), ("TZ", "Asia/Shanghai")]));
        assert!(
            autumn != at(&[("SOURCE_DATE_EPOCH", "1600000000")]),
            "{format} takes no notice of the date"
        );
        if format == "tgz" {
            let mut tar = tar::Archive::new(GzDecoder::new(&autumn[..]));
            for entry in tar.entries().expect("the archive is a tar") {
                let entry = entry.expect("the archive is whole");
                assert_eq!(entry.header().mtime().ok(), Some(1_700_000_000));
            }
        }
    }
}

#[test]
fn the_archive_has_a_valid_gzip_header_and_plain_entries() {
    let folder = tempdir().expect("writable");
    let (bytes, _) =
        package(folder.path(), "tgz", &Surroundings { umask: "077", environment: &[] });
    assert_eq!(&bytes[..3], [0x1f, 0x8b, 8]);
    let mut gzip = GzDecoder::new(&bytes[..]);
    gzip.read_exact(&mut [0; 1]).expect("the archive holds something");
    let header = gzip.header().expect("the header is read");
    assert!(header.extra().is_none_or(is_valid_extra), "the extra field is no list of subfields");
    let mut tar = tar::Archive::new(GzDecoder::new(&bytes[..]));
    for entry in tar.entries().expect("the archive is a tar") {
        let entry = entry.expect("the archive is whole");
        let header = entry.header();
        assert!(header.entry_type().is_file());
        assert_eq!(header.mode().ok(), Some(0o644));
        assert_eq!((header.uid().ok(), header.gid().ok()), (Some(0), Some(0)));
        assert_eq!(header.username(), Ok(Some("")));
    }
}

#[test]
fn zlib_reads_the_archive_too() {
    let folder = tempdir().expect("writable");
    package(folder.path(), "tgz", &Surroundings { umask: "022", environment: &[] });
    let script =
        "import glob, tarfile; print(len(tarfile.open(glob.glob('out/*.tgz')[0]).getnames()))";
    let python = project().join(".tools/python/bin/python");
    let files = run(command(python).args(["-c", script]).current_dir(folder.path())).success();
    assert!(files.trim().parse::<usize>().is_ok_and(|files| files > 20), "{files}");
}

/// RFC 1952, 2.3.1.1: two letters, a length of two bytes, and that many bytes, again and again.
fn is_valid_extra(mut extra: &[u8]) -> bool {
    while let [_, _, low, high, rest @ ..] = extra {
        let length = usize::from(u16::from_le_bytes([*low, *high]));
        let Some(next) = rest.get(length..) else { return false };
        extra = next;
    }
    extra.is_empty()
}
