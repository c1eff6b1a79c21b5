//! `hzgchart fleet package`: the chart of every entry.

use std::io::Write;

use super::chart::{Identity, identity};
use super::crew::{Crew, Made};
use super::end::end;
use super::{chosen, read};
use crate::archive;
use crate::cli::{ChartFormat, FleetPackageArgs};
use crate::commands::package::{mtime, sample};
use crate::commands::print;
use crate::error::Error;
use crate::fleet::claims;
use crate::output::{FolderLock, update_file};
use crate::package;
use crate::product::{self, FleetPackaged, Packaged};
use crate::validate::Outcome;

pub(super) fn run(
    args: &FleetPackageArgs,
    out: &mut dyn Write,
    talk: &mut dyn Write,
) -> Result<u8, Error> {
    let (fleet, disk) = read(&args.entries.file)?;
    let entries = chosen(&args.entries, &fleet)?;
    let crew = Crew::new(&fleet, &disk, &args.entries, &args.checks)?;
    let mtime = mtime()?;
    let _lock = FolderLock::take(&args.destination)?;
    let mut unchanged = 0;
    let done = crew.run(
        &entries,
        |entry, resolved, loaded| {
            let Identity { metadata, version, warnings } = identity(resolved, loaded, &disk)?;
            let chart = package::assemble(loaded, &metadata, &version)?;
            let outcome = match args.no_validate {
                true => Outcome::default(),
                false => sample(loaded, &chart, &resolved.release, crew.version),
            };
            let name = entry.name.clone();
            let keep = move || {
                let bytes = archive::tgz::pack(&chart, mtime);
                let sha256 = archive::sha256_hex(&bytes);
                let path = args.destination.join(chart.file_name("tgz"));
                let written = update_file(&path, &bytes)?;
                let (format, app_version) = (ChartFormat::Tgz, &version.app_version);
                let packaged =
                    Packaged::new(&path, format, &chart, app_version, bytes.len(), &sha256);
                Ok(FleetPackaged { entry: name.to_string(), written, packaged })
            };
            let claims =
                if args.no_validate { Vec::new() } else { claims(loaded, &resolved.cluster) };
            Ok(Made { outcome: outcome.without_notes(), warnings, claims, keep })
        },
        |_, packaged| {
            unchanged += usize::from(!packaged.written);
            let text = match args.output_json {
                true => product::line(&packaged),
                // As `sha256sum` prints it, and checks it.
                false => format!("{}  {}\n", packaged.packaged.sha256, packaged.packaged.path),
            };
            print(out, &text)
        },
    );
    end(done, unchanged, talk)
}
