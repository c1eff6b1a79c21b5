//! The `values.yaml` of a chart: most of it is as in every chart, and was compressed when hzgchart was built.

use super::gzip::Gzip;
use crate::embedded::PIECES;

/// Adds a `values.yaml` to a stream. What it has of that of the defaults is copied; the rest is what the run made.
pub(super) fn add(text: &[u8], gzip: &mut Gzip) {
    let (mut left, mut next, mut before) = (text, 0, 0);
    while let Some(piece) = PIECES.get(next) {
        let plain = piece.text().as_bytes();
        if let Some(rest) = left.strip_prefix(plain) {
            gzip.copy(piece.deflated(before), &[plain]);
            (left, next, before) = (rest, next + 1, before + 1);
        } else {
            let (changed, found) = find_next(left, next + 1);
            gzip.write(&left[..changed]);
            (left, next, before) = (&left[changed..], found, 0);
        }
    }
    gzip.write(left);
}

/// Where the first of the pieces from `next` on begins, and which it is; the end of both when there is none.
fn find_next(text: &[u8], next: usize) -> (usize, usize) {
    let starts = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    let none = (text.len(), PIECES.len());
    starts
        // They begin with a comment above a key.
        .filter(|start| text[*start..].trim_ascii_start().starts_with(b"#"))
        .find_map(|start| {
            let here = |piece: &usize| text[start..].starts_with(PIECES[*piece].text().as_bytes());
            (next..PIECES.len()).find(here).map(|piece| (start, piece))
        })
        .unwrap_or(none)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;
    use proptest::proptest;

    use super::super::gzip::Gzip;
    use super::add;
    use crate::embedded::{PIECES, VALUES};

    fn packed(text: &str) -> Vec<u8> {
        let mut gzip = Gzip::new();
        add(text.as_bytes(), &mut gzip);
        let packed = gzip.finish();
        let mut plain = String::new();
        GzDecoder::new(&*packed).read_to_string(&mut plain).unwrap();
        assert!(plain == text);
        packed
    }

    #[test]
    fn the_pieces_are_the_defaults() {
        let text: String = PIECES.iter().map(|piece| piece.text()).collect();
        assert!(text == VALUES && PIECES.len() > 50);
    }

    #[test]
    fn copies_what_the_defaults_have() {
        assert!(packed(VALUES).len() < VALUES.len() * 3 / 10);
        let other = VALUES.replace("\n  server: \"\"\n", "\n  server: \"10.0.0.9\"\n");
        assert_ne!(other, VALUES);
        assert!(packed(&other).len() < VALUES.len() * 4 / 10);
    }

    #[test]
    fn takes_any_text() {
        for text in ["", "\n", "# x", "a: 1\n# b\n", &VALUES[100..], &VALUES[..VALUES.len() - 1]] {
            packed(text);
        }
        packed(&VALUES.repeat(2));
        packed(&VALUES.replace('\n', "\n\n"));
    }

    proptest! {
        #[test]
        fn takes_the_defaults_with_any_changes(changes in proptest::collection::vec((0..VALUES.len(), 0..3000_usize, "[ -~\n]{0,40}"), 0..8)) {
            let mut text = VALUES.to_owned();
            for (at, size, with) in changes {
                let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
                let end = (at + size).min(text.len());
                let end = (at..=end).rev().find(|end| text.is_char_boundary(*end)).unwrap();
                text.replace_range(at..end, &with);
            }
            packed(&text);
        }
    }
}
