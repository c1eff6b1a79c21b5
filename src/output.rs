//! Writes results to disk, whole or not at all: first beside the place, then by renaming.
//!
//! Nothing is forced to the disk's platter: a power cut may lose what was just written, as with
//! any compiler's output.

mod folder;
mod listing;
mod lock;
mod permissions;

pub use folder::{Folder, write_folder};
pub use listing::LISTING;
pub use lock::FolderLock;

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use self::permissions::create_in_place_of;
use crate::error::Error;

/// What temporary names start with.
const TEMPORARY: &str = ".hzgchart-";
/// So many letters and digits follow.
const RANDOM: usize = 6;

/// Writes a file, and the folders above it where they are missing.
///
/// A reader finds the old content or the new, never a part. The permissions of an old file stay. A symbolic
/// link is followed, and a device or pipe (`/dev/stdout`) is written to, not replaced.
///
/// # Errors
/// [`Error::Io`] with the path; an old file is still there then, and nothing new beside it.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    write_files(&[(path, bytes)])
}

/// Writes files as [`write_file`] does. All content is on the disk before the first of them appears
/// under its name, so a full disk leaves nothing.
///
/// # Errors
/// [`Error::Io`] with the path of the file that failed.
pub fn write_files(files: &[(&Path, &[u8])]) -> Result<(), Error> {
    // Dropped last: a folder can go only after the temporary files in it.
    let mut folders = NewFolders::default();
    let staged: Result<Vec<Staged>, Error> =
        files.iter().map(|(path, bytes)| stage(path, bytes, &mut folders)).collect();
    for (staged, (path, bytes)) in staged?.into_iter().zip(files) {
        match staged {
            Staged::Beside(file, target) => file.persist(target).map_err(|failed| failed.error),
            Staged::Device => write_device(path, bytes),
        }
        .map_err(io_error("write", path))?;
    }
    folders.keep();
    Ok(())
}

/// Writes those of these files that do not hold their bytes already, as [`write_files`] does. Whether any was written.
///
/// # Errors
/// As [`write_files`].
pub fn update_files(files: &[(&Path, &[u8])]) -> Result<bool, Error> {
    let is_same = |(path, bytes): &(&Path, &[u8])| {
        fs::metadata(path).is_ok_and(|found| found.is_file() && found.len() == bytes.len() as u64)
            && fs::read(path).is_ok_and(|found| found == *bytes)
    };
    let files: Vec<_> = files.iter().filter(|file| !is_same(file)).copied().collect();
    write_files(&files).map(|()| !files.is_empty())
}

/// A file that is about to appear.
enum Staged {
    /// The content is in a temporary file beside this target.
    Beside(TempPath, PathBuf),
    /// The content can only be written to the place itself.
    Device,
}

fn stage(path: &Path, bytes: &[u8], folders: &mut NewFolders) -> Result<Staged, Error> {
    let target = match fs::metadata(path) {
        Ok(found) if found.is_file() => fs::canonicalize(path).map_err(io_error("write", path))?,
        Ok(found) if found.is_dir() => {
            return Err(io_error("write", path)(io::ErrorKind::IsADirectory.into()));
        }
        Ok(_) => return Ok(Staged::Device),
        Err(_) => path.to_owned(),
    };
    let folder = parent(&target);
    folders.create(folder)?;
    let file = write_beside(folder, &target, bytes).map_err(io_error("write", path))?;
    Ok(Staged::Beside(file, target))
}

/// Folders that were missing. Those that are empty go again when this is dropped.
#[derive(Default)]
struct NewFolders(Vec<PathBuf>);

impl NewFolders {
    /// Creates a folder, and those above it where they are missing.
    ///
    /// # Errors
    /// [`Error::Io`] with the folder that could not be created.
    fn create(&mut self, path: &Path) -> Result<(), Error> {
        if path.is_dir() {
            return Ok(());
        }
        self.create(parent(path))?;
        match fs::create_dir(path) {
            Ok(()) => {
                self.0.push(path.to_owned());
                Ok(())
            }
            // Another process was faster.
            Err(_) if path.is_dir() => Ok(()),
            Err(error) => Err(io_error("create", path)(error)),
        }
    }

    fn keep(mut self) {
        self.0.clear();
    }
}

