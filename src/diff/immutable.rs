//! What an API server refuses to change: a table of fields, from Kubernetes' own checks of updates.
//!
//! `docs/diff.md` shows it. It covers what our templates make and what is common beside them; a kind that is not here has no
//! immutable field, or is not known.

use crate::node::{Node, Value};
use crate::object::text;
use crate::quantity::Quantity;

use super::consequence::{Consequence, Effect};
use super::fields::Field;
use super::pair::Pair;

/// A field that cannot change, or not freely.
pub struct Rule {
    /// The API group of the kind; empty for the core group.
    pub group: &'static str,
    /// The kind.
    pub kind: &'static str,
    /// The field, without the items of lists. What lies below it counts.
    pub field: &'static str,
    /// The fields below it that can change.
    pub except: &'static [&'static str],
    /// What the API server takes for a field that is left out.
    pub default: &'static str,
    /// In which cases it is refused.
    pub when: When,
    /// Where Kubernetes says so.
    pub source: &'static str,
}

/// In which cases a change is refused.
#[derive(Clone, Copy)]
pub enum When {
    /// Always.
    Always,
    /// When the field had a value before.
    OnceSet,
    /// As a check tells; the words are for the table.
    Case(&'static str, Check),
}

type Check = fn(&Pair<'_>, &Field<'_>) -> Option<Consequence>;

/// A rule without exceptions.
const fn rule(
    group: &'static str,
    kind: &'static str,
    field: &'static str,
    source: &'static str,
) -> Rule {
    Rule { group, kind, field, except: &[], default: "", when: When::Always, source }
}

impl Rule {
    const fn except(mut self, except: &'static [&'static str]) -> Self {
        self.except = except;
        self
    }

    const fn default(mut self, default: &'static str) -> Self {
        self.default = default;
        self
    }

    const fn when(mut self, when: When) -> Self {
        self.when = when;
        self
    }
}

