//! Renders `templates/` and holds what is committed against it: the programs, and the chart's own templates.

use std::fs;

use serde_json::{Value as Json, json};
use tera::Tera;

use super::check::check;
use super::embedded::CHART;
use super::program::OBJECTS;
use crate::load::{self, Layer};
use crate::presets::PRESETS;
use crate::release::{RULES, Release};
use crate::stage::branches::Branches;
use crate::stage::capture::Capture;
use crate::stage::program::Program;
use crate::stage::{go, source};
use crate::{generated, schema};

/// Components that templates call. They are no part of the chart.
const COMPONENTS: &[&str] = &["metadata.tera", "pod.tera", "storage.tera", "service.tera"];

/// Whether a template of the chart holds objects.
fn holds_objects(path: &str) -> bool {
    path.ends_with(".yaml") || path.ends_with(".yml")
}

/// The template files, components first: name and text.
fn templates() -> Vec<(String, String)> {
    let components = COMPONENTS.iter().map(|name| format!("components/{name}"));
    let names = components.chain(CHART.iter().map(|(path, _)| (*path).to_owned()));
    names
        .map(|name| {
            let path = format!("{}/templates/{name}", env!("CARGO_MANIFEST_DIR"));
            let text = fs::read_to_string(path).unwrap();
            (name, text)
        })
        .collect()
}

/// What is fixed when hzgchart is built. Templates may loop over it and decide by it.
fn build() -> Json {
    let share = |key: &str, name: &str, directory: &str| json!({"key": key, "name": name, "mountPath": format!("/opt/{directory}")});
    json!({
        "shares": [
            share("attach", "attach", "ForguncyAttach"),
            share("logs", "logs", "ForguncyLogs"),
            share("restore", "restore", "ForguncyRestore"),
            share("sites", "sites", "ForguncySites"),
            share("sitesBin", "sites-bin", "ForguncySitesBin"),
        ],
        "stores": [{"name": "redis"}, {"name": "influx"}],
        "messages": {
            "storageServer": "is empty: storage.type nfs needs the file server's name or address, for all shares or for each (storage.shares.NAME.server)",
            "storageClassName": "is empty: storage.type storageClass needs the name of a class whose volumes can be mounted by many nodes (ReadWriteMany)",
            "existingClaim": "is empty: storage.type existingClaims needs the name of a claim here",
            "redisPassword": "is empty: redis.auth.enabled needs a password here, or the name of a Secret in redis.auth.existingSecret",
        },
        "releaseRules": RULES
            .iter()
            .map(|rule| json!({
                "breach": rule.go_breach(),
                "message": go::string(rule.message),
                "subject": rule.go_subject(),
            }))
            .collect::<Vec<_>>(),
    })
}

/// Every template of the chart as a program.
fn programs() -> Vec<Program> {
    let capture = Capture::default();
    let mut tera = Tera::default();
    capture.register(&mut tera);
    tera.add_raw_templates(templates()).unwrap();
    let context = capture.context(&schema::load(), &build());
    let program = |path: &'static str| {
        let ops = capture.program(&tera, path, &context);
        Program { path, ops: ops.unwrap_or_else(|error| panic!("{path}: {error:?}")) }
    };
    CHART.iter().map(|(path, _)| program(path)).collect()
}

#[test]
fn every_template_leaves_the_decisions_about_values_open() {
    for (name, text) in templates() {
        assert_eq!(check(&name, &text), Ok(()));
    }
}

#[test]
fn the_committed_programs_are_what_the_templates_say() {
    let mut objects = programs();
    objects.retain(|program| holds_objects(program.path));
    generated::assert_current(
        "src/templates/program.rs",
        include_str!("program.rs"),
        &source::file(&objects),
    );
}

#[test]
fn the_committed_chart_is_what_the_templates_say() {
    for (program, (path, text)) in programs().iter().zip(CHART) {
        let path = format!("chart/templates/{path}");
        generated::assert_current(&path, text, &go::template(program.ops));
    }
}

#[test]
fn the_programs_are_those_of_the_charts_objects() {
    let objects: Vec<_> = OBJECTS.iter().map(|program| program.path).collect();
    let chart: Vec<_> =
        CHART.iter().map(|(path, _)| *path).filter(|path| holds_objects(path)).collect();
    assert_eq!(objects, chart);
}

/// Every set of values whose objects `tests/law.rs` compares with those of real Helm, whatever it makes up besides.
fn compared_with_helm() -> Vec<(String, Layer)> {
    let presets = PRESETS
        .iter()
        .map(|preset| (preset.name.to_owned(), Layer::Preset(preset.name.to_owned())));
    let fixtures = ["valid", "branches"].into_iter().flat_map(|folder| {
        let folder = format!("{}/tests/fixtures/{folder}", env!("CARGO_MANIFEST_DIR"));
        fs::read_dir(folder).unwrap().map(|entry| {
            let path = entry.unwrap().path();
            let name = path.display().to_string();
            (name.clone(), Layer::File(name, fs::read(path).unwrap()))
        })
    });
    presets.chain(fixtures).collect()
}

#[test]
fn a_preset_or_a_fixture_takes_each_branch_of_each_template() {
    let mut branches = Branches::of(OBJECTS);
    let release = Release { name: "shop".to_owned(), namespace: "prod".to_owned() };
    for (name, layer) in compared_with_helm() {
        let loaded = load::load(&[layer], &mut |_| unreachable!("no file is named"))
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        branches.take(OBJECTS, &loaded.tree, &release);
    }
    let untaken = branches.untaken();
    let (count, all) = (untaken.len(), branches.len());
    assert!(
        untaken.is_empty(),
        "add values that take them to tests/fixtures/valid, or to tests/fixtures/branches when they have findings; {count} of {all}:\n{}",
        untaken.join("\n")
    );
}
