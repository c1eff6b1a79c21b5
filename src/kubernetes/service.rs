//! What an API server asks of the fields of a Service together.

use std::collections::HashSet;

use crate::node::Node;
use crate::rules::FIELD_CONFLICT;

use super::format::shown;
use super::here::Here;
use super::walk::Step;

/// Of a Service: it has ports unless it needs none, and what its type asks for, no more.
pub(super) fn check(here: &mut Here<'_, '_>) {
    let kind = here.text("type");
    let ports = here.get("ports").map(Node::items).unwrap_or_default();
    if kind == "ExternalName" {
        if !here.has("externalName") {
            here.missing("externalName", "a Service of type `ExternalName` stands for a DNS name");
        }
    } else if ports.is_empty() && here.text("clusterIP") != "None" {
        here.missing("ports", "a Service needs a port, unless it is headless (`clusterIP: None`)");
    }
    if here.text("sessionAffinity") != "ClientIP" && here.has("sessionAffinityConfig") {
        let message = "`sessionAffinityConfig` says nothing without `sessionAffinity: ClientIP`";
        here.report(
            &FIELD_CONFLICT,
            "sessionAffinityConfig",
            message,
            "leave it out, or set the affinity",
        );
    }
    if here.text("clusterIP") == "None" && matches!(kind, "NodePort" | "LoadBalancer") {
        let message = format!("a headless Service (`clusterIP: None`) cannot be of type `{kind}`");
        here.report(&FIELD_CONFLICT, "clusterIP", message, "leave `clusterIP` out");
    }
    if !matches!(kind, "NodePort" | "LoadBalancer")
        && !here.has("externalIPs")
        && here.has("externalTrafficPolicy")
    {
        let message =
            "`externalTrafficPolicy` is for Services that are reached from outside of the cluster";
        let help = "leave it out, or use type `NodePort` or `LoadBalancer`";
        here.report(&FIELD_CONFLICT, "externalTrafficPolicy", message, help);
    }
    check_outside(here, kind);
    check_families(here);
    let may_have_node_ports = matches!(kind, "NodePort" | "LoadBalancer");
    here.walk.path.push(Step::Key("ports"));
    let mut names = HashSet::new();
    for (index, port) in ports.iter().enumerate() {
        let Some(map) = port.as_map() else { continue };
        here.walk.path.push(Step::Index(index));
        let mut here = Here { walk: here.walk, node: port, map };
        let name = here.text("name");
        if name.is_empty() && ports.len() > 1 {
            here.missing("name", "a Service with several ports names each of them");
        } else if !name.is_empty() && !names.insert(name) {
            let message = format!("another port of the Service has the name `{}` too", shown(name));
            here.report(&FIELD_CONFLICT, "name", message, "give each port a name of its own");
        }
        if !may_have_node_ports && here.number("nodePort").is_some_and(|port| port != 0) {
            let message = "`nodePort` is for the types `NodePort` and `LoadBalancer` only";
            here.report(
                &FIELD_CONFLICT,
                "nodePort",
                message,
                "leave it out, or change the Service's `type`",
            );
        }
        here.walk.path.pop();
    }
    here.walk.path.pop();
}

/// What only Services have that are reached from outside.
fn check_outside(here: &mut Here<'_, '_>, kind: &str) {
    if kind != "LoadBalancer" {
        for field in ["allocateLoadBalancerNodePorts", "loadBalancerClass"] {
            if here.has(field) {
                let message = format!("`{field}` is for Services of type `LoadBalancer` only");
                here.report(&FIELD_CONFLICT, field, message, "leave it out, or change the type");
            }
        }
    }
    let is_local = here.text("externalTrafficPolicy") == "Local";
    if here.number("healthCheckNodePort").is_some_and(|port| port != 0)
        && !(kind == "LoadBalancer" && is_local)
    {
        let message =
            "`healthCheckNodePort` needs type `LoadBalancer` and `externalTrafficPolicy: Local`";
        here.report(&FIELD_CONFLICT, "healthCheckNodePort", message, "leave it out");
    }
}

/// Each family of addresses once, and as many as the policy says.
fn check_families(here: &mut Here<'_, '_>) {
    let families = here.get("ipFamilies").map(Node::items).unwrap_or_default();
    let [first, second, ..] = families else { return };
    if first.as_str() == second.as_str() {
        let message = "`ipFamilies` names one family twice";
        here.report(&FIELD_CONFLICT, "ipFamilies", message, "name each once");
    } else if matches!(here.text("ipFamilyPolicy"), "" | "SingleStack") {
        let message = "`ipFamilies` names two families, and the Service has one";
        let help = "write `ipFamilyPolicy: PreferDualStack`, or name one of them";
        here.report(&FIELD_CONFLICT, "ipFamilies", message, help);
    }
}
