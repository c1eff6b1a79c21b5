//! Session affinity from end to end: each way in must bring a client back to the pod that knows him.

use super::extra::Extra;
use super::report::Report;
use super::scaling::Several;
use crate::rules::{AFFINITY_OFF, AFFINITY_OFF_LATER, AFFINITY_UNKNOWN};
use crate::values::ingress::Controller;
use crate::values::maps::Annotations;
use crate::values::scaling::ScalingMode;
use crate::values::service::ServiceType;

pub(super) fn check(report: &mut Report<'_>, several: Option<&Several>, extra: &[Extra<'_>]) {
    let manual = report.values().forguncy.scaling.mode == ScalingMode::Manual;
    let (rule, when) = match several {
        Some(Several { words, .. }) => (&AFFINITY_OFF, words.as_str()),
        None if manual => (&AFFINITY_OFF_LATER, "once you scale to several pods"),
        None => return,
    };
    for (key, way) in switched_off(report) {
        report.add(
            rule,
            key,
            format!("{when}, {way} sends each request to any of them, and logins get lost"),
            format!("set `{key}: true`"),
        );
    }
    if let Some(Several { words, .. }) = several {
        unknown(report, words, extra);
    }
}

/// The ways in whose affinity is switched off, by their keys.
fn switched_off(report: &Report<'_>) -> Vec<(&'static str, &'static str)> {
    let values = report.values();
    let (service, ingress) = (&values.forguncy.service, &values.ingress);
    // A Service that nothing leads to is reached by a gateway of the user's.
    let direct =
        service.kind != ServiceType::ClusterIP || !ingress.enabled && !values.gateway.enabled;
    let mut ways = Vec::new();
    if direct && !service.session_affinity.enabled {
        ways.push(("forguncy.service.sessionAffinity.enabled", "the Service"));
    }
    let known = ingress.enabled && ingress.controller != Controller::None;
    if known && !ingress.session_affinity.enabled && !keeps_sessions(report) {
        ways.push(("ingress.sessionAffinity.enabled", "the ingress controller"));
    }
    ways
}

/// The ways in whose affinity the chart cannot set, or leaves off because it is experimental.
fn unknown(report: &mut Report<'_>, words: &str, extra: &[Extra<'_>]) {
    let values = report.values();
    if values.ingress.enabled
        && values.ingress.controller == Controller::None
        && !keeps_sessions(report)
    {
        report.add(
            &AFFINITY_UNKNOWN,
            "ingress.controller",
            format!("{words}, and for this controller the chart writes no annotations that keep sessions"),
            "name a controller that it knows, or write its annotations for cookie affinity into `ingress.annotations`",
        );
    }
    // Gateways have policies of their own for it: Envoy Gateway's BackendTrafficPolicy, Istio's DestinationRule, …
    let policy = |extra: &Extra<'_>| {
        extra.kind == "DestinationRule"
            || extra.kind.ends_with("Policy") && extra.group != "networking.k8s.io"
    };
    if values.gateway.enabled
        && !values.gateway.session_persistence.enabled
        && !extra.iter().any(policy)
    {
        report.add(
            &AFFINITY_UNKNOWN,
            "gateway.sessionPersistence.enabled",
            format!("{words}, and the route does not keep sessions"),
            "set `gateway.sessionPersistence.enabled: true` if your gateway supports it, or add its own policy in `extraObjects`",
        );
    }
}

/// Whether the user's own annotations look as if they kept sessions.
fn keeps_sessions(report: &Report<'_>) -> bool {
    let values = report.values();
    let mention = |annotations: &Annotations| {
        annotations.0.iter().any(|(key, value)| {
            ["affinity", "sticky", "cookie", "persistence"]
                .iter()
                .any(|word| key.contains(word) || value.contains(word))
        })
    };
    mention(&values.ingress.annotations) || mention(&values.forguncy.service.annotations)
}