/// The fields. Of several that a change lies in, the first counts.
pub const RULES: &[Rule] = &[
    rule("apps", "Deployment", "spec.selector", "ValidateUpdate of apps/deployment/strategy.go"),
    rule("apps", "Deployment", "spec.strategy", "ValidateDeploymentStrategy")
        .when(When::Case("becomes `Recreate`, and Helm 4 installed the release", strategy)),
    rule("apps", "ReplicaSet", "spec.selector", "ValidateUpdate of apps/replicaset/strategy.go"),
    rule("apps", "DaemonSet", "spec.selector", "ValidateUpdate of apps/daemonset/strategy.go"),
    rule("apps", "StatefulSet", "spec.podManagementPolicy", "ValidateStatefulSetUpdate")
        .default("OrderedReady"),
    rule("apps", "StatefulSet", "spec.revisionHistoryLimit", "ValidateStatefulSetUpdate")
        .when(When::Case("in older versions of Kubernetes", revision_history)),
    rule("apps", "StatefulSet", "spec", "ValidateStatefulSetUpdate").except(&[
        "spec.replicas",
        "spec.ordinals",
        "spec.template",
        "spec.updateStrategy",
        "spec.persistentVolumeClaimRetentionPolicy",
        "spec.minReadySeconds",
    ]),
    rule("batch", "Job", "spec.selector", "ValidateJobSpecUpdate"),
    rule("batch", "Job", "spec.template", "ValidateJobSpecUpdate")
        .when(When::Case("unless the Job is suspended, where scheduling can change", job_template)),
    rule("batch", "Job", "spec.completions", "ValidateJobSpecUpdate").when(When::Case(
        "unless `completionMode` is `Indexed`, where it can change together with `parallelism`",
        completions,
    )),
    rule("batch", "Job", "spec.completionMode", "ValidateJobSpecUpdate").default("NonIndexed"),
    rule("batch", "Job", "spec.podFailurePolicy", "ValidateJobSpecUpdate"),
    rule("batch", "Job", "spec.backoffLimitPerIndex", "ValidateJobSpecUpdate"),
    rule("batch", "Job", "spec.successPolicy", "ValidateJobSpecUpdate"),
    rule("batch", "Job", "spec.managedBy", "ValidateJobSpecUpdate"),
    rule("", "Pod", "spec", "ValidatePodUpdate").except(&[
        "spec.containers.image",
        "spec.initContainers.image",
        "spec.activeDeadlineSeconds",
        "spec.tolerations",
        "spec.schedulingGates",
    ]),
    rule("", "PersistentVolume", "spec.volumeMode", "ValidatePersistentVolumeUpdate")
        .default("Filesystem"),
    rule("", "PersistentVolume", "spec.nodeAffinity", "ValidatePersistentVolumeUpdate")
        .when(When::OnceSet),
    rule(
        "",
        "PersistentVolume",
        "spec.volumeAttributesClassName",
        "ValidatePersistentVolumeUpdate",
    )
    .when(When::Case("is taken away", taken_away)),
    rule("", "PersistentVolume", "spec", "ValidatePersistentVolumeUpdate")
        .except(&[
            "spec.capacity",
            "spec.accessModes",
            "spec.claimRef",
            "spec.persistentVolumeReclaimPolicy",
            "spec.storageClassName",
            "spec.mountOptions",
            "spec.csi.controllerExpandSecretRef",
        ])
        .when(When::Case("the source: `nfs`, `hostPath`, `csi` or any other", volume_source)),
    rule(
        "",
        "PersistentVolumeClaim",
        "spec.resources.requests.storage",
        "ValidatePersistentVolumeClaimUpdate; admission PersistentVolumeClaimResize",
    )
    .when(When::Case(
        "shrinks; grows without a class; grows, and the class does not allow it",
        size,
    )),
    rule("", "PersistentVolumeClaim", "spec.volumeName", "ValidatePersistentVolumeClaimUpdate")
        .when(When::Case("unless the claim is bound to that volume, or to none yet", volume_name)),
    rule(
        "",
        "PersistentVolumeClaim",
        "spec.storageClassName",
        "ValidatePersistentVolumeClaimUpdate",
    )
    .when(When::Case("unless it had none, not even the default one", storage_class)),
    rule("", "PersistentVolumeClaim", "spec.volumeMode", "ValidatePersistentVolumeClaimUpdate")
        .default("Filesystem"),
    rule(
        "",
        "PersistentVolumeClaim",
        "spec.volumeAttributesClassName",
        "ValidatePersistentVolumeClaimUpdate",
    )
    .when(When::Case("is taken away", taken_away)),
    rule("", "PersistentVolumeClaim", "spec", "ValidatePersistentVolumeClaimUpdate"),
    rule("", "Service", "spec.clusterIP", "ValidateServiceUpdate").when(When::Case(
        "unless it is left out, which keeps it, or the type is `ExternalName`",
        cluster_ip,
    )),
    rule("", "Service", "spec.clusterIPs", "ValidateServiceUpdate").when(When::Case(
        "the first, unless it is left out, or the type is `ExternalName`",
        cluster_ip,
    )),
    rule("", "Service", "spec.ipFamilies", "ValidateServiceUpdate").when(When::Case(
        "the first, unless it is left out, or the type is `ExternalName`",
        cluster_ip,
    )),
    rule("", "Service", "spec.loadBalancerClass", "ValidateServiceUpdate")
        .when(When::Case("while the type stays `LoadBalancer`", load_balancer_class)),
    rule("", "Service", "spec.healthCheckNodePort", "ValidateServiceExternalTrafficFieldsUpdate")
        .when(When::Case("both have one", both)),
    rule("", "Secret", "type", "ValidateSecretUpdate").default("Opaque"),
    rule("", "Secret", "data", "ValidateSecretUpdate")
        .when(When::Case("`immutable` was true", frozen)),
    rule("", "Secret", "stringData", "ValidateSecretUpdate")
        .when(When::Case("`immutable` was true", frozen)),
    rule("", "Secret", "immutable", "ValidateSecretUpdate").when(When::Case("was true", frozen)),
    rule("", "ConfigMap", "data", "ValidateConfigMapUpdate")
        .when(When::Case("`immutable` was true", frozen)),
    rule("", "ConfigMap", "binaryData", "ValidateConfigMapUpdate")
        .when(When::Case("`immutable` was true", frozen)),
    rule("", "ConfigMap", "immutable", "ValidateConfigMapUpdate")
        .when(When::Case("was true", frozen)),
    rule("rbac.authorization.k8s.io", "RoleBinding", "roleRef", "ValidateRoleBindingUpdate"),
    rule(
        "rbac.authorization.k8s.io",
        "ClusterRoleBinding",
        "roleRef",
        "ValidateClusterRoleBindingUpdate",
    ),
    rule("storage.k8s.io", "StorageClass", "provisioner", "ValidateStorageClassUpdate"),
    rule("storage.k8s.io", "StorageClass", "parameters", "ValidateStorageClassUpdate"),
    rule("storage.k8s.io", "StorageClass", "reclaimPolicy", "ValidateStorageClassUpdate")
        .default("Delete"),
    rule("storage.k8s.io", "StorageClass", "volumeBindingMode", "ValidateStorageClassUpdate")
        .default("Immediate"),
    rule("networking.k8s.io", "IngressClass", "spec.controller", "ValidateIngressClassUpdate"),
    rule("scheduling.k8s.io", "PriorityClass", "value", "ValidatePriorityClassUpdate"),
    rule("scheduling.k8s.io", "PriorityClass", "preemptionPolicy", "ValidatePriorityClassUpdate")
        .default("PreemptLowerPriority"),
];

