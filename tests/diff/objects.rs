//! Pairs of manifests: kinds that our templates do not make, but that stand in `extraObjects` or in other charts.

use serde_json::{Value as Json, json};

use super::{diff, folder};

/// The effects of all changes between two objects, with their fields.
fn effects(old: &Json, new: &Json) -> Vec<String> {
    let folder = folder(&[("a.json", &old.to_string()), ("b.json", &new.to_string())]);
    let finished = diff(&folder, &["a.json", "b.json", "--format", "json"]).success();
    let report: Json = serde_json::from_str(&finished).expect("it is JSON");
    let list = |json: &Json| json.as_array().cloned().unwrap_or_default();
    let mut found = Vec::new();
    for object in list(&report["objects"]) {
        for change in list(&object["changes"]) {
            let effects: Vec<String> = list(&change["consequences"])
                .iter()
                .map(|c| c["effect"].as_str().unwrap_or_default().to_owned())
                .collect();
            found.push(
                format!("{} {}", change["field"].as_str().unwrap_or_default(), effects.join("+"))
                    .trim()
                    .to_owned(),
            );
        }
    }
    found
}

/// What differs when one field of an object has one value, then another. Null is a field that is not there.
fn change(api: &str, kind: &str, object: &Json, field: &str, old: Json, new: Json) -> Vec<String> {
    let with = |value: Json| {
        let mut object = object.clone();
        object["apiVersion"] = json!(api);
        object["kind"] = json!(kind);
        object["metadata"]["name"] = json!("a");
        let mut at = &mut object;
        for key in field.split('.') {
            at = &mut at[key];
        }
        *at = value;
        object
    };
    effects(&with(old), &with(new))
}

#[test]
fn fields_that_never_change_are_refused() {
    let role = json!({"kind": "Role", "name": "a", "apiGroup": "rbac.authorization.k8s.io"});
    let other = json!({"kind": "Role", "name": "b", "apiGroup": "rbac.authorization.k8s.io"});
    for (api, kind, field, old, new, at) in [
        (
            "apps/v1",
            "Deployment",
            "spec.selector.matchLabels.app",
            json!("a"),
            json!("b"),
            "spec.selector.matchLabels.app",
        ),
        (
            "apps/v1",
            "DaemonSet",
            "spec.selector.matchLabels.app",
            json!("a"),
            json!("b"),
            "spec.selector.matchLabels.app",
        ),
        ("apps/v1", "StatefulSet", "spec.serviceName", json!("a"), json!("b"), "spec.serviceName"),
        (
            "apps/v1",
            "StatefulSet",
            "spec.podManagementPolicy",
            json!(null),
            json!("Parallel"),
            "spec.podManagementPolicy",
        ),
        (
            "batch/v1",
            "Job",
            "spec.template.spec.restartPolicy",
            json!("Never"),
            json!("OnFailure"),
            "spec.template.spec.restartPolicy",
        ),
        ("batch/v1", "Job", "spec.completions", json!(1), json!(2), "spec.completions"),
        ("v1", "Pod", "spec.nodeName", json!("a"), json!("b"), "spec.nodeName"),
        ("v1", "Service", "spec.clusterIP", json!("10.0.0.1"), json!("10.0.0.2"), "spec.clusterIP"),
        ("v1", "Service", "spec.clusterIP", json!(null), json!("None"), "spec.clusterIP"),
        ("v1", "Secret", "type", json!(null), json!("kubernetes.io/tls"), "type"),
        (
            "rbac.authorization.k8s.io/v1",
            "RoleBinding",
            "roleRef",
            role.clone(),
            other.clone(),
            "roleRef.name",
        ),
        (
            "rbac.authorization.k8s.io/v1",
            "ClusterRoleBinding",
            "roleRef",
            role,
            other,
            "roleRef.name",
        ),
        ("storage.k8s.io/v1", "StorageClass", "provisioner", json!("a"), json!("b"), "provisioner"),
        (
            "storage.k8s.io/v1",
            "StorageClass",
            "parameters.share",
            json!("a"),
            json!("b"),
            "parameters.share",
        ),
        (
            "storage.k8s.io/v1",
            "StorageClass",
            "reclaimPolicy",
            json!(null),
            json!("Retain"),
            "reclaimPolicy",
        ),
        (
            "storage.k8s.io/v1",
            "StorageClass",
            "volumeBindingMode",
            json!("Immediate"),
            json!("WaitForFirstConsumer"),
            "volumeBindingMode",
        ),
        (
            "networking.k8s.io/v1",
            "IngressClass",
            "spec.controller",
            json!("a.io/b"),
            json!("a.io/c"),
            "spec.controller",
        ),
        ("scheduling.k8s.io/v1", "PriorityClass", "value", json!(1), json!(2), "value"),
        (
            "v1",
            "PersistentVolume",
            "spec.csi.volumeHandle",
            json!("a"),
            json!("b"),
            "spec.csi.volumeHandle",
        ),
        (
            "v1",
            "PersistentVolume",
            "spec.nodeAffinity.required",
            json!({"a": 1}),
            json!({"a": 2}),
            "spec.nodeAffinity.required.a",
        ),
        (
            "v1",
            "PersistentVolumeClaim",
            "spec.accessModes",
            json!(["ReadWriteOnce"]),
            json!(["ReadWriteMany"]),
            "spec.accessModes[0]",
        ),
        (
            "v1",
            "PersistentVolumeClaim",
            "spec.volumeName",
            json!("a"),
            json!(null),
            "spec.volumeName",
        ),
    ] {
        assert_eq!(
            change(api, kind, &json!({}), field, old, new),
            [format!("{at} refused")],
            "{kind} {field}"
        );
    }
}

