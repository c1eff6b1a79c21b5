//! Percent-encoding: texts in addresses and forms ([RFC 3986](https://www.rfc-editor.org/rfc/rfc3986#section-2.1)).

/// Escapes every byte that is no letter, no digit and not in `plain`.
pub fn encode(text: &str, plain: &[u8]) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        match byte.is_ascii_alphanumeric() || plain.contains(&byte) {
            true => out.push(char::from(byte)),
            false => out.push_str(&format!("%{byte:02X}")),
        }
        out
    })
}

/// Takes escapes back; `None` when one is none, or the bytes are no text.
pub fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|b| char::from(b).to_digit(16));
        let (high, low) = (digit()?, digit()?);
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn escapes_what_is_not_plain_and_takes_it_back() {
        assert_eq!(encode("a b/活%", b"/"), "a%20b/%E6%B4%BB%25");
        assert_eq!(encode("a b/活%", b""), "a%20b%2F%E6%B4%BB%25");
        assert_eq!(decode("a%20b/%e6%B4%BB%25").unwrap(), "a b/活%");
    }

    #[test]
    fn takes_no_escape_that_is_none() {
        for text in ["%", "%4", "%4g", "%ff"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
