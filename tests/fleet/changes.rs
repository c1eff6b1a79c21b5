//! `--changed-since` and `diff`: what differs from a Git revision, or from another fleet.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use serde_json::Value as Json;
use tempfile::tempdir;

use super::{COMMON, ENTRIES, FLEET, fleet, in_folder, listed, put};
use crate::harness::hzgchart::hzgchart;
use crate::harness::process::{command, run};

fn git(folder: &Path, arguments: &str) -> String {
    run(command("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@example.com"])
        .args(arguments.split_whitespace())
        .current_dir(folder))
    .success()
}

/// [`super::fleet`] below `clients` in a repository, as its first commit.
fn repository() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = fleet();
    let clients = folder.path().join("clients");
    fs::create_dir(&clients).expect("it is writable");
    for name in ["fleet.yaml", "fleet.waivers.yaml", "common.yaml", "tenants"] {
        fs::rename(folder.path().join(name), clients.join(name)).expect("it is writable");
    }
    git(folder.path(), "init -q -b main");
    git(folder.path(), "add -A");
    git(folder.path(), "commit -q -m first");
    (folder, clients)
}

#[test]
fn only_entries_whose_input_changed_are_worked_on() {
    let (folder, clients) = repository();
    let changed = || listed(&clients, "--changed-since HEAD");
    let undo = || {
        git(folder.path(), "checkout -q -- .");
        git(folder.path(), "clean -q -f -d");
    };
    assert_eq!(changed(), Vec::<String>::new());

    let of_acme = ["acme-prod", "acme-test"];
    put(&clients, "tenants/acme.yaml", "forguncy: {podAnnotations: {owner: x}}\n");
    assert_eq!(changed(), of_acme);
    // From above, the names are the same.
    let above = in_folder(folder.path(), "list clients/fleet.yaml --changed-since HEAD").success();
    assert_eq!(above.lines().count(), 3, "{above}");
    undo();

    put(&clients, "tenants/acme.waivers.yaml", "waivers: [{rule: HZG010, reason: r}]\n");
    assert_eq!(changed(), of_acme);
    undo();

    put(&clients, "tenants/new.yaml", "{}\n");
    assert_eq!(changed(), ["new-prod", "new-test"]);
    undo();

    fs::remove_file(clients.join("tenants/globex.yaml")).expect("it is there");
    put(&clients, "fleet.yaml", &FLEET.replace("globex", "acme"));
    assert_eq!(changed(), Vec::<String>::new());
    undo();

    put(&clients, "common.yaml", "storage: {server: 10.0.0.10}\n");
    assert_eq!(changed(), ENTRIES);
    undo();

    fs::remove_file(clients.join("fleet.waivers.yaml")).expect("it is there");
    assert_eq!(changed(), ENTRIES);
    undo();

    // Comments, blanks and other notations change nothing.
    put(
        &clients,
        "fleet.yaml",
        &format!("# a fleet\n{}", FLEET.replace("presets: [nfs]", "presets: [ 'nfs' ]")),
    );
    assert_eq!(changed(), Vec::<String>::new());
    for (from, to, entries) in [
        ("replicas: 2", "replicas: 3", vec!["acme-prod"]),
        ("live-{tenant}", "run-{tenant}", vec!["acme-prod", "globex-prod", "initech-prod"]),
        ("release: initech", "release: ini", vec!["initech-prod", "initech-test"]),
        ("10.0.3.0", "10.0.4.0", ENTRIES.to_vec()),
        ("presets: [nfs]", "presets: [nfs, arm64]", ENTRIES.to_vec()),
        ("shop-{name}", "store-{name}", ENTRIES.to_vec()),
    ] {
        put(&clients, "fleet.yaml", &FLEET.replace(from, to));
        assert_eq!(changed(), entries, "{from}");
    }
    undo();

    put(&clients, "tenants/acme.yaml", "forguncy: {podAnnotations: {owner: x}}\n");
    git(folder.path(), "commit -q -a -m second");
    assert_eq!(changed(), Vec::<String>::new());
    assert_eq!(listed(&clients, "--changed-since HEAD~1 --shard 2/2"), ["acme-test"]);
}

