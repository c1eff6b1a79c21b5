//! The jobs of `docs/ci.md`: files that their services take, and scripts that run from the first step to the last. The registry is
//! real, with TLS and a login; only the building of hzgchart is left out, for which `cargo` is a stand-in.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::Path;

use pgp::composed::{ArmorOptions, KeyType, SignedSecretKey};
use pgp::crypto::ecc_curve::ECCCurve;
use serde_json::{Value as Json, json};
use tempfile::{TempDir, tempdir};

use hzgchart::archive::sha256_hex;

use crate::harness::helm::Helm;
use crate::harness::openpgp;
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
    let wrong = if file.ends_with("gitlab-ci.yml") {
        "x: {script: {}}"
    } else {
        "on: push\njobs: {x: {runs_on: y}}"
    };
    assert_ne!(ask(wrong)["problems"], json!([]));
    answer["json"].take()
}

fn github(file: &str) -> Json {
    checked(&format!(".github/workflows/{file}"), "github-workflows.json")
}

fn gitlab(file: &str) -> Json {
    checked(file, "gitlab-ci.json")
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

/// A key that signs charts, locked with [`PASSWORD`], and its file.
fn signing_key() -> (SignedSecretKey, String) {
    let mut key = openpgp::key(KeyType::ECDSA(ECCCurve::P256), "Release <release@example.com>");
    openpgp::lock(&mut key, PASSWORD);
    let armored = key.to_armored_string(ArmorOptions::default()).expect("it can be written");
    (key, armored)
}

/// What the published chart is, told by the files that the job left; and that Helm finds it, signed with the key.
fn is_published(runner: &Runner, host: &str, key: &SignedSecretKey) {
    let (packaged, pushed) = (runner.json("package.json"), runner.json("push.json"));
    let path = packaged["path"].as_str().expect("a path");
    assert_eq!(path, "charts/forguncy-k8s-server-10.0.3.tgz");
    let bytes = fs::read(runner.path().join(path)).expect("it is there");
    assert_eq!(packaged["sha256"], json!(sha256_hex(&bytes)));
    assert_eq!(pushed["sha256"], packaged["sha256"]);
    assert_eq!(packaged["provenance"]["fingerprint"], json!(openpgp::fingerprint(key)));
    assert_eq!(pushed["signed"], json!(true));
    let reference = pushed["reference"].as_str().expect("a reference");
    assert_eq!(reference, format!("{host}/charts/forguncy-k8s-server:10.0.3"));
    // Helm 3 speaks no TLS to a registry on loopback.
    let home = tempdir().expect("the temporary folder is writable");
    let helm = |args: &[&str]| {
        let mut helm = Helm::Four.command();
        helm.args(args).arg("--ca-file").arg(project().join("tests/fixtures/tls/ca.pem"));
        helm.env("HELM_REGISTRY_CONFIG", home.path().join("registry.json"));
        helm.env("HELM_CACHE_HOME", home.path().join("cache"));
        run(helm.current_dir(home.path())).success()
    };
    helm(&["registry", "login", host, "-u", USER, "-p", PASSWORD]);
    let chart = format!("oci://{host}/charts/forguncy-k8s-server");
    fs::write(home.path().join("ring.gpg"), openpgp::public(key)).expect("it is writable");
    helm(&["pull", &chart, "--version", "10.0.3", "--verify", "--keyring", "ring.gpg"]);
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

/// What a service puts in place of its expressions.
const SECRETS: [(&str, &str); 2] =
    [("secrets.REGISTRY_USER", USER), ("secrets.REGISTRY_PASSWORD", PASSWORD)];

/// The variables of a map in a workflow, with its expressions replaced.
fn expanded(json: &Json, expressions: &[(&str, &str)]) -> BTreeMap<String, String> {
    let mut variables = variables(json);
    for value in variables.values_mut() {
        for (expression, own) in SECRETS.iter().chain(expressions) {
            *value = value.replace(&format!("${{{{ {expression} }}}}"), own);
        }
        assert!(!value.contains("${{"), "{value}");
    }
    variables
}

/// Runs the scripts of a job of GitHub's; after one that failed, those that are run nevertheless.
fn github_job(workflow: &Json, job: &str, runner: &Runner, with: &[(&str, &str)]) -> Finished {
    assert_eq!(workflow["defaults"]["run"]["shell"], "bash");
    let mut given = variables(&workflow["env"]);
    given.extend(expanded(&workflow["jobs"][job]["env"], with));
    let (mut last, mut failed) = (None, None);
    for step in workflow["jobs"][job]["steps"].as_array().expect("a list") {
        let Some(script) = step["run"].as_str() else { continue };
        if failed.is_some()
            && !step["if"].as_str().is_some_and(|when| when.contains("!cancelled()"))
        {
            continue;
        }
        // Nothing is put into a script: a branch's name could be a command.
        assert!(!script.contains("${{"), "{script}");
        let mut given = given.clone();
        given.extend(expanded(&step["env"], with));
        if step["name"] == "Install hzgchart" {
            runner.run(&GITHUB_BASH, script, &given, false).success();
            is_built(runner, &given);
        }
        let finished = runner.run(&GITHUB_BASH, script, &given, true);
        match finished.ok() {
            true => last = Some(finished),
            false => failed = failed.or(Some(finished)),
        }
    }
    failed.or(last).expect("the job has scripts")
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
    let workflow = github("charts.yml");
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
    github_job(&workflow, "check", &good, &[]).success();
    assert_eq!(good.json("hzgchart.sarif")["version"], "2.1.0");
    let (key, armored) = signing_key();
    let secrets =
        [("secrets.SIGNING_KEY", armored.as_str()), ("secrets.SIGNING_PASSPHRASE", PASSWORD)];
    github_job(&workflow, "publish", &good, &secrets).success();
    assert!(!good.path().join("temp/key.asc").exists());
    is_published(&good, &host, &key);
    let summary = fs::read_to_string(good.path().join("summary.md")).expect("it was written");
    assert!(summary.contains("\"reference\""), "{summary}");

    let bad = runner(BAD);
    let finished = github_job(&workflow, "check", &bad, &[]);
    assert_eq!(finished.code, Some(1), "{finished:?}");
    assert!(finished.stdout.contains("::warning file=values.yaml,line=2"), "{}", finished.stdout);
    assert!(bad.json("hzgchart.sarif").to_string().contains("HZG010"));

    // A failure before a pipe is one.
    let mut untold = runner(GOOD);
    untold.variables.insert("GITHUB_REF_NAME".to_owned(), "vnext".to_owned());
    let finished = github_job(&workflow, "publish", &untold, &secrets);
    assert_eq!(finished.code, Some(2), "{finished:?}");
    assert!(!untold.path().join("temp/key.asc").exists());
    assert!(!untold.path().join("push.json").exists());
}

#[test]
fn every_action_is_named_by_a_whole_version() {
    for file in ["charts.yml", "fleet.yml"] {
        let text = text(&format!(".github/workflows/{file}"));
        let actions: Vec<&str> = text
            .lines()
            .filter_map(|line| line.split_once("uses: "))
            .map(|(_, action)| action)
            .collect();
        assert!(actions.len() >= 3, "{actions:?}");
        for action in actions {
            let (_, version) = action.split_once("@v").unwrap_or_else(|| panic!("{action}"));
            assert_eq!(version.split('.').count(), 3, "{action}");
        }
    }
}

/// What a job of GitLab's has at a key: its own, or that of what it extends.
fn inherited<'f>(file: &'f Json, job: &'f Json, key: &str) -> &'f Json {
    match (&job[key], job["extends"].as_str()) {
        (Json::Null, Some(base)) => inherited(file, &file[base], key),
        (own, _) => own,
    }
}

/// Runs a job of GitLab's: its script, after that of before.
fn gitlab_job(file: &Json, job: &str, runner: &Runner) -> Finished {
    let lines = |key: &str| -> Vec<String> {
        let lines = inherited(file, &file[job], key).as_array().into_iter().flatten();
        lines.map(|line| line.as_str().expect("a text").to_owned()).collect()
    };
    let mut given = variables(&file["variables"]);
    given.extend(variables(inherited(file, &file[job], "variables")));
    let before = lines("before_script");
    runner.run(&["-eo", "pipefail"], &before.join("\n"), &given, false).success();
    is_built(runner, &given);
    let script = [before, lines("script")].concat();
    runner.run(&["-eo", "pipefail"], &script.join("\n"), &given, true)
}

#[test]
fn gitlab_takes_the_file_and_its_jobs_publish_a_chart() {
    let file = gitlab(".gitlab-ci.yml");
    let registry = Registry::with_tls_and_login();
    let host = registry.host();
    let (key, armored) = signing_key();
    let runner = |values| {
        let runner =
            Runner::new(values, &host, &[("CI_COMMIT_TAG", "v10.0.3.0"), ("REGISTRY_USER", USER)]);
        let mut variables = runner.variables.clone();
        let password = runner.path().join("temp/password");
        fs::write(&password, PASSWORD).expect("it is writable");
        let at = |path: &Path| path.display().to_string();
        variables.insert("REGISTRY_PASSWORD".to_owned(), at(&password));
        let key_file = runner.path().join("temp/key.asc");
        fs::write(&key_file, &armored).expect("it is writable");
        variables.insert("SIGNING_KEY".to_owned(), at(&key_file));
        let passphrase = runner.path().join("temp/passphrase");
        fs::write(&passphrase, PASSWORD).expect("it is writable");
        variables.insert("SIGNING_PASSPHRASE".to_owned(), at(&passphrase));
        variables.insert("CI_PROJECT_DIR".to_owned(), at(runner.path()));
        Runner { variables, ..runner }
    };
    let good = runner(GOOD);
    gitlab_job(&file, "validate", &good).success();
    gitlab_job(&file, "publish", &good).success();
    is_published(&good, &host, &key);

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

/// A fleet of five in the runner's checkout, of which the last commit changed two; and the commit before.
fn fleet(runner: &Runner) -> String {
    let fleet = "shared: {presets: [nfs], chart: 'hzg-{name}', version: 1.0.0, values: {storage: {server: 10.0.0.9}, forguncy: {service: {nodePort: 0}}}}\n\
                 tenantFiles: tenants\nmatrix: [{}]\n";
    let git = |args: &[&str]| {
        let mut git = command("git");
        git.args([
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@example.com",
            "-c",
            "init.defaultBranch=main",
        ]);
        run(git.args(args).current_dir(runner.path())).success()
    };
    let tenant = |name: &str, owner: &str| {
        let values = format!(
            "forguncy: {{podAnnotations: {{owner: {owner}}}}}\nstorage: {{root: /srv/{name}}}\n"
        );
        fs::write(runner.path().join(format!("tenants/{name}.yaml")), values)
            .expect("it is writable");
    };
    fs::write(runner.path().join("fleet.yaml"), fleet).expect("it is writable");
    fs::create_dir(runner.path().join("tenants")).expect("it is writable");
    ["a", "b", "c", "d", "e"].iter().for_each(|name| tenant(name, "one"));
    git(&["init", "-q"]);
    git(&["add", "fleet.yaml", "tenants"]);
    git(&["commit", "-qm", "one"]);
    let before = git(&["rev-parse", "HEAD"]).trim().to_owned();
    ["b", "e"].iter().for_each(|name| tenant(name, "two"));
    git(&["commit", "-qam", "two"]);
    before
}

/// The charts that the runs of all shards pushed, each by its reference.
fn pushed(runner: &Runner, told: &str, found: &mut Vec<String>) {
    let text = fs::read_to_string(runner.path().join(told)).expect("it was written");
    for line in text.lines() {
        let told: Json = serde_json::from_str(line).expect("it is JSON");
        found.push(told["repository"].as_str().expect("a repository").to_owned());
    }
    fs::remove_dir_all(runner.path().join("charts")).expect("it was written");
}

/// Runs the job of one shard on GitHub, and notes what it pushed.
fn github_shard(
    workflow: &Json,
    shard: &Json,
    before: &str,
    runner: &Runner,
    found: &mut Vec<String>,
) -> Finished {
    let shard = shard.to_string();
    let with = [
        ("matrix.shard", shard.as_str()),
        ("github.event.pull_request.base.sha || github.event.before", before),
    ];
    let finished = github_job(workflow, "fleet", runner, &with);
    fs::remove_dir_all(runner.path().join("temp/login")).expect("it was made");
    pushed(runner, "push.jsonl", found);
    finished
}

#[test]
fn the_shards_of_a_fleet_publish_what_changed_each_once() {
    let (github, own, base) =
        (github("fleet.yml"), gitlab("fleet.gitlab-ci.yml"), gitlab(".gitlab-ci.yml"));
    let registry = Registry::with_tls_and_login();
    let host = registry.host();
    let mut runner = Runner::new("{}", &host, &[("REGISTRY_USER", USER)]);
    let before = fleet(&runner);
    let at = |name: &str| runner.path().join(name).display().to_string();
    let places = [
        ("RUNNER_TEMP", at("temp")),
        ("CI_PROJECT_DIR", at("")),
        ("REGISTRY_PASSWORD", at("password")),
    ];
    fs::write(runner.path().join("password"), PASSWORD).expect("it is writable");
    let shards = github["jobs"]["fleet"]["strategy"]["matrix"]["shard"].as_array().expect("a list");
    assert_eq!(shards.len(), 4);
    let mut found = Vec::new();
    runner.variables.insert("RUNNER_TEMP".to_owned(), places[0].1.clone());
    for shard in shards {
        let finished = github_shard(&github, shard, &before, &runner, &mut found);
        assert!(finished.ok(), "{finished:?}");
        assert_eq!(runner.json("hzgchart.sarif")["version"], "2.1.0");
    }
    found.sort();
    assert_eq!(found, ["charts/hzg-b", "charts/hzg-e"]);

    let mut joined = base.as_object().expect("a map").clone();
    joined.extend(own.as_object().expect("a map").clone());
    let joined = Json::Object(joined);
    for (name, value) in places {
        runner.variables.insert(name.to_owned(), value);
    }
    runner.variables.insert("CI_COMMIT_BEFORE_SHA".to_owned(), before);
    let total = joined[".fleet"]["parallel"].to_string();
    runner.variables.insert("CI_NODE_TOTAL".to_owned(), total.clone());
    found.clear();
    for index in 1..=total.parse::<u32>().expect("a number") {
        runner.variables.insert("CI_NODE_INDEX".to_owned(), index.to_string());
        gitlab_job(&joined, "fleet-validate", &runner).success();
        gitlab_job(&joined, "fleet-publish", &runner).success();
        pushed(&runner, &format!("shards/{index}/push.jsonl"), &mut found);
    }
    found.sort();
    assert_eq!(found, ["charts/hzg-b", "charts/hzg-e"]);

    // A bad entry fails its job, and keeps no other from being pushed.
    fs::write(runner.path().join("tenants/b.yaml"), "storage: 1\n").expect("it is writable");
    let change = ["-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qam", "three"];
    run(command("git").args(change).current_dir(runner.path())).success();
    found.clear();
    let one = runner.variables.clone();
    runner.variables.insert("CI_NODE_INDEX".to_owned(), "1".to_owned());
    runner.variables.insert("CI_NODE_TOTAL".to_owned(), "1".to_owned());
    let finished = gitlab_job(&joined, "fleet-publish", &runner);
    assert_eq!(finished.code, Some(2), "{finished:?}");
    pushed(&runner, "shards/1/push.jsonl", &mut found);
    let before = one["CI_COMMIT_BEFORE_SHA"].clone();
    runner.variables = one;
    runner.variables.remove("REGISTRY_PASSWORD");
    for shard in shards {
        let finished = github_shard(&github, shard, &before, &runner, &mut found);
        assert!(matches!(finished.code, Some(0 | 2)), "{finished:?}");
    }
    assert_eq!(found, ["charts/hzg-e", "charts/hzg-e"]);
}
