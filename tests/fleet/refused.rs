//! What is wrong with a fleet, or with some of its entries: told whole, with places, and nothing else is lost by it.

use std::fs::{self, File};
use std::path::Path;
use std::process::Stdio;

use tempfile::tempdir;

use crate::harness::hzgchart::hzgchart;
use crate::harness::process::{command, run};

use super::{FLEET, files, fleet, in_folder, listed, put};

/// What is said of a fleet file that cannot be used.
fn refusal(text: &str) -> String {
    let folder = fleet();
    put(folder.path(), "fleet.yaml", text);
    let refused = in_folder(folder.path(), "package -d charts");
    assert_eq!(refused.code, Some(2), "{}", refused.stdout);
    assert!(!folder.path().join("charts").exists());
    refused.stderr
}

#[test]
fn a_bad_entry_keeps_no_other_from_being_made() {
    let folder = fleet();
    put(folder.path(), "tenants/acme.yaml", "redis: {enabeld: true}\n");
    put(
        folder.path(),
        "tenants/globex.yaml",
        "forguncy: {resources: {requests: {cpu: 4}, limits: {cpu: 2}}}\n",
    );
    let done = in_folder(folder.path(), "package -d charts");
    assert_eq!(done.code, Some(2));
    insta::assert_snapshot!("bad_entries", done.stderr);
    let charts = files(&folder.path().join("charts"));
    let names: Vec<_> = charts.keys().map(|path| path.display().to_string()).collect();
    assert_eq!(names, ["shop-initech-prod-10.0.3.tgz", "shop-initech-test-10.0.3.tgz"]);
    fs::remove_file(folder.path().join("tenants/acme.yaml")).expect("it is there");
    put(
        folder.path(),
        "fleet.yaml",
        &FLEET.replace("initech:\n", "acme: {files: [gone.yaml]}\n  initech:\n"),
    );
    let done = in_folder(folder.path(), "render -o out");
    assert_eq!(done.code, Some(2));
    assert!(done.stderr.contains("cannot read `gone.yaml`: No such file"), "{}", done.stderr);
    assert_eq!(files(&folder.path().join("out")).len(), 2);
}

#[test]
fn what_is_written_unchecked_still_fits_the_schema() {
    let folder = fleet();
    put(
        folder.path(),
        "tenants/globex.yaml",
        "forguncy: {resources: {requests: {cpu: 4}, limits: {cpu: 2}}}\n",
    );
    let done = in_folder(folder.path(), "package -d charts --no-validate");
    assert_eq!((done.code, done.stderr.as_str()), (Some(0), "5 entries: 5 written\n"));
    put(folder.path(), "tenants/globex.yaml", "forguncy: {replicas: 1}\n");
    let done = in_folder(folder.path(), "package -d charts --no-validate");
    assert_eq!(done.code, Some(2));
    assert!(done.stderr.ends_with("1 not written; 1 error\n"), "{}", done.stderr);
}

#[test]
fn says_where_the_keys_of_a_part_belong() {
    insta::assert_snapshot!(
        "outside_of_parts",
        refusal(
            "namespace: a\npresets: [nfs]\nstorage: {root: /x}\nshared: {values: [a], files: {a: b}}\ntenants: {a: {}}\n"
        )
    );
}

#[test]
fn says_everything_that_is_wrong_with_the_file() {
    insta::assert_snapshot!(
        "wrong_file",
        refusal(
            "shard: {preset: [nfs]}\ntenants: [acme]\nmatrix: [{environment: [prod]}]\nentries:\n- {name: x, presets: nfs}\n"
        )
    );
    insta::assert_snapshot!("broken_yaml", refusal("a: [\n"));
    insta::assert_snapshot!("empty_file", refusal(""));
}

