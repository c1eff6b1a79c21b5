//! The law: whatever the values, the overrides, the release and the namespace, `hzgchart render`
//! gives the objects that `helm template` gives for the package, in both majors, or both refuse.
//!
//! `HZGCHART_LAW_CASES` is the number of generated cases (200), `HZGCHART_LAW_SEED` repeats a run.
//! A case that breaks the law is made smaller and written to `tests/law-regressions/`, whose
//! cases run every time.

mod case;
mod coverage;
mod effect;
mod generator;
mod help;
mod hostile;
pub mod leaves;
mod maker;
mod random;
mod run;
mod sample;
mod shrink;

use std::io::Write;

use crate::harness::{compositions, presets, rendering_fixtures};
use case::{Case, Verdict};

/// Prints past the test runner, which hides what passing tests print.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

#[test]
fn every_preset_renders_as_helm_renders_its_package_alone_and_over_every_other() {
    for given in compositions() {
        match (Case { given: given.clone(), ..Case::default() }).check() {
            Ok(Verdict::Equal(objects)) => assert!(objects.len() >= 10, "{given:?}: {objects:#?}"),
            other => panic!("{given:?}: {other:?}"),
        }
    }
}

#[test]
fn what_a_preset_leaves_open_is_open_for_both() {
    for preset in presets() {
        let case = Case { given: vec!["--preset".into(), preset.clone()], ..Case::default() };
        let verdict = case.check().unwrap_or_else(|broken| panic!("{preset}: {broken}"));
        let closed = ["single-node", "nfs", "cloud"].contains(&&*preset);
        assert_eq!(matches!(verdict, Verdict::Equal(_)), closed, "{preset}");
    }
}

#[test]
fn every_fixture_renders_as_helm_renders_its_package() {
    for fixture in rendering_fixtures() {
        let values = std::fs::read_to_string(&fixture).expect("fixtures are readable");
        match (Case { values, ..Case::default() }).check() {
            Ok(Verdict::Equal(_)) => {}
            other => panic!("{}: {other:?}", fixture.display()),
        }
    }
}

#[test]
fn the_defaults_leave_the_file_server_open_for_both() {
    assert_eq!(Case::default().check(), Ok(Verdict::Refused));
}

#[test]
fn an_override_at_install_closes_what_the_package_left_open() {
    let args = ["--set".to_owned(), "storage.server=192.168.1.10".to_owned()].to_vec();
    match (Case { args, ..Case::default() }).check() {
        Ok(Verdict::Equal(_)) => {}
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_regression_case_holds() {
    for (name, case) in case::regressions() {
        case.check().unwrap_or_else(|broken| panic!("{name}: {broken}"));
    }
}

#[test]
fn generated_cases_hold() {
    let run = run::Run::from_environment();
    say(&format!("law: {} cases; HZGCHART_LAW_SEED={} repeats them", run.cases, run.seed));
    match run.go() {
        Ok(coverage) => {
            say(&coverage.table());
            say(&coverage.to_string());
            if run.reaches_all_keys() {
                coverage.assert_complete();
            }
        }
        Err(broken) => {
            let path = broken.sample.case().keep();
            panic!(
                "case {} of seed {}: {}\nkept as {}:\n{}",
                broken.index,
                run.seed,
                broken.what,
                path.display(),
                broken.sample.case().to_yaml()
            );
        }
    }
}
