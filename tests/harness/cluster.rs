//! An API server that has nothing in it, for what asks a cluster even when it is to change none: `helm install --dry-run` of Helm 3.

use serde_json::{Value as Json, json};

use super::http::{Answer, Request, Server, status};

/// The kinds that it knows: group and version, and kinds with whether they belong to a namespace.
const KINDS: [(&str, &[(&str, bool)]); 6] = [
    (
        "v1",
        &[
            ("Service", true),
            ("PersistentVolume", false),
            ("PersistentVolumeClaim", true),
            ("ServiceAccount", true),
            ("Secret", true),
            ("Pod", true),
        ],
    ),
    ("apps/v1", &[("Deployment", true)]),
    ("autoscaling/v2", &[("HorizontalPodAutoscaler", true)]),
    ("policy/v1", &[("PodDisruptionBudget", true)]),
    ("networking.k8s.io/v1", &[("NetworkPolicy", true), ("Ingress", true)]),
    ("gateway.networking.k8s.io/v1", &[("HTTPRoute", true)]),
];

/// Starts one.
pub fn empty() -> Server {
    Server::start(|request: &Request| {
        let path = request.path.split('?').next().unwrap_or_default();
        match known(path) {
            Some(json) => {
                let kind = ("Content-Type", "application/json".to_owned());
                Answer::Status(200, vec![kind], json.to_string().into_bytes())
            }
            None => status(404),
        }
    })
}

fn known(path: &str) -> Option<Json> {
    let group = |name: &str| {
        let (group, number) = name.split_once('/').unwrap_or(("", name));
        let version = json!({ "groupVersion": name, "version": number });
        json!({ "name": group, "versions": [version], "preferredVersion": version })
    };
    match path {
        "/version" => Some(json!({ "major": "1", "minor": "33", "gitVersion": "v1.33.0" })),
        "/api" => Some(json!({ "kind": "APIVersions", "versions": ["v1"] })),
        "/apis" => {
            let groups: Vec<Json> = KINDS[1..].iter().map(|(name, _)| group(name)).collect();
            Some(json!({ "kind": "APIGroupList", "apiVersion": "v1", "groups": groups }))
        }
        _ => {
            let asked = path.strip_prefix("/apis/").or_else(|| path.strip_prefix("/api/"))?;
            let (name, kinds) = KINDS.iter().find(|(name, _)| *name == asked)?;
            let resources: Vec<Json> = kinds
                .iter()
                .map(|(kind, namespaced)| {
                    let plural = match (kind.strip_suffix('y'), kind.ends_with('s')) {
                        (Some(stem), _) => format!("{stem}ies"),
                        (None, true) => format!("{kind}es"),
                        (None, false) => format!("{kind}s"),
                    };
                    json!({ "name": plural.to_lowercase(), "singularName": "", "namespaced": namespaced, "kind": kind, "verbs": ["get"] })
                })
                .collect();
            Some(
                json!({ "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": name, "resources": resources }),
            )
        }
    }
}
