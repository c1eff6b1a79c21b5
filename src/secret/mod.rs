//! What must not be shown: tells by its name which key holds a password, a token or the like.
//!
//! The rule: **a line is shown only if no key on it, or above it in the tree, is named like a secret; an argument only if no
//! key in it is.** Nor is a line of an object that says `kind: Secret`, whatever its keys are called. So it holds for text that is no good YAML yet, and for keys that the schema does not know. It errs on the side
//! of silence: a hidden line still has its file, line and column. Where the schema knows a key, its `writeOnly` says whether
//! the value is secret; in a free map the key's name says it. An unknown key's value is never shown at all.

mod line;
mod value;

use std::cell::Cell;

use self::line::hides_line;
pub(crate) use self::value::gives_password;
use crate::source::{Location, Origin, Sources};

/// Parts of names, in lower case and without `_`, `-` and `\`.
const WORDS: [&str; 20] = [
    "pass", // password, passwd, passphrase, passcode, dbPass
    "pwd",
    "secret",
    "token",
    "credential",
    "apikey",
    "accesskey",
    "privatekey",
    "encryptionkey",
    "signingkey",
    "authorization",
    "license",
    "licence",
    "密码",
    "密碼",
    "口令",
    "密钥",
    "令牌",
    "凭据",
    "凭证",
];

/// Names with such a part that hold no secret: they tell where one is, or mean something else.
const HARMLESS: [&str; 11] = [
    "existingsecretkey",
    "existingsecret",
    "imagepullsecret",
    "secretname",
    "secretref",
    "secretkeyref",
    "automountserviceaccounttoken",
    "passthrough",
    "proxypass",
    "bypass",
    "authorization.k8s.io", // the API group of roles
];

/// Whether the value of a key with this name is a secret.
pub(crate) fn names_secret(key: &str) -> bool {
    // A backslash escapes a character of a key in `--set`, so `pass\word` is `password`.
    let mut key = key.replace(['\\', '_', '-'], "").to_lowercase();
    for harmless in HARMLESS {
        key = key.replace(harmless, "");
    }
    WORDS.iter().any(|word| key.contains(word))
}

/// Whether a text, an argument or a line of a file, may give a secret. Then nothing of it may be
/// shown: the value stands somewhere in it. A key `auth` counts, since passwords stand below it.
pub(crate) fn mentions_secret(text: &str) -> bool {
    names_secret(text)
        || gives_password(text)
        || text.match_indices("auth").any(|(at, auth)| {
            let name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/');
            !text[..at].ends_with(name)
                && text[at + auth.len()..]
                    .trim_start_matches(['"', '\'', ' ', '\t'])
                    .starts_with(['=', ':', '[', '.'])
        })
}

/// Answers whether the line at a place is to be hidden, and remembers the last answer: many problems
/// may stand on one long line.
#[derive(Debug, Default)]
pub(crate) struct Hidden(Cell<Option<(Origin, bool)>>);

impl Hidden {
    /// Whether the line at a place may give a secret; of an argument, whether any part may.
    pub(crate) fn is(&self, at: Origin, sources: &Sources) -> bool {
        let line = Origin { column: 1, ..at };
        if let Some((_, hidden)) = self.0.get().filter(|(known, _)| *known == line) {
            return hidden;
        }
        let source = sources.get(at.source);
        let hidden = match source.name.starts_with("--") {
            true => mentions_secret(&source.text),
            false => hides_line(&source.text, at.line),
        };
        self.0.set(Some((line, hidden)));
        hidden
    }

    /// A place as it is shown to the user: without its line, if that may give a secret.
    pub(crate) fn show(&self, at: Origin, sources: &Sources) -> Location {
        let location = Location::of(at, sources);
        match self.is(at, sources) {
            true => Location { text: None, ..location },
            false => location,
        }
    }
}

/// Whether a place is in an object that says `kind: Secret`.
pub(crate) fn stands_in_secret(at: Origin, sources: &Sources) -> bool {
    line::stands_in_secret(&sources.get(at.source).text, (at.line as usize).saturating_sub(1))
}

/// Whether a key of an argument stands behind a comma that may belong to a secret: of
/// `password=a,b=1`, the password may be meant to be all that follows.
pub(crate) fn follows_secret(key: Origin, sources: &Sources) -> bool {
    let source = sources.get(key.source);
    // In JSON a comma inside a string is inside quotes.
    if !["--set", "--set-string", "--set-file"].contains(&source.name.as_ref()) {
        return false;
    }
    let mut before = String::new();
    for (line, at) in source.text.split_inclusive('\n').zip(1..=key.line) {
        let shown = if at == key.line { key.column as usize - 1 } else { usize::MAX };
        before.extend(line.chars().take(shown));
    }
    before.rsplit_once(',').is_some_and(|(before, _)| mentions_secret(before))
}

/// What to do when a comma may belong to the value before it.
pub(crate) const COMMA: &str = "a comma begins the next key: write `\\,` for one inside a value, or give the value to `--set-literal`";

/// A message without the texts that it quotes; single signs stay.
pub(crate) fn unquoted(message: &str) -> String {
    let pieces = message.split('`').enumerate();
    let shown = pieces.map(|(at, piece)| if at % 2 == 1 && piece.len() > 1 { "…" } else { piece });
    shown.collect::<Vec<_>>().join("`")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value as Json;

    use super::{mentions_secret, names_secret, unquoted};
    use crate::schema;

    #[test]
    fn knows_a_secret_by_its_name() {
        for key in [
            "password",
            "redisPassword",
            "PASSWD",
            "pwd",
            "DB_PASS",
            "passphrase",
            "clientSecret",
            "token",
            "credentials",
            "apikey",
            "api_key",
            "API-Key",
            "private_key",
            "licenseKey",
            "数据库密码",
            "口令",
            r"pass\word",
        ] {
            assert!(names_secret(key), "{key}");
        }
        for key in
            ["existingSecret", "secretName", "ssl-passthrough", "key", "auth", "replicas", ""]
        {
            assert!(!names_secret(key), "{key}");
        }
    }

    #[test]
    fn of_the_values_own_keys_only_the_password_is_taken_for_one() {
        fn collect(schema: &Json, secret: &mut BTreeSet<String>) {
            if let Some(properties) = schema["properties"].as_object() {
                secret.extend(properties.keys().filter(|key| names_secret(key)).cloned());
            }
            let below = schema.as_object().into_iter().flat_map(|map| map.values());
            below.for_each(|schema| collect(schema, secret));
        }
        let mut secret = BTreeSet::new();
        collect(&schema::load(), &mut secret);
        assert_eq!(secret.into_iter().collect::<Vec<_>>(), ["password"]);
    }

    #[test]
    fn hides_arguments_and_lines_that_give_one() {
        for text in [
            "redis.passwd=x",
            "redis.auth.enabled=x",
            "auth[0]=x",
            r#"{"password" : "x"}"#,
            "  auth: {",
            "tokens.TOKEN[0]=x",
            "a={password: x}",
            "  密码: x",
            "url: redis://:x@redis:6379",
        ] {
            assert!(mentions_secret(text), "{text}");
        }
        for text in ["author: x", "oauth: x", "auth-url: x", "image: nginx", "existingSecret=x", ""]
        {
            assert!(!mentions_secret(text), "{text}");
        }
    }

    #[test]
    fn takes_the_quoted_texts_out_of_a_message() {
        assert_eq!(
            unquoted("the tag `!x` and `yz` begin with `!`"),
            "the tag `…` and `…` begin with `!`"
        );
        assert_eq!(unquoted("nothing"), "nothing");
    }
}
