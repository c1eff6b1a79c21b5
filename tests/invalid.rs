//! The corpus of broken inputs, `tests/fixtures/invalid`: each file has the one fault that it is named after, and one finding says so.
//!
//! A fixture is a values file, or, in `manifests`, what `kubectl apply` would be given. Comments on top tell what else there is to
//! know: `# args: --preset nfs` are further arguments, `# findings: 2` says that the one fault shows as several. The verdicts are
//! snapshots. `docs/validation.md` holds a table of who else notices each fault.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use hzgchart::finding::Severity;
use hzgchart::rules;
use serde_json::Value as Json;
use tempfile::{TempDir, tempdir};

use crate::harness::hzgchart::hzgchart;
use crate::harness::process::{Finished, run};
use crate::harness::{compositions, project, valid_fixtures};

/// How the secrets of the fixtures begin.
const SECRET: &str = "correct-horse";

/// The warnings of valid values: of several pods no value tells whether load balancing was switched on before.
const ACCEPTED: [(&str, &str); 3] =
    [("autoscaling", "HZG001"), ("fixed-replicas", "HZG001"), ("pod-disruption-budget", "HZG001")];

/// One broken input.
struct Fixture {
    /// Its path below `tests/fixtures/invalid`, without the ending.
    name: String,
    path: PathBuf,
    args: Vec<String>,
    findings: usize,
}

