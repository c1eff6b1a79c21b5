//! `hzgchart validate`: the verdict, its formats and exit codes, waivers; and the same checks in `render` and `package`.

use std::fs;

use serde_json::{Value as Json, json};
use tempfile::{TempDir, tempdir};

use crate::harness::hzgchart::hzgchart;
use crate::harness::process::{Finished, run, run_with_input};
use crate::harness::project;
use crate::harness::python::Python;

/// Values with an error and a warning that stand in the file.
const VALUES: &str = "\
storage: {type: nfs, server: 10.0.0.5}
forguncy:
  image: {tag: latest}
  affinity:
    nodeAfinity: {}
";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempdir().expect("the temporary folder is writable");
    for (name, content) in files {
        fs::write(folder.path().join(name), content).expect("it is writable");
    }
    folder
}

fn hzg(folder: &TempDir, args: &[&str]) -> Finished {
    run(hzgchart().args(args).current_dir(folder.path()))
}

fn report(folder: &TempDir, args: &[&str]) -> Json {
    let finished = hzg(folder, &[&["validate", "--format", "json"], args].concat());
    serde_json::from_str(&finished.stdout).unwrap_or_else(|e| panic!("{e}: {finished:?}"))
}

#[test]
fn every_format_says_what_was_found() {
    let folder = folder(&[("values.yaml", VALUES)]);
    for format in ["text", "json", "sarif", "junit", "github"] {
        let finished = hzg(&folder, &["validate", "-f", "values.yaml", "--format", format]);
        assert_eq!(finished.code, Some(1), "{format}: {finished:?}");
        assert_eq!(finished.stderr, "");
        let mut shown = finished.stdout;
        if format == "sarif" {
            // Every rule stands in the report, with its page; the rules have a test of their own.
            let mut report: Json = serde_json::from_str(&shown).expect("SARIF is JSON");
            let rules =
                report["runs"][0]["tool"]["driver"]["rules"].as_array_mut().expect("a list");
            rules.retain(|rule| rule["id"] == "HZG010");
            shown = format!("{report:#}");
        }
        if format == "junit" {
            let passed = |line: &&str| line.starts_with("<testcase") && line.ends_with("\"/>");
            shown = shown.lines().filter(|line| !passed(line)).collect::<Vec<_>>().join("\n");
        }
        let shown = shown.replace(env!("CARGO_PKG_VERSION"), "VERSION");
        insta::assert_snapshot!(format!("validate_{format}"), shown);
    }
}

#[test]
fn writes_several_reports_at_once() {
    let folder = folder(&[("values.yaml", VALUES)]);
    let formats = ["--format", "text", "--format", "sarif=a.sarif", "--format", "junit=b.xml"];
    let finished = hzg(&folder, &[&["validate", "-f", "values.yaml"][..], &formats].concat());
    assert!(finished.stdout.starts_with("warning[HZG010]"), "{finished:?}");
    let read = |name| fs::read_to_string(folder.path().join(name)).expect("it was written");
    assert!(read("a.sarif").contains("\"2.1.0\""));
    assert!(read("b.xml").starts_with("<?xml"));
    let twice = hzg(&folder, &["validate", "--format", "text", "--format", "json"]);
    assert_eq!(twice.code, Some(2));
    assert!(twice.stderr.contains("two reports go to standard output"), "{twice:?}");
}

#[test]
fn reports_have_the_form_that_they_claim() {
    let waivers = "waivers: [{rule: HZG035, reason: \"<a> & 'b'\"}]\n";
    let folder = folder(&[("values.yaml", VALUES), ("values.waivers.yaml", waivers)]);
    let python = Python::start("reports.py");
    let report = |format: &str| {
        let args = ["validate", "--preset", "nfs", "-f", "values.yaml", "--format", format];
        hzg(&folder, &args).stdout
    };
    let path = |name: &str| project().join(name).display().to_string();
    for request in [
        json!({"schema": path("docs/report.schema.json"), "json": report("json")}),
        json!({"schema": path(".tools/sarif-2.1.0.json"), "json": report("sarif")}),
        json!({"xml": report("junit")}),
    ] {
        assert_eq!(python.ask(&request), json!({"problems": []}), "{request}");
    }
    let broken = report("sarif").replace("\"startLine\": 3", "\"startLine\": 0");
    let request = json!({"schema": path(".tools/sarif-2.1.0.json"), "json": broken});
    assert_ne!(python.ask(&request), json!({"problems": []}), "the schema looks at lines");
}

#[test]
fn exit_codes_tell_fine_from_findings_from_unusable_values() {
    let folder = folder(&[
        ("fine.yaml", "storage: {server: 10.0.0.5}\n"),
        ("warned.yaml", "storage: {server: 10.0.0.5}\nforguncy: {image: {tag: latest}}\n"),
        ("found.yaml", VALUES),
        ("open.yaml", "storage: {type: nfs}\n"),
        ("wrong.yaml", "storage: {tpye: nfs}\n"),
    ]);
    for (args, code) in [
        (&["-f", "fine.yaml", "--strict"][..], 0),
        (&["-f", "warned.yaml"], 0),
        (&["-f", "warned.yaml", "--strict"], 1),
        (&["-f", "warned.yaml", "--strict", "--allow", "HZG010"], 0),
        (&["-f", "found.yaml"], 1),
        (&["-f", "open.yaml"], 2),
        (&["-f", "wrong.yaml"], 2),
        (&["-f", "missing.yaml"], 3),
        (&["-f", "fine.yaml", "--allow", "HZG999"], 2),
        (&["-f", "wrong.yaml", "--allow", "HZG101"], 2),
        (&["-f", "fine.yaml", "--kube-version", "1.24"], 2),
        (&["-f", "fine.yaml", "--format", "json=/dev/full"], 3),
    ] {
        let finished = hzg(&folder, &[&["validate"], args].concat());
        assert_eq!(finished.code, Some(code), "{args:?}: {finished:?}");
    }
    assert_eq!(hzg(&folder, &["lint", "-f", "fine.yaml"]).code, Some(0));
}

