//! Where a fleet's files are read from.

use crate::error::Error;

/// A place that holds a fleet's files: a folder, or a revision of it.
pub trait Files: Sync {
    /// The bytes of a file. The path is relative to the fleet file's folder.
    ///
    /// # Errors
    /// [`Error::Io`] that names the file, [`Error::Invalid`] for one that this place cannot have.
    fn read(&self, path: &str) -> Result<Vec<u8>, Error>;

    /// The names of the files in a folder, in no order.
    ///
    /// # Errors
    /// [`Error::Io`] that names the folder, [`Error::Invalid`] for one that this place cannot have.
    fn list(&self, folder: &str) -> Result<Vec<String>, Error>;

    /// Whether there is such a file.
    fn has(&self, path: &str) -> bool;

    /// What messages call a file.
    fn shown(&self, path: &str) -> String;
}
