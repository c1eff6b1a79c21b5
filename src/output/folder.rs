//! A folder that is written as a whole, and known again by its listing.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::listing::{Found, JOURNAL, LISTING, check_untouched, listing};
use super::permissions::create_in_place_of;
use super::{FolderLock, NewFolders, io_error, parent, temporary};
use crate::archive::sha256_hex;
use crate::chart::path::ChartPath;
use crate::error::Error;

/// Writes a folder that holds these files and [`LISTING`].
///
/// A new folder appears whole, by one renaming. A folder that exists must be empty or untouched
/// since it was written here: the same files with the same content, nothing else. So edits are
/// never lost, and a folder of anything else is never taken for ours. Its files are then replaced
/// one by one, by renaming, which serves mount points, links and the current folder, too. All
/// content is on the disk before the first of them is replaced. A run that is ended just then
/// leaves old and new files and the list of both, by which the next one completes it.
///
/// # Errors
/// [`Error::Invalid`] when the folder exists and is not as it was written; [`Error::Io`] otherwise.
pub fn write_folder(dir: &Path, files: &[(&ChartPath, &[u8])]) -> Result<(), Error> {
    let _lock = if dir.is_dir() { Some(FolderLock::take(dir)?) } else { None };
    Folder::open(dir)?.write(files).map(drop)
}

/// A folder that is written as a whole, as [`write_folder`] does.
#[derive(Debug)]
pub struct Folder<'d> {
    dir: &'d Path,
    exists: bool,
    /// The files in it, and their hashes.
    old: BTreeMap<String, String>,
    /// Whether a run that wrote to it was ended.
    is_half_written: bool,
}

impl<'d> Folder<'d> {
    /// Looks at a folder, which need not be there.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is not as it was written; [`Error::Io`] otherwise.
    pub fn open(dir: &'d Path) -> Result<Self, Error> {
        let exists = fs::symlink_metadata(dir).is_ok();
        let Found { files: old, is_half_written } =
            if exists { check_untouched(dir)? } else { Found::default() };
        Ok(Self { dir, exists, old, is_half_written })
    }

    /// The files in it that are not among these: they go when these are written.
    pub fn gone(&self, files: &[(&ChartPath, &[u8])]) -> Vec<&str> {
        let new: HashSet<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        self.old.keys().map(String::as_str).filter(|old| !new.contains(old)).collect()
    }

    /// Writes the files. One that holds these bytes already is left alone; for each, whether it was written.
    ///
    /// # Errors
    /// [`Error::Io`] with the folder or the file that failed.
    pub fn write(self, files: &[(&ChartPath, &[u8])]) -> Result<Vec<bool>, Error> {
        let dir = self.dir;
        let hashes: Vec<String> = files.iter().map(|(_, bytes)| sha256_hex(bytes)).collect();
        let is_new = |((path, _), hash): (&(&ChartPath, &[u8]), &String)| {
            self.old.get(path.as_str()) != Some(hash)
        };
        let is_written: Vec<bool> = files.iter().zip(&hashes).map(is_new).collect();
        let gone = self.gone(files);
        let is_same = gone.is_empty() && !is_written.contains(&true);
        if self.exists && !self.old.is_empty() && is_same && !self.is_half_written {
            return Ok(is_written);
        }
        let mut folders = NewFolders::default();
        let (place, action) =
            if self.exists { (dir, "write into") } else { (parent(dir), "create") };
        folders.create(place)?;
        let stage = Stage::new(place).map_err(io_error(action, dir))?;
        let mut staged = Vec::new();
        for ((path, bytes), is_written) in files.iter().zip(&is_written) {
            if *is_written {
                stage.write(dir, path.as_str(), bytes).map_err(io_error("write", dir))?;
                staged.push(path.as_str());
            }
        }
        let listing = listing(files, &hashes);
        stage.write(dir, LISTING, listing.as_bytes()).map_err(io_error("write", dir))?;
        if self.exists {
            stage.write(dir, JOURNAL, listing.as_bytes()).map_err(io_error("write", dir))?;
            move_files(&stage.0, dir, &[JOURNAL])?;
            remove_files(dir, &gone)?;
            staged.push(LISTING);
            move_files(&stage.0, dir, &staged)?;
            remove_files(dir, &[JOURNAL])?;
        } else {
            fs::rename(&stage.0, dir).map_err(io_error("create", dir))?;
        }
        folders.keep();
        Ok(is_written)
    }
}

/// A folder in the making, which goes with what is left in it.
struct Stage(PathBuf);

