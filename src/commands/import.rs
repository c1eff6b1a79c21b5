//! `hzgchart import`: typed values out of the vendor's chart.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use super::{inputs, print};
use crate::cli::ImportArgs;
use crate::error::{Error, Problem};
use crate::import::{self, Imported};
use crate::output;
use crate::yaml::MAX_BYTES;

pub(super) fn run(
    args: &ImportArgs,
    out: &mut dyn Write,
    talk: &mut dyn Write,
) -> Result<u8, Error> {
    if let Some(path) = args.output.as_ref().filter(|path| path.exists()) {
        let problem = Problem::new(format!("`{}` exists already", path.display()));
        return Err(problem.help("name another file, or remove it first").into());
    }
    let Imported { text, notes, problems } = read(&args.file)?;
    match &args.output {
        None => print(out, &text)?,
        Some(path) => output::write_file(path, text.as_bytes())?,
    }
    // Talk that cannot be heard is no reason to stop.
    for note in notes {
        let _ = writeln!(talk, "note: {note}");
    }
    for problem in &problems {
        let _ = writeln!(talk, "warning: {problem}");
    }
    match problems.len() {
        0 => return Ok(0),
        1 => _ = writeln!(talk, "1 part needs your hand; the rest was taken over"),
        many => _ = writeln!(talk, "{many} parts need your hand; the rest was taken over"),
    }
    Ok(1)
}

/// Reads a chart or a values file, whichever it is.
fn read(path: &Path) -> Result<Imported, Error> {
    let is_stdin = path.as_os_str() == "-";
    let name = inputs::name(path);
    if !is_stdin && (path.is_dir() || is_archive(path)) {
        return import::chart(path);
    }
    let bytes = if is_stdin {
        inputs::read(path)?
    } else {
        let mut bytes = Vec::new();
        File::open(path)
            .and_then(|file| file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes))
            .map_err(|source| Error::Io { action: "read", path: path.to_owned(), source })?;
        bytes
    };
    if starts_like_an_archive(&bytes) {
        // What has been read of a pipe is gone.
        if is_stdin || !path.is_file() {
            let problem =
                Problem::new(format!("`{name}` is an archive; a chart is read from a file"));
            return Err(problem.help("write it to a file first").into());
        }
        return import::chart(path);
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        let problem = Problem::new(format!("`{name}` is empty"));
        return Err(problem.help("give the vendor's chart or its values.yaml").into());
    }
    import::values(&name, &bytes)
}

/// Whether a file's name says that it is an archive, so that a damaged one is told to be one.
fn is_archive(path: &Path) -> bool {
    let is = |extension: &&str| path.extension().is_some_and(|e| e.eq_ignore_ascii_case(extension));
    path.is_file() && ["tgz", "gz", "zip"].iter().any(is)
}

fn starts_like_an_archive(bytes: &[u8]) -> bool {
    [&b"\x1f\x8b"[..], b"PK\x03\x04", b"PK\x05\x06"].iter().any(|magic| bytes.starts_with(magic))
}
