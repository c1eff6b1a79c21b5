//! `hzgchart fleet argocd` and `fleet flux`: what the engines read names what `fleet package` made and `push` put into a registry,
//! fits the types that the two projects publish, and is whole or not written.

mod folder;
mod registry;

use std::fs;
use std::path::Path;

use serde_json::{Value as Json, json};
use tempfile::{TempDir, tempdir};

use crate::harness::helm::Helm;
use crate::harness::hzgchart::hzgchart;
use crate::harness::manifests::read_yaml;
use crate::harness::process::{Finished, command, run, run_with_input};
use crate::harness::project;

const REPOSITORY: &str = "oci://registry.example.com/charts";

/// What both engines are asked for.
const FORMS: [&str; 3] = [
    "argocd",
    "argocd --form applications --project forguncy -n engines",
    "flux --secret-ref registry --kubeconfig-secret {cluster}-kubeconfig",
];

/// Two tenants in two environments, one of them on a cluster of its own, with a version that no tag can be.
const FLEET: &str = "\
shared:
  presets: [cloud]
  files: [common.yaml]
environments:
  prod: {cluster: 'prod-{tenant}', chart: 'forguncy-{name}', release: shop}
  test: {version: 10.1.0-rc.1, namespace: 'try-{tenant}'}
tenantFiles: tenants
matrix: [{}]
";

/// A folder with a fleet and its tenants.
fn fleet(text: &str, tenants: &[&str]) -> TempDir {
    let folder = tempdir().expect("the temporary folder is writable");
    let put = |path: &str, text: &str| fs::write(folder.path().join(path), text);
    put("fleet.yaml", text).expect("it is writable");
    put("common.yaml", "storage: {storageClassName: fast}\nforguncy: {image: {tag: 10.0.103.2}}\n")
        .expect("it is writable");
    fs::create_dir(folder.path().join("tenants")).expect("it is writable");
    for tenant in tenants {
        put(&format!("tenants/{tenant}.yaml"), "{}\n").expect("it is writable");
    }
    folder
}

/// `hzgchart fleet` with arguments that blanks separate, in a folder.
fn in_folder(folder: &Path, arguments: &str) -> Finished {
    run(hzgchart().arg("fleet").args(arguments.split_whitespace()).current_dir(folder))
}

/// The objects that a form prints.
fn objects(folder: &Path, form: &str) -> Vec<Json> {
    let printed = in_folder(folder, &format!("{form} --repository {REPOSITORY}")).success();
    read_yaml(&printed).expect("it is YAML")
}

/// What the published types say is wrong with objects.
fn problems(objects: &[Json]) -> Vec<String> {
    let modules = project().join(".tools/engines/node_modules");
    assert!(modules.is_dir(), "{} is missing: run scripts/fetch-tools.sh", modules.display());
    let mut node = command("node");
    node.arg(project().join("tests/engines.mjs")).arg(modules);
    let answer = run_with_input(&mut node, json!(objects).to_string().as_bytes()).success();
    serde_json::from_str(&answer).expect("it is JSON")
}

#[test]
fn a_small_fleet_for_each_engine() {
    let folder = fleet(FLEET, &["acme", "globex"]);
    for (name, form) in [
        ("applicationset", "argocd"),
        ("applications", "argocd --form applications --only *-prod"),
        ("flux", "flux --only *-test"),
        ("flux-hub", FORMS[2]),
    ] {
        let printed = in_folder(folder.path(), &format!("{form} --repository {REPOSITORY}"));
        insta::assert_snapshot!(name, printed.success());
    }
}

#[test]
fn fits_the_published_types_and_our_own_checks() {
    let folder = fleet(FLEET, &["acme", "globex"]);
    for form in FORMS {
        let arguments = format!("{form} --repository {REPOSITORY}");
        let printed = in_folder(folder.path(), &arguments).success();
        let objects = read_yaml(&printed).expect("it is YAML");
        assert_eq!(problems(&objects), [""; 0], "{form}");
        let checked = run_with_input(hzgchart().args(["validate", "-"]), printed.as_bytes());
        assert!(checked.ok(), "{form}: {checked:?}");
        assert_eq!(in_folder(folder.path(), &arguments).success(), printed, "{form}");
    }
}

