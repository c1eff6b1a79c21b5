//! JSON that is read as YAML: the escapes of JSON that YAML, as Helm and Kubernetes read it, does not have.

/// A text with characters in place of these escapes, if it is a JSON object: kubectl takes what begins with `{` for JSON, where
/// `\/` is a slash, and two halves of UTF-16, `\ud83d\ude00`, are a character. Lines stay where they are.
pub fn in_yaml(text: String) -> String {
    let has_any = |text: &str| ["\\/", "\\ud", "\\uD"].iter().any(|escape| text.contains(escape));
    if !text.trim_start().starts_with('{') || !has_any(&text) {
        return text;
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find('\\') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let (character, length) = match (rest.as_bytes().get(1), surrogates(rest)) {
            (Some(b'/'), _) => (Some('/'), 2),
            (_, Some(character)) => (Some(character), 12),
            _ => (None, 1 + rest[1..].chars().next().map_or(0, char::len_utf8)),
        };
        match character {
            Some(character) => plain.push(character),
            None => plain.push_str(&rest[..length]),
        }
        rest = &rest[length..];
    }
    plain.push_str(rest);
    plain
}

/// The character that two escapes at the beginning of a text are the halves of.
fn surrogates(text: &str) -> Option<char> {
    let half = |from: usize| {
        let digits = text.get(from..from + 6)?.strip_prefix("\\u")?;
        digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then_some(())?;
        u16::from_str_radix(digits, 16).ok()
    };
    let units = [half(0)?, half(6)?];
    // A character of one unit is YAML's, too.
    let is_pair = (0xd800..0xdc00).contains(&units[0]);
    char::decode_utf16(units).next()?.ok().filter(|_| is_pair)
}

#[cfg(test)]
mod tests {
    use super::in_yaml;

    #[test]
    fn writes_characters_for_escapes_that_only_json_has() {
        for (json, yaml) in [
            (r#"{"a": "b\/c \ud83d\ude00 \uD83D\uDE00"}"#, r#"{"a": "b/c 😀 😀"}"#),
            (r#" {"a": "\\/ \\\/ \n \" \u4e2d"}"#, r#" {"a": "\\/ \\/ \n \" \u4e2d"}"#),
            (r#"{"a": "\ud83d \ude00\ud83d \ud83dx"}"#, r#"{"a": "\ud83d \ude00\ud83d \ud83dx"}"#),
            (r#"a: "\/""#, r#"a: "\/""#),
            ("{\\/\n\\ud", "{/\n\\ud"),
            ("{\\/\\", "{/\\"),
        ] {
            assert_eq!(in_yaml(json.to_owned()), yaml);
        }
    }
}
