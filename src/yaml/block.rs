//! The short way through plain YAML: maps and lists in block style, scalars of one line and literal blocks, as Helm, kubectl and we
//! print them.
//!
//! It reads what it is sure of and leaves everything else, mistakes included, to the parser: it has no words for them. What it
//! reads is what the parser would have read, places included; tests compare the two. It takes a third of the instructions.

use std::borrow::Cow;

use memchr::memchr;
use smol_str::SmolStr;

use super::scalar::{Scalar, resolve};
use crate::node::{Entry, Map, Node, Value};
use crate::source::{Origin, SourceId};

/// Longer texts go to the parser, which counts values against its limit: these cannot hold so many.
const MAX_BYTES: usize = 256 * 1024;

/// Deeper trees go to the parser, which has a limit for them.
const MAX_DEPTH: usize = 50;

/// Reads a stream of documents; empty ones are left out. `None` when the parser has to read it.
pub fn stream(source: SourceId, text: &str) -> Option<Vec<Node>> {
    let mut documents = Vec::new();
    // Of plain objects, lines have some 30 bytes.
    let mut lines = Vec::with_capacity(text.len() / 30);
    if text.len() > MAX_BYTES {
        return None;
    }
    let mut unread = Unread { number: 0, text };
    while let Some(line) = unread.next() {
        if line == "---" {
            documents.extend(document(source, &mut lines)?);
        } else if let Some(line) = Line::new(unread.number, line)? {
            let literal = unread.literal(&line);
            lines.push(Line { literal, ..line });
        }
    }
    documents.extend(document(source, &mut lines)?);
    Some(documents)
}

/// What has not been read of a text.
#[derive(Clone, Copy)]
struct Unread<'a> {
    /// The number of the line before it.
    number: u32,
    text: &'a str,
}

impl<'a> Iterator for Unread<'a> {
    type Item = &'a str;

    /// The next line, without its end.
    fn next(&mut self) -> Option<&'a str> {
        let (line, text) = match memchr(b'\n', self.text.as_bytes()) {
            Some(end) => (&self.text[..end], &self.text[end + 1..]),
            None if self.text.is_empty() => return None,
            None => (self.text, ""),
        };
        *self = Self { number: self.number + 1, text };
        Some(line)
    }
}

impl<'a> Unread<'a> {
    /// The lines of the literal block that begins in a line: those that are empty, or deeper than its key or dash.
    fn literal(&mut self, line: &Line<'a>) -> &'a str {
        let (text, mut left) = (self.text, line.text);
        if !(left.ends_with(": |") || left.ends_with("- |")) {
            return "";
        }
        while let Some(item) = left.strip_prefix("- ").filter(|item| item.len() > 1) {
            left = item.trim_start_matches(' ');
        }
        let around = line.indent + line.text.len() - left.len();
        let mut ahead = *self;
        while let Some(line) = ahead.next() {
            let indent = line.len() - line.trim_start_matches(' ').len();
            if indent <= around && indent < line.len() {
                break;
            }
            *self = ahead;
        }
        &text[..text.len() - self.text.len()]
    }
}

/// A line that holds something.
#[derive(Clone, Copy)]
struct Line<'a> {
    number: u32,
    /// Spaces before the text; in a list's item, the characters before it.
    indent: usize,
    text: &'a str,
    /// The lines below it that belong to a literal block.
    literal: &'a str,
}

impl<'a> Line<'a> {
    /// `Some(None)` for a line that holds nothing, `None` for one that is for the parser.
    #[allow(clippy::option_option)]
    fn new(number: u32, line: &'a str) -> Option<Option<Self>> {
        let indent = line.bytes().take_while(|b| *b == b' ').count();
        let text = line[indent..].trim_end_matches(' ');
        if text.is_empty() || text.starts_with('#') {
            // A tab or the like may follow the sign; a comment holds what it will.
            return Some(None);
        }
        let marks = ["---", "...", "%"];
        if indent == 0 && marks.iter().any(|mark| text.starts_with(mark)) {
            return None;
        }
        Some(Some(Self { number, indent, text, literal: "" }))
    }

    fn is_item(&self) -> bool {
        self.text == "-" || self.text.starts_with("- ")
    }
}

/// Reads the gathered lines, if there are any, as one document.
#[allow(clippy::option_option)]
fn document(source: SourceId, lines: &mut Vec<Line<'_>>) -> Option<Option<Node>> {
    let Some(first) = lines.first() else { return Some(None) };
    let indent = first.indent;
    let mut block =
        Block { source, lines, at: 0, depth: 0, entries: Vec::new(), items: Vec::new() };
    let node = block.node(indent)?;
    let whole = block.at == block.lines.len();
    lines.clear();
    whole.then_some(Some(node))
}

