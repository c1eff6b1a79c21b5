//! The vendor's chart becomes typed values: what is taken over, what is told, and that hostile input does no harm.

mod edited;
mod edits;
mod hostile;
mod lossless;
mod round_trip;

use std::fs;
use std::path::Path;

use tempfile::tempdir;

use crate::harness::hzgchart::hzgchart;
use crate::harness::process::{Finished, run, run_with_input};
use crate::harness::project;

/// The vendor-like chart, as files by their path.
fn vendor() -> Vec<(String, String)> {
    let folder = project().join("tests/fixtures/vendor");
    let mut files = Vec::new();
    for sub in ["", "templates/"] {
        let entries = fs::read_dir(folder.join(sub)).expect("the fixture is there");
        for entry in entries.map(|entry| entry.expect("it is readable")) {
            if entry.path().is_file() {
                let name = entry.file_name().into_string().expect("the names are ASCII");
                let text = fs::read_to_string(entry.path()).expect("it is text");
                files.push((format!("{sub}{name}"), text));
            }
        }
    }
    files.sort();
    assert_eq!(files.len(), 10);
    files
}

/// Writes files below a folder.
fn write(files: &[(String, String)], folder: &Path) {
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("it is writable");
        fs::write(path, text).expect("it is writable");
    }
}

/// Imports a file or folder of a folder.
fn import(name: &str, folder: &Path) -> Finished {
    run(hzgchart().current_dir(folder).arg("import").arg(name))
}

/// What an import left behind, as text.
fn shown(finished: &Finished) -> String {
    format!(
        "exit {:?}\n--- stdout\n{}--- stderr\n{}",
        finished.code, finished.stdout, finished.stderr
    )
}

#[test]
fn the_vendors_chart_is_taken_over_whole_in_every_form() {
    let folder = tempdir().expect("it is writable");
    write(&vendor(), &folder.path().join("mychart"));
    let whole = import("mychart", folder.path());
    assert_eq!((whole.code, whole.stderr.as_str()), (Some(0), ""));
    let values = |text: &str| text.split_once("\n#\n").expect("a header").1.to_owned();

    let files: Vec<(String, Vec<u8>)> =
        vendor().into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
    let tgz = crate::inspect::pack::tgz(&files);
    fs::write(folder.path().join("chart.tgz"), tgz).expect("it is writable");
    // A folder with a Chinese name in GBK, as Chinese Windows packs it.
    let named: Vec<(String, &[u8])> =
        files.iter().map(|(path, bytes)| (format!("fold/{path}"), bytes.as_slice())).collect();
    let named: Vec<(&str, &[u8])> = named.iter().map(|(n, b)| (n.as_str(), *b)).collect();
    let zip = crate::inspect::zips::zip(&named);
    let zip = crate::inspect::zips::replaced(zip, b"fold/", b"\xbb\xee\xd7\xd6/");
    fs::write(folder.path().join("Hzg-K8S-HelmChart-10.0.3.0.zip"), zip).expect("it is writable");
    for name in ["chart.tgz", "Hzg-K8S-HelmChart-10.0.3.0.zip"] {
        let packed = import(name, folder.path());
        assert_eq!((packed.code, packed.stderr.as_str()), (Some(0), ""), "{name}");
        assert_eq!(values(&packed.stdout), values(&whole.stdout), "{name}");
    }
    insta::assert_snapshot!(whole.stdout);

    fs::write(folder.path().join("typed.yaml"), &whole.stdout).expect("it is writable");
    let checked = run(hzgchart().current_dir(folder.path()).args(["validate", "-f", "typed.yaml"]));
    assert!(checked.ok(), "{}", checked.stdout);
    let again = import("typed.yaml", folder.path());
    assert_eq!(again.code, Some(0), "{}", again.stderr);
}

#[test]
fn values_alone_come_from_a_file_or_standard_input() {
    let folder = tempdir().expect("it is writable");
    let text =
        &vendor().into_iter().find(|(path, _)| path == "values.yaml").expect("it is there").1;
    let text = text.replace("path: /fgc-k8s-lbroot/ForguncyLogs", "path: /logs");
    let text = format!("{text}redis:\n  redis_password: hunter2\nreplicas: 3\ncolour: red\n");
    fs::write(folder.path().join("values.yaml"), &text).expect("it is writable");
    let file = import("values.yaml", folder.path());
    insta::assert_snapshot!(shown(&file));
    assert!(!file.stderr.contains("hunter2"));
    let stdin = run_with_input(hzgchart().args(["import", "-"]), text.as_bytes());
    assert_eq!(stdin.code, file.code);
    assert_eq!(stdin.stdout.replace("<stdin>", "values.yaml"), file.stdout);
}

