//! How many pods run, and who may run more: the product's first start, the single stores, budgets and autoscalers.

use super::extra::Extra;
use super::report::Report;
use crate::node::Value;
use crate::object::text;
use crate::references::pods::Container;
use crate::references::scaling::{Target, target};
use crate::release::Release;
use crate::rules::{
    AUTOSCALER_WITHOUT_REQUESTS, BUDGET_BLOCKS, INFLUX_SCALED, REDIS_ABSENT, REDIS_SCALED,
    SCALED_FIRST, VALUE_WITHOUT_EFFECT,
};
use crate::values::forguncy::CountOrPercentage;
use crate::values::scaling::ScalingMode;

/// Why several Forguncy pods run.
pub(super) struct Several {
    /// The key that says so.
    pub key: String,
    /// The same in words: `3 pods run`.
    pub words: String,
}

/// Checks the numbers of pods, and tells whether several Forguncy pods run.
pub(super) fn check(
    report: &mut Report<'_>,
    release: &Release,
    extra: &[Extra<'_>],
) -> Option<Several> {
    let several = several(report, release, extra);
    if let Some(Several { key, words }) = &several {
        report.add(
            &SCALED_FIRST,
            key,
            format!("{words}, and load balancing must be switched on in the console with one pod before"),
            "install with `--set forguncy.scaling.mode=manual` first; when load balancing is on, waive the rule with that for a reason",
        );
        if !report.values().redis.enabled {
            report.add(
                &REDIS_ABSENT,
                "redis.enabled",
                format!("{words}, and there is no redis in which they share sessions"),
                "set `redis.enabled: true`; if you run a redis of your own, waive the rule",
            );
        }
    }
    stores(report, release, extra);
    budget(report);
    requests(report);
    several
}

fn several(report: &Report<'_>, release: &Release, extra: &[Extra<'_>]) -> Option<Several> {
    let scaling = &report.values().forguncy.scaling;
    let name = format!("{}-forguncy-pod", release.name);
    let (key, words) = match scaling.mode {
        ScalingMode::Fixed if scaling.replicas > 1 => {
            ("forguncy.scaling.replicas".to_owned(), format!("{} pods run", scaling.replicas))
        }
        ScalingMode::Auto if scaling.max_replicas > 1 => {
            let words = format!("an autoscaler runs up to {} pods", scaling.max_replicas);
            ("forguncy.scaling.mode".to_owned(), words)
        }
        _ => {
            let scaler =
                extra.iter().find(|extra| scales(extra).is_some_and(|t| t.name == name))?;
            (scaler.key(""), format!("{} runs several pods", scaler.title()))
        }
    };
    Some(Several { key, words })
}

/// What an extra object scales.
fn scales<'a>(extra: &Extra<'a>) -> Option<Target<'a>> {
    target(extra.group, extra.kind, |path| text(extra.node, path))
}

/// Influx and redis are one pod each, whatever is added: two would share nothing, or one folder.
fn stores(report: &mut Report<'_>, release: &Release, extra: &[Extra<'_>]) {
    for (store, rule) in [("influx", &INFLUX_SCALED), ("redis", &REDIS_SCALED)] {
        let (deployment, label) =
            (format!("{}-{store}-pod", release.name), format!("{}-{store}-app", release.name));
        for object in extra {
            let labels = object.pods.and_then(|pods| pods.labels());
            let app = labels.and_then(|labels| labels.get("app")?.node.as_str());
            let (key, message) = if scales(object).is_some_and(|target| target.name == deployment) {
                let message = "is one pod and cannot share its work, and this scales it";
                (object.key("spec.scaleTargetRef"), message)
            } else if app == Some(&label) {
                (object.key(""), "is one pod, and these answer behind its Service, too")
            } else {
                continue;
            };
            let help = format!("remove it: {store} runs as one pod");
            report.add(rule, &key, format!("{store} {message}"), help);
        }
    }
}

