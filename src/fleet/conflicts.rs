//! What entries take from each other: data in one directory, a port of the nodes, an address of the ingress controller. Each entry
//! is sound alone; together they are not.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value as Json;

use super::Entry;
use crate::finding::Finding;
use crate::ground::shares::made;
use crate::load::Loaded;
use crate::rules::{FLEET_ADDRESS_TAKEN, FLEET_DATA_SHARED, FLEET_NODE_PORT_TAKEN, Rule};
use crate::source::Location;
use crate::values::Values;
use crate::values::maps::YamlMap;
use crate::values::storage::StorageType;

/// Something that only one entry may have.
#[derive(Clone, Debug)]
pub struct Claim {
    rule: &'static Rule,
    /// What two entries do that both have it: `keep data in …`.
    what: String,
    /// The cluster that it is one thing in.
    cluster: String,
    /// The key that asks for it, and where it stands.
    key: &'static str,
    location: Option<Location>,
}

/// What an entry's values claim, on a cluster and in a namespace.
pub fn claims(loaded: &Loaded, cluster: &str, namespace: &str) -> Vec<Claim> {
    let values = &loaded.values;
    let mut claims = Vec::new();
    let mut claim = |rule: &'static Rule, key: &'static str, what: String| {
        let cluster = cluster.to_owned();
        claims.push(Claim { rule, what, cluster, key, location: place(loaded, key) });
    };
    let storage = &values.storage;
    let has_directories = matches!(storage.kind, StorageType::Nfs | StorageType::HostPath);
    for directory in made(values).into_iter().filter(|_| has_directories) {
        let what = match storage.kind {
            StorageType::HostPath => format!("keep data in `{}` on the nodes", directory.path()),
            _ => format!("keep data in `{}:{}`", directory.server, directory.path()),
        };
        claim(&FLEET_DATA_SHARED, "storage.root", what);
    }
    for (key, name) in existing_claims(values) {
        let what = format!("keep data in the claim `{name}` of the namespace `{namespace}`");
        claim(&FLEET_DATA_SHARED, key, what);
    }
    let ports = [
        (true, "forguncy.service.nodePort", values.forguncy.service.node_port),
        (values.redis.enabled, "redis.service.nodePort", values.redis.service.node_port),
        (values.influx.enabled, "influx.service.nodePort", values.influx.service.node_port),
    ];
    for (_, key, port) in ports.into_iter().filter(|(enabled, _, port)| *enabled && *port != 0) {
        claim(&FLEET_NODE_PORT_TAKEN, key, format!("want port {port} of the nodes"));
    }
    let ingress = &values.ingress;
    if ingress.enabled {
        let any = [String::new()];
        let hosts = if ingress.hosts.is_empty() { &any[..] } else { &ingress.hosts };
        for host in hosts {
            let host = if host.is_empty() { "any host, " } else { host };
            let class = match ingress.class_name.as_str() {
                "" => String::new(),
                class => format!(" (class {class})"),
            };
            // A slash at the end makes no other prefix.
            let path = match ingress.path.trim_end_matches('/') {
                "" => "/",
                path => path,
            };
            let what = format!("answer to `{host}{path}`{class}");
            claim(&FLEET_ADDRESS_TAKEN, "ingress.hosts", what);
        }
    }
    let gateway = &values.gateway;
    if gateway.enabled {
        let any = ["any host".to_owned()];
        let hosts = if gateway.hostnames.is_empty() { &any[..] } else { &gateway.hostnames };
        for parent in &gateway.parent_refs {
            let parent = attachment(parent, namespace);
            for host in hosts {
                let what = format!("answer to `{host}` at {parent}");
                claim(&FLEET_ADDRESS_TAKEN, "gateway.hostnames", what);
            }
        }
    }
    claims
}

/// The claims of others that volumes are in, and the keys that name them.
fn existing_claims(values: &Values) -> impl Iterator<Item = (&'static str, &str)> {
    let shares = &values.storage.shares;
    let redis = &values.redis.persistence;
    let influx = &values.influx.persistence;
    let all = [
        (true, "storage.shares.attach.existingClaim", &shares.attach.existing_claim),
        (true, "storage.shares.logs.existingClaim", &shares.logs.existing_claim),
        (true, "storage.shares.restore.existingClaim", &shares.restore.existing_claim),
        (true, "storage.shares.sites.existingClaim", &shares.sites.existing_claim),
        (true, "storage.shares.sitesBin.existingClaim", &shares.sites_bin.existing_claim),
        (
            values.redis.enabled && redis.enabled,
            "redis.persistence.existingClaim",
            &redis.existing_claim,
        ),
        (
            values.influx.enabled && influx.enabled,
            "influx.persistence.existingClaim",
            &influx.existing_claim,
        ),
    ];
    let used = all.into_iter().filter(|(is_used, _, name)| *is_used && !name.is_empty());
    used.map(|(_, key, name)| (key, name.as_str()))
}

