//! Which values give a password, whatever their key is called: connection strings, and addresses with a login.

/// What stands before a password in a connection string, in lower case.
const KEYS: [&str; 4] = ["password", "passwd", "pwd", "pass"];

/// Whether a text has a password in it: `Server=db;Uid=sa;Pwd=…`, `redis://:…@host`, `user:…@host`. One that another variable brings,
/// `$(NAME)`, is none.
pub(crate) fn gives_password(text: &str) -> bool {
    in_connection_string(text) || in_address(text) || in_login(text)
}

fn in_connection_string(text: &str) -> bool {
    let ends = [';', '&', '?', ' ', '\n', '"', '\''];
    text.match_indices('=').any(|(at, _)| {
        let key =
            text[..at].trim_end().rsplit(ends).next().unwrap_or_default().to_ascii_lowercase();
        let value = text[at + 1..].trim_start_matches(' ').split(ends).next().unwrap_or_default();
        KEYS.iter().any(|name| key.ends_with(name)) && is_plain(value)
    })
}

fn in_address(text: &str) -> bool {
    text.match_indices("://").any(|(at, separator)| {
        let rest = &text[at + separator.len()..];
        let host = rest.split(['/', ' ', '\n', '"', '\'']).next().unwrap_or_default();
        let login = host.rsplit_once('@').and_then(|(login, _)| login.split_once(':'));
        login.is_some_and(|(_, password)| is_plain(password))
    })
}

/// `user:…@host`, without a scheme before it. An image's tag before its digest is no password.
fn in_login(text: &str) -> bool {
    text.split([' ', '\n', '"', '\'', ',', '[', '{']).any(|word| {
        let login = word.split('/').next().and_then(|word| word.rsplit_once('@'));
        let login = login.filter(|(_, host)| !host.is_empty() && !host.starts_with("sha"));
        let parts = login.and_then(|(login, _)| login.split_once(':'));
        parts.is_some_and(|(user, password)| !user.is_empty() && is_plain(password))
    })
}

fn is_plain(value: &str) -> bool {
    let value = value.trim();
    !value.is_empty() && !value.starts_with("$(") && !value.starts_with("${")
}

#[cfg(test)]
mod tests {
    use super::gives_password;

    #[test]
    fn finds_passwords_in_connection_strings_and_addresses() {
        for text in [
            "Server=db;Uid=sa;Pwd=hunter2;",
            "Data Source=db;User ID=sa;Password = hunter2",
            "host=db password=hunter2 dbname=a",
            "jdbc:mysql://db:3306/a?user=root&password=hunter2",
            "redis://:hunter2@redis:6379",
            "a\nurl: \"https://me:hunter2@example.com/x\"\n",
            "DB_PASS=hunter2",
            "registry: user:hunter2@example.com/x",
            "u:hunter2@host",
        ] {
            assert!(gives_password(text), "{text}");
        }
        for text in [
            "",
            "Server=db;Pwd=$(DB_PASSWORD);",
            "redis://redis:6379",
            "redis://:$(REDIS_PASSWORD)@redis:6379",
            "https://example.com/@user:name",
            "mail me@example.com: now",
            "image: redis:7@sha256:0123",
            "server: u:$(PASSWORD)@host",
            "a=b;Integrated Security=true",
            "pwd=",
        ] {
            assert!(!gives_password(text), "{text}");
        }
    }
}
