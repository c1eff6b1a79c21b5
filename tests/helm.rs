//! Every package is a chart that real Helm takes without a murmur, in both majors.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

use flate2::read::GzDecoder;
use serde_json::{Value as Json, json};
use tempfile::tempdir;

use crate::harness::helm::Helm;
use crate::harness::hzgchart::{VERSION, hzgchart, package};
use crate::harness::manifests::{Object, from_helm, from_render, read_yaml};
use crate::harness::presets;
use crate::harness::process::run;
use crate::law::leaves::Schema;

/// Arguments for the defaults and for each preset.
fn inputs() -> Vec<Vec<String>> {
    let presets = presets().into_iter().map(|preset| vec!["--preset".to_owned(), preset]);
    std::iter::once(Vec::new()).chain(presets).collect()
}

#[test]
fn every_package_lints_strictly_and_without_a_warning() {
    for input in inputs() {
        let folder = tempdir().expect("the temporary folder is writable");
        let chart = package(folder.path(), &input).unwrap_or_else(|e| panic!("{input:?}: {e:?}"));
        let is_open = !run(hzgchart().arg("render").args(&input)).ok();
        for helm in Helm::BOTH {
            let lint = run(helm.command().args(["lint", "--strict"]).arg(&chart.path));
            assert!(lint.ok(), "{helm:?} {input:?}: {}{}", lint.stdout, lint.stderr);
            for line in lint.stdout.lines().chain(lint.stderr.lines()) {
                // Helm 4 logs what a chart leaves to install time, but does not count it.
                let left_open = is_open && line.contains("missing required values");
                assert!(
                    left_open || !line.contains("WARN") && !line.contains("[ERROR]"),
                    "{helm:?} {input:?}: {line}"
                );
            }
        }
    }
}

#[test]
fn every_package_shows_all_of_itself() {
    for input in inputs() {
        let folder = tempdir().expect("the temporary folder is writable");
        let chart = package(folder.path(), &input).unwrap_or_else(|e| panic!("{input:?}: {e:?}"));
        for helm in Helm::BOTH {
            let show = run(helm.command().args(["show", "all"]).arg(&chart.path));
            assert_eq!(show.stderr, "", "{helm:?} {input:?}");
            let shown = show.success();
            assert!(shown.contains("version: 1.2.3") && shown.contains("\nforguncy:"), "{shown}");
        }
    }
}

#[test]
fn the_readme_of_a_package_has_a_line_for_each_key() {
    let folder = tempdir().expect("the temporary folder is writable");
    let chart = package(folder.path(), &[]).unwrap_or_else(|e| panic!("{e:?}"));
    let readme = run(Helm::Three.command().args(["show", "readme"]).arg(&chart.path)).success();
    let leaves = Schema::of_hzgchart().leaves();
    for leaf in &leaves {
        let row = format!("| `{}` |", leaf.path.join("."));
        assert_eq!(readme.matches(&row).count(), 1, "{row}");
    }
    assert!(leaves.len() > 150, "{} keys", leaves.len());
}

#[test]
fn helm_packages_the_folder_into_the_same_files() {
    for input in inputs() {
        let folder = tempdir().expect("the temporary folder is writable");
        let pack = |format: &str| {
            let args = [&input[..], &["--format".to_owned(), format.to_owned()]].concat();
            package(folder.path(), &args).unwrap_or_else(|e| panic!("{input:?}: {e:?}"))
        };
        let chart = pack("dir");
        let ours = tar_files(&fs::read(pack("tgz").path).expect("the archive is there"));
        for helm in Helm::BOTH {
            let packed = tempdir().expect("the temporary folder is writable");
            run(helm.command().arg("package").arg(&chart.path).arg("-d").arg(packed.path()))
                .success();
            let theirs = tar_files(&only_file(packed.path()));
            assert_same_chart(&ours, &theirs);
        }
    }
}

#[test]
fn all_formats_hold_the_same_files() {
    let folder = tempdir().expect("the temporary folder is writable");
    let pack = |format: &str| {
        let args = ["--format", format].map(str::to_owned);
        package(folder.path(), &args).unwrap_or_else(|e| panic!("{format}: {e:?}")).path
    };
    let mut files = folder_files(&pack("dir"));
    assert!(files.len() > 15, "{:?}", files.keys());
    // By this the next run knows which files of the folder are still as it wrote them.
    assert!(files.remove(".hzgchart.sha256").is_some());
    let tgz = tar_files(&fs::read(pack("tgz")).expect("the archive is there"));
    let zip = zip_files(&fs::read(pack("zip")).expect("the archive is there"));
    for archive in [tgz, zip] {
        assert!(archive == files, "{:?} and {:?}", archive.keys(), files.keys());
    }
}

#[test]
fn what_render_refuses_about_the_install_helm_refuses_in_the_same_words() {
    let nfs = ["--preset", "nfs"];
    let long = "a".repeat(53);
    let cases: [(&[&str], &str); 4] = [(&[], "shop"), (&nfs, "1a"), (&nfs, "a.b"), (&nfs, &long)];
    for (input, release) in cases {
        let folder = tempdir().expect("the temporary folder is writable");
        let owned: Vec<String> = input.iter().map(|&s| s.to_owned()).collect();
        let chart = package(folder.path(), &owned).unwrap_or_else(|e| panic!("{input:?}: {e:?}"));
        let render = run(hzgchart().arg("render").args(input).args(["--name", release]));
        assert_eq!(render.code, Some(2), "{release}: {}", render.stderr);
        let message =
            render.stderr.lines().next().unwrap_or_default().trim_start_matches("error: ");
        for helm in Helm::BOTH {
            let template = run(helm.command().args(["template", release]).arg(&chart.path));
            assert!(!template.ok(), "{helm:?} {release}");
            assert!(
                template.stderr.contains(message),
                "{helm:?}: no {message:?} in {}",
                template.stderr
            );
        }
    }
}