#[test]
fn a_chart_of_our_own_gives_its_values() {
    let folder = tempdir().expect("it is writable");
    let run = |args: &[&str]| run(hzgchart().current_dir(folder.path()).args(args));
    let packed = run(&[
        "package",
        "--preset",
        "nfs",
        "--set",
        "redis.auth.enabled=true,redis.auth.password=a",
        "--version",
        "1.2.3",
    ]);
    packed.success();
    let finished = run(&["import", "forguncy-k8s-server-1.2.3.tgz", "-o", "own.yaml"]);
    let text = fs::read_to_string(folder.path().join("own.yaml")).expect("it was written");
    // Every new key moves the lines of the chart's values.yaml.
    let is_place = |line: &str| line.trim_start().starts_with("# From values.yaml:");
    let lines: Vec<&str> = text.lines().filter(|line| !is_place(line)).collect();
    assert!(lines.len() < text.lines().count());
    insta::assert_snapshot!(format!("{}\n--- own.yaml\n{}", shown(&finished), lines.join("\n")));
    assert!(run(&["diff", "forguncy-k8s-server-1.2.3.tgz", "own.yaml", "--exit-code"]).ok());
    let twice = run(&["import", "forguncy-k8s-server-1.2.3.tgz", "-o", "own.yaml"]);
    assert_eq!(twice.code, Some(2));
    assert_eq!(fs::read_to_string(folder.path().join("own.yaml")).expect("it stays"), text);
}

#[test]
fn what_helm_prints_of_a_release_is_read_with_and_without_its_header() {
    let folder = tempdir().expect("it is writable");
    let text =
        &vendor().into_iter().find(|(path, _)| path == "values.yaml").expect("it is there").1;
    let import_of = |text: &str| {
        fs::write(folder.path().join("values.yaml"), text).expect("it is writable");
        import("values.yaml", folder.path())
    };
    let plain = import_of(&format!("\n{text}"));
    let computed = import_of(&format!("COMPUTED VALUES:\n{text}"));
    assert_eq!((computed.code, &computed.stdout), (Some(0), &plain.stdout), "{}", computed.stderr);
    let supplied = import_of(&format!("USER-SUPPLIED VALUES:\n{text}"));
    assert_eq!((supplied.code, &supplied.stdout), (Some(1), &plain.stdout));
    assert!(supplied.stderr.contains("only the values that a user gave"), "{}", supplied.stderr);
    let few = import_of("image:\n  tag: \"10.0.104.0\"\n");
    assert_eq!(few.code, Some(1));
    let missing = "keys of the vendor's chart are not there, so this chart's defaults count: `image.repository`, `persistentVolume.storage`, ";
    assert!(few.stderr.contains(missing) && few.stderr.contains("--all"), "{}", few.stderr);
    for nothing in [
        "COMPUTED VALUES:\nnull\n",
        "USER-SUPPLIED VALUES:\nnull\n",
        "null\n",
        "{}\n",
        "# nothing\n",
        "---\n",
    ] {
        let finished = import_of(nothing);
        assert_eq!(finished.code, Some(2), "{nothing}");
        assert!(finished.stderr.contains("`values.yaml` holds no values"), "{}", finished.stderr);
        assert!(finished.stderr.contains("--all -o yaml"), "{}", finished.stderr);
    }
}

#[test]
fn a_chart_yaml_is_no_values_and_what_desktops_leave_is_no_file() {
    let folder = tempdir().expect("it is writable");
    write(&vendor(), &folder.path().join("mychart"));
    let finished = import("mychart/templates/../Chart.yaml", folder.path());
    assert_eq!(finished.code, Some(2));
    assert!(finished.stderr.contains("is a Chart.yaml, which has no values"), "{finished:?}");
    let mut named: Vec<(String, String)> =
        vendor().into_iter().map(|(path, text)| (format!("mychart/{path}"), text)).collect();
    for path in ["mychart/.DS_Store", "mychart/templates/.DS_Store", "mychart/templates/Thumbs.db"]
    {
        named.push((path.to_owned(), "\0".to_owned()));
    }
    for path in ["__MACOSX/._mychart", "__MACOSX/mychart/templates/._pvs.yaml", ".DS_Store"] {
        named.push((path.to_owned(), "\0".to_owned()));
    }
    let named: Vec<(&str, &[u8])> =
        named.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    fs::write(folder.path().join("a.zip"), crate::inspect::zips::zip(&named))
        .expect("it is writable");
    write(&[("templates/._pvs.yaml".to_owned(), "\0".to_owned())], &folder.path().join("mychart"));
    for name in ["a.zip", "mychart"] {
        let finished = import(name, folder.path());
        assert_eq!((finished.code, finished.stderr.as_str()), (Some(0), ""), "{name}");
    }
}

#[test]
fn an_archive_in_a_pipe_is_told_to_be_one() {
    let folder = tempdir().expect("it is writable");
    fs::write(folder.path().join("a.zip"), b"PK\x03\x04").expect("it is writable");
    let mut shell = std::process::Command::new("bash");
    let script = format!("cat a.zip | '{}' import /dev/stdin", env!("CARGO_BIN_EXE_hzgchart"));
    let finished = run(shell.current_dir(folder.path()).args(["-c", &script]));
    assert_eq!(finished.code, Some(2));
    let told = "`/dev/stdin` is an archive; a chart is read from a file";
    assert!(finished.stderr.contains(told), "{}", finished.stderr);
}
