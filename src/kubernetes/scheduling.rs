//! What an API server asks of the fields that choose nodes and pods.

use crate::rules::{BAD_ENUM, BAD_FORMAT, FIELD_CONFLICT};

use super::format::shown;
use super::here::Here;
use super::syntax;

/// Of a selector's requirement: values to compare with, where the operator compares.
pub(super) fn check_requirement(here: &mut Here<'_, '_>) {
    let operator = here.text("operator");
    match operator {
        "In" | "NotIn" | "Gt" | "Lt" if !here.has("values") => {
            here.missing("values", &format!("operator `{operator}` compares with something"));
        }
        "Exists" | "DoesNotExist" if here.has("values") => {
            let message = format!("`values` says nothing when the operator is `{operator}`");
            here.report(&FIELD_CONFLICT, "values", message, "leave it out, or use `In`");
        }
        _ => {}
    }
}

/// The minor version since which a toleration can compare numbers.
const COMPARED_SINCE: u8 = 35;

/// Of a toleration: the operator says which of the other fields count.
pub(super) fn check_toleration(here: &mut Here<'_, '_>) {
    let operator = here.text("operator");
    let value = here.text("value");
    match operator {
        "" | "Equal" => {
            if let Some(expected) = syntax::label_value(value) {
                let message = format!("`value` is `{}`, expected {expected}", shown(value));
                here.report(&BAD_FORMAT, "value", message, "give the value of the taint");
            }
        }
        "Exists" if here.has("value") => {
            let message = "`value` says nothing when the operator is `Exists`";
            here.report(&FIELD_CONFLICT, "value", message, "leave it out, or use `Equal`");
        }
        "Gt" | "Lt" if here.walk.version.minor() < COMPARED_SINCE => {
            let version = here.walk.version;
            let message = format!("Kubernetes {version} does not have the operator `{operator}`");
            let help = format!("it is new in 1.{COMPARED_SINCE}: use `Equal` or `Exists`");
            here.report(&BAD_ENUM, "operator", message, help);
        }
        _ => {}
    }
    if here.has("tolerationSeconds") && !matches!(here.text("effect"), "" | "NoExecute") {
        let message = "`tolerationSeconds` says nothing unless the effect is `NoExecute`";
        here.report(&FIELD_CONFLICT, "tolerationSeconds", message, "leave it out");
    }
    if !here.has("key") && operator != "Exists" {
        let help = "name the taint's key, or tolerate all with `operator: Exists`";
        here.report(
            &BAD_FORMAT,
            "key",
            "a toleration without a key needs the operator `Exists`",
            help,
        );
    }
}

/// Of a constraint that spreads pods: what counts only with something else.
pub(super) fn check_spread(here: &mut Here<'_, '_>) {
    if here.has("matchLabelKeys") && !here.has("labelSelector") {
        let message = "`matchLabelKeys` needs a `labelSelector`";
        here.report(&FIELD_CONFLICT, "matchLabelKeys", message, "name the pods that are counted");
    }
    if here.has("minDomains") && here.text("whenUnsatisfiable") == "ScheduleAnyway" {
        let message = "`minDomains` says nothing when pods are scheduled anyway";
        let help = "leave it out, or write `whenUnsatisfiable: DoNotSchedule`";
        here.report(&FIELD_CONFLICT, "minDomains", message, help);
    }
}
