//! Numbers and texts in Go templates, as Go reads them.

/// What is wrong with a text in quotes.
#[derive(Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Where, in bytes from the quote on.
    pub at: usize,
    pub what: &'static str,
    pub help: &'static str,
}

/// Checks what stands behind backslashes in a text in quotes, and that in single quotes there is one character.
///
/// # Errors
/// The first that is wrong.
pub fn quoted(text: &str) -> Result<(), Wrong> {
    let Some(quote) = text.chars().next().filter(|quote| *quote != '`') else { return Ok(()) };
    let (mut at, mut count) = (1, 0);
    while let Some(c) = text[at..text.len() - 1].chars().next() {
        let length = if c == '\\' { escape(&text[at..], quote) } else { Some(c.len_utf8()) };
        at += length.ok_or(Wrong {
            at,
            what: "a backslash before what it cannot escape",
            help: "write `\\\\` for a backslash, or the text in backquotes",
        })?;
        count += 1;
    }
    match quote {
        '\'' if count != 1 => Err(Wrong {
            at: 0,
            what: "single quotes, which hold one character, around none or several",
            help: "write a text in double quotes",
        }),
        _ => Ok(()),
    }
}

/// How long an escape is, from its backslash on (`strconv.UnquoteChar`).
fn escape(text: &str, quote: char) -> Option<usize> {
    let number = |from: usize, count: usize, base| {
        let digits = text
            .get(from..from + count)
            .filter(|digits| digits.chars().all(|c| c.is_digit(base)))?;
        Some((u32::from_str_radix(digits, base).ok()?, from + count))
    };
    let byte = |(number, end): (u32, usize)| (number <= 0xff).then_some(end);
    let character = |(number, end)| char::from_u32(number).map(|_| end);
    match text.chars().nth(1)? {
        'a' | 'b' | 'f' | 'n' | 'r' | 't' | 'v' | '\\' => Some(2),
        c if c == quote => Some(2),
        '0'..='7' => number(1, 3, 8).and_then(byte),
        'x' => number(2, 2, 16).and_then(byte),
        'u' => number(2, 4, 16).and_then(character),
        'U' => number(2, 8, 16).and_then(character),
        _ => None,
    }
}

/// Whether Go reads a text as a number that it can hold: whole, a fraction, or imaginary (`strconv.ParseInt` with base 0,
/// `strconv.ParseFloat`).
pub fn is_number(text: &str) -> bool {
    let (text, is_imaginary) = text.strip_suffix('i').map_or((text, false), |text| (text, true));
    let lower = text.to_ascii_lowercase();
    let (base, digits) = match lower.as_bytes() {
        [b'0', b'x', ..] => (16, &lower[2..]),
        [b'0', b'o', ..] => (8, &lower[2..]),
        [b'0', b'b', ..] => (2, &lower[2..]),
        _ => (10, &*lower),
    };
    // Underscores stand between digits, or behind a prefix.
    let separated = digits.strip_prefix('_').filter(|_| base != 10).unwrap_or(digits);
    if separated.split('_').any(str::is_empty) {
        return false;
    }
    let digits = digits.replace('_', "");
    match base {
        16 if digits.contains(['.', 'p']) => is_hexadecimal_fraction(&digits),
        10 if is_imaginary || digits.contains(['.', 'e']) => {
            digits.parse().is_ok_and(f64::is_finite)
        }
        10 if digits.starts_with('0') => u64::from_str_radix(&digits, 8).is_ok(),
        _ => u64::from_str_radix(&digits, base).is_ok(),
    }
}

/// The exponent must be there.
fn is_hexadecimal_fraction(digits: &str) -> bool {
    let Some((mantissa, exponent)) = digits.split_once('p') else { return false };
    let whole = mantissa.replacen('.', "", 1);
    let is_hexadecimal = !whole.is_empty() && whole.chars().all(|c| c.is_ascii_hexdigit());
    is_hexadecimal && exponent.parse::<i32>().is_ok_and(|exponent| exponent < 1000)
}

#[cfg(test)]
mod tests {
    use super::{is_number, quoted};

    #[test]
    fn knows_numbers() {
        for number in [
            "0",
            "17",
            "1_000",
            "1_0.5",
            "18446744073709551615",
            "1.",
            ".5",
            "1e3",
            "1E+3",
            "0x1F",
            "0X_f",
            "0x1p-2",
            "0b1",
            "0o7",
            "017",
            "1i",
            "1.5i",
        ] {
            assert!(is_number(number), "{number}");
        }
        for other in [
            "",
            "1a",
            "1.b",
            "1..2",
            "1__0",
            "1_",
            "1e",
            "1e999",
            "18446744073709551616",
            "08",
            "1e+",
            "0x",
            "0x1g",
            "0x1.8",
            "0b2",
            "0o8",
            "0b1.0",
            ".",
        ] {
            assert!(!is_number(other), "{other}");
        }
    }

    #[test]
    fn knows_texts_and_characters() {
        for text in
            [r#""""#, r#""a\"\n\x41\101\u4e2d\U0001F600""#, "`\\q`", r"'a'", r"'\''", "'中'"]
        {
            assert_eq!(quoted(text), Ok(()), "{text}");
        }
        for text in [
            r#""\q""#,
            r#""\'""#,
            r#""\400""#,
            r#""\x4""#,
            r#""\ud800""#,
            r#""\U00110000""#,
            "''",
            "'ab'",
            r#"'\"'"#,
        ] {
            assert!(quoted(text).is_err(), "{text}");
        }
        assert_eq!(quoted(r#""ab\q""#).unwrap_err().at, 3);
    }
}
