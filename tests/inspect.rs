//! Any chart is inspected as both Helms would take it: what is claimed is held against the real ones.

mod cases;
mod folders;
mod hostile;
pub mod pack;
pub mod zips;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::thread;

use hzgchart::inspect::{Answer, Form, Inspected, inspect};
use tempfile::tempdir;

use crate::harness::helm::Helm;
use crate::harness::hzgchart::package;
use crate::harness::presets;

/// What a Helm really does with a chart.
fn ask(helm: Helm, chart: &Path) -> Answer {
    // Not by way of the harness: Helm 3 crashes on one of the charts.
    let run = |args: &[&str]| {
        let output = helm.command().args(args).arg(chart).output().expect("helm runs");
        output.status.success()
    };
    Answer { lints: run(&["lint"]), installs: run(&["template", "r"]) }
}

/// The findings as text, without the folder that the chart lies in.
fn text(inspected: &Inspected, folder: &Path) -> String {
    let mut text = String::new();
    for finding in &inspected.findings {
        let (severity, rule) = (finding.severity().name(), finding.rule);
        writeln!(text, "{severity}[{} {}]: {}", rule.id, rule.name, finding.problem)
            .expect("text takes all");
    }
    if text.is_empty() {
        text.push_str("nothing\n");
    }
    text.replace(&format!("{}/", folder.display()), "")
}

/// Inspects a chart, asks both Helms, and snapshots what was found; returns where the claims are wrong.
fn disagreement(name: &str, chart: &Path, folder: &Path) -> Option<String> {
    let inspected = inspect(chart).expect("the chart can be read");
    let claimed = [inspected.verdict.helm3, inspected.verdict.helm4];
    let real = Helm::BOTH.map(|helm| ask(helm, chart));
    let shown = text(&inspected, folder);
    for finding in &inspected.findings {
        assert!(finding.problem.location.is_some(), "{name}: {finding:?}");
        assert!(finding.problem.help.is_some(), "{name}: {finding:?}");
    }
    insta::with_settings!({snapshot_path => "snapshots/inspect", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!(name, shown);
    });
    (claimed != real).then(|| format!("{name}: claimed {claimed:?}\n  real {real:?}\n{shown}"))
}

#[test]
fn says_what_both_helms_do_with_each_broken_archive() {
    let folder = tempdir().expect("the temporary folder is writable");
    let all = cases::cases();
    assert!(all.len() >= 40);
    let cases = Mutex::new(all.into_iter());
    let wrong = Mutex::new(Vec::new());
    let work = || {
        loop {
            let next = cases.lock().expect("no other thread panics").next();
            let Some((name, bytes)) = next else { return };
            let chart = folder.path().join("chart.tgz").with_file_name(format!("{name}.tgz"));
            fs::write(&chart, bytes).expect("the folder is writable");
            wrong.lock().expect("no other thread panics").extend(disagreement(
                name,
                &chart,
                folder.path(),
            ));
            fs::remove_file(&chart).expect("the folder is writable");
        }
    };
    thread::scope(|scope| {
        // The real Helms take most of the time.
        (0..3).for_each(|_| drop(scope.spawn(work)));
    });
    let wrong = wrong.into_inner().expect("no thread panics");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn finds_nothing_in_what_package_makes_but_that_a_zip_is_one() {
    let defaults = std::iter::once(Vec::new());
    let all =
        defaults.chain(presets().into_iter().map(|preset| vec!["--preset".to_owned(), preset]));
    for input in all {
        let folder = tempdir().expect("the temporary folder is writable");
        for (format, form) in [("tgz", Form::Tgz), ("zip", Form::Zip), ("dir", Form::Folder)] {
            let args = [&input[..], &["--format".to_owned(), format.to_owned()]].concat();
            let packed =
                package(folder.path(), &args).unwrap_or_else(|e| panic!("{input:?}: {e:?}"));
            let inspected = inspect(&packed.path).expect("the package can be read");
            let rules: Vec<&str> = inspected.findings.iter().map(|f| f.rule.name).collect();
            let expected: &[&str] = if form == Form::Zip { &["archive-zip"] } else { &[] };
            assert_eq!(rules, expected, "{input:?}: {}", text(&inspected, folder.path()));
            assert_eq!(inspected.form, form);
            assert_eq!(inspected.version.as_deref(), Some("1.2.3"));
            assert!(inspected.name.is_some() && inspected.files > 5 && inspected.release > 1000);
        }
    }
}

#[test]
fn finds_in_helms_own_packages_only_the_header() {
    let folder = tempdir().expect("the temporary folder is writable");
    for helm in Helm::BOTH {
        let place = folder.path().join(format!("{helm:?}"));
        fs::create_dir(&place).expect("the folder is writable");
        let run = |args: &[&str]| {
            let status = helm.command().args(args).current_dir(&place).output().expect("helm runs");
            assert!(status.status.success(), "{status:?}");
        };
        run(&["create", "made"]);
        run(&["package", "made"]);
        let inspected = inspect(&place.join("made-0.1.0.tgz")).expect("the package can be read");
        let rules: Vec<&str> = inspected.findings.iter().map(|f| f.rule.name).collect();
        assert_eq!(rules, ["gzip-extra"], "{}", text(&inspected, folder.path()));
        let inspected = inspect(&place.join("made")).expect("the folder can be read");
        assert!(inspected.findings.is_empty(), "{}", text(&inspected, folder.path()));
    }
}
