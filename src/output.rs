//! Writes results to disk, whole or not at all: first beside the place, then by renaming.
//!
//! Nothing is forced to the disk's platter: a power cut may lose what was just written, as with
//! any compiler's output.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use crate::archive::sha256_hex;
use crate::chart::path::ChartPath;
use crate::error::{Error, Problem};

/// The list of files and checksums in every folder written here, in `sha256sum`'s form, by which
/// a later run knows the folder as untouched: `sha256sum -c .hzgchart.sha256` checks it, too.
pub const LISTING: &str = ".hzgchart.sha256";

/// What temporary names start with.
const TEMPORARY: &str = ".hzgchart-";

/// Writes a file of mode 0644, and the folders above it where they are missing.
///
/// A reader finds the old content or the new, never a part. A symbolic link is followed, and
/// a device or pipe (`/dev/stdout`) is written to, not replaced.
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

/// Writes a file as [`write_file`] does, unless it holds these bytes already. Whether it was written.
///
/// # Errors
/// As [`write_file`].
pub fn update_file(path: &Path, bytes: &[u8]) -> Result<bool, Error> {
    let is_same = fs::metadata(path)
        .is_ok_and(|found| found.is_file() && found.len() == bytes.len() as u64)
        && fs::read(path).is_ok_and(|found| found == bytes);
    if is_same {
        return Ok(false);
    }
    write_file(path, bytes).map(|()| true)
}

/// A folder that only this process writes to, as long as this is kept.
#[derive(Debug)]
pub struct Claim {
    _folder: Option<File>,
}

impl Claim {
    /// Claims a folder, which is made if need be, and removes what a process that was ended left half written in it.
    ///
    /// # Errors
    /// [`Error::Invalid`] when another process has it, [`Error::Io`] when it cannot be made.
    pub fn take(dir: &Path) -> Result<Self, Error> {
        let mut folders = NewFolders::default();
        folders.create(dir)?;
        folders.keep();
        // Where folders cannot be locked, as on Windows, nothing is claimed and nothing removed.
        let Ok(folder) = File::open(dir) else { return Ok(Self { _folder: None }) };
        match folder.try_lock() {
            Ok(()) => {
                sweep(dir);
                Ok(Self { _folder: Some(folder) })
            }
            Err(TryLockError::WouldBlock) => {
                Err(Problem::new(format!("another hzgchart is writing to `{}`", dir.display()))
                    .help("wait for it, or write to another folder")
                    .into())
            }
            Err(TryLockError::Error(_)) => Ok(Self { _folder: None }),
        }
    }

    /// Removes what was left half written in a folder below.
    pub fn sweep(&self, dir: &Path) {
        if self._folder.is_some() {
            sweep(dir);
        }
    }
}

/// Removes temporary files. What cannot be removed does no harm.
fn sweep(dir: &Path) {
    let Ok(found) = fs::read_dir(dir) else { return };
    for entry in found.flatten() {
        let is_ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(TEMPORARY));
        if is_ours && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            let _ = fs::remove_file(entry.path());
        }
    }
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
    let file = write_beside(folder, bytes).map_err(io_error("write", path))?;
    Ok(Staged::Beside(file, target))
}

/// Folders that were missing. Those that are empty go again when this is dropped.
#[derive(Default)]
struct NewFolders(Vec<PathBuf>);

