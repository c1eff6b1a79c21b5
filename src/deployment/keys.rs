//! Which key of the values a field of one of the chart's objects comes from. It follows the templates.

use crate::finding::ObjectName;
use crate::release::Release;

/// The key that a field of one of the chart's objects comes from.
pub(super) fn key_of(object: &ObjectName, field: &str, release: &Release) -> Option<String> {
    let name = object.name.as_str();
    let below = |name: &'_ str| name.strip_prefix(&format!("{}-", release.name)).map(str::to_owned);
    Some(match object.kind.as_str() {
        "Deployment" => of_deployment(below(name)?.strip_suffix("-pod")?, field)?,
        "Service" => of_service(below(name)?.strip_suffix("-service")?, field),
        "PersistentVolumeClaim" => of_volume(&below(name)?, field)?,
        "PersistentVolume" => {
            let prefix = format!("{}.{}.", release.namespace, release.name);
            of_volume(name.strip_prefix(&prefix)?, field)?
        }
        "HorizontalPodAutoscaler" => below_key("forguncy.scaling", "spec", field),
        "PodDisruptionBudget" => below_key("forguncy.podDisruptionBudget", "spec", field),
        "Ingress" => match field.strip_prefix("spec.tls") {
            Some(rest) => format!("ingress.tls{rest}"),
            None => "ingress".to_owned(),
        },
        "HTTPRoute" => below_key("gateway", "spec", field),
        "NetworkPolicy" => "networkPolicy.enabled".to_owned(),
        "ServiceAccount" => "serviceAccount".to_owned(),
        "Secret" => "redis.auth".to_owned(),
        _ => return None,
    })
}

/// `spec.behavior.x` of an object whose section has the same keys.
fn below_key(section: &str, prefix: &str, field: &str) -> String {
    const SAME: [&str; 6] =
        ["minReplicas", "maxReplicas", "behavior", "minAvailable", "parentRefs", "hostnames"];
    let rest = field.strip_prefix(prefix).unwrap_or_default();
    let own = rest.trim_start_matches('.').split(['.', '[']).next().unwrap_or_default();
    if SAME.contains(&own) { format!("{section}{rest}") } else { section.to_owned() }
}

/// The variables, volumes and mounts that the chart writes before the user's.
const OWN_VARIABLES: usize = 1;
const OWN_VOLUMES: usize = 5;

fn of_deployment(section: &str, field: &str) -> Option<String> {
    if let Some(rest) = field.strip_prefix("spec.strategy") {
        return Some(format!("{section}.strategy{rest}"));
    }
    if field == "spec.replicas" {
        return (section == "forguncy").then(|| format!("{section}.scaling.replicas"));
    }
    let Some(pod) = field.strip_prefix("spec.template.spec.") else {
        let labels = field.strip_prefix("spec.template.metadata.")?;
        let (kind, rest) = labels.split_at(labels.find('.').unwrap_or(labels.len()));
        let kind = match kind {
            "labels" => "podLabels",
            "annotations" => "podAnnotations",
            _ => return None,
        };
        return Some(format!("{section}.{kind}{rest}"));
    };
    if let Some(container) = pod.strip_prefix("containers[0].") {
        return of_container(section, container);
    }
    let (own, rest) = pod.split_at(pod.find(['.', '[']).unwrap_or(pod.len()));
    Some(match own {
        "volumes" => listed(section, "extraVolumes", rest, OWN_VOLUMES)?,
        "securityContext" => format!("{section}.podSecurityContext{rest}"),
        "imagePullSecrets" => format!("global.imagePullSecrets{rest}"),
        "serviceAccountName" => "serviceAccount.name".to_owned(),
        "automountServiceAccountToken" => "serviceAccount.automount".to_owned(),
        "initContainers"
        | "nodeSelector"
        | "tolerations"
        | "affinity"
        | "topologySpreadConstraints"
        | "priorityClassName"
        | "terminationGracePeriodSeconds" => format!("{section}.{own}{rest}"),
        _ => return None,
    })
}

fn of_container(section: &str, field: &str) -> Option<String> {
    let (own, rest) = field.split_at(field.find(['.', '[']).unwrap_or(field.len()));
    Some(match own {
        "env" => listed(section, "extraEnv", rest, OWN_VARIABLES)?,
        "volumeMounts" => listed(section, "extraVolumeMounts", rest, OWN_VOLUMES)?,
        "envFrom" => format!("{section}.extraEnvFrom{rest}"),
        "startupProbe" => format!("{section}.probes.startup{rest}"),
        "readinessProbe" => format!("{section}.probes.readiness{rest}"),
        "livenessProbe" => format!("{section}.probes.liveness{rest}"),
        "image" => format!("{section}.image"),
        "imagePullPolicy" => format!("{section}.image.pullPolicy"),
        "resources" | "securityContext" => format!("{section}.{own}{rest}"),
        "ports" => format!("{section}.containerPort"),
        _ => return None,
    })
}

