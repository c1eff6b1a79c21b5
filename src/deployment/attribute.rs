//! Findings about objects of a release, as findings about the values that made them.
//!
//! A user mends values, not objects. Where a field of an object comes from one key, the finding names that key and the line that
//! set it. And where a rule about the deployment has already an error about the key, the general finding is left out.

use std::collections::{HashMap, HashSet};

use super::extra;
use super::keys::key_of;
use super::report::Report;
use crate::finding::{Finding, ObjectName, Severity};
use crate::load::Loaded;
use crate::release::Release;

/// Gives findings about objects the keys of the values that they come from, and joins them with those of
/// [`check`](super::check): where that has an error about a key, or one around it, nothing more is said of it.
pub fn settle(
    deployment: Vec<Finding>,
    objects: Vec<Finding>,
    loaded: &Loaded,
    release: &Release,
) -> Vec<Finding> {
    let report = Report::new(loaded);
    let extra: HashMap<_, _> = extra::objects(&loaded.tree)
        .into_iter()
        .map(|extra| (extra.name(release), extra))
        .collect();
    let said: HashSet<String> = deployment
        .iter()
        .filter(|finding| finding.severity() == Severity::Error)
        .map(|finding| finding.problem.path.clone())
        // What is said of a whole object is not about its fields.
        .filter(|key| !(key.starts_with("extraObjects[") && key.ends_with(']')))
        .collect();
    let mut findings = deployment;
    for mut finding in objects {
        if let Some(object) = finding.object.as_ref().filter(|_| finding.problem.path.is_empty()) {
            let key = match extra.get(&settled(object, release)) {
                Some(own) => Some(own.key(&finding.field)),
                None => key_of(object, &finding.field, release),
            };
            if let Some(key) = key {
                finding.problem.location = report.location(&key).or(finding.problem.location);
                finding.problem.path = key;
            }
        }
        if !is_said(&finding.problem.path, &said) {
            findings.push(finding);
        }
    }
    findings
}

/// Whether a key, or one around it, is among others.
fn is_said(key: &str, said: &HashSet<String>) -> bool {
    let ends = key.match_indices(['.', '[']).map(|(end, _)| end).chain([key.len()]);
    !key.is_empty() && ends.into_iter().any(|end| said.contains(&key[..end]))
}

/// An object's name with the namespace that it gets.
pub(super) fn settled(object: &ObjectName, release: &Release) -> ObjectName {
    let mut object = object.clone();
    if object.namespace.is_empty() {
        object.namespace.clone_from(&release.namespace);
    }
    object
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
