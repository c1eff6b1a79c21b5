//! What an API server asks of the fields of a security context together.

use crate::node::Value;
use crate::rules::{BAD_FORMAT, FIELD_CONFLICT, MISSING_FIELD};

use super::format::shown;
use super::here::Here;

/// Of a container's security context: a privileged container may gain privileges.
pub(super) fn check(here: &mut Here<'_, '_>) {
    let is = |field: &str, wanted: bool| {
        here.get(field).is_some_and(|node| matches!(node.value, Value::Bool(is) if is == wanted))
    };
    if is("privileged", true) && is("allowPrivilegeEscalation", false) {
        let message = "`allowPrivilegeEscalation` cannot be false for a privileged container";
        here.report(
            &FIELD_CONFLICT,
            "allowPrivilegeEscalation",
            message,
            "leave one of the two out",
        );
    }
}

/// Of a profile of seccomp or AppArmor: one on the node has a name there, and no other has.
pub(super) fn check_profile(here: &mut Here<'_, '_>) {
    const NAME: &str = "localhostProfile";
    // An empty name counts as given.
    let is_given = here.map.get(NAME).is_some_and(|entry| !matches!(entry.node.value, Value::Null));
    match here.text("type") {
        "Localhost" if !is_given && !here.walk.is_meant(NAME) => {
            let help = "name the profile's file on the node, or use `RuntimeDefault`";
            here.report(&MISSING_FIELD, NAME, format!("`{NAME}` is missing"), help);
        }
        kind @ ("RuntimeDefault" | "Unconfined") if is_given => {
            let message = format!("`{NAME}` says nothing when the type is `{kind}`");
            here.report(&FIELD_CONFLICT, NAME, message, "leave it out, or use `Localhost`");
        }
        _ => {}
    }
}

/// Of a kernel parameter: its name (`IsValidSysctlName`).
pub(super) fn check_sysctl(here: &mut Here<'_, '_>) {
    let name = here.text("name");
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_part = |part: &str| {
        part.starts_with(inner)
            && part.ends_with(inner)
            && part.chars().all(|c| inner(c) || matches!(c, '-' | '_'))
    };
    if !name.is_empty() && !name.split(['.', '/']).all(is_part) {
        let message =
            format!("`name` is `{}`, expected a name like `net.core.somaxconn`", shown(name));
        here.report(
            &BAD_FORMAT,
            "name",
            message,
            "use small letters, digits, `-` and `_` between dots",
        );
    }
}
