//! The deployment: whether values that install would also serve, in production and for long.
//!
//! The rules look at the values, not at the objects: a finding names the key that is to blame, and the line of the file that set
//! it. What only shows between objects is found in [`references`](crate::references).

mod account;
mod effect;
mod entrance;
mod exposure;
mod extra;
mod images;
mod mounts;
mod placeholder;
mod pods;
mod report;
mod resources;
mod scaling;
mod secrets;
mod sessions;
mod shares;
mod storage;

use crate::finding::Finding;
use crate::load::Loaded;
use crate::release::Release;
pub use images::{ARCHITECTURE_LABELS, built_for};
use report::Report;

/// What the values are checked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// They go into a cluster.
    Install,
    /// They go into a chart, which others may read.
    Package,
}

/// Checks values by what goes wrong with them in production. Findings come in the order of the checks.
///
/// Secrets are never shown.
pub fn check(loaded: &Loaded, release: &Release, purpose: Purpose) -> Vec<Finding> {
    let extra = extra::objects(&loaded.tree);
    let mut report = Report::new(loaded);
    let several = scaling::check(&mut report, release, &extra);
    sessions::check(&mut report, several.as_ref(), &extra);
    storage::check(&mut report, several.as_ref());
    shares::check(&mut report);
    images::check(&mut report, &extra);
    exposure::check(&mut report);
    entrance::check(&mut report);
    if purpose == Purpose::Package {
        secrets::check(&mut report, &extra);
    }
    resources::check(&mut report, &extra);
    pods::check(&mut report);
    mounts::check(&mut report);
    account::check(&mut report);
    effect::check(&mut report);
    placeholder::check(&mut report);
    report.findings
}

#[cfg(test)]
mod tests;
