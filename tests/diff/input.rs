//! What the sides can be, what is wrong with them, and the formats.

use std::fs;

use serde_json::{Value as Json, json};

use super::{diff, folder, without_unchanged};
use crate::harness::helm::Helm;
use crate::harness::hzgchart::hzgchart;
use crate::harness::process::{command, run, run_with_input};
use crate::harness::project;
use crate::harness::python::Python;

const OLD: &str =
    "storage: {type: nfs, server: 10.0.0.5}\nredis: {auth: {enabled: true, password: geheim}}\n";
const NEW: &str = "storage:\n  type: nfs\n  server: 10.0.0.6\nforguncy:\n  image: {tag: 10.0.104.0}\nredis: {auth: {enabled: true, password: neu}}\n";

#[test]
fn charts_manifests_and_values_that_say_the_same_do_not_differ() {
    let folder = folder(&[("a.yaml", OLD)]);
    let release = ["--name", "shop", "-n", "prod"];
    let hzg = |args: &[&str]| run(hzgchart().args(args).current_dir(folder.path()));
    let manifests = hzg(&[&["render", "-f", "a.yaml"], &release[..]].concat()).success();
    fs::write(folder.path().join("a.man"), &manifests).expect("it is writable");
    for format in ["tgz", "zip", "dir"] {
        hzg(&["package", "-f", "a.yaml", "--format", format]).success();
    }
    let charts = [
        "forguncy-k8s-server-10.0.103.tgz",
        "forguncy-k8s-server-10.0.103.zip",
        "forguncy-k8s-server",
    ];
    let sides = charts.iter().chain(&["a.yaml", "a.man"]);
    for side in sides {
        for (old, new) in [(*side, "a.man"), ("a.man", *side), (*side, "a.yaml")] {
            let finished = diff(&folder, &[&[old, new, "--exit-code"], &release[..]].concat());
            assert_eq!(finished.code, Some(0), "{old} {new}: {finished:?}");
            assert!(finished.stdout.starts_with("no differences in "), "{old} {new}: {finished:?}");
        }
    }
    let piped = |text: &str, args: &[&str]| {
        run_with_input(
            hzgchart().arg("diff").args(args).args(release).current_dir(folder.path()),
            text.as_bytes(),
        )
    };
    assert!(piped(&manifests, &["-", "a.yaml"]).stdout.starts_with("no differences in "));
    assert!(piped(OLD, &["a.man", "-"]).stdout.starts_with("no differences in "));
}

#[test]
fn what_helm_renders_of_a_package_does_not_differ_from_its_values() {
    let folder = folder(&[("a.yaml", OLD)]);
    for layers in [
        &["-f", "a.yaml"][..],
        &["--preset", "single-node"],
        &["--preset", "production", "-f", "a.yaml"],
    ] {
        let package = hzgchart()
            .arg("package")
            .args(layers)
            .args(["-d", "chart", "--no-validate"])
            .current_dir(folder.path())
            .output();
        let package = String::from_utf8(package.expect("it runs").stdout).expect("it is text");
        let path = package
            .lines()
            .next()
            .unwrap_or_else(|| panic!("{layers:?}: nothing was packaged"))
            .to_owned();
        for helm in Helm::BOTH {
            let template = ["template", "shop", &path, "-n", "prod"];
            let manifests = run(helm.command().args(template).current_dir(folder.path())).success();
            let args = ["diff", "-", &path, "--name", "shop", "-n", "prod", "--exit-code"];
            let finished = run_with_input(
                hzgchart().args(args).current_dir(folder.path()),
                manifests.as_bytes(),
            );
            assert_eq!(finished.code, Some(0), "{helm:?} {layers:?}: {finished:?}");
        }
    }
}

#[test]
fn every_format_says_what_differs_and_shows_no_secret() {
    let folder = folder(&[("a.yaml", OLD), ("b.yaml", NEW)]);
    for format in ["text", "json", "unified"] {
        let finished = diff(&folder, &["a.yaml", "b.yaml", "--format", format, "--exit-code"]);
        assert_eq!((finished.code, finished.stderr.as_str()), (Some(1), ""), "{format}");
        assert!(
            !finished.stdout.contains("geheim") && !finished.stdout.contains("neu"),
            "{format}"
        );
        assert!(
            !finished.stdout.contains("Z2VoZWlt") && !finished.stdout.contains("bmV1"),
            "{format}"
        );
        let unchanged = |line: &&str| !line.contains("\"unchanged\"");
        let stdout = without_unchanged(&finished.stdout);
        let stdout: Vec<&str> = stdout.lines().filter(unchanged).collect();
        insta::assert_snapshot!(
            format!("diff_format_{format}"),
            stdout.join("\n").replace(env!("CARGO_PKG_VERSION"), "VERSION")
        );
    }
    assert_eq!(diff(&folder, &["a.yaml", "b.yaml"]).code, Some(0));
}

