//! Words of a shell: what values become in the scripts that are printed.

/// A text as one word of a POSIX shell, whatever is in it.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The same in a command that people read: without quotes where no shell needs them.
pub fn word(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@%,".contains(c);
    let starts_plain = text.starts_with(|c: char| c.is_ascii_alphanumeric() || "/._".contains(c));
    match starts_plain && text.chars().all(is_plain) {
        true => text.to_owned(),
        false => quoted(text),
    }
}

#[cfg(test)]
mod tests {
    use super::{quoted, word};

    #[test]
    fn keeps_any_text_one_word() {
        assert_eq!(quoted("plain"), "'plain'");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("it's $(id) `id` \"$HOME\" \\ !"), r#"'it'\''s $(id) `id` "$HOME" \ !'"#);
        assert_eq!(quoted("two\nlines"), "'two\nlines'");
    }

    #[test]
    fn quotes_where_a_shell_needs_it() {
        for plain in ["shop", "/a/b-c_1.0+2", "harbor.example.com:5000/hzg", "10.0.0.5:/fgc"] {
            assert_eq!(word(plain), plain);
        }
        for other in ["", "-n", "~", "a b", "$x", "a=b*", "é", "[::1]:/a", "#a"] {
            assert_eq!(word(other), quoted(other));
        }
    }
}