struct Block<'a, 'l> {
    source: SourceId,
    lines: &'l mut [Line<'a>],
    at: usize,
    depth: usize,
    /// The entries of the maps around, as far as they have been read.
    entries: Vec<(SmolStr, Entry)>,
    /// The items of the lists around.
    items: Vec<Node>,
}

impl<'a> Block<'a, '_> {
    /// Reads the map or list whose lines begin at an indentation.
    fn node(&mut self, indent: usize) -> Option<Node> {
        self.depth += 1;
        let first = self.lines.get(self.at)?;
        let node = match first.is_item() {
            _ if self.depth > MAX_DEPTH => None,
            true => self.list(indent),
            false => self.map(indent),
        };
        self.depth -= 1;
        node
    }

    fn map(&mut self, indent: usize) -> Option<Node> {
        let start = self.entries.len();
        let mut origin = None;
        while let Some(line) = self.lines.get(self.at).copied() {
            if line.indent != indent || line.is_item() {
                break;
            }
            let (key, written, rest) = split_key(line.text)?;
            let key_origin = self.origin(line.number, indent);
            origin.get_or_insert(key_origin);
            self.at += 1;
            let node = if rest.is_empty() {
                self.below(indent, key_origin)?
            } else {
                let before = line.text.len() - rest.len() - written + chars(&line.text[..written]);
                self.scalar(rest, self.origin(line.number, indent + before), indent)?
            };
            self.entries.push((key.into(), Entry { key_origin: Some(key_origin), node }));
        }
        let count = self.entries.len() - start;
        let map: Map = self.entries.drain(start..).collect();
        if map.len() < count {
            // A key is there twice.
            return None;
        }
        // A line that stands deeper than the map would go on with its last value, or is a mistake.
        Some(Node::new(Value::Map(map), Some(origin?)))
    }

    /// What stands below a key: deeper lines, or a list whose items are as deep as the key.
    fn below(&mut self, indent: usize, key_origin: Origin) -> Option<Node> {
        match self.lines.get(self.at) {
            Some(next) if next.indent > indent => self.node(next.indent),
            Some(next) if next.indent == indent && next.is_item() => {
                let item = next.text.strip_prefix("- ")?.trim_start_matches(' ');
                // The parser sees such a list begin with its first item.
                let origin = self.origin(next.number, indent + next.text.len() - item.len());
                self.node(indent).map(|list| Node { origin: Some(origin), ..list })
            }
            _ => Some(Node::new(Value::Null, Some(key_origin))),
        }
    }

    fn list(&mut self, indent: usize) -> Option<Node> {
        let start = self.items.len();
        let origin = self.origin(self.lines.get(self.at)?.number, indent);
        while let Some(line) = self.lines.get(self.at).copied() {
            if line.indent != indent || !line.is_item() {
                break;
            }
            let text = line.text.strip_prefix("- ")?.trim_start_matches(' ');
            let inner = Line { indent: indent + line.text.len() - text.len(), text, ..line };
            if inner.is_item() {
                return None;
            }
            let item = match split_key(text) {
                Some(_) => {
                    // The item is a map whose first key stands behind the dash.
                    self.lines[self.at] = inner;
                    self.node(inner.indent)?
                }
                None => {
                    self.at += 1;
                    self.scalar(text, self.origin(line.number, inner.indent), indent)?
                }
            };
            self.items.push(item);
        }
        let items = self.items.drain(start..).collect();
        Some(Node::new(Value::List(items), Some(origin)))
    }

    /// A scalar that ends with its line; deeper lines would go on with it.
    fn scalar(&self, text: &str, origin: Origin, indent: usize) -> Option<Node> {
        if self.lines.get(self.at).is_some_and(|next| next.indent > indent) {
            return None;
        }
        let Line { number, literal, .. } = *self.lines.get(self.at.checked_sub(1)?)?;
        if !literal.is_empty() {
            let (above, before, text) = literal_text(literal).filter(|_| text == "|")?;
            let origin = self.origin(number + 1 + above, before);
            return Some(Node::new(Value::String(text.into()), Some(origin)));
        }
        let value = match text.as_bytes()[0] {
            b'"' => Value::String(quoted(text)?.into()),
            b'\'' => Value::String(single_quoted(text)?.into()),
            b'{' if text == "{}" => Value::Map(Map::new()),
            b'[' if text == "[]" => Value::List(Vec::new()),
            _ => plain(text)?,
        };
        Some(Node::new(value, Some(origin)))
    }

    /// The place behind this many characters of a line.
    fn origin(&self, line: u32, before: usize) -> Origin {
        let column = u32::try_from(before + 1).unwrap_or(u32::MAX);
        Origin { source: self.source, line, column }
    }
}

