//! What the guide says of a configuration: which of its parts are needed, and the names and places in them.

mod access;
mod images;
mod storage;

use super::Bundle;
use super::template::{Facts, span};
use super::values::Differing;
use crate::shell::word;
use crate::values::scaling::ScalingMode;

/// The file that the guide has the site make when the values leave the redis password to it.
const PASSWORD_FILE: &str = "redis-password";

pub(super) fn of(bundle: &Bundle<'_>, differing: &Differing) -> Facts {
    let mut facts = Facts::default();
    let values = &bundle.loaded.values;
    names(&mut facts, bundle);
    images::gather(&mut facts, bundle);
    storage::gather(&mut facts, bundle);
    access::secrets(&mut facts, bundle);
    access::entrance(&mut facts, values);
    facts.switch("plain_secrets", !differing.secrets.is_empty());
    let keys = differing.secrets.iter().map(|key| span(key)).collect::<Vec<_>>();
    facts.made("plain_secrets", keys.join(", "));
    facts.switch("tests", values.tests.enabled);
    let scaling = &values.forguncy.scaling;
    facts.switch("manual", scaling.mode == ScalingMode::Manual);
    facts.switch("fixed", scaling.mode == ScalingMode::Fixed);
    facts.switch("auto", scaling.mode == ScalingMode::Auto);
    let many = match scaling.mode {
        ScalingMode::Manual => false,
        ScalingMode::Fixed => scaling.replicas > 1,
        ScalingMode::Auto => true,
    };
    facts.switch("many", many);
    // One pod, which `manual` leaves to begin with, until load balancing is on.
    let first = if many { " --set forguncy.scaling.mode=manual" } else { "" };
    facts.made("first_flags", first);
    facts.text("min_replicas", scaling.min_replicas.to_string());
    facts.text("max_replicas", scaling.max_replicas.to_string());
    facts
}

fn names(facts: &mut Facts, bundle: &Bundle<'_>) {
    let release = bundle.release;
    facts.text("release", &release.name);
    facts.text("namespace", &release.namespace);
    facts.switch("own_namespace", release.namespace != "default");
    facts.text("chart_file", bundle.chart.file_name("tgz"));
    facts.made("chart", format!("./{}", word(&bundle.chart.file_name("tgz"))));
    facts.text("chart_version", bundle.chart.version().to_string());
    facts.text("app_version", bundle.app_version);
    facts.text("kube_version", bundle.kube_version);
    let password = format!(" --set-file redis.auth.password={PASSWORD_FILE}");
    let password = if bundle.password_open { password.as_str() } else { "" };
    facts.made("values_flags", format!("--values site-values.yaml{password}"));
    facts.text("deployment", format!("{}-forguncy-pod", release.name));
    let (name, namespace) = (&release.name, &release.namespace);
    facts.text("describe_command", format!("kubectl -n {namespace} describe pod POD"));
    facts.text("notes_command", format!("helm get notes {name} --namespace {namespace}"));
    facts.text("rollback_command", format!("helm rollback {name} --namespace {namespace}"));
}
