//! A stream into its documents, before anything is read of it: so that a stream may be of any length, and limits hold for each
//! document alone.
//!
//! A line that begins with `---` begins a document wherever it stands: no scalar may hold one
//! ([YAML 1.2.2, 9.1.2](https://yaml.org/spec/1.2.2/#912-document-markers)). So does the line below a JSON object, if another
//! one begins there: kubectl takes such a stream, too, and no YAML document goes on behind its object.

use serde::de::IgnoredAny;
use serde_json::Deserializer;

/// A part of a stream: a document, and what follows it up to the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part<'a> {
    /// Its bytes. All parts together are the stream.
    pub bytes: &'a [u8],
    /// The number of its first line in the stream, from 1.
    pub first_line: u32,
}

/// The parts of a stream, none of which is empty.
pub fn parts(stream: &[u8]) -> impl Iterator<Item = Part<'_>> {
    marked(stream).flat_map(objects)
}

/// The parts that `---` begins.
fn marked(stream: &[u8]) -> impl Iterator<Item = Part<'_>> {
    let mut rest = stream;
    let mut first_line = 1_u32;
    std::iter::from_fn(move || {
        let (mut end, mut lines) = (0, 0);
        for line in rest.split_inclusive(|byte| *byte == b'\n') {
            if end > 0 && begins_document(line) {
                break;
            }
            end += line.len();
            lines += 1;
        }
        let part = Part { bytes: &rest[..end], first_line };
        rest = &rest[end..];
        first_line = first_line.saturating_add(lines);
        (end > 0).then_some(part)
    })
}

/// The JSON objects of a part, if it has several; else the part.
fn objects(part: Part<'_>) -> impl Iterator<Item = Part<'_>> {
    let Part { bytes: mut rest, mut first_line } = part;
    std::iter::from_fn(move || {
        let (bytes, behind) = rest.split_at(first_object(rest).unwrap_or(rest.len()));
        let part = Part { bytes, first_line };
        let lines = bytes.iter().filter(|byte| **byte == b'\n').count();
        first_line = first_line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        rest = behind;
        (!bytes.is_empty()).then_some(part)
    })
}

/// Where the lines of a JSON object end, if another one begins below.
fn first_object(text: &[u8]) -> Option<usize> {
    let is_object = |text: &[u8]| text.trim_ascii_start().starts_with(b"{");
    if !is_object(text) {
        return None;
    }
    let mut values = Deserializer::from_slice(text).into_iter::<IgnoredAny>();
    values.next()?.ok()?;
    let behind = &text[values.byte_offset()..];
    let (blank, below) = behind.split_at(behind.iter().position(|byte| *byte == b'\n')? + 1);
    let is_several = blank.trim_ascii().is_empty() && is_object(below);
    is_several.then_some(text.len() - below.len())
}

fn begins_document(line: &[u8]) -> bool {
    let behind = line.strip_prefix(b"---").map(<[u8]>::first);
    matches!(behind, Some(None | Some(b' ' | b'\t' | b'\r' | b'\n')))
}

#[cfg(test)]
mod tests {
    use super::parts;

    fn split(stream: &str) -> Vec<(u32, &str)> {
        let text = |bytes| std::str::from_utf8(bytes).unwrap();
        parts(stream.as_bytes()).map(|part| (part.first_line, text(part.bytes))).collect()
    }

    #[test]
    fn splits_at_lines_that_begin_a_document() {
        assert_eq!(split("a: 1\n---\nb: 2\n"), [(1, "a: 1\n"), (2, "---\nb: 2\n")]);
        assert_eq!(split("---\na: 1\n--- # x\nb: 2"), [(1, "---\na: 1\n"), (3, "--- # x\nb: 2")]);
        assert_eq!(split("a: 1\r\n---\r\nb: 2"), [(1, "a: 1\r\n"), (2, "---\r\nb: 2")]);
        assert_eq!(split("a\n---\tb\n---"), [(1, "a\n"), (2, "---\tb\n"), (3, "---")]);
        assert_eq!(split("---\n---\n"), [(1, "---\n"), (2, "---\n")]);
        assert_eq!(split(""), []);
        assert_eq!(split("\n"), [(1, "\n")]);
    }

    #[test]
    fn splits_between_json_objects() {
        assert_eq!(
            split("{\"a\": \"}\\\"{\"}\n{\"b\":\n {}}\r\n\n {}\n"),
            [(1, "{\"a\": \"}\\\"{\"}\n"), (2, "{\"b\":\n {}}\r\n"), (4, "\n {}\n")]
        );
        assert_eq!(split("{}\n---\n{}\n"), [(1, "{}\n"), (2, "---\n{}\n")]);
        for text in
            ["{}\n", "{} {}\n", "{} # a\n{}", "{a: '}\n{'}\n{}", "{\"a\"\n{}", "{}\na: 1", "[]\n{}"]
        {
            assert_eq!(split(text), [(1, text)]);
        }
    }

    #[test]
    fn splits_nowhere_else() {
        for text in
            ["a: |\n  ---\n  b\n", "----\n", "a\n---b\n", "a: ---\n", " ---\nb", "a\n...\nb\n"]
        {
            assert_eq!(split(text), [(1, text)]);
        }
    }
}
