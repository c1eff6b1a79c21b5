//! Bytes to text: the first step of reading, and the one that turns away what is not text.

use crate::error::Problem;
use crate::source::Location;

/// The largest text that is read, in bytes: 1 MiB.
///
/// Kubernetes stores no object above that, and Helm keeps a release, values included, in one.
pub const MAX_BYTES: usize = 1 << 20;

/// Turns the bytes of the file called `name` into text, without a leading byte order mark.
///
/// Windows line ends stay as they are.
///
/// # Errors
/// With line and column: bytes that are not UTF-8, a control character that YAML forbids, and the
/// three line breaks that YAML 1.1 has and YAML 1.2 has not. Without: more than [`MAX_BYTES`].
pub fn decode(bytes: &[u8], name: &str) -> Result<String, Problem> {
    if bytes.len() > MAX_BYTES {
        let message =
            format!("`{name}` has more than {MAX_BYTES} bytes (1 MiB), the most that is read");
        return Err(Problem::new(message)
            .help("Kubernetes cannot store more in one object; split the file"));
    }
    decode_long(bytes, name)
}

/// Does the same with a text that may be longer.
///
/// # Errors
/// As [`decode`], but for the size.
pub fn decode_long(bytes: &[u8], name: &str) -> Result<String, Problem> {
    if is_utf16(bytes) {
        return Err(Problem::new(format!("`{name}` is UTF-16, not UTF-8 text"))
            .at(place(name, ""))
            .help("save it as UTF-8: in Notepad, `Save as`, encoding `UTF-8`"));
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let before = std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default();
            return Err(not_utf8(bytes, name).at(place(name, before.trim_start_matches(BOM))));
        }
    };
    let text = text.strip_prefix(BOM).unwrap_or(text);
    // Most texts hold nothing that a character is to be looked at for.
    if text.bytes().all(|byte| matches!(byte, b'\t' | b'\n' | b' '..=b'~')) {
        return Ok(text.to_owned());
    }
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|&(_, c)| c);
        if let Some((message, help)) = refusal(c, next, name) {
            return Err(Problem::new(message).at(place(name, &text[..at])).help(help));
        }
    }
    Ok(text.to_owned())
}

const BOM: char = '\u{feff}';

/// A byte order mark of UTF-16, or ASCII characters with a NUL beside each of them.
fn is_utf16(bytes: &[u8]) -> bool {
    let nul = |skip| bytes.iter().skip(skip).step_by(2).take(4).all(|&b| b == 0);
    matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..])
        || (bytes.len() >= 8 && nul(0) != nul(1) && bytes.len().is_multiple_of(2))
}

fn not_utf8(bytes: &[u8], name: &str) -> Problem {
    if is_gbk(bytes) {
        Problem::new(format!("`{name}` is not UTF-8 text; its bytes look like GBK")).help(
            "Chinese Windows saves text as GBK (ANSI) by default; save it as UTF-8: in Notepad, \
             `Save as` (另存为), encoding `UTF-8`",
        )
    } else {
        Problem::new(format!("`{name}` is not text: this byte is not UTF-8"))
            .help("save it as UTF-8")
    }
}

/// Whether everything beyond ASCII comes in pairs of the GBK code page.
fn is_gbk(bytes: &[u8]) -> bool {
    let mut bytes = bytes.iter();
    while let Some(&lead) = bytes.next() {
        let pair = match lead {
            0..=0x7f => continue,
            0x81..=0xfe => bytes.next(),
            _ => None,
        };
        if !matches!(pair, Some(0x40..=0x7e | 0x80..=0xfe)) {
            return false;
        }
    }
    true
}

/// Why a character cannot stand in a YAML text, and what to do.
fn refusal(c: char, next: Option<char>, name: &str) -> Option<(String, String)> {
    let code = u32::from(c);
    let help = |text: &str| text.to_owned();
    let escape = |escape: String| {
        format!("delete it, or write it as an escape in double quotes: `\"{escape}\"`")
    };
    match c {
        '\t' | '\n' | ' '..='~' => None,
        '\r' if next == Some('\n') => None,
        '\0' => {
            let message = format!("`{name}` is not text: it holds a NUL byte");
            Some((message, help("give a YAML file, saved as UTF-8")))
        }
        '\r' => {
            let message = "a carriage return without a line feed".to_owned();
            Some((message, help("save the file with line ends LF or CRLF")))
        }
        '\u{85}' | '\u{2028}' | '\u{2029}' => Some((
            format!("the character U+{code:04X}, which only some YAML parsers take for a line end"),
            // As an escape, too, values may not hold it.
            if c == '\u{85}' { help("delete it") } else { escape(format!("\\u{code:04x}")) },
        )),
        BOM => Some((
            "a byte order mark (U+FEFF) in the middle of the text".to_owned(),
            help("delete this invisible character, or write it as `\"\\ufeff\"`"),
        )),
        '\0'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => Some((
            format!("the control character U+{code:04X}, which YAML forbids"),
            if c < ' ' { escape(format!("\\x{code:02x}")) } else { help("delete it") },
        )),
        _ => None,
    }
}

