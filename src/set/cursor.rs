//! A reader over one argument that knows where it stands and words its problems.

use crate::error::Problem;
use crate::secret::{follows_secret, mentions_secret};
use crate::source::{Location, Origin, SourceId, Sources};

/// The text of an argument and how far it has been read.
pub struct Cursor<'a> {
    sources: &'a Sources,
    text: &'a str,
    read: usize,
    at: Origin,
    secret: bool,
}

/// A piece of the argument with its escapes undone.
pub struct Piece {
    /// The text.
    pub text: String,
    /// Where it begins.
    pub origin: Origin,
}

impl<'a> Cursor<'a> {
    /// A reader at the beginning of a source.
    pub fn new(id: SourceId, sources: &'a Sources) -> Self {
        let text = sources.get(id).text.as_ref();
        let at = Origin { source: id, line: 1, column: 1 };
        Self { sources, text, read: 0, at, secret: mentions_secret(text) }
    }

    /// What has not been read yet.
    pub fn rest(&self) -> &'a str {
        &self.text[self.read..]
    }

    /// The next character, unread.
    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Where the next character stands.
    pub fn origin(&self) -> Origin {
        self.at
    }

    /// Reads one character.
    pub fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.read += c.len_utf8();
        if c == '\n' {
            self.at.line = self.at.line.saturating_add(1);
            self.at.column = 1;
        } else {
            self.at.column = self.at.column.saturating_add(1);
        }
        Some(c)
    }

    /// Reads the character if it is the next one.
    pub fn eat(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        if found {
            self.next();
        }
        found
    }

    /// Reads blanks.
    pub fn skip_blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.next();
        }
    }

    /// Reads up to one of `stops`, unread, or the end; a backslash takes the next character as is.
    ///
    /// # Errors
    /// A backslash at the very end. Helm drops it in silence, and the value with it is wrong.
    pub fn until(&mut self, stops: &[char]) -> Result<Piece, Problem> {
        let mut piece = Piece { text: String::new(), origin: self.at };
        while let Some(c) = self.peek().filter(|c| !stops.contains(c)) {
            let origin = self.at;
            self.next();
            match (c, self.peek()) {
                ('\\', Some(escaped)) => {
                    piece.text.push(escaped);
                    self.next();
                }
                ('\\', None) => {
                    return Err(self
                        .problem(origin, "the `\\` at the end escapes nothing")
                        .help("write `\\\\` for a backslash, or use `--set-literal`"));
                }
                _ => piece.text.push(c),
            }
        }
        Ok(piece)
    }

    /// Reads up to one of `stops`, unread, or the end; a backslash is an ordinary character.
    pub fn until_literal(&mut self, stops: &[char]) -> Piece {
        let mut piece = Piece { text: String::new(), origin: self.at };
        while let Some(c) = self.peek().filter(|c| !stops.contains(c)) {
            piece.text.push(c);
            self.next();
        }
        piece
    }

    /// Reads what is left of a broken assignment, and the comma after it.
    pub fn skip_past_comma(&mut self) {
        let mut escaped = false;
        while let Some(c) = self.next() {
            if c == ',' && !escaped {
                return;
            }
            escaped = c == '\\' && !escaped;
        }
    }

    /// A problem at a place of the argument, which is shown only when it names no secret.
    pub fn problem(&self, origin: Origin, message: impl Into<String>) -> Problem {
        let mut location = Location::of(origin, self.sources);
        if self.secret {
            location.text = None;
        }
        Problem::new(message).at(location)
    }

    /// `expected WHAT, found …` at the next character.
    pub fn expected(&self, what: &str) -> Problem {
        self.problem(self.at, format!("expected {what}, found {}", self.found()))
    }

    /// A piece of the argument for a message: ` ` and the text in backticks, or nothing when the
    /// argument names a secret, since a comma in a password makes a key of what follows.
    pub fn quoted(&self, text: &str) -> String {
        if self.secret { String::new() } else { format!(" `{}`", text.escape_debug()) }
    }

    /// Whether a key may be a part of a secret that has a comma.
    pub fn follows_secret(&self, key: Origin) -> bool {
        follows_secret(key, self.sources)
    }

    /// A piece of the argument as what was found instead of something better.
    pub fn instead(&self, text: &str) -> String {
        match self.quoted(text) {
            hidden if hidden.is_empty() => "something else".to_owned(),
            _ if text.is_empty() => "nothing".to_owned(),
            shown => shown.trim_start().to_owned(),
        }
    }

    /// A position anywhere in the sources, as `values.yaml:3:4`.
    pub fn place(&self, origin: Origin) -> String {
        Location::of(origin, self.sources).to_string()
    }

    fn found(&self) -> String {
        match self.peek() {
            None => "the end".to_owned(),
            Some(_) if self.secret => "something else".to_owned(),
            Some(c) => format!("`{}`", c.escape_debug()),
        }
    }
}
