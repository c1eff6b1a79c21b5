//! A stream into its documents, before anything is read of it: so that a stream may be of any length, and limits hold for each
//! document alone.
//!
//! A line that begins with `---` begins a document wherever it stands: no scalar may hold one
//! ([YAML 1.2.2, 9.1.2](https://yaml.org/spec/1.2.2/#912-document-markers)).

/// A part of a stream: a document, and what follows it up to the next `---`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part<'a> {
    /// Its bytes. All parts together are the stream.
    pub bytes: &'a [u8],
    /// The number of its first line in the stream, from 1.
    pub first_line: u32,
}

/// The parts of a stream, none of which is empty.
pub fn parts(stream: &[u8]) -> impl Iterator<Item = Part<'_>> {
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
    fn splits_nowhere_else() {
        for text in
            ["a: |\n  ---\n  b\n", "----\n", "a\n---b\n", "a: ---\n", " ---\nb", "a\n...\nb\n"]
        {
            assert_eq!(split(text), [(1, text)]);
        }
    }
}