fn chars(text: &str) -> usize {
    text.chars().count()
}

/// What keys without quotes are made of: a table, as every byte of every key is looked up.
static IN_KEYS: [bool; 256] = {
    let mut fits = [false; 256];
    let mut byte: u8 = 0;
    while byte < 0x80 {
        fits[byte as usize] =
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'/' | b'-');
        byte += 1;
    }
    fits
};

/// A map's line: the key, the bytes that it takes as it is written, and what follows the colon.
fn split_key(line: &str) -> Option<(Cow<'_, str>, usize, &str)> {
    let (key, written) = if let Some(inner) = line.strip_prefix('"') {
        let end = inner.find('"')? + 2;
        // An escaped quote is no end, and `quoted` finds the backslash before it.
        (quoted(&line[..end])?, end)
    } else {
        let end = line.bytes().position(|b| !IN_KEYS[usize::from(b)])?;
        let key = &line[..end];
        if !key.bytes().next()?.is_ascii_alphabetic() || resolve(key) != Scalar::Text {
            return None;
        }
        (Cow::Borrowed(key), end)
    };
    let rest = line[written..].strip_prefix(':')?;
    if !(rest.is_empty() || rest.starts_with(' ')) {
        return None;
    }
    Some((key, written, rest.trim_start_matches(' ')))
}

fn plain(text: &str) -> Option<Value> {
    let mut bytes = text.bytes();
    let starts = match bytes.next()? {
        b'-' => bytes.next()? != b' ',
        first => {
            first.is_ascii_alphanumeric()
                || matches!(first, b'/' | b'.' | b'$' | b'(' | b'~')
                || first >= 0x80
        }
    };
    if !starts || !is_plain(text) {
        return None;
    }
    Some(match resolve(text) {
        Scalar::Null => Value::Null,
        Scalar::Bool(b) => Value::Bool(b),
        Scalar::Int(i) => Value::Int(i),
        Scalar::Float(f) => Value::from_float(f),
        Scalar::Text => Value::String(text.into()),
        Scalar::Inexact | Scalar::NotFinite => return None,
    })
}

/// Whether no sign in a text without quotes is for the parser to judge.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut is_ascii = true;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b':' if matches!(bytes.get(at + 1), None | Some(b' ')) => return false,
            b' ' if bytes.get(at + 1) == Some(&b'#') => return false,
            b' '..=b'~' => {}
            0x80.. => is_ascii = false,
            _ => return false,
        }
    }
    is_ascii || text.chars().all(|c| c.is_ascii() || c.is_alphanumeric())
}

/// The text of a literal block, with how many lines and columns stand before it. `None` when its first line does not tell how deep
/// all of it is, or when the document ends before its last line does.
fn literal_text(lines: &str) -> Option<(u32, usize, String)> {
    let (above, first) = (0..).zip(lines.lines()).find(|(_, line)| !line.is_empty())?;
    let indent = first.len() - first.trim_start_matches(' ').len();
    let mut text = String::with_capacity(lines.len());
    for line in lines.split_inclusive('\n') {
        let line = line.strip_suffix('\n')?;
        if !line.is_empty() {
            let (spaces, line) = line.split_at_checked(indent)?;
            let deep = spaces.bytes().all(|b| b == b' ') && !line.trim_start().is_empty();
            text.push_str(Some(line).filter(|line| deep && printable(line))?);
        }
        text.push('\n');
    }
    text.truncate(text.trim_end_matches('\n').len() + 1);
    Some((above, indent, text))
}

/// A text in double quotes, which it begins and ends with.
fn quoted(text: &str) -> Option<Cow<'_, str>> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    if !inner.contains(['"', '\\']) {
        return printable(inner).then_some(Cow::Borrowed(inner));
    }
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        out.push(match c {
            '"' => return None,
            '\\' => match chars.next()? {
                c @ ('"' | '\\') => c,
                'n' => '\n',
                't' => '\t',
                'u' => {
                    let digits = chars.as_str().get(..4)?;
                    chars.nth(3);
                    let code = digits.bytes().all(|b| b.is_ascii_hexdigit()).then_some(digits)?;
                    char::from_u32(u32::from_str_radix(code, 16).ok()?)?
                }
                _ => return None,
            },
            c => c,
        });
    }
    printable(inner).then_some(Cow::Owned(out))
}

fn single_quoted(text: &str) -> Option<String> {
    let inner = text.strip_prefix('\'').filter(|rest| !rest.is_empty())?.strip_suffix('\'')?;
    let single = inner.replace("''", "");
    (!single.contains('\'') && printable(inner)).then(|| inner.replace("''", "'"))
}

