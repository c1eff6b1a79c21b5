//! `hzgchart fleet`: the verbs, for many installations at once.

mod chart;
mod crew;
mod diff;
mod disk;
mod end;
mod git;
mod gitops;
mod list;
mod package;
mod progress;
mod render;
mod tree;
mod validate;

use std::io::Write;
use std::path::Path;

use self::disk::Disk;
use self::git::Revision;
use crate::cli::{EntriesArgs, FleetArgs, FleetVerb};
use crate::error::{Error, Problem};
use crate::fleet::{Entry, Fleet, changed, select, share};

pub(super) fn run(
    args: &FleetArgs,
    out: &mut dyn Write,
    talk: &mut dyn Write,
) -> Result<u8, Error> {
    match &args.verb {
        FleetVerb::List(args) => list::run(args, out).map(|()| 0),
        FleetVerb::Render(args) => render::run(args, out, talk),
        FleetVerb::Validate(args) => validate::run(args, out),
        FleetVerb::Package(args) => package::run(args, out, talk),
        FleetVerb::Diff(args) => diff::run(args, out),
        FleetVerb::Argocd(args) => gitops::argocd(args, out, talk),
        FleetVerb::Flux(args) => gitops::flux(args, out, talk),
    }
}

/// Reads a fleet and the folder that it lies in.
fn read(file: &Path) -> Result<(Fleet, Disk), Error> {
    let disk = Disk::of(file);
    let fleet = Fleet::read(name(file)?, &disk)?;
    Ok((fleet, disk))
}

/// A fleet file's name in its folder.
fn name(file: &Path) -> Result<&str, Error> {
    let name = file.file_name().and_then(|name| name.to_str());
    name.ok_or_else(|| Problem::new(format!("`{}` is no fleet file", file.display())).into())
}

/// The entries that a run is about, in the fleet's order.
fn chosen<'f>(args: &EntriesArgs, fleet: &'f Fleet) -> Result<Vec<&'f Entry>, Error> {
    let mut chosen = select(fleet.entries.iter(), &args.only).map_err(Error::Invalid)?;
    if let Some(revision) = &args.changed_since {
        let revision = Revision::open(&args.file, revision)?;
        chosen = changed(fleet, name(&args.file)?, chosen, &revision)?;
    }
    Ok(share(chosen, args.shard))
}
