//! What is rendered passes the official schemas of Kubernetes, strictly, from 1.25 to 1.37.

use serde_json::{Value as Json, json};

use crate::harness::hzgchart::hzgchart;
use crate::harness::manifests::from_render;
use crate::harness::process::run;
use crate::harness::python::Python;
use crate::harness::{presets, valid_fixtures};

#[test]
fn every_preset_and_fixture_passes_the_schemas_of_every_version() {
    let python = Python::start("kubernetes.py");
    let versions: Vec<String> = (25..=37).map(|minor| format!("1.{minor}")).collect();
    // Some presets say nothing of storage; the claims make them whole.
    let claims = valid_fixtures().into_iter().find(|path| path.ends_with("existing-claims.yaml"));
    let claims = claims.expect("the fixture is part of the project").display().to_string();
    let alone = presets().into_iter().map(|preset| vec!["--preset".to_owned(), preset]);
    let whole = alone.map(|input| {
        if run(hzgchart().arg("render").args(&input)).ok() {
            input
        } else {
            [&input[..], &["-f".to_owned(), claims.clone()]].concat()
        }
    });
    let fixtures =
        valid_fixtures().into_iter().map(|path| vec!["-f".to_owned(), path.display().to_string()]);
    for input in whole.chain(fixtures) {
        let text = run(hzgchart().arg("render").args(&input)).success();
        let objects = from_render(&text).unwrap_or_else(|e| panic!("{input:?}: {e}"));
        // A kind that Kubernetes itself does not define has its schema elsewhere.
        let objects: Vec<Json> = objects
            .into_iter()
            .filter(|object| !object.identity.api_version.starts_with("gateway.networking.k8s.io/"))
            .map(|object| object.json)
            .collect();
        let answer = python.ask(&json!({ "objects": objects, "versions": versions }));
        assert_eq!(answer["problems"], json!([]), "{input:?}");
    }
}

#[test]
fn the_schemas_find_a_wrong_field() {
    let service = json!({
        "apiVersion": "v1", "kind": "Service", "metadata": { "name": "a" },
        "spec": { "ports": [{ "port": "eighty" }], "selektor": {} },
    });
    let answer =
        Python::start("kubernetes.py").ask(&json!({ "objects": [service], "versions": ["1.30"] }));
    assert_eq!(answer["problems"].as_array().map(Vec::len), Some(1), "{answer}");
}
