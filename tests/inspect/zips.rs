//! Charts as zips, the vendor's shape.

use std::fs;
use std::io::{Cursor, Write};

use hzgchart::inspect::{Form, inspect};
use tempfile::tempdir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::pack::{CHART, files};
use super::text;

/// A zip of files with these names.
pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).expect("the name is short");
        zip.write_all(bytes).expect("writing to memory cannot fail");
    }
    zip.finish().expect("writing to memory cannot fail").into_inner()
}

fn sound() -> Vec<u8> {
    let files = files();
    let named: Vec<(String, &[u8])> =
        files.iter().map(|(path, bytes)| (format!("t/{path}"), bytes.as_slice())).collect();
    let named: Vec<(&str, &[u8])> = named.iter().map(|(n, b)| (n.as_str(), *b)).collect();
    zip(&named)
}

fn check(name: &str, bytes: &[u8]) {
    let folder = tempdir().expect("the temporary folder is writable");
    let path = folder.path().join(format!("{name}.zip"));
    fs::write(&path, bytes).expect("the folder is writable");
    let inspected = inspect(&path).expect("the file can be read");
    assert_eq!(inspected.form, Form::Zip);
    insta::with_settings!({snapshot_path => "../snapshots/inspect", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!(format!("zip-{name}"), text(&inspected, folder.path()));
    });
}

/// Replaces bytes in both of a zip's headers.
pub fn replaced(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    while let Some(at) = bytes.windows(from.len()).position(|window| window == from) {
        bytes[at..at + from.len()].copy_from_slice(to);
    }
    bytes
}

#[test]
fn reads_the_folder_in_a_zip() {
    check("no-fault", &sound());
    check("cut", &sound()[..200]);
    check("leading-out", &zip(&[("t/Chart.yaml", CHART.as_bytes()), ("t/../../x", b"x")]));
    check("four-parts", &zip(&[("t/Chart.yaml", b"apiVersion: v2\nname: t\nversion: 10.0.3.0\n")]));
    check(
        "beside-other-files",
        &zip(&[("notes.txt", b"x"), ("deep/t/Chart.yaml", CHART.as_bytes())]),
    );
    check("without-a-chart", &zip(&[("t/values.yaml", b"a: 1\n")]));
    check("name-in-gbk", &replaced(sound(), b"t/values.yaml", b"t/\xbb\xee\xd7\xd6\xb8\xf1.yaml"));
    let mut encrypted = sound();
    for (signature, flags) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        let at = encrypted.windows(4).position(|window| window == signature).expect("a header");
        encrypted[at + flags] |= 1;
    }
    check("encrypted", &encrypted);
    check("bomb", &zip(&[("t/Chart.yaml", CHART.as_bytes()), ("t/zeros", &vec![0; 6 << 20])]));
}
