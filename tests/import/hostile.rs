//! Archives and texts made to hurt: none writes anywhere but where it was told to, hangs, or takes 256 MiB.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use tempfile::tempdir;

use super::vendor;
use crate::harness::process::{command, run};
use crate::inspect::pack::{end, entries, entry, gzip, tgz};
use crate::inspect::zips::{replaced, zip};

/// A file to import: its name, whose ending says what it claims to be, and its bytes.
type Case = (String, Vec<u8>);

fn files() -> Vec<(String, Vec<u8>)> {
    vendor().into_iter().map(|(path, text)| (path, text.into_bytes())).collect()
}

fn with(path: &str, bytes: impl AsRef<[u8]>) -> Vec<(String, Vec<u8>)> {
    let mut files = files();
    files.retain(|(other, _)| other != path);
    files.push((path.to_owned(), bytes.as_ref().to_vec()));
    files
}

fn zipped(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let named: Vec<(String, &[u8])> =
        files.iter().map(|(path, bytes)| (format!("t/{path}"), bytes.as_slice())).collect();
    zip(&named.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect::<Vec<_>>())
}

/// Entries that would leave the folder, or are no files.
fn entries_that_lead_out() -> Vec<Case> {
    let mut cases = Vec::new();
    let paths = [
        "../escaped",
        "t/../../escaped",
        "/tmp/escaped-hzgchart",
        "t//etc/escaped",
        "c:/escaped",
        "t/c:/escaped",
        "t\\..\\..\\escaped",
        "t/..escaped",
    ];
    for (i, path) in paths.into_iter().enumerate() {
        let all = [entries("t/", &files()), entry(path.as_bytes(), b'0', b"x")].concat();
        cases.push((format!("path-{i}.tgz"), gzip(&end(all))));
        let mut named: Vec<(String, Vec<u8>)> =
            files().into_iter().map(|(path, bytes)| (format!("t/{path}"), bytes)).collect();
        named.push((path.to_owned(), b"x".to_vec()));
        let named: Vec<(&str, &[u8])> =
            named.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
        cases.push((format!("path-{i}.zip"), zip(&named)));
    }
    for (name, kind) in
        [("symlink", b'2'), ("hardlink", b'1'), ("device", b'3'), ("pipe", b'6'), ("strange", b'Z')]
    {
        let mut link = entry(b"t/values.yaml", kind, b"");
        link[157..168].copy_from_slice(b"/etc/passwd");
        let sum: u32 = link[..512]
            .iter()
            .enumerate()
            .map(|(i, b)| if (148..156).contains(&i) { 32 } else { u32::from(*b) })
            .sum();
        link[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        cases.push((format!("{name}.tgz"), gzip(&end([entries("t/", &files()), link].concat()))));
    }
    cases
}

/// What unpacks to far more than it is.
fn bombs() -> Vec<Case> {
    let zeros = vec![0; 5 << 20];
    let many: Vec<u8> =
        (0..60_000).flat_map(|i| entry(format!("t/{i}").as_bytes(), b'0', b"")).collect();
    let big: Vec<_> = (0..30).map(|i| (format!("files/{i}"), zeros.clone())).collect();
    let mut huge = entry(b"t/huge", b'0', b"");
    huge[124..136].copy_from_slice(b"77777777777\0");
    let inner = tgz(&big[..19]);
    let nested: Vec<_> = (0..20).map(|i| (format!("charts/{i}.tgz"), inner.clone())).collect();
    vec![
        (
            "bomb-behind.tgz".to_owned(),
            gzip(&[end(entries("t/", &files())), vec![0; 64 << 20]].concat()),
        ),
        ("bomb-files.tgz".to_owned(), tgz(&big)),
        ("bomb-files.zip".to_owned(), zipped(&big)),
        ("bomb-one.zip".to_owned(), zipped(&with("values.yaml", vec![b'#'; 6 << 20]))),
        ("bomb-values.tgz".to_owned(), tgz(&with("values.yaml", vec![b'#'; 4 << 20]))),
        ("bomb-size.tgz".to_owned(), gzip(&[entries("t/", &files()), huge].concat())),
        ("bomb-entries.tgz".to_owned(), gzip(&end(many))),
        ("bomb-nested.tgz".to_owned(), tgz(&[files(), nested].concat())),
    ]
}

/// Texts that are not what YAML takes, or too much of it.
fn texts() -> Vec<Case> {
    let utf16 = |text: &str, mark: &[u8]| -> Vec<u8> {
        mark.iter().copied().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
    };
    let laughs: String = (1..30).fold("a0: &a0 [x, x]\n".to_owned(), |text, i| {
        format!("{text}a{i}: &a{i} [*a{}, *a{}]\n", i - 1, i - 1)
    });
    let keys: String = (0..40_000).map(|i| format!("image{i}: 1\n")).collect();
    let values: [(&str, Vec<u8>); 17] = [
        ("gbk", b"image:\n  repository: \xbb\xee\xd7\xd6\xb8\xf1\n".to_vec()),
        ("utf16", utf16("image: {}\n", b"\xff\xfe")),
        ("utf16-without-a-mark", utf16("image: {tag: a}\n", b"")),
        ("latin", b"image: caf\xe9 x\n".to_vec()),
        ("nul", b"image: \0\n".to_vec()),
        ("mark", b"\xef\xbb\xbfimage: {tag: '10.0.3.0'}\r\n".to_vec()),
        ("escape", b"image: \x1b[31m\n".to_vec()),
        ("deep", "[".repeat(50_000).into_bytes()),
        ("laughs", laughs.clone().into_bytes()),
        ("itself", b"a: &a [*a]\n".to_vec()),
        ("twice", b"image: {tag: a}\nimage: {tag: b}\n".to_vec()),
        ("documents", b"image: {tag: a}\n---\nimage: {tag: b}\n".to_vec()),
        ("tabs", b"image:\n\ttag: a\n".to_vec()),
        ("keys", keys.into_bytes()),
        ("list", b"- a\n".to_vec()),
        ("long", format!("image: {}\n", "x".repeat(1 << 19)).into_bytes()),
        ("nulls", b"image: null\npersistentVolume: {nfs_log: null}\nredis: ~\n".to_vec()),
    ];
    let mut cases: Vec<Case> =
        values.iter().map(|(name, bytes)| (format!("{name}.yaml"), bytes.clone())).collect();
    let inside = values.iter().filter(|(name, _)| ["gbk", "utf16", "laughs"].contains(name));
    cases.extend(
        inside.map(|(name, bytes)| {
            (format!("{name}-inside.zip"), zipped(&with("values.yaml", bytes)))
        }),
    );
    let objects = "kind: Ingress\n---\n".repeat(20_000);
    let templates: [(&str, Vec<u8>); 9] = [
        ("open", "{{".repeat(200_000).into_bytes()),
        ("actions", "a: {{ b }}\n".repeat(20_000).into_bytes()),
        ("lines", "{{ if a }}\n".repeat(20_000).into_bytes()),
        ("one-line", "{{ a }}".repeat(50_000).into_bytes()),
        ("spaces", format!("{}{{{{ a }}}}", " ".repeat(500_000)).into_bytes()),
        ("flow", "{".repeat(50_000).into_bytes()),
        ("laughs", laughs.into_bytes()),
        ("objects", objects.into_bytes()),
        ("gbk", b"# \xbb\xee\xd7\xd6\xb8\xf1\nkind: Service\n".to_vec()),
    ];
    for (name, bytes) in templates {
        cases.push((
            format!("template-{name}.tgz"),
            tgz(&with("templates/deployment-fgc.yaml", bytes)),
        ));
    }
    cases
}

/// Archives that are broken, and charts whose names are.
fn damage() -> Vec<Case> {
    let whole = zipped(&files());
    let mut locked = whole.clone();
    for (signature, flags) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        let at = locked.windows(4).position(|window| window == signature).expect("a header");
        locked[at + flags] |= 1;
    }
    let twice = zipped(&with("values.yam1", "image: {tag: '9.9.9.9'}\n"));
    let twice_in_tar =
        [entries("t/", &files()), entry(b"t/values.yaml", b'0', b"image: {tag: '9.9.9.9'}\n")]
            .concat();
    vec![
        ("cut.zip".to_owned(), whole[..whole.len() / 2].to_vec()),
        ("cut.tgz".to_owned(), tgz(&files())[..200].to_vec()),
        ("locked.zip".to_owned(), locked),
        ("empty.zip".to_owned(), Vec::new()),
        ("empty.yaml".to_owned(), Vec::new()),
        ("text.tgz".to_owned(), b"image: {}\n".to_vec()),
        ("magic.zip".to_owned(), b"PK\x03\x04".to_vec()),
        ("magic.tgz".to_owned(), b"\x1f\x8b".to_vec()),
        ("no-chart.zip".to_owned(), zip(&[("a/readme.txt", b"x")])),
        ("twice.zip".to_owned(), replaced(twice, b"t/values.yam1", b"t/values.yaml")),
        ("twice.tgz".to_owned(), gzip(&end(twice_in_tar))),
        (
            "gbk-name.zip".to_owned(),
            replaced(
                zipped(&with("templates/abcd.yaml", "kind: Ingress\n")),
                b"abcd",
                b"\xbb\xee\xd7\xd6",
            ),
        ),
        (
            "two-charts.zip".to_owned(),
            zip(&[
                ("a/Chart.yaml", b"name: a\n"),
                ("a/values.yaml", b"image: {}\n"),
                ("b/Chart.yaml", b"name: b\n"),
                ("b/values.yaml", b"image: {}\n"),
            ]),
        ),
        (
            "chart-name.tgz".to_owned(),
            tgz(&with("Chart.yaml", "name: \"x\\nevil: true\"\nversion: \"1.0.0\\nevil: true\"\n")),
        ),
        ("file-name.tgz".to_owned(), tgz(&with("templates/a\nevil: true.yaml", "kind: Ingress\n"))),
        (
            "value.tgz".to_owned(),
            tgz(&with("values.yaml", "redis: {redis_password: \"x\\nevil: true\"}\n")),
        ),
    ]
}

