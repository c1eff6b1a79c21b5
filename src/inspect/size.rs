//! Whether a release of the chart fits into the Secret that Helm keeps it in.

use crate::chart::release::{MAX_SECRET, NEAR, encoded_release};
use crate::rules::{RELEASE_SIZE, RELEASE_SIZE_NEAR};

use super::contents::Contents;
use super::report::{Place, Report};
use super::verdict::Verdict;

/// Estimates a release's size in bytes, and reports one that is too large, or nearly so. `helm template`
/// and `helm lint` store nothing, and so see nothing.
pub fn check(contents: &Contents, report: &mut Report) -> u64 {
    let files = contents.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()));
    let manifest: String = contents
        .files
        .iter()
        .filter(|(path, _)| path.starts_with("templates/"))
        .map(|(_, bytes)| String::from_utf8_lossy(bytes))
        .collect();
    let size = encoded_release(files, &manifest);
    let help = "leave files out with `.helmignore` that no template reads";
    let what = || {
        format!(
            "a release of the chart takes about {size} bytes, and Kubernetes stores {MAX_SECRET} (1 MiB) in the Secret that Helm keeps it in"
        )
    };
    if size > MAX_SECRET {
        report.fault(&RELEASE_SIZE, Place::Whole, Verdict::CLUSTER, what(), help);
    } else if size > NEAR {
        report.fault(&RELEASE_SIZE_NEAR, Place::Whole, Verdict::TAKEN, what(), help);
    }
    size
}
