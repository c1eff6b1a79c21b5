//! The table of fields that cannot change, or not freely.

use super::cases::{
    both, cluster_ip, completions, frozen, job_template, load_balancer_class, revision_history,
    size, storage_class, strategy, taken_away, volume_name, volume_source,
};
use super::{Rule, When};

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