#[test]
fn json_has_the_form_that_it_claims() {
    let python = Python::start("reports.py");
    let folder = folder(&[
        ("a.yaml", OLD),
        ("b.yaml", NEW),
        (
            "c.yaml",
            "storage: {type: hostPath, sharedMount: true}\nforguncy: {scaling: {mode: auto}}\n",
        ),
    ]);
    for (old, new) in
        [("a.yaml", "b.yaml"), ("b.yaml", "c.yaml"), ("c.yaml", "a.yaml"), ("a.yaml", "a.yaml")]
    {
        let report = diff(&folder, &[old, new, "--format", "json"]).success();
        let schema = project().join("docs/diff.schema.json").display().to_string();
        assert_eq!(
            python.ask(&json!({"schema": schema, "json": report})),
            json!({"problems": []}),
            "{old} {new}"
        );
    }
}

#[test]
fn patch_takes_the_unified_format() {
    let folder = folder(&[
        ("a.yaml", OLD.split_inclusive('\n').next().unwrap_or_default()),
        (
            "b.yaml",
            "storage: {type: nfs, server: 10.0.0.6}\nforguncy: {image: {tag: 10.0.104.0}}\n",
        ),
        ("none.yaml", "apiVersion: v1\nkind: A\nmetadata: {name: x}\n"),
    ]);
    let patch = |old: &str, new: &str| {
        let unified = diff(&folder, &[old, new, "--format", "unified"]).success();
        let finished = run_with_input(
            command("patch").args(["-p1", "-E"]).current_dir(folder.path()),
            unified.as_bytes(),
        );
        finished.success();
    };
    let pod = || {
        fs::read_to_string(folder.path().join("default/Deployment.apps/forguncy-forguncy-pod.yaml"))
    };
    // Created, changed, and changed back: `patch` refuses what does not fit.
    fs::create_dir_all(folder.path().join("default/A")).expect("it is writable");
    fs::write(
        folder.path().join("default/A/x.yaml"),
        "apiVersion: v1\nkind: A\nmetadata:\n  name: x\n",
    )
    .expect("it is writable");
    patch("none.yaml", "a.yaml");
    let before = pod().expect("it was created");
    patch("a.yaml", "b.yaml");
    assert!(pod().expect("it is there").contains("10.0.104.0"));
    patch("b.yaml", "a.yaml");
    assert_eq!(pod().expect("it is there"), before);
    patch("a.yaml", "none.yaml");
    assert!(pod().is_err(), "it was removed");
}

#[test]
fn a_chart_that_is_not_ours_is_not_guessed_at() {
    let folder = folder(&[("a.yaml", OLD), ("b.yaml", NEW)]);
    run(hzgchart().args(["package", "-f", "a.yaml", "--format", "dir"]).current_dir(folder.path()))
        .success();
    let chart = folder.path().join("forguncy-k8s-server");
    let said = || {
        let finished = diff(&folder, &["forguncy-k8s-server", "b.yaml"]);
        assert_eq!((finished.code, finished.stdout.as_str()), (Some(2), ""));
        finished.stderr
    };
    let template = chart.join("templates/pvs.yaml");
    let text = fs::read_to_string(&template).expect("it is there");
    fs::write(&template, text.replace("ReadWriteMany", "ReadWriteOnce")).expect("it is writable");
    insta::assert_snapshot!("diff_chart_changed", said());
    fs::remove_file(&template).expect("it is there");
    insta::assert_snapshot!("diff_chart_incomplete", said());
    fs::write(&template, text).expect("it is writable");
    fs::write(chart.join("templates/more.yaml"), "kind: A\n").expect("it is writable");
    insta::assert_snapshot!("diff_chart_of_others", said());
    fs::remove_file(chart.join("templates/more.yaml")).expect("it is there");
    let values = fs::read_to_string(chart.join("values.yaml")).expect("it is there");
    let shorter = values.split_inclusive('\n').filter(|line| !line.starts_with("  timezone:"));
    fs::write(chart.join("values.yaml"), shorter.collect::<String>()).expect("it is writable");
    insta::assert_snapshot!("diff_chart_with_other_values", said());
    fs::remove_file(chart.join("Chart.yaml")).expect("it is there");
    insta::assert_snapshot!("diff_chart_is_none", said());
}

