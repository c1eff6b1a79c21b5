//! What an API server asks of NetworkPolicies and Ingresses, and of a pod's place in the network.

use std::net::IpAddr;

use crate::node::{Node, Value};
use crate::object::text;
use crate::rules::{BAD_FORMAT, FIELD_CONFLICT, MISSING_FIELD};

use super::format::shown;
use super::here::Here;
use super::walk::Step;

/// Of those who may come in or be reached: they are addresses, or pods by their labels or namespaces.
pub(super) fn check_peer(here: &mut Here<'_, '_>) {
    const WAYS: [&str; 3] = ["ipBlock", "namespaceSelector", "podSelector"];
    here.not_both("ipBlock", "podSelector");
    here.not_both("ipBlock", "namespaceSelector");
    if !WAYS.iter().any(|way| here.has(way)) {
        here.one_of(&WAYS, true);
    }
}

/// Of a range with exceptions: each is a part of the range, and not all of it.
pub(super) fn check_block(here: &mut Here<'_, '_>) {
    let Some(whole) = Range::parse(here.text("cidr")) else { return };
    for (index, node) in here.get("except").map(Node::items).unwrap_or_default().iter().enumerate()
    {
        let given = text(node, &[]);
        if Range::parse(given).is_some_and(|part| !whole.has(&part)) {
            let message = format!(
                "`{}` is no part of `cidr`, which is `{}`",
                shown(given),
                shown(here.text("cidr"))
            );
            let help = "leave it out, or name a smaller range inside of `cidr`".to_owned();
            here.walk.path.extend([Step::Key("except"), Step::Index(index)]);
            here.walk.report(&FIELD_CONFLICT, node.origin, message, help);
            here.walk.path.truncate(here.walk.path.len() - 2);
        }
    }
}

/// Of an Ingress: the class is said once, or twice the same.
pub(super) fn check_ingress(here: &mut Here<'_, '_>) {
    const OLD: &str = "kubernetes.io/ingress.class";
    let class = text(here.node, &["spec", "ingressClassName"]);
    let Some(old) = here.node.at(&["metadata", "annotations", OLD]) else { return };
    if class.is_empty() || old.as_str().is_none_or(|old| old == class) {
        return;
    }
    let message = format!(
        "the annotation `{OLD}` names another class than `ingressClassName`, which is `{}`",
        shown(class)
    );
    here.walk.path.extend(["metadata", "annotations"].map(Step::Key));
    let help = "leave the annotation out: the field has taken its place".to_owned();
    here.walk.report_field(&FIELD_CONFLICT, old.origin, OLD, message, help);
    here.walk.path.truncate(here.walk.path.len() - 2);
}

/// Of a rule of an Ingress: its host is a name.
pub(super) fn check_rule(here: &mut Here<'_, '_>) {
    let host = here.text("host");
    if host.parse::<IpAddr>().is_ok() {
        let message = format!("`host` is `{}`, an address, where a DNS name belongs", shown(host));
        let help = "write a name, or leave `host` out: then the Ingress answers to all";
        here.report(&BAD_FORMAT, "host", message, help);
    }
}

/// Of a path of an Ingress: nothing in it means another path (`validateHTTPIngressPath`).
pub(super) fn check_path(here: &mut Here<'_, '_>) {
    const WITHIN: [&str; 5] = ["//", "/./", "/../", "%2f", "%2F"];
    let path = here.text("path");
    if !matches!(here.text("pathType"), "Exact" | "Prefix") {
        return;
    }
    let end = ["/..", "/."].into_iter().find(|end| path.ends_with(end));
    if let Some(part) = WITHIN.into_iter().find(|part| path.contains(part)).or(end) {
        let message = format!("`path` is `{}`, and may not have `{part}` in it", shown(path));
        here.report(&BAD_FORMAT, "path", message, "write the path that it comes to");
    }
}