/// Whether an API server refuses a change.
pub(super) fn check(pair: &Pair<'_>, field: &Field<'_>) -> Option<Consequence> {
    let identity = pair.identity;
    let rule = RULES.iter().find(|rule| {
        (rule.group, rule.kind) == (&identity.group, &identity.kind) && field.path.is_in(rule.field)
    })?;
    let is_default =
        |node: Option<&Node>| node.is_none_or(|node| node.as_str() == Some(rule.default));
    if rule.except.iter().any(|except| field.path.is_in(except))
        || !rule.default.is_empty() && is_default(field.old) && is_default(field.new)
    {
        return None;
    }
    match rule.when {
        When::Always => Some(refused(rule.field)),
        When::OnceSet => field.old.map(|_| refused(rule.field)),
        When::Case(_, check) => check(pair, field),
    }
}

fn refused(field: &str) -> Consequence {
    let why = match field {
        "spec" => {
            "Kubernetes lets the rest of the spec as it is: the field is immutable".to_owned()
        }
        field => format!("`{field}` is immutable"),
    };
    Consequence::new(Effect::Refused, why)
}

fn may_be(why: impl Into<String>) -> Consequence {
    Consequence::new(Effect::MayBeRefused, why)
}

/// From another strategy to `Recreate`. Server-side apply leaves the defaults of `rollingUpdate` in place, and both together are
/// not allowed.
fn strategy(pair: &Pair<'_>, field: &Field<'_>) -> Option<Consequence> {
    const TYPE: [&str; 3] = ["spec", "strategy", "type"];
    let becomes = pair.new_text(&TYPE) == "Recreate" && pair.old_text(&TYPE) != "Recreate";
    let is_type = field.path.is("spec.strategy.type") || field.path.is("spec.strategy");
    (becomes && is_type).then(|| {
        let patch = r#"[{"op":"replace","path":"/spec/strategy","value":{"type":"Recreate"}}]"#;
        may_be("a release that Helm 4 installed keeps the defaults of `rollingUpdate`, which `Recreate` does not allow; Helm 3 removes them")
            .help(format!("before the upgrade: kubectl patch {} --type=json -p '{patch}'", pair.identity))
    })
}

fn revision_history(_: &Pair<'_>, _: &Field<'_>) -> Option<Consequence> {
    Some(may_be(
        "older versions of Kubernetes do not let a StatefulSet's `revisionHistoryLimit` change",
    ))
}

fn job_template(pair: &Pair<'_>, _: &Field<'_>) -> Option<Consequence> {
    let suspended = pair.old.get(&["spec", "suspend"]);
    Some(match suspended.map(|node| &node.value) {
        Some(Value::Bool(true)) => {
            may_be("of a suspended Job only what decides where its pods run can change")
        }
        _ => refused("spec.template").help("delete the Job first, or give it another name"),
    })
}

fn completions(pair: &Pair<'_>, _: &Field<'_>) -> Option<Consequence> {
    Some(match pair.old_text(&["spec", "completionMode"]) {
        "Indexed" => may_be(
            "`spec.completions` can change only together with `spec.parallelism`, to the same number",
        ),
        _ => refused("spec.completions"),
    })
}

fn taken_away(_: &Pair<'_>, field: &Field<'_>) -> Option<Consequence> {
    (field.old.is_some() && field.new.is_none()).then(|| refused("spec.volumeAttributesClassName"))
}

fn volume_source(_: &Pair<'_>, field: &Field<'_>) -> Option<Consequence> {
    // The source is compared as a whole, where a field left out is false, or empty.
    let is_empty = |node: Option<&Node>| match node.map(|node| &node.value) {
        None | Some(Value::Bool(false) | Value::Int(0)) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(_) => false,
    };
    (!is_empty(field.old) || !is_empty(field.new)).then(|| {
        Consequence::new(
            Effect::Refused,
            "the source of a volume is immutable: a volume cannot move to another place",
        )
        .help("move the share step by step, as told below")
    })
}

fn size(pair: &Pair<'_>, field: &Field<'_>) -> Option<Consequence> {
    let amount = |node: Option<&Node>| node.and_then(Quantity::read);
    let (Some(old), Some(new)) = (amount(field.old), amount(field.new)) else {
        return Some(may_be("a claim's size is not a quantity, or is taken away"));
    };
    let class =
        pair.new.get(&["spec", "storageClassName"]).map(|node| node.as_str().unwrap_or_default());
    match (new.cmp(&old), class) {
        (std::cmp::Ordering::Equal, _) => None,
        (std::cmp::Ordering::Less, _) => Some(
            Consequence::new(Effect::Refused, "a claim cannot shrink").help("leave the old size"),
        ),
        (_, Some("")) => Some(
            Consequence::new(
                Effect::Refused,
                "only a dynamically provisioned claim can grow, and this one has no class",
            )
            .help("leave the old size: on NFS and hostPath nothing enforces it"),
        ),
        (_, class) => {
            let class =
                class.map_or("its class".to_owned(), |name| format!("the StorageClass `{name}`"));
            Some(
                may_be(format!("a claim grows only if {class} provisioned it and has `allowVolumeExpansion: true`"))
                    .help("ask the cluster: kubectl get storageclass"),
            )
        }
    }
}

