//! A fleet's files at a revision of its Git repository, read by the `git` program.

use std::collections::HashSet;
use std::env;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::path::{self, Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use super::tree::{End, Tree, Way};
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
    tree: Tree,
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
        let listed = |arguments: &[&str]| -> Result<String, Error> {
            Ok(git(&folder, arguments)?.map_err(Problem::new)?)
        };
        let tree = Tree::of(&listed(&["ls-tree", "-r", "-z", "--full-tree", commit])?);
        let changed = listed(&[
            "diff",
            "--name-only",
            "-z",
            "--no-renames",
            "--no-ext-diff",
            "--no-relative",
            commit,
            "--",
        ])?;
        let up = listed(&["rev-parse", "--show-cdup"])?;
        let root = folder.join(up.trim_end_matches(['\r', '\n']));
        let files = listed(&["ls-files", "-v", "-z", "--full-name", ":/"])?;
        let unseen = unseen(&files).filter(|path| root.join(path).exists());
        let changed = changed.split_terminator('\0').chain(unseen).map(str::to_owned).collect();
        Ok(Self {
            name: name.to_owned(),
            commit: commit.to_owned(),
            folder,
            prefix: prefix.trim_end_matches(['\r', '\n']).to_owned(),
            tree,
            changed,
            reader: Mutex::new(None),
        })
    }

    /// Where a path led.
    fn follow(&self, path: &str) -> io::Result<Way> {
        let target = |link: &str| {
            let target = self.blob(link)?;
            String::from_utf8(target).map_err(|_| ErrorKind::InvalidFilename.into())
        };
        self.tree.follow(&Path::new(&self.prefix).join(path), target)
    }

    fn blob(&self, path: &str) -> io::Result<Vec<u8>> {
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

    /// Why there is nothing to read at an end, when nobody knows what was there.
    fn unknown(&self, path: &str, way: &Way) -> Option<Problem> {
        let shown = self.shown(path);
        let message = match (&way.end, way.links.last()) {
            (End::Outside, Some(link)) => format!(
                "`{shown}` leads out of the repository, by the symbolic link `{link}`: what it was then is not known"
            ),
            (End::Outside, None) => {
                format!(
                    "`{path}` is not in the repository: what it was at `{}` is not known",
                    self.name
                )
            }
            (End::Submodule(folder), _) => {
                format!("`{shown}` is in the submodule `{folder}`: what it was then is not read")
            }
            (End::File(_) | End::Elsewhere(_) | End::Loop, _) => return None,
        };
        Some(Problem::new(message).help(
            "keep it in the repository itself, or compare with a fleet file that has its old state beside it: `--against FILE`",
        ))
    }

    fn io(&self, path: &str, source: io::Error) -> Error {
        Error::Io { action: "read", path: self.shown(path).into(), source }
    }
}

impl Reader {
    fn start(folder: &Path) -> io::Result<Self> {
        let mut command = command(folder);
        command.args(["cat-file", "--batch"]);
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
        let way = self.follow(path).map_err(|source| self.io(path, source))?;
        if let Some(problem) = self.unknown(path, &way) {
            return Err(problem.into());
        }
        let content = match &way.end {
            End::File(path) => self.blob(path),
            _ => Err(io::Error::new(ErrorKind::NotFound, "the revision has no such file")),
        };
        content.map_err(|source| self.io(path, source))
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, Error> {
        let way = self.follow(folder).map_err(|source| self.io(folder, source))?;
        if let Some(problem) = self.unknown(folder, &way) {
            return Err(problem.into());
        }
        Ok(match &way.end {
            End::Elsewhere(folder) => self.tree.names(folder).map(str::to_owned).collect(),
            _ => Vec::new(),
        })
    }

    fn has(&self, path: &str) -> bool {
        self.follow(path).is_ok_and(|way| matches!(way.end, End::File(_)))
    }

    fn shown(&self, path: &str) -> String {
        if Path::new(path).is_absolute() {
            return path.to_owned();
        }
        let mut names: Vec<&str> = Vec::new();
        for name in self.prefix.split('/').chain(path.split('/')) {
            match name {
                "" | "." => {}
                ".." if names.last().is_some_and(|last| *last != "..") => drop(names.pop()),
                name => names.push(name),
            }
        }
        format!("{}:{}", self.name, names.join("/"))
    }
}

impl Past for Revision {
    fn differs(&self, path: &str) -> bool {
        match self.follow(path) {
            Ok(Way { links, .. }) if links.iter().any(|link| self.changed.contains(link)) => true,
            Ok(Way { end: End::File(file), .. }) => self.changed.contains(&file),
            // Nobody knows what was there, and maybe it is gone.
            Ok(Way { links, end: End::Outside | End::Submodule(_) }) if !links.is_empty() => true,
            // Whatever is there now was not there then, or nobody knows.
            _ => self.folder.join(path).exists(),
        }
    }
}

/// The files whose changes Git does not look for, `skip-worktree` (`S`) and `assume-unchanged` (a small letter):
/// <https://git-scm.com/docs/git-ls-files>, `-v`.
fn unseen(files: &str) -> impl Iterator<Item = &str> {
    let files = files.split_terminator('\0').filter_map(|line| line.split_once(' '));
    files
        .filter(|(tag, _)| *tag == "S" || tag.starts_with(char::is_lowercase))
        .map(|(_, path)| path)
}

/// A `git` in a folder. What hooks and scripts say of the repository, they say from the current one:
/// <https://git-scm.com/docs/git#_the_git_repository>.
fn command(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.current_dir(folder);
    let said = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
    if let Some(repository) = said("GIT_DIR") {
        let tree = said("GIT_WORK_TREE").unwrap_or(".".into());
        let index = said("GIT_INDEX_FILE").map(|index| ("GIT_INDEX_FILE", index));
        let paths = [("GIT_DIR", repository), ("GIT_WORK_TREE", tree)].into_iter().chain(index);
        for (name, path) in paths {
            command.env(name, path::absolute(&path).unwrap_or(path.into()));
        }
    }
    command
}

/// What `git` prints, or what it says when it fails.
fn git(folder: &Path, arguments: &[&str]) -> Result<Result<String, String>, Error> {
    let output = command(folder).args(arguments).output();
    let output =
        output.map_err(|source| Error::Io { action: "run", path: "git".into(), source })?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        return Ok(Ok(text(&output.stdout)));
    }
    Ok(Err(text(&output.stderr).lines().next().unwrap_or_default().to_owned()))
}
