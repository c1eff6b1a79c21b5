//! `--output-json` of `package` and `push`: what it says is what lies there, and its form is that of the committed schemas.

use std::fs;

use serde_json::{Value as Json, json};
use tempfile::tempdir;

use hzgchart::archive::sha256_hex;

use crate::harness::http::{Answer, Server, status};
use crate::harness::hzgchart::hzgchart;
use crate::harness::process::run;
use crate::harness::project;
use crate::harness::python::Python;

/// Runs with `--output-json`, and gives the one line that is printed.
fn object(args: &[&str], python: &Python) -> Json {
    let printed = run(hzgchart().args(args).arg("--output-json")).success();
    assert_eq!(printed.matches('\n').count(), 1, "{printed}");
    let schema = project().join(format!("docs/{}.schema.json", args[0])).display().to_string();
    let request = json!({"schema": schema, "json": printed});
    assert_eq!(python.ask(&request), json!({"problems": []}), "{printed}");
    serde_json::from_str(&printed).expect("it is JSON")
}

#[test]
fn tells_programs_what_was_packaged_and_pushed() {
    let python = Python::start("reports.py");
    let folder = tempdir().expect("the temporary folder is writable");
    let destination = folder.path().display().to_string();
    let set = ["--set", "storage.server=10.0.0.5,forguncy.image.tag=10.0.103.2"];
    let package = |format: &str| {
        let args = ["package", "-d", &destination, "--format", format];
        object(&[&args[..], &set].concat(), &python)
    };
    let [tgz, zip, dir] = ["tgz", "zip", "dir"].map(package);
    for (told, format) in [(&tgz, "tgz"), (&zip, "zip")] {
        let path = format!("{destination}/forguncy-k8s-server-10.0.103+2.{format}");
        let bytes = fs::read(&path).expect("it was written");
        let sha256 = sha256_hex(&bytes);
        let expected = json!({
            "path": path,
            "format": format,
            "name": "forguncy-k8s-server",
            "version": "10.0.103+2",
            "appVersion": "10.0.103.2",
            "sha256": sha256,
            "digest": format!("sha256:{sha256}"),
            "size": bytes.len(),
        });
        assert_eq!(*told, expected);
    }
    assert_eq!(dir["path"], json!(format!("{destination}/forguncy-k8s-server")));
    assert_eq!((&dir["sha256"], &dir["size"]), (&tgz["sha256"], &tgz["size"]));

    let server = Server::start(|request| match request.method.as_str() {
        "HEAD" => status(404),
        "POST" => Answer::Status(202, vec![("Location", "/v2/upload?x=1".to_owned())], Vec::new()),
        _ => status(201),
    });
    let (host, path) = (server.host(), tgz["path"].as_str().expect("a path"));
    let target = format!("oci://{host}/charts");
    let pushed = object(&["push", path, &target, "--plain-http"], &python);
    let asked = server.asked();
    let manifest = asked.iter().rfind(|asked| asked.method == "PUT").expect("the manifest is last");
    let expected = json!({
        "reference": format!("{host}/charts/forguncy-k8s-server:10.0.103_2"),
        "registry": host,
        "repository": "charts/forguncy-k8s-server",
        "tag": "10.0.103_2",
        "digest": format!("sha256:{}", sha256_hex(&manifest.body)),
        "size": manifest.body.len(),
        "sha256": tgz["sha256"],
        "signed": false,
    });
    assert_eq!(pushed, expected);
}
