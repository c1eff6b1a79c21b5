//! The list of what was written to a folder, by which a later run knows the folder as untouched.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io;
use std::path::Path;

use super::io_error;
use crate::archive::sha256_hex;
use crate::chart::path::ChartPath;
use crate::error::{Error, Problem};

/// The list of files and checksums in every folder written here, in `sha256sum`'s form, by which
/// a later run knows the folder as untouched: `sha256sum -c .hzgchart.sha256` checks it, too.
pub const LISTING: &str = ".hzgchart.sha256";

/// The list that is to be, while files are moved to their places: of a run that was ended just then, it tells which are whose.
pub(super) const JOURNAL: &str = ".hzgchart.next.sha256";

/// What an untouched folder holds.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The files in it, and their hashes.
    pub files: BTreeMap<String, String>,
    /// Whether a run that wrote to it was ended before it was done.
    pub is_half_written: bool,
}

/// The listing of files, and of their hashes in the same order.
pub(super) fn listing(files: &[(&ChartPath, &[u8])], hashes: &[String]) -> String {
    files.iter().zip(hashes).map(|((path, _), hash)| format!("{hash}  {path}\n")).collect()
}

/// Checks that a folder is empty or as it was written, if only in part, and returns what it holds.
///
/// # Errors
/// [`Error::Invalid`] when anybody else wrote to it; [`Error::Io`] otherwise.
pub(super) fn check_untouched(dir: &Path) -> Result<Found, Error> {
    let refuse = |reason: String| {
        Problem::new(format!("the folder `{}` {reason}", dir.display()))
            .help("choose another folder, or move this one away")
    };
    let found = found_files(dir)?;
    if found.is_empty() {
        return Ok(Found::default());
    }
    let (written, next) = (read(&dir.join(LISTING))?, read(&dir.join(JOURNAL))?);
    let is_half_written = next.is_some();
    let lists: Vec<_> = [written, next].into_iter().flatten().collect();
    if lists.is_empty() {
        return Err(refuse("is not empty, and hzgchart did not write it".to_owned()).into());
    }
    let mut files = BTreeMap::new();
    let mut changed = Vec::new();
    for path in found.iter().filter(|path| ![LISTING, JOURNAL].contains(&path.as_str())) {
        let is_listed = lists.iter().any(|list| list.contains_key(path));
        let hash = if is_listed { hash_of(&dir.join(path))? } else { None };
        match hash.filter(|hash| lists.iter().any(|list| list.get(path) == Some(hash))) {
            Some(hash) => drop(files.insert(path.clone(), hash)),
            None => changed.push(path.clone()),
        }
    }
    if !is_half_written {
        let found: HashSet<&String> = found.iter().collect();
        let listed = lists.iter().flat_map(BTreeMap::keys);
        changed.extend(listed.filter(|path| !found.contains(path)).cloned());
    }
    if changed.is_empty() {
        return Ok(Found { files, is_half_written });
    }
    changed.sort();
    let more = if changed.len() > 3 { ", …" } else { "" };
    let named = changed.iter().take(3).map(|path| format!("`{}`", path.escape_debug()));
    let named = named.collect::<Vec<_>>().join(", ");
    Err(refuse(format!("was changed since hzgchart wrote it: {named}{more}")).into())
}

/// The hashes of a listing by path, if it is there.
fn read(path: &Path) -> Result<Option<BTreeMap<String, String>>, Error> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io_error("read", path)(error)),
    };
    let lines = text.lines().filter_map(|line| line.split_once("  "));
    Ok(Some(lines.map(|(hash, path)| (path.to_owned(), hash.to_owned())).collect()))
}

/// The paths of all that is in a folder and is not a folder, `/` between their parts. A folder
/// without a listing is not walked: its first file says enough.
fn found_files(dir: &Path) -> Result<Vec<String>, Error> {
    let walk_all = [LISTING, JOURNAL].iter().any(|list| dir.join(list).exists());
    let mut found = Vec::new();
    let mut folders = vec![(dir.to_owned(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(io_error("read", &folder))? {
            let entry = entry.map_err(io_error("read", &folder))?;
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type().map_err(io_error("read", &entry.path()))?;
            if walk_all && kind.is_dir() {
                folders.push((entry.path(), path + "/"));
            } else {
                found.push(path);
            }
        }
    }
    Ok(found)
}

/// The hash of a file. A link or a pipe has none: it is not what was written, whatever can be read through it.
fn hash_of(path: &Path) -> Result<Option<String>, Error> {
    let found = fs::symlink_metadata(path).map_err(io_error("read", path))?;
    if !found.is_file() {
        return Ok(None);
    }
    Ok(Some(sha256_hex(&fs::read(path).map_err(io_error("read", path))?)))
}
