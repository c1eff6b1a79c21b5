//! `hzgchart validate`: one verdict on values, packaged charts or manifests.

use std::io::{self, Write};
use std::path::Path;

use super::check::{self, Checks};
use super::{gather, inputs, print};
use crate::cli::ValidateArgs;
use crate::deployment::Purpose;
use crate::error::Error;
use crate::inspect;
use crate::output;
use crate::report::{self, Format, Setting, Target};
use crate::templates;
use crate::validate::{self, Outcome};
use crate::verdict::Verdict;

pub(super) fn run(args: &ValidateArgs, out: &mut dyn Write) -> Result<u8, Error> {
    report::check_targets(&args.format)?;
    let checks = Checks::read(&args.checks, &args.values.files)?;
    let mut outcome = Outcome::default();
    if args.targets.is_empty() {
        outcome = values(args, &checks)?;
    }
    let mut problems = Vec::new();
    for target in &args.targets {
        if let Some(found) = gather(target_outcome(target, &checks), &mut problems)? {
            outcome.join(found);
        }
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let Outcome { findings, checked } = outcome;
    let verdict = Verdict::new(findings, checked, &checks.waivers);

    let subject = args.targets.iter().chain(&args.values.files).find(|path| path.is_file());
    let setting = Setting {
        style: check::style(&io::stdout()),
        strict: args.strict,
        subject: subject.map(|path| inputs::name(path)),
    };
    report(&verdict, &args.format, setting, out)?;
    Ok(verdict.exit_code(args.strict))
}

/// Writes a verdict wherever it is to go; as text to standard output, unless something else is asked for.
pub(super) fn report(
    verdict: &Verdict,
    targets: &[Target],
    mut setting: Setting,
    out: &mut dyn Write,
) -> Result<(), Error> {
    let to_stdout = [Target { format: Format::Text, file: None }];
    let targets = if targets.is_empty() { &to_stdout } else { targets };
    for Target { format, file } in targets {
        match file {
            None => print(out, &report::write(verdict, *format, &setting))?,
            Some(path) => {
                let style = std::mem::take(&mut setting.style);
                output::write_file(path, report::write(verdict, *format, &setting).as_bytes())?;
                setting.style = style;
            }
        }
    }
    Ok(())
}

/// Checks the release that the values describe.
fn values(args: &ValidateArgs, checks: &Checks) -> Result<Outcome, Error> {
    let release = args.release.release();
    let mut problems = release.check();
    let loaded = gather(inputs::values(&args.values), &mut problems)?;
    let Some(loaded) = loaded.filter(|_| problems.is_empty()) else {
        return Ok(Outcome {
            findings: validate::invalid(problems).collect(),
            ..Outcome::default()
        });
    };
    match templates::render(&loaded.tree, &release) {
        Ok(rendered) => {
            Ok(validate::release(loaded, &release, &rendered, checks.version, Purpose::Install))
        }
        Err(Error::Invalid(open)) => Ok(Outcome {
            findings: validate::open(open, Purpose::Install).collect(),
            ..Outcome::default()
        }),
        Err(error) => Err(error),
    }
}

/// Checks a packaged chart, or manifests in a file or on standard input.
fn target_outcome(path: &Path, checks: &Checks) -> Result<Outcome, Error> {
    if path.as_os_str() != "-" && !is_manifests(path) {
        let inspected = inspect::inspect(path)?;
        let mut outcome = Outcome { findings: inspected.findings, ..Outcome::default() };
        outcome.checked.charts = 1;
        return Ok(outcome);
    }
    Ok(validate::manifests(&inputs::name(path), &inputs::read(path)?, checks.version)?)
}

/// Whether a file holds manifests, by its name: charts are folders, `.tgz` and `.zip`.
fn is_manifests(path: &Path) -> bool {
    let is = |extension: &str| path.extension().is_some_and(|found| found == extension);
    (is("yaml") || is("yml") || is("json")) && !path.is_dir()
}
