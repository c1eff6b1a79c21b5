//! What templates see: `values`, `release`, `chart` and `item`, which depend on the stage, and `build`, which does not.

use serde_json::{Value as Json, json};
use tera::{Context, Value};

use crate::release::{RULES, Release};
use crate::stage::{self, Concrete};

/// The context of the manifest stage.
pub(super) fn concrete(values: &Value, release: &Release) -> Context {
    let mut context = Context::new();
    context.insert_value("values", values.clone());
    context.insert(
        "release",
        &json!({"name": release.name, "namespace": release.namespace, "service": "Helm"}),
    );
    context.insert_value("item", Concrete::item());
    context.insert("build", &build(""));
    context
}

/// The context of the chart stage.
pub(super) fn symbolic(values: &Value) -> Context {
    let mut context = Context::new();
    context.insert_value("values", values.clone());
    for (name, value) in stage::builtins() {
        context.insert_value(name, value);
    }
    context.insert("build", &build("{{- include \"forguncy.release\" . }}"));
    context
}

/// What is fixed when the program is built. Templates may loop over it and decide by it.
fn build(release_check: &str) -> Json {
    let share = |key: &str, name: &str, directory: &str| json!({"key": key, "name": name, "mountPath": format!("/opt/{directory}")});
    json!({
        "shares": [
            share("attach", "attach", "ForguncyAttach"),
            share("logs", "logs", "ForguncyLogs"),
            share("restore", "restore", "ForguncyRestore"),
            share("sites", "sites", "ForguncySites"),
            share("sitesBin", "sites-bin", "ForguncySitesBin"),
        ],
        "stores": [{"name": "redis"}, {"name": "influx"}],
        "messages": {
            "storageServer": "is empty: storage.type nfs needs the file server's name or address, for all shares or for each (storage.shares.NAME.server)",
            "storageClassName": "is empty: storage.type storageClass needs the name of a class whose volumes can be mounted by many nodes (ReadWriteMany)",
            "existingClaim": "is empty: storage.type existingClaims needs the name of a claim here",
            "redisPassword": "is empty: redis.auth.enabled needs a password here, or the name of a Secret in redis.auth.existingSecret",
        },
        "releaseCheck": release_check,
        "releaseRules": RULES
            .iter()
            .map(|rule| json!({
                "breach": rule.go_breach(),
                "message": stage::go_string(rule.message),
                "subject": rule.go_subject(),
            }))
            .collect::<Vec<_>>(),
    })
}
