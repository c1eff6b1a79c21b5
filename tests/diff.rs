//! `hzgchart diff`: what it says of values, charts and manifests, in every format; bad input; and that it names what Kubernetes
//! refuses, and nothing else.

mod input;
mod objects;
mod upgrades;
mod values;

use std::fs;

use tempfile::{TempDir, tempdir};

use crate::harness::hzgchart::hzgchart;
use crate::harness::process::{Finished, run};

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempdir().expect("the temporary folder is writable");
    for (name, content) in files {
        fs::write(folder.path().join(name), content).expect("it is writable");
    }
    folder
}

/// What a diff says, without the number of objects that are the same: other changes of the chart change it.
fn without_unchanged(text: &str) -> String {
    let line = |line: &str| match line
        .strip_prefix("objects: ")
        .and_then(|line| line.split_once(" unchanged"))
    {
        Some((counts, rest)) => {
            let counts = counts.rsplit_once(' ').map_or("", |(counts, _)| counts);
            format!("objects: {counts} … unchanged{rest}\n")
        }
        None => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

/// Runs `hzgchart diff` in a folder.
fn diff(folder: &TempDir, args: &[&str]) -> Finished {
    run(hzgchart().arg("diff").args(args).current_dir(folder.path()))
}
