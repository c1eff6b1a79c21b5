//! Validation: all checks of a release, or of any manifests, in one call.
//!
//! Each family of checks takes data and returns findings; here they meet. What is found in a rendered object is led back to the
//! values that it came from ([`blame`]).

mod blame;

use crate::deployment;
use crate::error::Problem;
use crate::finding::Finding;
use crate::kubernetes::{self, Version};
use crate::load::Loaded;
use crate::object::Object;
use crate::purpose::Purpose;
use crate::references::{self, External, Scope};
use crate::release::Release;
use crate::rules::{MANIFEST_UNREADABLE, VALUE_LEFT_OPEN, VALUE_MISSING, VALUES_INVALID};
use crate::source::Sources;
use crate::templates::Rendered;
use crate::verdict::Checked;

/// What checks found, and how much they looked at.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The findings, in no order.
    pub findings: Vec<Finding>,
    /// How much was looked at.
    pub checked: Checked,
}

impl Outcome {
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
    let mut objects = Vec::new();
    let mut findings = Vec::new();
    for file in rendered {
        let id = sources.add(format!("templates/{}", file.path), file.text.as_str());
        match Object::read(id, &sources) {
            Ok(read) => objects.extend(read),
            Err(problems) => findings.extend(unreadable(problems)),
        }
    }
    let external = External::of(loaded);
    let scope = Scope { namespace: &release.namespace, external: &external, is_release: true };
    let (found, checked) = check_objects(&objects, &sources, &scope, version);
    findings.extend(found);
    for finding in &mut findings {
        blame::lead_back(finding, rendered, loaded);
    }
    findings.extend(deployment::check(loaded, release, &objects, purpose));
    Outcome { findings, checked }
}

/// Checks manifests that stand in a text: what `kubectl apply -f` would be given.
pub fn manifests(name: &str, text: &str, version: Version) -> Outcome {
    let mut sources = Sources::default();
    let id = sources.add(name, text);
    match Object::read(id, &sources) {
        Ok(objects) => {
            let external = External::default();
            let scope = Scope { namespace: "default", external: &external, is_release: false };
            let (findings, checked) = check_objects(&objects, &sources, &scope, version);
            Outcome { findings, checked }
        }
        Err(problems) => Outcome {
            findings: unreadable(problems).collect(),
            checked: Checked { kube_version: Some(version.to_string()), ..Checked::default() },
        },
    }
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

fn check_objects(
    objects: &[Object],
    sources: &Sources,
    scope: &Scope<'_>,
    version: Version,
) -> (Vec<Finding>, Checked) {
    let mut findings = references::check(objects, sources, scope);
    for object in objects {
        findings.extend(kubernetes::check(object, version, sources));
    }
    let checked = Checked {
        objects: objects.len(),
        unknown: objects.iter().filter(|object| !kubernetes::is_known(object)).count(),
        kube_version: Some(version.to_string()),
        charts: 0,
    };
    (findings, checked)
}
