//! What changes mean, on small manifests: data, users, and what is left out of a comparison.

use super::compare;
use super::consequence::Effect;
use super::side::Side;

/// The gravest effect of a change of a document, and the words for it.
fn effect(old: &str, new: &str) -> Option<(Effect, String)> {
    let side = |stream: &str| Side::of_manifests("a.yaml", "prod", stream.as_bytes()).unwrap();
    let (old, new) = (side(old), side(new));
    let diff = compare(&old, &new);
    let gravest =
        diff.objects.iter().flat_map(|object| object.all_consequences()).min_by_key(|c| c.effect);
    gravest.map(|consequence| (consequence.effect, consequence.why.clone()))
}

fn object(api: &str, kind: &str, rest: &str) -> String {
    format!("apiVersion: {api}\nkind: {kind}\nmetadata: {{name: a}}\n{rest}\n")
}

fn pods(volume: &str) -> String {
    object(
        "apps/v1",
        "Deployment",
        &format!("spec: {{template: {{spec: {{volumes: [{volume}]}}}}}}"),
    )
}

fn service(spec: &str) -> String {
    object("v1", "Service", &format!("spec: {{{spec}}}"))
}

/// Asserts an effect, and a part of its words.
#[track_caller]
fn says(old: &str, new: &str, expected: Effect, words: &str) {
    let (effect, why) = effect(old, new).unwrap_or_else(|| panic!("no consequence, not {words}"));
    assert!(effect == expected && why.contains(words), "{effect:?}: {why}");
}

#[test]
fn volumes_of_pods_that_change_leave_their_data_behind() {
    let (empty, claim) =
        ("{name: x, emptyDir: {}}", "{name: x, persistentVolumeClaim: {claimName: one}}");
    let other = "{name: x, persistentVolumeClaim: {claimName: two}}";
    says(&pods(empty), &pods(claim), Effect::Data, "what they held before is lost");
    says(&pods(claim), &pods(empty), Effect::Data, "stays in the claim `one`");
    says(&pods(claim), &pods(other), Effect::Data, "`two` instead of `one`");
    says(&pods(claim), &pods(""), Effect::Data, "no longer see the data");
    let host = |path: &str| pods(&format!("{{name: x, hostPath: {{path: {path}}}}}"));
    says(&host("/a"), &host("/b"), Effect::Data, "in another place");
}

#[test]
fn volumes_that_hold_no_data_of_their_own_only_restart_pods() {
    let map = |name: &str| pods(&format!("{{name: x, configMap: {{name: {name}}}}}"));
    says(&map("a"), &map("b"), Effect::Restart, "one after the other");
    let empty = |size: &str| pods(&format!("{{name: x, emptyDir: {{sizeLimit: {size}}}}}"));
    says(&empty("1Gi"), &empty("2Gi"), Effect::Restart, "one after the other");
}

#[test]
fn what_holds_data_and_goes_is_told() {
    let rest = object("v1", "ConfigMap", "");
    let with = |document: String| format!("{document}---\n{rest}");
    let claim = object("v1", "PersistentVolumeClaim", "");
    says(&with(claim.clone()), &rest, Effect::Data, "Helm deletes the claim");
    let kept =
        claim.replace("{name: a}", "{name: a, annotations: {helm.sh/resource-policy: keep}}");
    says(&with(kept.clone()), &rest, Effect::Note, "Helm keeps it");
    says(&kept, &claim, Effect::Data, "no longer keeps it");
    let volume = |policy: &str| {
        object(
            "v1",
            "PersistentVolume",
            &format!("spec: {{persistentVolumeReclaimPolicy: {policy}}}"),
        )
    };
    says(&with(volume("Delete")), &rest, Effect::Data, "its data goes with the claim");
    says(&with(volume("Retain")), &rest, Effect::Data, "the data stays where it is");
    says(&volume("Retain"), &volume("Delete"), Effect::Data, "the data goes with the claim");
    says(&volume("Delete"), &volume("Retain"), Effect::Note, "the data stays");
}

#[test]
fn ports_addresses_and_selectors_of_services_matter_to_users() {
    for (old, new, words) in [
        ("type: NodePort", "type: ClusterIP", "on the nodes is closed"),
        ("type: LoadBalancer", "type: NodePort", "given up"),
        ("type: ClusterIP", "type: ExternalName", "elsewhere"),
        ("ports: [{port: 80}]", "ports: [{port: 81}]", "port 80 is closed"),
        (
            "ports: [{port: 80, targetPort: a}]",
            "ports: [{port: 80, targetPort: b}]",
            "another port of the pods",
        ),
        ("selector: {app: a}", "selector: {app: b}", "other pods"),
        (
            "type: NodePort, ports: [{port: 80, nodePort: 30000}]",
            "type: NodePort, ports: [{port: 80, nodePort: 30001}]",
            "30001 now",
        ),
    ] {
        says(&service(old), &service(new), Effect::Outage, words);
    }
    for (old, new) in [
        ("type: ClusterIP", "type: NodePort"),
        ("type: NodePort", "type: LoadBalancer"),
        ("ports: [{port: 80}]", "ports: [{port: 80}, {port: 81}]"),
        (
            "type: NodePort, ports: [{port: 80, nodePort: 30000}]",
            "type: NodePort, ports: [{port: 80}]",
        ),
        ("sessionAffinity: None", "sessionAffinity: ClientIP"),
    ] {
        assert_eq!(effect(&service(old), &service(new)), None, "{old} {new}");
    }
}

