//! A fleet's files at a revision of its Git repository, read by the `git` program.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use crate::error::{Error, Problem};
use crate::fleet::{Files, Past};

/// A commit, seen from a fleet file's folder.
#[derive(Debug)]
pub(super) struct Revision {
    /// As the user wrote it.
    name: String,
    /// The commit that this was when the run began.
    commit: String,
    folder: PathBuf,
    /// The way from the repository's root to the folder: empty, or with `/` at its end.
    prefix: String,
    /// The files that it has, by their paths from the root.
    files: HashSet<String>,
    /// The files of it that are not now what they were.
    changed: HashSet<String>,
    reader: Mutex<Option<Reader>>,
}

/// A `git cat-file --batch`, which answers names with contents.
#[derive(Debug)]
struct Reader {
    child: Child,
    names: ChildStdin,
    contents: BufReader<ChildStdout>,
}

impl Revision {
    /// Finds a revision of the repository that a fleet file is in.
    ///
    /// # Errors
    /// [`Error::Invalid`] when there is no repository or no such revision, [`Error::Io`] when `git` cannot be run.
    pub(super) fn open(file: &Path, name: &str) -> Result<Self, Error> {
        let folder = match file.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        let prefix = git(&folder, &["rev-parse", "--show-prefix"])?.map_err(|said| {
            Problem::new(format!("`{}` is in no Git repository: {said}", file.display()))
        })?;
        let commit = format!("{name}^{{commit}}");
        let commit = git(&folder, &["rev-parse", "--verify", "--end-of-options", &commit])?;
        let commit = commit.map_err(|_| {
            Problem::new(format!("the repository has no revision `{name}`")).help(
                "fetch it first; CI services clone only the last commit unless told otherwise (`fetch-depth: 0`, `GIT_DEPTH: 0`)",
            )
        })?;
        let commit = commit.trim_end();
        let names = |arguments: &[&str]| -> Result<HashSet<String>, Error> {
            let listed = git(&folder, arguments)?.map_err(Problem::new)?;
            Ok(listed.split_terminator('\0').map(str::to_owned).collect())
        };
        let files = names(&["ls-tree", "-r", "-z", "--name-only", "--full-tree", commit])?;
        let changed = names(&[
            "diff",
            "--name-only",
            "-z",
            "--no-renames",
            "--no-ext-diff",
            "--no-relative",
            commit,
            "--",
        ])?;
        Ok(Self {
            name: name.to_owned(),
            commit: commit.to_owned(),
            folder,
            prefix: prefix.trim_end_matches(['\r', '\n']).to_owned(),
            files,
            changed,
            reader: Mutex::new(None),
        })
    }

    /// A path from the repository's root; `None` for one that leaves it.
    fn in_repository(&self, path: &str) -> Option<String> {
        let mut parts: Vec<&OsStr> = Vec::new();
        for part in Path::new(&self.prefix).components().chain(Path::new(path).components()) {
            match part {
                Component::Normal(name) => parts.push(name),
                Component::CurDir => {}
                Component::ParentDir => drop(parts.pop()?),
                Component::RootDir | Component::Prefix(_) => return None,
            }
        }
        let parts: Option<Vec<&str>> = parts.into_iter().map(OsStr::to_str).collect();
        Some(parts?.join("/"))
    }

    fn content(&self, path: &str) -> io::Result<Vec<u8>> {
        let missing = || io::Error::from(ErrorKind::NotFound);
        let path = self
            .in_repository(path)
            .filter(|path| self.files.contains(path))
            .ok_or_else(missing)?;
        if path.contains('\n') {
            return Err(ErrorKind::InvalidFilename.into());
        }
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let reader = match &mut *reader {
            Some(reader) => reader,
            none => none.insert(Reader::start(&self.folder)?),
        };
        reader.content(&format!("{}:{path}", self.commit))
    }
}

impl Reader {
    fn start(folder: &Path) -> io::Result<Self> {
        let mut command = Command::new("git");
        command.current_dir(folder).args(["cat-file", "--batch"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (Some(names), Some(contents)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(ErrorKind::BrokenPipe.into());
        };
        Ok(Self { child, names, contents: BufReader::new(contents) })
    }

    /// The content of an object: <https://git-scm.com/docs/git-cat-file#_batch_output>.
    fn content(&mut self, name: &str) -> io::Result<Vec<u8>> {
        writeln!(self.names, "{name}")?;
        self.names.flush()?;
        let mut head = String::new();
        self.contents.read_line(&mut head)?;
        let size = head.trim_end().rsplit_once(" blob ").and_then(|(_, size)| size.parse().ok());
        let Some(size) = size else { return Err(ErrorKind::NotFound.into()) };
        let mut content = Vec::new();
        (&mut self.contents).take(size).read_to_end(&mut content)?;
        self.contents.read_exact(&mut [0])?;
        Ok(content)
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        // It waits for names for ever otherwise.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Files for Revision {
    fn read(&self, path: &str) -> Result<Vec<u8>, Error> {
        let shown = self.shown(path);
        self.content(path).map_err(|source| Error::Io {
            action: "read",
            path: shown.into(),
            source,
        })
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, Error> {
        let Some(folder) = self.in_repository(folder) else { return Ok(Vec::new()) };
        let folder = if folder.is_empty() { folder } else { folder + "/" };
        let below = self.files.iter().filter_map(|path| path.strip_prefix(&folder));
        Ok(below.filter(|name| !name.contains('/')).map(str::to_owned).collect())
    }

    fn has(&self, path: &str) -> bool {
        self.in_repository(path).is_some_and(|path| self.files.contains(&path))
    }

    fn shown(&self, path: &str) -> String {
        format!("{}:{}", self.name, self.in_repository(path).unwrap_or_else(|| path.to_owned()))
    }
}

impl Past for Revision {
    fn differs(&self, path: &str) -> bool {
        match self.in_repository(path) {
            Some(known) if self.files.contains(&known) => self.changed.contains(&known),
            // Whatever is there now was not there then, or nobody knows.
            _ => self.folder.join(path).exists(),
        }
    }
}

/// What `git` prints, or what it says when it fails.
fn git(folder: &Path, arguments: &[&str]) -> Result<Result<String, String>, Error> {
    let output = Command::new("git").current_dir(folder).args(arguments).output();
    let output =
        output.map_err(|source| Error::Io { action: "run", path: "git".into(), source })?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        return Ok(Ok(text(&output.stdout)));
    }
    Ok(Err(text(&output.stderr).lines().next().unwrap_or_default().to_owned()))
}
