//! Hostile charts cost little memory, come to an end, and never end in a panic.

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use hzgchart::inspect::{Inspected, inspect};
use tempfile::tempdir;

use super::cases::cases;
use super::pack::{end, entries, entry, files, gzip, over, tgz, with};

fn look(place: &Path, bytes: &[u8]) -> Inspected {
    let path = place.join("chart.tgz");
    fs::write(&path, bytes).expect("the folder is writable");
    inspect(&path).expect("the file can be read")
}

/// What the process has taken at most, in bytes.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux has it");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("Linux has it");
    let kib = line.split_whitespace().nth(1).and_then(|n| n.parse::<u64>().ok());
    kib.expect("a number") * 1024
}

/// A block over and over, compressed.
fn repeated(start: &[u8], block: &[u8], times: usize) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(start).expect("memory");
    for _ in 0..times {
        gzip.write_all(block).expect("memory");
    }
    gzip.finish().expect("memory")
}

#[test]
fn survives_bombs() {
    let place = tempdir().expect("the temporary folder is writable");
    let look = |bytes: &[u8]| look(place.path(), bytes);
    let start = entries("t/", &files());
    let rules = |inspected: Inspected| -> Vec<&str> {
        inspected.findings.iter().map(|finding| finding.rule.name).collect()
    };
    let block = vec![0; 1 << 20];
    // A quarter of a gigabyte behind the end of the tar archive.
    look(&repeated(&end(start.clone()), &block, 256));
    // A file of eight gigabytes, in its header and in truth one.
    let mut huge = entry(b"t/huge", b'0', b"");
    huge[124..136].copy_from_slice(b"77777777777\0");
    let inspected = look(&repeated(&[start.clone(), huge].concat(), &block, 16));
    assert!(!rules(inspected).is_empty());
    // A hundred thousand empty files, and as many of one name.
    let many: Vec<u8> =
        (0..100_000).flat_map(|i| entry(format!("t/{i}").as_bytes(), b'0', b"")).collect();
    assert!(rules(look(&gzip(&many))).contains(&"archive-unreadable"));
    assert!(
        rules(look(&repeated(&start, &entry(b"t/x", b'0', b""), 100_000)))
            .contains(&"archive-unreadable")
    );
    // A hundred thousand paths that Helm refuses.
    let inspected = look(&repeated(&start, &entry(b"t/../x", b'0', b""), 100_000));
    assert!(inspected.findings.len() < 60);
    // Archives in archives, each a hundred megabytes.
    let zeros = vec![0; 5 << 20];
    let inner = tgz(&(0..19).map(|i| (format!("files/{i}"), zeros.clone())).collect::<Vec<_>>());
    let outer: Vec<_> = (0..50).map(|i| (format!("charts/{i}.tgz"), inner.clone())).collect();
    assert!(rules(look(&tgz(&outer))).contains(&"archive-unreadable"));
}

#[test]
fn survives_texts_made_to_hurt() {
    let place = tempdir().expect("the temporary folder is writable");
    let look = |files: &[(String, Vec<u8>)]| look(place.path(), &tgz(files));
    let long = |text: &str| text.repeat((1 << 17) / text.len());
    for text in [
        "{{",
        "{{ env }}",
        "{{ end }}",
        "{{/*",
        "{{ \"",
        "{{ if x }}",
        "{{`",
        "{{-",
        "[",
        "a: {",
        "- ",
        "\n---\n",
        "&a [*a, ",
        "é",
    ] {
        let text = long(text);
        look(&with("templates/a.yaml", &text));
        look(&with("values.yaml", &text));
        look(&with("Chart.yaml", &text));
        look(&with("values.schema.json", &text));
        look(&with(".helmignore", &text));
        look(&with("crds/a.yaml", &text));
        look(&with("Chart.lock", &text));
    }
    let keys: String = (0..100_000).map(|i| format!("k{i}: 1\n")).collect();
    look(&with("Chart.yaml", &keys));
    let dependencies: String = (0..20_000).map(|i| format!("- {{name: d{i}}}\n")).collect();
    look(&with("Chart.yaml", format!("name: t\nversion: 1.0.0\ndependencies:\n{dependencies}")));
    let schema = format!(
        "{{\"properties\": {{{}}}}}",
        (0..50_000).map(|i| format!("\"p{i}\": {{\"type\": \"x\"}}")).collect::<Vec<_>>().join(",")
    );
    look(&over(&[("values.schema.json", &schema)]));
    look(&over(&[(
        "values.schema.json",
        r##"{"$ref": "#", "definitions": {"a": {"$ref": "#/definitions/a"}}}"##,
    )]));
    let deep: String = (0..3000).map(|_| "charts/a/").collect();
    look(&[(format!("{}x", &deep[..90]), b"x".to_vec())]);
}

#[test]
fn survives_every_case_cut_and_flipped() {
    let place = tempdir().expect("the temporary folder is writable");
    let mut state = 7_u64;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) as usize % below.max(1)
    };
    for (_, bytes) in cases().into_iter().filter(|(_, bytes)| (1..20_000).contains(&bytes.len())) {
        for _ in 0..8 {
            let mut broken = bytes.clone();
            let at = random(broken.len());
            broken[at] ^= 1 << random(8);
            look(place.path(), &broken);
            look(place.path(), &bytes[..at]);
        }
    }
}

/// Runs in a process of its own, so that what other tests take is not counted.
#[test]
fn stays_below_256_mib() {
    const NAME: &str = "inspect::hostile::stays_below_256_mib";
    if std::env::var_os("HZGCHART_ALONE").is_none() {
        let program = std::env::current_exe().expect("it runs");
        let mut alone = std::process::Command::new(program);
        let status = alone.args(["--exact", NAME]).env("HZGCHART_ALONE", "1").status();
        assert!(status.expect("it runs").success());
        return;
    }
    let place = tempdir().expect("the temporary folder is writable");
    // Nearly a hundred mebibytes of zeros, and templates full of faults.
    for (folder, unit, count) in [("files", "\0", 19), ("templates", "{{ env }}", 4)] {
        let content = unit.repeat((5 << 20) / unit.len()).into_bytes();
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(&entries("t/", &files())).expect("memory");
        for i in 0..count {
            gzip.write_all(&entry(format!("t/{folder}/{i}.yaml").as_bytes(), b'0', &content))
                .expect("memory");
        }
        look(place.path(), &gzip.finish().expect("memory"));
    }
    let taken = peak();
    assert!(taken < 256 << 20, "{taken}");
}
