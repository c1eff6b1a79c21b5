//! Charts as folders: links, pipes, `.helmignore`.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use tempfile::tempdir;

use super::pack::files;
use super::{disagreement, inspect, text};

/// Makes a sound chart's folder, lets it be broken, and compares what is said with what both Helms do.
fn check(name: &str, break_it: impl FnOnce(&Path)) {
    let place = tempdir().expect("the temporary folder is writable");
    let chart = place.path().join("t");
    write(&chart);
    break_it(&chart);
    let wrong = disagreement(&format!("folder-{name}"), &chart, place.path());
    assert_eq!(wrong, None);
}

fn write(chart: &Path) {
    for (path, bytes) in files() {
        let path = chart.join(path);
        fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("writable");
        fs::write(path, bytes).expect("writable");
    }
}

#[test]
fn reads_folders_as_both_helms_do() {
    check("no-fault", |_| {});
    check("link-to-a-file", |chart| {
        symlink("cm.yaml", chart.join("templates/_link.yaml")).expect("writable");
    });
    check("link-to-nowhere", |chart| symlink("nowhere", chart.join("link")).expect("writable"));
    check("pipe", |chart| {
        let made = Command::new("mkfifo").arg(chart.join("pipe")).status().expect("mkfifo runs");
        assert!(made.success());
    });
    check("helmignore-double-star", |chart| ignore(chart, "**/*.md\n"));
    check("helmignore-negation", |chart| ignore(chart, "*.md\n!README.md\n"));
    check("helmignore-bracket", |chart| ignore(chart, "# ok\n[a\n"));
    check("helmignore-of-templates", |chart| ignore(chart, "templates/\n"));
    check("helmignore-of-a-broken-file", |chart| {
        ignore(chart, "*.bak\n");
        fs::write(chart.join("templates/a.yaml.bak"), "{{").expect("writable");
    });
    check("hidden-template", |chart| {
        fs::write(chart.join("templates/.x"), "{{").expect("writable");
    });
    check("without-metadata", |chart| {
        fs::rename(chart.join("Chart.yaml"), chart.join("chart.yml")).expect("writable");
    });
    check("around-a-chart", |chart| {
        for path in ["Chart.yaml", "values.yaml"] {
            fs::create_dir_all(chart.join("inner")).expect("writable");
            fs::rename(chart.join(path), chart.join("inner").join(path)).expect("writable");
        }
    });
    check("file-above-five-mib", |chart| {
        fs::write(chart.join("large"), vec![0; (5 << 20) + 1]).expect("writable");
    });
}

fn ignore(chart: &Path, rules: &str) {
    fs::write(chart.join(".helmignore"), rules).expect("writable");
}

#[test]
fn a_folder_in_itself_ends() {
    let place = tempdir().expect("the temporary folder is writable");
    let chart = place.path().join("t");
    write(&chart);
    symlink("..", chart.join("templates/up")).expect("writable");
    symlink("loop", chart.join("loop")).expect("writable");
    let shown = text(&inspect(&chart).expect("the folder can be read"), place.path());
    assert!(shown.contains("t/templates/up:1:1: a folder that leads back into itself"), "{shown}");
    assert!(shown.contains("t/loop:1:1: a link that leads nowhere, or in a circle"), "{shown}");
}
