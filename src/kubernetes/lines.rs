//! Texts of sorted lines: where the lines begin, how their names compare, and which have a mark.

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

/// Which lines of a text have a sign, which no line has twice.
pub(super) const fn marked<const N: usize>(text: &str, sign: u8) -> [u16; N] {
    let mut marked = [0; N];
    let (mut found, mut line, mut at) = (0, 0, 0);
    while found < N {
        let byte = text.as_bytes()[at];
        if byte == sign {
            marked[found] = line;
            found += 1;
        } else if byte == b'\n' {
            line += 1;
        }
        at += 1;
    }
    marked
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::{marked, order};
    use crate::lines::count;

    #[test]
    fn counts_lines_with_a_mark() {
        const TEXT: &str = "# a\n b\n# c\n";
        assert_eq!(marked::<{ count(TEXT, b'#') }>(TEXT, b'#'), [0, 2]);
    }

    #[test]
    fn orders_names_by_their_bytes() {
        assert_eq!(order("ab c", 0, "ab"), Ordering::Equal);
        assert_eq!(order("abc", 0, "ab"), Ordering::Greater);
        assert_eq!(order("a\n", 0, "ab"), Ordering::Less);
        assert_eq!(order("a", 1, "a"), Ordering::Less);
    }
}