#[test]
fn the_types_refuse_what_they_do_not_know() {
    let folder = fleet(FLEET, &["acme"]);
    let set = objects(folder.path(), "argocd").remove(0);
    let release = objects(folder.path(), FORMS[2]).remove(1);
    for (object, path, value, problem) in [
        (&set, "/spec/goTemplates", json!(true), "/spec/goTemplates does not exist"),
        (&set, "/spec/template/spec/source/helm/release", json!("x"), "does not exist"),
        (&set, "/spec/template/spec/project", json!(7), "type"),
        (&release, "/spec/install/remediation/retry", json!(1), "does not exist"),
        (&release, "/spec/targetNamespace", json!("n".repeat(64)), "maxLength"),
        (&release, "/spec/chartRef/kind", json!("Secret"), "enum"),
    ] {
        let mut object = object.clone();
        let (above, key) = path.rsplit_once('/').expect("a pointer has slashes");
        object.pointer_mut(above).expect("it is there")[key] = value;
        let found = problems(&[object]);
        assert!(found.iter().any(|found| found.contains(problem)), "{path}: {found:?}");
    }
}

#[test]
fn versions_are_those_that_the_charts_were_packaged_with() {
    let folder = fleet(FLEET, &["acme", "globex", "initech"]);
    let printed = in_folder(folder.path(), "package -d charts --output-json").success();
    let charts: Vec<Json> =
        printed.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
    assert_eq!(charts.len(), 6);
    let applications = objects(folder.path(), FORMS[1]);
    let sources = objects(folder.path(), FORMS[2]);
    for (at, chart) in charts.iter().enumerate() {
        let (name, version) = (&chart["name"], &chart["version"]);
        let source = &applications[at]["spec"]["source"];
        assert_eq!(&applications[at]["metadata"]["name"], &chart["entry"]);
        assert_eq!((&source["chart"], &source["targetRevision"]), (name, version));
        assert_eq!(source["repoURL"], "registry.example.com/charts");
        let source = &sources[2 * at]["spec"];
        let tag = version.as_str().expect("it is text").replace('+', "_");
        assert_eq!(source["ref"], json!({ "tag": tag }));
        assert_eq!(source["url"], format!("{REPOSITORY}/{}", name.as_str().expect("it is text")));
    }
    assert_eq!(charts[0]["version"], "10.0.103+2");
}

/// Applications as a set makes them: every text of its template by itself, by the template engine of Go, which is Helm's, too.
fn expanded(sets: &[Json], helm: Helm) -> Vec<Json> {
    let chart = tempdir().expect("the temporary folder is writable");
    let put = |path: &str, text: &str| {
        let path = chart.path().join(path);
        fs::create_dir_all(path.parent().expect("it has one")).expect("it is writable");
        fs::write(path, text).expect("it is writable");
    };
    put("Chart.yaml", "apiVersion: v2\nname: x\nversion: 1.0.0\n");
    put(
        "templates/map.yaml",
        "{{- $all := list }}{{- range $element := .Values.elements }}{{- range $.Values.texts }}\n\
         {{- $all = append $all (tpl . $element) }}{{- end }}{{- end }}\n\
         apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {all: {{ $all | toJson | quote }}}\n",
    );
    let mut applications = Vec::new();
    for set in sets {
        assert_eq!(set["spec"]["goTemplate"], true);
        let elements = &set["spec"]["generators"][0]["list"]["elements"];
        let mut template = set["spec"]["template"].clone();
        let mut texts = Vec::new();
        each_text(&mut template, &mut |text| texts.push(text.clone()));
        put("values.yaml", &json!({ "elements": elements, "texts": texts }).to_string());
        let printed = run(helm.command().args(["template", "x"]).arg(chart.path())).success();
        let map = read_yaml(&printed).expect("it is YAML").remove(0);
        let all = map["data"]["all"].as_str().expect("it is text");
        let all: Vec<String> = serde_json::from_str(all).expect("it is JSON");
        for made in all.chunks(texts.len()) {
            let (mut application, mut made) = (template.clone(), made.iter());
            each_text(&mut application, &mut |text| {
                text.clone_from(made.next().expect("there are as many"));
            });
            applications.push(application["spec"].clone());
            applications.last_mut().expect("it was pushed")["name"] =
                application["metadata"]["name"].clone();
        }
    }
    applications
}

fn each_text(value: &mut Json, work: &mut impl FnMut(&mut String)) {
    match value {
        Json::String(text) => work(text),
        Json::Array(items) => items.iter_mut().for_each(|item| each_text(item, work)),
        Json::Object(fields) => fields.values_mut().for_each(|field| each_text(field, work)),
        _ => {}
    }
}

/// The same of Applications that are written out.
fn written(folder: &Path, more: &str) -> Vec<Json> {
    let form = format!("argocd --form applications {more}");
    let mut applications: Vec<Json> = objects(folder, &form)
        .into_iter()
        .map(|mut application| {
            let mut spec = application["spec"].take();
            spec["name"] = application["metadata"]["name"].take();
            spec
        })
        .collect();
    sort(&mut applications);
    applications
}

