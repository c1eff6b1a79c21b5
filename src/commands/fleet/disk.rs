//! A fleet's files on the disk.

use std::fs;
use std::path::{Path, PathBuf};

use crate::commands::inputs::file_up_to;
use crate::error::{Error, Problem};
use crate::fleet::Files;
use crate::yaml::MAX_BYTES;

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
        file_up_to(&path, MAX_BYTES).map_err(|source| Error::Io { action: "read", path, source })
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, Error> {
        let path = self.folder.join(folder);
        let read = |source| Error::Io { action: "read", path: path.clone(), source };
        let mut names = Vec::new();
        for entry in fs::read_dir(&path).map_err(read)? {
            let entry = entry.map_err(read)?;
            let kind = entry.path().metadata().map(|found| found.file_type());
            if let Ok(kind) = kind
                && !kind.is_file()
                && !kind.is_dir()
            {
                // It may have no end, or never begin.
                let shown = entry.path().display().to_string();
                let problem = Problem::new(format!("`{shown}` is no regular file"));
                return Err(problem.help("move it out of the folder").into());
            }
            // A name that is no text is no tenant's.
            if let Ok(name) = entry.file_name().into_string()
                && !kind.is_ok_and(|kind| kind.is_dir())
            {
                names.push(name);
            }
        }
        Ok(names)
    }

    fn has(&self, path: &str) -> bool {
        self.folder.join(path).is_file()
    }

    fn shown(&self, path: &str) -> String {
        self.folder.join(path).display().to_string()
    }
}
