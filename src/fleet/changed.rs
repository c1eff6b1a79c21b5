//! `--changed-since`: the entries whose input is not what it was.

use std::collections::HashMap;
use std::path::Path;

use super::files::Files;
use super::resolve::{Resolved, Step};
use super::{Entry, Fleet, tenants};
use crate::error::Error;
use crate::waivers::Waiver;

/// Files as they were.
pub trait Past: Files {
    /// Whether a file is not now what it was. One that was not there differs, unless it is not there now either.
    fn differs(&self, path: &str) -> bool;
}

/// Those of a fleet's entries whose files, or whose part of the fleet file called `name`, differ from the past.
///
/// What hzgchart itself makes of the same input is not looked at.
///
/// # Errors
/// [`Error::Io`] when the past cannot be read. A fleet file that was wrong then has no entries to compare with.
pub fn changed<'f>(
    fleet: &'f Fleet,
    name: &str,
    entries: Vec<&'f Entry>,
    past: &dyn Past,
) -> Result<Vec<&'f Entry>, Error> {
    if past.differs(&waivers_beside(name)) {
        return Ok(entries);
    }
    // A tenant whose file is gone may still be in the fleet file.
    let is_rewritten = past.differs(name) || has_other_tenants(fleet, past)?;
    let before = if is_rewritten { read(name, past)? } else { None };
    let known: HashMap<&str, &Entry> =
        before.iter().flat_map(|fleet| &fleet.entries).map(|entry| (&*entry.name, entry)).collect();
    let is_changed = |entry: &&Entry| {
        let Ok(now) = fleet.resolve(entry) else { return true };
        if is_rewritten {
            let then = known.get(&*entry.name).copied().zip(before.as_ref());
            let is_same = then.is_some_and(|(then, before)| {
                before.resolve(then).is_ok_and(|resolved| {
                    then.coordinates() == entry.coordinates() && is_same(&now, &resolved)
                })
            });
            if !is_same {
                return true;
            }
        }
        let files =
            now.files().chain(Some(now.chart_file.as_str()).filter(|path| !path.is_empty()));
        files.into_iter().any(|path| past.differs(path) || past.differs(&waivers_beside(path)))
    };
    Ok(entries.into_iter().filter(is_changed).collect())
}

/// Whether other tenants had a file.
fn has_other_tenants(fleet: &Fleet, past: &dyn Past) -> Result<bool, Error> {
    match fleet.file.tenant_files.as_str() {
        "" => Ok(false),
        folder => match tenants(folder, past) {
            Ok(tenants) => Ok(tenants != fleet.tenant_files),
            Err(Error::Invalid(_)) => Ok(true),
            Err(other) => Err(other),
        },
    }
}

/// The fleet as it was, if it was one.
fn read(name: &str, past: &dyn Past) -> Result<Option<Fleet>, Error> {
    if !past.has(name) {
        return Ok(None);
    }
    match Fleet::read(name, past) {
        Ok(fleet) => Ok(Some(fleet)),
        Err(Error::Invalid(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

fn waivers_beside(path: &str) -> String {
    Waiver::file_beside(Path::new(path)).to_string_lossy().into_owned()
}

/// Whether the fleet file says the same of an entry, whose names are the same, too.
fn is_same(a: &Resolved<'_>, b: &Resolved<'_>) -> bool {
    let texts = |resolved: &Resolved<'_>| {
        [
            &resolved.release.name,
            &resolved.release.namespace,
            &resolved.chart,
            &resolved.chart_file,
            &resolved.version,
            &resolved.app_version,
            &resolved.cluster,
        ]
        .map(Clone::clone)
    };
    let steps = |resolved: &Resolved<'_>| -> Vec<String> {
        let steps = resolved.common.iter().chain(&resolved.own);
        steps
            .map(|step| match step {
                Step::File(path, _) => format!("file {path}"),
                Step::Values(node) => format!("values {}", node.to_json()),
            })
            .collect()
    };
    texts(a) == texts(b) && a.presets == b.presets && steps(a) == steps(b)
}