/// The fixtures in a stable order.
fn fixtures() -> Vec<Fixture> {
    let root = project().join("tests/fixtures/invalid");
    let mut all: Vec<Fixture> = Vec::new();
    for folder in ["", "manifests/"] {
        let entries = fs::read_dir(root.join(folder)).expect("the folder is part of the project");
        for entry in entries {
            let path = entry.expect("the folder is readable").path();
            let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let Some(stem) = file.strip_suffix(".yaml") else { continue };
            if !stem.ends_with(".waivers") {
                all.push(Fixture::read(format!("{folder}{stem}"), path));
            }
        }
    }
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

impl Fixture {
    fn read(name: String, path: PathBuf) -> Self {
        let text = fs::read_to_string(&path).expect("fixtures are texts");
        let mut fixture = Self { name, path, args: Vec::new(), findings: 1 };
        for line in text.lines().map_while(|line| line.strip_prefix("# ")) {
            if let Some(args) = line.strip_prefix("args: ") {
                fixture.args = args.split_whitespace().map(str::to_owned).collect();
            } else if let Some(count) = line.strip_prefix("findings: ") {
                let count = count.split(',').next().and_then(|count| count.parse().ok());
                fixture.findings = count.expect("`# findings: 2, because …`");
            }
        }
        fixture
    }

    /// Runs `hzgchart validate` on it. What is found is also left in a file, as JSON.
    fn validate(&self, report: &Path) -> Finished {
        let mut command = hzgchart();
        command.current_dir(self.path.parent().expect("a file is in a folder"));
        command.args(["validate", "--strict", "--format", "text", "--format"]);
        command.arg(format!("json={}", report.display())).args(&self.args);
        if !self.name.starts_with("manifests/") {
            command.arg("-f");
        }
        run(command.arg(self.path.file_name().expect("it has a name")))
    }
}

/// The rules that a run's findings are of; notes are no faults.
fn rules_found(report: &Path) -> Vec<String> {
    let Ok(text) = fs::read_to_string(report) else { return Vec::new() };
    let report: Json = serde_json::from_str(&text).expect("the report is JSON");
    let findings = report["findings"].as_array().expect("it lists the findings");
    let faults = findings.iter().filter(|finding| finding["severity"] != "note");
    faults.map(|finding| finding["rule"].as_str().unwrap_or_default().to_owned()).collect()
}

/// The beginning of a fixture's row in the table of `docs/validation.md`.
fn row(name: &str, rules: &[String]) -> String {
    let title = name.rsplit('/').next().unwrap_or(name).replace('_', " ");
    let rules: BTreeSet<&String> = rules.iter().collect();
    let links: Vec<String> =
        rules.iter().map(|rule| format!("[{rule}](rules/{rule}.md)")).collect();
    let rules = if links.is_empty() { "refused".to_owned() } else { links.join(", ") };
    format!("| [{title}](../tests/fixtures/invalid/{name}.yaml) | {rules} |")
}

/// What others notice is left to `scripts/validation-table.sh --check`, which takes a minute.
fn check_table(rows: &[String]) {
    let page = fs::read_to_string(project().join("docs/validation.md")).expect("the page is there");
    let table: Vec<&str> = page.lines().filter(|line| line.starts_with("| [")).collect();
    let missing: Vec<&String> =
        rows.iter().filter(|row| !table.iter().any(|line| line.starts_with(*row))).collect();
    let run = "run scripts/validation-table.sh";
    assert!(missing.is_empty(), "docs/validation.md lacks {missing:#?}: {run}");
    assert_eq!(
        table.len(),
        rows.len(),
        "docs/validation.md has more rows than there are faults: {run}"
    );
}

fn folder() -> TempDir {
    tempdir().expect("the temporary folder is writable")
}

#[test]
fn each_fault_is_found_once_and_told_clearly() {
    let folder = folder();
    let mut covered = BTreeSet::new();
    let mut rows = Vec::new();
    let mut wrong = Vec::new();
    let fixtures = fixtures();
    for (at, fixture) in fixtures.iter().enumerate() {
        let report = folder.path().join(format!("{at}.json"));
        let finished = fixture.validate(&report);
        let said = format!("{}{}", finished.stdout, finished.stderr);
        let name = &fixture.name;
        assert!(!said.contains("panicked") && !said.contains(SECRET), "{name}:\n{said}");
        assert!(!said.contains(&project().display().to_string()), "{name}:\n{said}");
        let rules = rules_found(&report);
        let refused = matches!(finished.code, Some(1 | 2));
        // Waivers that cannot be read are told on standard error, before anything is checked.
        let found = if rules.is_empty() && !finished.stderr.is_empty() { 1 } else { rules.len() };
        if !refused || found != fixture.findings {
            wrong.push(format!("{name}: {found} findings, exit code {:?}\n{said}", finished.code));
        }
        rows.push(row(name, &rules));
        covered.extend(rules);
        insta::with_settings!({ snapshot_path => "snapshots/invalid", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name.replace('/', "__"), said);
        });
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(fixtures.len() >= 150, "{} broken inputs", fixtures.len());
    check_table(&rows);
    let uncovered: Vec<&str> = rules::all()
        // Packages and fleets, and the rules about them, have tests of their own: below, `inspect.rs`, `fleet.rs`.
        .filter(|rule| !rule.is_about_packaging())
        .filter(|rule| !rule.id.starts_with("HZG4") && !rule.id.starts_with("HZG5"))
        .filter(|rule| rule.severity != Severity::Note)
        .map(|rule| rule.id)
        .filter(|id| !covered.contains(*id))
        .collect();
    assert!(uncovered.is_empty(), "no broken input breaks {uncovered:?}");
}

#[test]
fn presets_and_valid_values_have_no_findings() {
    let clean = |args: &[&str]| {
        let finished = run(hzgchart().args(["validate", "--strict"]).args(args));
        assert!(finished.ok(), "{args:?}:\n{}{}", finished.stdout, finished.stderr);
    };
    for args in compositions() {
        clean(&args.iter().map(String::as_str).collect::<Vec<_>>());
    }
    for path in &valid_fixtures() {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let accepted = ACCEPTED.iter().filter(|(fixture, _)| *fixture == name);
        // A waiver that waives nothing would be a finding.
        let allow: Vec<&str> = accepted.flat_map(|(_, rule)| ["--allow", rule]).collect();
        clean(&[&["-f", &path.display().to_string()][..], &allow].concat());
    }
}

#[test]
fn a_package_tells_what_it_leaves_open_and_what_it_gives_away() {
    let folder = folder();
    let told = |set: &str, rule: &str| {
        let finished = run(hzgchart().args(["package", "--set", set, "-d"]).arg(folder.path()));
        assert!(finished.ok() && !finished.stderr.contains(SECRET), "{}", finished.stderr);
        finished.stderr.contains(rule)
    };
    assert!(told("storage.server=", "HZG103") && !told("storage.server=10.0.0.5", "HZG103"));
    let secret = format!("redis.auth.enabled=true,redis.auth.password={SECRET}");
    assert!(told(&secret, "HZG015") && !told("redis.auth.enabled=true", "HZG015"));
}
