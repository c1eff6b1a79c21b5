//! The jobs of `docs/ci.md`: files that their services take, and scripts that run from the first step to the last. The registry is
//! real, with TLS and a login; only the building of hzgchart is left out, for which `cargo` is a stand-in.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::Path;

use serde_json::{Value as Json, json};
use tempfile::{TempDir, tempdir};

use hzgchart::archive::sha256_hex;

use crate::harness::helm::Helm;
use crate::harness::process::{Finished, command, run};
use crate::harness::project;
use crate::harness::python::Python;
use crate::harness::record::Record;
use crate::harness::registry::{PASSWORD, Registry, USER};

/// The file of a service in the page, as text.
fn text(file: &str) -> String {
    let page = fs::read_to_string(project().join("docs/ci.md")).expect("it is there");
    let start = format!("```yaml\n# {file}\n");
    let (_, rest) = page.split_once(&start).unwrap_or_else(|| panic!("no {file}"));
    rest.split_once("\n```").expect("the block has an end").0.to_owned()
}

/// The same, read, and held against the published schema of the service.
fn checked(file: &str, schema: &str) -> Json {
    let python = Python::start("ci.py");
    let path = project().join(".tools/ci").join(schema);
    assert!(path.is_file(), "{} is missing: run scripts/fetch-tools.sh", path.display());
    let ask =
        |yaml: &str| python.ask(&json!({ "yaml": yaml, "schema": path.display().to_string() }));
    let mut answer = ask(&text(file));
    assert_eq!(answer["problems"], json!([]), "{file}");
    // The schema is one that refuses.
    let wrong = if file == ".gitlab-ci.yml" {
        "x: {script: {}}"
    } else {
        "on: push\njobs: {x: {runs_on: y}}"
    };
    assert_ne!(ask(wrong)["problems"], json!([]));
    answer["json"].take()
}

fn github() -> Json {
    checked(".github/workflows/charts.yml", "github-workflows.json")
}

fn gitlab() -> Json {
    checked(".gitlab-ci.yml", "gitlab-ci.json")
}

/// A checkout with values, and the environment that a service gives.
struct Runner {
    folder: TempDir,
    variables: BTreeMap<String, String>,
    record: Record,
}

