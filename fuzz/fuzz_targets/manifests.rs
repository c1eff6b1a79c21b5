#![no_main]
//! A stream of manifests, checked for the version of Kubernetes that its first byte chooses.

use hzgchart::diff;
use hzgchart::diff::side::Side;
use hzgchart::kubernetes::Version;
use hzgchart::report::Style;
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
    compare(rest);
});

/// Compares the two halves of a stream, in every format.
fn compare(stream: &[u8]) {
    let (old, new) = stream.split_at(stream.len() / 2);
    let side = |stream| Side::of_manifests("<stdin>", "default", stream);
    let (Ok(old), Ok(new)) = (side(old), side(new)) else { return };
    let diff = diff::compare(&old, &new);
    std::hint::black_box(diff::text(&diff, Style { colour: true, width: 80 }));
    std::hint::black_box((diff::json(&diff, 0), diff::unified(&diff, Style::default())));
}