/// Every file below a folder.
fn below(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("it is readable") {
        let path = entry.expect("it is readable").path();
        if path.is_dir() {
            found.extend(below(&path));
        }
        found.push(path.display().to_string());
    }
    found.sort();
    found
}

#[test]
fn nothing_hostile_does_harm() {
    let cases = [entries_that_lead_out(), bombs(), texts(), damage()].concat();
    assert!(cases.len() >= 40, "{}", cases.len());
    let folder = tempdir().expect("it is writable");
    let place = folder.path().join("a/b/c");
    fs::create_dir_all(&place).expect("it is writable");
    let mut told = String::new();
    for (name, bytes) in cases {
        fs::write(place.join(&name), bytes).expect("it is writable");
        let before = below(folder.path());
        // The limit is on the address space, which is more than the memory.
        let script = "ulimit -v 262144; exec timeout 60 \"$0\" import \"$1\" -o out.yaml";
        let finished = run(command("sh").current_dir(&place).args([
            "-c",
            script,
            env!("CARGO_BIN_EXE_hzgchart"),
            &name,
        ]));
        let text = fs::read_to_string(place.join("out.yaml")).unwrap_or_default();
        let _ = fs::remove_file(place.join("out.yaml"));
        assert_eq!(below(folder.path()), before, "{name} wrote elsewhere");
        assert!(!Path::new("/tmp/escaped-hzgchart").exists());
        assert!(matches!(finished.code, Some(0..=2)), "{name}: {finished:?}");
        assert_eq!(text.is_empty(), finished.code == Some(2), "{name}");
        assert!(!text.lines().any(|line| line.trim_start().starts_with("evil")), "{name}: {text}");
        assert!(!finished.stderr.contains('\u{1b}'), "{name}");
        let first = finished.stderr.lines().next().unwrap_or("nothing");
        let first: String = first.chars().take(240).collect();
        let lines = finished
            .stderr
            .lines()
            .filter(|line| line.starts_with("warning: ") || line.starts_with("error: "))
            .count();
        writeln!(told, "{name}: exit {}, {lines} told\n  {first}", finished.code.unwrap_or(-1))
            .expect("text takes all");
        fs::remove_file(place.join(&name)).expect("it is there");
    }
    insta::with_settings!({snapshot_path => "../snapshots/import", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("hostile", told);
    });
}