#[test]
fn says_which_names_are_not_there() {
    insta::assert_snapshot!(
        "unknown_names",
        refusal(
            "environments: {prod: {}}\ntenants: {acme: {}, Globex: {}}\nmatrix:\n- {tenants: [acmee, acme, acme], environments: [test]}\n- {except: [{tenant: x}, {}]}\nentries:\n- {tenant: acme, environment: pord}\n"
        )
    );
    insta::assert_snapshot!("nothing_to_combine", refusal("matrix: [{}]\n"));
    insta::assert_snapshot!(
        "unknown_words",
        refusal(
            &FLEET
                .replace("shop-{name}", "shop-{nmae}")
                .replace("/srv/{tenant}/{environment}", "/srv/{architecture}")
        )
    );
}

#[test]
fn says_which_names_two_entries_have() {
    insta::assert_snapshot!(
        "same_names",
        refusal("entries:\n- {tenant: a-b, environment: c}\n- {tenant: a, environment: b-c}\n")
    );
    insta::assert_snapshot!(
        "same_charts",
        refusal(
            "shared: {chart: forguncy, namespace: apps}\nentries:\n- {tenant: a}\n- {tenant: b}\n- {tenant: c, cluster: far, chart: c}\n"
        )
    );
}

#[test]
fn a_name_of_its_own_takes_the_place_of_one_that_cannot_be() {
    let folder = fleet();
    let long = "a".repeat(62);
    let text = format!(
        "environments: {{production: {{}}}}\ntenants: {{{long}: {{}}, 活字格: {{}}}}\nmatrix: [{{}}]\n"
    );
    insta::assert_snapshot!("no_names", refusal(&text));
    let own = format!(
        "{text}entries:\n- {{tenant: {long}, environment: production, name: short}}\n\
         - {{tenant: 活字格, environment: production, name: hzg}}\n"
    );
    put(folder.path(), "fleet.yaml", &own);
    assert_eq!(listed(folder.path(), ""), ["short", "hzg"]);
}

#[test]
fn says_where_the_fleet_names_what_cannot_be_used() {
    let folder = fleet();
    put(
        folder.path(),
        "fleet.yaml",
        "shared:\n  values: {storage: {type: existingClaims}}\nentries:\n\
         - {tenant: a, files: [none.yaml]}\n\
         - {tenant: b, chart: Shop}\n\
         - {tenant: c, version: one}\n\
         - {tenant: d, appVersion: a b}\n\
         - {tenant: e, presets: [nsf]}\n\
         - {tenant: f, files: ['']}\n\
         - {tenant: g, release: G}\n\
         - {tenant: h, chartFile: none.yaml}\n",
    );
    let refused = in_folder(folder.path(), "package -d charts");
    assert_eq!(refused.code, Some(2));
    insta::assert_snapshot!("places", refused.stderr);
    insta::assert_snapshot!("no_tenants", refusal("matrix: [{}]\ntenantFiles: none\n"));
}

#[test]
fn says_which_files_would_not_be_read() {
    let folder = fleet();
    put(folder.path(), "tenants/umbrella.yml", "{}\n");
    let refused = in_folder(folder.path(), "list");
    assert_eq!(refused.code, Some(2));
    insta::assert_snapshot!("unread_tenant", refused.stderr);
    let empty = tempdir().expect("the temporary folder is writable");
    let refused = in_folder(empty.path(), "list");
    assert_eq!(refused.code, Some(3));
    insta::assert_snapshot!("no_file", refused.stderr);
}

#[test]
fn what_has_no_end_or_never_begins_is_refused() {
    let folder = fleet();
    run(command("mkfifo").arg(folder.path().join("tenants/pipe.yaml"))).success();
    let refused = in_folder(folder.path(), "list");
    assert_eq!(refused.code, Some(2));
    insta::assert_snapshot!("pipe", refused.stderr);
    put(folder.path(), "fleet.yaml", "entries: [{tenant: a, files: [/dev/zero]}]\n");
    let refused = in_folder(folder.path(), "validate");
    assert_eq!(refused.code, Some(2));
    let told = "error[HZG101]: `/dev/zero` has more than 1048576 bytes (1 MiB), the most";
    assert!(refused.stdout.contains(told), "{}", refused.stdout);
}

