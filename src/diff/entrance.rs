//! What a change does to those who use the release: Services, Ingresses, routes and network policies.

use crate::node::Node;

use super::consequence::{Consequence, Effect};
use super::fields::Field;
use super::pair::Pair;
use super::side::Identity;

fn outage(why: impl Into<String>) -> Option<Consequence> {
    Some(Consequence::new(Effect::Outage, why))
}

/// What a changed field means for who uses the release.
pub(super) fn check(pair: &Pair<'_>, field: &Field<'_>) -> Option<Consequence> {
    let gone = field.old.is_some();
    match (pair.identity.group.as_str(), pair.identity.kind.as_str()) {
        ("", "Service") => service(pair, field),
        ("networking.k8s.io", "Ingress") if field.path.is("spec.ingressClassName") => {
            outage("another controller serves the hosts, at another address")
        }
        ("networking.k8s.io", "Ingress") if gone && field.path.is_in("spec.rules") => {
            outage("a host or path is no longer served as it was")
        }
        ("networking.k8s.io", "Ingress") if gone && field.path.is_in("spec.tls") => {
            outage("a host has another certificate, or none")
        }
        ("networking.k8s.io", "Ingress") if gone && field.path.is_in("spec.defaultBackend") => {
            outage("what no rule names goes elsewhere")
        }
        ("gateway.networking.k8s.io", _) if gone && field.path.is_in("spec") => {
            outage("a host, path or gateway no longer leads here as it did")
        }
        ("networking.k8s.io", "NetworkPolicy") if field.path.is_in("spec") => {
            outage("connections that the policy no longer allows are cut")
        }
        _ => None,
    }
}

/// What the removal of an object means for who uses the release.
pub(super) fn removed(identity: &Identity) -> Option<Consequence> {
    match (identity.group.as_str(), identity.kind.as_str()) {
        ("", "Service") => outage("its name and its ports lead nowhere"),
        ("networking.k8s.io", "Ingress") | ("gateway.networking.k8s.io", _) => {
            outage("its hosts are no longer served")
        }
        ("networking.k8s.io", "NetworkPolicy") => {
            Some(Consequence::new(Effect::Note, "what it forbade is allowed"))
        }
        _ => None,
    }
}

/// What the creation of an object means for who uses the release.
pub(super) fn created(identity: &Identity) -> Option<Consequence> {
    identity
        .is("networking.k8s.io", "NetworkPolicy")
        .then(|| Consequence::new(Effect::Outage, "connections that it does not allow are cut"))
}

fn service(pair: &Pair<'_>, field: &Field<'_>) -> Option<Consequence> {
    const TYPE: [&str; 2] = ["spec", "type"];
    let (old, new) = (type_or_default(pair.old_text(&TYPE)), type_or_default(pair.new_text(&TYPE)));
    let path = &field.path;
    if path.is("spec.type") {
        return match (old, new) {
            (_, "ExternalName") | ("ExternalName", _) => outage("the name leads elsewhere"),
            ("LoadBalancer", _) => outage("the load balancer and its address are given up"),
            ("NodePort", "ClusterIP") => outage("the port on the nodes is closed"),
            _ => None,
        };
    }
    if path.is_in("spec.selector") {
        return outage("the traffic goes to other pods");
    }
    if path.is("spec.ports.nodePort") {
        // Where both types have node ports, one that is left out stays as it is.
        return match (field.old, field.new) {
            (_, Some(new)) if old != "ClusterIP" => {
                outage(format!("the port on the nodes is {} now", number(new)))
            }
            _ => None,
        };
    }
    if path.is("spec.ports.targetPort") {
        return outage("the traffic goes to another port of the pods");
    }
    if path.is("spec.ports") {
        return match (field.old, field.new) {
            (Some(port), None) => {
                let port = port.at(&["port"]).map(number).unwrap_or_default();
                outage(format!("the port {port} is closed"))
            }
            _ => None,
        };
    }
    if path.is_in("spec.externalTrafficPolicy") || path.is_in("spec.loadBalancerSourceRanges") {
        return outage("who may connect, and through which nodes, is decided anew");
    }
    None
}

/// A Service that names no type is a ClusterIP.
fn type_or_default(text: &str) -> &str {
    if text.is_empty() { "ClusterIP" } else { text }
}

fn number(node: &Node) -> String {
    node.to_json().to_string()
}
