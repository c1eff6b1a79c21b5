//! A fleet's files on the disk.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::fleet::Files;

/// The folder of a fleet file.
#[derive(Debug)]
pub(super) struct Disk {
    /// Empty for the current one.
    folder: PathBuf,
}

impl Disk {
    /// The folder that a fleet file lies in.
    pub(super) fn of(file: &Path) -> Self {
        Self { folder: file.parent().unwrap_or(Path::new("")).to_owned() }
    }
}

impl Files for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, Error> {
        let path = self.folder.join(path);
        fs::read(&path).map_err(|source| Error::Io { action: "read", path, source })
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, Error> {
        let path = self.folder.join(folder);
        let names = || {
            let mut names = Vec::new();
            for entry in fs::read_dir(&path)? {
                let entry = entry?;
                // A name that is no text is no tenant's.
                if let Ok(name) = entry.file_name().into_string()
                    && !entry.path().is_dir()
                {
                    names.push(name);
                }
            }
            Ok(names)
        };
        names().map_err(|source| Error::Io { action: "read", path: path.clone(), source })
    }

    fn has(&self, path: &str) -> bool {
        self.folder.join(path).is_file()
    }

    fn shown(&self, path: &str) -> String {
        self.folder.join(path).display().to_string()
    }
}