fn sort(applications: &mut [Json]) {
    applications.sort_by_key(|application| application["name"].to_string());
}

#[test]
fn a_set_makes_the_applications_that_are_written_out_for_any_cluster() {
    let clusters = [
        "{{ .Values",
        "}}",
        "{{/*",
        "arn:aws:eks:eu-1:1:cluster/prod",
        "a: b # c",
        "'\"\\",
        "活字格 \u{1f600}",
        "true",
        "-",
        "010",
    ];
    let names: Vec<String> = (0..clusters.len()).map(|n| format!("t{n}")).collect();
    let mut text = FLEET.to_owned() + "tenants:\n";
    for (name, cluster) in names.iter().zip(clusters) {
        text.push_str(&format!("  {name}: {{cluster: {}}}\n", json!(cluster)));
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let folder = fleet(&text, &names);
    let mut sets = objects(folder.path(), "argocd");
    assert_eq!(problems(&sets), [""; 0]);
    let mut applications = written(folder.path(), "");
    assert_eq!(applications.len(), 20);
    // A fleet file has words in braces of its own, so these cannot come from one; they would be plain text all the same.
    for text in ["{{.name}}", "{{ fail `no` }}", "{{ `{{.name}}` }}"] {
        let element = &mut sets[0]["spec"]["generators"][0]["list"]["elements"][0];
        element["cluster"] = text.into();
        applications[0]["destination"]["name"] = text.into();
        for helm in Helm::BOTH {
            let mut made = expanded(&sets, helm);
            sort(&mut made);
            assert_eq!(made, applications);
        }
    }
    // Such a cluster can name no folder.
    let refused = in_folder(folder.path(), &format!("flux -o x --repository {REPOSITORY}"));
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("cannot name a folder"), "{}", refused.stderr);
    assert!(!folder.path().join("x").exists());
}

#[test]
fn more_than_a_thousand_tenants_are_all_there() {
    let names: Vec<String> = (0..1400).map(|n| format!("tenant-{n:04}")).collect();
    let folder = fleet(FLEET, &names.iter().map(String::as_str).collect::<Vec<_>>());
    let sets = objects(folder.path(), "argocd --only environment=prod");
    assert_eq!(sets.len(), 2);
    assert!(sets.iter().all(|set| set.to_string().len() < 262_144));
    let releases = objects(folder.path(), &format!("{} --only environment=prod", FORMS[2]));
    assert_eq!(releases.len(), 2800);
    assert_eq!(problems(&[sets.clone(), releases].concat()), [""; 0]);
    let mut made = expanded(&sets, Helm::Four);
    sort(&mut made);
    assert_eq!(made.len(), 1400);
    assert_eq!(made, written(folder.path(), "--only environment=prod"));
}

#[test]
fn refuses_one_release_for_two_entries_on_its_own_cluster() {
    let text = "shared: {presets: [nfs], namespace: apps, values: {storage: {server: s}}}\n\
                entries: [{tenant: a}, {tenant: b, cluster: in-cluster}]\n";
    let folder = fleet(text, &[]);
    let refused = in_folder(folder.path(), "argocd --repository oci://host");
    assert_eq!(refused.code, Some(2), "{}", refused.stderr);
    assert!(
        refused.stderr.contains(
            "`a` and `b` both are the release `forguncy` in the namespace `apps` on `in-cluster`"
        ),
        "{}",
        refused.stderr
    );
}

#[test]
fn refuses_names_and_addresses_that_cannot_be() {
    let folder = fleet(FLEET, &["acme"]);
    for (arguments, word) in [
        ("argocd --repository https://registry.example.com/charts", "begins with `oci://`"),
        ("argocd --repository oci://me:secret@host/charts", "a user, a password"),
        ("argocd --repository oci://host/{{.name}}", "cannot be part of a repository's name"),
        ("flux --repository oci://host/charts:1", "has a tag"),
        ("argocd --repository oci://host --project {{.name}}", "`--project` `{{.name}}`"),
        ("argocd --repository oci://host --name A", "`--name` `A`"),
        ("argocd --repository oci://host -n a.b", "`--namespace` `a.b`"),
        ("flux --repository oci://host --secret-ref x/", "`--secret-ref`"),
        ("flux --repository oci://host --kubeconfig-secret {cluster}/x", "the Secret"),
        ("flux --repository oci://host", "2 clusters"),
        ("argocd", "--repository"),
    ] {
        let refused = in_folder(folder.path(), arguments);
        assert_eq!((refused.code, refused.stdout.as_str()), (Some(2), ""), "{arguments}");
        assert!(refused.stderr.contains(word), "{arguments}: {}", refused.stderr);
        assert!(!refused.stderr.contains("secret@"), "{}", refused.stderr);
    }
}
