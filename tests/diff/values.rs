//! Pairs of values, each named after the one change that it makes.

use super::{diff, folder, without_unchanged};

/// A release that all pairs begin with.
const BASE: &str = "storage.type=nfs,storage.server=10.0.0.5,tests.enabled=false";

/// Name, values before, values after.
const PAIRS: &[(&str, &str, &str)] = &[
    ("nothing", "forguncy: {containerPort: 80}", "{}"),
    ("image_tag", "{}", "forguncy: {image: {tag: 10.0.104.0}}"),
    ("server_of_all_shares", "{}", "storage: {shares: {attach: {server: 10.0.0.6}}}"),
    ("directory_of_a_share", "{}", "storage: {shares: {logs: {directory: Logs}}}"),
    ("size_of_a_share_grows", "{}", "storage: {shares: {logs: {size: 200Gi}}}"),
    ("size_of_a_share_shrinks", "{}", "storage: {shares: {logs: {size: 50Gi}}}"),
    ("size_written_in_another_unit", "{}", "storage: {shares: {logs: {size: 102400Mi}}}"),
    ("mount_options", "{}", "storage: {mountOptions: [nfsvers=4.1]}"),
    ("volumes_are_deleted_with_their_claims", "{}", "storage: {reclaimPolicy: Delete}"),
    ("volumes_go_with_the_release", "{}", "storage: {keepOnUninstall: false}"),
    ("volumes_are_kept_from_now_on", "storage: {keepOnUninstall: false}", "{}"),
    ("share_on_a_claim_of_ones_own", "{}", "storage: {shares: {sites: {existingClaim: sites}}}"),
    (
        "share_that_was_not_kept",
        "storage: {keepOnUninstall: false}",
        "storage: {keepOnUninstall: false, shares: {sites: {existingClaim: sites}}}",
    ),
    ("redis_persistence", "{}", "redis: {persistence: {enabled: true}}"),
    ("redis_persistence_off", "redis: {persistence: {enabled: true}}", "{}"),
    ("redis_off", "{}", "redis: {enabled: false}"),
    (
        "redis_password",
        "redis: {auth: {enabled: true, password: geheim}}",
        "redis: {auth: {enabled: true, password: geheimer}}",
    ),
    ("redis_password_from_now_on", "{}", "redis: {auth: {enabled: true, password: geheim}}"),
    ("fixed_to_manual", "forguncy: {scaling: {mode: fixed, replicas: 3}}", "{}"),
    ("manual_to_fixed", "{}", "forguncy: {scaling: {mode: fixed, replicas: 3}}"),
    (
        "fixed_to_auto",
        "forguncy: {scaling: {mode: fixed, replicas: 3}}",
        "forguncy: {scaling: {mode: auto}}",
    ),
    ("auto_to_manual", "forguncy: {scaling: {mode: auto}}", "{}"),
    (
        "bounds_of_the_autoscaler",
        "forguncy: {scaling: {mode: auto}}",
        "forguncy: {scaling: {mode: auto, maxReplicas: 9}}",
    ),
    ("strategy_to_recreate", "{}", "forguncy: {strategy: {type: Recreate, rollingUpdate: null}}"),
    ("labels_of_all_objects", "{}", "global: {commonLabels: {team: web}}"),
    ("annotation_of_all_objects", "{}", "global: {commonAnnotations: {note: web}}"),
    (
        "variable_named_like_a_secret",
        "{}",
        "forguncy: {extraEnv: [{name: API_TOKEN, value: geheim}]}",
    ),
    (
        "order_of_variables",
        "forguncy: {extraEnv: [{name: A, value: a}, {name: B, value: b}]}",
        "forguncy: {extraEnv: [{name: B, value: b}, {name: A, value: a}]}",
    ),
    ("service_port", "{}", "forguncy: {service: {port: 8080}}"),
    (
        "node_port",
        "forguncy: {service: {nodePort: 32666}}",
        "forguncy: {service: {nodePort: 32667}}",
    ),
    ("node_port_to_load_balancer", "{}", "forguncy: {service: {type: LoadBalancer}}"),
    ("node_port_to_cluster_ip", "{}", "forguncy: {service: {type: ClusterIP}}"),
    (
        "host_of_the_ingress",
        "ingress: {enabled: true, hosts: [a.example.com, b.example.com]}",
        "ingress: {enabled: true, hosts: [a.example.com]}",
    ),
    ("network_policies", "{}", "networkPolicy: {enabled: true}"),
];

#[test]
fn every_pair_says_what_its_change_means() {
    for (name, old, new) in PAIRS {
        let folder = folder(&[("a.yaml", old), ("b.yaml", new)]);
        let finished = diff(&folder, &["a.yaml", "b.yaml", "--set", BASE]);
        assert_eq!(
            (finished.code, finished.stderr.as_str()),
            (Some(0), ""),
            "{name}: {finished:?}"
        );
        assert!(!finished.stdout.contains("geheim"), "{name}: {}", finished.stdout);
        insta::assert_snapshot!(format!("diff_{name}"), without_unchanged(&finished.stdout));
    }
}

#[test]
fn names_of_pairs_are_told_apart() {
    let mut names: Vec<&str> = PAIRS.iter().map(|(name, ..)| *name).collect();
    names.sort_unstable();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
}

#[test]
fn storage_of_another_type_is_told_step_by_step() {
    let class = "storage: {type: storageClass, storageClassName: fast}\ntests: {enabled: false}\n";
    let folder = folder(&[
        ("nfs.yaml", "storage: {type: nfs, server: 10.0.0.5}\ntests: {enabled: false}\n"),
        ("host.yaml", "storage: {type: hostPath}\ntests: {enabled: false}\n"),
        ("class.yaml", class),
    ]);
    for (old, new) in [("nfs", "host"), ("nfs", "class"), ("class", "nfs")] {
        let files = [format!("{old}.yaml"), format!("{new}.yaml")];
        let finished = diff(&folder, &[&files[0], &files[1], "--name", "shop", "-n", "prod"]);
        insta::assert_snapshot!(
            format!("diff_storage_{old}_to_{new}"),
            without_unchanged(&finished.success())
        );
    }
}
