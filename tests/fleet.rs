//! `hzgchart fleet`: every entry is what `render` and `package` make of the same values, whatever happens on the way.

mod changes;
mod killed;
mod refused;
mod signed;
mod terminal;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use tempfile::{TempDir, tempdir};

use crate::harness::hzgchart::hzgchart;
use crate::harness::process::{Finished, run};

/// Two environments, three tenants, one exception, one entry with values of its own.
const FLEET: &str = "\
shared:
  presets: [nfs]
  files: [common.yaml]
  chart: shop-{name}
  version: 10.0.3.0
  values:
    storage: {root: '/srv/{tenant}/{environment}'}
    forguncy: {service: {nodePort: 0}}
environments:
  test: {}
  prod:
    presets: [production]
    namespace: live-{tenant}
    values: {ingress: {enabled: true, className: nginx, hosts: ['{tenant}.example.com']}}
tenants:
  initech:
    release: initech
    values: {forguncy: {podAnnotations: {brace: '{\"a\": {tenat}}'}}}
tenantFiles: tenants
matrix:
  - except: [{tenant: globex, environment: test}]
entries:
  - tenant: acme
    environment: prod
    values: {forguncy: {scaling: {mode: fixed, replicas: 2}}}
";

const COMMON: &str = "storage: {server: 10.0.0.9}\nforguncy: {image: {tag: 10.0.3.0}}\n";

/// A folder with [`FLEET`] and its files.
fn fleet() -> TempDir {
    let folder = tempdir().expect("the temporary folder is writable");
    for (path, text) in [
        ("fleet.yaml", FLEET),
        ("fleet.waivers.yaml", "waivers: [{rule: HZG001, reason: it is switched on}]\n"),
        ("common.yaml", COMMON),
        ("tenants/acme.yaml", "forguncy: {podAnnotations: {owner: acme}}\n"),
        ("tenants/globex.yaml", "forguncy: {podAnnotations: {owner: globex}}\n"),
        ("tenants/initech.yaml", "forguncy: {podAnnotations: {owner: 活字格}}\n"),
    ] {
        put(folder.path(), path, text);
    }
    folder
}

fn put(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("it has one")).expect("it is writable");
    fs::write(path, text).expect("it is writable");
}

/// `hzgchart fleet` with arguments that blanks separate, in a folder.
fn in_folder(folder: &Path, arguments: &str) -> Finished {
    run(hzgchart().arg("fleet").args(arguments.split_whitespace()).current_dir(folder))
}

/// The names that `fleet list` prints.
fn listed(folder: &Path, arguments: &str) -> Vec<String> {
    let printed = in_folder(folder, &format!("list {arguments}")).success();
    let names = printed.lines().skip(1).filter_map(|line| line.split_whitespace().next());
    names.map(str::to_owned).collect()
}

/// The files below a folder, by path.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("it is readable") {
            let path = entry.expect("it is readable").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("it is below").to_owned();
                found.insert(name, fs::read(&path).expect("it is readable"));
            }
        }
    }
    found
}

const ENTRIES: [&str; 5] =
    ["acme-prod", "acme-test", "globex-prod", "initech-prod", "initech-test"];

/// What the command line says for an entry of [`FLEET`]: presets, then files, each over those before.
fn arguments(folder: &Path, entry: &str) -> Vec<String> {
    let (tenant, environment) = entry.split_once('-').expect("both are in the name");
    let mut layers = vec![format!(
        "storage: {{root: /srv/{tenant}/{environment}}}\nforguncy: {{service: {{nodePort: 0}}}}\n"
    )];
    if environment == "prod" {
        layers.push(format!(
            "ingress: {{enabled: true, className: nginx, hosts: [{tenant}.example.com]}}\n"
        ));
    }
    let mut arguments: Vec<String> = vec!["--preset".into(), "nfs".into()];
    if environment == "prod" {
        arguments.extend(["--preset".into(), "production".into()]);
    }
    arguments.extend(["-f".into(), "common.yaml".into()]);
    let mut texts = layers;
    texts.push(
        fs::read_to_string(folder.join(format!("tenants/{tenant}.yaml"))).expect("it is there"),
    );
    if tenant == "initech" {
        texts.push("forguncy: {podAnnotations: {brace: '{\"a\": {tenat}}'}}\n".into());
    }
    if entry == "acme-prod" {
        texts.push("forguncy: {scaling: {mode: fixed, replicas: 2}}\n".into());
    }
    for (index, text) in texts.iter().enumerate() {
        let name = format!("layers/{entry}-{index}.yaml");
        put(folder, &name, text);
        arguments.extend(["-f".into(), name]);
    }
    arguments.extend(["--allow".into(), "HZG001".into()]);
    arguments
}