impl Runner {
    fn new(values: &str, host: &str, variables: &[(&str, &str)]) -> Self {
        let folder = tempdir().expect("the temporary folder is writable");
        fs::write(folder.path().join("values.yaml"), values).expect("it is writable");
        fs::create_dir(folder.path().join("temp")).expect("it is writable");
        let variables =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let mut variables: BTreeMap<String, String> = variables.collect();
        variables.insert("REGISTRY".to_owned(), host.to_owned());
        Self { folder, variables, record: Record::of(&["cargo"]) }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Runs a script in the checkout, as `bash` with these options.
    fn run(
        &self,
        options: &[&str],
        script: &str,
        more: &BTreeMap<String, String>,
        built: bool,
    ) -> Finished {
        let mut path = format!("{}/bin", self.record.path().display());
        if built {
            let program =
                Path::new(env!("CARGO_BIN_EXE_hzgchart")).parent().expect("it has a folder");
            path = format!("{}:{path}", program.display());
        }
        let own = env::var("PATH").expect("the tests' PATH is text");
        let mut bash = command("bash");
        bash.args(options)
            .args(["-c", script])
            .current_dir(self.path())
            .envs(more)
            .envs(&self.variables);
        bash.env("PATH", format!("{path}:{own}")).env("RECORD", self.record.path());
        bash.env("SSL_CERT_FILE", project().join("tests/fixtures/tls/ca.pem"));
        let finished = run(&mut bash);
        for text in [&finished.stdout, &finished.stderr] {
            assert!(!text.contains(PASSWORD), "{text}");
        }
        finished
    }

    fn json(&self, file: &str) -> Json {
        let text =
            fs::read_to_string(self.path().join(file)).unwrap_or_else(|e| panic!("{file}: {e}"));
        serde_json::from_str(&text).expect("it is JSON")
    }
}

const GOOD: &str = "storage: {server: 10.0.0.5}\n";
const BAD: &str = "storage: {server: 10.0.0.5}\nforguncy: {image: {tag: latest}}\n";

/// What the published chart is, told by the files that the job left; and that Helm finds it.
fn is_published(runner: &Runner, host: &str) {
    let (packaged, pushed) = (runner.json("package.json"), runner.json("push.json"));
    let path = packaged["path"].as_str().expect("a path");
    assert_eq!(path, "charts/forguncy-k8s-server-10.0.3.tgz");
    let bytes = fs::read(runner.path().join(path)).expect("it is there");
    assert_eq!(packaged["sha256"], json!(sha256_hex(&bytes)));
    assert_eq!(pushed["sha256"], packaged["sha256"]);
    let reference = pushed["reference"].as_str().expect("a reference");
    assert_eq!(reference, format!("{host}/charts/forguncy-k8s-server:10.0.3"));
    // Helm 3 speaks no TLS to a registry on loopback.
    let home = tempdir().expect("the temporary folder is writable");
    let helm = |args: &[&str]| {
        let mut helm = Helm::Four.command();
        helm.args(args).arg("--ca-file").arg(project().join("tests/fixtures/tls/ca.pem"));
        helm.env("HELM_REGISTRY_CONFIG", home.path().join("registry.json"));
        run(helm.current_dir(home.path())).success()
    };
    helm(&["registry", "login", host, "-u", USER, "-p", PASSWORD]);
    let chart = format!("oci://{host}/charts/forguncy-k8s-server");
    helm(&["pull", &chart, "--version", "10.0.3"]);
    let pulled = fs::read(home.path().join("forguncy-k8s-server-10.0.3.tgz"));
    assert!(pulled.expect("it was pulled") == bytes);
}

/// The variables of a map in a file.
fn variables(json: &Json) -> BTreeMap<String, String> {
    let pairs = json.as_object().into_iter().flatten();
    pairs.map(|(name, value)| (name.clone(), value.as_str().expect("a text").to_owned())).collect()
}

/// How GitHub runs a script whose shell is said to be bash; by default it leaves `pipefail` out.
const GITHUB_BASH: [&str; 4] = ["--noprofile", "--norc", "-eo", "pipefail"];

/// Runs the scripts of a job of GitHub's, until one fails.
fn github_job(workflow: &Json, job: &str, runner: &Runner) -> Finished {
    assert_eq!(workflow["defaults"]["run"]["shell"], "bash");
    let secrets = [("REGISTRY_USER", USER), ("REGISTRY_PASSWORD", PASSWORD)];
    let mut last = None;
    for step in workflow["jobs"][job]["steps"].as_array().expect("a list") {
        let Some(script) = step["run"].as_str() else { continue };
        // Nothing is put into a script: a branch's name could be a command.
        assert!(!script.contains("${{"), "{script}");
        let mut given = variables(&workflow["env"]);
        for (name, mut value) in variables(&step["env"]) {
            for (secret, own) in secrets {
                value = value.replace(&format!("${{{{ secrets.{secret} }}}}"), own);
            }
            assert!(!value.contains("${{"), "{name}: {value}");
            given.insert(name, value);
        }
        if step["name"] == "Install hzgchart" {
            runner.run(&GITHUB_BASH, script, &given, false).success();
            is_built(runner, &given);
        }
        let finished = runner.run(&GITHUB_BASH, script, &given, true);
        if !finished.ok() {
            return finished;
        }
        last = Some(finished);
    }
    last.expect("the job has scripts")
}

/// The one call of cargo, where hzgchart is not there yet.
fn is_built(runner: &Runner, given: &BTreeMap<String, String>) {
    let calls = runner.record.calls();
    let [call] = &calls[..] else { panic!("{calls:?}") };
    let wanted = format!(
        "<--git> <{}> <--rev> <{}> <hzgchart>",
        given["HZGCHART_SOURCE"], given["HZGCHART_REVISION"]
    );
    assert!(call.starts_with("cargo <install> <--locked> ") && call.ends_with(&wanted), "{call}");
}

#[test]
fn github_takes_the_workflow_and_its_jobs_publish_a_chart() {
    let workflow = github();
    let registry = Registry::with_tls_and_login();
    let host = registry.host();
    let runner = |values| {
        let runner = Runner::new(values, &host, &[("GITHUB_REF_NAME", "v10.0.3.0")]);
        let mut variables = runner.variables.clone();
        let at = |name: &str| runner.path().join(name).display().to_string();
        variables.insert("RUNNER_TEMP".to_owned(), at("temp"));
        variables.insert("GITHUB_STEP_SUMMARY".to_owned(), at("summary.md"));
        Runner { variables, ..runner }
    };
    let good = runner(GOOD);
    github_job(&workflow, "check", &good).success();
    assert_eq!(good.json("hzgchart.sarif")["version"], "2.1.0");
    github_job(&workflow, "publish", &good).success();
    is_published(&good, &host);
    let summary = fs::read_to_string(good.path().join("summary.md")).expect("it was written");
    assert!(summary.contains("\"reference\""), "{summary}");

    let bad = runner(BAD);
    let finished = github_job(&workflow, "check", &bad);
    assert_eq!(finished.code, Some(1), "{finished:?}");
    assert!(finished.stdout.contains("::warning file=values.yaml,line=2"), "{}", finished.stdout);
    assert!(bad.json("hzgchart.sarif").to_string().contains("HZG010"));

    // A failure before a pipe is one.
    let mut untold = runner(GOOD);
    untold.variables.insert("GITHUB_REF_NAME".to_owned(), "vnext".to_owned());
    let finished = github_job(&workflow, "publish", &untold);
    assert_eq!(finished.code, Some(2), "{finished:?}");
    assert!(!untold.path().join("push.json").exists());

    // Every action by a whole version.
    for job in ["check", "publish"] {
        for step in workflow["jobs"][job]["steps"].as_array().expect("a list") {
            let Some(action) = step["uses"].as_str() else { continue };
            let (_, version) = action.split_once("@v").unwrap_or_else(|| panic!("{action}"));
            assert_eq!(version.split('.').count(), 3, "{action}");
        }
    }
}

/// Runs a job of GitLab's: what it extends, its variables, and its script after that of before.
fn gitlab_job(file: &Json, job: &str, runner: &Runner) -> Finished {
    let job = &file[job];
    let base = &file[job["extends"].as_str().expect("a name")];
    let lines = |json: &Json| -> Vec<String> {
        let lines = json.as_array().into_iter().flatten();
        lines.map(|line| line.as_str().expect("a text").to_owned()).collect()
    };
    let given = variables(&file["variables"]);
    let before = lines(&base["before_script"]);
    runner.run(&["-eo", "pipefail"], &before.join("\n"), &given, false).success();
    is_built(runner, &given);
    let script = [before, lines(&job["script"])].concat();
    runner.run(&["-eo", "pipefail"], &script.join("\n"), &given, true)
}

#[test]
fn gitlab_takes_the_file_and_its_jobs_publish_a_chart() {
    let file = gitlab();
    let registry = Registry::with_tls_and_login();
    let host = registry.host();
    let runner = |values| {
        let runner =
            Runner::new(values, &host, &[("CI_COMMIT_TAG", "v10.0.3.0"), ("REGISTRY_USER", USER)]);
        let mut variables = runner.variables.clone();
        let password = runner.path().join("temp/password");
        fs::write(&password, PASSWORD).expect("it is writable");
        let at = |path: &Path| path.display().to_string();
        variables.insert("REGISTRY_PASSWORD".to_owned(), at(&password));
        variables.insert("CI_PROJECT_DIR".to_owned(), at(runner.path()));
        Runner { variables, ..runner }
    };
    let good = runner(GOOD);
    gitlab_job(&file, "validate", &good).success();
    gitlab_job(&file, "publish", &good).success();
    is_published(&good, &host);

    let bad = runner(BAD);
    let finished = gitlab_job(&file, "validate", &bad);
    assert_eq!(finished.code, Some(1), "{finished:?}");
    let junit = fs::read_to_string(bad.path().join("hzgchart.xml")).expect("it was written");
    assert!(junit.contains("HZG010") && junit.contains("failures=\"1\""), "{junit}");
    assert_eq!(file["validate"]["artifacts"]["reports"]["junit"], "hzgchart.xml");
    // A wrong password ends the job with the code for the world.
    fs::write(good.path().join("temp/password"), "hunter2").expect("it is writable");
    let finished = gitlab_job(&file, "publish", &good);
    assert_eq!(finished.code, Some(3), "{finished:?}");
}