#[test]
fn waivers_beside_the_values_give_their_reason() {
    let waivers = "waivers:\n- {rule: image-tag-moves, reason: the lab follows it, key: forguncy.image}\n- {rule: HZG013, reason: old}\n";
    let folder = folder(&[
        ("values.yaml", "storage: {server: 10.0.0.5}\nforguncy: {image: {tag: latest}}\n"),
        ("values.waivers.yaml", waivers),
    ]);
    let report = report(&folder, &["-f", "values.yaml"]);
    assert_eq!(report["waived"][0]["rule"], "HZG010");
    assert_eq!(report["waived"][0]["reason"], "the lab follows it");
    assert_eq!(
        (&report["summary"]["warnings"], &report["summary"]["notes"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(report["findings"][0]["rule"], "HZG901");
    assert_eq!(report["findings"][0]["file"], "values.waivers.yaml");
    assert_eq!(report["findings"][0]["line"], 3);

    fs::write(folder.path().join("values.waivers.yaml"), "waivers:\n- rule: HZG10\n").unwrap();
    let refused = hzg(&folder, &["validate", "-f", "values.yaml"]);
    assert_eq!(refused.code, Some(2));
    insta::assert_snapshot!("validate_broken_waivers", refused.stderr);
}

#[test]
fn a_finding_names_the_file_that_brought_the_value() {
    let folder = folder(&[
        ("base.yaml", "storage: {server: 10.0.0.5}\nforguncy: {affinity: {nodeAfinity: {}}}\n"),
        ("prod.yaml", "forguncy:\n  tolerations:\n  - {key: a, operator: Exist}\n"),
    ]);
    let set = "redis.tolerations=[{\"key\":\"a\",\"operator\":\"Exist\"}]";
    let report = report(&folder, &["-f", "base.yaml", "-f", "prod.yaml", "--set-json", set]);
    let places: Vec<String> = report["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|f| f["severity"] != "note")
        .map(|f| format!("{} {}:{}:{} {}", f["rule"], f["file"], f["line"], f["column"], f["key"]))
        .collect();
    assert_eq!(
        places,
        [
            "\"HZG204\" \"--set-json\":1:42 \"redis.tolerations[0].operator\"",
            "\"HZG201\" \"base.yaml\":2:23 \"forguncy.affinity.nodeAfinity\"",
            "\"HZG204\" \"prod.yaml\":3:24 \"forguncy.tolerations[0].operator\"",
        ]
    );
}

#[test]
fn render_and_package_refuse_what_validate_finds() {
    let folder = folder(&[("values.yaml", VALUES)]);
    let version = ["--version", "1.2.3", "--app-version", "1.2.3"];
    for (verb, more) in [("render", &[][..]), ("package", &version)] {
        let refused = hzg(&folder, &[&[verb, "-f", "values.yaml"], more].concat());
        assert_eq!((refused.code, refused.stdout.as_str()), (Some(1), ""), "{verb}");
        insta::assert_snapshot!("validate_refuses", refused.stderr);
        let written = fs::read_dir(folder.path()).expect("it is readable").count();
        assert_eq!(written, 1, "{verb} writes nothing");
    }
    let unchecked = ["-f", "values.yaml", "--no-validate"];
    assert!(hzg(&folder, &[&["render"], &unchecked[..]].concat()).ok());
    assert!(hzg(&folder, &[&["package"], &unchecked[..], &version].concat()).ok());
}

#[test]
fn a_package_is_refused_with_all_that_is_found_and_shows_no_secret() {
    let folder = folder(&[(
        "values.yaml",
        "redis: {auth: {enabled: true, password: geheim}}\nforguncy: {tolerations: [{operator: Exist}]}\n",
    )]);
    let refused = hzg(&folder, &["package", "-f", "values.yaml"]);
    assert_eq!(refused.code, Some(1));
    assert!(!refused.stderr.contains("geheim"));
    insta::assert_snapshot!("validate_package", refused.stderr);
}

#[test]
fn manifests_on_standard_input_are_checked_as_objects() {
    let manifests = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  selector: {app: a}\n  ports: [{port: 80, targetport: 80}]\n---\napiVersion: example.com/v1\nkind: Thing\nmetadata: {name: b}\n";
    let finished = run_with_input(hzgchart().args(["validate", "-"]), manifests.as_bytes());
    assert_eq!(finished.code, Some(1));
    insta::assert_snapshot!("validate_manifests", finished.stdout);
}

#[test]
fn packages_of_ours_pass() {
    let folder = folder(&[]);
    for format in ["tgz", "dir"] {
        let packed = hzg(&folder, &["package", "--preset", "single-node", "--format", format]);
        let path = packed.stdout.lines().next().expect("a path").to_owned();
        let finished = hzg(&folder, &["validate", "--strict", &path]);
        assert_eq!(
            (finished.code, finished.stdout.as_str()),
            (Some(0), "no findings in 1 chart\n")
        );
    }
}

#[test]
fn every_rule_is_explained() {
    let folder = folder(&[]);
    let list = hzg(&folder, &["explain"]).stdout;
    assert!(list.lines().count() > 60);
    for line in list.lines() {
        let id = line.split(' ').next().expect("an id");
        let page = hzg(&folder, &["explain", id]);
        assert!(page.stdout.starts_with(&format!("# {id} `")), "{page:?}");
    }
    let unknown = hzg(&folder, &["explain", "HZG99"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.stderr.contains("there is no rule `HZG99`"), "{unknown:?}");
}
