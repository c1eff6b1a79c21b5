//! Texts of sorted lines: where the lines begin, how their names compare, and the words in them.

use std::cmp::Ordering;

/// How the name that stands at a place of a text compares with another. What ends a name, a blank, `!` or the line, comes before all
/// that names are made of.
pub(super) fn order(text: &str, at: usize, name: &str) -> Ordering {
    let entry = text.as_bytes().get(at..).unwrap_or_default();
    let same = entry.len().min(name.len());
    let ends = |b: u8| matches!(b, b' ' | b'!' | b'\n');
    entry[..same].cmp(&name.as_bytes()[..same]).then_with(|| match entry.get(name.len()) {
        None => entry.len().cmp(&name.len()),
        Some(&b) if !ends(b) => Ordering::Greater,
        // What looks the same may go beyond the entry's name.
        Some(_) if name.bytes().any(ends) => Ordering::Less,
        Some(_) => Ordering::Equal,
    })
}

/// What stands between blanks. They are few and near, so that a search made for long texts would cost more.
pub(super) fn words(line: &'static str) -> impl Iterator<Item = &'static str> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let line = rest?;
        let end = line.bytes().position(|b| b == b' ');
        rest = end.map(|end| &line[end + 1..]);
        Some(&line[..end.unwrap_or(line.len())])
    })
}

/// Which lines of a text have a `#`.
pub(super) const fn heads<const N: usize>(text: &str) -> [u16; N] {
    let mut heads = [0; N];
    let (mut head, mut line, mut at) = (0, 0, 0);
    while head < N {
        match text.as_bytes()[at] {
            b'#' => {
                heads[head] = line;
                head += 1;
            }
            b'\n' => line += 1,
            _ => {}
        }
        at += 1;
    }
    heads
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::{heads, order, words};
    use crate::lines::count;

    #[test]
    fn counts_lines_with_a_mark() {
        const TEXT: &str = "# a\n b\n# c\n";
        assert_eq!(heads::<{ count(TEXT, b'#') }>(TEXT), [0, 2]);
        assert_eq!(words("a b  c").collect::<Vec<_>>(), ["a", "b", "", "c"]);
    }

    #[test]
    fn orders_names_by_their_bytes() {
        assert_eq!(order("ab c", 0, "ab"), Ordering::Equal);
        assert_eq!(order("abc", 0, "ab"), Ordering::Greater);
        assert_eq!(order("a\n", 0, "ab"), Ordering::Less);
        assert_eq!(order("a", 1, "a"), Ordering::Less);
    }
}
