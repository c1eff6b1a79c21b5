//! Validation: all checks of a release, or of any manifests, in one call.
//!
//! Each family of checks takes data and returns findings; here they meet. What is found in a rendered object is led back to the
//! values that it came from ([`blame`]).

mod blame;
mod manifests;
mod objects;

pub(crate) use blame::{Trace, trace};
pub(crate) use manifests::document_text;
pub use manifests::manifests;

use std::collections::HashSet;

use crate::deployment::{self, Purpose};
use crate::error::Problem;
use crate::finding::{Finding, Severity};
use crate::kubernetes::Version;
use crate::load::Loaded;
use crate::pod_security;
use crate::references::{self, External, Scope};
use crate::release::Release;
use crate::rules::{MANIFEST_UNREADABLE, VALUE_LEFT_OPEN, VALUE_MISSING, VALUES_INVALID};
use crate::source::{SourceId, Sources};
use crate::templates::Rendered;
use crate::verdict::Checked;
use objects::Objects;

/// What checks found, and how much they looked at.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The findings, in no order.
    pub findings: Vec<Finding>,
    /// How much was looked at.
    pub checked: Checked,
}

impl Outcome {
    /// The same without what only a report tells.
    #[must_use]
    pub fn without_notes(mut self) -> Self {
        self.findings.retain(|finding| finding.severity() != Severity::Note);
        self
    }

    /// Adds what was found of something else.
    pub fn join(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.checked.objects += other.checked.objects;
        self.checked.unknown += other.checked.unknown;
        self.checked.charts += other.checked.charts;
        if other.checked.kube_version.is_some() {
            self.checked.kube_version = other.checked.kube_version;
        }
    }
}

/// Checks a release: its values, its objects, and what they are to each other.
pub fn release(
    loaded: &Loaded,
    release: &Release,
    rendered: &[Rendered],
    version: Version,
    purpose: Purpose,
) -> Outcome {
    let mut sources = Sources::default();
    // Of two objects that are one too many the later one is told: that should be the user's.
    let own = |file: &&Rendered| file.path == "extra-objects.yaml";
    let files = rendered.iter().filter(|file| !own(file)).chain(rendered.iter().filter(own));
    let ids: Vec<SourceId> = files
        .map(|file| sources.add(format!("templates/{}", file.path), file.text.clone()))
        .collect();
    let read = Objects::read(&ids, &sources, version);
    let checked = read.checked(version);
    let external = External::of(loaded);
    let scope = Scope { namespace: &release.namespace, external: &external };
    let mut findings = references::check(&read.objects, &sources, &scope);
    findings.extend(read.findings);
    for finding in &mut findings {
        blame::lead_back(finding, rendered, loaded);
    }
    blame::tell_once(&mut findings);
    let mut outcome = Outcome { findings: deployment::check(loaded, release, purpose), checked };
    let said = said(&outcome.findings);
    findings.retain(|finding| !is_said(&finding.problem.path, &said));
    outcome.findings.extend(findings);
    outcome.findings.extend(pod_security::check(&read.objects, &sources));
    outcome
}

/// What is wrong with values that could not be loaded, as findings.
pub fn invalid(problems: Vec<Problem>) -> impl Iterator<Item = Finding> {
    problems.into_iter().map(|problem| Finding { problem, ..Finding::new(&VALUES_INVALID, "") })
}

/// Required values that are still empty, as findings: a package may leave them to the installation.
pub fn open(problems: Vec<Problem>, purpose: Purpose) -> impl Iterator<Item = Finding> {
    let rule = match purpose {
        Purpose::Install => &VALUE_MISSING,
        Purpose::Package => &VALUE_LEFT_OPEN,
    };
    problems.into_iter().map(move |problem| {
        let message = format!("`{}` {}", problem.path, problem.message);
        Finding { problem: Problem { message, ..problem }, ..Finding::new(rule, "") }
    })
}

fn unreadable(problems: Vec<Problem>) -> impl Iterator<Item = Finding> {
    problems
        .into_iter()
        .map(|problem| Finding { problem, ..Finding::new(&MANIFEST_UNREADABLE, "") })
}

/// The keys that rules about the deployment have errors about. They know what is wrong better than the rules about objects do,
/// which then have nothing to add.
fn said(deployment: &[Finding]) -> HashSet<String> {
    let errors = deployment.iter().filter(|finding| finding.severity() == Severity::Error);
    let keys = errors.map(|finding| finding.problem.path.clone());
    // What is said of a whole object is not about its fields.
    keys.filter(|key| !(key.starts_with("extraObjects[") && key.ends_with(']'))).collect()
}

/// Whether a key, or one around it, is among others.
fn is_said(key: &str, said: &HashSet<String>) -> bool {
    let ends = key.match_indices(['.', '[']).map(|(end, _)| end).chain([key.len()]);
    !key.is_empty() && ends.into_iter().any(|end| said.contains(&key[..end]))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::is_said;

    #[test]
    fn a_key_stands_below_another_by_its_parts() {
        let said = HashSet::from(["a.b".to_owned()]);
        assert!(["a.b", "a.b.c", "a.b[0].c"].iter().all(|key| is_said(key, &said)));
        assert!(!["a.bc", "a", "", "b.a.b"].iter().any(|key| is_said(key, &said)));
    }
}
