//! `hzgchart fleet render`: the manifests of every entry.

use std::io::Write;

use super::crew::{Crew, Made};
use super::end::end;
use super::{chosen, read};
use crate::cli::FleetRenderArgs;
use crate::commands::print;
use crate::commands::render::yaml;
use crate::deployment::Purpose;
use crate::error::{Error, Problem};
use crate::manifest;
use crate::output::{FolderLock, update_files};
use crate::templates;
use crate::validate::{self, Outcome};

/// The file of an entry's folder.
const FILE: &str = "manifests.yaml";

pub(super) fn run(
    args: &FleetRenderArgs,
    out: &mut dyn Write,
    talk: &mut dyn Write,
) -> Result<u8, Error> {
    let (fleet, disk) = read(&args.entries.file)?;
    let entries = chosen(&args.entries, &fleet)?;
    let crew = Crew::new(&fleet, &disk, &args.entries, &args.checks, !args.no_validate)?;
    let folder = args.output_dir.as_deref();
    if folder.is_none() && entries.len() > 1 {
        let problem = Problem::new(format!(
            "the manifests of {} entries would run into one another",
            entries.len()
        ));
        return Err(problem
            .help("choose a folder with `-o DIR`, or one entry with `--only NAME`")
            .into());
    }
    let lock = folder.map(FolderLock::take).transpose()?;
    let mut unchanged = 0;
    let done = crew.run(
        &entries,
        |entry, resolved, loaded| {
            let rendered = templates::render(&loaded.tree, &resolved.release)?;
            let outcome = match args.no_validate {
                true => Outcome::default(),
                false => {
                    let purpose = Purpose::Install;
                    validate::release(loaded, &resolved.release, &rendered, crew.version, purpose)
                }
            };
            let text = yaml(&manifest::collect(&rendered)?);
            let path = folder.map(|folder| folder.join(&*entry.name).join(FILE));
            let lock = lock.as_ref();
            let keep = move || match path {
                None => Ok((text, true)),
                Some(path) => {
                    if let (Some(lock), Some(folder)) = (lock, path.parent()) {
                        lock.sweep(folder);
                    }
                    let written = update_files(&[(&path, text.as_bytes())])?;
                    Ok((format!("{}\n", path.display()), written))
                }
            };
            Ok(Made { outcome: outcome.without_notes(), warnings: Vec::new(), keep })
        },
        |_, (text, written)| {
            unchanged += usize::from(!written);
            print(out, &text)
        },
    );
    end(done, unchanged, talk)
}