fn volume_name(_: &Pair<'_>, field: &Field<'_>) -> Option<Consequence> {
    Some(match field.old {
        Some(_) => refused("spec.volumeName"),
        None => may_be(
            "a bound claim keeps its volume: refused, unless it is bound to this one, or to none yet",
        ),
    })
}

fn storage_class(_: &Pair<'_>, field: &Field<'_>) -> Option<Consequence> {
    Some(match field.old {
        Some(_) => refused("spec.storageClassName"),
        None => may_be("refused, if the cluster has given the claim its default class"),
    })
}

fn cluster_ip(pair: &Pair<'_>, field: &Field<'_>) -> Option<Consequence> {
    const TYPE: [&str; 2] = ["spec", "type"];
    let first = |node: Option<&Node>| -> Option<String> {
        let node = node?;
        let text = node.as_str().or_else(|| node.items().first()?.as_str())?;
        Some(text.to_owned()).filter(|text| !text.is_empty())
    };
    let name = field.path.keys().nth(1).unwrap_or_default();
    let at = |object: &crate::object::Object| first(object.get(&["spec", name]));
    let (old, new) = (at(pair.old), at(pair.new));
    let is_name = [pair.old_text(&TYPE), pair.new_text(&TYPE)].contains(&"ExternalName");
    // What is left out keeps what it had, and the first family of a Service that named none is the cluster's choice.
    if is_name || new.is_none() || old == new {
        return None;
    }
    Some(match (name, old) {
        ("ipFamilies", None) => may_be("refused, if the cluster has chosen another first family"),
        _ => refused(&format!("spec.{name}"))
            .help("delete the Service first; it gets another address"),
    })
}

fn load_balancer_class(pair: &Pair<'_>, _: &Field<'_>) -> Option<Consequence> {
    let is = |object| text(object, &["spec", "type"]) == "LoadBalancer";
    (is(&pair.old.node) && is(&pair.new.node)).then(|| refused("spec.loadBalancerClass"))
}

fn both(_: &Pair<'_>, field: &Field<'_>) -> Option<Consequence> {
    field.old.and(field.new).map(|_| refused("spec.healthCheckNodePort"))
}

fn frozen(pair: &Pair<'_>, _: &Field<'_>) -> Option<Consequence> {
    let immutable = pair.old.get(&["immutable"]).map(|node| &node.value);
    matches!(immutable, Some(Value::Bool(true))).then(|| {
        let kind = &pair.identity.kind;
        Consequence::new(Effect::Refused, format!("the {kind} was made immutable"))
            .help("give it another name, or delete it first")
    })
}

#[cfg(test)]
mod tests {
    use super::{RULES, When};
    use crate::generated::assert_current;

    /// The table of `docs/diff.md`, between its marks.
    fn table() -> String {
        let mut table =
            String::from("| kind | field | refused | except | source |\n|---|---|---|---|---|\n");
        for rule in RULES {
            let when = match rule.when {
                When::Always => "always",
                When::OnceSet => "once it is set",
                When::Case(words, _) => words,
            };
            let except: Vec<String> =
                rule.except.iter().map(|field| format!("`{field}`")).collect();
            let default = match rule.default {
                "" => String::new(),
                default => format!("; left out is `{default}`"),
            };
            let (kind, field, source) = (rule.kind, rule.field, rule.source);
            let except = except.join(", ");
            table.push_str(&format!(
                "| {kind} | `{field}` | {when}{default} | {except} | {source} |\n"
            ));
        }
        table
    }

    #[test]
    fn the_documents_show_the_table() {
        let committed = include_str!("../../docs/diff.md");
        let (before, rest) =
            committed.split_once("<!-- fields -->\n").expect("the table has a place");
        let (_, after) = rest.split_once("<!-- /fields -->").expect("it has an end");
        let fresh = format!("{before}<!-- fields -->\n{}<!-- /fields -->{after}", table());
        assert_current("docs/diff.md", committed, &fresh);
    }

    #[test]
    fn every_rule_can_be_reached() {
        for (at, rule) in RULES.iter().enumerate() {
            let hides = |above: &&super::Rule| {
                (above.group, above.kind) == (rule.group, rule.kind)
                    && format!("{}.", rule.field).starts_with(&format!("{}.", above.field))
            };
            assert!(!RULES[..at].iter().any(|above| hides(&above)), "{} {}", rule.kind, rule.field);
        }
    }
}
