//! The texts of Kubernetes' types and kinds, and where in them what is: found out while compiling, so that a run only looks.
//!
//! `docs/kubernetes.md` tells the form of the texts and how they are made.

use super::index::{EMPTY, Index, hash_part};
use crate::lines::{count, lines, marked};

pub(super) const TYPES: &str = include_str!("../../kubernetes/types.txt");
pub(super) const KINDS: &str = include_str!("../../kubernetes/kinds.txt");

/// The lines of [`TYPES`].
pub(super) static LINES: [Line; count(TYPES, b'\n')] = type_lines();
/// Which of them begin a type.
pub(super) static HEADS: [u16; count(TYPES, b'#')] = marked(TYPES, b'#');
/// Which of them are fields that some version requires.
pub(super) static REQUIRED: [u16; count(TYPES, b'!')] = marked(TYPES, b'!');
/// [`HEADS`] by name.
pub(super) static TYPES_BY_NAME: Index<4096> = types_by_name();
/// The first line of each field, by the line that begins its type and by its name.
pub(super) static FIELDS_BY_NAME: Index<8192> = fields_by_name();
/// Where the lines of [`KINDS`] begin.
pub(super) static KIND_LINES: [u32; count(KINDS, b'\n')] = lines(KINDS);
/// [`KIND_LINES`] by API version and name, with `/` between.
pub(super) static KINDS_BY_NAME: Index<1024> = kinds_by_name();

/// A line of [`TYPES`].
#[derive(Clone, Copy)]
pub(super) struct Line {
    /// Where its name begins: behind a blank, or behind `# `.
    pub start: u32,
    /// How long its name is, in bytes.
    pub name: u8,
    /// How long its kind is.
    pub kind: u8,
}

/// Where a word ends that begins at a place of a text.
const fn end(text: &[u8], mut at: usize) -> usize {
    while !matches!(text[at], b' ' | b'!' | b'\n') {
        at += 1;
    }
    at
}

const fn type_lines<const N: usize>() -> [Line; N] {
    let text = TYPES.as_bytes();
    let starts: [u32; N] = lines(TYPES);
    let mut lines = [Line { start: 0, name: 0, kind: 0 }; N];
    let mut line = 0;
    while line < N {
        let start = starts[line] as usize + 1;
        let start = start + (text[start] == b' ') as usize;
        let name = end(text, start);
        let kind = name + 1 + (text[name] == b'!') as usize;
        let kind_end = if text[name] == b'\n' { kind } else { end(text, kind) };
        lines[line] =
            Line { start: start as u32, name: (name - start) as u8, kind: (kind_end - kind) as u8 };
        line += 1;
    }
    lines
}

const fn types_by_name<const SLOTS: usize>() -> Index<SLOTS> {
    let mut index = Index::new();
    let mut at = 0;
    while at < HEADS.len() {
        let Line { start, name, .. } = LINES[HEADS[at] as usize];
        let (start, end) = (start as usize, start as usize + name as usize);
        index.add(hash_part(EMPTY, TYPES.as_bytes(), start, end), at as u16);
        at += 1;
    }
    index
}

const fn fields_by_name<const SLOTS: usize>() -> Index<SLOTS> {
    let text = TYPES.as_bytes();
    let mut index = Index::new();
    let (mut line, mut head, mut before) = (0, 0, 0);
    while line < LINES.len() {
        let Line { start, name, .. } = LINES[line];
        let (start, end) = (start as usize, start as usize + name as usize);
        if text[start - 2] == b'#' {
            (head, before) = (line as u32, 0);
        } else {
            let name = hash_part(head, text, start, end);
            // Lines of one name follow each other, and the first is enough; two names of one hash are further apart.
            if name != before {
                index.add(name, line as u16);
            }
            before = name;
        }
        line += 1;
    }
    index
}

const fn kinds_by_name<const SLOTS: usize>() -> Index<SLOTS> {
    let text = KINDS.as_bytes();
    let mut index = Index::new();
    let mut at = 0;
    while at < KIND_LINES.len() {
        let start = KIND_LINES[at] as usize;
        index.add(hash_part(EMPTY, text, start, end(text, start)), at as u16);
        at += 1;
    }
    index
}

/// The name that a line of [`TYPES`] begins with.
pub(super) fn name_of(line: usize) -> &'static str {
    let Line { start, name, .. } = LINES[line];
    &TYPES[start as usize..start as usize + usize::from(name)]
}
