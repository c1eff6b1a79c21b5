//! A folder locked for a run that writes many files, and rid of what an earlier one left half written.

use std::fs::{self, File, TryLockError};
use std::path::Path;

use super::{NewFolders, RANDOM, TEMPORARY};
use crate::error::{Error, Problem};

/// A folder that only this process writes to, as long as this is kept.
#[derive(Debug)]
pub struct FolderLock {
    /// The open folder; none where folders cannot be locked, as on Windows.
    locked: Option<File>,
}

impl FolderLock {
    /// Locks a folder, which is made if need be, and removes what a process that was ended left half written in it.
    ///
    /// # Errors
    /// [`Error::Invalid`] when another process has it, [`Error::Io`] when it cannot be made.
    pub fn take(dir: &Path) -> Result<Self, Error> {
        let mut folders = NewFolders::default();
        folders.create(dir)?;
        folders.keep();
        // Without a lock what is half written may be another process's, and stays.
        let Ok(folder) = File::open(dir) else { return Ok(Self { locked: None }) };
        match folder.try_lock() {
            Ok(()) => {
                sweep(dir);
                Ok(Self { locked: Some(folder) })
            }
            Err(TryLockError::WouldBlock) => {
                Err(Problem::new(format!("another hzgchart is writing to `{}`", dir.display()))
                    .help("wait for it, or write to another folder")
                    .into())
            }
            Err(TryLockError::Error(_)) => Ok(Self { locked: None }),
        }
    }

    /// Removes what was left half written in a folder below.
    pub fn sweep(&self, dir: &Path) {
        if self.locked.is_some() {
            sweep(dir);
        }
    }
}

/// Removes temporary files and folders. What cannot be removed does no harm.
fn sweep(dir: &Path) {
    let Ok(found) = fs::read_dir(dir) else { return };
    for entry in found.flatten() {
        if !entry.file_name().to_str().is_some_and(is_temporary) {
            continue;
        }
        let _ = match entry.file_type() {
            Ok(kind) if kind.is_file() => fs::remove_file(entry.path()),
            Ok(kind) if kind.is_dir() => fs::remove_dir_all(entry.path()),
            _ => Ok(()),
        };
    }
}

/// Whether a name is one that is given to what is half written.
fn is_temporary(name: &str) -> bool {
    name.strip_prefix(TEMPORARY)
        .is_some_and(|rest| rest.len() == RANDOM && rest.bytes().all(|b| b.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::FolderLock;
    use crate::output::LISTING;
    use crate::output::tests::names;

    #[cfg(unix)]
    #[test]
    fn one_process_at_a_time_writes_to_a_folder() {
        let place = tempfile::tempdir().unwrap();
        let dir = place.path().join("new/charts");
        let lock = FolderLock::take(&dir).unwrap();
        let error = FolderLock::take(&dir).unwrap_err().to_string();
        assert!(error.starts_with("another hzgchart is writing to `"), "{error}");
        drop(lock);
        FolderLock::take(&dir).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn removes_what_was_left_half_written_and_nothing_else() {
        let place = tempfile::tempdir().unwrap();
        for name in [".hzgchart-Ab12cD", ".hzgchart-Ab12", LISTING, "a.tgz", ".hzgchart"] {
            fs::write(place.path().join(name), "").unwrap();
        }
        fs::create_dir_all(place.path().join(".hzgchart-Xy34zW/below")).unwrap();
        fs::create_dir(place.path().join(".hzgchart-backups")).unwrap();
        FolderLock::take(place.path()).unwrap();
        let left = [".hzgchart", ".hzgchart-Ab12", ".hzgchart-backups", LISTING, "a.tgz"];
        assert_eq!(names(place.path()), left);
    }
}
