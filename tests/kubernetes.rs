//! What is rendered passes the official schemas of Kubernetes, strictly, from 1.25 to 1.37.

use std::collections::HashSet;

use serde_json::{Value as Json, json};

use crate::harness::manifests::rendered;
use crate::harness::python::Python;

#[test]
fn every_preset_and_fixture_passes_the_schemas_of_every_version() {
    let python = Python::start("kubernetes.py");
    let versions: Vec<String> = (25..=37).map(|minor| format!("1.{minor}")).collect();
    let mut seen = HashSet::new();
    for (input, objects) in rendered() {
        // A kind that Kubernetes itself does not define has its schema elsewhere. Most presets leave most objects alone.
        let objects: Vec<Json> = objects
            .into_iter()
            .filter(|object| !object.identity.api_version.starts_with("gateway.networking.k8s.io/"))
            .map(|object| object.json)
            .filter(|json| seen.insert(json.to_string()))
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