#[test]
fn objects_stand_in_the_order_of_helm() {
    let hook = |(kind, name): (&str, &str)| {
        json!({
            "apiVersion": "example.com/v1",
            "kind": kind,
            "metadata": { "name": name, "annotations": { "helm.sh/hook": "pre-install" } }
        })
    };
    let hooks = [("Zebra", "z"), ("Job", "b"), ("Job", "a"), ("Apple", "a"), ("Pod", "p")];
    let hooks = hooks.into_iter().chain([("ServiceAccount", "s")]).map(hook).collect::<Json>();
    let hooks = ["--set-json".to_owned(), format!("extraObjects={hooks}")];
    for input in presets().into_iter().map(|preset| vec!["--preset".to_owned(), preset]) {
        let close = ["--set".to_owned(), "storage.server=h,storage.storageClassName=c".to_owned()];
        let input = [&input[..], &close, &hooks].concat();
        let folder = tempdir().expect("the temporary folder is writable");
        let chart = package(folder.path(), &input).unwrap_or_else(|e| panic!("{input:?}: {e:?}"));
        let render = run(hzgchart().args(["render", "--no-validate"]).args(&input)).success();
        let ours = from_render(&render).unwrap_or_else(|e| panic!("{input:?}: {e}"));
        let order = |objects: Vec<Object>| -> Vec<_> {
            objects.into_iter().map(|object| (object.source, object.identity)).collect()
        };
        let ours = order(ours);
        for helm in Helm::BOTH {
            let template = helm.command().args(["template", "forguncy"]).arg(&chart.path).output();
            let text = String::from_utf8(template.expect("Helm runs").stdout).expect("it is text");
            let theirs = from_helm(&text).unwrap_or_else(|e| panic!("{input:?}: {e}"));
            assert_eq!(ours, order(theirs), "{helm:?} {input:?}");
        }
    }
}

#[test]
fn a_package_is_named_by_its_chart_and_version() {
    let folder = tempdir().expect("the temporary folder is writable");
    let chart = package(folder.path(), &[]).unwrap_or_else(|e| panic!("{e:?}"));
    let name = chart.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    assert!(name.ends_with(&format!("-{VERSION}.tgz")), "{name}");
    assert_eq!(fs::canonicalize(only_path(folder.path())).ok(), fs::canonicalize(&chart.path).ok());
}

/// Path below the chart's folder to content.
type Files = BTreeMap<String, Vec<u8>>;

/// Helm writes Chart.yaml anew, so there only the content counts.
fn assert_same_chart(ours: &Files, theirs: &Files) {
    let paths = |files: &Files| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(paths(ours), paths(theirs));
    for (path, content) in ours {
        if path == "Chart.yaml" {
            assert_eq!(metadata(content), metadata(&theirs[path]));
        } else {
            assert!(*content == theirs[path], "{path} differs");
        }
    }
}

fn metadata(content: &[u8]) -> Vec<Json> {
    read_yaml(&String::from_utf8_lossy(content)).unwrap_or_else(|e| panic!("{e}"))
}

fn folder_files(folder: &Path) -> Files {
    let mut files = Files::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("the folder is readable") {
            let path = entry.expect("the folder is readable").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
                files.insert(name, fs::read(&path).expect("the file is readable"));
            }
        }
    }
    files
}

fn tar_files(archive: &[u8]) -> Files {
    let mut tar = tar::Archive::new(GzDecoder::new(archive));
    let entries = tar.entries().expect("the archive is a tar");
    entries
        .map(|entry| {
            let mut entry = entry.expect("the archive is whole");
            let path = entry.path().expect("paths are UTF-8").display().to_string();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).expect("the archive is whole");
            (below_the_first_folder(&path), content)
        })
        .collect()
}

fn zip_files(archive: &[u8]) -> Files {
    let mut zip = zip::ZipArchive::new(Cursor::new(archive)).expect("the archive is a zip");
    let mut files = Files::new();
    for index in 0..zip.len() {
        let mut file = zip.by_index(index).expect("the archive is whole");
        if file.is_file() {
            let mut content = Vec::new();
            file.read_to_end(&mut content).expect("the archive is whole");
            let name = file.name().expect("names are UTF-8").into_owned();
            files.insert(below_the_first_folder(&name), content);
        }
    }
    files
}

fn below_the_first_folder(path: &str) -> String {
    path.split_once('/').map_or(path, |(_, rest)| rest).to_owned()
}

fn only_path(folder: &Path) -> std::path::PathBuf {
    let mut entries = fs::read_dir(folder).expect("the folder is readable");
    let first = entries.next().expect("the folder is not empty").expect("it is readable").path();
    assert!(entries.next().is_none(), "more than one file");
    first
}

fn only_file(folder: &Path) -> Vec<u8> {
    fs::read(only_path(folder)).expect("the file is readable")
}