impl Stage {
    fn new(place: &Path) -> io::Result<Self> {
        let name = temporary().make_in(place, |path| fs::create_dir(path))?;
        name.into_temp_path().keep().map(Self).map_err(|failed| failed.error)
    }

    /// Writes a file that is to move into `dir`, and the folders above it.
    fn write(&self, dir: &Path, path: &str, bytes: &[u8]) -> io::Result<()> {
        let staged = self.0.join(path);
        fs::create_dir_all(parent(&staged))?;
        create_in_place_of(&dir.join(path), &staged)?.write_all(bytes)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // It may have been renamed, and a leftover is no reason to fail.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Removes files that an untouched folder was written with.
fn remove_files(dir: &Path, gone: &[&str]) -> Result<(), Error> {
    for path in gone {
        let gone = dir.join(path);
        fs::remove_file(&gone).map_err(io_error("remove", &gone))?;
        let above = gone.ancestors().skip(1).take_while(|folder| *folder != dir);
        // A folder goes with its last file; one that holds more stays.
        above.take_while(|folder| fs::remove_dir(folder).is_ok()).for_each(drop);
    }
    Ok(())
}

/// Moves finished files over an untouched tree; the listing goes last.
fn move_files(stage: &Path, dir: &Path, paths: &[&str]) -> Result<(), Error> {
    let mut folders = NewFolders::default();
    for path in paths {
        let target = dir.join(path);
        folders.create(parent(&target))?;
        fs::rename(stage.join(path), &target).map_err(io_error("write", &target))?;
    }
    folders.keep();
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{JOURNAL, LISTING, write_folder};
    use crate::archive::sha256_hex;
    use crate::chart::path::ChartPath;
    use crate::error::Error;
    use crate::output::tests::names;

    fn write(dir: &Path, files: &[(&str, &str)]) -> Result<(), Error> {
        let paths: Vec<_> = files.iter().map(|(p, _)| ChartPath::parse(p).unwrap()).collect();
        let files: Vec<_> =
            paths.iter().zip(files).map(|(path, (_, text))| (path, text.as_bytes())).collect();
        write_folder(dir, &files)
    }

    #[test]
    fn writes_a_new_folder_with_its_listing() {
        let place = tempfile::tempdir().unwrap();
        let dir = place.path().join("new/chart");
        write(&dir, &[("Chart.yaml", "a"), ("templates/x/y.yaml", "b")]).unwrap();
        assert_eq!(names(&dir), [LISTING, "Chart.yaml", "templates"]);
        assert_eq!(
            fs::read_to_string(dir.join(LISTING)).unwrap(),
            "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb  Chart.yaml\n\
             3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d  templates/x/y.yaml\n"
        );
        assert_eq!(names(&place.path().join("new")), ["chart"]);
    }

    #[test]
    fn replaces_an_untouched_folder_and_removes_what_is_gone() {
        let place = tempfile::tempdir().unwrap();
        let dir = place.path().join("chart");
        write(&dir, &[("a", "1"), ("old/deep/x", "2"), ("turns", "3"), ("b/c", "4")]).unwrap();
        write(&dir, &[("a", "5"), ("turns/x", "6"), ("b", "7")]).unwrap();
        assert_eq!(names(&dir), [LISTING, "a", "b", "turns"]);
        assert_eq!(fs::read(dir.join("turns/x")).unwrap(), b"6");
        assert_eq!(names(place.path()), ["chart"]);
        write(&dir, &[("a", "5")]).unwrap();
        assert_eq!(names(&dir), [LISTING, "a"]);
    }

    #[test]
    fn fills_an_empty_folder() {
        let place = tempfile::tempdir().unwrap();
        write(place.path(), &[("a/b", "1")]).unwrap();
        assert_eq!(names(place.path()), [LISTING, "a"]);
    }

    #[test]
    fn completes_what_a_run_that_was_ended_left() {
        let sum = |text: &str| sha256_hex(text.as_bytes());
        let place = tempfile::tempdir().unwrap();
        let dir = place.path().join("chart");
        write(&dir, &[("a", "1"), ("b", "2"), ("gone", "3")]).unwrap();
        // One file was removed, one replaced, one not yet; a new one is there, another is not.
        let next = format!("{}  a\n{}  b\n{}  new\n{0}  more\n", sum("4"), sum("5"), sum("6"));
        fs::write(dir.join(JOURNAL), next).unwrap();
        fs::remove_file(dir.join("gone")).unwrap();
        fs::write(dir.join("a"), "4").unwrap();
        fs::write(dir.join("new"), "6").unwrap();
        fs::write(dir.join("mine"), "").unwrap();
        let error = write(&dir, &[("a", "4")]).unwrap_err().to_string();
        assert!(error.contains("was changed since hzgchart wrote it: `mine`\n"), "{error}");
        fs::remove_file(dir.join("mine")).unwrap();
        write(&dir, &[("a", "4"), ("b", "5"), ("other", "7")]).unwrap();
        assert_eq!(names(&dir), [LISTING, "a", "b", "other"]);
        write(&dir, &[("a", "4"), ("b", "5"), ("other", "7")]).unwrap();

        // A new folder, with nothing but the list of what is to be.
        let dir = place.path().join("new");
        fs::create_dir(&dir).unwrap();
        fs::write(dir.join(JOURNAL), format!("{}  a\n{}  b\n", sum("1"), sum("2"))).unwrap();
        fs::write(dir.join("a"), "1").unwrap();
        write(&dir, &[("a", "1")]).unwrap();
        assert_eq!(names(&dir), [LISTING, "a"]);
        assert!(fs::read_to_string(dir.join(LISTING)).unwrap().ends_with("  a\n"));
    }

    #[test]
    fn refuses_a_folder_that_it_did_not_write() {
        let place = tempfile::tempdir().unwrap();
        fs::create_dir(place.path().join("photos")).unwrap();
        let error = write(place.path(), &[("a", "1")]).unwrap_err();
        assert!(
            error.to_string().contains("is not empty, and hzgchart did not write it"),
            "{error}"
        );
        assert_eq!(error.exit_code(), 2);
        assert_eq!(names(place.path()), ["photos"]);
    }

    #[test]
    fn refuses_a_folder_that_was_edited_and_names_the_files() {
        let place = tempfile::tempdir().unwrap();
        let dir = place.path().join("chart");
        let files = [("a", "1"), ("b/c", "2"), ("d", "3")];
        write(&dir, &files).unwrap();
        fs::write(dir.join("a"), "edited").unwrap();
        fs::write(dir.join("b/added"), "").unwrap();
        fs::remove_file(dir.join("d")).unwrap();
        let error = write(&dir, &files).unwrap_err().to_string();
        assert!(
            error.contains("was changed since hzgchart wrote it: `a`, `b/added`, `d`\n"),
            "{error}"
        );
        assert_eq!(fs::read(dir.join("a")).unwrap(), b"edited");
        fs::write(dir.join("z"), "").unwrap();
        let error = write(&dir, &files).unwrap_err().to_string();
        assert!(error.contains("`d`, …\n"), "{error}");
    }

    #[test]
    fn names_the_folder_that_a_file_stands_in_the_way_of() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(matches!(write(&file, &[("a", "1")]), Err(Error::Io { action: "read", .. })));
        assert_eq!(names(place.path()), ["file"]);
    }

    /// The umask is this process's, whatever it is.
    #[cfg(unix)]
    #[test]
    fn leaves_permissions_to_the_umask_and_to_what_is_there() {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        let place = tempfile::tempdir().unwrap();
        let mode = |path: &str| fs::metadata(place.path().join(path)).unwrap().mode() & 0o777;
        fs::create_dir(place.path().join("y")).unwrap();
        fs::write(place.path().join("y/file"), "").unwrap();
        let dir = place.path().join("x/chart");
        write(&dir, &[("a/b", "1"), ("c", "1")]).unwrap();
        assert_eq!(["x/chart", "x/chart/a"].map(mode), [mode("y"); 2]);
        let listing = format!("x/chart/{LISTING}");
        assert_eq!(["x/chart/a/b", &listing].map(mode), [mode("y/file"); 2]);
        for path in ["a/b", LISTING] {
            fs::set_permissions(dir.join(path), fs::Permissions::from_mode(0o600)).unwrap();
        }
        write(&dir, &[("a/b", "2"), ("c", "2")]).unwrap();
        assert_eq!(["x/chart/a/b", &listing].map(mode), [0o600; 2]);
        assert_eq!(mode("x/chart/c"), mode("y/file"));
    }

    #[cfg(unix)]
    #[test]
    fn takes_a_link_in_a_written_folder_for_a_change() {
        let place = tempfile::tempdir().unwrap();
        let dir = place.path().join("chart");
        write(&dir, &[("a", "1")]).unwrap();
        fs::rename(dir.join("a"), place.path().join("a")).unwrap();
        std::os::unix::fs::symlink("../a", dir.join("a")).unwrap();
        let error = write(&dir, &[("a", "1")]).unwrap_err().to_string();
        assert!(error.contains("was changed since hzgchart wrote it: `a`"), "{error}");
        assert_eq!(names(place.path()), ["a", "chart"]);
    }
}
