//! What an API server asks of roles, and of those who are given them.

use crate::node::{Node, Value};
use crate::object::text;
use crate::rules::{BAD_ENUM, FIELD_CONFLICT, MISSING_FIELD};

use super::here::Here;

/// Of a rule: it allows something, on objects of some API groups or on addresses.
pub(super) fn check_rule(here: &mut Here<'_, '_>) {
    here.not_both("nonResourceURLs", "resources");
    let is_empty = |field: &str| {
        here.map.get(field).is_some_and(
            |entry| matches!(&entry.node.value, Value::List(items) if items.is_empty()),
        )
    };
    if is_empty("verbs") {
        let message = "`verbs` is empty: the rule allows nothing";
        here.report(&MISSING_FIELD, "verbs", message, "name what is allowed, like `get`");
    }
    if here.has("resources") && !here.has("apiGroups") {
        here.missing("apiGroups", "name the groups of the resources; `\"\"` is the core group");
    }
    if !here.has("resources") && !here.has("nonResourceURLs") {
        here.missing("resources", "name what the rule is about");
    }
}

/// Of a Role: addresses are in no namespace.
pub(super) fn check_role(here: &mut Here<'_, '_>) {
    let rules = here.get("rules").map(Node::items).unwrap_or_default();
    if rules
        .iter()
        .any(|rule| !rule.at(&["nonResourceURLs"]).map_or(&[][..], Node::items).is_empty())
    {
        let message = "a Role cannot allow `nonResourceURLs`: those are in no namespace";
        here.report(&FIELD_CONFLICT, "rules", message, "make it a ClusterRole");
    }
}

/// Of a ClusterRoleBinding: what it gives holds in all namespaces.
pub(super) fn check_cluster_binding(here: &mut Here<'_, '_>) {
    if text(here.node, &["roleRef", "kind"]) == "Role" {
        let message = "a ClusterRoleBinding cannot give a Role, which is in a namespace";
        here.report(&BAD_ENUM, "roleRef", message, "name a ClusterRole, or make it a RoleBinding");
    }
}
