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

/// Every suffix that there is; a help when one is close to them.
pub(super) const SUFFIXES: &str =
    "`m`, `k`, `M`, `G`, `T`, `P`, `E`, or `Ki`, `Mi`, `Gi`, `Ti`, `Pi`, `Ei`";

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
    use super::read;

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
}
