//! What a plain scalar means: Helm's table, which is YAML 1.1's with the changes of Go's `yaml.v2`.

use std::borrow::Cow;

/// What Helm makes of an unquoted text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar {
    /// `~`, `null`, nothing at all.
    Null,
    /// `true`, `no`, `on`, `Y`, …
    Bool(bool),
    /// A whole number that a float64 holds exactly, as Helm keeps all numbers in one.
    Int(i64),
    /// A finite number with a dot or an exponent.
    Float(f64),
    /// A whole number beyond ±2^53: Helm would change its digits, or, beyond 64 bits, keep some
    /// spellings of it as text.
    Inexact,
    /// `.inf` or `.nan`, which JSON, and so Helm, does not have.
    NotFinite,
    /// Anything else is the text itself: dates and `12:30` too.
    Text,
}

/// The largest whole number up to which float64 holds every one: 2^53.
const EXACT: u64 = 1 << 53;

/// Reads a plain scalar as Helm 3 and Helm 4 do.
pub fn resolve(text: &str) -> Scalar {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Scalar::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Scalar::Bool(true);
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Scalar::Bool(false);
        }
        ".nan" | ".NaN" | ".NAN" => return Scalar::NotFinite,
        _ => {}
    }
    match text.as_bytes().first() {
        Some(b'.') => dotted(text),
        Some(b'0'..=b'9' | b'+' | b'-') => number(text),
        _ => Scalar::Text,
    }
}

/// A text that begins with a dot: here, unlike elsewhere, `_` must stand between two digits.
fn dotted(text: &str) -> Scalar {
    let digit = |at: Option<usize>| {
        at.and_then(|at| text.as_bytes().get(at)).is_some_and(u8::is_ascii_digit)
    };
    if text.match_indices('_').any(|(at, _)| !digit(at.checked_sub(1)) || !digit(Some(at + 1))) {
        return Scalar::Text;
    }
    number(text)
}

fn number(text: &str) -> Scalar {
    let plain = match text.contains('_') {
        true => Cow::Owned(text.replace('_', "")),
        false => Cow::Borrowed(text),
    };
    let (negative, unsigned) = match plain.as_bytes() {
        [b'-', ..] => (true, &plain[1..]),
        [b'+', ..] => (false, &plain[1..]),
        _ => (false, &*plain),
    };
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") && !text.contains('_') {
        return Scalar::NotFinite;
    }
    if let Some(magnitude) = whole(unsigned) {
        return match magnitude.and_then(|m| i64::try_from(m).ok()) {
            Some(m) if m.unsigned_abs() <= EXACT => Scalar::Int(if negative { -m } else { m }),
            _ => Scalar::Inexact,
        };
    }
    // Without letters other than the exponent's, Rust's grammar of floats is Go's.
    if !unsigned.bytes().all(|b| matches!(b, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-')) {
        return Scalar::Text;
    }
    match plain.parse::<f64>() {
        Ok(f) if f.is_finite() => Scalar::Float(f),
        _ => Scalar::Text,
    }
}

/// `None` when the text is no whole number, `Some(None)` when it is beyond 64 bits.
fn whole(unsigned: &str) -> Option<Option<u64>> {
    let (radix, digits) = match unsigned.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &unsigned[2..]),
        [b'0', b'o' | b'O', ..] => (8, &unsigned[2..]),
        [b'0', b'b' | b'B', ..] => (2, &unsigned[2..]),
        // `0128` is not octal, and so decimal.
        [b'0', rest @ ..] if rest.iter().all(|b| matches!(b, b'0'..=b'7')) => (8, unsigned),
        _ => (10, unsigned),
    };
    let valid = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
    valid.then(|| u64::from_str_radix(digits, radix).ok())
}

#[cfg(test)]
mod tests {
    use super::{Scalar, resolve};

