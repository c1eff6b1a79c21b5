//! `hzgchart diff`: what would change between two states of a release.

use std::io::{self, Write};
use std::path::Path;

use super::check;
use super::{gather, inputs, keep, print};
use crate::cli::{DiffArgs, DiffFormat};
use crate::diff;
use crate::diff::side::{Side, is_manifests};
use crate::error::{Error, Problem};
use crate::inspect;
use crate::load::Layer;
use crate::templates;

pub(super) fn run(args: &DiffArgs, out: &mut dyn Write) -> Result<u8, Error> {
    let from_stdin = |path: &Path| path.as_os_str() == "-";
    let stdin = [&args.old, &args.new]
        .into_iter()
        .chain(&args.values.files)
        .filter(|path| from_stdin(path));
    if stdin.count() > 1 {
        let problem = Problem::new("`-` is given twice: standard input can be read once");
        return Err(problem.help("write one of them to a file first").into());
    }
    let mut problems = args.release.release().check();
    let old = gather(side(args, &args.old), &mut problems)?;
    let new = gather(side(args, &args.new), &mut problems)?;
    let (Some(old), Some(new)) = (old, new) else { return Err(Error::Invalid(problems)) };
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let (old, new): (&Side, &Side) = (keep(old), keep(new));
    if old.values.is_none() && new.values.is_none() && !args.values.is_empty() {
        let problem = Problem::new(
            "neither side takes values: both are manifests, which are rendered already",
        );
        return Err(problem.help("leave out `--preset`, `--values` and the `--set` family").into());
    }

    let diff = diff::compare(old, new);
    let code = u8::from(args.exit_code && !diff.objects.is_empty());
    let style = check::style(&io::stdout());
    let text = match args.format {
        DiffFormat::Text => diff::text(&diff, style),
        DiffFormat::Json => diff::json(&diff, code),
        DiffFormat::Unified => diff::unified(&diff, style),
    };
    print(out, &text)?;
    Ok(code)
}

/// Reads a side, whichever it is: a chart's folder or archive, manifests, or values.
fn side(args: &DiffArgs, path: &Path) -> Result<Side, Error> {
    let name = inputs::name(path);
    if path.is_dir() {
        return chart(args, path, &name);
    }
    let bytes = inputs::read(path)?;
    if bytes.starts_with(b"\x1f\x8b")
        || bytes.starts_with(b"PK\x03\x04")
        || bytes.starts_with(b"PK\x05\x06")
    {
        if path.as_os_str() == "-" {
            let problem = Problem::new("`<stdin>` is an archive; a chart is read from a file");
            return Err(problem.help("write it to a file first").into());
        }
        return chart(args, path, &name);
    }
    if is_manifests(&bytes) {
        return Side::of_manifests(&name, &args.release.namespace, &bytes).map_err(Error::Invalid);
    }
    if path.as_os_str() == "-" && bytes.iter().all(u8::is_ascii_whitespace) {
        let problem = Problem::new(
            "`<stdin>` is empty: what should have written values or manifests has failed",
        );
        return Err(problem.into());
    }
    values(args, &name, bytes)
}

/// The side that a packaged chart makes, if its templates are ours.
fn chart(args: &DiffArgs, path: &Path, name: &str) -> Result<Side, Error> {
    let separator = if path.is_dir() { '/' } else { ':' };
    let bytes = inspect::values_of_ours(path)?;
    values(args, &format!("{}{separator}values.yaml", name.trim_end_matches('/')), bytes)
}

/// The side that values make, laid over presets and `-f` files, below the `--set` family.
fn values(args: &DiffArgs, name: &str, bytes: Vec<u8>) -> Result<Side, Error> {
    let loaded = inputs::load_with(&args.values, Some(Layer::File(name.to_owned(), bytes)))?;
    let release = args.release.release();
    if !release.check().is_empty() {
        // Told once, for both sides.
        return Err(Error::Invalid(Vec::new()));
    }
    let named = |problem: Problem| match problem.location {
        Some(_) => problem,
        None => Problem { path: format!("{name}: {}", problem.path), ..problem },
    };
    let rendered = templates::render(&loaded.tree, &release).map_err(|error| match error {
        Error::Invalid(problems) => Error::Invalid(problems.into_iter().map(named).collect()),
        other => other,
    })?;
    Side::of_values(name, &release.namespace, loaded, rendered).map_err(Error::Invalid)
}