impl NewFolders {
    /// Creates a folder of mode 0755, and those above it where they are missing.
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
                set_mode(path, 0o755).map_err(io_error("create", path))
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

/// Writes a folder that holds these files and [`LISTING`].
///
/// A new folder appears whole, by one renaming. A folder that exists must be empty or untouched
/// since it was written here: the same files with the same content, nothing else. So edits are
/// never lost, and a folder of anything else is never taken for ours. Its files are then replaced
/// one by one, by renaming, which serves mount points, links and the current folder, too. All
/// content is on the disk before the first of them is replaced; should the machine stop just then,
/// the folder holds old and new files, and the next run refuses it as changed. A folder beside or
/// in it that starts with `.hzgchart-` is then left over and can be removed.
///
/// # Errors
/// [`Error::Invalid`] when the folder exists and is not as it was written; [`Error::Io`] otherwise.
pub fn write_folder(dir: &Path, files: &[(&ChartPath, &[u8])]) -> Result<(), Error> {
    Folder::open(dir)?.write(files).map(drop)
}

/// A folder that is written as a whole, as [`write_folder`] does.
#[derive(Debug)]
pub struct Folder<'d> {
    dir: &'d Path,
    exists: bool,
    /// The files that it was written with, and their hashes.
    old: BTreeMap<String, String>,
}

