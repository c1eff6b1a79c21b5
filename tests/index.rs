//! `hzgchart index` beside `helm repo index` on the same folder, and served to both Helms.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;
use tempfile::{TempDir, tempdir};

use crate::harness::helm::Helm;
use crate::harness::http::{Answer, Server, status};
use crate::harness::hzgchart::hzgchart;
use crate::harness::manifests::read_yaml;
use crate::harness::process::{command, run};

const CHART: &str = "apiVersion: v2
name: odd
version: v2.0
appVersion: 10.0
description: \"a <b> & c\\n\\td 活字格\\u200b\"
kubeVersion: '>=1.25.0-0'
home: https://example.com/?a&b
icon: https://example.com/i.png
keywords: [forguncy, 1, y]
sources: [https://example.com/src]
maintainers: [{name: x, email: a@example.com}, {name: y, url: https://example.com}]
annotations: {a: \"1\\n2\", c: 3}
deprecated: true
unknown: 1
";

/// A folder of charts: ours in several versions, and others that Helm packed.
fn charts() -> TempDir {
    let folder = tempdir().expect("the temporary folder is writable");
    let at = |path: &str| folder.path().join(path);
    for (version, place) in
        [("10.0.3.0", "."), ("10.0.103.2", "."), ("9.1.0", "."), ("10.0.20", "sub")]
    {
        run(hzgchart()
            .args(["package", "--set", "storage.server=10.0.0.5", "--version", version, "-d"])
            .arg(at(place)))
        .success();
    }
    let old = "name: old\nversion: 0.1.0-rc.1\ntype: library\n";
    let needs = "dependencies:\n- {name: sub, version: 1.x, repository: 'file://..', condition: a.b, tags: [t], import-values: [{child: a, parent: b}]}\n";
    let sub = "apiVersion: v2\nname: sub\nversion: 1.0.0\n";
    for (path, text) in [
        ("source/odd/Chart.yaml", CHART),
        ("source/old/Chart.yaml", old),
        ("source/needs/Chart.yaml", "name: needs\nversion: 1.0.0\n"),
        ("source/needs/requirements.yaml", needs),
        ("source/needs/charts/sub/Chart.yaml", sub),
    ] {
        fs::create_dir_all(at(path).parent().expect("it has one")).expect("it is writable");
        fs::write(at(path), text).expect("it is writable");
    }
    let keep = tempdir().expect("the temporary folder is writable");
    fs::rename(at("source"), keep.path().join("source")).expect("both are writable");
    for name in ["odd", "old", "needs"] {
        run(Helm::Three
            .command()
            .arg("package")
            .arg(keep.path().join("source").join(name))
            .arg("-d")
            .arg(folder.path()))
        .success();
    }
    folder
}

fn index(folder: &Path, args: &[&str]) -> Command {
    let mut command = hzgchart();
    command.arg("index").arg(folder).args(args);
    command
}

fn read(path: &Path) -> Json {
    let text = fs::read_to_string(path).expect("an index is there");
    let mut documents = read_yaml(&text).unwrap_or_else(|error| panic!("{error}"));
    documents.remove(0)
}

/// Takes out the times, of which there must be some.
fn without_times(mut index: Json) -> Json {
    assert!(index["generated"].take().is_string());
    let entries = index["entries"].as_object_mut().expect("an index has entries");
    for entry in entries.values_mut().flat_map(|versions| versions.as_array_mut().expect("a list"))
    {
        assert!(entry["created"].take().is_string());
    }
    index
}

#[test]
fn says_what_helm_says_of_the_same_folder() {
    let folder = charts();
    let file = folder.path().join("index.yaml");
    for args in [&[][..], &["--url", "https://charts.example.com/a%20b/"], &["--url", "charts"]] {
        run(index(folder.path(), &["--allow", "HZG416"]).args(args)).success();
        let ours = read(&file);
        for helm in Helm::BOTH {
            run(helm.command().args(["repo", "index"]).arg(folder.path()).args(args)).success();
            assert_eq!(
                without_times(ours.clone()),
                without_times(read(&file)),
                "{helm:?} {args:?}"
            );
        }
    }
}

#[test]
fn merges_as_helm_does_and_tells_what_was_published_with_other_bytes() {
    let (folder, older) = (charts(), tempdir().expect("the temporary folder is writable"));
    run(hzgchart()
        .args(["package", "--set", "storage.server=10.0.0.6", "--version", "9.1.0", "-d"])
        .arg(older.path()))
    .success();
    run(hzgchart()
        .args(["package", "--set", "storage.server=10.0.0.6", "--version", "8.0.0", "-d"])
        .arg(older.path()))
    .success();
    run(&mut index(older.path(), &["--url", "https://old.example.com"])).success();
    let merge = older.path().join("index.yaml").display().to_string();
    let args = ["--merge", &merge, "--url", "https://new.example.com"];
    let file = folder.path().join("index.yaml");
    let finished = run(index(folder.path(), &args).args(["--allow", "HZG416"]));
    let told = "warning: forguncy-k8s-server 9.1.0 was published before with other bytes";
    assert!(finished.ok() && finished.stderr.contains(told), "{finished:?}");
    let ours = read(&file);
    for helm in Helm::BOTH {
        run(helm.command().args(["repo", "index"]).arg(folder.path()).args(args)).success();
        assert_eq!(without_times(ours.clone()), without_times(read(&file)), "{helm:?}");
    }
    // What Helm wrote can be merged, too, and brings nothing new.
    let merge = file.display().to_string();
    run(&mut index(
        folder.path(),
        &["--allow", "HZG416", "--url", "https://new.example.com", "--merge", &merge],
    ))
    .success();
    assert_eq!(without_times(ours), without_times(read(&file)));
}

#[test]
fn writes_the_same_index_for_the_same_archives() {
    let (folder, other) = (charts(), tempdir().expect("the temporary folder is writable"));
    let copy = |name: &str| fs::copy(folder.path().join(name), other.path().join(name));
    fs::create_dir(other.path().join("sub")).expect("it is writable");
    let listed = run(&mut index(folder.path(), &["--allow", "HZG416"])).success();
    for entry in fs::read_dir(folder.path())
        .expect("it is there")
        .chain(fs::read_dir(folder.path().join("sub")).expect("it is there"))
    {
        let path = entry.expect("it can be read").path();
        if path.extension().is_some_and(|extension| extension == "tgz") {
            let name = path.strip_prefix(folder.path()).expect("it lies in it");
            copy(name.to_str().expect("it is text")).expect("it is writable");
        }
    }
    let again =
        run(index(other.path(), &["--allow", "HZG416"]).env("TZ", "Asia/Shanghai")).success();
    assert_eq!(listed.lines().nth(1), again.lines().nth(1));
    let text = fs::read_to_string(other.path().join("index.yaml")).expect("it is there");
    assert!(
        text.contains("created: 1980-02-01T00:00:00Z")
            || text.contains("created: \"1980-02-01T00:00:00Z\""),
        "{text}"
    );
}

#[test]
fn leaves_the_index_alone_when_an_archive_is_bad() {
    let folder = tempdir().expect("the temporary folder is writable");
    let place = folder.path();
    let package = |version: &str| {
        let args = ["package", "--set", "storage.server=10.0.0.5", "--version", version, "-d"];
        run(hzgchart().args(args).arg(place)).success()
    };
    package("1.0.0");
    run(&mut index(place, &[])).success();
    let before = fs::read(place.join("index.yaml")).expect("it is there");
    fs::write(place.join("bad.tgz"), "no archive").expect("it is writable");
    let finished = run(&mut index(place, &[]));
    assert_eq!(finished.code, Some(1), "{finished:?}");
    assert!(
        finished.stderr.contains("bad.tgz") && finished.stderr.contains("the index is not written"),
        "{finished:?}"
    );
    fs::remove_file(place.join("bad.tgz")).expect("it is there");
    fs::copy(place.join("forguncy-k8s-server-1.0.0.tgz"), place.join("copy.tgz"))
        .expect("it is writable");
    let finished = run(&mut index(place, &[]));
    assert_eq!(finished.code, Some(2), "{finished:?}");
    assert!(
        finished.stderr.contains("are both version 1.0.0 of forguncy-k8s-server"),
        "{finished:?}"
    );
    assert_eq!(fs::read(place.join("index.yaml")).expect("it is there"), before);
    for (args, code) in [
        (&["--merge", "missing.yaml"][..], 3),
        (&["--url", "https://user:hunter2@example.com"], 2),
        (&["--allow", "HZG9999"], 2),
    ] {
        let finished = run(&mut index(place, args));
        assert_eq!(finished.code, Some(code), "{finished:?}");
        assert!(!finished.stderr.contains("hunter2"), "{finished:?}");
    }
    run(command("mkfifo").arg(place.join("pipe.tgz"))).success();
    let finished = run(&mut index(place, &[]));
    assert_eq!(finished.code, Some(2), "{finished:?}");
    assert!(finished.stderr.contains("pipe.tgz` is no regular file"), "{finished:?}");
    let empty = tempdir().expect("the temporary folder is writable");
    assert_eq!(run(&mut index(empty.path(), &[])).code, Some(2));
    assert_eq!(run(&mut index(&empty.path().join("missing"), &[])).code, Some(3));
}

/// A server of a folder's files.
fn serve(folder: &Path) -> Server {
    let root = folder.to_owned();
    Server::start(move |request| {
        let escapes = [("%20", " "), ("%23", "#"), ("%3F", "?"), ("%25", "%")];
        let path = request.path.trim_start_matches('/').to_owned();
        let path = escapes.into_iter().fold(path, |path, (escape, c)| path.replace(escape, c));
        match fs::read(root.join(path)) {
            Ok(bytes) => Answer::Status(200, Vec::new(), bytes),
            Err(_) => status(404),
        }
    })
}

/// A Helm that keeps what it knows in a folder, which it runs in.
fn helm_in(home: &Path, helm: Helm, args: &[&str]) -> String {
    let mut command = helm.command();
    let at = |name: &str| home.join(name);
    command.env("HELM_CACHE_HOME", at("cache")).env("HELM_CONFIG_HOME", at("config"));
    command.env("HELM_DATA_HOME", at("data")).current_dir(home).args(args);
    run(&mut command).success()
}

#[test]
fn escapes_what_an_address_cannot_hold() {
    let folder = tempdir().expect("the temporary folder is writable");
    let file = folder.path().join("index.yaml");
    let package = |version: &str, place: &str| {
        let args = ["package", "--set", "storage.server=10.0.0.5", "--version", version, "-d"];
        run(hzgchart().args(args).arg(folder.path().join(place))).success();
    };
    let odd = [("1.0.0", "rel#1"), ("2.0.0", "a b%20?"), ("3.0.0", "c:d")];
    for (version, place) in odd {
        package(version, place);
    }
    run(&mut index(folder.path(), &[])).success();
    let ours = read(&file);
    for helm in Helm::BOTH {
        run(helm.command().args(["repo", "index"]).arg(folder.path())).success();
        assert_eq!(without_times(ours.clone()), without_times(read(&file)), "{helm:?}");
    }
    // Beside the index Helm escapes nothing, and cannot pull.
    package("4.0.0", ".");
    let path = folder.path().join("forguncy-k8s-server-4.0.0.tgz");
    fs::rename(path, folder.path().join("x:r?1.tgz")).expect("it is writable");
    run(&mut index(folder.path(), &[])).success();
    let server = serve(folder.path());
    for helm in Helm::BOTH {
        let home = tempdir().expect("the temporary folder is writable");
        let helm = |args: &[&str]| helm_in(home.path(), helm, args);
        helm(&["repo", "add", "ours", &format!("http://{}", server.host())]);
        for version in odd.map(|(version, _)| version).into_iter().chain(["4.0.0"]) {
            let shown = helm(&["show", "chart", "ours/forguncy-k8s-server", "--version", version]);
            assert!(shown.contains(&format!("version: {version}\n")), "{shown}");
        }
    }
}

#[test]
fn serves_both_helms() {
    let folder = charts();
    let server = serve(folder.path());
    let address = format!("http://{}", server.host());
    for args in [&[][..], &["--url", &address]] {
        run(index(folder.path(), &["--allow", "HZG416"]).args(args)).success();
        for helm in Helm::BOTH {
            let home = tempdir().expect("the temporary folder is writable");
            let helm = |args: &[&str]| helm_in(home.path(), helm, args);
            helm(&["repo", "add", "ours", &address]);
            for (version, path) in [
                ("10.0.103+2", "forguncy-k8s-server-10.0.103+2.tgz"),
                ("10.0.20", "sub/forguncy-k8s-server-10.0.20.tgz"),
            ] {
                helm(&["pull", "ours/forguncy-k8s-server", "--version", version]);
                let pulled =
                    home.path().join(PathBuf::from(path).file_name().expect("it has a name"));
                assert_eq!(
                    fs::read(&pulled).expect("it was pulled"),
                    fs::read(folder.path().join(path)).expect("it is there")
                );
            }
            let shown = helm(&["show", "chart", "ours/forguncy-k8s-server"]);
            assert!(shown.contains("version: 10.0.103+2"), "{shown}");
            let found = helm(&["search", "repo", "ours/odd", "-o", "json"]);
            assert!(found.contains("\"app_version\":\"10\""), "{found}");
        }
    }
}
