//! What the kubelet and the Deployment do with the pods: probes, the time to finish, how an upgrade replaces them.

use super::report::Report;
use super::scaling::is_filled;
use crate::node::{Node, Value};
use crate::object::text;
use crate::rules::{
    DRAIN_OUTLASTS_GRACE, GRACE_PERIOD_ZERO, PROBE_ABSENT, PROBE_HANDLERS, STRATEGY_CONFLICT,
};

pub(super) fn check(report: &mut Report<'_>) {
    let values = report.values();
    for (section, enabled, pod) in [
        ("forguncy", true, &values.forguncy.pod),
        ("redis", values.redis.enabled, &values.redis.pod),
        ("influx", values.influx.enabled, &values.influx.pod),
    ] {
        if !enabled {
            continue;
        }
        probes(report, section);
        if pod.termination_grace_period_seconds == 0 {
            report.add(
                &GRACE_PERIOD_ZERO,
                &format!("{section}.terminationGracePeriodSeconds"),
                "the pods are killed at once, in the middle of requests and of writing",
                "give them time to finish: 30 seconds or more",
            );
        }
    }
    drain(report);
    strategy(report);
}

/// The hook that waits is a part of the grace period. When that ends in it, the server is killed without having been asked to stop.
fn drain(report: &mut Report<'_>) {
    let forguncy = &report.values().forguncy;
    let (drain, grace) = (forguncy.drain_seconds, forguncy.pod.termination_grace_period_seconds);
    if grace == 0 || drain < grace {
        return;
    }
    let keys = ["forguncy.drainSeconds", "forguncy.terminationGracePeriodSeconds"];
    let given = keys.into_iter().find(|key| report.is_given(key)).unwrap_or(keys[0]);
    report.add(
        &DRAIN_OUTLASTS_GRACE,
        given,
        format!(
            "a pod waits {drain} seconds before it stops, and is killed after {grace}, in the middle of requests and of writing"
        ),
        "let `forguncy.terminationGracePeriodSeconds` be larger than `forguncy.drainSeconds` by the time that requests take",
    );
}

fn probes(report: &mut Report<'_>, section: &str) {
    let filled = |report: &Report<'_>, probe: &str| {
        is_filled(report.node(&format!("{section}.probes.{probe}")).map(|node| &node.value))
    };
    let slow = section == "forguncy" && filled(report, "liveness");
    for (probe, needed, why) in [
        (
            "startup",
            slow,
            "the liveness probe kills the server while it starts, which takes minutes, again and again",
        ),
        ("readiness", true, "a pod gets traffic before it can answer, and after it no longer can"),
        ("liveness", true, "a container that hangs is never restarted"),
    ] {
        let key = format!("{section}.probes.{probe}");
        if !filled(report, probe) {
            if needed {
                report.add(
                    &PROBE_ABSENT,
                    &key,
                    format!("without a {probe} probe, {why}"),
                    "leave the default in place, or give another handler",
                );
            }
            continue;
        }
        handlers(report, &key);
    }
}

/// The ways in which the kubelet can ask a container.
const HANDLERS: [&str; 4] = ["exec", "grpc", "httpGet", "tcpSocket"];

fn handlers(report: &mut Report<'_>, key: &str) {
    let Some(probe) = report.node(key).and_then(Node::as_map) else { return };
    let given: Vec<&str> =
        HANDLERS.into_iter().filter(|handler| probe.contains_key(handler)).collect();
    match given[..] {
        [_] => {}
        [] => report.add(
            &PROBE_HANDLERS,
            key,
            "the probe asks nothing, and a cluster refuses that",
            "give one of `tcpSocket`, `httpGet`, `exec` and `grpc`, or delete the probe with null",
        ),
        _ => {
            // One of them is the default's, which stays when maps are merged.
            let default = given.iter().find(|handler| probe[**handler].node.origin.is_none());
            let gone = default.or(given.last()).copied().unwrap_or_default();
            let own = given.into_iter().find(|handler| *handler != gone).unwrap_or_default();
            report.add(
                &PROBE_HANDLERS,
                key,
                format!("the probe has both `{own}` and `{gone}`, and a cluster refuses that"),
                format!("write `{gone}: null` beside `{own}`: values are merged over the defaults"),
            );
        }
    }
}

fn strategy(report: &mut Report<'_>) {
    let key = "forguncy.strategy";
    let Some(strategy) = report.node(key) else { return };
    let rolling = strategy.at(&["rollingUpdate"]);
    if text(strategy, &["type"]) == "Recreate" && is_filled(rolling.map(|node| &node.value)) {
        report.add(
            &STRATEGY_CONFLICT,
            key,
            "`Recreate` and `rollingUpdate` exclude each other, and a cluster refuses both",
            "write `rollingUpdate: null` beside `type: Recreate`: values are merged over the defaults",
        );
        return;
    }
    let zero = |key: &str| {
        rolling.and_then(|node| node.at(&[key])).is_some_and(|node| match &node.value {
            Value::Int(number) => *number == 0,
            Value::String(share) => share == "0%",
            _ => false,
        })
    };
    if zero("maxSurge") && zero("maxUnavailable") {
        report.add(
            &STRATEGY_CONFLICT,
            key,
            "neither a pod more nor a pod less is allowed, so no upgrade could begin, and a cluster refuses that",
            "set `maxSurge: 1` (no gap) or `maxUnavailable: 1` (no more memory)",
        );
    }
}