#[test]
fn says_that_a_pattern_fits_nothing() {
    let folder = fleet();
    let refused = in_folder(folder.path(), "list --only acme-prd --only tenant=zzz");
    assert_eq!(refused.code, Some(2));
    insta::assert_snapshot!("fits_nothing", refused.stderr);
    let refused = in_folder(folder.path(), "render");
    assert_eq!(refused.code, Some(2));
    insta::assert_snapshot!("many_to_stdout", refused.stderr);
}

#[test]
fn a_folder_that_another_run_writes_to_is_left_alone() {
    let folder = fleet();
    fs::create_dir(folder.path().join("charts")).expect("it is writable");
    let held = File::open(folder.path().join("charts")).expect("it is there");
    held.try_lock().expect("nobody else has it");
    let refused = in_folder(folder.path(), "package -d charts");
    assert_eq!(refused.code, Some(2));
    insta::assert_snapshot!("held_folder", refused.stderr);
    assert!(files(&folder.path().join("charts")).is_empty());
    drop(held);
    in_folder(folder.path(), "package -d charts").success();
}

#[test]
fn what_no_chart_can_be_made_of_does_not_pass() {
    for (from, to, word) in [
        ("version: 10.0.3.0", "version: latest", "`latest`"),
        ("chart: shop-{name}", "chart: Shop_{name}", "`Shop_acme-prod`"),
        ("chart: shop-{name}", "chartFile: gone.yaml", "gone.yaml"),
    ] {
        let folder = fleet();
        put(folder.path(), "fleet.yaml", &FLEET.replace(from, to));
        for verb in ["validate", "package -d charts"] {
            let refused = in_folder(folder.path(), verb);
            assert_eq!(refused.code, Some(2), "{verb} {to}");
            let told = refused.stdout + &refused.stderr;
            assert!(told.contains(word), "{verb} {to}: {told}");
        }
    }
}

#[test]
fn a_word_that_stands_for_nothing_is_told_where_it_stands() {
    let folder = fleet();
    let values = "    forguncy: {service: {nodePort: 0}, podAnnotations: {a: 'x {architecture}'}}";
    put(
        folder.path(),
        "fleet.yaml",
        &FLEET.replace("    forguncy: {service: {nodePort: 0}}", values),
    );
    let refused = in_folder(folder.path(), "validate");
    assert_eq!(refused.code, Some(2));
    assert!(refused.stdout.contains("fleet.yaml:8:60"), "{}", refused.stdout);
}

#[test]
fn a_reader_who_has_seen_enough_changes_neither_files_nor_verdict() {
    let unread = |folder: &Path, arguments: &str| {
        let (reader, writer) = std::io::pipe().expect("there are pipes");
        drop(reader);
        let mut command = hzgchart();
        command.arg("fleet").args(arguments.split_whitespace()).current_dir(folder);
        command.stdout(writer).stderr(Stdio::null()).status().expect("it runs").code()
    };
    let folder = fleet();
    assert_eq!(unread(folder.path(), "package -d charts"), Some(0));
    assert_eq!(files(&folder.path().join("charts")).len(), 5);
    put(folder.path(), "tenants/globex.yaml", "redis: {enabeld: true}\n");
    assert_eq!(unread(folder.path(), "package -d others"), Some(2));
    assert_eq!(files(&folder.path().join("others")).len(), 4);
    assert_eq!(unread(folder.path(), "validate"), Some(2));
}

#[test]
fn the_world_ends_a_run() {
    let folder = fleet();
    fs::create_dir_all(folder.path().join("charts/shop-acme-test-10.0.3.tgz"))
        .expect("it is writable");
    let stopped = in_folder(folder.path(), "package -d charts");
    assert_eq!(stopped.code, Some(3));
    assert!(
        stopped
            .stderr
            .ends_with("error: cannot write `charts/shop-acme-test-10.0.3.tgz`: is a directory\n"),
        "{}",
        stopped.stderr
    );
    // The entry before it is whole.
    assert!(folder.path().join("charts/shop-acme-prod-10.0.3.tgz").is_file());
}
