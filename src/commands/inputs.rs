//! What commands read: files and standard input, as layers of values.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::keep;
use crate::cli::ValuesArgs;
use crate::error::{Error, Problem};
use crate::load::{self, Layer, Loaded};
use crate::set::Flag;
use crate::yaml::{MAX_BYTES, decode};

/// Reads everything that the arguments name, in Helm's precedence, and loads it.
///
/// # Errors
/// [`Error::Io`] for a file that cannot be read, [`Error::Unread`] for one of `--set-file`, [`Error::Invalid`] for everything
/// wrong in what was read.
pub(super) fn values(args: &ValuesArgs) -> Result<&'static Loaded, Error> {
    load_with(args, None).map(keep)
}

/// The same with one layer more, between the files and the `--set` family.
///
/// # Errors
/// As [`values`].
pub(super) fn load_with(args: &ValuesArgs, over: Option<Layer>) -> Result<Loaded, Error> {
    let mut layers: Vec<Layer> = args.presets.iter().cloned().map(Layer::Preset).collect();
    let stdin = args.files.iter().filter(|path| path.as_os_str() == "-").count();
    if stdin > 1 {
        return Err(Problem::new("`-f -` is given twice: standard input can be read once").into());
    }
    for path in &args.files {
        layers.push(Layer::File(name(path), read_up_to(path, MAX_BYTES)?));
    }
    layers.extend(over);
    let flags = [
        (Flag::Json, &args.set_json),
        (Flag::Set, &args.set),
        (Flag::String, &args.set_string),
        (Flag::File, &args.set_file),
        (Flag::Literal, &args.set_literal),
    ];
    let set: Vec<_> = flags
        .into_iter()
        .flat_map(|(flag, arguments)| {
            arguments.iter().map(move |argument| (flag, argument.clone()))
        })
        .collect();
    if !set.is_empty() {
        layers.push(Layer::Set(set));
    }
    let mut unread = false;
    let loaded = load::load(&layers, &mut |path| {
        let bytes = file_up_to(Path::new(path), MAX_BYTES).map_err(|error| {
            unread = true;
            Problem::new(format!("cannot read `{path}`: {error}"))
        })?;
        decode(&bytes, path)
    });
    match loaded {
        Ok(loaded) => Ok(loaded),
        Err(Error::Invalid(problems)) if unread => Err(Error::Unread(problems)),
        Err(error) => Err(error),
    }
}

/// A file's bytes, or standard input's for `-`.
///
/// # Errors
/// [`Error::Io`] that names the file.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Error> {
    read_up_to(path, usize::MAX)
}

/// The same, but of what is longer only one byte more than a limit: whoever knows the limit refuses it then.
///
/// # Errors
/// As [`read`].
pub(super) fn read_up_to(path: &Path, limit: usize) -> Result<Vec<u8>, Error> {
    let bytes = match path.as_os_str() == "-" {
        true => up_to(io::stdin().lock(), limit),
        false => file_up_to(path, limit),
    };
    bytes.map_err(|source| Error::Io { action: "read", path: name(path).into(), source })
}

/// A file's bytes, but of a longer one only one more than a limit.
///
/// # Errors
/// Those of the file system.
pub(super) fn file_up_to(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    up_to(File::open(path)?, limit)
}

fn up_to(reader: impl Read, limit: usize) -> io::Result<Vec<u8>> {
    // Most are read at once into as much, and not by ever larger pieces.
    let mut bytes = Vec::with_capacity(4096);
    reader.take((limit as u64).saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What messages call a file.
pub(super) fn name(path: &Path) -> String {
    if path.as_os_str() == "-" { "<stdin>".to_owned() } else { path.display().to_string() }
}