#[test]
fn an_entry_whose_tenant_file_is_gone_has_changed() {
    let (folder, clients) = repository();
    let changed = || listed(&clients, "--changed-since HEAD");
    put(&clients, "fleet.yaml", &FLEET.replace("initech:\n", "acme: {}\n  initech:\n"));
    put(&clients, "tenants/acme.waivers.yaml", "waivers: []\n");
    git(folder.path(), "add -A");
    git(folder.path(), "commit -q -m second");
    assert_eq!(changed(), Vec::<String>::new());
    git(folder.path(), "rm -q clients/tenants/acme.waivers.yaml");
    assert_eq!(changed(), ["acme-prod", "acme-test"]);
    git(folder.path(), "reset -q --hard");
    git(folder.path(), "rm -q clients/tenants/acme.yaml");
    assert_eq!(changed(), ["acme-prod", "acme-test"]);
}

#[test]
fn changes_behind_symbolic_links_are_seen() {
    let (folder, clients) = repository();
    let changed = || listed(&clients, "--changed-since HEAD");
    let undo = || git(folder.path(), "checkout -q -- .");
    fs::create_dir(clients.join("real")).expect("it is writable");
    for (path, to) in [("common.yaml", "real/common.yaml"), ("fleet.yaml", "real/fleet.yaml")] {
        fs::rename(clients.join(path), clients.join(to)).expect("it is writable");
        symlink(to, clients.join(path)).expect("it is writable");
    }
    fs::rename(clients.join("tenants"), clients.join("real/tenants")).expect("it is writable");
    symlink("real/tenants", clients.join("tenants")).expect("it is writable");
    git(folder.path(), "add -A");
    git(folder.path(), "commit -q -m second");
    assert_eq!(changed(), Vec::<String>::new());
    let same = in_folder(&clients, "diff --changed-since HEAD").success();
    assert_eq!(same, "5 entries: 5 same\n");

    put(&clients, "real/common.yaml", "storage: {server: 10.0.0.10}\n");
    assert_eq!(changed(), ENTRIES);
    let all = in_folder(&clients, "diff --changed-since HEAD").success();
    assert!(all.ends_with("5 entries: 5 changed\n"), "{all}");
    undo();
    put(&clients, "real/fleet.yaml", &FLEET.replace("replicas: 2", "replicas: 3"));
    assert_eq!(changed(), ["acme-prod"]);
    undo();
    put(&clients, "real/tenants/acme.yaml", "{}\n");
    assert_eq!(changed(), ["acme-prod", "acme-test"]);
    undo();
    // Another target with other content.
    put(&clients, "real/other.yaml", "storage: {server: 10.0.0.10}\n");
    fs::remove_file(clients.join("common.yaml")).expect("it is there");
    symlink("real/other.yaml", clients.join("common.yaml")).expect("it is writable");
    assert_eq!(changed(), ENTRIES);
}