/// Whether no character of a quoted text is for the parser to judge.
fn printable(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii() && !b.is_ascii_control())
        || text.chars().all(|c| {
            !c.is_control()
                && !matches!(
                    c,
                    '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
                )
        })
}

#[cfg(test)]
mod tests {
    use proptest::proptest;

    use super::stream;
    use crate::presets::PRESETS;
    use crate::source::Sources;
    use crate::yaml::read::parse_stream;

    /// Whether the short way reads a text; fails if it reads it otherwise than the parser.
    fn reads(text: &str) -> bool {
        let mut sources = Sources::default();
        let id = sources.add("v", text);
        let Some(short) = stream(id, text) else { return false };
        match parse_stream(id, &sources) {
            Ok(long) => assert_eq!(format!("{short:?}"), format!("{long:?}"), "{text:?}"),
            Err(problems) => panic!("{text:?} is refused: {}", problems[0]),
        }
        true
    }

    #[test]
    fn reads_what_is_printed_for_clusters() {
        for text in [
            "a: 1\nb: x y\n",
            "---\n# c\na:\n  b: \"q\\\"\\\\\\n\\u6d3b\"\n  c: 'it''s'\n---\n\n---\nd: {}\ne: []\n",
            "a:\n- b: 1\n  c: 2\n- b: 3\nd:\n  - x\n  - -1\n  - 1.5\n  - \"\"\n",
            "- name: TZ\n  value: \"Asia/Shanghai\"\n",
            "a:\nb:\n  c: ~\n",
            "a:\n  - b:\n      - c\n    d: e\n",
            "\"a/b.c\": x\n\"活字格\": 端口\n",
            "  a: 1\n  b: y\n",
            "a: |\n  x\n   y: z # w\n\n  - q\n\nb:\n- |\n  x\n  y\n- c: |\n\n    x\n  d: e\n---\nf: |\n x\n",
            "apiVersion: apps/v1\nargs:\n- $(REDIS_PASSWORD)\n- /bin/sh\n",
        ] {
            assert!(reads(text), "{text}");
        }
    }

    #[test]
    fn leaves_the_rest_to_the_parser() {
        for text in [
            "a: |\n  x",
            "a: |\n  x\n y\n",
            "a: |\n   \n  x\n",
            "a: |\n  x\n  \n",
            "a: |\n\tx\n",
            "a: |\nb: 1\n",
            "a: |-\n  x\n",
            "a: | # c\n  x\n",
            "a: x- |\n  y\n",
            "a: &x 1\n",
            "a: *x\n",
            "a: !!str 1\n",
            "a: [b]\n",
            "a: {b: 1}\n",
            "a: b\n  c\n",
            "a: b # c\n",
            "a: b: c\n",
            "a: 1\na: 2\n",
            "? a\n",
            "- - a\n",
            "-\n",
            "a:\tb\n",
            "a: 1\r\n",
            "1: a\n",
            "y: a\n",
            "<<: a\n",
            "a\n",
            "--- a\n",
            "...\n",
            "%YAML 1.1\n",
            "a: .inf\n",
            "a: 12345678901234567890\n",
            "a: \"\\x41\"\n",
            "a: \"b\n",
            "a: 'b\n",
            "a:\n   b: 1\n  c: 1\n",
            "a: \"b\" c\n",
            "a: @b\n",
        ] {
            assert!(!reads(text), "{text}");
        }
    }

    #[test]
    fn reads_the_presets_as_the_parser_does() {
        assert!(PRESETS.iter().all(|preset| reads(preset.text)));
    }

    proptest! {
        #[test]
        fn agrees_with_the_parser_on_any_text(text in r#"([ ]{0,4}(- ){0,2}(a|b|"c"|y|活|'d'|-|1|<<)?(:|: |)([ab1~.{}\[\]|>&*!%@`?,y#'"\\\-\t]|: | #|\{\}|\[\]){0,4}\n|---\n){0,6}"#) {
            reads(&text);
        }

        #[test]
        fn agrees_with_the_parser_on_literal_blocks(text in r#"([ ]{0,2}(- ){0,2}([ab]: ?)?(\||x)\n([ ]{0,5}(x|x: y|- x|# z|活|"|\t)?[ ]?\n){0,3}(---\n)?){0,3}x?"#) {
            reads(&text);
        }

        #[test]
        fn agrees_with_the_parser_on_plain_text(text in r#"([ ]{0,2}(- )?([abc]: ?)?([xy1]|"q"|\{\})?\n){0,6}"#) {
            reads(&text);
        }
    }
}
