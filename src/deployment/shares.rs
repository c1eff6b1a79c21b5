//! The chart's volumes: whether each has a place of its own.

use std::collections::HashMap;

use super::report::Report;
use crate::rules::SHARES_COINCIDE;
use crate::values::Values;
use crate::values::storage::StorageType;

/// A volume of the chart.
pub(super) struct Volume<'a> {
    pub key: &'static str,
    directory: &'a str,
    pub server: &'a str,
    root: &'a str,
    pub existing_claim: &'a str,
    /// Whether a storage class makes it, whatever the shares are on.
    pub own_class: bool,
}

/// Two shares in one place: Forguncy would find its logs among its programs.
pub(super) fn check(report: &mut Report<'_>) {
    let values = report.values();
    let kind = values.storage.kind;
    let mut places: HashMap<(&str, String), &str> = HashMap::new();
    for volume in volumes(values) {
        let own = |own: &'static str| format!("{}.{own}", volume.key);
        let (place, key) = if kind == StorageType::ExistingClaims
            || !volume.existing_claim.is_empty()
        {
            if volume.existing_claim.is_empty() {
                continue;
            }
            (("claim", volume.existing_claim.to_owned()), own("existingClaim"))
        } else if kind == StorageType::StorageClass || volume.own_class {
            continue;
        } else {
            let server = if kind == StorageType::HostPath { "" } else { volume.server };
            let server = if server.is_empty() { values.storage.server.as_str() } else { server };
            let root =
                if volume.root.is_empty() { values.storage.root.as_str() } else { volume.root };
            let path = format!("{}/{}", root.trim_end_matches('/'), volume.directory);
            ((server, path), own("directory"))
        };
        let words = match place.0 {
            "claim" => format!("the claim `{}`", place.1),
            _ => format!("the directory `{}`", place.1),
        };
        if let Some(first) = places.get(&place) {
            let message =
                format!("{words} is that of `{first}` already, and their files would mix");
            report.add(&SHARES_COINCIDE, &key, message, "give each share a place of its own");
        } else {
            places.insert(place, volume.key);
        }
    }
}

/// The volumes that the chart makes or mounts.
pub(super) fn volumes(values: &Values) -> Vec<Volume<'_>> {
    let shares = &values.storage.shares;
    let mut volumes: Vec<Volume<'_>> = [
        ("storage.shares.attach", &shares.attach),
        ("storage.shares.logs", &shares.logs),
        ("storage.shares.restore", &shares.restore),
        ("storage.shares.sites", &shares.sites),
        ("storage.shares.sitesBin", &shares.sites_bin),
    ]
    .into_iter()
    .map(|(key, share)| Volume {
        key,
        directory: &share.directory,
        server: &share.server,
        root: &share.root,
        existing_claim: &share.existing_claim,
        own_class: false,
    })
    .collect();
    for (key, enabled, volume) in [
        ("redis.persistence", values.redis.enabled, &values.redis.persistence),
        ("influx.persistence", values.influx.enabled, &values.influx.persistence),
    ] {
        if enabled && volume.enabled {
            volumes.push(Volume {
                key,
                directory: &volume.directory,
                server: &volume.server,
                root: &volume.root,
                existing_claim: &volume.existing_claim,
                own_class: !volume.storage_class_name.is_empty(),
            });
        }
    }
    volumes
}