#[test]
fn what_is_wrong_is_told_with_the_side_that_it_is_wrong_with() {
    let folder = folder(&[
        ("a.yaml", OLD),
        ("broken.yaml", "storage: [\n"),
        ("unknown.yaml", "storage: {tpye: nfs}\n"),
        ("open.yaml", "storage: {type: nfs}\n"),
        (
            "twice.yaml",
            "apiVersion: v1\nkind: A\nmetadata: {name: a}\n---\napiVersion: v1\nkind: A\nmetadata: {name: a}\n",
        ),
        ("none.yaml", "kind: A\n"),
        ("half.yaml", "apiVersion: v1\nkind: A\nmetadata: {name: a}\n---\nkind: [\n"),
        ("text.tgz", "\u{1f}text"),
    ]);
    let mut said = String::new();
    for args in [
        &["broken.yaml", "unknown.yaml"][..],
        &["a.yaml", "open.yaml"],
        &["twice.yaml", "none.yaml"],
        &["half.yaml", "a.yaml"],
        &["a.yaml", "text.tgz"],
        &["a.yaml", "a.yaml", "--name", "A.b"],
        &["-", "-"],
        &["-", "a.yaml", "-f", "-"],
        &["-", "a.yaml"],
        &["half.yaml", "half.yaml", "--set", "a=b"],
    ] {
        let finished = diff(&folder, args);
        assert_eq!(
            (finished.code, finished.stdout.as_str()),
            (Some(2), ""),
            "{args:?}: {finished:?}"
        );
        said.push_str(&format!("$ hzgchart diff {}\n{}\n", args.join(" "), finished.stderr));
    }
    insta::assert_snapshot!("diff_unusable", said);
    let missing = diff(&folder, &["a.yaml", "missing.yaml"]);
    assert_eq!(missing.code, Some(3));
    assert!(missing.stderr.contains("cannot read `missing.yaml`"), "{missing:?}");
}

#[test]
fn presets_and_files_lie_below_both_sides_and_arguments_above() {
    let folder = folder(&[
        (
            "base.yaml",
            "storage: {server: 10.0.0.5}\nforguncy: {containerPort: 81, terminationGracePeriodSeconds: 61}\n",
        ),
        ("a.yaml", "{}\n"),
        ("b.yaml", "forguncy: {containerPort: 82, terminationGracePeriodSeconds: 62}\n"),
    ]);
    let args = [
        "a.yaml",
        "b.yaml",
        "--preset",
        "nfs",
        "-f",
        "base.yaml",
        "--set",
        "forguncy.terminationGracePeriodSeconds=63",
        "--format",
        "json",
    ];
    let report: Json = serde_json::from_str(&diff(&folder, &args).success()).expect("it is JSON");
    let changes = report["objects"][0]["changes"].as_array().expect("a list");
    assert_eq!(report["objects"].as_array().map(Vec::len), Some(1));
    assert_eq!(changes.len(), 2, "{report:#}");
    assert!(
        changes
            .iter()
            .all(|change| change["field"].as_str().unwrap_or_default().contains("ontainerPort"))
    );
    assert_eq!(
        changes[0]["cause"],
        json!({"key": "forguncy.containerPort", "file": "b.yaml", "line": 1, "column": 27})
    );
}

#[test]
fn two_releases_are_told_apart() {
    let folder = folder(&[("a.yaml", OLD)]);
    let manifests = run(hzgchart()
        .args(["render", "-f", "a.yaml", "--name", "shop", "-n", "prod"])
        .current_dir(folder.path()));
    fs::write(folder.path().join("a.man"), manifests.success()).expect("it is writable");
    let finished = diff(&folder, &["a.man", "a.yaml"]);
    let note = finished
        .stdout
        .lines()
        .find(|line| line.starts_with("note: "))
        .unwrap_or_default()
        .to_owned();
    assert_eq!(
        note,
        "note: no object is on both sides: `a.man` is release `shop` in namespace `prod`, `a.yaml` is release `forguncy` in namespace `default`; `--name` and `--namespace` say which one values and charts are for"
    );
}
