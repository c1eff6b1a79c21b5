//! What is reached from outside: the stores should not be, and an entrance should.

use super::report::Report;
use crate::object::text;
use crate::rules::{GATEWAY_WITHOUT_PARENT, INFLUX_OPEN, REDIS_OPEN, TLS_HOST_UNSERVED};
use crate::values::service::ServiceType;

pub(super) fn check(report: &mut Report<'_>) {
    let values = report.values();
    if values.gateway.enabled {
        gateway(report);
    }
    let redis = &values.redis;
    if redis.enabled && redis.service.kind != ServiceType::ClusterIP && !redis.auth.enabled {
        report.add(
            &REDIS_OPEN,
            "redis.service.type",
            format!(
                "redis has no password, and everyone who reaches {} reaches it",
                outside(redis.service.kind)
            ),
            "set `redis.service.type: ClusterIP`, or switch `redis.auth.enabled` on",
        );
    }
    let influx = &values.influx;
    if influx.enabled && influx.service.kind != ServiceType::ClusterIP {
        report.add(
            &INFLUX_OPEN,
            "influx.service.type",
            format!(
                "influx asks for no login, and everyone who reaches {} reads and deletes the logs",
                outside(influx.service.kind)
            ),
            "set `influx.service.type: ClusterIP`, which is all that Forguncy needs",
        );
    }
    certificates(report);
}

fn outside(service: ServiceType) -> &'static str {
    match service {
        ServiceType::LoadBalancer => "the load balancer",
        ServiceType::ClusterIP | ServiceType::NodePort => "a node",
    }
}

/// A certificate for a name that no rule answers to is a misspelt name on one side or the other.
fn certificates(report: &mut Report<'_>) {
    let ingress = &report.values().ingress;
    if !ingress.enabled || ingress.hosts.is_empty() {
        return;
    }
    for (at, tls) in ingress.tls.iter().enumerate() {
        for (number, host) in tls.hosts.iter().enumerate() {
            if !ingress.hosts.iter().any(|served| serves(served, host)) {
                let near = crate::suggest::nearest(host, ingress.hosts.iter().map(String::as_str));
                report.add(
                    &TLS_HOST_UNSERVED,
                    &format!("ingress.tls[{at}].hosts[{number}]"),
                    format!(
                        "the Ingress does not serve `{host}`, so this certificate is never shown"
                    ),
                    match near {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "add the name to `ingress.hosts`, or remove it here".to_owned(),
                    },
                );
            }
        }
    }
}

/// Whether a host of the Ingress and one of a certificate have a name in common. A wildcard stands for one label.
fn serves(served: &str, host: &str) -> bool {
    let within = |wildcard: &str, name: &str| {
        let Some(domain) = wildcard.strip_prefix("*.") else { return false };
        name.split_once('.').is_some_and(|(_, rest)| rest == domain)
    };
    served == host || within(served, host) || within(host, served)
}
/// A Gateway takes up the routes that name it, and no other.
fn gateway(report: &mut Report<'_>) {
    let parents = report.items("gateway.parentRefs");
    let nameless = parents.iter().position(|parent| text(parent, &["name"]).is_empty());
    let (key, message) = match nameless {
        Some(at) => (format!("gateway.parentRefs[{at}]"), "this names no Gateway"),
        None if parents.is_empty() => {
            ("gateway.parentRefs".to_owned(), "the route names no Gateway, so none serves it")
        }
        None => return,
    };
    report.add(&GATEWAY_WITHOUT_PARENT, &key, message, "give the Gateway's `name`");
}
