//! Values that have no effect, or not the one that was meant: set below a switch that is off, or left as an example.

use super::report::Report;
use crate::rules::{PLACEHOLDER_LEFT, VALUE_WITHOUT_EFFECT};
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
    placeholders(report);
}

/// An example in a preset, which only its user can replace.
struct Placeholder {
    key: &'static str,
    example: &'static str,
    /// Whether the example would be used.
    matters: fn(&Values) -> bool,
}

const PLACEHOLDERS: &[Placeholder] = &[
    Placeholder {
        key: "storage.server",
        example: "198.19.249.12",
        matters: |values| values.storage.kind == StorageType::Nfs,
    },
    Placeholder {
        key: "storage.storageClassName",
        example: "efs-sc",
        matters: |values| values.storage.kind == StorageType::StorageClass,
    },
    Placeholder {
        key: "redis.persistence.storageClassName",
        example: "gp3",
        matters: |values| values.redis.enabled && values.redis.persistence.enabled,
    },
    Placeholder {
        key: "influx.persistence.storageClassName",
        example: "gp3",
        matters: |values| values.influx.enabled && values.influx.persistence.enabled,
    },
    Placeholder { key: "global.imageRegistry", example: "harbor.example.com", matters: |_| true },
];

fn placeholders(report: &mut Report<'_>) {
    for Placeholder { key, example, matters } in PLACEHOLDERS {
        let is_example = report.node(key).is_some_and(|node| node.as_str() == Some(example));
        let from_preset =
            report.location(key).is_some_and(|location| location.source.starts_with("preset "));
        if is_example && from_preset && matters(report.values()) {
            let message = format!("`{example}` is the preset's example, and not yours");
            report.add(&PLACEHOLDER_LEFT, key, message, format!("set `{key}`"));
        }
    }
}

#[cfg(test)]
pub(super) fn keys() -> impl Iterator<Item = &'static str> {
    SWITCHED.iter().flat_map(|switched| switched.keys.iter().copied().chain([switched.switch]))
}
