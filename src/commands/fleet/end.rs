//! How a run that writes ends: with what was found, once for all entries, and a line that counts.

use std::io::{self, Write};

use super::crew::Done;
use crate::commands::check;
use crate::error::Error;
use crate::finding::{Severity, some_of};
use crate::report::{count, finding_text};

/// Tells what came of a run, and gives its exit code.
///
/// # Errors
/// What ended it early.
pub(super) fn end(done: Done, unchanged: usize, talk: &mut dyn Write) -> Result<u8, Error> {
    let Done { summary, warnings, kept, failed, is_whole, stopped } = done;
    let verdict = summary.verdict(is_whole);
    let style = check::style(&io::stderr());
    let mut text = String::new();
    for (warning, entries) in &warnings {
        let entries = some_of(entries).unwrap_or_default();
        text.push_str(&format!(
            "warning: {warning}
  = {entries}

"
        ));
    }
    for finding in &verdict.findings {
        text.push_str(&finding_text(finding, style));
        text.push_str("\n\n");
    }
    let all = entries(kept + failed);
    let mut parts = vec![format!("{} written", kept - unchanged)];
    if unchanged > 0 {
        parts.push(format!("{unchanged} unchanged"));
    }
    if failed > 0 {
        parts.push(format!("{failed} not written"));
    }
    let (errors, warned) = (verdict.count(Severity::Error), verdict.count(Severity::Warning));
    let found = [(errors, "error"), (warned + warnings.len(), "warning")];
    let found = found.into_iter().filter(|(number, _)| *number > 0);
    let found: Vec<String> = found.map(|(number, thing)| count(number, thing)).collect();
    let found = if found.is_empty() { String::new() } else { format!("; {}", found.join(" and ")) };
    text.push_str(&format!("{all}: {}{found}\n", parts.join(", ")));
    // Talk that cannot be heard is no reason to stop.
    let _ = talk.write_all(text.as_bytes());
    match stopped {
        Some(error) => Err(error),
        None => Ok(verdict.exit_code(false)),
    }
}

/// A number of entries.
pub(super) fn entries(number: usize) -> String {
    if number == 1 { "1 entry".to_owned() } else { format!("{number} entries") }
}
