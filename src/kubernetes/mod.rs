//! Kubernetes' own types: whether an API server of a version would take an object, before one is asked.
//!
//! The types, kinds and versions are a table made from the official schemas; `docs/kubernetes.md` tells how, and what is checked
//! beyond them. A kind of another group than Kubernetes' own, a custom resource, is checked in its metadata only.

mod api;
mod autoscaling;
mod between;
mod data;
mod format;
mod here;
mod keyed;
mod index;
mod metadata;
mod network;
mod place;
mod rbac;
mod report;
mod resources;
mod scheduling;
mod security;
mod service;
mod shape;
mod storage;
mod syntax;
mod table;
mod texts;
mod time;
mod version;
mod walk;
mod workload;

pub(crate) use keyed::values_of;
pub use shape::Shape;
pub use version::Version;

use crate::finding::Finding;
use crate::object::Object;
use crate::source::Sources;
use table::{Kind, Type};
use walk::Walk;

/// All that a cluster of this version would refuse of an object, in the order of its lines.
pub fn check(object: &Object, version: Version, sources: &Sources) -> Vec<Finding> {
    let mut walk = Walk::new(object, version, sources);
    let Some(map) = object.node.as_map() else {
        api::report_no_object(&mut walk);
        return walk.finish();
    };
    if !map.contains_key("apiVersion") && !map.contains_key("kind") {
        api::report_neither(&mut walk);
        return walk.finish();
    }
    if let Some(kind) = api::check(&mut walk, map) {
        match Type::find(kind.of).filter(|_| kind.versions.has(version)) {
            Some(of) => walk.fields(of, &object.node, map),
            None => metadata::check_alone(&mut walk, map),
        }
        metadata::check_name(&mut walk, map, Some(kind));
    } else {
        metadata::check_alone(&mut walk, map);
        metadata::check_name(&mut walk, map, None);
    }
    walk.finish()
}

/// Whether the object is of a kind that is not Kubernetes' own in any version, so that [`check`] checks only its metadata.
pub fn is_foreign(object: &Object) -> bool {
    let (api, kind) = (object.api_version(), object.kind());
    !api.is_empty() && !kind.is_empty() && Kind::find(api, kind).is_none()
}

/// Whether objects of this kind belong to no namespace. A kind that is not Kubernetes' own is taken to belong to one.
pub fn is_cluster_scoped(api_version: &str, kind: &str) -> bool {
    Kind::find(api_version, kind).is_some_and(|kind| kind.cluster_scoped)
}

#[cfg(test)]
mod tests;