#[test]
fn every_chart_is_the_one_that_package_makes() {
    let folder = fleet();
    in_folder(folder.path(), "package -d charts").success();
    for entry in ENTRIES {
        put(folder.path(), "Chart.yaml", &format!("name: shop-{entry}\n"));
        run(hzgchart()
            .args(["package", "-d", "one", "--version", "10.0.3.0", "--chart", "Chart.yaml"])
            .args(arguments(folder.path(), entry))
            .current_dir(folder.path()))
        .success();
    }
    let charts = files(&folder.path().join("charts"));
    assert_eq!(charts.len(), ENTRIES.len());
    assert!(charts == files(&folder.path().join("one")), "{:?}", charts.keys());
}

#[test]
fn every_manifest_is_the_one_that_render_makes() {
    let folder = fleet();
    in_folder(folder.path(), "render -o out").success();
    for entry in ENTRIES {
        let (tenant, environment) = entry.split_once('-').expect("both are in the name");
        let release = if tenant == "initech" { "initech" } else { "forguncy" };
        let namespace =
            if environment == "prod" { format!("live-{tenant}") } else { entry.to_owned() };
        let one = run(hzgchart()
            .args(["render", "--name", release, "--namespace", &namespace])
            .args(arguments(folder.path(), entry))
            .current_dir(folder.path()))
        .success();
        let path = folder.path().join("out").join(entry).join("manifests.yaml");
        assert!(fs::read_to_string(path).expect("it is written") == one, "{entry}");
        let alone = in_folder(folder.path(), &format!("render --only {entry}"));
        assert!(alone.success() == one, "{entry}");
    }
}

