//! A run that is ended at any moment leaves no truncated file, and the next one completes it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::{TempDir, tempdir};

use super::{files, in_folder, put};
use crate::harness::hzgchart::hzgchart;

/// How often a run is ended.
const TIMES: u32 = 200;

fn fleet(tenants: u32) -> TempDir {
    let folder = tempdir().expect("the temporary folder is writable");
    let shared = "shared: {presets: [single-node], version: 10.0.3}\n";
    let tenants: String = (0..tenants).map(|n| format!("  t{n}: {{}}\n")).collect();
    put(folder.path(), "fleet.yaml", &format!("{shared}tenants:\n{tenants}matrix: [{{}}]\n"));
    folder
}

/// A number below `limit`, another in each turn.
fn spread(turn: u32, limit: u128) -> u128 {
    // Steps of the golden ratio are spread evenly, whatever the number of turns.
    (u128::from(turn) * 618_033_989 % 1_000_000_000) * limit / 1_000_000_000
}

/// The finished files of a run that was ended: temporary ones have names of their own.
fn finished(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    if !folder.is_dir() {
        return BTreeMap::new();
    }
    let is_temporary = |path: &Path| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".hzgchart-"))
    };
    files(folder).into_iter().filter(|(path, _)| !is_temporary(path)).collect()
}

#[test]
fn a_run_that_is_ended_at_any_moment_leaves_whole_files_and_the_next_completes_it() {
    let folder = fleet(10);
    for (verb, option) in [("package", "-d"), ("render", "-o")] {
        let whole = folder.path().join(format!("{verb}-whole"));
        let started = Instant::now();
        in_folder(folder.path(), &format!("{verb} {option} {verb}-whole")).success();
        let length = started.elapsed().as_micros();
        let expected = files(&whole);
        let cut = folder.path().join(format!("{verb}-cut"));
        let (mut early, mut partly) = (0, 0);
        for turn in 0..TIMES / 2 {
            if turn % 5 == 0 && cut.exists() {
                fs::remove_dir_all(&cut).expect("it is ours");
            }
            let mut child = hzgchart()
                .args(["fleet", verb, option])
                .arg(&cut)
                .current_dir(folder.path())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("it runs");
            sleep(Duration::from_micros(spread(turn, length) as u64));
            early += u32::from(child.try_wait().expect("it is ours").is_none());
            child.kill().expect("it is ours");
            child.wait().expect("it is ours");
            let found = finished(&cut);
            partly += u32::from(!found.is_empty() && found.len() < expected.len());
            for (path, bytes) in found {
                assert!(expected.get(&path) == Some(&bytes), "turn {turn}: {}", path.display());
            }
        }
        assert!(early > TIMES / 8, "only {early} runs were ended before their end");
        assert!(partly > 0, "no run was ended half way");
        in_folder(folder.path(), &format!("{verb} {option} {verb}-cut")).success();
        assert!(files(&cut) == expected, "something was left over, or is missing");
    }
}

#[test]
fn a_folder_for_an_engine_is_completed_after_a_run_that_was_ended_at_any_moment() {
    let folder = fleet(40);
    let run = |registry: &str, into: &str| {
        let mut command = hzgchart();
        command.args(["fleet", "flux", "--repository", &format!("oci://{registry}/charts"), "-o"]);
        command.arg(into).current_dir(folder.path());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let registries = ["one.example.com", "two.example.com"];
    let started = Instant::now();
    let whole = registries.map(|registry| {
        assert!(run(registry, registry).status().expect("it runs").success());
        files(&folder.path().join(registry))
    });
    // Files are moved at the end of a run.
    let length = started.elapsed().as_micros() / 2;
    let cut = folder.path().join("cut");
    let mut half = 0;
    for turn in 0..TIMES / 4 {
        if turn % 5 == 0 && cut.exists() {
            fs::remove_dir_all(&cut).expect("it is ours");
        }
        let registry = turn as usize % 2;
        let mut child = run(registries[registry], "cut").spawn().expect("it runs");
        if turn % 3 == 0 {
            sleep(Duration::from_micros((length / 2 + spread(turn, length)) as u64));
        } else {
            // Just when files are moved.
            let is_moving = || cut.join(".hzgchart.next.sha256").exists();
            while !is_moving() && child.try_wait().expect("it is ours").is_none() {}
        }
        child.kill().expect("it is ours");
        child.wait().expect("it is ours");
        let left = if cut.is_dir() { files(&cut) } else { BTreeMap::new() };
        half += u32::from(!left.is_empty() && !whole.contains(&left));
        // The next run is about the other state as often as about this one.
        let next = usize::from(turn % 4 < 2);
        let completed = run(registries[next], "cut").status().expect("it runs");
        assert!(completed.success(), "turn {turn}: {left:?}");
        assert!(files(&cut) == whole[next], "turn {turn}: something was left over, or is missing");
    }
    assert!(half > 0, "no run was ended half way");
}
