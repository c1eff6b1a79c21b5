//! Where input came from: the texts that were read, and a position in one of them.

use std::fmt;
use std::sync::Arc;

/// One text that values were read from: a file, standard input, a preset, or a `--set` argument.
#[derive(Clone, Debug)]
pub struct Source {
    /// What the user calls it: `values.yaml`, `<stdin>`, `preset nfs`, `--set`.
    pub name: Arc<str>,
    /// The whole text, for showing the offending line.
    pub text: Arc<str>,
    /// What the user counts its first line as: 1, unless it is a part of a longer text.
    pub first_line: u32,
}

/// Names one [`Source`] of a [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SourceId(pub u32);

/// All the texts of one run, in the order they were read. A clone shares the texts.
#[derive(Clone, Debug, Default)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// Adds a text and returns the id that positions in it carry.
    pub fn add(&mut self, name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> SourceId {
        self.add_part(name, text, 1)
    }

    /// The same for a part of a longer text that begins with this line of it.
    pub fn add_part(
        &mut self,
        name: impl Into<Arc<str>>,
        text: impl Into<Arc<str>>,
        first_line: u32,
    ) -> SourceId {
        let id = SourceId(u32::try_from(self.0.len()).expect("fewer than 2^32 sources"));
        self.0.push(Source { name: name.into(), text: text.into(), first_line });
        id
    }

    /// The source with this id.
    pub fn get(&self, id: SourceId) -> &Source {
        &self.0[id.0 as usize]
    }

    /// The line of a position as the user counts it.
    pub fn line(&self, origin: Origin) -> u32 {
        origin.line.saturating_add(self.get(origin.source).first_line - 1)
    }
}

/// A position in a source. Lines and columns count from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The text.
    pub source: SourceId,
    /// Line of that text, from 1; [`Sources::line`] knows how the user counts it.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// A position as shown to the user, with the line it points into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Name of the source.
    pub source: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// The text of that line; `None` where showing it could print a secret.
    pub text: Option<String>,
}

impl Location {
    /// Looks an origin up in its source.
    pub fn of(origin: Origin, sources: &Sources) -> Self {
        let source = sources.get(origin.source);
        let text = source.text.lines().nth(origin.line.saturating_sub(1) as usize);
        Self {
            source: source.name.to_string(),
            line: sources.line(origin),
            column: origin.column,
            text: text.map(str::to_owned),
        }
    }
}

impl Location {
    /// The part of the line around the column that fits into so many columns, and how many of them stand before the caret.
    /// `None` when the line is not to be shown. Control characters are blanks.
    pub fn excerpt(&self, width: usize) -> Option<(String, usize)> {
        let text = self.text.as_ref()?;
        let column = (self.column.max(1) - 1) as usize;
        let start = if column < width { 0 } else { column - width / 2 };
        let shown: String = text
            .chars()
            .skip(start)
            .take(width)
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        Some((shown.trim_end().to_owned(), column - start))
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.source, self.line, self.column)
    }
}
