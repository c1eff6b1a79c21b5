//! Quantities of Kubernetes, `500m` and `1.5Gi`: whether a text is one, and its sign.
//!
//! The grammar is that of `k8s.io/apimachinery/pkg/api/resource`.

/// What a quantity that can be read says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quantity {
    /// Whether it is below zero.
    pub negative: bool,
}

/// Reads a quantity: a sign, digits with one dot at most, and a suffix, or an exponent in its place.
pub(super) fn read(text: &str) -> Option<Quantity> {
    let (negative, unsigned) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let end =
        unsigned.bytes().position(|b| !b.is_ascii_digit() && b != b'.').unwrap_or(unsigned.len());
    let (number, suffix) = unsigned.split_at(end);
    let dots = number.bytes().filter(|b| *b == b'.').count();
    if dots > 1 || number.len() == dots || !is_suffix(suffix) {
        return None;
    }
    let zero = number.bytes().all(|b| matches!(b, b'0' | b'.'));
    Some(Quantity { negative: negative && !zero })
}

/// The quantity that was probably meant: `2Gi` for `2GiB`, `2 Gi` and `2gi`, `2k` for `2K`.
pub(super) fn meant(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let end = plain.find(|c: char| c.is_alphabetic()).unwrap_or(plain.len());
    let (number, suffix) = plain.split_at(end);
    let suffix = suffix.to_ascii_lowercase();
    let suffix = match suffix.strip_suffix('b').unwrap_or(&suffix) {
        "k" => "k".to_owned(),
        other => match other.as_bytes() {
            [b'm' | b'g' | b't' | b'p' | b'e'] => other.to_ascii_uppercase(),
            [b'k' | b'm' | b'g' | b't' | b'p' | b'e', b'i'] => {
                format!("{}i", other[..1].to_ascii_uppercase())
            }
            [] => String::new(),
            _ => return None,
        },
    };
    Some(format!("{number}{suffix}")).filter(|meant| read(meant).is_some())
}

fn is_suffix(suffix: &str) -> bool {
    match suffix {
        "" | "n" | "u" | "m" | "k" | "M" | "G" | "T" | "P" | "E" | "Ki" | "Mi" | "Gi" | "Ti"
        | "Pi" | "Ei" => true,
        _ => suffix.strip_prefix(['e', 'E']).is_some_and(|exponent| {
            let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::{meant, read};

    #[test]
    fn reads_quantities() {
        for text in ["0", "1", "1.5", ".5", "1.", "100m", "1Gi", "+1k", "1e3", "1E-3", "12E", "5n"]
        {
            assert!(!read(text).unwrap().negative, "{text}");
        }
        assert!(read("-1Mi").unwrap().negative && !read("-0.0").unwrap().negative);
    }

    #[test]
    fn refuses_what_is_none() {
        for text in [
            "", " ", "-", ".", "1.2.3", "1GB", "1gi", "1 Gi", "Gi", "1e", "1e+", "--1", "1_000",
            "1ki", "１",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn guesses_what_was_meant() {
        let guess = |text| meant(text).unwrap_or_default();
        assert_eq!(
            [guess("2GB"), guess("2GiB"), guess("2 gi"), guess("512mb"), guess("1K")],
            ["2G", "2Gi", "2Gi", "512M", "1k"]
        );
        assert_eq!([guess("much"), guess(""), guess("ä"), guess("1.2.3")], ["", "", "", ""]);
    }
}
