//! From the parser's positions, which count characters, to places in the text.

use saphyr_parser::{Marker, Span};

/// A place in a text that only moves forward, so that a whole text is counted through once.
#[derive(Clone)]
pub struct Cursor<'a> {
    text: &'a str,
    byte: usize,
    index: usize,
}

impl<'a> Cursor<'a> {
    /// The start of a text.
    pub fn new(text: &'a str) -> Self {
        Self { text, byte: 0, index: 0 }
    }

    /// The text from here on.
    pub fn rest(&self) -> &'a str {
        &self.text[self.byte..]
    }

    /// The position of this place, in the parser's terms.
    pub fn marker(&self) -> Marker {
        let before = &self.text[..self.byte];
        let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count());
        Marker::new(self.index, before.matches('\n').count() + 1, column)
    }

    /// Moves to a position; one that lies behind leaves the cursor where it is, and says so.
    pub fn seek(&mut self, marker: Marker) -> bool {
        let Some(chars) = marker.index().checked_sub(self.index) else { return false };
        let rest = self.rest();
        self.byte += rest.char_indices().nth(chars).map_or(rest.len(), |(at, _)| at);
        self.index = marker.index();
        true
    }

    /// Moves on by a number of bytes of the rest.
    pub fn skip(&mut self, bytes: usize) {
        self.index += self.rest()[..bytes].chars().count();
        self.byte += bytes;
    }

    /// What stands in a span that does not lie behind; the cursor stops at its start.
    pub fn slice(&mut self, span: Span) -> &'a str {
        if !self.seek(span.start) {
            return "";
        }
        let rest = self.rest();
        let end = rest.char_indices().nth(span.len()).map_or(rest.len(), |(at, _)| at);
        &rest[..end]
    }
}
