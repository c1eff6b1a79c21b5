//! What all verbs do with every entry: load its values, check them, and make something of them that is kept if they pass.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::disk::Disk;
use super::progress::Progress;
use crate::cli::{CheckArgs, EntriesArgs};
use crate::commands::check::allowed;
use crate::error::{Error, Problem};
use crate::fleet::{
    Claim, Conflicts, Entry, Files, Fleet, Judged, Loader, Resolved, Summary, claims, in_order,
};
use crate::kubernetes::Version;
use crate::load::Loaded;
use crate::source::Sources;
use crate::validate::{Outcome, invalid};
use crate::waivers::Waiver;
use crate::yaml::decode;

/// Those who work on a fleet.
pub(super) struct Crew<'f> {
    fleet: &'f Fleet,
    files: &'f Disk,
    loader: Loader<'f>,
    /// The Kubernetes version to check for.
    pub version: Version,
    /// What is waived for every entry.
    waivers: Vec<Waiver>,
    /// Whether entries are compared with each other.
    compares: bool,
    threads: usize,
}

/// What came of an entry.
pub(super) struct Made<K> {
    /// What was found of it.
    pub outcome: Outcome,
    /// What there is to say of it that breaks no rule.
    pub warnings: Vec<String>,
    /// Keeps it; only called when no error was found.
    pub keep: K,
}

/// What came of a run.
pub(super) struct Done {
    /// What was found.
    pub summary: Summary,
    /// What there is to say that breaks no rule, and the entries that it is said of.
    pub warnings: BTreeMap<String, Vec<Arc<str>>>,
    /// How many entries passed and were kept.
    pub kept: usize,
    /// How many did not.
    pub failed: usize,
    /// Whether it was about all entries of the fleet.
    pub is_whole: bool,
    /// Why the run ended early.
    pub stopped: Option<Error>,
}

impl<'f> Crew<'f> {
    /// A crew for the entries of a fleet, which are compared with each other if `compares`.
    ///
    /// # Errors
    /// For rules that there are not, and for waivers beside the fleet file that are none.
    pub(super) fn new(
        fleet: &'f Fleet,
        files: &'f Disk,
        entries: &EntriesArgs,
        checks: &CheckArgs,
        compares: bool,
    ) -> Result<Self, Error> {
        let mut waivers = allowed(&checks.allow)?;
        if let Some(name) = entries.file.file_name() {
            let beside = Waiver::file_beside(Path::new(name));
            waivers.extend(read_waivers(&beside, files)?);
        }
        let (loader, threads) = (Loader::new(fleet, files), entries.threads());
        let version = checks.kube_version;
        Ok(Self { fleet, files, loader, version, waivers, compares, threads })
    }

