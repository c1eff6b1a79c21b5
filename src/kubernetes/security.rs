//! What an API server asks of the fields of a security context together.

use crate::node::Value;
use crate::rules::{FIELD_CONFLICT, MISSING_FIELD};

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