impl Drop for NewFolders {
    fn drop(&mut self) {
        for folder in self.0.iter().rev() {
            // One that is no longer empty is somebody's.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Writes a temporary file into a folder, which is to become `target`. The files are made by the standard library
/// alone, whose errors do not name the temporary file as the crate's do.
fn write_beside(folder: &Path, target: &Path, bytes: &[u8]) -> io::Result<TempPath> {
    let mut file = temporary().make_in(folder, |path| create_in_place_of(target, path))?;
    file.as_file_mut().write_all(bytes)?;
    Ok(file.into_temp_path())
}

fn temporary() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY).rand_bytes(RANDOM);
    builder
}

fn write_device(path: &Path, bytes: &[u8]) -> io::Result<()> {
    File::options().write(true).open(path)?.write_all(bytes)
}

/// The folder that a path lies in; the current one for a bare name.
fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn io_error(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error + use<> {
    let path: PathBuf = path.to_owned();
    move |source| Error::Io { action, path, source }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{NewFolders, write_file, write_files};

    /// The names in a folder, sorted.
    pub(super) fn names(dir: &Path) -> Vec<String> {
        let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name();
        let names = fs::read_dir(dir).unwrap().map(name);
        let mut names: Vec<_> = names.map(|name| name.into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn writes_and_replaces_a_file_and_creates_its_folders() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("a/b/c.tgz");
        write_file(&path, b"1").unwrap();
        write_file(&path, b"2").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"2");
        assert_eq!(names(&place.path().join("a/b")), ["c.tgz"]);
    }

    #[test]
    fn leaves_nothing_behind_when_a_folder_is_in_the_way() {
        let place = tempfile::tempdir().unwrap();
        fs::create_dir(place.path().join("x")).unwrap();
        let error = write_file(&place.path().join("x"), b"1").unwrap_err();
        assert!(error.to_string().starts_with("cannot write `"), "{error}");
        assert_eq!(error.exit_code(), 3);
        assert_eq!(names(place.path()), ["x"]);
    }

    #[test]
    fn names_the_folder_that_a_file_stands_in_the_way_of() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("file");
        fs::write(&file, "").unwrap();
        for path in [file.join("x.tgz"), file.join("deep/x.tgz")] {
            let error = write_file(&path, b"1").unwrap_err();
            assert!(error.to_string().starts_with("cannot create `"), "{error}");
        }
        assert_eq!(names(place.path()), ["file"]);
    }

    #[test]
    fn creates_a_folder_once_or_finds_it() {
        let place = tempfile::tempdir().unwrap();
        for path in [place.path().join("a/b"), place.path().join("a/b/"), ".".into()] {
            let mut folders = NewFolders::default();
            folders.create(&path).unwrap();
            folders.keep();
            assert!(path.is_dir());
        }
    }

    #[test]
    fn takes_new_folders_back_unless_something_is_in_them() {
        let place = tempfile::tempdir().unwrap();
        let mut folders = NewFolders::default();
        folders.create(&place.path().join("a/b/c")).unwrap();
        folders.create(&place.path().join("x/y")).unwrap();
        fs::write(place.path().join("x/file"), "").unwrap();
        drop(folders);
        assert_eq!(names(place.path()), ["x"]);
        assert_eq!(names(&place.path().join("x")), ["file"]);
    }

    #[test]
    fn writes_all_files_or_none() {
        let place = tempfile::tempdir().unwrap();
        let at = |path: &str| place.path().join(path);
        fs::create_dir(at("taken")).unwrap();
        let (new, taken) = (at("new/deep/x"), at("taken"));
        let error = write_files(&[(&new, b"1"), (&taken, b"2")]).unwrap_err();
        assert!(error.to_string().ends_with("taken`: is a directory"), "{error}");
        assert_eq!(names(place.path()), ["taken"]);
        write_files(&[(&new, b"1"), (&at("y"), b"2")]).unwrap();
        assert_eq!(fs::read(&new).unwrap(), b"1");
        assert_eq!(names(place.path()), ["new", "taken", "y"]);
    }

    #[cfg(unix)]
    mod unix {
        use std::fs;
        use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
        use std::path::Path;

        use crate::output::write_file;

        fn mode(path: &Path) -> u32 {
            fs::metadata(path).unwrap().mode() & 0o777
        }

        /// The umask is this process's, whatever it is.
        #[test]
        fn leaves_permissions_to_the_umask_and_to_what_is_there() {
            let place = tempfile::tempdir().unwrap();
            let at = |path: &str| place.path().join(path);
            fs::create_dir(at("x")).unwrap();
            fs::write(at("x/file"), "").unwrap();
            write_file(&at("y/file"), b"1").unwrap();
            assert_eq!(
                ["y", "y/file"].map(|path| mode(&at(path))),
                ["x", "x/file"].map(|path| mode(&at(path)))
            );
            for kept in [0o600, 0o440, 0o664, 0o755] {
                fs::set_permissions(at("y/file"), fs::Permissions::from_mode(kept)).unwrap();
                write_file(&at("y/file"), b"2").unwrap();
                assert_eq!(mode(&at("y/file")), kept);
            }
        }

        #[test]
        fn follows_a_link_to_a_file_and_writes_to_a_device() {
            let place = tempfile::tempdir().unwrap();
            let (real, link) = (place.path().join("real"), place.path().join("link"));
            fs::write(&real, "1").unwrap();
            symlink("real", &link).unwrap();
            write_file(&link, b"2").unwrap();
            assert_eq!(fs::read(&real).unwrap(), b"2");
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
            write_file(Path::new("/dev/null"), b"x").unwrap();
            assert!(!fs::metadata("/dev/null").unwrap().is_file());
        }

        #[test]
        fn reports_a_full_disk() {
            if Path::new("/dev/full").exists() {
                let error = write_file(Path::new("/dev/full"), b"x").unwrap_err();
                assert_eq!(
                    error.to_string(),
                    "cannot write `/dev/full`: No space left on device (os error 28)"
                );
            }
        }
    }
}
