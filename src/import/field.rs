//! What the fields of the vendor's objects are here: the same anyway, a key's, or nothing.

use Field::{Carry, Join, Known, Pod, Say, Selector};

/// What becomes of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// This chart has it likewise, or for the same purpose another one.
    Known,
    /// So it is, if it has one of these values; else there is what these words say.
    Is(&'static [&'static str], &'static str),
    /// Its value goes to a key; `*` is the workload's section.
    Carry(&'static str),
    /// Its items go to a list that all pods share.
    Join(&'static str),
    /// What these words say.
    Say(&'static str),
    /// The release's namespace; of another one there is what these words say.
    Namespace(&'static str),
    /// Label by which pods are found.
    Selector,
    /// The number of pods.
    Pods,
    /// A pod, which is read apart.
    Pod,
    /// A share's size.
    Size,
    /// A share's server.
    Server,
    /// A share's path.
    Path,
}

const NO_KEY: &str = "there is no key for it: see whether you need it, and ask for one if so";
const NO_SELECTOR: &str = "this chart's Service sends to its own pods: if this one had endpoints of yours, write it into the list `extraObjects`";
const NO_AFFINITY: &str = "write `forguncy.service.sessionAffinity.enabled: false`; the product needs it, so see first who keeps a session in one place";
const OWN_CLAIMS: &str = "make claims of your own for these volumes, and write `storage.type: existingClaims` and their names";

/// What a field of an object of this kind is, for a workload.
pub fn field(kind: &str, path: &str, section: &str) -> Option<Field> {
    let of_app = section == "forguncy";
    Some(match (kind, path) {
        (_, "apiVersion" | "kind" | "metadata.name" | "metadata.labels.app" | "status") => Known,
        (_, "metadata.namespace") => Field::Namespace("leave it out: pass `-n NAMESPACE` to Helm"),
        ("Service", "metadata.annotations") => Carry("*.service.annotations"),
        ("PersistentVolume" | "PersistentVolumeClaim", "metadata.annotations") => Say(
            "mount options go to `storage.mountOptions`, a class to `storage.storageClassName`; this chart keeps volumes and claims by an annotation of its own",
        ),
        (_, "metadata.labels") => {
            Say("write `global.commonLabels`, which every object gets, or `podLabels` for the pods")
        }
        (_, "metadata.annotations") => Say(
            "write `global.commonAnnotations`, which every object gets, or `podAnnotations` for the pods",
        ),
        ("Deployment", "spec.replicas") => Field::Pods,
        ("Deployment", "spec.selector.matchLabels.app" | "spec.template.metadata.labels.app") => {
            Selector
        }
        ("Deployment", "spec.selector") => Say(
            "a Deployment's selector never changes: delete this one before the upgrade, docs/migrate.md, step 5",
        ),
        ("Deployment", "spec.template.metadata.labels") => Carry("*.podLabels"),
        ("Deployment", "spec.template.metadata.annotations") => Carry("*.podAnnotations"),
        ("Deployment", "spec.template.metadata.name") => Known,
        ("Deployment", "spec.strategy") if of_app => Carry("forguncy.strategy"),
        ("Deployment", "spec.strategy") => Known,
        ("Deployment", "spec.template.spec") => Pod,
        ("Service", "spec.type") if of_app => Carry("forguncy.service.type"),
        ("Service", "spec.type") => {
            Field::Is(&["NodePort", "ClusterIP"], "write `service.type` of this section")
        }
        ("Service", "spec.selector.app") => Selector,
        ("Service", "spec.ports[].port") => Carry("*.service.port"),
        ("Service", "spec.ports[].nodePort") if of_app => Carry("forguncy.service.nodePort"),
        ("Service", "spec.ports[].nodePort") => Say(
            "nothing outside of the cluster reaches it here; if something must, write `service.type: NodePort` and `service.nodePort` in this section",
        ),
        ("Service", "spec.ports[].name" | "spec.ports[].targetPort") => Known,
        ("Service", "spec.ports[].protocol") => Field::Is(&["TCP"], NO_KEY),
        ("Service", "spec.sessionAffinity") if of_app => Field::Is(&["ClientIP"], NO_AFFINITY),
        ("Service", "spec.sessionAffinity") => Known,
        ("Service", "spec.sessionAffinityConfig.clientIP.timeoutSeconds") if of_app => {
            Carry("forguncy.service.sessionAffinity.timeoutSeconds")
        }
        ("Service", "spec.externalTrafficPolicy") if of_app => {
            Carry("forguncy.service.externalTrafficPolicy")
        }
        ("Service", "spec.loadBalancerClass") if of_app => {
            Carry("forguncy.service.loadBalancerClass")
        }
        ("Service", "spec.loadBalancerSourceRanges") if of_app => {
            Carry("forguncy.service.loadBalancerSourceRanges")
        }
        ("PersistentVolume", "spec.capacity.storage") => Field::Size,
        ("PersistentVolumeClaim", "spec.resources.requests.storage") => Field::Size,
        ("PersistentVolume", "spec.nfs.server") => Field::Server,
        ("PersistentVolume", "spec.nfs.path") => Field::Path,
        ("PersistentVolume", "spec.nfs.readOnly") => {
            Field::Is(&["false"], "the shares are always written to")
        }
        ("PersistentVolume", "spec.mountOptions") => Carry("storage.mountOptions"),
        ("PersistentVolume" | "PersistentVolumeClaim", "spec.accessModes[]") => Field::Is(
            &["ReadWriteMany"],
            "the shares are always ReadWriteMany here, as several pods need: see that the server allows it",
        ),
        ("PersistentVolume", "spec.persistentVolumeReclaimPolicy") => Field::Is(
            &["Retain"],
            "the volumes are kept here; change this one in the cluster before the upgrade, or its data goes with its claim: docs/migrate.md, step 3",
        ),
        ("PersistentVolume" | "PersistentVolumeClaim", "spec.volumeMode") => {
            Field::Is(&["Filesystem"], NO_KEY)
        }
        ("PersistentVolume", "spec.claimRef.namespace") => Field::Namespace(
            "the volumes are for claims of the release here: pass `-n NAMESPACE` to Helm",
        ),
        (
            "PersistentVolume",
            "spec.storageClassName"
            | "spec.claimRef.apiVersion"
            | "spec.claimRef.kind"
            | "spec.claimRef.name",
        ) => Known,
        ("PersistentVolume", "spec.hostPath") => {
            Say("write `storage.type: hostPath` and the path in `storage.root`")
        }
        ("PersistentVolume", "spec") => Say(OWN_CLAIMS),
        ("PersistentVolumeClaim", "spec.storageClassName" | "spec.volumeName") => Known,
        ("PersistentVolumeClaim", "spec.selector") => Say(OWN_CLAIMS),
        ("pod", "restartPolicy") => Field::Is(&["Always"], NO_KEY),
        ("pod", "dnsPolicy") => Field::Is(&["ClusterFirst"], NO_KEY),
        ("pod", "nodeSelector") => Carry("*.nodeSelector"),
        ("pod", "tolerations") => Carry("*.tolerations"),
        ("pod", "affinity") => Carry("*.affinity"),
        ("pod", "topologySpreadConstraints") => Carry("*.topologySpreadConstraints"),
        ("pod", "priorityClassName") => Carry("*.priorityClassName"),
        ("pod", "terminationGracePeriodSeconds") => Carry("*.terminationGracePeriodSeconds"),
        ("pod", "securityContext") => Carry("*.podSecurityContext"),
        ("pod", "imagePullSecrets") => Join("global.imagePullSecrets"),
        ("pod", "hostAliases") if of_app => Carry("forguncy.hostAliases"),
        ("pod", "initContainers") if of_app => Carry("forguncy.initContainers"),
        ("pod", "serviceAccountName" | "serviceAccount") => {
            Say("write `serviceAccount.name`, and `serviceAccount.create: false` if it is yours")
        }
        ("container", "name" | "ports[].name") => Known,
        ("container", "terminationMessagePath") => Field::Is(&["/dev/termination-log"], NO_KEY),
        ("container", "terminationMessagePolicy") => Field::Is(&["File"], NO_KEY),
        ("container", "ports[].containerPort") if of_app => Carry("forguncy.containerPort"),
        ("container", "ports[].containerPort") => Known,
        ("container", "ports[].protocol") => Field::Is(&["TCP"], NO_KEY),
        ("container", "imagePullPolicy") => Carry("*.image.pullPolicy"),
        ("container", "resources") => Carry("*.resources"),
        ("container", "securityContext") => Carry("*.securityContext"),
        ("container", "startupProbe") => Carry("*.probes.startup"),
        ("container", "readinessProbe") => Carry("*.probes.readiness"),
        ("container", "livenessProbe") => Carry("*.probes.liveness"),
        ("container", "envFrom") => Carry("*.extraEnvFrom"),
        _ => return None,
    })
}

/// Fields that mean something where they are missing, and what to do then.
pub fn expected(kind: &str, section: &str) -> &'static [(&'static str, &'static str)] {
    match (kind, section) {
        ("Service", "forguncy") => &[
            ("spec.ports", "see which port it is to have, and write `forguncy.service.port`"),
            ("spec.selector", NO_SELECTOR),
            (
                "spec.type",
                "Kubernetes takes `ClusterIP` then: write that in `forguncy.service.type` if it is meant",
            ),
            ("spec.sessionAffinity", NO_AFFINITY),
        ],
        ("Service", _) => &[
            ("spec.selector", NO_SELECTOR),
            (
                "spec.ports",
                "see which port it is to have, and write `service.port` of this section",
            ),
        ],
        ("Deployment", _) => {
            &[("spec.template.spec.containers", "compare it with the vendor's by hand")]
        }
        _ => &[],
    }
}

/// What to do about a field that nothing is known of.
pub fn unknown() -> &'static str {
    NO_KEY
}

/// What to do about an object that the vendor's chart does not have.
pub fn object_help(kind: &str) -> &'static str {
    match kind {
        "Ingress" => {
            "write `ingress.enabled: true`, `ingress.hosts` and what else it has in `ingress`"
        }
        "HTTPRoute" | "Gateway" => {
            "write `gateway.enabled: true`, `gateway.parentRefs` and `gateway.hostnames`"
        }
        "HorizontalPodAutoscaler" => {
            "write `forguncy.scaling.mode: auto`, `minReplicas`, `maxReplicas` and the targets in `forguncy.scaling`"
        }
        "PodDisruptionBudget" => "write `forguncy.podDisruptionBudget.enabled: true`",
        "NetworkPolicy" => "write `networkPolicy.enabled: true` and `networkPolicy.allowFrom`",
        "ServiceAccount" => {
            "write `serviceAccount.create: true` and its name in `serviceAccount.name`"
        }
        "Secret" => {
            "keep it out of the values: make it with kubectl, and name it, `redis.auth.existingSecret` for redis"
        }
        "Deployment" | "Service" => {
            "if it is the vendor's, give it the vendor's name, as `{{ .Release.Name }}-forguncy-pod` or `-forguncy-service`, in a copy, and import that; otherwise write it, without `{{ }}`, into the list `extraObjects`"
        }
        "PersistentVolume" | "PersistentVolumeClaim" => {
            "if it is a share, write its `server` and `root` in `storage.shares`; otherwise write it, without `{{ }}`, into the list `extraObjects`"
        }
        _ => "write the object, without `{{ }}`, into the list `extraObjects`",
    }
}

#[cfg(test)]
mod tests {
    use super::{Field, field};
    use crate::schema::{load, of_key};

    #[test]
    fn every_key_that_something_is_carried_to_is_there() {
        let schema = load();
        let text = include_str!("field.rs");
        let mut keys = 0;
        for rest in text.split("Carry(\"").skip(1) {
            let key = rest.split('"').next().unwrap_or_default();
            if key.contains(|c: char| !c.is_ascii_alphanumeric() && !"*.".contains(c)) {
                continue;
            }
            keys += 1;
            for section in ["forguncy", "redis", "influx"] {
                let key = key.replace('*', section);
                assert!(of_key(&key, &schema).is_some(), "{key}");
            }
        }
        assert!(keys > 20, "{keys}");
    }

    #[test]
    fn only_the_application_has_a_node_port() {
        let port = "spec.ports[].nodePort";
        assert!(matches!(field("Service", port, "forguncy"), Some(Field::Carry(_))));
        assert!(matches!(field("Service", port, "redis"), Some(Field::Say(_))));
        assert_eq!(field("Deployment", "spec.paused", "redis"), None);
    }
}
