//! Words of a shell: what values become in the scripts that are printed.

/// A text as one word of a POSIX shell, whatever is in it.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn keeps_any_text_one_word() {
        assert_eq!(quoted("plain"), "'plain'");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("it's $(id) `id` \"$HOME\" \\ !"), r#"'it'\''s $(id) `id` "$HOME" \ !'"#);
        assert_eq!(quoted("two\nlines"), "'two\nlines'");
    }
}
