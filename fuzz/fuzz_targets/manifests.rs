#![no_main]
//! A stream of manifests, checked for the version of Kubernetes that its first byte chooses.

use hzgchart::kubernetes::Version;
use hzgchart::validate;
use hzgchart_fuzz::write_reports;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let versions: Vec<Version> = Version::all().collect();
    let version = versions[usize::from(*first) % versions.len()];
    match validate::manifests("<stdin>", rest, version) {
        Ok(outcome) => write_reports(outcome),
        Err(problem) => drop(problem.to_string()),
    }
});