#[test]
fn what_lies_outside_of_the_repository_counts_as_changed_and_is_named() {
    let (folder, clients) = repository();
    let outside = tempdir().expect("the temporary folder is writable");
    put(outside.path(), "common.yaml", COMMON);
    fs::remove_file(clients.join("common.yaml")).expect("it is there");
    symlink(outside.path().join("common.yaml"), clients.join("common.yaml"))
        .expect("it is writable");
    git(folder.path(), "add -A");
    git(folder.path(), "commit -q -m second");
    assert_eq!(listed(&clients, "--changed-since HEAD"), ENTRIES);
    let diff = in_folder(&clients, "diff --changed-since HEAD --only acme-test");
    assert_eq!(diff.code, Some(2));
    insta::assert_snapshot!(diff.stdout, @r"
    # acme-test
    error: HEAD:clients/fleet.yaml:3:11: `HEAD:clients/common.yaml` leads out of the repository, by the symbolic link `clients/common.yaml`: what it was then is not known
      3 |   files: [common.yaml]
        |           ^
      help: keep it in the repository itself, or compare with a fleet file that has its old state beside it: `--against FILE`

    1 entry: 1 broken
    ");

    let path = outside.path().join("common.yaml");
    put(&clients, "fleet.yaml", &FLEET.replace("common.yaml", &path.display().to_string()));
    git(folder.path(), "commit -q -a -m third");
    let diff = in_folder(&clients, "diff --changed-since HEAD --only acme-test");
    let told = diff.stdout.replace(&outside.path().display().to_string(), "/outside");
    insta::assert_snapshot!(told, @r"
    # acme-test
    error: HEAD:clients/fleet.yaml:3:11: `/outside/common.yaml` is not in the repository: what it was at `HEAD` is not known
      3 |   files: [/outside/common.yaml]
        |           ^
      help: keep it in the repository itself, or compare with a fleet file that has its old state beside it: `--against FILE`

    1 entry: 1 broken
    ");
}

#[test]
fn a_link_out_of_the_repository_that_is_gone_has_changed() {
    let (folder, clients) = repository();
    let outside = tempdir().expect("the temporary folder is writable");
    put(outside.path(), "w.yaml", "waivers: []\n");
    let link = clients.join("tenants/acme.waivers.yaml");
    symlink(outside.path().join("w.yaml"), &link).expect("it is writable");
    git(folder.path(), "add -A");
    git(folder.path(), "commit -q -m second");
    let of_acme = ["acme-prod", "acme-test"];
    assert_eq!(listed(&clients, "--changed-since HEAD"), of_acme);
    fs::remove_file(&link).expect("it is there");
    assert_eq!(listed(&clients, "--changed-since HEAD"), of_acme);
    git(folder.path(), "commit -q -a -m third");
    assert_eq!(listed(&clients, "--changed-since HEAD~1"), of_acme);
    assert_eq!(listed(&clients, "--changed-since HEAD"), Vec::<String>::new());
}

#[test]
fn files_that_git_does_not_look_at_count_as_changed() {
    for flag in ["--skip-worktree", "--assume-unchanged"] {
        let (folder, clients) = repository();
        git(folder.path(), &format!("update-index {flag} clients/tenants/acme.yaml"));
        put(&clients, "tenants/acme.yaml", "forguncy: {podAnnotations: {owner: x}}\n");
        assert_eq!(listed(&clients, "--changed-since HEAD"), ["acme-prod", "acme-test"], "{flag}");
    }
}

#[test]
fn a_repository_that_a_hook_names_is_the_one_from_the_current_folder() {
    let (folder, clients) = repository();
    put(&clients, "tenants/acme.yaml", "forguncy: {podAnnotations: {owner: x}}\n");
    let repository = folder.path().join(".git");
    for named in [Path::new(".git"), &repository] {
        let listed = run(hzgchart()
            .args(["fleet", "list", "clients/fleet.yaml", "--changed-since", "HEAD"])
            .env("GIT_DIR", named)
            .env("GIT_INDEX_FILE", ".git/index")
            .current_dir(folder.path()))
        .success();
        assert_eq!(listed.lines().count(), 3, "{listed}");
    }
}

#[test]
fn what_lies_in_a_submodule_counts_as_changed_and_is_named() {
    let (folder, clients) = repository();
    let other = tempdir().expect("the temporary folder is writable");
    put(other.path(), "common.yaml", COMMON);
    git(other.path(), "init -q -b main");
    git(other.path(), "add -A");
    git(other.path(), "commit -q -m first");
    let other = other.path().display();
    git(&clients, &format!("-c protocol.file.allow=always submodule --quiet add {other} base"));
    put(&clients, "fleet.yaml", &FLEET.replace("common.yaml", "base/common.yaml"));
    git(folder.path(), "commit -q -a -m second");
    assert_eq!(listed(&clients, "--changed-since HEAD"), ENTRIES);
    let diff = in_folder(&clients, "diff --changed-since HEAD --only acme-test");
    assert_eq!(diff.code, Some(2));
    insta::assert_snapshot!(diff.stdout, @r"
    # acme-test
    error: HEAD:clients/fleet.yaml:3:11: `HEAD:clients/base/common.yaml` is in the submodule `clients/base`: what it was then is not read
      3 |   files: [base/common.yaml]
        |           ^
      help: keep it in the repository itself, or compare with a fleet file that has its old state beside it: `--against FILE`

    1 entry: 1 broken
    ");
}

#[test]
fn a_file_that_no_revision_has_counts_as_changed() {
    let (folder, clients) = repository();
    put(folder.path(), "outside.yaml", "{}\n");
    put(&clients, ".gitignore", "secret.yaml\n");
    put(&clients, "secret.yaml", "{}\n");
    put(&clients, "fleet.yaml", &FLEET.replace("common.yaml", "common.yaml, secret.yaml"));
    git(folder.path(), "add clients");
    git(folder.path(), "commit -q -m second");
    assert_eq!(listed(&clients, "--changed-since HEAD"), ENTRIES);
}

#[test]
fn says_what_is_wrong_with_a_revision() {
    let (_folder, clients) = repository();
    let refused = in_folder(&clients, "list --changed-since origin/main");
    assert_eq!(refused.code, Some(2));
    insta::assert_snapshot!(refused.stderr, @r"
    error: the repository has no revision `origin/main`
      help: fetch it first; CI services clone only the last commit unless told otherwise (`fetch-depth: 0`, `GIT_DEPTH: 0`)
    ");
    let option = in_folder(&clients, "list --changed-since=--help");
    assert_eq!(option.code, Some(2), "{}", option.stdout);
    let plain = fleet();
    let refused = in_folder(plain.path(), "list --changed-since HEAD");
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("`fleet.yaml` is in no Git repository"), "{}", refused.stderr);
}

#[test]
fn a_diff_tells_what_becomes_of_every_entry() {
    let (_folder, clients) = repository();
    put(&clients, "tenants/acme.yaml", "forguncy: {podAnnotations: {owner: x}}\n");
    put(&clients, "tenants/new.yaml", "{}\n");
    put(&clients, "tenants/initech.yaml", "forgnucy: {}\n");
    put(&clients, "fleet.yaml", &FLEET.replace("globex, environment: test", "globex"));
    let diff = in_folder(&clients, "diff --changed-since HEAD");
    assert_eq!(diff.code, Some(2), "{}", diff.stderr);
    insta::assert_snapshot!("diff", diff.stdout);
    let lines = in_folder(&clients, "diff --changed-since HEAD --format json").stdout;
    let told: Vec<String> = lines
        .lines()
        .map(|line| {
            let json: Json = serde_json::from_str(line).expect("it is JSON");
            assert_eq!(json["diff"].is_object(), json["change"] == "changed", "{line}");
            format!("{} {}", json["entry"], json["change"]).replace('"', "")
        })
        .collect();
    assert_eq!(
        told,
        [
            "acme-prod changed",
            "acme-test changed",
            "initech-prod broken",
            "initech-test broken",
            "new-prod new",
            "new-test new",
            "globex-prod gone",
        ]
    );
}

#[test]
fn a_diff_tells_who_is_another_release_now() {
    let folder = fleet();
    fs::copy(folder.path().join("fleet.yaml"), folder.path().join("old.yaml"))
        .expect("it is there");
    let new = FLEET.replace("release: initech", "release: ini, cluster: east");
    let new = new.replace(
        "  initech:\n    release: ini, cluster: east",
        "  initech:\n    release: ini\n    cluster: east",
    );
    put(folder.path(), "fleet.yaml", &new);
    let diff =
        in_folder(folder.path(), "diff --against old.yaml --exit-code --only tenant=initech");
    assert_eq!(diff.code, Some(1));
    insta::assert_snapshot!(diff.stdout);
    let lines =
        in_folder(folder.path(), "diff --against old.yaml --format json --only initech-prod");
    let json: Json = serde_json::from_str(&lines.stdout).expect("it is JSON");
    assert_eq!(
        (&json["from"]["release"], &json["from"]["cluster"]),
        (&"initech".into(), &"".into())
    );
    assert_eq!((&json["to"]["release"], &json["to"]["cluster"]), (&"ini".into(), &"east".into()));
    assert_eq!(json["to"]["namespace"], "live-initech");
}

#[test]
fn a_diff_against_another_file_ends_with_the_code_asked_for() {
    let folder = fleet();
    put(
        folder.path(),
        "old/fleet.yaml",
        &FLEET
            .replace("common.yaml", "../common.yaml")
            .replace("tenantFiles: tenants", "tenantFiles: ../tenants"),
    );
    let same = in_folder(folder.path(), "diff --against old/fleet.yaml --exit-code");
    assert_eq!((same.code, same.stdout.as_str()), (Some(0), "5 entries: 5 same\n"));
    put(
        folder.path(),
        "common.yaml",
        "storage: {server: 10.0.0.9}\nforguncy: {image: {tag: 10.0.3.0}}\n",
    );
    put(folder.path(), "fleet.yaml", &FLEET.replace("replicas: 2", "replicas: 3"));
    let one = in_folder(folder.path(), "diff --against old/fleet.yaml --exit-code");
    assert_eq!(one.code, Some(1));
    assert!(one.stdout.ends_with("5 entries: 1 changed, 4 same\n"), "{}", one.stdout);
    let neither = in_folder(folder.path(), "diff");
    assert_eq!(neither.code, Some(2));
    assert!(neither.stderr.contains("--against"), "{}", neither.stderr);
}
