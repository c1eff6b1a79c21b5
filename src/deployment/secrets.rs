//! Secrets in values that are about to be packaged: whoever gets the chart can read them.

use super::extra::Extra;
use super::report::Report;
use crate::node::Node;
use crate::object::text;
use crate::references::pods::Container;
use crate::rules::SECRET_IN_PACKAGE;
use crate::schema::push_key;
use crate::secret::{gives_password, names_secret};
use crate::values::pod::CONTAINER_LISTS;

pub(super) fn check(report: &mut Report<'_>, extra: &[Extra<'_>]) {
    let auth = &report.values().redis.auth;
    if !auth.password.is_empty() {
        tell(
            report,
            "redis.auth.password",
            "give it at install (`--set-file`), or name a Secret in `redis.auth.existingSecret`",
        );
    }
    for section in ["forguncy", "redis", "influx"] {
        environment(report, &format!("{section}.extraEnv"));
    }
    for list in CONTAINER_LISTS {
        for at in 0..report.items(list).len() {
            environment(report, &format!("{list}[{at}].env"));
        }
    }
    for object in extra {
        if let Some(pods) = object.pods {
            let containers: Vec<Container<'_>> = pods.containers().collect();
            for container in containers {
                let field = pods.field(&format!("{}.env", container.path()));
                environment(report, &object.key(&field));
            }
        }
        if (object.group, object.kind) == ("", "Secret") {
            for map in ["data", "stringData"] {
                let filled = object
                    .node
                    .at(&[map])
                    .and_then(Node::as_map)
                    .is_some_and(|map| !map.is_empty());
                if filled {
                    tell(
                        report,
                        &object.key(map),
                        "create the Secret in the cluster, or let an operator do it (SealedSecret, ExternalSecret)",
                    );
                }
            }
        }
        if (object.group, object.kind) == ("", "ConfigMap") {
            for (key, entry) in
                object.node.at(&["data"]).and_then(Node::as_map).into_iter().flatten()
            {
                if entry.node.as_str().is_some_and(gives_password) {
                    let mut path = "data".to_owned();
                    push_key(&mut path, key);
                    tell(report, &object.key(&path), "keep it in a Secret of the cluster");
                }
            }
        }
    }
}

/// Variables that are named like a secret, or give a password, in plain text.
fn environment(report: &mut Report<'_>, list: &str) {
    for (at, variable) in report.items(list).iter().enumerate() {
        let value = text(variable, &["value"]);
        // `$(NAME)` is another variable, which may well come from a Secret.
        let is_named = names_secret(text(variable, &["name"]))
            && !value.is_empty()
            && !value.starts_with("$(");
        if is_named || gives_password(value) {
            let help = "take it from a Secret: `valueFrom: {secretKeyRef: …}`";
            tell(report, &format!("{list}[{at}].value"), help);
        }
    }
}

fn tell(report: &mut Report<'_>, key: &str, help: &str) {
    report.add(
        &SECRET_IN_PACKAGE,
        key,
        "a secret goes into the chart in plain text, for everyone who gets the file",
        help,
    );
}
