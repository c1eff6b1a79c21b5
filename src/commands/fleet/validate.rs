//! `hzgchart fleet validate`: one verdict on all entries.

use std::io::{self, Write};

use super::chart::identity;
use super::crew::{Crew, Made};
use super::{chosen, read};
use crate::cli::FleetValidateArgs;
use crate::commands::check;
use crate::commands::validate::report;
use crate::deployment::Purpose;
use crate::error::Error;
use crate::report::{Setting, check_targets};
use crate::templates;
use crate::validate::{self, Outcome};

pub(super) fn run(args: &FleetValidateArgs, out: &mut dyn Write) -> Result<u8, Error> {
    check_targets(&args.format)?;
    let (fleet, disk) = read(&args.entries.file)?;
    let entries = chosen(&args.entries, &fleet)?;
    let crew = Crew::new(&fleet, &disk, &args.entries, &args.checks, true)?;
    let done = crew.run(
        &entries,
        |_, resolved, loaded| {
            // A chart is made of every entry that passes.
            identity(resolved, loaded, &disk)?;
            let release = &resolved.release;
            let outcome = match templates::render(&loaded.tree, release) {
                Ok(rendered) => {
                    validate::release(loaded, release, &rendered, crew.version, Purpose::Install)
                }
                Err(Error::Invalid(open)) => {
                    let findings = validate::open(open, Purpose::Install).collect();
                    Outcome { findings, ..Outcome::default() }
                }
                Err(error) => return Err(error),
            };
            Ok(Made { outcome, warnings: Vec::new(), keep: || Ok(()) })
        },
        |_, ()| Ok(()),
    );
    if let Some(error) = done.stopped {
        return Err(error);
    }
    let verdict = done.summary.verdict(done.is_whole);
    let setting = Setting {
        style: check::style(&io::stdout()),
        strict: args.strict,
        subject: Some(args.entries.file.display().to_string()),
    };
    report(&verdict, &args.format, setting, out)?;
    Ok(verdict.exit_code(args.strict))
}
