//! What an API server asks of NetworkPolicies and Ingresses.

use std::net::IpAddr;

use crate::node::Node;
use crate::object::text;
use crate::rules::FIELD_CONFLICT;

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