/// What a route attaches to: `Gateway gw/public`. Without a namespace it is in the route's:
/// <https://gateway-api.sigs.k8s.io/reference/spec/#parentreference>.
fn attachment(parent: &YamlMap, namespace: &str) -> String {
    let text = |key: &str| parent.0.get(key).and_then(Json::as_str);
    let kind = text("kind").unwrap_or("Gateway");
    let namespace = text("namespace").unwrap_or(namespace);
    let mut told = format!("{kind} {namespace}/{}", text("name").unwrap_or_default());
    if let Some(section) = text("sectionName") {
        told += &format!(", listener {section}");
    }
    if let Some(port) = parent.0.get("port") {
        told += &format!(", port {port}");
    }
    told
}

/// Where a key stands, without its line, which is not kept for so long.
fn place(loaded: &Loaded, key: &str) -> Option<Location> {
    let path: Vec<&str> = key.split('.').collect();
    let origin = loaded.tree.at(&path)?.origin?;
    let source = loaded.sources.get(origin.source).name.to_string();
    Some(Location { source, line: loaded.sources.line(origin), column: origin.column, text: None })
}

/// The claims of the entries so far: a number that a claim is known by, and the place of who has it. There may be a hundred thousand.
#[derive(Debug, Default)]
pub struct Conflicts(HashMap<u64, u32>);