    /// Every line of this table was printed by Helm 3.17 and Helm 4.1 with `toJson`.
    #[test]
    fn reads_scalars_as_helm_does() {
        let table: &[(&str, Scalar)] = &[
            ("y", Scalar::Bool(true)),
            ("Y", Scalar::Bool(true)),
            ("yes", Scalar::Bool(true)),
            ("Yes", Scalar::Bool(true)),
            ("YES", Scalar::Bool(true)),
            ("yEs", Scalar::Text),
            ("n", Scalar::Bool(false)),
            ("N", Scalar::Bool(false)),
            ("no", Scalar::Bool(false)),
            ("No", Scalar::Bool(false)),
            ("NO", Scalar::Bool(false)),
            ("true", Scalar::Bool(true)),
            ("True", Scalar::Bool(true)),
            ("TRUE", Scalar::Bool(true)),
            ("tRue", Scalar::Text),
            ("false", Scalar::Bool(false)),
            ("False", Scalar::Bool(false)),
            ("FALSE", Scalar::Bool(false)),
            ("on", Scalar::Bool(true)),
            ("On", Scalar::Bool(true)),
            ("ON", Scalar::Bool(true)),
            ("oN", Scalar::Text),
            ("off", Scalar::Bool(false)),
            ("Off", Scalar::Bool(false)),
            ("OFF", Scalar::Bool(false)),
            ("~", Scalar::Null),
            ("null", Scalar::Null),
            ("Null", Scalar::Null),
            ("NULL", Scalar::Null),
            ("nULL", Scalar::Text),
            ("nil", Scalar::Text),
            ("none", Scalar::Text),
            ("None", Scalar::Text),
            ("0", Scalar::Int(0)),
            ("-0", Scalar::Int(0)),
            ("+0", Scalar::Int(0)),
            ("1", Scalar::Int(1)),
            ("+1", Scalar::Int(1)),
            ("-1", Scalar::Int(-1)),
            ("01", Scalar::Int(1)),
            ("010", Scalar::Int(8)),
            ("08", Scalar::Int(8)),
            ("09", Scalar::Int(9)),
            ("0128", Scalar::Int(128)),
            ("00", Scalar::Int(0)),
            ("-010", Scalar::Int(-8)),
            ("+010", Scalar::Int(8)),
            ("1_000", Scalar::Int(1000)),
            ("1__0", Scalar::Int(10)),
            ("_1", Scalar::Text),
            ("1_", Scalar::Int(1)),
            ("-_1", Scalar::Int(-1)),
            ("+_1", Scalar::Int(1)),
            ("0_7", Scalar::Int(7)),
            ("0_8", Scalar::Int(8)),
            ("0x1F", Scalar::Int(31)),
            ("0X1f", Scalar::Int(31)),
            ("0xg", Scalar::Text),
            ("0x", Scalar::Text),
            ("0x_1F", Scalar::Int(31)),
            ("0x1_F", Scalar::Int(31)),
            ("-0x1F", Scalar::Int(-31)),
            ("+0x1F", Scalar::Int(31)),
            ("0b101", Scalar::Int(5)),
            ("0B11", Scalar::Int(3)),
            ("0b12", Scalar::Text),
            ("0b", Scalar::Text),
            ("-0b11", Scalar::Int(-3)),
            ("+0b11", Scalar::Int(3)),
            ("0o17", Scalar::Int(15)),
            ("0O17", Scalar::Int(15)),
            ("0o8", Scalar::Text),
            ("-0o17", Scalar::Int(-15)),
            ("+0o17", Scalar::Int(15)),
            ("0b_1", Scalar::Int(1)),
            ("1.0", Scalar::Float(1.0)),
            ("1.", Scalar::Float(1.0)),
            (".5", Scalar::Float(0.5)),
            ("-.5", Scalar::Float(-0.5)),
            ("+.5", Scalar::Float(0.5)),
            ("1.5", Scalar::Float(1.5)),
            ("-1.5", Scalar::Float(-1.5)),
            ("1e3", Scalar::Float(1000.0)),
            ("1E3", Scalar::Float(1000.0)),
            ("1e+3", Scalar::Float(1000.0)),
            ("1e-3", Scalar::Float(0.001)),
            ("-1e3", Scalar::Float(-1000.0)),
            ("1.5e3", Scalar::Float(1500.0)),
            (".5e3", Scalar::Float(500.0)),
            ("1.e3", Scalar::Float(1000.0)),
            ("e3", Scalar::Text),
            (".e3", Scalar::Text),
            ("1e", Scalar::Text),
            ("1e+", Scalar::Text),
            ("1_0.5", Scalar::Float(10.5)),
            ("1_0.5_5", Scalar::Float(10.55)),
            (".5_5", Scalar::Float(0.55)),
            ("._5", Scalar::Text),
            ("0.5_", Scalar::Float(0.5)),
            ("1e1_0", Scalar::Float(10000000000.0)),
            ("1e400", Scalar::Text),
            ("-1e400", Scalar::Text),
            (".1e400", Scalar::Text),
            ("1e-400", Scalar::Float(0.0)),
            ("00.5", Scalar::Float(0.5)),
            ("01.5", Scalar::Float(1.5)),
            ("08.5", Scalar::Float(8.5)),
            ("0x1.8p1", Scalar::Text),
            ("0x1p-2", Scalar::Text),
            (".0x1", Scalar::Text),
            ("1.2.3", Scalar::Text),
            ("10.0.0.1", Scalar::Text),
            ("..5", Scalar::Text),
            (".", Scalar::Text),
            ("..", Scalar::Text),
            ("...", Scalar::Text),
            ("+", Scalar::Text),
            ("--", Scalar::Text),
            ("+-", Scalar::Text),
            ("1-", Scalar::Text),
            ("1+1", Scalar::Text),
            (".iNF", Scalar::Text),
            ("inf", Scalar::Text),
            ("-inf", Scalar::Text),
            ("Infinity", Scalar::Text),
            (".Nan", Scalar::Text),
            ("nan", Scalar::Text),
            ("NaN", Scalar::Text),
            ("1:30", Scalar::Text),
            ("190:20:30", Scalar::Text),
            ("1:30.5", Scalar::Text),
            ("12:00", Scalar::Text),
            ("2020-01-01", Scalar::Text),
            ("2020-1-1", Scalar::Text),
            ("2001-12-14t21:59:43.10-05:00", Scalar::Text),
            ("2001-12-14T21:59:43Z", Scalar::Text),
            ("20200101", Scalar::Int(20200101)),
            ("=", Scalar::Text),
            ("<<", Scalar::Text),
            ("9007199254740991", Scalar::Int(9007199254740991)),
            ("9007199254740992", Scalar::Int(9007199254740992)),
            ("0x20000000000000", Scalar::Int(9007199254740992)),
            ("1e15", Scalar::Float(1000000000000000.0)),
            ("1e16", Scalar::Float(1e16)),
            ("1e20", Scalar::Float(1e20)),
            ("1e21", Scalar::Float(1e21)),
            ("1.5e300", Scalar::Float(1.5e300)),
            ("9007199254740993.0", Scalar::Float(9007199254740992.0)),
            ("123456.789", Scalar::Float(123456.789)),
            ("0.1", Scalar::Float(0.1)),
            ("1e-7", Scalar::Float(1e-07)),
            ("1.0e-7", Scalar::Float(1e-07)),
            ("100000000000000000000.0", Scalar::Float(1e20)),
            ("1_2:3", Scalar::Text),
            ("0_", Scalar::Int(0)),
            ("0__", Scalar::Int(0)),
            ("0_0", Scalar::Int(0)),
            ("0x0", Scalar::Int(0)),
            ("1_e3", Scalar::Float(1000.0)),
            ("1e_3", Scalar::Float(1000.0)),
            ("1,000", Scalar::Text),
            ("1/2", Scalar::Text),
            ("5%", Scalar::Text),
            ("1Gi", Scalar::Text),
            ("100m", Scalar::Text),
            ("1k", Scalar::Text),
            ("0.1.2", Scalar::Text),
            ("-.e", Scalar::Text),
            ("1d", Scalar::Text),
            ("1f", Scalar::Text),
            ("1e3f", Scalar::Text),
            ("0777", Scalar::Int(511)),
            ("0o", Scalar::Text),
            ("0O", Scalar::Text),
            ("00x1", Scalar::Text),
            ("0.0", Scalar::Float(0.0)),
            ("-0.0", Scalar::Float(0.0)),
            ("+0.0", Scalar::Float(0.0)),
            ("4e0", Scalar::Float(4.0)),
            ("1E0", Scalar::Float(1.0)),
        ];
        for (text, expected) in table {
            assert_eq!(resolve(text), *expected, "{text}");
        }
    }

    #[test]
    fn refuses_whole_numbers_that_helm_rounds() {
        for text in [
            "9007199254740993",
            "-9007199254740993",
            "18446744073709551616",
            "123456789012345678901234567890",
            "0xFFFFFFFFFFFFFFFF",
            "0777777777777777777777",
            "1777777777777777777777",
            "0b111111111111111111111111111111111111111111111111111111",
        ] {
            assert_eq!(resolve(text), Scalar::Inexact, "{text}");
        }
    }

    #[test]
    fn refuses_numbers_that_json_lacks() {
        for text in
            [".inf", ".Inf", ".INF", "+.inf", "-.inf", "-.Inf", "+.INF", ".nan", ".NaN", ".NAN"]
        {
            assert_eq!(resolve(text), Scalar::NotFinite, "{text}");
        }
    }
}