    /// Works through entries, which are in the fleet's order, on every core; `told` gets what was kept of each that passes.
    pub(super) fn run<T: Send, K: FnOnce() -> Result<T, Error>>(
        &self,
        entries: &[&Entry],
        make: impl Fn(&Entry, &Resolved<'_>, &Loaded) -> Result<Made<K>, Error> + Sync,
        mut told: impl FnMut(&Entry, T) -> Result<(), Error>,
    ) -> Done {
        let mut done = Done {
            summary: Summary::default(),
            warnings: BTreeMap::new(),
            kept: 0,
            failed: 0,
            is_whole: entries.len() == self.fleet.entries.len(),
            stopped: None,
        };
        let (places, others) = self.places(entries);
        let mut conflicts = self.claimed(&others);
        let progress = Progress::new(entries.len());
        let work = |index: usize| self.work(entries[index], &make);
        in_order(entries.len(), self.threads, work, |index, worked| {
            let entry = entries[index];
            let Worked { mut judged, warnings, claims, kept } = worked;
            judged.join(conflicts.add(&self.fleet.entries, places[index], claims));
            done.summary.add(&entry.name, judged);
            for warning in warnings {
                done.warnings.entry(warning).or_default().push(entry.name.clone());
            }
            let told = match kept {
                None => {
                    done.failed += 1;
                    Ok(())
                }
                Some(kept) => kept.and_then(|kept| {
                    done.kept += 1;
                    progress.aside(|| told(entry, kept))
                }),
            };
            progress.step(&entry.name);
            done.stopped = told.err();
            done.stopped.is_none()
        });
        done
    }

    /// The places of entries in the fleet, and those of all others.
    fn places(&self, entries: &[&Entry]) -> (Vec<usize>, Vec<usize>) {
        let mut left = entries.iter().peekable();
        let all = &self.fleet.entries;
        (0..all.len()).partition(|place| {
            left.next_if(|next| std::ptr::eq(**next, &raw const all[*place])).is_some()
        })
    }

    /// What entries claim that the run is not about. What is wrong with them is for other runs to tell.
    fn claimed(&self, places: &[usize]) -> Conflicts {
        let mut conflicts = Conflicts::default();
        if self.compares {
            let all = &self.fleet.entries;
            let work = |index: usize| self.claims(&all[places[index]]);
            in_order(places.len(), self.threads, work, |index, claims| {
                conflicts.add(all, places[index], claims);
                true
            });
        }
        conflicts
    }

    fn claims(&self, entry: &Entry) -> Vec<Claim> {
        let Ok(resolved) = self.fleet.resolve(entry) else { return Vec::new() };
        match self.loader.load(entry, &resolved) {
            Ok(loaded) => claims(&loaded, &resolved.cluster, &resolved.release.namespace),
            Err(_) => Vec::new(),
        }
    }

    fn work<T, K: FnOnce() -> Result<T, Error>>(
        &self,
        entry: &Entry,
        make: impl Fn(&Entry, &Resolved<'_>, &Loaded) -> Result<Made<K>, Error>,
    ) -> Worked<T> {
        let mut waivers = self.waivers.clone();
        let made = self.fleet.resolve(entry).map_err(Error::Invalid).and_then(|resolved| {
            for file in resolved.files() {
                waivers.extend(read_waivers(&Waiver::file_beside(Path::new(file)), self.files)?);
            }
            let problems = resolved.check();
            if !problems.is_empty() {
                return Err(Error::Invalid(problems));
            }
            let loaded = self.loader.load(entry, &resolved)?;
            let made = make(entry, &resolved, &loaded)?;
            let claims = match self.compares {
                true => claims(&loaded, &resolved.cluster, &resolved.release.namespace),
                false => Vec::new(),
            };
            Ok((made, claims))
        });
        match made {
            Ok((Made { outcome, warnings, keep }, claims)) => {
                let judged = Judged::new(outcome, waivers);
                let kept = (!judged.fails()).then(keep);
                Worked { judged, warnings, claims, kept }
            }
            Err(error) => {
                let problems = match error {
                    Error::Invalid(problems) | Error::Unread(problems) => problems,
                    other => vec![Problem::new(other.to_string())],
                };
                let findings = invalid(problems).collect();
                let outcome = Outcome { findings, ..Outcome::default() };
                let judged = Judged::new(outcome, waivers);
                Worked { judged, warnings: Vec::new(), claims: Vec::new(), kept: None }
            }
        }
    }
}

/// What came of an entry, and whether it could be kept.
struct Worked<T> {
    judged: Judged,
    warnings: Vec<String>,
    claims: Vec<Claim>,
    kept: Option<Result<T, Error>>,
}

/// The waivers in a file, if there is that file.
fn read_waivers(path: &Path, files: &Disk) -> Result<Vec<Waiver>, Error> {
    let Some(path) = path.to_str().filter(|path| files.has(path)) else { return Ok(Vec::new()) };
    let name = files.shown(path);
    let text = decode(&files.read(path)?, &name)?;
    let mut sources = Sources::default();
    let id = sources.add(name, text);
    Waiver::read(id, &sources).map_err(Error::Invalid)
}