#[test]
fn the_list_tells_where_every_entry_goes() {
    let folder = fleet();
    insta::assert_snapshot!(in_folder(folder.path(), "list").success(), @r"
    NAME          NAMESPACE     RELEASE   CHART              CLUSTER
    acme-prod     live-acme     forguncy  shop-acme-prod
    acme-test     acme-test     forguncy  shop-acme-test
    globex-prod   live-globex   forguncy  shop-globex-prod
    initech-prod  live-initech  initech   shop-initech-prod
    initech-test  initech-test  initech   shop-initech-test
    ");
    let json = in_folder(folder.path(), "list --output-json --only acme-prod").success();
    insta::assert_snapshot!(json, @r#"{"name":"acme-prod","tenant":"acme","environment":"prod","architecture":"","release":"forguncy","namespace":"live-acme","chart":"shop-acme-prod","cluster":""}"#);
}

#[test]
fn what_is_printed_is_checked_by_sha256sum_and_read_by_programs() {
    let folder = fleet();
    let printed = in_folder(folder.path(), "package -d charts").success();
    put(folder.path(), "SHA256SUMS", &printed);
    let checked = run(crate::harness::process::command("sha256sum")
        .args(["-c", "SHA256SUMS"])
        .current_dir(folder.path()))
    .success();
    assert_eq!(checked.matches(": OK").count(), ENTRIES.len());
    let lines = in_folder(folder.path(), "package -d charts --output-json").success();
    for (line, entry) in lines.lines().zip(ENTRIES) {
        let told: Json = serde_json::from_str(line).expect("it is JSON");
        assert_eq!(told["entry"], entry);
        assert_eq!(told["written"], false);
        assert_eq!(told["name"], format!("shop-{entry}"));
        assert!(printed.contains(told["sha256"].as_str().expect("a text")));
    }
    assert_eq!(lines.lines().count(), ENTRIES.len());
}

#[test]
fn an_unchanged_output_is_not_written_again() {
    let folder = fleet();
    in_folder(folder.path(), "package -d charts").success();
    in_folder(folder.path(), "render -o out").success();
    let chart = folder.path().join("charts/shop-acme-test-10.0.3.tgz");
    let manifests = folder.path().join("out/acme-test/manifests.yaml");
    let inode = |path: &Path| fs::metadata(path).expect("it is there").ino();
    let before = [inode(&chart), inode(&manifests)];
    put(folder.path(), "tenants/globex.yaml", "forguncy: {podAnnotations: {owner: other}}\n");
    let packaged = in_folder(folder.path(), "package -d charts");
    assert!(
        packaged.stderr.ends_with("5 entries: 1 written, 4 unchanged\n"),
        "{}",
        packaged.stderr
    );
    let rendered = in_folder(folder.path(), "render -o out");
    assert!(
        rendered.stderr.ends_with("5 entries: 1 written, 4 unchanged\n"),
        "{}",
        rendered.stderr
    );
    assert_eq!(before, [inode(&chart), inode(&manifests)]);
}

#[test]
fn one_thread_writes_what_many_write() {
    let folder = fleet();
    let one = in_folder(folder.path(), "package -d one --jobs 1").success();
    let many = in_folder(folder.path(), "package -d many --jobs 7").success();
    assert_eq!(one.replace("one/", "many/"), many);
    assert!(files(&folder.path().join("one")) == files(&folder.path().join("many")));
}

#[test]
fn shards_share_the_entries_out() {
    let folder = fleet();
    let mut all: Vec<String> =
        (1..=3).flat_map(|shard| listed(folder.path(), &format!("--shard {shard}/3"))).collect();
    all.sort();
    assert_eq!(all, ENTRIES);
    assert_eq!(listed(folder.path(), "--shard 1/2"), ["acme-prod", "globex-prod", "initech-test"]);
    assert_eq!(listed(folder.path(), "--shard 9/9").len(), 0);
    let none = in_folder(folder.path(), "package -d charts --shard 9/9");
    assert_eq!((none.code, none.stderr.as_str()), (Some(0), "0 entries: 0 written\n"));
}

#[test]
fn only_those_that_fit_are_worked_on() {
    let folder = fleet();
    let listed = |only: &str| listed(folder.path(), only);
    assert_eq!(listed("--only acme-*"), ["acme-prod", "acme-test"]);
    assert_eq!(listed("--only tenant=acme,environment=prod"), ["acme-prod"]);
    assert_eq!(
        listed("--only acme-test --only environment=prod"),
        ["acme-prod", "acme-test", "globex-prod", "initech-prod"]
    );
    in_folder(folder.path(), "package -d charts --only *-test").success();
    assert_eq!(files(&folder.path().join("charts")).len(), 2);
}

#[test]
fn a_report_tells_each_thing_once_with_its_entries() {
    let folder = fleet();
    fs::remove_file(folder.path().join("fleet.waivers.yaml")).expect("it is there");
    put(
        folder.path(),
        "common.yaml",
        "storage: {server: 10.0.0.9}\nforguncy: {image: {tag: latest}}\n",
    );
    let text = in_folder(folder.path(), "validate");
    assert_eq!(text.code, Some(0), "{}", text.stderr);
    insta::assert_snapshot!("report", text.stdout);
    let strict = in_folder(
        folder.path(),
        "validate --strict --format json --format sarif=out.sarif --format junit=out.xml --format github=out.txt",
    );
    assert_eq!(strict.code, Some(1));
    let json: Json = serde_json::from_str(&strict.stdout).expect("it is JSON");
    let of_all = |finding: &&Json| {
        finding["entries"].as_array().is_some_and(|all| all.len() == ENTRIES.len())
    };
    assert!(json["findings"].as_array().expect("a list").iter().any(|found| of_all(&found)));
    let sarif = fs::read_to_string(folder.path().join("out.sarif")).expect("it is written");
    assert!(sarif.contains("entries: acme-prod, acme-test, globex-prod and 2 more"), "{sarif}");
    assert!(
        fs::read_to_string(folder.path().join("out.xml"))
            .expect("it is written")
            .contains("<testcase")
    );
    assert!(
        fs::read_to_string(folder.path().join("out.txt"))
            .expect("it is written")
            .contains("%0Aentries: acme-prod")
    );
}

#[test]
fn waivers_beside_the_fleet_are_for_all_and_those_beside_a_tenant_for_the_tenant() {
    let folder = fleet();
    put(
        folder.path(),
        "common.yaml",
        "storage: {server: 10.0.0.9}\nforguncy: {image: {tag: latest}}\n",
    );
    put(folder.path(), "tenants/acme.waivers.yaml", "waivers: [{rule: HZG010, reason: r}]\n");
    let told = in_folder(folder.path(), "validate --format json").stdout;
    let json: Json = serde_json::from_str(&told).expect("it is JSON");
    let entries = |list: &str, rule: &str| -> Vec<String> {
        let found =
            json[list].as_array().expect("a list").iter().filter(|found| found["rule"] == rule);
        let names = found.flat_map(|found| found["entries"].as_array().expect("a list").clone());
        names.map(|name| name.as_str().expect("a text").to_owned()).collect()
    };
    assert_eq!(entries("findings", "HZG010"), ["globex-prod", "initech-prod", "initech-test"]);
    assert_eq!(entries("waived", "HZG010"), ["acme-prod", "acme-test"]);
    assert_eq!(entries("waived", "HZG001"), ["acme-prod"]);
    assert_eq!(entries("findings", "HZG901"), Vec::<String>::new());
}

#[test]
fn entries_that_take_something_from_each_other_are_found() {
    let folder = fleet();
    fs::remove_file(folder.path().join("fleet.waivers.yaml")).expect("it is there");
    put(
        folder.path(),
        "fleet.yaml",
        "shared:\n  presets: [nfs]\n  values:\n    storage: {server: 10.0.0.9, root: '/srv/{environment}'}\n    \
         forguncy: {service: {type: NodePort, nodePort: 30080}}\n    \
         ingress: {enabled: true, className: nginx, hosts: [forguncy.example.com]}\n\
         entries:\n- {tenant: a, environment: test}\n- {tenant: b, environment: test, cluster: far}\n- {tenant: c, environment: prod, cluster: far}\n- {tenant: d, environment: test}\n",
    );
    let done = in_folder(folder.path(), "package -d charts");
    assert_eq!(done.code, Some(0));
    insta::assert_snapshot!("conflicts", done.stderr);
    let waived =
        in_folder(folder.path(), "validate --strict --allow HZG501 --allow HZG502 --allow HZG503");
    assert_eq!(waived.code, Some(0), "{}", waived.stdout);
    assert!(waived.stdout.contains(" waived in"), "{}", waived.stdout);
}

#[test]
fn some_entries_are_compared_with_all_others() {
    let folder = fleet();
    put(
        folder.path(),
        "fleet.yaml",
        "shared:\n  presets: [nfs]\n  values:\n    storage: {server: 10.0.0.9, root: '/srv/{tenant}'}\n    \
         forguncy: {service: {nodePort: 0}}\n\
         environments: {test: {}, prod: {}}\ntenants: {a: {}, b: {values: {redis: {enabeld: true}}}, c: {}}\n\
         entries:\n- {tenant: a, environment: test}\n- {tenant: a, environment: prod}\n- {tenant: b}\n\
         - {tenant: c, environment: test}\n- {tenant: c, environment: prod, cluster: far}\n",
    );
    let told = |arguments: &str| {
        let told = in_folder(folder.path(), &format!("validate --format json {arguments}"));
        let json: Json = serde_json::from_str(&told.stdout).expect("it is JSON");
        let found = json["findings"].as_array().expect("a list").iter();
        let found = found.filter(|found| found["severity"] != "note");
        let found = found.map(|found| format!("{} {}", found["entries"], found["message"]));
        found.map(|text| text.replace('"', "")).collect::<Vec<_>>()
    };
    let both = "`a-test` and `a-prod` both keep data in `10.0.0.9:/srv/a/ForguncyAttach`";
    assert_eq!(told("--only a-test"), [format!("[a-test] {both}")]);
    assert_eq!(told("--only a-prod"), [format!("[a-prod] {both}")]);
    assert_eq!(told("--shard 2/5"), [format!("[a-prod] {both}")]);
    assert_eq!(told("--only a-*"), [format!("[a-prod] {both}")]);
    // Neither what others have in common, nor what is wrong with them.
    assert_eq!(told("--only c-*"), Vec::<String>::new());
    let unchecked = in_folder(folder.path(), "package -d charts --only a-prod --no-validate");
    assert_eq!(unchecked.stderr, "1 entry: 1 written\n");
}
