//! Whether a text may be shown: not when it gives a password, a secret or a token.

const WORDS: [&str; 3] = ["password", "secret", "token"];

/// Whether a text, an argument or a line of a file, has a key that ends with `password`, `secret`
/// or `token`, in any case: then nothing of it may be shown, since the value stands next to it.
pub(crate) fn mentions_secret(text: &str) -> bool {
    // A backslash escapes a character of a key in `--set`, so `pass\word` is `password`.
    let text = text.replace('\\', "").to_lowercase();
    WORDS
        .iter()
        .any(|word| text.match_indices(word).any(|(at, _)| ends_key(&text[at + word.len()..])))
}

/// Whether a key ends here: what follows begins a value, an index or a deeper key.
fn ends_key(after: &str) -> bool {
    after.trim_start_matches(['"', '\'', ' ', '\t']).starts_with(['=', ':', '[', '.'])
}

#[cfg(test)]
mod tests {
    use super::mentions_secret;

    #[test]
    fn hides_keys_that_end_with_a_secret_word() {
        for text in [
            "redis.auth.password=x",
            "redisPassword=x",
            r#"{"password" : "x"}"#,
            "  password: x",
            "tokens.TOKEN[0]=x",
            r"pass\word=x",
            "a={password: x}",
        ] {
            assert!(mentions_secret(text), "{text}");
        }
    }

    #[test]
    fn shows_keys_that_only_speak_of_one() {
        for text in ["existingSecretKey=x", "a=password", "automountServiceAccountTokenX: 1", ""] {
            assert!(!mentions_secret(text), "{text}");
        }
    }
}
