//! References between objects: whether what one names, another is. For a release of ours and for any manifests.
//!
//! Values go through templates, templates give objects, and here the objects are looked at together. Each check sees an
//! index of them and adds to one report; none looks at one object only as a type would, that is done before.

mod claims;
mod external;
mod index;
mod needs;
pub mod pods;
mod ports;
mod routes;
pub(crate) mod scaling;
pub mod selector;
mod selection;
mod uses;
mod volumes;
mod workloads;

pub use external::External;

use crate::finding::Finding;
use crate::node::Node;
use crate::object::Object;
use crate::rules::Rule;
use crate::source::Sources;
use index::{Index, Known};

/// What is known about the objects besides themselves.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The namespace of objects that name none: the release's.
    pub namespace: &'a str,
    /// What is in the cluster already.
    pub external: &'a External,
}

/// Checks objects against each other. Findings come in the order of the checks, and in each in the order of the objects.
pub fn check(objects: &[Object], sources: &Sources, scope: &Scope<'_>) -> Vec<Finding> {
    let index = Index::of(objects, scope);
    let mut report = Report { sources, findings: Vec::new() };
    workloads::check(&index, &mut report);
    selection::check(&index, &mut report);
    ports::check(&index, &mut report);
    claims::check(&index, &mut report);
    volumes::check(&index, &mut report);
    needs::check(&index, &mut report);
    scaling::check(&index, &mut report);
    routes::check(&index, &mut report);
    report.findings
}

/// Gathers what the checks find.
struct Report<'a> {
    sources: &'a Sources,
    findings: Vec<Finding>,
}

impl Report<'_> {
    /// Adds a breach of a rule by a field of an object. It points at the node; without one, at the object.
    fn add(
        &mut self,
        rule: &'static Rule,
        known: &Known<'_>,
        field: impl Into<String>,
        node: Option<&Node>,
        message: String,
    ) -> &mut Finding {
        let mut finding = Finding::new(rule, message).of(known.object.title(), field);
        let origin = node.and_then(|node| node.origin);
        finding.problem.location = known.object.location(origin, self.sources);
        self.findings.push(finding);
        let last = self.findings.len() - 1;
        &mut self.findings[last]
    }
}

/// What a finding calls another object: `Service `web``.
fn called(known: &Known<'_>) -> String {
    format!("{} `{}`", known.kind, known.name)
}

#[cfg(test)]
mod tests;
