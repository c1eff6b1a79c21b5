//! A guard in front of the parser. The parser reads a whole `[…]` ahead, in time that grows with
//! the square of its depth, so the depth is measured before the parser comes there.

use saphyr_parser::Marker;

use super::cursor::Cursor;

/// Follows the parser through a text.
pub struct Guard<'a> {
    /// What is checked so far.
    checked: Cursor<'a>,
    max_depth: usize,
}

/// The list or map that begins here is nested too deeply.
pub struct TooDeep(pub Marker);

impl<'a> Guard<'a> {
    /// A guard at the start of `text`.
    pub fn new(text: &'a str, max_depth: usize) -> Self {
        Self { checked: Cursor::new(text), max_depth }
    }

    /// Looks at the node that follows `end`, where the parser's last event ended.
    ///
    /// # Errors
    /// The node is in brackets, and nested too deeply.
    pub fn check(&mut self, end: Marker) -> Result<(), TooDeep> {
        if !self.checked.seek(end) {
            return Ok(());
        }
        self.checked.skip(before_node(self.checked.rest()));
        if self.checked.rest().starts_with(['[', '{']) {
            let length = length(self.checked.rest(), self.max_depth)
                .ok_or_else(|| TooDeep(self.checked.marker()))?;
            self.checked.skip(length);
        }
        Ok(())
    }
}

/// The bytes before a node: space, indicators, comments, anchors and tags.
fn before_node(text: &str) -> usize {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || "-?:,".contains(c));
        let end = match rest.as_bytes().first() {
            Some(b'#') => rest.find('\n'),
            Some(b'&' | b'!') => rest.find(|c: char| c.is_ascii_whitespace()),
            _ => return text.len() - rest.len(),
        };
        rest = &rest[end.unwrap_or(rest.len())..];
    }
}

/// The bytes up to the bracket that closes the first one, or all when none does; `None` when it is
/// nested deeper than `max_depth`.
fn length(text: &str, max_depth: usize) -> Option<usize> {
    let (mut depth, mut plain, mut space) = (0, false, false);
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '[' | '{' if depth == max_depth => return None,
            '[' | '{' => (depth, plain) = (depth + 1, false),
            ']' | '}' if depth <= 1 => return Some(at + 1),
            ']' | '}' => (depth, plain) = (depth - 1, false),
            ',' => plain = false,
            ':' => {
                let next = chars.peek().is_none_or(|(_, c)| " \t\r\n,[]{}".contains(*c));
                plain = plain && !next;
            }
            '#' if space => while chars.next_if(|(_, c)| *c != '\n').is_some() {},
            // A quote quotes only where a scalar begins.
            '"' if !plain => {
                while let Some((_, c)) = chars.next_if(|(_, c)| *c != '"') {
                    if c == '\\' {
                        chars.next();
                    }
                }
                chars.next();
            }
            '\'' if !plain => {
                while chars.next_if(|(_, c)| *c != '\'').is_some() {}
                chars.next();
            }
            _ => plain = plain || !c.is_ascii_whitespace(),
        }
        space = c.is_ascii_whitespace();
    }
    Some(text.len())
}

#[cfg(test)]
mod tests {
    use super::{before_node, length};

    #[test]
    fn skips_what_stands_before_a_node() {
        for (text, node) in [
            ("[", "["),
            (" - - # [\n  &a !t {", "{"),
            (": [a]", "[a]"),
            ("key: [", "key: ["),
            ("|\n [", "|\n ["),
            ("# [", ""),
            ("", ""),
            ("\"[\"", "\"[\""),
        ] {
            assert_eq!(&text[before_node(text)..], node, "{text}");
        }
    }

    #[test]
    fn measures_a_flow_collection_to_its_end() {
        for (text, end) in [
            ("[a, [b]] c", "[a, [b]]"),
            ("[']', \"\\\"]\"] c", "[']', \"\\\"]\"]"),
            ("[it's ]", "[it's ]"),
            ("{a: 'it''s ]'} ]", "{a: 'it''s ]'}"),
            ("{a: ']'} ]", "{a: ']'}"),
            ("[ # ]\n a#]", "[ # ]\n a#]"),
            ("[a", "[a"),
        ] {
            assert_eq!(length(text, 2), Some(end.len()), "{text}");
        }
        assert_eq!(length("[[[a]]]", 2), None);
    }
}
