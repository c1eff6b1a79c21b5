//! A stream into its documents, before anything is read of it: so that a stream may be of any length, and limits hold for each
//! document alone.
//!
//! A line that begins with `---` begins a document wherever it stands: no scalar may hold one
//! ([YAML 1.2.2, 9.1.2](https://yaml.org/spec/1.2.2/#912-document-markers)).

/// A part of a stream: one document, or several that nothing but `...` lines part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part<'a> {
    /// Its bytes. All parts together are the stream.
    pub bytes: &'a [u8],
    /// The number of its first line in the stream, from 1.
    pub first_line: u32,
}

/// The parts of a stream, none of which is empty.
pub fn parts(stream: &[u8]) -> impl Iterator<Item = Part<'_>> {
    let mut rest = Place { at: 0, line: 1 };
    std::iter::from_fn(move || {
        let start = rest;
        // Where directives for the next document may stand: at the beginning, and behind a `...`.
        let mut head = Some(start);
        let mut place = start;
        for line in stream[start.at..].split_inclusive(|byte| *byte == b'\n') {
            let cut = head.unwrap_or(place);
            if is_marker(line, b"---") && place.at > start.at {
                if cut.at > start.at {
                    rest = cut;
                    return Some(part(stream, start, cut));
                }
                head = None;
            }
            let next = Place { at: place.at + line.len(), line: place.line.saturating_add(1) };
            head = match is_marker(line, b"...") {
                true => Some(next),
                false => head.filter(|_| may_lead(line)),
            };
            place = next;
        }
        rest = place;
        (place.at > start.at).then(|| part(stream, start, place))
    })
}

#[derive(Clone, Copy)]
struct Place {
    at: usize,
    line: u32,
}

fn part(stream: &[u8], from: Place, to: Place) -> Part<'_> {
    Part { bytes: &stream[from.at..to.at], first_line: from.line }
}

fn is_marker(line: &[u8], marker: &[u8]) -> bool {
    let behind = line.strip_prefix(marker).map(<[u8]>::first);
    matches!(behind, Some(None | Some(b' ' | b'\t' | b'\r' | b'\n')))
}

/// Whether a line may stand before a document's `---`: a directive, a comment, nothing.
fn may_lead(line: &[u8]) -> bool {
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    matches!(line.trim_ascii_start().first(), None | Some(b'#')) || line.starts_with(b"%")
}

#[cfg(test)]
mod tests {
    use super::parts;

    fn split(stream: &str) -> Vec<(u32, &str)> {
        let part = |bytes| std::str::from_utf8(bytes).unwrap();
        parts(stream.as_bytes()).map(|found| (found.first_line, part(found.bytes))).collect()
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
        for text in ["a: |\n  ---\n  b\n", "----\n", "---a\n", "a: ---\n", " ---\nb", "a\n...\nb\n"]
        {
            assert_eq!(split(text), [(1, text)]);
        }
    }

    #[test]
    fn leaves_directives_with_their_document() {
        let head = "\u{feff}# c\n%YAML 1.2\n\n---\na: 1\n";
        assert_eq!(split(head), [(1, head)]);
        let (first, second) = ("a: 1\n...\n", "# c\n%YAML 1.2\n---\nb: 2\n");
        assert_eq!(split(&format!("{first}{second}")), [(1, first), (3, second)]);
        // No directive, but what the parser has to judge.
        assert_eq!(split("a: 1\n%b\n---\n"), [(1, "a: 1\n%b\n"), (3, "---\n")]);
        assert_eq!(split("---\n%b\n---\n"), [(1, "---\n%b\n"), (3, "---\n")]);
    }
}