/// The place right after `before`. The line is not shown: it may be no text at all.
fn place(name: &str, before: &str) -> Location {
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
    Location {
        source: name.to_owned(),
        line: u32::try_from(line).unwrap_or(u32::MAX),
        column: u32::try_from(column).unwrap_or(u32::MAX),
        text: None,
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_BYTES, decode};

    fn refuse(bytes: &[u8]) -> String {
        decode(bytes, "values.yaml").unwrap_err().to_string()
    }

    #[test]
    fn strips_one_byte_order_mark_and_keeps_windows_line_ends() {
        assert_eq!(decode(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", "v").unwrap(), "a: 1\r\nb: 2\r\n");
        assert!(refuse(b"\xef\xbb\xbf\xef\xbb\xbfa").contains("byte order mark"));
        assert!(refuse("a: x\u{feff}".as_bytes()).starts_with("values.yaml:1:5: a byte order"));
    }

    #[test]
    fn takes_chinese_and_emoji() {
        assert_eq!(decode("名: 活字格 😀\n".as_bytes(), "v").unwrap(), "名: 活字格 😀\n");
        assert_eq!(decode(b"", "v").unwrap(), "");
    }

    #[test]
    fn tells_gbk_from_other_bytes() {
        let gbk = refuse(b"a: 1\nb: \xbb\xee\xd7\xd6\xb8\xf1\n");
        assert!(gbk.starts_with("values.yaml:2:4: `values.yaml` is not UTF-8"), "{gbk}");
        assert!(gbk.contains("GBK") && gbk.contains("save it as UTF-8"), "{gbk}");
        let latin = refuse(b"a: caf\xe9 x\n");
        assert!(latin.starts_with("values.yaml:1:7: ") && !latin.contains("GBK"), "{latin}");
        assert!(!refuse(b"\x1f\x8b\x08\xff\xff").contains("GBK"));
    }

    #[test]
    fn refuses_utf16_with_and_without_a_mark() {
        for bytes in
            [&b"\xff\xfea\0:\0"[..], b"\xfe\xff\0a\0:", b"a\0:\0 \x001\0", b"\0a\0:\0 \x001"]
        {
            assert!(refuse(bytes).contains("UTF-16"), "{bytes:?}");
        }
    }

    #[test]
    fn refuses_control_characters_with_their_place() {
        assert!(refuse(b"a: 1\nb: \0\n").starts_with("values.yaml:2:4: `values.yaml` is not text"));
        assert!(refuse(b"a: \x1b[0m").starts_with("values.yaml:1:4: the control character U+001B"));
        assert!(refuse("名: \u{7f}".as_bytes()).starts_with("values.yaml:1:4: "));
        assert!(refuse("a: x\u{2028}y".as_bytes()).contains("U+2028"));
        assert!(refuse("a: x\u{85}y".as_bytes()).contains("U+0085"));
        assert!(refuse(b"a: 1\rb: 2").starts_with("values.yaml:1:5: a carriage return"));
    }

    #[test]
    fn gives_the_escape_of_the_character_and_none_that_values_may_not_hold() {
        let help = |c: char| decode(format!("a: {c}").as_bytes(), "v").unwrap_err().help.unwrap();
        for (c, escape) in [
            ('\u{2028}', "\\u2028"),
            ('\u{2029}', "\\u2029"),
            ('\u{1b}', "\\x1b"),
            ('\u{7}', "\\x07"),
        ] {
            assert!(help(c).ends_with(&format!("in double quotes: `\"{escape}\"`")), "{}", help(c));
        }
        for c in ['\u{7f}', '\u{85}', '\u{9f}', '\u{fffe}', '\u{ffff}'] {
            assert_eq!(help(c), "delete it", "{c:?}");
        }
    }

    #[test]
    fn refuses_more_than_a_mebibyte() {
        assert!(decode(&vec![b'#'; MAX_BYTES], "v").is_ok());
        assert!(refuse(&vec![b'#'; MAX_BYTES + 1]).contains("more than 1048576 bytes"));
    }
}
