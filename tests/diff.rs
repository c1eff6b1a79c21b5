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

/// Runs `hzgchart diff` in a folder.
fn diff(folder: &TempDir, args: &[&str]) -> Finished {
    run(hzgchart().arg("diff").args(args).current_dir(folder.path()))
}
