//! The vendor-like chart and what its import makes, field by field: every difference is explained in `docs/migrate.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value as Json;
use tempfile::tempdir;

use super::import;
use crate::harness::helm::Helm;
use crate::harness::hzgchart::hzgchart;
use crate::harness::manifests::{Object, compare, from_helm, from_render};
use crate::harness::process::run;
use crate::harness::project;

/// The volumes and claims of both charts by their share.
const SHARES: [(&str, &str); 5] = [
    ("-attach", "attach"),
    ("-log", "logs"),
    ("-restore", "restore"),
    ("-site", "sites"),
    ("-bin", "sitesBin"),
];

/// The leaves of a chart's objects: object and field, to value.
fn leaves(objects: &[Object]) -> BTreeMap<(String, String), Json> {
    let mut leaves = BTreeMap::new();
    for Object { identity, json, .. } in objects {
        let name = match identity.kind.as_str() {
            "PersistentVolume" | "PersistentVolumeClaim" => {
                let bare = identity.name.trim_end_matches("-pv").trim_end_matches("-pvc");
                let bare = bare
                    .replace("sites-bin", "bin")
                    .replace("sites", "site")
                    .replace("logs", "log");
                let share = SHARES.iter().find(|(suffix, _)| bare.ends_with(suffix));
                share.unwrap_or_else(|| panic!("whose is {identity}?")).1.to_owned()
            }
            _ => identity.name.replace("shop", "R"),
        };
        fill(&format!("{} {name}", identity.kind), "", json, &mut leaves);
    }
    leaves
}

fn fill(object: &str, path: &str, json: &Json, leaves: &mut BTreeMap<(String, String), Json>) {
    match json {
        Json::Object(map) if !map.is_empty() => {
            for (key, value) in map {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                fill(object, &path, value, leaves);
            }
        }
        Json::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                fill(object, &format!("{path}[{i}]"), item, leaves);
            }
        }
        _ => {
            leaves.insert((object.to_owned(), path.to_owned()), json.clone());
        }
    }
}

/// The rows of the table in the guide: patterns of objects, and patterns of fields.
fn rows() -> Vec<(Vec<String>, Vec<String>)> {
    let text = fs::read_to_string(project().join("docs/migrate.md")).expect("it is there");
    let part = text.split("### What is not the same").nth(1).expect("the guide has the table");
    let part = part.split("\n#").next().unwrap_or_default();
    let spans = |cell: &str| -> Vec<String> {
        cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    };
    let rows: Vec<_> = part
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            let cells: Vec<&str> = line.split(" | ").collect();
            assert!(cells.len() == 3 && cells[2].len() > 10, "no explanation: {line}");
            (spans(cells[0]), spans(cells[1]))
        })
        .collect();
    assert!(!rows.is_empty());
    rows
}

/// Whether a text fits a pattern: `*` stands for anything, and so does what follows a whole field.
fn fits(pattern: &str, text: &str) -> bool {
    let mut rest = text;
    for (i, part) in pattern.split('*').enumerate() {
        match rest.find(part) {
            Some(0) => rest = &rest[part.len()..],
            Some(at) if i > 0 => rest = &rest[at + part.len()..],
            _ => return false,
        }
    }
    rest.is_empty() || rest.starts_with(['.', '[']) || pattern.ends_with('*')
}

#[test]
fn every_difference_to_the_vendors_chart_is_explained() {
    let folder = tempdir().expect("it is writable");
    let vendor = project().join("tests/fixtures/vendor");
    let imported = import(&vendor.display().to_string(), folder.path());
    fs::write(folder.path().join("values.yaml"), imported.success()).expect("it is writable");
    let here = || {
        let mut command = hzgchart();
        command.current_dir(folder.path());
        command
    };
    let text = run(here().args(["render", "-f", "values.yaml", "--name", "shop"])).success();
    let ours = from_render(&text).expect("it renders");
    run(here().args(["package", "-f", "values.yaml", "--version", "10.0.3.0"])).success();
    for helm in Helm::BOTH {
        let package = folder.path().join("forguncy-k8s-server-10.0.3.tgz");
        let text = run(helm.command().args(["template", "shop"]).arg(package)).success();
        compare(&from_helm(&text).expect("it renders"), &ours)
            .expect("render is what Helm renders");
        let text = run(helm.command().args(["template", "shop"]).arg(&vendor)).success();
        explained(&from_helm(&text).expect("it renders"), &ours);
    }
}

fn explained(theirs: &[Object], ours: &[Object]) {
    let (theirs, ours) = (leaves(theirs), leaves(ours));
    let keys: BTreeSet<_> = theirs.keys().chain(ours.keys()).collect();
    let different: Vec<_> =
        keys.into_iter().filter(|key| theirs.get(key) != ours.get(key)).collect();
    let rows = rows();
    let mut used = BTreeSet::new();
    let mut wrong = Vec::new();
    for (object, field) in different {
        let mut known = false;
        for (r, (objects, fields)) in rows.iter().enumerate() {
            for (o, _) in objects.iter().enumerate().filter(|(_, p)| fits(p, object)) {
                for (f, _) in fields.iter().enumerate().filter(|(_, f)| fits(f, field)) {
                    used.insert((r, o, f));
                    known = true;
                }
            }
        }
        if !known {
            let key = (object.clone(), field.clone());
            let show = |json: Option<&Json>| json.map_or("nothing".to_owned(), Json::to_string);
            wrong.push(format!(
                "no explanation: {object} {field}: {} here {}",
                show(theirs.get(&key)),
                show(ours.get(&key))
            ));
        }
    }
    for (r, (objects, fields)) in rows.iter().enumerate() {
        for (o, object) in objects.iter().enumerate() {
            if !used.iter().any(|(row, at, _)| (*row, *at) == (r, o)) {
                wrong.push(format!("no difference: {object} {fields:?}"));
            }
        }
        for (f, field) in fields.iter().enumerate() {
            if !used.iter().any(|(row, _, at)| (*row, *at) == (r, f)) {
                wrong.push(format!("no difference: {objects:?} {field}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
