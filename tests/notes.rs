//! The notes that Helm prints after an install: what the operator does next, for every kind of entrance, storage and scaling, with
//! the release's own names and without a secret.

use tempfile::{TempDir, tempdir};

use crate::harness::helm::Helm;
use crate::harness::hzgchart::{Package, package};
use crate::harness::process::run;

const SECRET: &str = "correct-horse";

fn chart() -> (TempDir, Package) {
    let folder = tempdir().expect("the temporary folder is writable");
    let set = ["--set", "storage.server=10.0.0.5"].map(str::to_owned);
    let chart = package(folder.path(), &set).unwrap_or_else(|e| panic!("{e:?}"));
    (folder, chart)
}

fn notes(chart: &Package, set: &[&str]) -> String {
    // Helm 3 asks a cluster even for a dry run.
    let mut install = Helm::Four.command();
    install.args(["install", "shop", "--dry-run=client", "-n", "sales"]).arg(&chart.path);
    set.iter().for_each(|set| _ = install.args(["--set", set]));
    let printed = run(&mut install).success();
    let notes = printed.split_once("NOTES:\n").expect("the chart has notes").1.to_owned();
    assert!(!notes.contains(SECRET) && !notes.contains("{{"), "{notes}");
    // Lines that fit a terminal, or hold a command.
    let long = notes.lines().find(|line| line.len() > 160);
    assert_eq!(long, None);
    assert!(!notes.contains("\n\n\n"), "{notes}");
    notes
}

/// Settings, what their notes say, and what they do not.
const CASES: &[(&[&str], &[&str], &[&str])] = &[
    (
        &[],
        &[
            "rollout status deployment/shop-forguncy-pod",
            "-n sales get service shop-forguncy-service -o jsonpath",
            "shop-redis-service:6379",
            "without a password",
            "scale deployment shop-forguncy-pod",
            "The data of redis goes with its pod",
            "helm test shop -n sales --logs",
            "for volume in forguncy-attach forguncy-logs forguncy-restore forguncy-sites forguncy-sites-bin; do",
            "kubectl patch pv sales.shop.$volume --type json",
        ],
        &["EXTERNAL-IP", "https://"],
    ),
    (&["forguncy.service.nodePort=32666"], &["http://NODE:32666/UserService"], &["jsonpath"]),
    (
        &["forguncy.service.type=LoadBalancer,forguncy.service.port=8080"],
        &["http://EXTERNAL-IP:8080/UserService"],
        &["NODE"],
    ),
    (
        &["forguncy.service.type=ClusterIP"],
        &["port-forward service/shop-forguncy-service 8080:80"],
        &["NODE", "EXTERNAL-IP"],
    ),
    (
        &["ingress.enabled=true,ingress.hosts={a.example.com,b.example.com}"],
        &["     http://a.example.com/UserService/", "     http://b.example.com/UserService/"],
        &["https://", "ADDRESS"],
    ),
    (
        &["ingress.enabled=true,ingress.hosts={a.example.com},ingress.tls[0].secretName=s"],
        &["     https://a.example.com/UserService/"],
        &["http://a."],
    ),
    (&["ingress.enabled=true"], &["http://ADDRESS/", "that of the ingress controller"], &[]),
    (
        &["gateway.enabled=true,gateway.parentRefs[0].name=g,gateway.hostnames={a.example.com}"],
        &[
            "http://a.example.com/UserService/AdminPortal/     (https, if the Gateway's listener is)",
        ],
        &["ADDRESS"],
    ),
    (&["gateway.enabled=true,gateway.parentRefs[0].name=g"], &["that of the Gateway"], &[]),
    (
        &["forguncy.scaling.mode=fixed"],
        &["helm upgrade shop CHART -n sales --reuse-values --set forguncy.scaling.replicas=6"],
        &["kubectl -n sales scale"],
    ),
    (
        &["forguncy.scaling.mode=auto,forguncy.scaling.minReplicas=3"],
        &["the autoscaler keeps 3 to"],
        &["kubectl -n sales scale", "helm upgrade"],
    ),
    (
        &["redis.enabled=false,influx.enabled=false"],
        &["your own redis"],
        &["shop-redis-service", "The data of"],
    ),
    (
        &["redis.auth.enabled=true,redis.auth.password=correct-horse"],
        &["from the Secret shop-redis-auth, key redis-password"],
        &["without a password"],
    ),
    (
        &["redis.auth.enabled=true,redis.auth.existingSecret=own,redis.auth.existingSecretKey=k"],
        &["from the Secret own, key k"],
        &[],
    ),
    (
        &["redis.persistence.enabled=true,influx.persistence.enabled=true"],
        &["forguncy-sites-bin redis-data influx-data; do"],
        &["The data of"],
    ),
    (
        &[
            "redis.persistence.enabled=true,redis.persistence.storageClassName=gp3",
            "influx.persistence.enabled=true,influx.persistence.existingClaim=own",
            "storage.shares.logs.existingClaim=own-logs",
        ],
        &["in forguncy-attach forguncy-restore forguncy-sites forguncy-sites-bin; do"],
        &["redis-data", "influx-data"],
    ),
    (&["storage.type=storageClass,storage.storageClassName=efs"], &[], &["patch pv"]),
    (&["storage.type=hostPath"], &["patch pv sales.shop.$volume"], &[]),
    (&["storage.keepOnUninstall=false"], &[], &["helm uninstall"]),
    (&["tests.enabled=false"], &[], &["helm test"]),
];

#[test]
fn the_notes_fit_every_kind_of_installation() {
    let (_folder, chart) = chart();
    for (set, says, does_not_say) in CASES {
        let notes = notes(&chart, set);
        for text in *says {
            assert!(notes.contains(text), "{set:?}: no {text:?} in\n{notes}");
        }
        for text in *does_not_say {
            assert!(!notes.contains(text), "{set:?}: {text:?} in\n{notes}");
        }
    }
}

#[test]
fn the_notes_read_well_as_a_whole() {
    let (_folder, chart) = chart();
    insta::assert_snapshot!(
        "notes",
        notes(&chart, &["ingress.enabled=true,ingress.hosts={a.example.com}"])
    );
}
