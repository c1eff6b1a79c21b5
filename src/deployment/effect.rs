//! Values that have no effect: set below a switch that is off, or beside a key that takes their place.

use super::report::Report;
use crate::rules::VALUE_WITHOUT_EFFECT;
use crate::values::Values;
use crate::values::scaling::ScalingMode;
use crate::values::storage::StorageType;

/// Keys that have an effect under one condition only.
struct Switched {
    keys: &'static [&'static str],
    /// The key that decides.
    switch: &'static str,
    is_on: fn(&Values) -> bool,
    /// What the switch must be.
    wanted: &'static str,
}

const SWITCHED: &[Switched] = &[
    Switched {
        keys: &["forguncy.scaling.replicas"],
        switch: "forguncy.scaling.mode",
        is_on: |values| values.forguncy.scaling.mode == ScalingMode::Fixed,
        wanted: "fixed",
    },
    Switched {
        keys: &[
            "forguncy.scaling.minReplicas",
            "forguncy.scaling.maxReplicas",
            "forguncy.scaling.targetCPUUtilizationPercentage",
            "forguncy.scaling.targetMemoryUtilizationPercentage",
            "forguncy.scaling.behavior",
        ],
        switch: "forguncy.scaling.mode",
        is_on: |values| values.forguncy.scaling.mode == ScalingMode::Auto,
        wanted: "auto",
    },
    Switched {
        keys: &[
            "forguncy.podDisruptionBudget.maxUnavailable",
            "forguncy.podDisruptionBudget.minAvailable",
        ],
        switch: "forguncy.podDisruptionBudget.enabled",
        is_on: |values| values.forguncy.pod_disruption_budget.enabled,
        wanted: "true",
    },
    Switched {
        keys: &["redis.auth.password", "redis.auth.existingSecret"],
        switch: "redis.auth.enabled",
        is_on: |values| values.redis.auth.enabled || !values.redis.enabled,
        wanted: "true",
    },
    Switched {
        keys: &[
            "redis.persistence.storageClassName",
            "redis.persistence.size",
            "redis.persistence.directory",
            "redis.persistence.server",
            "redis.persistence.root",
            "redis.persistence.existingClaim",
        ],
        switch: "redis.persistence.enabled",
        is_on: |values| values.redis.persistence.enabled || !values.redis.enabled,
        wanted: "true",
    },
    Switched {
        keys: &[
            "influx.persistence.storageClassName",
            "influx.persistence.size",
            "influx.persistence.directory",
            "influx.persistence.server",
            "influx.persistence.root",
            "influx.persistence.existingClaim",
        ],
        switch: "influx.persistence.enabled",
        is_on: |values| values.influx.persistence.enabled || !values.influx.enabled,
        wanted: "true",
    },
    Switched {
        keys: &[
            "ingress.controller",
            "ingress.className",
            "ingress.hosts",
            "ingress.path",
            "ingress.tls",
            "ingress.annotations",
        ],
        switch: "ingress.enabled",
        is_on: |values| values.ingress.enabled,
        wanted: "true",
    },
    Switched {
        keys: &["gateway.parentRefs", "gateway.hostnames", "gateway.sessionPersistence.enabled"],
        switch: "gateway.enabled",
        is_on: |values| values.gateway.enabled,
        wanted: "true",
    },
    Switched {
        keys: &["networkPolicy.allowFrom"],
        switch: "networkPolicy.enabled",
        is_on: |values| values.network_policy.enabled,
        wanted: "true",
    },
    Switched {
        keys: &["storage.storageClassName"],
        switch: "storage.type",
        is_on: |values| values.storage.kind == StorageType::StorageClass,
        wanted: "storageClass",
    },
];

pub(super) fn check(report: &mut Report<'_>) {
    switched(report);
    password(report);
}

fn switched(report: &mut Report<'_>) {
    for Switched { keys, switch, is_on, wanted } in SWITCHED {
        // Whoever wrote the switch down knows of it, and may keep the rest for another day.
        if is_on(report.values()) || report.is_given(switch) {
            continue;
        }
        for key in *keys {
            if report.is_given(key) {
                let message = format!("this has no effect, because `{switch}` is not `{wanted}`");
                report.add(
                    &VALUE_WITHOUT_EFFECT,
                    key,
                    message,
                    format!("set `{switch}: {wanted}`, or remove this"),
                );
            }
        }
    }
}

/// A password beside the Secret that is used in its place: it reaches no pod, and still everybody who reads the chart.
fn password(report: &mut Report<'_>) {
    let redis = &report.values().redis;
    let auth = &redis.auth;
    let is_replaced = redis.enabled && auth.enabled && !auth.existing_secret.is_empty();
    if is_replaced && !auth.password.is_empty() {
        report.add(
            &VALUE_WITHOUT_EFFECT,
            "redis.auth.password",
            "this has no effect, because `redis.auth.existingSecret` takes its place",
            "remove one of the two",
        );
    }
}

#[cfg(test)]
pub(super) fn keys() -> impl Iterator<Item = &'static str> {
    SWITCHED.iter().flat_map(|switched| switched.keys.iter().copied().chain([switched.switch]))
}