#[test]
fn defaults_and_what_can_change_are_not_refused() {
    for (api, kind, field, old, new) in [
        ("v1", "Secret", "type", json!(null), json!("Opaque")),
        ("v1", "Service", "spec.clusterIP", json!("10.0.0.1"), json!(null)),
        ("apps/v1", "StatefulSet", "spec.podManagementPolicy", json!(null), json!("OrderedReady")),
        ("apps/v1", "StatefulSet", "spec.minReadySeconds", json!(1), json!(2)),
        ("storage.k8s.io/v1", "StorageClass", "allowVolumeExpansion", json!(null), json!(true)),
        ("storage.k8s.io/v1", "StorageClass", "reclaimPolicy", json!("Delete"), json!(null)),
        (
            "policy/v1",
            "PodDisruptionBudget",
            "spec.selector.matchLabels.app",
            json!("a"),
            json!("b"),
        ),
        ("policy/v1", "PodDisruptionBudget", "spec.minAvailable", json!(1), json!(2)),
        ("v1", "PersistentVolume", "spec.hostPath.type", json!(null), json!("")),
        ("v1", "PersistentVolume", "spec.nfs.readOnly", json!(false), json!(null)),
        ("v1", "PersistentVolume", "spec.nodeAffinity", json!(null), json!({"required": {}})),
        ("v1", "PersistentVolume", "spec.capacity.storage", json!("1Gi"), json!("2Gi")),
        ("v1", "PersistentVolumeClaim", "spec.volumeMode", json!(null), json!("Filesystem")),
        ("v1", "ConfigMap", "data.a", json!("a"), json!("b")),
        ("batch/v1", "CronJob", "spec.schedule", json!("@daily"), json!("@hourly")),
        ("v1", "ServiceAccount", "automountServiceAccountToken", json!(true), json!(false)),
        ("example.com/v1", "Deployment", "spec.selector", json!("a"), json!("b")),
    ] {
        let found = change(api, kind, &json!({}), field, old, new);
        assert!(
            found.iter().all(|found| !found.contains("efused")) && found.len() == 1,
            "{kind} {field}: {found:?}"
        );
    }
}

#[test]
fn what_depends_on_the_cluster_may_be_refused() {
    let class = json!({"spec": {"storageClassName": "fast"}});
    let size = "spec.resources.requests.storage";
    let of = |object: &Json, old: &str, new: &str| {
        change("v1", "PersistentVolumeClaim", object, size, json!(old), json!(new))
    };
    assert_eq!(of(&class, "1Gi", "2Gi"), [format!("{size} mayBeRefused")]);
    assert_eq!(of(&json!({}), "1Gi", "2Gi"), [format!("{size} mayBeRefused")]);
    assert_eq!(
        of(&json!({"spec": {"storageClassName": ""}}), "1Gi", "2Gi"),
        [format!("{size} refused")]
    );
    assert_eq!(of(&class, "2Gi", "1Gi"), [format!("{size} refused")]);
    assert_eq!(of(&class, "1Gi", "1024Mi"), [size]);
    let claim = |field: &str| {
        change("v1", "PersistentVolumeClaim", &json!({}), field, json!(null), json!("a"))
    };
    assert_eq!(claim("spec.volumeName"), ["spec.volumeName mayBeRefused"]);
    assert_eq!(claim("spec.storageClassName"), ["spec.storageClassName mayBeRefused"]);
}