impl Conflicts {
    /// Adds the claims of the entry at a place. What another entry had claimed before is a finding, the first of each rule.
    pub fn add(&mut self, entries: &[Entry], place: usize, claims: Vec<Claim>) -> Vec<Finding> {
        let Ok(number) = u32::try_from(place) else { return Vec::new() };
        let mut findings: Vec<Finding> = Vec::new();
        for claim in claims {
            let mut hasher = DefaultHasher::new();
            (claim.rule.id, &claim.cluster, &claim.what).hash(&mut hasher);
            let other = *self.0.entry(hasher.finish()).or_insert(number);
            let is_told = findings.iter().any(|found| std::ptr::eq(found.rule, claim.rule));
            if other == number || is_told {
                continue;
            }
            let name = |number: u32| &entries[number as usize].name;
            let (first, second) = (name(other.min(number)), name(other.max(number)));
            let message = format!("`{first}` and `{second}` both {}", claim.what);
            let finding = Finding::new(claim.rule, message).key(claim.key);
            findings.push(match claim.location {
                Some(location) => finding.at(location),
                None => finding,
            });
        }
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::{Conflicts, claims};
    use crate::fleet::Entry;
    use crate::load::{Layer, Loaded, load};

    fn values(text: &str) -> Loaded {
        let layers = [Layer::File("v.yaml".into(), text.into())];
        load(&layers, &mut |_| unreachable!("no file is named")).unwrap()
    }

    /// What is told of two entries with values and clusters.
    fn told(first: (&str, &str), second: (&str, &str)) -> Vec<String> {
        let entries = ["a", "b"].map(|name| Entry::new(name.into(), "".into(), "".into()));
        let mut conflicts = Conflicts::default();
        let mut add = |place: usize, (text, cluster): (&str, &str)| {
            conflicts.add(&entries, place, claims(&values(text), cluster, "apps"))
        };
        assert!(add(0, first).is_empty());
        let findings = add(1, second).into_iter();
        findings.map(|found| format!("{} {}", found.rule.id, found.problem.message)).collect()
    }

    #[test]
    fn data_on_one_file_server_meets_on_one_cluster() {
        let nfs = "storage: {server: s, root: /r}\n";
        let both = "HZG501 `a` and `b` both keep data in `s:/r/ForguncyAttach`";
        assert_eq!(told((nfs, "far"), (nfs, "far")), [both]);
        assert!(told((nfs, ""), (nfs, "far")).is_empty());
        assert!(told((nfs, ""), ("storage: {server: t, root: /r}\n", "")).is_empty());
        assert!(told((nfs, ""), ("storage: {server: s, root: /q}\n", "")).is_empty());
    }

    #[test]
    fn data_on_nodes_meets_on_one_cluster() {
        let path = "storage: {type: hostPath, root: /r}\n";
        assert_eq!(
            told((path, ""), (path, "")),
            ["HZG501 `a` and `b` both keep data in `/r/ForguncyAttach` on the nodes"]
        );
        assert!(told((path, ""), (path, "far")).is_empty());
        let mount = "storage: {type: hostPath, root: /r, sharedMount: true}\n";
        assert_eq!(told((mount, ""), (path, "")).len(), 1);
        // Each share may have a root and a directory of its own.
        let sites = "storage: {type: hostPath, root: /s, shares: {sites: {root: /r}}}\n";
        assert_eq!(
            told((path, ""), (sites, "")),
            ["HZG501 `a` and `b` both keep data in `/r/ForguncySites` on the nodes"]
        );
        let redis = "storage: {type: hostPath, root: /s}\nredis: {persistence: {enabled: true, root: /r, directory: ForguncyLogs}}\n";
        assert_eq!(told((path, ""), (redis, "")).len(), 1);
        let names = ["attach", "logs", "restore", "sites", "sitesBin"];
        let names = names.map(|name| format!("{name}: {{directory: own/{name}}}")).join(", ");
        let own = format!("storage: {{type: hostPath, root: /r, shares: {{{names}}}}}\n");
        assert!(told((path, ""), (&own, "")).is_empty());
        let class = "storage: {type: storageClass, storageClassName: c}\n";
        assert!(told((class, ""), (class, "")).is_empty());
    }

    #[test]
    fn claims_of_others_meet_in_one_namespace() {
        let claim = "storage: {type: existingClaims, shares: {logs: {existingClaim: theirs}}}\n";
        assert_eq!(
            told((claim, ""), (claim, "")),
            ["HZG501 `a` and `b` both keep data in the claim `theirs` of the namespace `apps`"]
        );
        assert!(told((claim, ""), (claim, "far")).is_empty());
    }

    #[test]
    fn a_path_is_the_same_with_a_slash_at_its_end() {
        let path = |path: &str| {
            format!(
                "storage: {{type: existingClaims}}\ningress: {{enabled: true, hosts: [x.example.com], path: {path}}}\n"
            )
        };
        let both = ["HZG503 `a` and `b` both answer to `x.example.com/x`"];
        assert_eq!(told((&path("/x"), ""), (&path("/x/"), "")), both);
        assert!(told((&path("/x"), ""), (&path("/y"), "")).is_empty());
    }

    #[test]
    fn ports_and_addresses_meet_on_one_cluster() {
        let one = "storage: {server: s}\nforguncy: {service: {type: NodePort, nodePort: 30001}}\n\
                   ingress: {enabled: true, className: nginx, hosts: [x.example.com, y.example.com]}\n";
        let two = "storage: {server: t}\nredis: {service: {type: NodePort, nodePort: 30001}}\n\
                   ingress: {enabled: true, className: nginx, hosts: [y.example.com]}\n";
        assert_eq!(
            told((one, ""), (two, "")),
            [
                "HZG502 `a` and `b` both want port 30001 of the nodes",
                "HZG503 `a` and `b` both answer to `y.example.com/` (class nginx)",
            ]
        );
        assert!(told((one, "near"), (two, "far")).is_empty());
        assert!(
            told((one, ""), (&two.replace("30001", "30002").replace("nginx", "other"), ""))
                .is_empty()
        );
    }

    #[test]
    fn routes_meet_at_one_gateway() {
        let route = |parent: &str| {
            format!(
                "storage: {{type: existingClaims}}\n\
                 gateway: {{enabled: true, parentRefs: [{{name: g{parent}}}], hostnames: [x.example.com]}}\n"
            )
        };
        let far = route(", namespace: gw");
        assert_eq!(
            told((&far, ""), (&far, "")),
            ["HZG503 `a` and `b` both answer to `x.example.com` at Gateway gw/g"]
        );
        assert!(told((&far, "near"), (&far, "far")).is_empty());
        // Without a namespace it is the one of the release.
        let near = route("");
        assert!(told((&near, ""), (&far, "")).is_empty());
        assert_eq!(told((&near, ""), (&route(", namespace: apps"), "")).len(), 1);
        let listener = route(", sectionName: https");
        assert!(told((&near, ""), (&listener, "")).is_empty());
        let any = near.replace("x.example.com", "");
        assert_eq!(
            told((&any, ""), (&any, "")),
            ["HZG503 `a` and `b` both answer to `any host` at Gateway apps/g"]
        );
    }

    #[test]
    fn a_conflict_names_entries_in_their_order() {
        let entries = ["a", "b"].map(|name| Entry::new(name.into(), "".into(), "".into()));
        let nfs = values("storage: {server: s, root: /r}\n");
        let mut conflicts = Conflicts::default();
        assert!(conflicts.add(&entries, 1, claims(&nfs, "", "")).is_empty());
        let told = &conflicts.add(&entries, 0, claims(&nfs, "", ""))[0].problem.message;
        assert!(told.starts_with("`a` and `b` both keep data in"), "{told}");
    }
}
