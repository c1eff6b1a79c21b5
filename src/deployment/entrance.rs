//! The entrance: whether the ingress controller is the one that the annotations are written for, and takes from an Ingress what the
//! values set there.
//!
//! Sources: the annotations of [HAProxy's controller](https://github.com/haproxytech/kubernetes-ingress/blob/master/documentation/annotations.md)
//! and [Traefik](https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/ingress/).

use super::report::Report;
use super::sessions::keeps_sessions;
use crate::rules::{INGRESS_CLASS_MISMATCH, INGRESS_SETTING_UNSUPPORTED};
use crate::values::ingress::Controller;

/// A key that some controllers have no annotation for, and where each has the setting instead.
struct Setting {
    key: &'static str,
    elsewhere: fn(Controller) -> Option<&'static str>,
}

const BY_HAND: &str = "write the controller's own annotation into `ingress.annotations`";

const SETTINGS: &[Setting] = &[
    Setting {
        key: "ingress.maxBodySize",
        elsewhere: |controller| match controller {
            Controller::Nginx => None,
            Controller::Traefik => Some(
                "remove it: Traefik has no limit, unless a Middleware of type `buffering` sets one",
            ),
            Controller::Haproxy => Some("remove it: HAProxy has no limit"),
            Controller::None => Some(BY_HAND),
        },
    },
    Setting {
        key: "ingress.timeoutSeconds",
        elsewhere: |controller| match controller {
            Controller::Nginx | Controller::Haproxy => None,
            Controller::Traefik => Some(
                "set `transport.respondingTimeouts` of Traefik's entry point in Traefik's own configuration",
            ),
            Controller::None => Some(BY_HAND),
        },
    },
    Setting {
        key: "ingress.sessionAffinity.maxAgeSeconds",
        elsewhere: |controller| match controller {
            Controller::Nginx | Controller::Traefik => None,
            Controller::Haproxy => Some("remove it: HAProxy's cookie lives as long as the browser"),
            Controller::None => Some(BY_HAND),
        },
    },
    Setting {
        key: "ingress.sessionAffinity.cookieName",
        elsewhere: |controller| match controller {
            Controller::Nginx | Controller::Traefik | Controller::Haproxy => None,
            Controller::None => Some(BY_HAND),
        },
    },
];

pub(super) fn check(report: &mut Report<'_>) {
    let ingress = &report.values().ingress;
    if !ingress.enabled {
        return;
    }
    let name = name(ingress.controller);
    class(report, name);
    for Setting { key, elsewhere } in SETTINGS {
        if let Some(help) = elsewhere(ingress.controller)
            && report.is_given(key)
        {
            let message =
                format!("this has no effect: for controller `{name}` no annotation carries it");
            report.add(&INGRESS_SETTING_UNSUPPORTED, key, message, help);
        }
    }
}

fn name(controller: Controller) -> &'static str {
    match controller {
        Controller::Nginx => "nginx",
        Controller::Traefik => "traefik",
        Controller::Haproxy => "haproxy",
        Controller::None => "none",
    }
}

/// A class is commonly called by its controller: `traefik`, `nginx-internal`.
fn class(report: &mut Report<'_>, name: &str) {
    let ingress = &report.values().ingress;
    if ingress.controller == Controller::None || keeps_sessions(report) {
        return;
    }
    let mut words = ingress.class_name.split(['-', '.']);
    let known = [Controller::Nginx, Controller::Traefik, Controller::Haproxy].map(self::name);
    let Some(other) = words.clone().find(|word| known.contains(word)) else { return };
    if words.any(|word| word == name) {
        return;
    }
    report.add(
        &INGRESS_CLASS_MISMATCH,
        "ingress.className",
        format!("the class is by its name that of {other}, which reads none of the annotations for `{name}`: neither sessions nor limits are kept"),
        format!("set `ingress.controller: {other}`"),
    );
}
