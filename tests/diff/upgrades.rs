//! Every pair of supported configurations: `diff` names every change that Kubernetes refuses, and nothing else.
//!
//! What is refused is stated here once more, as a plain list, and found by comparing whole subtrees of the rendered objects.

use std::collections::{BTreeMap, BTreeSet};

use hzgchart::diff::compare;
use hzgchart::diff::consequence::Effect;
use hzgchart::diff::side::Side;
use hzgchart::load::{Layer, load};
use hzgchart::manifest::collect;
use hzgchart::release::Release;
use hzgchart::templates::render;
use serde_json::Value as Json;

use crate::harness::presets;

/// The subtrees that an API server does not let change, by kind. A kind that configurations make must be here, even if everything
/// of it can change.
const IMMUTABLE: &[(&str, &[&str])] = &[
    ("ConfigMap", &[]),
    ("Deployment", &["/spec/selector"]),
    ("HTTPRoute", &[]),
    ("HorizontalPodAutoscaler", &[]),
    ("Ingress", &[]),
    ("NetworkPolicy", &[]),
    (
        "PersistentVolume",
        &[
            "/spec/nfs",
            "/spec/hostPath",
            "/spec/csi",
            "/spec/local",
            "/spec/volumeMode",
            "/spec/nodeAffinity",
        ],
    ),
    (
        "PersistentVolumeClaim",
        &[
            "/spec/accessModes",
            "/spec/dataSource",
            "/spec/selector",
            "/spec/storageClassName",
            "/spec/volumeMode",
            "/spec/volumeName",
        ],
    ),
    ("Pod", &[]), // a hook: Helm makes it anew each time
    ("PodDisruptionBudget", &[]),
    ("Secret", &["/type"]),
    ("Service", &["/spec/clusterIP", "/spec/clusterIPs", "/spec/loadBalancerClass"]),
    ("ServiceAccount", &[]),
    ("ServiceMonitor", &[]),
];

/// The size of a claim, which has rules of its own.
const SIZE: &str = "/spec/resources/requests/storage";

/// The strategy, which releases of Helm 4 cannot change to `Recreate`.
const STRATEGY: &str = "/spec/strategy/type";

/// Values of storage, of scaling, and of everything else, one each for a configuration.
const STORAGE: [&str; 7] = [
    "storage: {type: nfs, server: 10.0.0.5}",
    "storage: {type: nfs, server: 10.0.0.6, mountOptions: [nfsvers=4.1]}",
    "storage: {type: nfs, server: 10.0.0.5, shares: {logs: {size: 200Gi, server: 10.0.0.7}, sites: {size: 50Gi}}}",
    "storage: {type: hostPath, root: /srv/forguncy, sharedMount: true}",
    "storage: {type: storageClass, storageClassName: fast}",
    "storage: {type: storageClass, storageClassName: slow, shares: {logs: {size: 200Gi}}}",
    "storage: {type: existingClaims, shares: {attach: {existingClaim: a}, logs: {existingClaim: b}, restore: {existingClaim: c}, sites: {existingClaim: d}, sitesBin: {existingClaim: e}}}",
];
const SCALING: [&str; 3] = [
    "forguncy: {scaling: {mode: manual}}",
    "forguncy: {scaling: {mode: fixed, replicas: 1}, strategy: {type: Recreate, rollingUpdate: null}}",
    "forguncy: {scaling: {mode: auto, minReplicas: 1, maxReplicas: 1}, image: {tag: 10.0.104.0}, service: {type: LoadBalancer}}",
];
const REST: [&str; 2] = [
    "redis: {auth: {enabled: true, password: x}}\ningress: {enabled: true, hosts: [a.example.com]}\n",
    "redis: {persistence: {enabled: true, existingClaim: r}}\ninflux: {enabled: false}\nnetworkPolicy: {enabled: true}\nserviceAccount: {create: false}\n",
];

/// A configuration: what `diff` sees of it, and its objects as plain JSON.
struct Configuration {
    side: Side,
    objects: BTreeMap<String, Json>,
}

fn configuration(name: &str, layers: &[Layer]) -> Configuration {
    let loaded = load(layers, &mut |path| panic!("{path} is not read"))
        .unwrap_or_else(|e| panic!("{name}: {e}"));
    let release = Release { name: "shop".to_owned(), namespace: "prod".to_owned() };
    let rendered = render(&loaded.tree, &release).unwrap_or_else(|e| panic!("{name}: {e}"));
    let objects = collect(&rendered)
        .expect("templates hold objects")
        .iter()
        .map(|manifest| manifest.object().expect("templates print YAML"))
        .map(|json| (format!("{}/{}", text(&json, "/kind"), text(&json, "/metadata/name")), json))
        .collect();
    let side =
        Side::of_values(name, "prod", loaded, rendered).expect("the objects can be told apart");
    Configuration { side, objects }
}

fn configurations() -> Vec<Configuration> {
    let file = |text: &str| Layer::File("values.yaml".to_owned(), text.as_bytes().to_vec());
    let server = file("storage: {server: 10.0.0.9, storageClassName: fast}");
    let mut all: Vec<Configuration> = presets()
        .iter()
        .map(|preset| configuration(preset, &[server.clone(), Layer::Preset(preset.clone())]))
        .collect();
    for (i, storage) in STORAGE.iter().enumerate() {
        for (j, scaling) in SCALING.iter().enumerate() {
            let rest = REST[(i + j) % REST.len()];
            let name = format!("{storage} {scaling} {rest}");
            all.push(configuration(&name, &[file(storage), file(scaling), file(rest)]));
        }
    }
    all
}

