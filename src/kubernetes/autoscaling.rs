//! What an API server asks of autoscalers.

use crate::node::Node;
use crate::object::text;
use crate::rules::FIELD_CONFLICT;

use super::here::Here;

/// Of a HorizontalPodAutoscaler: it knows how many, and does not let go of all pods by what only pods tell.
pub(super) fn check(here: &mut Here<'_, '_>) {
    let least = here.number("minReplicas");
    if let (Some(least), Some(most)) = (least, here.number("maxReplicas"))
        && least > most
    {
        let message = format!("`minReplicas` is {least}, more than `maxReplicas`, which is {most}");
        here.report(&FIELD_CONFLICT, "minReplicas", message, "make it the same or less");
    }
    let metrics = here.get("metrics").map(Node::items).unwrap_or_default();
    let tells = |metric: &Node| matches!(text(metric, &["type"]), "Object" | "External");
    if least == Some(0) && !metrics.iter().any(tells) {
        let message = "`minReplicas` is 0, and no metric tells anything without a pod";
        let help = "make it 1, or add a metric of type `Object` or `External`";
        here.report(&FIELD_CONFLICT, "minReplicas", message, help);
    }
}

/// Of a metric: the field of its type.
pub(super) fn check_metric(here: &mut Here<'_, '_>) {
    let field = match here.text("type") {
        "ContainerResource" => "containerResource",
        "External" => "external",
        "Object" => "object",
        "Pods" => "pods",
        "Resource" => "resource",
        _ => return,
    };
    if !here.has(field) {
        here.missing(field, "the metric's type asks for it");
    }
}

/// Of what a metric is to be: one number.
pub(super) fn check_target(here: &mut Here<'_, '_>) {
    here.not_both("averageUtilization", "averageValue");
    here.not_both("averageUtilization", "value");
}
