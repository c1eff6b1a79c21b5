#![no_main]
//! A packaged chart of any kind, looked at as both Helms would.

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use hzgchart::inspect::inspect;
use hzgchart::validate::Outcome;
use hzgchart_fuzz::{chart, write_reports};
use libfuzzer_sys::fuzz_target;

/// Charts are read from files; in memory where there is such a folder.
static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    let memory = PathBuf::from("/dev/shm");
    let folder = if memory.is_dir() { memory } else { std::env::temp_dir() };
    folder.join(format!("hzgchart-fuzz-{}.tgz", std::process::id()))
});

fuzz_target!(|bytes: &[u8]| {
    let Some(archive) = chart::archive(bytes) else { return };
    fs::write(&*FILE, archive).expect("the folder is writable");
    let inspected = inspect(&FILE).expect("the file can be read");
    fs::remove_file(&*FILE).expect("the folder is writable");
    write_reports(Outcome { findings: inspected.findings, ..Outcome::default() });
});
