//! Any chart is inspected as both Helms would take it: what is claimed is held against the real ones.

mod cases;
mod pack;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::thread;

use hzgchart::inspect::{Answer, Inspected, inspect};
use tempfile::tempdir;

use crate::harness::helm::Helm;

/// What a Helm really does with a chart.
fn ask(helm: Helm, chart: &Path) -> Answer {
    let run = |args: &[&str]| {
        // Helm 3 crashes on one of them, and prints more than a message.
        let output = helm.command().args(args).arg(chart).output().expect("helm runs");
        output.status.success()
    };
    Answer { lints: run(&["lint"]), installs: run(&["template", "r"]) }
}

/// The findings as text, the folder's name left out.
fn text(inspected: &Inspected, folder: &Path) -> String {
    let mut text = String::new();
    for finding in &inspected.findings {
        let (severity, id) = (finding.severity().name(), finding.rule.id);
        writeln!(text, "{severity}[{id} {}]: {}", finding.rule.name, finding.problem)
            .expect("text");
    }
    if text.is_empty() {
        text.push_str("nothing\n");
    }
    text.replace(&format!("{}/", folder.display()), "")
}

#[test]
fn says_what_both_helms_do_with_each_broken_chart() {
    let folder = tempdir().expect("the temporary folder is writable");
    let cases = Mutex::new(cases::cases().into_iter());
    let results = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                loop {
                    let next = cases.lock().expect("no panic").next();
                    let Some((name, bytes)) = next else { break };
                    let chart = folder.path().join(format!("{name}.tgz"));
                    fs::write(&chart, bytes).expect("the folder is writable");
                    let inspected = inspect(&chart).expect("the file can be read");
                    let real = Helm::BOTH.map(|helm| ask(helm, &chart));
                    fs::remove_file(&chart).expect("the folder is writable");
                    let shown = text(&inspected, folder.path());
                    results.lock().expect("no panic").push((name, inspected, real, shown));
                }
            });
        }
    });
    let mut results = results.into_inner().expect("no panic");
    results.sort_by_key(|(name, ..)| *name);
    assert!(results.len() >= 40);
    let mut wrong = String::new();
    let mut all = String::new();
    for (name, inspected, real, shown) in &results {
        let claimed = [inspected.verdict.helm3, inspected.verdict.helm4];
        if claimed != *real {
            writeln!(wrong, "{name}: claimed {claimed:?}\n  real {real:?}\n{shown}").expect("text");
        }
        writeln!(all, "# {name}\n{shown}").expect("text");
    }
    fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("inspect.txt"), all).expect("ok");
    assert!(wrong.is_empty(), "{wrong}");
}
