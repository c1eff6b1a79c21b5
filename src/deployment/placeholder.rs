//! Values that are not the ones that were meant: a preset's examples.

use super::report::Report;
use crate::rules::PLACEHOLDER_LEFT;
use crate::values::Values;
use crate::values::storage::StorageType;

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

pub(super) fn check(report: &mut Report<'_>) {
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
