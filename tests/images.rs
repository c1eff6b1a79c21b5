//! One registry serves every image: that of `helm test` too, with every preset and every two of them.

use serde_json::Value as Json;

use crate::harness::compositions;
use crate::harness::hzgchart::hzgchart;
use crate::harness::manifests::from_render;
use crate::harness::process::run;

/// The images of a pod, wherever it stands in an object.
fn images(json: &Json, found: &mut Vec<String>) {
    match json {
        Json::Object(map) => {
            for (key, value) in map {
                match value {
                    Json::String(image) if key == "image" => found.push(image.clone()),
                    _ => images(value, found),
                }
            }
        }
        Json::Array(items) => items.iter().for_each(|item| images(item, found)),
        _ => {}
    }
}

#[test]
fn every_image_comes_from_the_one_registry() {
    let registry = "registry.example.com:5000/hzg";
    let digest = format!("forguncy.image.digest=sha256:{}", "0".repeat(64));
    for given in compositions() {
        let mut render = hzgchart();
        render
            .arg("render")
            .args(&given)
            .args(["--set", &format!("global.imageRegistry={registry}")]);
        let text =
            run(render.args(["--set", &digest, "--set", "global.imagePullSecrets[0].name=s"]))
                .success();
        let mut found = Vec::new();
        for object in from_render(&text).unwrap_or_else(|e| panic!("{given:?}: {e}")) {
            images(&object.json, &mut found);
            let pod = match object.identity.kind.as_str() {
                "Pod" => &object.json["spec"],
                "Deployment" => &object.json["spec"]["template"]["spec"],
                _ => continue,
            };
            assert!(pod["imagePullSecrets"].to_string().contains("\"s\""), "{given:?}: {pod}");
        }
        // Some pods have an init container of the same image.
        found.sort_unstable();
        found.dedup();
        assert_eq!(found.len(), 4, "{given:?}: {found:?}");
        for image in &found {
            assert!(image.starts_with(&format!("{registry}/")), "{given:?}: {image}");
        }
        assert!(found.iter().any(|image| image.contains("@sha256:000")), "{found:?}");
    }
}
