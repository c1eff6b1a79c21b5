//! What leads to Services by name: an Ingress, the routes of the Gateway API, a StatefulSet.

use super::index::{Index, Known};
use super::{Report, called};
use crate::node::{Node, Value};
use crate::object::text;
use crate::rules::{BACKEND_PORT_MISSING, SERVICE_MISSING};

/// A back end: a Service and a port of it.
struct Backend<'a> {
    name: &'a Node,
    /// Its namespace; that of the object when it names none.
    namespace: &'a str,
    port: Option<&'a Node>,
    /// The path of the back end.
    field: String,
}

pub(super) fn check(index: &Index<'_>, report: &mut Report<'_>) {
    for known in &index.objects {
        let mut backends = Vec::new();
        match (known.group, known.kind) {
            ("networking.k8s.io", "Ingress") => of_ingress(known, &mut backends),
            ("gateway.networking.k8s.io", kind) if kind.ends_with("Route") => {
                of_route(known, &mut backends);
            }
            ("apps", "StatefulSet") => {
                if let Some(name) = known.get(&["spec", "serviceName"]) {
                    let (namespace, field) = (known.namespace, "spec.serviceName".to_owned());
                    backends.push(Backend { name, namespace, port: None, field });
                }
            }
            _ => {}
        }
        for backend in &backends {
            exists(known, backend, index, report);
        }
    }
}

fn of_ingress<'a>(ingress: &Known<'a>, backends: &mut Vec<Backend<'a>>) {
    let mut push = |backend: Option<&'a Node>, field: String| {
        let Some(service) = backend.and_then(|backend| backend.at(&["service"])) else { return };
        let Some(name) = service.at(&["name"]) else { return };
        let port = service.at(&["port"]);
        let port = port.and_then(|port| port.at(&["number"]).or_else(|| port.at(&["name"])));
        backends.push(Backend { name, namespace: ingress.namespace, port, field });
    };
    push(ingress.get(&["spec", "defaultBackend"]), "spec.defaultBackend.service".to_owned());
    for (at, rule) in ingress.items(&["spec", "rules"]).iter().enumerate() {
        let paths = rule.at(&["http", "paths"]).map(Node::items).unwrap_or_default();
        for (path, node) in paths.iter().enumerate() {
            let field = format!("spec.rules[{at}].http.paths[{path}].backend.service");
            push(node.at(&["backend"]), field);
        }
    }
}

fn of_route<'a>(route: &Known<'a>, backends: &mut Vec<Backend<'a>>) {
    for (at, rule) in route.items(&["spec", "rules"]).iter().enumerate() {
        let references = rule.at(&["backendRefs"]).map(Node::items).unwrap_or_default();
        for (reference, node) in references.iter().enumerate() {
            // Other kinds are extensions of the gateway's.
            if !matches!((text(node, &["group"]), text(node, &["kind"])), ("", "" | "Service")) {
                continue;
            }
            let Some(name) = node.at(&["name"]) else { continue };
            let namespace = match text(node, &["namespace"]) {
                "" => route.namespace,
                other => other,
            };
            let field = format!("spec.rules[{at}].backendRefs[{reference}]");
            backends.push(Backend { name, namespace, port: node.at(&["port"]), field });
        }
    }
}

fn exists<'a>(
    known: &Known<'a>,
    backend: &Backend<'a>,
    index: &Index<'a>,
    report: &mut Report<'_>,
) {
    let Backend { name: node, namespace, port, field } = backend;
    let Some(name) = node.as_str().filter(|name| !name.is_empty()) else { return };
    let Some(service) = index.find(("", "Service", namespace, name)) else {
        if !index.has("Service", namespace, name) {
            let message = format!("there is no Service `{name}` in namespace `{namespace}`");
            let help = Some(index.meant("Service", namespace, name));
            report.add(&SERVICE_MISSING, known, field.as_str(), Some(node), message).problem.help =
                help;
        }
        return;
    };
    let Some(port) = port.filter(|_| service.text(&["spec", "type"]) != "ExternalName") else {
        return;
    };
    let ports = service.items(&["spec", "ports"]);
    let (there, wanted) = match &port.value {
        Value::String(name) => {
            (ports.iter().any(|p| text(p, &["name"]) == name), format!("port named `{name}`"))
        }
        Value::Int(number) => {
            let is = |port: &Node| matches!(port.at(&["port"]), Some(Node { value: Value::Int(n), .. }) if n == number);
            (ports.iter().any(is), format!("port {number}"))
        }
        _ => return,
    };
    if !there {
        let message = format!("{} has no {wanted}", called(service));
        report
            .add(&BACKEND_PORT_MISSING, known, field.as_str(), Some(port), message)
            .problem
            .help =
            Some("name a port of the Service, or its number: not that of the container".to_owned());
    }
}