fn text<'a>(json: &'a Json, pointer: &str) -> &'a str {
    json.pointer(pointer).and_then(Json::as_str).unwrap_or_default()
}

/// What is refused between two states of an object, by brute force.
fn refused(kind: &str, old: &Json, new: &Json, found: &mut impl FnMut(&str, Effect)) {
    let (_, pointers) = IMMUTABLE.iter().find(|(known, _)| *known == kind).unwrap_or_else(|| {
        panic!(
            "{kind} is new: state what cannot change of it, here and in src/diff/immutable/rules.rs"
        )
    });
    for pointer in *pointers {
        let (old, new) = (old.pointer(pointer), new.pointer(pointer));
        let settles = kind == "PersistentVolumeClaim" && old.is_none();
        if old != new {
            found(pointer, if settles { Effect::MayBeRefused } else { Effect::Refused });
        }
    }
    if kind == "Deployment"
        && text(new, STRATEGY) == "Recreate"
        && text(old, STRATEGY) != "Recreate"
    {
        found(STRATEGY, Effect::MayBeRefused);
    }
    if kind == "PersistentVolumeClaim" {
        let gibibytes = |json| -> u32 {
            text(json, SIZE)
                .strip_suffix("Gi")
                .and_then(|n| n.parse().ok())
                .expect("sizes are in Gi")
        };
        let is_dynamic = !text(new, "/spec/storageClassName").is_empty();
        match gibibytes(new).cmp(&gibibytes(old)) {
            std::cmp::Ordering::Equal => {}
            std::cmp::Ordering::Greater if is_dynamic => found(SIZE, Effect::MayBeRefused),
            _ => found(SIZE, Effect::Refused),
        }
    }
}

#[test]
fn diff_names_every_change_that_is_refused_and_nothing_else() {
    let configurations = configurations();
    let (mut pairs, mut total) = (0, 0);
    for old in &configurations {
        for new in &configurations {
            let mut expected = BTreeSet::new();
            let mut restarts = BTreeSet::new();
            for (name, before) in &old.objects {
                let Some(after) = new.objects.get(name) else { continue };
                let kind = text(before, "/kind");
                refused(kind, before, after, &mut |pointer, effect| {
                    expected.insert((name.clone(), pointer.to_owned(), effect));
                });
                if kind == "Deployment"
                    && before.pointer("/spec/template") != after.pointer("/spec/template")
                {
                    restarts.insert(name.clone());
                }
            }

            let diff = compare(&old.side, &new.side);
            let mut named = BTreeSet::new();
            let mut restarted = BTreeSet::new();
            for object in &diff.objects {
                let name = format!("{}/{}", object.identity.kind, object.identity.name);
                for change in &object.changes {
                    let path = format!("/{}", change.field.path.to_string().replace('.', "/"));
                    for consequence in &change.consequences {
                        match consequence.effect {
                            effect @ (Effect::Refused | Effect::MayBeRefused) => {
                                let (_, pointers) = IMMUTABLE
                                    .iter()
                                    .find(|(kind, _)| *kind == object.identity.kind)
                                    .expect("known by now");
                                let within = |pointer: &&str| path.starts_with(*pointer);
                                let pointer =
                                    pointers.iter().chain(&[SIZE, STRATEGY]).copied().find(within);
                                let pointer = pointer
                                    .unwrap_or_else(|| panic!("{name} {path}: said to be refused"));
                                named.insert((name.clone(), pointer.to_owned(), effect));
                            }
                            Effect::Restart => {
                                restarted.insert(name.clone());
                            }
                            _ => {}
                        }
                    }
                }
            }
            assert_eq!(named, expected, "from {} to {}", old.side.name, new.side.name);
            assert_eq!(restarted, restarts, "from {} to {}", old.side.name, new.side.name);
            pairs += 1;
            total += expected.len();
        }
    }
    assert!(
        pairs >= 400 && total >= 1000,
        "{pairs} pairs with {total} refused changes are too few to tell"
    );
    println!("{pairs} pairs, {total} changes that Kubernetes refuses, or may refuse");
}

#[test]
fn no_configuration_differs_from_itself() {
    for configuration in &configurations() {
        let diff = compare(&configuration.side, &configuration.side);
        assert!(diff.objects.is_empty() && diff.notes.is_empty(), "{}", configuration.side.name);
        assert_eq!(diff.unchanged, configuration.objects.len());
    }
}

#[test]
fn the_way_back_undoes_the_way_there() {
    let configurations = configurations();
    for (old, new) in configurations.iter().zip(configurations.iter().skip(1)) {
        let (there, back) = (compare(&old.side, &new.side), compare(&new.side, &old.side));
        assert_eq!(
            (there.count("created"), there.count("removed")),
            (back.count("removed"), back.count("created"))
        );
        assert_eq!(
            (there.count("changed"), there.unchanged),
            (back.count("changed"), back.unchanged)
        );
    }
}
