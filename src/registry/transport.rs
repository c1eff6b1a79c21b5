//! HTTP to one registry: TLS with the system's certificates, time limits, no redirects.

use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::ring;
use ureq::Agent;
use ureq::config::Config;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use super::proxy::Proxies;
use crate::error::{Error, Problem};

/// How to reach a registry.
pub struct Setting {
    /// HTTP without TLS, which anyone on the way can read and change.
    pub plain_http: bool,
    /// Certificates in PEM to trust beside the system's, as the file's name and its bytes.
    pub ca: Option<(String, Vec<u8>)>,
    /// What leads to a registry that cannot be reached directly.
    pub proxies: Proxies,
    /// How long a registry may be silent.
    pub timeout: Duration,
}

/// A way to a registry.
pub struct Transport {
    pub(super) agent: Agent,
    pub(super) plain_http: bool,
    pub(super) proxies: Proxies,
    pub(super) timeout: Duration,
}

impl Transport {
    /// Reads certificates and sets limits.
    ///
    /// # Errors
    /// When the further certificates are none.
    pub fn new(setting: Setting) -> Result<Self, Error> {
        let Setting { plain_http, ca, proxies, timeout } = setting;
        let limit = Some(timeout);
        let config = Config::builder()
            .https_only(!plain_http)
            // With `--plain-http`, too: an upload may go on by TLS, and a proxy may speak it.
            .tls_config(tls(ca)?)
            // Each address has its own.
            .proxy(None)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("hzgchart/", env!("CARGO_PKG_VERSION")))
            .timeout_resolve(limit)
            .timeout_connect(limit)
            .timeout_per_read(limit)
            .timeout_per_write(limit)
            .timeout_recv_response(limit)
            .timeout_recv_body(limit);
        Ok(Self { agent: config.build().new_agent(), plain_http, proxies, timeout })
    }
}

fn tls(ca: Option<(String, Vec<u8>)>) -> Result<TlsConfig, Error> {
    // What the system cannot read of its own store it does not trust.
    let system = rustls_native_certs::load_native_certs().certs;
    let mut trusted: Vec<Certificate<'static>> =
        system.iter().map(|der| Certificate::from_der(der).to_owned()).collect();
    if let Some((name, pem)) = ca {
        let before = trusted.len();
        trusted.extend(parse_pem(&pem).filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        }));
        if trusted.len() == before {
            let problem = Problem::new(format!("`{name}` holds no certificate in PEM"));
            return Err(problem
                .path("--ca-file")
                .help("it begins with `-----BEGIN CERTIFICATE-----`")
                .into());
        }
    }
    Ok(TlsConfig::builder()
        .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
        .root_certs(RootCerts::Specific(Arc::new(trusted)))
        .build())
}
