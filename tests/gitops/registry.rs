//! From a fleet to what the engines pull: charts in a real registry, at the places that were written for them.

use std::fs;
use std::path::Path;

use serde_json::{Value as Json, json};

use super::{FLEET, fleet, in_folder};
use crate::harness::helm::Helm;
use crate::harness::hzgchart::hzgchart;
use crate::harness::manifests::read_yaml;
use crate::harness::process::run;
use crate::harness::registry::{Registry, get};
use hzgchart::archive::sha256_hex;

/// Packages and pushes a fleet; what `push` told, a line for each.
fn push(folder: &Path, repository: &str) -> String {
    in_folder(folder, "package -d charts").success();
    let mut told = String::new();
    for file in fs::read_dir(folder.join("charts")).expect("it is there").flatten() {
        let mut push = hzgchart();
        push.arg("push").arg(file.path()).args([repository, "--plain-http", "--output-json"]);
        told.push_str(&run(&mut push).success());
    }
    told
}

#[test]
fn an_engine_finds_and_renders_what_was_pushed() {
    let registry = Registry::open();
    let repository = format!("oci://{}/a/charts", registry.host());
    let folder = fleet(FLEET, &["acme", "globex"]);
    let told = push(folder.path(), &repository);
    fs::write(folder.path().join("pushed.json"), &told).expect("it is writable");
    let digests: Vec<Json> =
        told.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
    in_folder(folder.path(), "render -o rendered").success();

    let arguments = format!("--repository {repository} --pushed pushed.json");
    let form = format!("argocd --form applications {arguments}");
    let applications = in_folder(folder.path(), &form).success();
    for application in read_yaml(&applications).expect("it is YAML") {
        let spec = &application["spec"];
        let text = |value: &Json| value.as_str().expect("it is text").to_owned();
        let (chart, version) =
            (text(&spec["source"]["chart"]), text(&spec["source"]["targetRevision"]));
        // What Argo CD runs: https://argo-cd.readthedocs.io/en/stable/user-guide/helm/
        let place = format!("oci://{}/{chart}", text(&spec["source"]["repoURL"]));
        let rendered = folder.path().join("rendered").join(text(&application["metadata"]["name"]));
        let rendered = fs::read_to_string(rendered.join("manifests.yaml")).expect("it is there");
        for helm in Helm::BOTH {
            let printed = run(helm
                .command()
                .args(["template", &text(&spec["source"]["helm"]["releaseName"]), &place])
                .args(["--version", &version, "--namespace"])
                .arg(text(&spec["destination"]["namespace"]))
                .arg("--plain-http"));
            let theirs = read_yaml(&printed.success()).expect("it is YAML");
            assert!(theirs == read_yaml(&rendered).expect("it is YAML"), "{chart}");
        }
    }

    let form = format!("flux --kubeconfig-secret {{cluster}} {arguments}");
    let objects = read_yaml(&in_folder(folder.path(), &form).success()).expect("it is YAML");
    assert_eq!(objects.len(), 8);
    for source in objects.iter().step_by(2) {
        let spec = &source["spec"];
        let url = spec["url"].as_str().and_then(|url| url.strip_prefix("oci://"));
        let (host, path) = url.and_then(|url| url.split_once('/')).expect("it has a host");
        let digest = spec["ref"]["digest"].as_str().expect("it was pinned");
        assert!(digests.iter().any(|told| told["digest"] == digest));
        for name in [digest, spec["ref"]["tag"].as_str().expect("it is text")] {
            let manifest = get(host, &format!("{path}/manifests/{name}"));
            assert_eq!(format!("sha256:{}", sha256_hex(&manifest)), digest);
            let manifest: Json = serde_json::from_slice(&manifest).expect("it is JSON");
            let layers = manifest["layers"].as_array().expect("it has layers");
            let is_chart = |layer: &&Json| layer["mediaType"] == spec["layerSelector"]["mediaType"];
            assert_eq!(layers.iter().filter(is_chart).count(), 1);
        }
    }
}

#[test]
fn refuses_to_name_what_was_not_pushed() {
    let folder = fleet(FLEET, &["acme"]);
    let line = json!({
        "reference": "registry.example.com/charts/acme-test:10.1.0-rc.1",
        "digest": format!("sha256:{}", "0".repeat(64)),
    });
    let arguments = "argocd --repository oci://registry.example.com/charts --pushed pushed.json";
    for (text, word) in [
        (format!("{line}\n"), "the chart of `acme-prod` was not pushed"),
        (format!("{line}\nPushed: x\n"), "pushed.json:2:1"),
    ] {
        fs::write(folder.path().join("pushed.json"), text).expect("it is writable");
        let refused = in_folder(folder.path(), arguments);
        assert_eq!((refused.code, refused.stdout.as_str()), (Some(2), ""));
        assert!(refused.stderr.contains(word), "{}", refused.stderr);
        assert!(!refused.stderr.contains("`acme-test`"), "{}", refused.stderr);
    }
    let one = in_folder(folder.path(), &format!("{arguments} --only environment=test"));
    assert_eq!(one.code, Some(2), "the line is wrong still");
}
