//! The entrance: whether the ingress controller takes from an Ingress what the values set there.
//!
//! Sources: the annotations of [HAProxy's controller](https://github.com/haproxytech/kubernetes-ingress/blob/master/documentation/annotations.md)
//! and [Traefik](https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/ingress/).

use super::report::Report;
use crate::rules::INGRESS_SETTING_UNSUPPORTED;
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
    let name = match ingress.controller {
        Controller::Nginx => "nginx",
        Controller::Traefik => "traefik",
        Controller::Haproxy => "haproxy",
        Controller::None => "none",
    };
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
