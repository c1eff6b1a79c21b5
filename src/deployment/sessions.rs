//! Session affinity from end to end: each way in must bring a client back to the pod that knows him.

use super::extra::Extra;
use super::report::{Report, escaped};
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
    for Off { key, way, help } in switched_off(report) {
        report.add(
            rule,
            &key,
            format!("{when}, {way} sends each request to any of them, and logins get lost"),
            help,
        );
    }
    if let Some(Several { words, .. }) = several {
        unknown(report, words, extra);
    }
}

/// A way in whose affinity is switched off.
struct Off {
    /// The key that does it.
    key: String,
    way: &'static str,
    help: String,
}

impl Off {
    fn by_switch(key: &str, way: &'static str) -> Self {
        Self { key: key.to_owned(), way, help: format!("set `{key}: true`") }
    }
}

fn switched_off(report: &Report<'_>) -> Vec<Off> {
    let values = report.values();
    let (service, ingress) = (&values.forguncy.service, &values.ingress);
    // A Service that nothing leads to is reached by a gateway of the user's.
    let direct =
        service.kind != ServiceType::ClusterIP || !ingress.enabled && !values.gateway.enabled;
    let mut ways = Vec::new();
    if direct && !service.session_affinity.enabled {
        ways.push(Off::by_switch("forguncy.service.sessionAffinity.enabled", "the Service"));
    }
    const CONTROLLER: &str = "the ingress controller";
    if !ingress.enabled || ingress.controller == Controller::None {
        return ways;
    }
    if let Some(key) = overridden(report) {
        let help = "remove the annotation: the chart writes its own".to_owned();
        ways.push(Off { key, way: CONTROLLER, help });
    } else if !ingress.session_affinity.enabled && !keeps_sessions(report) {
        ways.push(Off::by_switch("ingress.sessionAffinity.enabled", CONTROLLER));
    }
    ways
}

/// The key of an annotation of the user's own, which counts before the chart's, that switches the controller's affinity off.
fn overridden(report: &Report<'_>) -> Option<String> {
    let values = report.values();
    let (ingress, service) = (&values.ingress.annotations, &values.forguncy.service.annotations);
    let (annotations, list, name, is_on): (_, _, _, fn(&str) -> bool) =
        match values.ingress.controller {
            // `cookie` is the only kind that there is.
            Controller::Nginx => {
                let name = "nginx.ingress.kubernetes.io/affinity";
                (ingress, "ingress", name, |kind| kind == "cookie")
            }
            Controller::Traefik => {
                let name = "traefik.ingress.kubernetes.io/service.sticky.cookie";
                (service, "forguncy.service", name, |on| !on.eq_ignore_ascii_case("false"))
            }
            Controller::Haproxy | Controller::None => return None,
        };
    let given = annotations.0.get(name)?;
    (!is_on(given)).then(|| format!("{list}.annotations.{}", escaped(name)))
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
pub(super) fn keeps_sessions(report: &Report<'_>) -> bool {
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
