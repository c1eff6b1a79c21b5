//! `hzgchart index`: the index of a folder of packaged charts.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::{check, gather, inputs, print};
use crate::archive::sha256_hex;
use crate::cli::IndexArgs;
use crate::error::{Error, Problem};
use crate::inspect;
use crate::output;
use crate::repository::{self, Address, Index};
use crate::validate::Outcome;

/// The name that Helm looks for.
const FILE: &str = "index.yaml";

pub(super) fn run(
    args: &IndexArgs,
    out: &mut dyn Write,
    talk: &mut dyn Write,
) -> Result<u8, Error> {
    let mut problems = Vec::new();
    let waivers = gather(check::allowed(&args.allow), &mut problems)?.unwrap_or_default();
    let address = args.url.as_deref().map(Address::parse).transpose().map_err(Error::from);
    let address = gather(address, &mut problems)?.flatten().unwrap_or_default();
    let older = args.merge.as_deref().map(read_index).transpose();
    let older = gather(older, &mut problems)?.flatten();

    let mut index = Index::default();
    let mut outcome = Outcome::default();
    for path in archives(&args.folder)? {
        let Some(archive) = gather(inspect::archive(&args.folder.join(&path)), &mut problems)?
        else {
            continue;
        };
        outcome.checked.charts += 1;
        let is_readable = !archive.text("name").is_empty() && !archive.text("version").is_empty();
        let is_told = !archive.inspected.findings.is_empty();
        outcome.findings.extend(archive.inspected.findings.iter().cloned());
        if is_readable || !is_told {
            let added = path_in_index(&path).and_then(|path| index.add(&archive, &path, &address));
            gather(added.map_err(Error::from), &mut problems)?;
        }
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    if !check::pass(outcome, &waivers, "the index is not written", talk) {
        return Ok(1);
    }
    if index.is_empty() {
        let message = format!("`{}` has no `.tgz` to list", args.folder.display());
        return Err(Problem::new(message).help("`hzgchart package -d DIR` writes one").into());
    }
    let replaced = older.map(|older| index.merge(older)).unwrap_or_default();
    for chart in replaced {
        // Talk that cannot be heard is no reason to stop.
        let _ = writeln!(
            talk,
            "warning: {chart} was published before with other bytes; the index now lists those in the folder"
        );
    }
    let text = index.to_yaml();
    let path = args.folder.join(FILE);
    output::write_file(&path, text.as_bytes())?;
    print(out, &format!("{}\nsha256:{}\n", path.display(), sha256_hex(text.as_bytes())))?;
    Ok(0)
}

fn read_index(path: &Path) -> Result<Index, Error> {
    Index::read(&inputs::read_up_to(path, repository::MAX_BYTES)?, &inputs::name(path))
        .map_err(Error::Invalid)
}

/// The archives that `helm repo index` lists, by their path below the folder: those in it, and in the folders right below.
fn archives(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let (mut found, mut below) = (Vec::new(), Vec::new());
    for name in names(folder)? {
        let path = folder.join(&name);
        if path.is_dir() {
            below.push(name);
        } else if is_archive(&name) {
            if !path.is_file() && path.exists() {
                let problem = Problem::new(format!("`{}` is no regular file", path.display()));
                return Err(problem.help("move it out of the folder").into());
            }
            found.push(name);
        }
    }
    for folder_below in below {
        for name in names(&folder.join(&folder_below))? {
            let path = folder_below.join(name);
            if is_archive(&path) && folder.join(&path).is_file() {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn is_archive(path: &Path) -> bool {
    path.extension() == Some(OsStr::new("tgz"))
}

fn names(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let read = |source| Error::Io { action: "read", path: folder.to_owned(), source };
    let entries = fs::read_dir(folder).map_err(read)?;
    entries.map(|entry| Ok(PathBuf::from(entry.map_err(read)?.file_name()))).collect()
}

/// A path as it stands in the index, with `/` on every system.
fn path_in_index(path: &Path) -> Result<String, Problem> {
    let parts: Option<Vec<&str>> = path.iter().map(OsStr::to_str).collect();
    parts.map(|parts| parts.join("/")).ok_or_else(|| {
        Problem::new(format!("the name of `{}` is not UTF-8", path.display()))
            .help("rename the file")
    })
}
