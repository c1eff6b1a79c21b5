//! The volumes, as the guide speaks of them: what is prepared for them, and where the data stays.

use std::collections::BTreeSet;

use super::super::Bundle;
use super::super::template::{Facts, cell, span};
use super::super::volumes::{Place, Volume};
use crate::shell::word;
use crate::values::storage::StorageType;

pub(super) fn gather(facts: &mut Facts, bundle: &Bundle<'_>) {
    let values = &bundle.loaded.values;
    let storage = &values.storage;
    let is = |place: fn(&Place) -> bool| bundle.volumes.iter().any(|volume| place(&volume.place));
    let is_node = is(|place| matches!(place, Place::Node(_)));
    facts.switch("nfs", is(|place| matches!(place, Place::Nfs { .. })));
    facts.switch("node_disk", is_node && !storage.shared_mount);
    facts.switch("mount", is_node && storage.shared_mount);
    facts.switch("ground", bundle.ground.is_some());
    facts.switch("classes", is(|place| matches!(place, Place::Class(_))));
    facts.switch("shared_class", storage.kind == StorageType::StorageClass);
    facts.switch("own_claims", is(|place| matches!(place, Place::Own)));
    facts.text("root", &storage.root);
    facts.text("class", &storage.storage_class_name);
    let paths = bundle.volumes.iter().filter_map(|volume| match &volume.place {
        Place::Node(path) => Some(format!("- {}\n", span(path))),
        _ => None,
    });
    facts.made("node_paths", paths.collect::<String>());
    let words = |wanted: &dyn Fn(&Volume) -> Option<String>| {
        let found: BTreeSet<String> = bundle.volumes.iter().filter_map(wanted).collect();
        found.iter().map(|name| word(name)).collect::<Vec<_>>().join(" ")
    };
    facts.made(
        "class_names",
        words(&|volume| match &volume.place {
            Place::Class(name) => Some(name.clone()).filter(|name| !name.is_empty()),
            _ => None,
        }),
    );
    let own = |volume: &Volume| matches!(volume.place, Place::Own).then(|| volume.claim.clone());
    facts.made("own_claim_names", words(&own));
    let made = |volume: &Volume| own(volume).is_none().then(|| volume.claim.clone());
    let claims = words(&made);
    facts.switch("claim_names", !claims.is_empty() && storage.keep_on_uninstall);
    facts.made("claim_names", claims);
    let namespaced = |volume: &Volume| {
        let has_volume = matches!(volume.place, Place::Nfs { .. } | Place::Node(_));
        let name = volume.claim.strip_prefix(&format!("{}-", bundle.release.name))?;
        let release = bundle.release;
        has_volume.then(|| format!("{}.{}.{name}", release.namespace, release.name))
    };
    let volume_names = words(&namespaced);
    facts.switch("volumes", !volume_names.is_empty());
    facts.made("volume_names", volume_names);
    let rows = bundle.volumes.iter().map(|Volume { claim, place, mounted_at }| {
        format!("| {} | {} | {} |\n", cell(mounted_at), cell(claim), cell(&place.shown()))
    });
    facts.switch("data", !bundle.volumes.is_empty());
    facts.made("data_rows", rows.collect::<String>());
    facts.switch("kept", storage.keep_on_uninstall);
    let redis = &values.redis;
    facts.switch("redis_lost", redis.enabled && !redis.persistence.enabled);
    let influx = &values.influx;
    facts.switch("influx_lost", influx.enabled && !influx.persistence.enabled);
    let Some(ground) = &bundle.ground else { return };
    let rows = ground
        .server_scripts()
        .map(|(path, server)| format!("| {} | {} |\n", cell(&path), cell(server)));
    facts.made("server_rows", rows.collect::<String>());
    let paths = ground.server_scripts().map(|(path, _)| span(&path));
    facts.made("server_scripts", paths.collect::<Vec<_>>().join(", "));
    facts.switch("everyone", ground.clients.is_empty());
}