#[test]
fn what_was_made_immutable_is_refused() {
    for kind in ["Secret", "ConfigMap"] {
        let frozen = json!({"immutable": true});
        let found = change("v1", kind, &frozen, "data.a", json!("YQ=="), json!("Yg=="));
        assert!(found[0].starts_with("data.a refused"), "{kind} {found:?}");
        let found = change("v1", kind, &json!({}), "immutable", json!(true), json!(null));
        assert_eq!(found, ["immutable refused"], "{kind}");
        let found = change("v1", kind, &json!({}), "immutable", json!(null), json!(true));
        assert_eq!(found, ["immutable"], "{kind}");
    }
}

#[test]
fn pods_of_each_kind_restart_in_their_way() {
    let image = "spec.template.spec.hostname";
    for (kind, object, effect) in [
        ("Deployment", json!({}), "restart"),
        ("Deployment", json!({"spec": {"strategy": {"type": "Recreate"}}}), "restart"),
        ("StatefulSet", json!({}), "restart"),
        ("StatefulSet", json!({"spec": {"updateStrategy": {"type": "OnDelete"}}}), "note"),
        ("DaemonSet", json!({}), "restart"),
    ] {
        let found = change("apps/v1", kind, &object, image, json!("a"), json!("b"));
        assert_eq!(found, [format!("{image} {effect}")], "{kind} {object}");
    }
    let found = change(
        "batch/v1",
        "CronJob",
        &json!({}),
        "spec.jobTemplate.spec.template.spec.hostname",
        json!("a"),
        json!("b"),
    );
    assert_eq!(found, ["spec.jobTemplate.spec.template.spec.hostname"]);
}

#[test]
fn hooks_have_no_consequences_and_no_meaning_where_none_can_be() {
    let hook = |image: &str| {
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "t", "annotations": {"helm.sh/hook": "test"}},
        "spec": {"containers": [{"name": "a", "image": "x", "command": [image]}]}})
    };
    assert_eq!(effects(&hook("a"), &hook("b")), ["spec.containers[name=a].command[0]"]);
    let other = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}});
    let both = json!({"apiVersion": "v1", "kind": "List", "items": [other, hook("a")]});
    let folder = folder(&[("a.json", &other.to_string()), ("b.json", &both.to_string())]);
    let finished = diff(&folder, &["a.json", "b.json", "--exit-code"]);
    assert_eq!(
        (finished.code, finished.stdout.as_str()),
        (Some(0), "no differences in 1 object\n")
    );
}

#[test]
fn what_a_cluster_writes_itself_is_no_difference() {
    let live = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "default", "uid": "x", "resourceVersion": "1",
        "generation": 1, "creationTimestamp": "2026-01-01T00:00:00Z", "managedFields": []}, "status": {"a": 1}});
    let plain =
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "labels": null}});
    assert_eq!(effects(&live, &plain), Vec::<String>::new());
}

#[test]
fn what_stands_beside_a_secret_tells_that_it_is_one() {
    let pods = |container: Json| {
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"},
        "spec": {"template": {"spec": {"containers": [container]}}}})
    };
    let of = |secret: &str| {
        [
            pods(json!({"name": "a", "args": ["--requirepass", secret]})),
            pods(json!({"name": "a", "args": [format!("--requirepass={secret}")]})),
            pods(json!({"name": "a", "env": [{"name": "DB_PASSWORD", "value": secret}]})),
            pods(
                json!({"name": "a", "env": [{"name": "TOKEN", "value": "x"}, {"name": "TOKEN", "value": secret}]}),
            ),
            pods(
                json!({"name": "a", "env": [{"name": "URL", "value": format!("redis://:{secret}@host")}]}),
            ),
            json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, "stringData": {"a": secret}}),
            json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"a.conf": format!("x=1\npassword={secret}\n")}}),
            json!({"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "a"}, "spec": {"credentials": {"a": [secret]}}}),
        ]
    };
    for (old, new) in of("geheim1").iter().zip(&of("geheim2")) {
        let folder = folder(&[("a.json", &old.to_string()), ("b.json", &new.to_string())]);
        for format in ["text", "json", "unified"] {
            let finished = diff(&folder, &["a.json", "b.json", "--format", format, "--exit-code"]);
            assert_eq!(finished.code, Some(1), "{finished:?}");
            assert!(!finished.stdout.contains("geheim"), "{}", finished.stdout);
            assert!(!finished.stdout.trim().is_empty(), "{new}");
        }
    }
}
