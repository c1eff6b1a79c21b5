//! What can go wrong, and the words for it: where, what, and what to do.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::source::Location;

/// Whether the user's input or the world around is at fault; decides the exit code.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input is wrong in one or more places. Exit code 2.
    #[error("{}", Problems(.0))]
    Invalid(Vec<Problem>),
    /// A file that an argument names could not be read, and maybe more is wrong. Exit code 3.
    #[error("{}", Problems(.0))]
    Unread(Vec<Problem>),
    /// A file or a stream could not be read or written. Exit code 3.
    #[error("cannot {action} `{}`: {source}", path.display())]
    Io {
        /// `read`, `write`, `create`, …
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A registry, or a program that keeps logins, could not be reached or refuses. Exit code 3.
    #[error("{0}")]
    Registry(Problem),
    /// A template could not be rendered: a fault of this program. Exit code 3.
    #[error("cannot render the templates\n{0}")]
    Template(String),
}

impl Error {
    /// The exit code of the process: 2 for wrong input, 3 for the world.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Invalid(_) => 2,
            Self::Unread(_) | Self::Io { .. } | Self::Registry(_) | Self::Template(_) => 3,
        }
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Invalid(vec![problem])
    }
}

/// One thing that is wrong with the input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem {
    /// Where it stands, when it stands in a text.
    pub location: Option<Location>,
    /// The key's path, `forguncy.scaling.replicas`; empty when there is none.
    pub path: String,
    /// What is wrong: lower case, no full stop, names in backticks.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Problem {
    /// A problem without a place.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::default() }
    }

    /// The same problem at a place.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        self.location = Some(location);
        self
    }

    /// The same problem with a way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same problem of a key.
    #[must_use]
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }
}

/// `values.yaml:12:3: forguncy.port: expected …`, the line with a caret below it, and the help.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(location) = &self.location {
            write!(f, "{location}: ")?;
        }
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        write!(f, "{}", self.message)?;
        if let Some(location) = &self.location
            && let Some((shown, caret)) = location.excerpt(SNIPPET_WIDTH)
        {
            let (line, width) = (location.line, location.line.to_string().len());
            write!(f, "\n  {line} | {shown}\n  {:width$} | {:caret$}^", "", "")?;
        }
        if let Some(help) = &self.help {
            write!(f, "\n  help: {help}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}

/// A terminal's width; longer source lines are cut around the caret.
const SNIPPET_WIDTH: usize = 100;

struct Problems<'a>(&'a [Problem]);

impl fmt::Display for Problems<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.0.iter().enumerate() {
            if i > 0 {
                write!(f, "\nerror: ")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}
