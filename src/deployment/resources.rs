//! CPU, memory and sizes: amounts that contradict each other, or that nobody means.

use super::extra::Extra;
use super::report::{Report, escaped};
use crate::node::Node;
use crate::quantity::Quantity;
use crate::references::pods::Container;
use crate::rules::{AMOUNT_IMPLAUSIBLE, REDIS_MEMORY, REQUEST_ABOVE_LIMIT};
use crate::values::pod::CONTAINER_LISTS;

pub(super) fn check(report: &mut Report<'_>, extra: &[Extra<'_>]) {
    let values = report.values();
    let enabled = [true, values.redis.enabled, values.influx.enabled];
    for (section, _) in
        ["forguncy", "redis", "influx"].into_iter().zip(enabled).filter(|(_, on)| *on)
    {
        container(report, &format!("{section}.resources"));
    }
    for list in CONTAINER_LISTS {
        for at in 0..report.items(list).len() {
            container(report, &format!("{list}[{at}].resources"));
        }
    }
    for object in extra {
        let Some(pods) = object.pods else { continue };
        let containers: Vec<Container<'_>> = pods.containers().collect();
        for one in containers {
            let field = pods.field(&format!("{}.resources", one.path()));
            container(report, &object.key(&field));
        }
    }
    if values.redis.enabled {
        redis(report);
    }
    for key in ["attach", "logs", "restore", "sites", "sitesBin"] {
        size(report, &format!("storage.shares.{key}.size"));
    }
    for (section, volume) in
        [("redis", &values.redis.persistence), ("influx", &values.influx.persistence)]
    {
        if volume.enabled {
            size(report, &format!("{section}.persistence.size"));
        }
    }
}

/// The resources of one container, below a key.
fn container(report: &mut Report<'_>, key: &str) {
    for list in ["requests", "limits"] {
        let amounts = report.node(&format!("{key}.{list}")).and_then(Node::as_map);
        for (name, entry) in amounts.into_iter().flatten() {
            let Some(amount) = Quantity::read(&entry.node) else { continue };
            let own = format!("{key}.{list}.{}", escaped(name));
            plausible(report, &own, name, amount);
            if list == "requests"
                && let Some(limit) = report.node(&format!("{key}.limits.{}", escaped(name)))
                && Quantity::read(limit).is_some_and(|limit| limit < amount)
            {
                let message = format!(
                    "the request for {name} is above its limit, and a cluster refuses the pod"
                );
                report.add(
                    &REQUEST_ABOVE_LIMIT,
                    &own,
                    message,
                    format!("raise `{key}.limits.{}`, or ask for less", escaped(name)),
                );
            }
        }
    }
}

/// `512m` of memory is half a byte, and `500` CPUs are no half of one.
fn plausible(report: &mut Report<'_>, key: &str, name: &str, amount: Quantity) {
    let zero = Quantity::of(0);
    if matches!(name, "memory" | "ephemeral-storage")
        && amount > zero
        && amount < Quantity::of(MEBIBYTE)
    {
        let message = format!(
            "less than a mebibyte of {name}: a unit is missing, or `m`, a thousandth, stands for `Mi`"
        );
        report.add(&AMOUNT_IMPLAUSIBLE, key, message, "write the unit: `512Mi`, `2Gi`");
    } else if name == "cpu" && amount > Quantity::of(256) {
        report.add(
            &AMOUNT_IMPLAUSIBLE,
            key,
            "more than 256 CPUs: a unit is missing",
            "write thousandths with `m`: `500m` is half a CPU",
        );
    }
}

const MEBIBYTE: i64 = 1 << 20;

fn size(report: &mut Report<'_>, key: &str) {
    let amount = report.node(key).and_then(Quantity::read);
    if amount.is_some_and(|amount| amount < Quantity::of(MEBIBYTE)) {
        report.add(
            &AMOUNT_IMPLAUSIBLE,
            key,
            "less than a mebibyte of storage: the unit is missing or wrong",
            "write the unit: `100Gi`",
        );
    }
}

/// What redis may fill with data must leave room below what the kernel lets it have.
fn redis(report: &mut Report<'_>) {
    let redis = &report.values().redis;
    let Some(limit) = report.node("redis.resources.limits.memory").and_then(Quantity::read) else {
        return;
    };
    match bytes(&redis.max_memory) {
        None | Some(0) => report.add(
            &REDIS_MEMORY,
            "redis.maxMemory",
            "redis does not know of its memory limit: it grows until it is killed, and all sessions with it",
            "set `redis.maxMemory` to three quarters of `redis.resources.limits.memory`",
        ),
        Some(most) if Quantity::of(most) >= limit => report.add(
            &REDIS_MEMORY,
            "redis.maxMemory",
            "redis may fill all the memory it has: it is killed before it drops a key, and all sessions with it",
            "set it to three quarters of `redis.resources.limits.memory`",
        ),
        Some(_) => {}
    }
}

/// A size in the notation of redis: `k` is a thousand, `kb` is 1024 (redis.conf).
fn bytes(text: &str) -> Option<i64> {
    let text = text.to_ascii_lowercase();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let unit: i64 = match unit {
        "" | "b" => 1,
        "k" => 1_000,
        "kb" => 1 << 10,
        "m" => 1_000_000,
        "mb" => 1 << 20,
        "g" => 1_000_000_000,
        "gb" => 1 << 30,
        _ => return None,
    };
    if number.is_empty() {
        return None;
    }
    Some(number.parse::<i64>().unwrap_or(i64::MAX).saturating_mul(unit))
}