/// A budget that lets no pod go, or keeps as many as there are, lets no node be drained.
fn budget(report: &mut Report<'_>) {
    let forguncy = &report.values().forguncy;
    let budget = &forguncy.pod_disruption_budget;
    if !budget.enabled {
        return;
    }
    let [least, most] =
        ["minAvailable", "maxUnavailable"].map(|key| format!("forguncy.podDisruptionBudget.{key}"));
    if budget.min_available == CountOrPercentage::Percentage(String::new()) {
        if budget.max_unavailable.of(100) == 0 {
            report.add(
                &BUDGET_BLOCKS,
                &most,
                "the budget lets no pod go, so a drain of its node waits for ever",
                "let at least one go",
            );
        }
        return;
    }
    if report.is_given(&most) && report.is_given(&least) {
        report.add(
            &VALUE_WITHOUT_EFFECT,
            &most,
            format!("this has no effect, because `{least}` is not empty"),
            "remove one of the two",
        );
    }
    let scaling = &forguncy.scaling;
    let pods = u32::from(match scaling.mode {
        ScalingMode::Manual => 1,
        ScalingMode::Fixed => scaling.replicas,
        ScalingMode::Auto => scaling.min_replicas,
    });
    if pods > 0 && budget.min_available.of(pods) >= pods {
        let whose = match scaling.mode {
            ScalingMode::Manual => "the one pod that the installation starts",
            ScalingMode::Fixed => "every pod",
            ScalingMode::Auto => "every pod when the autoscaler is at its lowest",
        };
        report.add(
            &BUDGET_BLOCKS,
            &least,
            format!("the budget keeps {whose}, so a drain of its node waits for ever"),
            "keep fewer than run, or leave `minAvailable` empty and say in `maxUnavailable` how many may go",
        );
    }
}

/// Utilization is a share of the requests of all containers that run as long as the pod does: when one of them has none, there is
/// nothing to compare with (`calculatePodRequests` in `pkg/controller/podautoscaler/replica_calculator.go`).
fn requests(report: &mut Report<'_>) {
    let scaling = &report.values().forguncy.scaling;
    if scaling.mode != ScalingMode::Auto {
        return;
    }
    for (resource, target, key) in [
        ("cpu", scaling.target_cpu_utilization_percentage, "targetCPUUtilizationPercentage"),
        (
            "memory",
            scaling.target_memory_utilization_percentage,
            "targetMemoryUtilizationPercentage",
        ),
    ] {
        if target == 0 {
            continue;
        }
        for (container, resources) in serving(report) {
            // A limit alone becomes the request, too.
            let has = |list: &str| {
                let amount = report.node(&format!("{resources}.{list}.{resource}"));
                amount.is_some_and(|node| !matches!(node.value, Value::Null))
            };
            if has("requests") || has("limits") {
                continue;
            }
            let whose = container.map(|name| format!(" of container `{name}`")).unwrap_or_default();
            report.add(
                &AUTOSCALER_WITHOUT_REQUESTS,
                &format!("{resources}.requests.{resource}"),
                format!("the autoscaler aims at a share of this request{whose} (`forguncy.scaling.{key}`), and there is none"),
                format!("give `{resources}.requests.{resource}`, or set the target to 0"),
            );
        }
    }
}

/// The Forguncy pod's containers that run as long as it does: the names of the user's own, and the keys of their resources.
fn serving<'a>(report: &Report<'a>) -> Vec<(Option<&'a str>, String)> {
    let own = ["initContainers", "containers"].into_iter().flat_map(|list| {
        let key = if list == "containers" { "extraContainers" } else { list };
        let key = format!("forguncy.{key}");
        let items = report.items(&key).iter().enumerate();
        let containers = items.map(move |(index, node)| Container { node, list, index });
        let serving = containers.filter(Container::serves);
        serving.map(move |one| (Some(one.name()), format!("{key}[{}].resources", one.index)))
    });
    [(None, "forguncy.resources".to_owned())].into_iter().chain(own).collect()
}

/// Whether a value is a map with something in it.
pub(super) fn is_filled(value: Option<&Value>) -> bool {
    matches!(value, Some(Value::Map(map)) if !map.is_empty())
}
