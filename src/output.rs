//! Writes results to disk, whole or not at all: first beside the place, then by renaming.
//!
//! Nothing is forced to the disk's platter: a power cut may lose what was just written, as with
//! any compiler's output.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

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
    let target = match fs::metadata(path) {
        Ok(found) if found.is_file() => fs::canonicalize(path).map_err(io_error("write", path))?,
        Ok(found) if found.is_dir() => {
            return Err(io_error("write", path)(io::ErrorKind::IsADirectory.into()));
        }
        Ok(_) => return write_device(path, bytes).map_err(io_error("write", path)),
        Err(_) => path.to_owned(),
    };
    let folder = parent(&target);
    create_folder(folder)?;
    replace_file(&target, folder, bytes).map_err(io_error("write", path))
}

/// Creates a folder of mode 0755, and those above it where they are missing.
///
/// # Errors
/// [`Error::Io`] with the folder that could not be created.
pub fn create_folder(path: &Path) -> Result<(), Error> {
    if path.is_dir() {
        return Ok(());
    }
    create_folder(parent(path))?;
    match fs::create_dir(path) {
        Ok(()) => set_mode(path, 0o755).map_err(io_error("create", path)),
        // Another process was faster.
        Err(_) if path.is_dir() => Ok(()),
        Err(error) => Err(io_error("create", path)(error)),
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
    let exists = fs::symlink_metadata(dir).is_ok();
    let old = if exists { check_untouched(dir)? } else { BTreeMap::new() };
    let place = if exists { dir } else { parent(dir) };
    create_folder(place)?;
    let stage = tempfile::Builder::new()
        .prefix(TEMPORARY)
        .tempdir_in(place)
        .map_err(io_error("write into", place))?;
    for (path, bytes) in files {
        write_new(&stage.path().join(path.as_str()), bytes)?;
    }
    write_new(&stage.path().join(LISTING), listing(files).as_bytes())?;
    if exists {
        move_files(stage.path(), dir, files, &old)
    } else {
        set_mode(stage.path(), 0o755)
            .and_then(|()| fs::rename(stage.path(), dir))
            .map_err(io_error("create", dir))?;
        // It has moved: there is nothing left to remove.
        let _ = stage.keep();
        Ok(())
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

fn listing(files: &[(&ChartPath, &[u8])]) -> String {
    files.iter().map(|(path, bytes)| format!("{}  {path}\n", sha256_hex(bytes))).collect()
}

/// Moves a finished tree over an untouched one; the listing goes last.
fn move_files(
    stage: &Path,
    dir: &Path,
    files: &[(&ChartPath, &[u8])],
    old: &BTreeMap<String, String>,
) -> Result<(), Error> {
    for path in old.keys().filter(|old| files.iter().all(|(new, _)| new.as_str() != *old)) {
        let gone = dir.join(path);
        fs::remove_file(&gone).map_err(io_error("remove", &gone))?;
        let above = gone.ancestors().skip(1).take_while(|folder| *folder != dir);
        // A folder goes with its last file; one that holds more stays.
        above.take_while(|folder| fs::remove_dir(folder).is_ok()).for_each(drop);
    }
    for path in files.iter().map(|(path, _)| path.as_str()).chain([LISTING]) {
        let target = dir.join(path);
        create_folder(parent(&target))?;
        fs::rename(stage.join(path), &target).map_err(io_error("write", &target))?;
    }
    Ok(())
}

/// Writes a file of mode 0644 into a folder that nobody else writes to.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    create_folder(parent(path))?;
    fs::write(path, bytes).and_then(|()| set_mode(path, 0o644)).map_err(io_error("write", path))
}

fn replace_file(target: &Path, folder: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(folder)?;
    file.write_all(bytes)?;
    set_mode(file.path(), 0o644)?;
    file.persist(target).map_err(|failed| failed.error)?;
    Ok(())
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

    use super::{LISTING, create_folder, write_file, write_folder};
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
        create_folder(&place.path().join("a/b")).unwrap();
        create_folder(&place.path().join("a/b/")).unwrap();
        create_folder(Path::new(".")).unwrap();
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
