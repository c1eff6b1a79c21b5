//! What the tests share: the programs they run, and manifests as objects that can be compared.

pub mod cluster;
pub mod helm;
pub mod http;
pub mod hzgchart;
pub mod manifests;
pub mod openpgp;
pub mod process;
pub mod python;
pub mod registry;
pub mod record;
pub mod yaml;

use std::fs;
use std::path::{Path, PathBuf};

/// The project's folder.
pub fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The presets' names, in alphabetical order.
pub fn presets() -> Vec<String> {
    stems("values-presets")
}

/// What is chosen on the command line: each preset alone, and each over each other.
pub fn compositions() -> Vec<Vec<String>> {
    let presets = presets();
    let alone = presets.iter().map(|preset| vec![preset]);
    let pairs = presets.iter().flat_map(|first| {
        let others = presets.iter().filter(move |second| *second != first);
        others.map(move |second| vec![first, second])
    });
    alone.chain(pairs).map(|names| closed(&names)).collect()
}

/// The arguments for presets, with what they leave open.
fn closed(presets: &[&String]) -> Vec<String> {
    let mut set = "storage.server=10.0.0.5".to_owned();
    let has = |name: &str| presets.iter().any(|preset| *preset == name);
    if has("offline") {
        set += ",global.imageRegistry=registry.intranet.net/hzg";
    }
    if has("cloud") {
        set += ",storage.storageClassName=files";
        set +=
            ",redis.persistence.storageClassName=disks,influx.persistence.storageClassName=disks";
    }
    let presets = presets.iter().flat_map(|name| ["--preset".to_owned(), (*name).clone()]);
    presets.chain(["--set".to_owned(), set]).collect()
}

/// The valid values files under `tests/fixtures/valid`, in alphabetical order.
pub fn valid_fixtures() -> Vec<PathBuf> {
    fixtures("valid")
}

/// All values files that render: the valid ones, and those under `tests/fixtures/branches`, which take the templates'
/// branches that no valid one takes.
pub fn rendering_fixtures() -> Vec<PathBuf> {
    [fixtures("valid"), fixtures("branches")].concat()
}

fn fixtures(name: &str) -> Vec<PathBuf> {
    let folder = format!("tests/fixtures/{name}");
    stems(&folder).iter().map(|stem| project().join(format!("{folder}/{stem}.yaml"))).collect()
}

/// The names of a folder's `.yaml` files without the ending, sorted.
fn stems(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(project().join(folder)).expect("the folder is part of the project");
    let mut stems: Vec<String> = entries
        .map(|entry| entry.expect("folders of the project are readable").path())
        .filter(|path| path.extension().is_some_and(|e| e == "yaml"))
        .map(|path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned())
        .collect();
    stems.sort();
    assert!(!stems.is_empty(), "no .yaml file in {folder}");
    stems
}