/// Of ports that a policy is about: a range goes up from a number.
pub(super) fn check_port(here: &mut Here<'_, '_>) {
    let Some(end) = here.number("endPort") else { return };
    match here.number("port") {
        None => {
            let message = "`endPort` needs a number in `port`, which begins the range";
            here.report(&FIELD_CONFLICT, "endPort", message, "write both, or leave it out");
        }
        Some(port) if end < port => {
            let message = format!("`endPort` is {end}, less than `port`, which is {port}");
            here.report(&FIELD_CONFLICT, "endPort", message, "begin with the smaller one");
        }
        Some(_) => {}
    }
}

/// So many name servers a pod may ask (`MaxDNSNameservers`).
const MAX_NAME_SERVERS: usize = 3;

/// Of a pod: it knows whom to ask for names, and on the node's own network has its own ports.
pub(super) fn check_pod(here: &mut Here<'_, '_>) {
    let servers = here.node.at(&["dnsConfig", "nameservers"]).map_or(&[][..], Node::items);
    if here.text("dnsPolicy") == "None" && servers.is_empty() {
        let help = "name a server in `dnsConfig.nameservers`, or leave `dnsPolicy` out";
        here.report(&MISSING_FIELD, "dnsPolicy", "`dnsPolicy: None` leaves nobody to ask", help);
    }
    if servers.len() > MAX_NAME_SERVERS {
        let message = format!("{} name servers, of which {MAX_NAME_SERVERS} may be", servers.len());
        here.report(&BAD_FORMAT, "dnsConfig", message, "leave some out");
    }
    let is_true =
        |field: &str| here.get(field).is_some_and(|n| matches!(n.value, Value::Bool(true)));
    let (shares_ports, shares_processes) =
        (is_true("hostNetwork"), is_true("hostPID") && is_true("shareProcessNamespace"));
    if shares_processes {
        let message = "`hostPID` and `shareProcessNamespace` exclude each other";
        here.report(&FIELD_CONFLICT, "shareProcessNamespace", message, "leave one of them out");
    }
    let containers = here.get("containers").map(Node::items).unwrap_or_default();
    for (index, container) in containers.iter().enumerate().filter(|_| shares_ports) {
        for port in container.at(&["ports"]).map_or(&[][..], Node::items) {
            let number = |field| {
                port.at(&[field]).and_then(|node| match node.value {
                    Value::Int(number) if number != 0 => Some(number),
                    _ => None,
                })
            };
            if let (Some(host), Some(own)) = (number("hostPort"), number("containerPort"))
                && host != own
            {
                let message = format!("`hostPort` is {host}, not `containerPort`, which is {own}");
                let help = "make them the same: the pod is on the node's network".to_owned();
                here.walk.path.extend([Step::Key("containers"), Step::Index(index)]);
                here.walk.report_field(&FIELD_CONFLICT, port.origin, "ports", message, help);
                here.walk.path.truncate(here.walk.path.len() - 2);
            }
        }
    }
}

/// A range of addresses: the bits that all of them begin with.
struct Range {
    bits: u128,
    length: u32,
    is_v4: bool,
}

impl Range {
    /// `None` for what is no range, which has been found, and for IPv4 in the form of IPv6, which Go takes for either.
    fn parse(text: &str) -> Option<Self> {
        let (address, length) = text.split_once('/')?;
        let (bits, is_v4) = match address.parse().ok()? {
            IpAddr::V4(address) => (u128::from(address.to_bits()) << 96, true),
            IpAddr::V6(address) if address.to_ipv4_mapped().is_some() => return None,
            IpAddr::V6(address) => (address.to_bits(), false),
        };
        Some(Self { bits, length: length.parse().ok()?, is_v4 })
    }

    /// Whether another range is a part of this one, and smaller.
    fn has(&self, part: &Self) -> bool {
        let differ = (self.bits ^ part.bits).checked_shr(128 - self.length.min(128)).unwrap_or(0);
        self.is_v4 == part.is_v4 && part.length > self.length && differ == 0
    }
}
