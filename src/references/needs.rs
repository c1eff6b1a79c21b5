//! Claims, Secrets, ConfigMaps and accounts: whether what pods name is there, with the keys that they want.

use std::collections::HashSet;

use super::Report;
use super::external::made_by;
use super::index::{Index, Known};
use super::uses::{Use, of_pods};
use crate::node::Node;
use crate::rules::{
    CLAIM_MISSING, CONFIG_MAP_MISSING, KEY_MISSING, Rule, SECRET_MISSING, SERVICE_ACCOUNT_MISSING,
};
use crate::suggest::nearest;

pub(super) fn check<'a>(index: &Index<'a>, report: &mut Report<'_>) {
    let made: HashSet<_> = index
        .objects
        .iter()
        .filter_map(|known| {
            let (kind, name) = made_by(known.group, known.kind, &known.object.node)?;
            Some((kind, known.namespace, name))
        })
        .collect();
    let mut uses = Vec::new();
    for known in &index.objects {
        match &known.pods {
            Some(pods) => of_pods(pods, &mut uses),
            None if known.is("networking.k8s.io", "Ingress") => of_tls(known, &mut uses),
            None => {}
        }
        let mut told = HashSet::new();
        for Use { kind, name, node, field, optional, keys } in uses.drain(..) {
            if let Some(object) = index.find(("", kind, known.namespace, name)) {
                for (key, field) in keys.into_iter().filter(|_| !optional) {
                    has_key(known, object, key, &field, report);
                }
            } else if !optional
                && !index.has(kind, known.namespace, name)
                && !made.contains(&(kind, known.namespace, name))
                && told.insert((kind, name))
            {
                let message =
                    format!("there is no {kind} `{name}` in namespace `{}`", known.namespace);
                report.add(missing(kind), known, field, Some(node), message).problem.help =
                    Some(index.meant(kind, known.namespace, name));
            }
        }
    }
}

/// The certificates of an Ingress; not those that cert-manager makes on its annotation.
fn of_tls<'a>(ingress: &Known<'a>, uses: &mut Vec<Use<'a>>) {
    let annotations = ingress.get(&["metadata", "annotations"]).and_then(Node::as_map);
    let made = |key: &str| key.starts_with("cert-manager.io/") || key == "kubernetes.io/tls-acme";
    if annotations.into_iter().flatten().any(|(key, _)| made(key)) {
        return;
    }
    for (at, tls) in ingress.items(&["spec", "tls"]).iter().enumerate() {
        if let Some(node) = tls.at(&["secretName"])
            && let Some(name) = node.as_str().filter(|name| !name.is_empty())
        {
            let field = format!("spec.tls[{at}].secretName");
            uses.push(Use { kind: "Secret", name, node, field, optional: false, keys: Vec::new() });
        }
    }
}

/// The rule that a missing object breaks.
fn missing(kind: &str) -> &'static Rule {
    match kind {
        "Secret" => &SECRET_MISSING,
        "ConfigMap" => &CONFIG_MAP_MISSING,
        "ServiceAccount" => &SERVICE_ACCOUNT_MISSING,
        _ => &CLAIM_MISSING,
    }
}

fn has_key(
    known: &Known<'_>,
    object: &Known<'_>,
    key: &Node,
    field: &str,
    report: &mut Report<'_>,
) {
    let Some(wanted) = key.as_str() else { return };
    let maps =
        ["data", "stringData", "binaryData"].map(|map| object.get(&[map]).and_then(Node::as_map));
    if maps.iter().flatten().any(|map| map.contains_key(wanted)) {
        return;
    }
    let message = format!("{} `{}` has no key `{wanted}`", object.kind, object.name);
    let keys = maps.iter().flatten().flat_map(|map| map.keys()).map(|key| key.as_str()).take(100);
    let help = nearest(wanted, keys).map(|near| format!("did you mean `{near}`?"));
    report.add(&KEY_MISSING, known, field, Some(key), message).problem.help = help;
}
