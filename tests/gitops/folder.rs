//! Folders that an engine reads: whole, hzgchart's own, and told of when something goes from them.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::{FLEET, REPOSITORY, fleet, in_folder};
use crate::harness::process::Finished;

fn flux(folder: &Path, more: &str) -> Finished {
    in_folder(folder, &format!("flux --repository {REPOSITORY} -o out {more}"))
}

fn argocd(folder: &Path, more: &str) -> Finished {
    in_folder(folder, &format!("argocd --repository {REPOSITORY} -o out {more}"))
}

#[test]
fn what_is_the_same_is_not_written_again() {
    let folder = fleet(FLEET, &["acme", "globex"]);
    let first = flux(folder.path(), "");
    assert_eq!(first.stderr, "4 entries: 4 written\n");
    let printed = first.success();
    let inode = |path: &str| fs::metadata(folder.path().join(path)).expect("it is there").ino();
    let before: Vec<u64> = printed.lines().map(inode).collect();
    assert_eq!(before.len(), 7);
    let second = flux(folder.path(), "");
    assert_eq!(second.stderr, "4 entries: 0 written, 4 unchanged\n");
    assert_eq!(second.success(), printed);
    fs::write(folder.path().join("tenants/acme.yaml"), "forguncy: {image: {tag: 10.0.104.0}}\n")
        .expect("it is writable");
    let third = flux(folder.path(), "");
    // The version of the other environment is its own.
    assert_eq!(third.stderr, "4 entries: 1 written, 3 unchanged\n");
    let after: Vec<u64> = printed.lines().map(inode).collect();
    let changed: Vec<&str> = printed
        .lines()
        .zip(before.iter().zip(&after))
        .filter_map(|(path, (before, after))| (before != after).then_some(path))
        .collect();
    assert_eq!(changed, ["out/prod-acme/acme-prod.yaml"]);
}

#[test]
fn what_no_entry_makes_any_more_goes_and_is_told() {
    let folder = fleet(FLEET, &["acme", "globex"]);
    flux(folder.path(), "").success();
    fs::remove_file(folder.path().join("tenants/globex.yaml")).expect("it is there");
    let told = flux(folder.path(), "");
    assert_eq!(
        told.stderr,
        "removed: out/globex-test.yaml\nremoved: out/prod-globex/globex-prod.yaml\nremoved: out/prod-globex/kustomization.yaml\n2 entries: 0 written, 2 unchanged\n"
    );
    assert!(!folder.path().join("out/prod-globex").exists());
    let list =
        fs::read_to_string(folder.path().join("out/kustomization.yaml")).expect("it is there");
    assert!(list.contains("- acme-test.yaml") && !list.contains("globex"), "{list}");
}

#[test]
fn a_file_of_somebody_else_is_never_touched() {
    let folder = fleet(FLEET, &["acme"]);
    flux(folder.path(), "").success();
    for path in ["out/acme-test.yaml", "out/prod-acme/mine.yaml"] {
        let path = folder.path().join(path);
        let before = fs::read(&path).ok();
        fs::write(&path, "mine: true\n").expect("it is writable");
        let refused = flux(folder.path(), "");
        assert_eq!(refused.code, Some(2));
        assert!(
            refused.stderr.contains("was changed since hzgchart wrote it"),
            "{}",
            refused.stderr
        );
        assert_eq!(fs::read_to_string(&path).expect("it is there"), "mine: true\n");
        match before {
            Some(before) => fs::write(&path, before).expect("it is writable"),
            None => fs::remove_file(&path).expect("it is there"),
        }
    }
    assert!(flux(folder.path(), "").ok());
    fs::create_dir(folder.path().join("theirs")).expect("it is writable");
    fs::write(folder.path().join("theirs/x.yaml"), "").expect("it is writable");
    let refused = in_folder(folder.path(), &format!("argocd --repository {REPOSITORY} -o theirs"));
    assert_eq!(refused.code, Some(2));
}

#[test]
fn an_entry_that_cannot_be_made_stops_them_all() {
    let folder = fleet(FLEET, &["acme", "globex"]);
    flux(folder.path(), "").success();
    let before = fs::read(folder.path().join("out/.hzgchart.sha256")).expect("it is there");
    for wrong in ["forguncy: {image: {tag: latest}}\n", "forguncy: {imgae: {}}\n"] {
        fs::write(folder.path().join("tenants/acme.yaml"), wrong).expect("it is writable");
        let failed = flux(folder.path(), "");
        assert_eq!((failed.code, failed.stdout.as_str()), (Some(2), ""), "{wrong}");
        assert!(
            failed.stderr.contains("4 entries: 0 written, 4 not written; 1 error"),
            "{}",
            failed.stderr
        );
        assert!(failed.stderr.contains("acme-"), "{}", failed.stderr);
        let after = fs::read(folder.path().join("out/.hzgchart.sha256")).expect("it is there");
        assert_eq!(after, before);
    }
}

#[test]
fn entries_that_were_not_chosen_are_not_taken_away() {
    let folder = fleet(FLEET, &["acme", "globex"]);
    flux(folder.path(), "").success();
    let refused = flux(folder.path(), "--only environment=test");
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.stderr.contains("is not about the entries that `--only` chooses"),
        "{}",
        refused.stderr
    );
    assert!(folder.path().join("out/prod-acme/acme-prod.yaml").exists());

    let folder = fleet(FLEET, &["acme", "globex"]);
    let refused = argocd(folder.path(), "--only tenant=acme");
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("leaves out `globex-prod`"), "{}", refused.stderr);
    argocd(folder.path(), "--only environment=test").success();
    assert_eq!(argocd(folder.path(), "").stderr, "4 entries: 2 written, 2 unchanged\n");
    let refused = argocd(folder.path(), "--only environment=test");
    assert!(
        refused.stderr.contains("`out/forguncy-prod.yaml` is not about the entries"),
        "{}",
        refused.stderr
    );
    // Nor by another form, or another name.
    for more in ["--form applications", "--name other"] {
        let refused = argocd(folder.path(), &format!("--only environment=test {more}"));
        assert_eq!(refused.code, Some(2), "{more}");
        assert!(folder.path().join("out/forguncy-prod.yaml").exists(), "{more}");
    }
    argocd(folder.path(), "--form applications").success();
    assert!(!folder.path().join("out/forguncy-prod.yaml").exists());
}
