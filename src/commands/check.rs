//! What `validate`, `render` and `package` share: how strictly to check, and what to say of it.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use super::inputs;
use crate::cli::CheckArgs;
use crate::error::{Error, Problem};
use crate::finding::Severity;
use crate::kubernetes::Version;
use crate::report::{Style, finding_text};
use crate::source::Sources;
use crate::validate::Outcome;
use crate::verdict::Verdict;
use crate::waivers::Waiver;
use crate::yaml::{MAX_BYTES, decode};

/// How to check.
pub(super) struct Checks {
    /// The Kubernetes version to check for.
    pub version: Version,
    /// What is set aside.
    pub waivers: Vec<Waiver>,
}

impl Checks {
    /// Reads what the arguments say, and the waivers beside values files.
    ///
    /// # Errors
    /// [`Error::Invalid`] for rules and versions that there are not, and for waivers that are none; [`Error::Io`] for a file of
    /// waivers that cannot be read.
    pub(super) fn read(args: &CheckArgs, values: &[PathBuf]) -> Result<Self, Error> {
        let mut problems: Vec<Problem> = Vec::new();
        let mut waivers = Vec::new();
        for rule in &args.allow {
            match Waiver::allow(rule) {
                Ok(waiver) => waivers.push(waiver),
                Err(problem) => problems.push(problem.path("--allow")),
            }
        }
        let files = values.iter().filter(|path| path.as_os_str() != "-");
        for path in files.map(|values| Waiver::file_beside(values)).filter(|path| path.is_file()) {
            let name = inputs::name(&path);
            let text = decode(&inputs::read_up_to(&path, MAX_BYTES)?, &name)?;
            let mut sources = Sources::default();
            let id = sources.add(name, text);
            match Waiver::read(id, &sources) {
                Ok(read) => waivers.extend(read),
                Err(found) => problems.extend(found),
            }
        }
        if problems.is_empty() {
            Ok(Self { version: args.kube_version, waivers })
        } else {
            Err(Error::Invalid(problems))
        }
    }

    /// Tells what was found of something that is to be written. Whether it may be written: nothing found is an error.
    pub(super) fn pass(&self, outcome: Outcome, talk: &mut dyn Write) -> bool {
        let stopped = "nothing is written; `--no-validate` writes it all the same";
        pass(outcome, &self.waivers, stopped, talk)
    }
}

/// Tells what was found, and, when something is an error that no waiver sets aside, that the work is `stopped`. Whether it goes on.
pub(super) fn pass(
    outcome: Outcome,
    waivers: &[Waiver],
    stopped: &str,
    talk: &mut dyn Write,
) -> bool {
    let Outcome { mut findings, checked } = outcome;
    findings.retain(|finding| finding.severity() != Severity::Note);
    if findings.is_empty() && waivers.is_empty() {
        return true;
    }
    let verdict = Verdict::new(findings, checked, waivers);
    let style = style(&io::stderr());
    let mut text = String::new();
    for finding in &verdict.findings {
        text.push_str(&finding_text(finding, style));
        text.push_str("\n\n");
    }
    let passes = verdict.count(Severity::Error) == 0;
    if !passes {
        text.push_str(&format!("{stopped}\n"));
    }
    // Talk that cannot be heard is no reason to stop.
    let _ = talk.write_all(text.as_bytes());
    passes
}

/// The rules that `--allow` names, to be set aside.
///
/// # Errors
/// The names that are no rule's.
pub(super) fn allowed(rules: &[String]) -> Result<Vec<Waiver>, Error> {
    let (waivers, problems): (Vec<_>, Vec<_>) =
        rules.iter().map(|rule| Waiver::allow(rule)).partition(Result::is_ok);
    let problems: Vec<Problem> =
        problems.into_iter().filter_map(Result::err).map(|p| p.path("--allow")).collect();
    match problems.is_empty() {
        true => Ok(waivers.into_iter().filter_map(Result::ok).collect()),
        false => Err(Error::Invalid(problems)),
    }
}

/// How a stream shows text. `NO_COLOR`: <https://no-color.org>.
pub(super) fn style(stream: &impl IsTerminal) -> Style {
    if !stream.is_terminal() {
        return Style::default();
    }
    let width =
        terminal_size::terminal_size().map_or(Style::default().width, |(width, _)| width.0.into());
    let no_colour = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
    Style { colour: !no_colour && !dumb, width }
}
