//! Who may read what is written, which may hold passwords: who could read the file that it replaces, and of a new one whom the
//! umask lets, as with any other program.

use std::fs::File;
use std::io;
use std::path::Path;

/// Creates a file at a path, with the permissions of the one that it is to replace, if that is there.
#[cfg(unix)]
pub(super) fn create_in_place_of(replaced: &Path, path: &Path) -> io::Result<File> {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    let found = fs::metadata(replaced).ok().filter(fs::Metadata::is_file);
    let Some(found) = found else { return File::create_new(path) };
    let mode = found.permissions().mode() & 0o777;
    // With its mode from the beginning: who opens it before anything is in it can read it later.
    let file = File::options().write(true).create_new(true).mode(mode).open(path)?;
    // The umask may have taken some of it.
    file.set_permissions(Permissions::from_mode(mode))?;
    Ok(file)
}

/// Creates a file at a path; the folder that it is in says who may read it.
#[cfg(not(unix))]
pub(super) fn create_in_place_of(_replaced: &Path, path: &Path) -> io::Result<File> {
    File::create_new(path)
}
