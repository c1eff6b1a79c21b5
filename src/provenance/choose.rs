//! Which key of a keyring signs.

use crate::error::Problem;
use crate::inspect::shown;
use crate::suggest::nearest;

use super::key::Key;
use super::keyring::Keyring;
use super::sign::Signer;

/// So many keys a message lists.
const MAX_LISTED: usize = 10;

/// Finds the key of a name: a text in one of its user ids, as in Helm, or its fingerprint or the end of that. Without a name it is the only
/// key that there is. `now` is in seconds since 1970.
///
/// # Errors
/// When there is no such key, or several are, or it must not sign.
pub fn choose<'r>(ring: &'r Keyring, name: Option<&str>, now: u64) -> Result<Signer<'r>, Problem> {
    let mut keys: Vec<&Key> = ring.keys().iter().filter(|key| key.secret().is_some()).collect();
    keys.sort_by_key(|key| key.fingerprint());
    keys.dedup_by_key(|key| key.fingerprint());
    if keys.is_empty() {
        return Err(Problem::new("the keyring holds public keys only, and a secret one signs")
            .help("`gpg --export-secret-keys > secring.gpg` writes them"));
    }
    let found = match name {
        Some(name) => matching(&keys, name, now),
        None => keys.clone(),
    };
    match found[..] {
        [key] => Signer::new(key, now),
        [] => {
            let name = name.unwrap_or_default();
            let problem = Problem::new(format!("the keyring has no secret key `{}`", shown(name)));
            let names: Vec<String> = keys.iter().flat_map(|key| key.user_ids(now)).collect();
            Err(problem.help(match nearest(name, names.iter().flat_map(|name| words(name))) {
                Some(near) => format!("did you mean `{}`?", shown(near)),
                None => format!("there are {}", list(&keys, now)),
            }))
        }
        _ => Err(match name {
            Some(name) => Problem::new(format!("several keys match `{}`", shown(name))),
            None => Problem::new("the keyring has several secret keys"),
        }
        .help(format!("`--key` names one, by its user id or fingerprint: {}", list(&found, now)))),
    }
}

/// The keys of a name. One that is named in full hides those that only contain the name.
fn matching<'r>(keys: &[&'r Key], name: &str, now: u64) -> Vec<&'r Key> {
    let digits: String = name.chars().filter(|c| *c != ' ').collect();
    let digits = digits.strip_prefix("0x").unwrap_or(&digits).to_uppercase();
    let is_id = digits.len() >= 8 && digits.chars().all(|c| c.is_ascii_hexdigit());
    let of = |fits: &dyn Fn(&str) -> bool| -> Vec<&'r Key> {
        let fitting = keys.iter().copied();
        fitting.filter(|key| key.user_ids(now).iter().any(|id| fits(id))).collect()
    };
    let by_id = keys
        .iter()
        .copied()
        .filter(|key| is_id && key.parts().any(|part| part.fingerprint().ends_with(&digits)));
    let found = [by_id.collect(), of(&|id| id == name), of(&|id| id.contains(name))];
    found.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
}

/// What people call a key by: its whole name, and the words of it.
fn words(user_id: &str) -> impl Iterator<Item = &str> {
    let words = user_id.split_whitespace().map(|word| word.trim_matches(['<', '>', '(', ')']));
    [user_id].into_iter().chain(words)
}

fn list(keys: &[&Key], now: u64) -> String {
    let named: Vec<String> = keys
        .iter()
        .take(MAX_LISTED)
        .map(|key| format!("`{}` ({})", key.name(now), key.fingerprint()))
        .collect();
    named.join(", ") + if keys.len() > MAX_LISTED { ", …" } else { "" }
}
