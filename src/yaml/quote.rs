//! One scalar as text that every YAML 1.1 and YAML 1.2 parser reads as the same value.

use std::fmt::Write as _;

use crate::node::{Node, Value};

/// The text in double quotes, on one line: `"a\tb"`. See [`quote`].
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    quote(text, &mut out);
    out
}

/// Appends the text in double quotes, on one line: `"a\tb"`.
///
/// Whatever is not plainly visible is escaped (control characters, odd spaces, zero-width and
/// direction marks, private use), so that nothing hides in the output and no parser takes a
/// character for a line end. Letters of all scripts and emoji stay as they are.
pub fn quote(text: &str, out: &mut String) {
    out.push('"');
    let mut left = text;
    loop {
        let plain = left.bytes().position(|b| !matches!(b, b' '..=b'~') || b == b'"' || b == b'\\');
        let (plain, rest) = left.split_at(plain.unwrap_or(left.len()));
        out.push_str(plain);
        let mut chars = rest.chars();
        let Some(c) = chars.next() else { break };
        left = chars.as_str();
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if is_visible(c) => out.push(c),
            _ => {
                let code = u32::from(c);
                // Writing to a string cannot fail.
                let _ = match code {
                    0..=0xff => write!(out, "\\x{code:02X}"),
                    0x100..=0xffff => write!(out, "\\u{code:04X}"),
                    _ => write!(out, "\\U{code:08X}"),
                };
            }
        }
    }
    out.push('"');
}

/// Appends a string: plain if it cannot be read as anything else, else as [`quote`] does.
pub fn string(text: &str, out: &mut String) {
    if is_plain(text) {
        out.push_str(text);
    } else {
        quote(text, out);
    }
}

/// A scalar on one line; a list or a map as `[]` or `{}`, or as JSON when it has entries.
///
/// A string is as [`string`] writes it. Whole numbers up to 2^53 have neither dot nor exponent (`80`, also for `80.0`);
/// others have both where YAML 1.1 asks for them: `1.0e-7`, never `1e-7`.
pub fn scalar(node: &Node) -> String {
    let mut out = String::new();
    append_scalar(node, &mut out);
    out
}

/// Appends what [`scalar`] makes.
pub fn append_scalar(node: &Node, out: &mut String) {
    match &node.value {
        Value::String(text) => string(text, out),
        // Writing to a string cannot fail.
        Value::Int(number) => drop(write!(out, "{number}")),
        Value::Float(number) => out.push_str(&float(*number)),
        Value::Null => out.push_str("null"),
        Value::Bool(is) => out.push_str(if *is { "true" } else { "false" }),
        Value::List(items) if items.is_empty() => out.push_str("[]"),
        Value::Map(map) if map.is_empty() => out.push_str("{}"),
        // JSON is YAML.
        Value::List(_) | Value::Map(_) => out.push_str(&node.to_json().to_string()),
    }
}

