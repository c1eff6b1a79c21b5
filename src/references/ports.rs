//! Services: the pods behind them, the ports of those, and the ports of the nodes.

use std::collections::{HashMap, HashSet};

use super::index::{Index, Known};
use super::pods::Container;
use super::selection::compare;
use super::selector::Selector;
use super::{Report, called};
use crate::node::{Node, Value};
use crate::object::text;
use crate::rules::{
    NODE_PORT_DUPLICATE, NODE_PORT_RANGE, SERVICE_WITHOUT_PODS, TARGET_PORT_MISSING,
    TARGET_PORT_UNDECLARED,
};
use crate::suggest::nearest;

/// What is behind Services of one selector.
struct Behind<'i, 'a> {
    /// The first workload.
    first: Option<&'i Known<'a>>,
    /// The ports that containers declare, by protocol and name.
    names: HashSet<(&'a str, &'a str)>,
    /// The same by protocol and number.
    numbers: HashSet<(&'a str, i64)>,
}

pub(super) fn check(index: &Index<'_>, report: &mut Report<'_>) {
    let mut taken = HashMap::new();
    let mut behind = HashMap::new();
    for known in index.objects.iter().filter(|known| known.is("", "Service")) {
        if let Some(node) = known.get(&["spec", "selector"]) {
            pods(known, node, index, &mut behind, report);
        }
        for (at, port) in known.items(&["spec", "ports"]).iter().enumerate() {
            node_port(known, at, port, &mut taken, report);
        }
    }
}

fn pods<'i, 'a>(
    service: &Known<'a>,
    node: &'a Node,
    index: &'i Index<'a>,
    behind: &mut HashMap<(&'a str, String), Behind<'i, 'a>>,
    report: &mut Report<'_>,
) {
    let selector = Selector::of_labels(node);
    // Without a selector somebody else fills in the addresses, and an ExternalName has none.
    if selector.is_empty() || service.text(&["spec", "type"]) == "ExternalName" {
        return;
    }
    let namespace = service.namespace;
    let behind = behind
        .entry((namespace, selector.text()))
        .or_insert_with(|| Behind::of(index.selected(namespace, &selector)));
    let Some(first) = behind.first else {
        let message = format!("the selector `{}` selects no pods", selector.text());
        report
            .add(&SERVICE_WITHOUT_PODS, service, "spec.selector", Some(node), message)
            .problem
            .help = Some(compare(namespace));
        return;
    };
    for (at, port) in service.items(&["spec", "ports"]).iter().enumerate() {
        target(service, at, port, first, behind, report);
    }
}

impl<'i, 'a> Behind<'i, 'a> {
    fn of(pods: impl Iterator<Item = &'i Known<'a>>) -> Self {
        let mut this = Self { first: None, names: HashSet::new(), numbers: HashSet::new() };
        for known in pods {
            this.first = this.first.or(Some(known));
            let containers = known.pods.iter().flat_map(|pods| pods.containers());
            for port in containers.filter(Container::serves).flat_map(|c| c.items("ports")) {
                this.names.insert((protocol(port), text(port, &["name"])));
                if let Some(number) = int(port.at(&["containerPort"])) {
                    this.numbers.insert((protocol(port), number));
                }
            }
        }
        this
    }
}

fn target(
    service: &Known<'_>,
    at: usize,
    port: &Node,
    first: &Known<'_>,
    behind: &Behind<'_, '_>,
    report: &mut Report<'_>,
) {
    let field = if port.at(&["targetPort"]).is_some() { "targetPort" } else { "port" };
    let Some(node) = port.at(&[field]) else { return };
    let (protocol, first) = (protocol(port), called(first));
    let (rule, message, help) = match &node.value {
        Value::String(wanted) if !behind.names.contains(&(protocol, wanted)) => {
            let names =
                behind.names.iter().filter(|(of, _)| *of == protocol).map(|(_, name)| *name);
            let mut names: Vec<&str> = names.take(100).collect();
            names.sort_unstable();
            let help = match nearest(wanted, names.into_iter()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "name a port of a container, or give its number".to_owned(),
            };
            let message =
                format!("{first} behind the Service has no {protocol} port named `{wanted}`");
            (&TARGET_PORT_MISSING, message, help)
        }
        // Containers need not declare what they listen on. Some do, and then this is odd.
        Value::Int(wanted)
            if !behind.numbers.is_empty() && !behind.numbers.contains(&(protocol, *wanted)) =>
        {
            let message = format!("{first} behind the Service declares other ports than {wanted}");
            let help = "use a declared port, or declare this one in the container".to_owned();
            (&TARGET_PORT_UNDECLARED, message, help)
        }
        _ => return,
    };
    let field = format!("spec.ports[{at}].{field}");
    report.add(rule, service, field, Some(node), message).problem.help = Some(help);
}

/// The whole number that a node is.
fn int(node: Option<&Node>) -> Option<i64> {
    match node?.value {
        Value::Int(number) => Some(number),
        _ => None,
    }
}

/// A port's protocol; TCP when none is given.
fn protocol(port: &Node) -> &str {
    match text(port, &["protocol"]) {
        "" => "TCP",
        protocol => protocol,
    }
}

/// The range unless the API server is told another (`--service-node-port-range`).
const NODE_PORTS: std::ops::RangeInclusive<i64> = 30_000..=32_767;

fn node_port<'i, 'a>(
    service: &'i Known<'a>,
    at: usize,
    port: &'a Node,
    taken: &mut HashMap<(i64, &'a str), &'i Known<'a>>,
    report: &mut Report<'_>,
) {
    let Some(node) = port.at(&["nodePort"]) else { return };
    let Value::Int(number @ 1..) = node.value else { return };
    let field = format!("spec.ports[{at}].nodePort");
    if !NODE_PORTS.contains(&number) {
        let message = format!("the node port {number} is outside 30000 to 32767");
        report.add(&NODE_PORT_RANGE, service, field, Some(node), message).problem.help =
            Some("choose one of them, or leave it out: then Kubernetes chooses".to_owned());
    } else if let Some(first) = taken.get(&(number, protocol(port))) {
        let message = format!("the node port {number} is taken by {}", called(first));
        report.add(&NODE_PORT_DUPLICATE, service, field, Some(node), message).problem.help =
            Some("choose another, or leave it out: then Kubernetes chooses".to_owned());
    } else {
        taken.insert((number, protocol(port)), service);
    }
}
