//! What keeps a user's requests at one pod, and what it means when it goes.

use super::consequence::{Consequence, Effect};
use super::fields::Field;
use super::pair::Pair;

/// Annotations that switch cookies on: the object that has them, the key, and the value; none where any will do.
const COOKIES: [(&str, &str, Option<&str>); 3] = [
    ("Ingress", "nginx.ingress.kubernetes.io/affinity", Some("cookie")),
    ("Service", "traefik.ingress.kubernetes.io/service.sticky.cookie", Some("true")),
    ("Service", "haproxy.org/cookie-persistence", None),
];

/// What a changed field means for sessions.
pub(super) fn check(pair: &Pair<'_>, field: &Field<'_>) -> Option<Consequence> {
    let kind = pair.identity.kind.as_str();
    let by_address = kind == "Service" && field.path.is("spec.sessionAffinity") && {
        let path = ["spec", "sessionAffinity"];
        pair.old_text(&path) == "ClientIP" && pair.new_text(&path) != "ClientIP"
    };
    let by_cookie = || {
        COOKIES.into_iter().any(|(of, key, on)| {
            let path = ["metadata", "annotations", key];
            let is_on = |text: &str| on.map_or(!text.is_empty(), |on| text == on);
            let is_meant = field.path.keys().nth(2).is_none_or(|changed| changed == key);
            of == kind
                && field.path.is_in("metadata.annotations")
                && is_meant
                && is_on(pair.old_text(&path))
                && !is_on(pair.new_text(&path))
        })
    };
    (by_address || by_cookie()).then(|| {
        Consequence::new(
            Effect::Outage,
            "requests of one user may go to another pod each: with several pods sessions break off",
        )
    })
}
