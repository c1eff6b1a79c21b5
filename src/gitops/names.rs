//! What names of Kubernetes objects are like.

use crate::error::Problem;
use crate::schema::pattern::is_match;

/// The longest name of an object: a [DNS subdomain name](https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names).
const NAME_MAX: usize = 253;
/// The longest name that is one label of it.
const LABEL_MAX: usize = 63;

/// Checks the name of an object; `what` it is the name of begins the message.
///
/// # Errors
/// When an API server would refuse it.
pub fn check_name(what: &str, name: &str) -> Result<(), Problem> {
    check(
        what,
        name,
        NAME_MAX,
        r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
    )
}

/// Checks a name that has no dots: a namespace's.
///
/// # Errors
/// When an API server would refuse it.
pub fn check_label(what: &str, name: &str) -> Result<(), Problem> {
    check(what, name, LABEL_MAX, "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
}

fn check(what: &str, name: &str, max: usize, pattern: &str) -> Result<(), Problem> {
    if name.len() <= max && is_match(pattern, name) == Some(true) {
        return Ok(());
    }
    Err(Problem::new(format!("{what} `{}` cannot be a name in Kubernetes", name.escape_debug()))
        .help(format!("use up to {max} lower-case letters, digits and dashes inside")))
}

#[cfg(test)]
mod tests {
    use super::{check_label, check_name};

    #[test]
    fn takes_what_an_api_server_takes() {
        for name in ["a", "a-b", "0", "a.b-c.d"] {
            assert!(check_name("it", name).is_ok(), "{name}");
        }
        for name in ["", "A", "-a", "a-", "a..b", "a b", "a\n", "{{a}}", ".a", "活"] {
            assert!(check_name("it", name).is_err(), "{name}");
            assert!(check_label("it", name).is_err(), "{name}");
        }
        assert!(check_label("it", "a.b").is_err());
        assert!(check_label("it", &"a".repeat(64)).is_err());
        assert!(check_name("it", &"a".repeat(254)).is_err());
    }
}