/// The user's item of a list that begins with the chart's own. Only Forguncy's section has such lists.
fn listed(section: &str, list: &str, rest: &str, own: usize) -> Option<String> {
    let (index, rest) = rest.strip_prefix('[')?.split_once(']')?;
    let index = index.parse::<usize>().ok()?.checked_sub(own)?;
    (section == "forguncy").then(|| format!("{section}.{list}[{index}]{rest}"))
}

fn of_service(section: &str, field: &str) -> String {
    let last = field.rsplit('.').next().unwrap_or_default();
    match last {
        "nodePort" | "port" | "type" => format!("{section}.service.{last}"),
        _ => format!("{section}.service"),
    }
}

fn of_volume(name: &str, field: &str) -> Option<String> {
    let section = match name {
        "forguncy-attach" => "storage.shares.attach",
        "forguncy-logs" => "storage.shares.logs",
        "forguncy-restore" => "storage.shares.restore",
        "forguncy-sites" => "storage.shares.sites",
        "forguncy-sites-bin" => "storage.shares.sitesBin",
        "redis-data" => "redis.persistence",
        "influx-data" => "influx.persistence",
        _ => return None,
    };
    Some(match field {
        "spec.capacity.storage" | "spec.resources.requests.storage" => format!("{section}.size"),
        "spec.nfs.path" | "spec.hostPath.path" => format!("{section}.directory"),
        "spec.nfs.server" => format!("{section}.server"),
        "spec.storageClassName" => "storage.storageClassName".to_owned(),
        _ => section.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::key_of;
    use crate::finding::ObjectName;
    use crate::release::Release;

    fn key(kind: &str, name: &str, field: &str) -> String {
        let release = Release { name: "hzg".into(), namespace: "prod".into() };
        let object = ObjectName {
            kind: kind.into(),
            name: name.into(),
            namespace: release.namespace.clone(),
        };
        key_of(&object, field, &release).unwrap_or_default()
    }

    #[test]
    fn finds_the_key_that_a_field_comes_from() {
        let pod = |field: &str| {
            key("Deployment", "hzg-forguncy-pod", &format!("spec.template.spec.{field}"))
        };
        assert_eq!(pod("containers[0].env[1].name"), "forguncy.extraEnv[0].name");
        assert_eq!(pod("containers[0].env[0].name"), "");
        assert_eq!(
            pod("containers[0].volumeMounts[6].mountPath"),
            "forguncy.extraVolumeMounts[1].mountPath"
        );
        assert_eq!(pod("volumes[5]"), "forguncy.extraVolumes[0]");
        assert_eq!(pod("initContainers[2].image"), "forguncy.initContainers[2].image");
        assert_eq!(pod("securityContext.runAsUser"), "forguncy.podSecurityContext.runAsUser");
        assert_eq!(pod("containers[0].livenessProbe.httpGet"), "forguncy.probes.liveness.httpGet");
        let redis = |field: &str| key("Deployment", "hzg-redis-pod", field);
        assert_eq!(
            redis("spec.template.spec.affinity.nodeAffinity"),
            "redis.affinity.nodeAffinity"
        );
        assert_eq!(redis("spec.template.metadata.labels.tier"), "redis.podLabels.tier");
        assert_eq!(redis("spec.template.spec.volumes[5]"), "");
        assert_eq!(
            key("Service", "hzg-influx-service", "spec.ports[0].nodePort"),
            "influx.service.nodePort"
        );
        assert_eq!(
            key("PersistentVolume", "prod.hzg.forguncy-sites-bin", "spec.nfs.path"),
            "storage.shares.sitesBin.directory"
        );
        assert_eq!(
            key("PersistentVolumeClaim", "hzg-redis-data", "spec.volumeName"),
            "redis.persistence"
        );
        assert_eq!(
            key("HorizontalPodAutoscaler", "hzg-forguncy-hpa", "spec.behavior.scaleUp"),
            "forguncy.scaling.behavior.scaleUp"
        );
        assert_eq!(
            key("HorizontalPodAutoscaler", "hzg-forguncy-hpa", "spec.metrics[0]"),
            "forguncy.scaling"
        );
        assert_eq!(
            key("Ingress", "hzg-forguncy-ingress", "spec.tls[0].secretName"),
            "ingress.tls[0].secretName"
        );
        assert_eq!(key("ConfigMap", "hzg-x", "data"), "");
        assert_eq!(key("Service", "other-redis-service", "spec"), "");
    }
}
