//! The tree of a commit, and where a path in it leads: symbolic links are followed as a file system follows them.

use std::collections::HashMap;
use std::io;
use std::path::{Component, Path};
use std::sync::OnceLock;

/// How many links a path may lead through, as in Linux (`path_resolution(7)`).
const MAX_LINKS: usize = 40;

/// What a commit has, by paths from the repository's root. Folders have no entry.
#[derive(Debug)]
pub(super) struct Tree(HashMap<String, Kind>);

#[derive(Debug)]
enum Kind {
    File,
    /// A symbolic link, and its target once it was asked for.
    Link(OnceLock<String>),
    Submodule,
}

/// The way from a path to what it stands for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Way {
    /// The links on the way.
    pub links: Vec<String>,
    /// Where it ends.
    pub end: End,
}

/// Where a way ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    /// At a file.
    File(String),
    /// At a folder, or at nothing.
    Elsewhere(String),
    /// Outside of the repository.
    Outside,
    /// In a submodule, which is a repository of its own.
    Submodule(String),
    /// Nowhere: the links lead round and round.
    Loop,
}

impl Tree {
    /// Reads what `git ls-tree -r -z` prints: <https://git-scm.com/docs/git-ls-tree#_output_format>.
    pub(super) fn of(listed: &str) -> Self {
        let entry = |line: &str| {
            let (kind, path) = line.split_once('\t')?;
            let kind = match kind.split_once(' ')?.0 {
                "120000" => Kind::Link(OnceLock::new()),
                "160000" => Kind::Submodule,
                _ => Kind::File,
            };
            Some((path.to_owned(), kind))
        };
        Self(listed.split_terminator('\0').filter_map(entry).collect())
    }

    /// The names of the files in a folder; `""` is the root.
    pub(super) fn names<'t>(&'t self, folder: &str) -> impl Iterator<Item = &'t str> {
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let files = self.0.iter().filter(|(_, kind)| !matches!(kind, Kind::Submodule));
        let below = files.filter_map(move |(path, _)| path.strip_prefix(&folder));
        below.filter(|name| !name.contains('/'))
    }

    /// Follows a path from the root. `read` tells the target of a link, once.
    ///
    /// # Errors
    /// Those of `read`.
    pub(super) fn follow(
        &self,
        path: &Path,
        read: impl Fn(&str) -> io::Result<String>,
    ) -> io::Result<Way> {
        let mut links: Vec<String> = Vec::new();
        let Some(mut ahead) = steps(path) else { return Ok(Way { links, end: End::Outside }) };
        let mut at: Vec<String> = Vec::new();
        let mut here = String::new();
        while let Some(step) = ahead.pop() {
            if step != ".." {
                at.push(step);
            } else if at.pop().is_none() {
                return Ok(Way { links, end: End::Outside });
            }
            here = at.join("/");
            match self.0.get(&here) {
                Some(Kind::Link(_)) if links.len() == MAX_LINKS => {
                    return Ok(Way { links, end: End::Loop });
                }
                Some(Kind::Link(known)) => {
                    if known.get().is_none() {
                        let _ = known.set(read(&here)?);
                    }
                    let target = known.get().map_or("", String::as_str);
                    links.push(here.clone());
                    let Some(steps) = steps(Path::new(target)) else {
                        return Ok(Way { links, end: End::Outside });
                    };
                    at.pop();
                    ahead.extend(steps);
                }
                Some(Kind::Submodule) => return Ok(Way { links, end: End::Submodule(here) }),
                Some(Kind::File) | None => {}
            }
        }
        let is_file = matches!(self.0.get(&here), Some(Kind::File));
        Ok(Way { links, end: if is_file { End::File(here) } else { End::Elsewhere(here) } })
    }
}

/// The names in a path, the first one last; `None` when it begins at the file system's root.
fn steps(path: &Path) -> Option<Vec<String>> {
    let mut steps = Vec::new();
    for part in path.components().rev() {
        match part {
            Component::Normal(name) => steps.push(name.to_string_lossy().into_owned()),
            Component::CurDir => {}
            Component::ParentDir => steps.push("..".to_owned()),
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(steps)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{End, Tree};

    /// Where a path ends, among these links with their targets, `real/a.yaml` and the submodule `sub`.
    fn end(path: &str, links: &[(&str, &str)]) -> End {
        let mut listed = "100644 blob 0\treal/a.yaml\x00160000 commit 0\tsub\0".to_owned();
        for (link, _) in links {
            listed += &format!("120000 blob 0\t{link}\0");
        }
        let read = |path: &str| {
            let (_, target) = links.iter().find(|(link, _)| *link == path).expect("a link is read");
            Ok((*target).to_owned())
        };
        Tree::of(&listed).follow(Path::new(path), read).expect("reading does not fail").end
    }

    fn file() -> End {
        End::File("real/a.yaml".to_owned())
    }

    #[test]
    fn a_path_without_links_is_its_own_end() {
        assert_eq!(end("real/a.yaml", &[]), file());
        assert_eq!(end("./x/../real/./a.yaml", &[]), file());
        assert_eq!(end("real", &[]), End::Elsewhere("real".to_owned()));
        assert_eq!(end("real/a.yaml/b", &[]), End::Elsewhere("real/a.yaml/b".to_owned()));
        assert_eq!(end("", &[]), End::Elsewhere(String::new()));
    }

    #[test]
    fn links_to_files_and_folders_are_followed_from_where_they_stand() {
        assert_eq!(end("b.yaml", &[("b.yaml", "real/a.yaml")]), file());
        assert_eq!(end("x/b.yaml", &[("x/b.yaml", "../real/a.yaml")]), file());
        assert_eq!(end("x/a.yaml", &[("x", "y"), ("y", "./real/")]), file());
        // The parent is that of the folder that the link leads to.
        assert_eq!(
            end("x/../real/a.yaml", &[("x", "deep/er")]),
            End::Elsewhere("deep/real/a.yaml".to_owned())
        );
    }

    #[test]
    fn what_leads_out_of_the_repository_is_told() {
        assert_eq!(end("../a.yaml", &[]), End::Outside);
        assert_eq!(end("/a.yaml", &[]), End::Outside);
        assert_eq!(end("b.yaml", &[("b.yaml", "/etc/a.yaml")]), End::Outside);
        assert_eq!(end("x/b.yaml", &[("x/b.yaml", "../../a.yaml")]), End::Outside);
        assert_eq!(end("sub/a.yaml", &[]), End::Submodule("sub".to_owned()));
    }

    #[test]
    fn links_in_a_circle_end() {
        assert_eq!(end("x", &[("x", "y"), ("y", "x")]), End::Loop);
        assert_eq!(end("x", &[("x", "x/x")]), End::Loop);
    }
}
