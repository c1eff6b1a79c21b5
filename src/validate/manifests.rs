//! Manifests that stand in a file or come down a pipe, document by document.

use super::{Outcome, unreadable};
use crate::error::Problem;
use crate::kubernetes::{self, Version};
use crate::object::Object;
use crate::references::{self, External, Scope};
use crate::source::Sources;
use crate::verdict::Checked;
use crate::yaml::{Part, decode, parts};

/// Checks manifests: what `kubectl apply -f` would be given. `name` is what findings call them.
///
/// The limits of [`read`](crate::yaml::read) hold for each document, of which there may be any number. One that cannot be read is
/// a finding; the others are checked all the same, but not against each other, since what one names may be in the unreadable one.
///
/// # Errors
/// A problem when there are documents, and not one is an object.
pub fn manifests(name: &str, stream: &[u8], version: Version) -> Result<Outcome, Problem> {
    let mut sources = Sources::default();
    let mut findings = Vec::new();
    let mut ids = Vec::new();
    for part in parts(stream) {
        match text(name, part) {
            Ok(text) => ids.push(sources.add_part(name, text, part.first_line)),
            Err(problem) => findings.extend(unreadable(vec![problem])),
        }
    }
    let mut objects = Vec::new();
    for id in ids {
        match Object::read(id, &sources) {
            Ok(read) => objects.extend(read),
            Err(problems) => findings.extend(unreadable(problems)),
        }
    }
    let whole = findings.is_empty();
    if whole && !objects.is_empty() && !objects.iter().any(says_what_it_is) {
        return Err(Problem::new(format!("`{name}` holds no Kubernetes objects"))
            .help("an object has `apiVersion` and `kind`; to check values: `hzgchart validate -f values.yaml`"));
    }
    if whole {
        let external = External::default();
        let scope = Scope { namespace: "default", external: &external };
        findings.extend(references::check(&objects, &sources, &scope));
    }
    for object in &objects {
        findings.extend(kubernetes::check(object, version, &sources));
    }
    let checked = Checked {
        objects: objects.len(),
        unknown: objects.iter().filter(|object| !kubernetes::is_known(object)).count(),
        kube_version: Some(version.to_string()),
        charts: 0,
    };
    Ok(Outcome { findings, checked })
}

fn text(name: &str, part: Part<'_>) -> Result<String, Problem> {
    decode(part.bytes, name).map_err(|mut problem| {
        if let Some(location) = &mut problem.location {
            location.line = location.line.saturating_add(part.first_line - 1);
        }
        problem
    })
}

fn says_what_it_is(object: &Object) -> bool {
    object.get(&["apiVersion"]).is_some() || object.get(&["kind"]).is_some()
}
