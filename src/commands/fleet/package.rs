//! `hzgchart fleet package`: the chart of every entry.

use std::io::Write;
use std::path::Path;

use super::chart::{Identity, identity};
use super::crew::{Crew, Made};
use super::end::end;
use super::{chosen, read};
use crate::archive::{self, DEFAULT_MTIME};
use crate::chart::Chart;
use crate::cli::{ChartFormat, FleetPackageArgs};
use crate::commands::package::{epoch, sample};
use crate::commands::print;
use crate::commands::sign::{self, Signed, Signing};
use crate::error::Error;
use crate::output::{FolderLock, update_files};
use crate::package;
use crate::product::{self, FleetPackaged, Packaged};
use crate::validate::Outcome;

pub(super) fn run(
    args: &FleetPackageArgs,
    out: &mut dyn Write,
    talk: &mut dyn Write,
) -> Result<u8, Error> {
    sign::prepare(&args.sign, ChartFormat::Tgz, &[])?;
    let (fleet, disk) = read(&args.entries.file)?;
    let entries = chosen(&args.entries, &fleet)?;
    let crew = Crew::new(&fleet, &disk, &args.entries, &args.checks, !args.no_validate)?;
    let epoch = epoch()?;
    let mtime = epoch.unwrap_or(DEFAULT_MTIME);
    let ring = sign::keyring(&args.sign)?;
    let open = |ring| Signing::open(&args.sign, ring, epoch, talk);
    let signing = ring.as_ref().map(open).transpose()?;
    let signing = signing.as_ref();
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
            let destination = args.destination.as_path();
            let keep = move || {
                let (written, packaged) =
                    keep(&chart, &version.app_version, destination, mtime, signing)?;
                Ok(FleetPackaged { entry: name.to_string(), written, packaged })
            };
            Ok(Made { outcome: outcome.without_notes(), warnings, keep })
        },
        |_, packaged| {
            unchanged += usize::from(!packaged.written);
            let text = match args.output_json {
                true => product::line(&packaged),
                false => sums(&packaged.packaged),
            };
            print(out, &text)
        },
    );
    end(done, unchanged, talk)
}

/// Writes a chart, and its provenance file if it is to be signed, unless both are there already. Whether anything was written.
fn keep(
    chart: &Chart,
    app_version: &str,
    destination: &Path,
    mtime: u64,
    signing: Option<&Signing<'_>>,
) -> Result<(bool, Packaged), Error> {
    let bytes = archive::tgz::pack(chart, mtime);
    let sha256 = archive::sha256_hex(&bytes);
    let path = destination.join(chart.file_name("tgz"));
    let signed = signing.map(|signing| signing.found_or_made(chart, &path, &bytes)).transpose()?;
    let mut files: Vec<(&Path, &[u8])> = vec![(&path, &bytes)];
    if let Some(signed) = &signed {
        // Whoever sees the archive finds its provenance there.
        files.insert(0, (&signed.path, signed.text.as_bytes()));
    }
    let written = update_files(&files)?;
    let size = bytes.len();
    let packaged = Packaged::new(&path, ChartFormat::Tgz, chart, app_version, size, &sha256);
    Ok((written, Packaged { provenance: signed.as_ref().map(Signed::product), ..packaged }))
}

/// The files of a chart as `sha256sum` prints them, and checks them.
fn sums(Packaged { sha256, path, provenance, .. }: &Packaged) -> String {
    let provenance = provenance.iter().map(|file| (&file.sha256, &file.path));
    let files = [(sha256, path)].into_iter().chain(provenance);
    files.map(|(sha256, path)| format!("{sha256}  {path}\n")).collect()
}