impl<'d> Folder<'d> {
    /// Looks at a folder, which need not be there.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is not as it was written; [`Error::Io`] otherwise.
    pub fn open(dir: &'d Path) -> Result<Self, Error> {
        let exists = fs::symlink_metadata(dir).is_ok();
        let old = if exists { check_untouched(dir)? } else { BTreeMap::new() };
        Ok(Self { dir, exists, old })
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
        if self.exists && !self.old.is_empty() && gone.is_empty() && !is_written.contains(&true) {
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
                stage.write(path.as_str(), bytes).map_err(io_error("write", dir))?;
                staged.push(path.as_str());
            }
        }
        let listing = listing(files, &hashes);
        stage.write(LISTING, listing.as_bytes()).map_err(io_error("write", dir))?;
        if self.exists {
            remove_files(dir, &gone)?;
            staged.push(LISTING);
            move_files(&stage.0, dir, &staged)?;
        } else {
            set_mode(&stage.0, 0o755)
                .and_then(|()| fs::rename(&stage.0, dir))
                .map_err(io_error("create", dir))?;
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

    /// Writes a file of mode 0644, and folders of mode 0755 above it.
    fn write(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        for (slash, _) in path.match_indices('/') {
            let folder = self.0.join(&path[..slash]);
            if !folder.is_dir() {
                fs::create_dir(&folder)?;
                set_mode(&folder, 0o755)?;
            }
        }
        let path = self.0.join(path);
        fs::write(&path, bytes)?;
        set_mode(&path, 0o644)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // It may have been renamed, and a leftover is no reason to fail.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Checks that a folder is empty or as it was written, and returns the files it was written with.
fn check_untouched(dir: &Path) -> Result<BTreeMap<String, String>, Error> {
    let refuse = |reason: String| {
        Problem::new(format!("the folder `{}` {reason}", dir.display()))
            .help("choose another folder, or move this one away")
    };
    let found = found_files(dir)?;
    if found.is_empty() {
        return Ok(BTreeMap::new());
    }
    let path = dir.join(LISTING);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(refuse("is not empty, and hzgchart did not write it".to_owned()).into());
        }
        Err(error) => return Err(io_error("read", &path)(error)),
    };
    let written: BTreeMap<String, String> = text
        .lines()
        .filter_map(|line| line.split_once("  "))
        .map(|(hash, path)| (path.to_owned(), hash.to_owned()))
        .collect();
    let added = found.iter().filter(|p| *p != LISTING && !written.contains_key(*p)).cloned();
    let mut changed: Vec<String> = added.collect();
    for (path, hash) in &written {
        if !found.contains(path) || !has_hash(&dir.join(path), hash)? {
            changed.push(path.clone());
        }
    }
    if changed.is_empty() {
        return Ok(written);
    }
    changed.sort();
    let more = if changed.len() > 3 { ", …" } else { "" };
    let named = changed.iter().take(3).map(|path| format!("`{}`", path.escape_debug()));
    let named = named.collect::<Vec<_>>().join(", ");
    Err(refuse(format!("was changed since hzgchart wrote it: {named}{more}")).into())
}

/// The paths of all that is in a folder and is not a folder, `/` between their parts. A folder
/// without a listing is not walked: its first file says enough.
fn found_files(dir: &Path) -> Result<Vec<String>, Error> {
    let walk_all = dir.join(LISTING).exists();
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

fn has_hash(path: &Path, hash: &str) -> Result<bool, Error> {
    let found = fs::symlink_metadata(path).map_err(io_error("read", path))?;
    // A link or a pipe is not what was written, whatever can be read through it.
    Ok(found.is_file() && sha256_hex(&fs::read(path).map_err(io_error("read", path))?) == hash)
}

fn listing(files: &[(&ChartPath, &[u8])], hashes: &[String]) -> String {
    files.iter().zip(hashes).map(|((path, _), hash)| format!("{hash}  {path}\n")).collect()
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

/// Writes a temporary file of mode 0644 into a folder. The files are made by the standard library
/// alone, whose errors do not name the temporary file as the crate's do.
fn write_beside(folder: &Path, bytes: &[u8]) -> io::Result<TempPath> {
    let mut file = temporary().make_in(folder, |path| File::create_new(path))?;
    file.as_file_mut().write_all(bytes)?;
    set_mode(file.path(), 0o644)?;
    Ok(file.into_temp_path())
}

fn temporary() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY);
    builder
}

fn write_device(path: &Path, bytes: &[u8]) -> io::Result<()> {
    File::options().write(true).open(path)?.write_all(bytes)
}

/// Sets the permissions whatever the umask; systems without them keep their own.
fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(mode))
    }
    #[cfg(not(unix))]
    {
        let _ = (path, mode);
        Ok(())
    }
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

    use super::{LISTING, NewFolders, write_file, write_files, write_folder};
    use crate::chart::path::ChartPath;
    use crate::error::Error;

    fn write(dir: &Path, files: &[(&str, &str)]) -> Result<(), Error> {
        let paths: Vec<_> = files.iter().map(|(p, _)| ChartPath::parse(p).unwrap()).collect();
        let files: Vec<_> =
            paths.iter().zip(files).map(|(path, (_, text))| (path, text.as_bytes())).collect();
        write_folder(dir, &files)
    }

    /// The names in a folder, sorted.
    fn names(dir: &Path) -> Vec<String> {
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
        assert!(matches!(write(&file, &[("a", "1")]), Err(Error::Io { action: "read", .. })));
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

    #[cfg(unix)]
    mod unix {
        use std::fs;
        use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
        use std::path::Path;

        use super::{LISTING, names, write};
        use crate::output::write_file;

        fn mode(path: &Path) -> u32 {
            fs::metadata(path).unwrap().mode() & 0o777
        }

        #[test]
        fn sets_plain_permissions() {
            let place = tempfile::tempdir().unwrap();
            let dir = place.path().join("x/chart");
            write(&dir, &[("a/b", "1")]).unwrap();
            assert_eq!(["", "a"].map(|p| mode(&dir.join(p))), [0o755; 2]);
            assert_eq!(["a/b", LISTING].map(|p| mode(&dir.join(p))), [0o644; 2]);
            let file = place.path().join("y/file");
            write_file(&file, b"1").unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
            write_file(&file, b"2").unwrap();
            assert_eq!((mode(&file), mode(&place.path().join("y"))), (0o644, 0o755));
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

        #[test]
        fn takes_a_link_in_a_written_folder_for_a_change() {
            let place = tempfile::tempdir().unwrap();
            let dir = place.path().join("chart");
            write(&dir, &[("a", "1")]).unwrap();
            fs::rename(dir.join("a"), place.path().join("a")).unwrap();
            symlink("../a", dir.join("a")).unwrap();
            let error = write(&dir, &[("a", "1")]).unwrap_err().to_string();
            assert!(error.contains("was changed since hzgchart wrote it: `a`"), "{error}");
            assert_eq!(names(place.path()), ["a", "chart"]);
        }
    }
}