#[test]
fn sessions_break_off_with_what_kept_them_at_one_pod() {
    says(
        &service("sessionAffinity: ClientIP"),
        &service("sessionAffinity: None"),
        Effect::Outage,
        "sessions break off",
    );
    says(&service("sessionAffinity: ClientIP"), &service(""), Effect::Outage, "sessions break off");
    let with = |kind: &str, annotations: &str| {
        let api = if kind == "Ingress" { "networking.k8s.io/v1" } else { "v1" };
        format!("apiVersion: {api}\nkind: {kind}\nmetadata: {{name: a{annotations}}}\n")
    };
    for (kind, annotation) in [
        ("Ingress", "nginx.ingress.kubernetes.io/affinity: cookie"),
        ("Service", "traefik.ingress.kubernetes.io/service.sticky.cookie: 'true'"),
        ("Service", "haproxy.org/cookie-persistence: hzg"),
    ] {
        let one = with(kind, &format!(", annotations: {{{annotation}}}"));
        let two = with(kind, &format!(", annotations: {{a: b, {annotation}}}"));
        let other = with(kind, ", annotations: {a: b}");
        says(&one, &with(kind, ""), Effect::Outage, "sessions break off");
        says(&two, &other, Effect::Outage, "sessions break off");
        assert_eq!(effect(&two, &one), None, "{kind} {annotation}");
        assert_eq!(effect(&other, &two), None, "{kind} {annotation}");
    }
}

#[test]
fn an_autoscaler_takes_over_when_it_comes() {
    let rest = object("v1", "ConfigMap", "");
    let scaler = object("autoscaling/v2", "HorizontalPodAutoscaler", "spec: {maxReplicas: 6}");
    says(&rest, &format!("{rest}---\n{scaler}"), Effect::Scaling, "decides on the number");
}

#[test]
fn hosts_and_policies_matter_to_users() {
    let ingress =
        |spec: &str| object("networking.k8s.io/v1", "Ingress", &format!("spec: {{{spec}}}"));
    let hosts = |hosts: &str| ingress(&format!("rules: [{hosts}]"));
    says(&hosts("{host: a}, {host: b}"), &hosts("{host: b}"), Effect::Outage, "no longer served");
    assert_eq!(effect(&hosts("{host: a}"), &hosts("{host: b}, {host: a}")), None);
    says(
        &ingress("ingressClassName: a"),
        &ingress("ingressClassName: b"),
        Effect::Outage,
        "another controller",
    );
    let rest = object("v1", "ConfigMap", "");
    let policy = object("networking.k8s.io/v1", "NetworkPolicy", "spec: {podSelector: {}}");
    says(&rest, &format!("{rest}---\n{policy}"), Effect::Outage, "are cut");
    says(&format!("{rest}---\n{policy}"), &rest, Effect::Note, "is allowed");
}

#[test]
fn amounts_that_are_the_same_restart_nothing() {
    let limits = |memory: &str| {
        object(
            "apps/v1",
            "Deployment",
            &format!(
                "spec: {{template: {{spec: {{containers: [{{name: a, resources: {{limits: {{memory: {memory}}}}}}}]}}}}}}"
            ),
        )
    };
    assert_eq!(effect(&limits("1Gi"), &limits("1024Mi")), None);
    says(&limits("1Gi"), &limits("2Gi"), Effect::Restart, "RollingUpdate");
}

#[test]
fn sessions_end_with_a_redis_that_has_no_volume() {
    let redis = |image: &str, volume: &str| {
        pods(volume)
            .replace("{name: a}", "{name: a, labels: {app.kubernetes.io/component: redis}}")
            .replace("volumes:", &format!("hostname: {image}, volumes:"))
    };
    says(&redis("a", ""), &redis("b", ""), Effect::Outage, "sessions end");
    let claim = "{name: x, persistentVolumeClaim: {claimName: one}}";
    says(&redis("a", claim), &redis("b", claim), Effect::Restart, "one after the other");
}

#[test]
fn a_number_that_comes_goes_or_changes_says_how_many_pods_there_will_be() {
    let pods = |spec: &str| object("apps/v1", "Deployment", &format!("spec: {{{spec}}}"));
    says(&pods("replicas: 3"), &pods(""), Effect::Scaling, "back to its default, 1 pod");
    says(&pods(""), &pods("replicas: 3"), Effect::Scaling, "3 pods, however many");
    says(&pods("replicas: 3"), &pods("replicas: 2"), Effect::Scaling, "2 pods");
    says(&pods("replicas: 3"), &pods("replicas: 0"), Effect::Outage, "its pods stop");
    says(&pods(""), &pods("replicas: 0"), Effect::Outage, "its pods stop");
}

#[test]
fn hostile_objects_are_compared_without_a_panic() {
    let strange = [
        object("apps/v1", "Deployment", "spec: []"),
        object(
            "apps/v1",
            "Deployment",
            "spec: {template: {spec: {volumes: {a: 1}, containers: [1, null, [x]]}}, strategy: 7, replicas: many}",
        ),
        object(
            "apps/v1",
            "Deployment",
            "spec: {template: {spec: {volumes: [{}, {name: 1}, {name: x, persistentVolumeClaim: 3}]}}}",
        ),
        object("apps/v1", "Deployment", "spec: null"),
    ];
    for old in &strange {
        for new in &strange {
            let _ = effect(old, new);
        }
    }
    for kind in ["Service", "PersistentVolume", "PersistentVolumeClaim", "Secret", "Pod"] {
        for rest in [
            "spec: 1",
            "spec: {clusterIP: [], ports: x, resources: {requests: {storage: []}}}",
            "data: x\nimmutable: y",
            "",
        ] {
            let _ = effect(
                &object("v1", kind, rest),
                &object("v1", kind, "spec: {clusterIP: a, resources: {requests: {storage: 1Gi}}}"),
            );
        }
    }
}
