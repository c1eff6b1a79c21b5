//! `ingress`: access through an ingress controller.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::values::format;
use crate::values::maps::Annotations;

/// HTTP(S) access through an ingress controller.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ingress {
    /// Create the Ingress.
    pub enabled: bool,
    /// Which controller the annotations for affinity, body size and timeouts are written for.
    pub controller: Controller,
    /// IngressClass. Empty is the cluster's default class.
    #[schemars(schema_with = "format::optional_name")]
    pub class_name: String,
    /// Host names, each of which may begin with `*.`. Empty answers to every name.
    #[serde(default)]
    #[schemars(schema_with = "format::hosts")]
    pub hosts: Vec<String>,
    /// Path prefix that goes to Forguncy.
    #[schemars(schema_with = "format::url_path")]
    pub path: String,
    /// Certificates: a list of `secretName` and the `hosts` it is for.
    #[serde(default)]
    pub tls: Vec<Tls>,
    /// Annotations of the Ingress, besides those that the chart writes for `controller`.
    #[serde(default)]
    pub annotations: Annotations,
    /// Send a browser always to the same pod, by a cookie. Forguncy needs affinity as soon as there
    /// are two pods. With `tls` the cookie is for HTTPS only (`Secure`, `SameSite=Lax`); HAProxy sets
    /// no such attributes.
    pub session_affinity: CookieAffinity,
    /// Largest request body in nginx's notation, which limits uploads. Empty is nginx's default, 1m.
    /// For controller nginx; Traefik and HAProxy have no limit unless they are given one.
    #[schemars(schema_with = "format::optional_nginx_size")]
    pub max_body_size: String,
    /// Seconds that the controller waits for an answer, 1 to 86400. Ten minutes let long reports and,
    /// with nginx, idle websockets live. For controllers nginx and haproxy. HAProxy's websockets follow
    /// its `timeout-tunnel`, an hour unless its ConfigMap says otherwise. Traefik waits without a limit,
    /// but reads a request for 60 seconds only, unless its entry point's
    /// `transport.respondingTimeouts.readTimeout` is raised: large uploads need that.
    #[schemars(range(min = 1, max = 86400))]
    pub timeout_seconds: u32,
}

/// An ingress controller whose annotations the chart knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Controller {
    /// ingress-nginx, retired in 2026, and controllers that read its annotations.
    Nginx,
    /// Traefik 3, which comes with k3s. It takes the affinity from the Service.
    Traefik,
    /// HAProxy Technologies' controller (`haproxy.org` annotations). It takes the affinity from the
    /// Service.
    Haproxy,
    /// Any other: the chart writes no annotations of its own.
    None,
}

/// A certificate and the names it is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tls {
    /// Secret of type `kubernetes.io/tls` in the release's namespace.
    #[schemars(schema_with = "format::name")]
    pub secret_name: String,
    /// Host names of the certificate, at least one if the key is there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "format::some_hosts")]
    pub hosts: Vec<String>,
}

/// Affinity by a cookie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CookieAffinity {
    /// Switch the affinity on.
    pub enabled: bool,
    /// Name of the cookie. The default is the vendor's.
    #[schemars(schema_with = "format::cookie_name")]
    pub cookie_name: String,
    /// Seconds that the cookie lives, at least 1. The default, two days, is the vendor's. HAProxy's
    /// cookie lives as long as the browser.
    #[schemars(range(min = 1, max = 2_147_483_647))]
    pub max_age_seconds: u32,
}

impl Default for Ingress {
    fn default() -> Self {
        Self {
            enabled: false,
            controller: Controller::Nginx,
            class_name: String::new(),
            hosts: Vec::new(),
            path: "/".into(),
            tls: Vec::new(),
            annotations: Annotations::default(),
            session_affinity: CookieAffinity {
                enabled: true,
                cookie_name: "route".into(),
                max_age_seconds: 172_800,
            },
            max_body_size: "1g".into(),
            timeout_seconds: 600,
        }
    }
}
