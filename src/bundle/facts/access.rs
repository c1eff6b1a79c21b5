//! Who gets in, as the guide speaks of it: the Secrets that the site makes, and the addresses that users open.

use std::collections::BTreeSet;

use super::super::Bundle;
use super::super::template::{Facts, span};
use super::PASSWORD_FILE;
use crate::shell::word;
use crate::values::Values;
use crate::values::service::ServiceType;

pub(super) fn secrets(facts: &mut Facts, bundle: &Bundle<'_>) {
    let values = &bundle.loaded.values;
    let pull = &values.global.image_pull_secrets;
    facts.switch("pull_secrets", !pull.is_empty());
    let namespace = &bundle.release.namespace;
    let lines = pull.iter().map(|secret| {
        format!(
            "kubectl -n {namespace} create secret generic {} --type=kubernetes.io/dockerconfigjson --from-file=.dockerconfigjson=\"$HOME/.docker/config.json\"\n",
            word(&secret.name)
        )
    });
    facts.made("pull_secret_commands", lines.collect::<String>().trim_end());
    let auth = &values.redis.auth;
    let has_password = values.redis.enabled && auth.enabled;
    facts.switch("redis", values.redis.enabled);
    facts.switch("redis_auth", has_password);
    let existing = !auth.existing_secret.is_empty();
    facts.switch("redis_secret", has_password && existing);
    facts.switch("password_open", bundle.password_open);
    facts.switch("makes_password", has_password && existing || bundle.password_open);
    facts.made("password_file", PASSWORD_FILE);
    facts.text("password_key", &auth.existing_secret_key);
    let own = format!("{}-redis-auth", bundle.release.name);
    facts.text("password_secret", if existing { &auth.existing_secret } else { &own });
    facts.text(
        "redis_address",
        format!("{}-redis-service:{}", bundle.release.name, values.redis.service.port),
    );
    let tls: BTreeSet<&str> =
        values.ingress.tls.iter().map(|tls| tls.secret_name.as_str()).collect();
    let tls = if values.ingress.enabled { tls } else { BTreeSet::new() };
    facts.switch("tls", !tls.is_empty());
    let lines = tls.iter().map(|name| {
        format!(
            "kubectl -n {namespace} create secret tls {} --cert=tls.crt --key=tls.key\n",
            word(name)
        )
    });
    facts.made("tls_commands", lines.collect::<String>().trim_end());
}

pub(super) fn entrance(facts: &mut Facts, values: &Values) {
    let service = &values.forguncy.service;
    facts.text("service_port", service.port.to_string());
    facts.text("node_port", service.node_port.to_string());
    let is_node_port = service.kind == ServiceType::NodePort;
    facts.switch("node_port", is_node_port && service.node_port != 0);
    facts.switch("chosen_port", is_node_port && service.node_port == 0);
    facts.switch("load_balancer", service.kind == ServiceType::LoadBalancer);
    let has_names = values.ingress.enabled || values.gateway.enabled;
    facts.switch("forwarded", service.kind == ServiceType::ClusterIP && !has_names);
    let console = |scheme: &str, host: &str, port: &str| {
        format!("{scheme}://{host}{port}/UserService/AdminPortal/")
    };
    facts.text("node_console", console("http", "NODE", &format!(":{}", service.node_port)));
    facts.text("balanced_console", console("http", "EXTERNAL-IP", &format!(":{}", service.port)));
    let ingress = &values.ingress;
    let scheme = if ingress.tls.is_empty() { "http" } else { "https" };
    let mut hosts: Vec<(&str, &str)> = Vec::new();
    if ingress.enabled {
        hosts.extend(ingress.hosts.iter().map(|host| (scheme, host.as_str())));
    }
    if values.gateway.enabled {
        hosts.extend(values.gateway.hostnames.iter().map(|host| ("http", host.as_str())));
    }
    facts.switch("wildcard", hosts.iter().any(|(_, host)| host.starts_with('*')));
    // No browser opens `*.example.com`.
    let one_of = |host: &str| host.replacen('*', "NAME", 1);
    let addresses: Vec<String> =
        hosts.iter().map(|(scheme, host)| console(scheme, &one_of(host), "")).collect();
    facts.switch("addresses", !addresses.is_empty());
    facts.switch("nameless", has_names && addresses.is_empty());
    facts.text("nameless_console", console(scheme, "ADDRESS", ""));
    let lines = addresses.iter().map(|address| format!("- {}\n", span(address)));
    facts.made("address_rows", lines.collect::<String>());
}