fn float(f: f64) -> String {
    const EXACT: f64 = (1_u64 << 53) as f64;
    if f.fract() == 0.0 && f.abs() <= EXACT {
        // `-0` would be read as `0`, so it is written so.
        return (f as i64).to_string();
    }
    if (1e-6..EXACT).contains(&f.abs()) {
        return f.to_string();
    }
    let text = format!("{f:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let dot = if mantissa.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with('-') { "" } else { "+" };
    format!("{mantissa}{dot}e{sign}{exponent}")
}

/// Whether an unquoted text is a string to every parser.
fn is_plain(text: &str) -> bool {
    let Some(&first) = text.as_bytes().first() else { return false };
    let safe = |b: u8| b.is_ascii_alphanumeric() || b"_./-:".contains(&b);
    if !text.bytes().all(safe) || text.ends_with(':') {
        return false;
    }
    match first {
        b'a'..=b'z' | b'A'..=b'Z' => !is_word(text),
        b'/' => true,
        // `8Gi` and `500m`, but no hexadecimal, octal or binary number, exponent or time.
        b'0'..=b'9' => {
            let foreign =
                |b: u8| b.is_ascii_alphabetic() && !b"abcdefoxtz".contains(&b.to_ascii_lowercase());
            text.bytes().any(foreign) && !text.contains(':')
        }
        _ => false,
    }
}

/// The words that some parser takes for a boolean, for null or for a number, in any case.
fn is_word(text: &str) -> bool {
    const WORDS: [&str; 12] =
        ["y", "yes", "n", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity"];
    WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Whether a character shows, and shows what it is.
fn is_visible(c: char) -> bool {
    let hidden = c.is_control()
        || (c.is_whitespace() && !matches!(c, ' ' | '\u{3000}'))
        || u32::from(c) & 0xfffe == 0xfffe
        || matches!(c,
            // Soft hyphen, joiners, fillers.
            '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{3164}' | '\u{ffa0}'
            // Zero width, direction marks, invisible operators, byte order mark.
            | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}'
            // Private use, and what is no character.
            | '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}' | '\u{f0000}'..='\u{10ffff}'
            // Musical formatting, tags and further variation selectors.
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}');
    !hidden
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::quoted;
    use crate::node::Node;

    fn scalar(json: &Json) -> String {
        super::scalar(&Node::from_json(json))
    }

    #[test]
    fn escapes_what_does_not_show() {
        for (text, written) in [
            ("", r#""""#),
            ("a\"b\\c", r#""a\"b\\c""#),
            ("a\n\r\tb", r#""a\n\r\tb""#),
            ("\0\u{1b}\u{7f}\u{85}\u{a0}", r#""\x00\x1B\x7F\x85\xA0""#),
            ("\u{2028}\u{2029}\u{feff}\u{200b}\u{202e}", r#""\u2028\u2029\uFEFF\u200B\u202E""#),
            ("\u{e000}\u{f8ff}\u{fffe}\u{ffff}", r#""\uE000\uF8FF\uFFFE\uFFFF""#),
            ("\u{1ffff}\u{f0000}\u{e0001}", r#""\U0001FFFF\U000F0000\U000E0001""#),
            ("活字格　😀 é ❤\u{fe0f}", "\"活字格　😀 é ❤\u{fe0f}\""),
        ] {
            assert_eq!(quoted(text), written);
        }
    }

    #[test]
    fn leaves_plain_what_every_parser_reads_as_a_string() {
        for text in [
            "a",
            "nginx",
            "nginx:1.25",
            "/data/fgc",
            "8Gi",
            "500m",
            "10Ki",
            "a.b/c-d_e",
            "fgc-0",
            "Recreate",
            "http://x/y",
            "true-ish",
            "nodes",
            "30s",
            "1k",
        ] {
            assert_eq!(scalar(&json!(text)), text);
        }
    }

    #[test]
    fn quotes_what_some_parser_reads_as_something_else() {
        for text in [
            "",
            " ",
            "a ",
            " a",
            "a b",
            "y",
            "Y",
            "yes",
            "NO",
            "On",
            "oFf",
            "True",
            "null",
            "NULL",
            "Null",
            "~",
            "nan",
            ".inf",
            "-.INF",
            "0",
            "-1",
            "+1",
            "1_000",
            "0x1F",
            "0o17",
            "010",
            "0b1",
            "1e3",
            "1E3",
            "1.5",
            ".5",
            "10.0.0.1",
            "1.2.3",
            "12:30",
            "190:20:30",
            "2001-12-14",
            "2001-12-14t21:59:43.10-05:00",
            "2001-12-14T21:59:43Z",
            "=",
            "<<",
            "-",
            "--",
            "---",
            "...",
            "- a",
            "a: b",
            "a:",
            "a #b",
            "#a",
            "&a",
            "*a",
            "!a",
            "|",
            ">",
            "%a",
            "@a",
            "`a",
            "'a'",
            "\"a\"",
            "[a]",
            "{a}",
            "a,b",
            "?",
            ":",
            "?a",
            ":a",
            "_1",
            "1f",
            "活字格",
            "é",
            "a\n",
            "a\tb",
            "1d",
            "1T",
            "key=value",
            "a@b",
            "$a",
        ] {
            assert_eq!(scalar(&json!(text)), quoted(text), "{text}");
        }
    }

    #[test]
    fn writes_numbers_that_both_versions_of_yaml_read() {
        for (number, written) in [
            (json!(0), "0"),
            (json!(-7), "-7"),
            (json!(80.0), "80"),
            (json!(-0.0), "0"),
            (json!(0.1), "0.1"),
            (json!(-1234.5), "-1234.5"),
            (json!(1e-7), "1.0e-7"),
            (json!(1.5e-9), "1.5e-9"),
            (json!(0.000001), "0.000001"),
            (json!(1e15), "1000000000000000"),
            (json!(1e20), "1.0e+20"),
            (json!(-1.5e300), "-1.5e+300"),
            (json!(i64::MIN), "-9223372036854775808"),
            (json!(u64::MAX), "1.8446744073709552e+19"),
        ] {
            assert_eq!(scalar(&number), written);
        }
    }

    #[test]
    fn writes_the_other_kinds_as_json_does() {
        assert_eq!(scalar(&json!(null)), "null");
        assert_eq!(scalar(&json!(true)), "true");
        assert_eq!(scalar(&json!({})), "{}");
        assert_eq!(scalar(&json!([])), "[]");
    }
}
