//! The typed values: what a user may write in a values file, one file per section.
//!
//! The doc comments are shown to users: they become the descriptions in `values.schema.json`, the
//! comments in `values.yaml` and the README's table. Keys that hold a single value are required,
//! because the built-in defaults (`Values::default()`) are a layer of their own beneath the user's; free-form maps and
//! lists may be missing, which means empty.

pub mod forguncy;
pub mod format;
pub mod gateway;
pub mod global;
pub mod helm_test;
pub mod image;
pub mod influx;
pub mod ingress;
pub mod maps;
pub mod network_policy;
pub mod persistence;
pub mod pod;
pub mod redis;
pub mod scaling;
pub mod service;
pub mod service_account;
pub mod storage;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use smol_str::SmolStr;

use crate::error::{Error, Problem};
use crate::node::Node;
use crate::values::forguncy::Forguncy;
use crate::values::gateway::Gateway;
use crate::values::global::Global;
use crate::values::helm_test::HelmTest;
use crate::values::influx::Influx;
use crate::values::ingress::Ingress;
use crate::values::maps::Object;
use crate::values::network_policy::NetworkPolicy;
use crate::values::redis::Redis;
use crate::values::service_account::ServiceAccount;
use crate::values::storage::Storage;

/// Everything that can be set about Forguncy on Kubernetes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("allOf" = rules()))]
pub struct Values {
    /// Settings of every object and image.
    pub global: Global,
    /// The application server. Its first start must be one pod: switch load balancing on in the
    /// administration console (`/UserService/AdminPortal/`) before you run more.
    pub forguncy: Forguncy,
    /// Redis, which shares the session state between the Forguncy pods. In the console its address is
    /// `RELEASE-redis-service:6379`.
    pub redis: Redis,
    /// InfluxDB, the log store. Always one pod: it does not support load balancing.
    pub influx: Influx,
    /// The shared directories, which every Forguncy pod mounts read-write.
    pub storage: Storage,
    /// HTTP(S) access through an ingress controller.
    pub ingress: Ingress,
    /// HTTP(S) access through the Gateway API (an HTTPRoute), the successor of Ingress.
    pub gateway: Gateway,
    /// Which pods may reach redis and InfluxDB.
    pub network_policy: NetworkPolicy,
    /// The account that the pods run under in the cluster. Forguncy itself does not call the
    /// Kubernetes API.
    pub service_account: ServiceAccount,
    /// The checks of `helm test`: Forguncy answers HTTP, redis takes its password, InfluxDB answers a
    /// ping. The pod stays until the next test, so that `--logs` can show what it said.
    pub tests: HelmTest,
    /// Objects of your own to install with the chart. Each needs `apiVersion`, `kind` and
    /// `metadata.name`.
    #[serde(default)]
    pub extra_objects: Vec<Object>,
}

impl Values {
    /// The values as a tree; the built-in layer when called on the default.
    pub fn to_node(&self) -> Node {
        Node::of(self).expect("values hold nothing that a tree lacks")
    }

    /// The same as JSON.
    pub fn to_json(&self) -> Value {
        serde_json::to_value(self).expect("values hold nothing that JSON lacks")
    }

    /// The same values, but for some sections, which are those of a complete tree.
    ///
    /// # Errors
    /// As [`Values::from_node`].
    pub fn with_sections(mut self, names: &[SmolStr], tree: &Node) -> Result<Self, Error> {
        macro_rules! read {
            ($($name:literal => $section:ident,)*) => {
                for name in names {
                    match (name.as_str(), tree.at(&[name])) {
                        $(($name, Some(node)) => {
                            self.$section = Deserialize::deserialize(node).map_err(|error| refused(&error))?;
                        })*
                        _ => return Self::from_node(tree),
                    }
                }
            };
        }
        read! {
            "global" => global,
            "forguncy" => forguncy,
            "redis" => redis,
            "influx" => influx,
            "storage" => storage,
            "ingress" => ingress,
            "gateway" => gateway,
            "networkPolicy" => network_policy,
            "serviceAccount" => service_account,
            "tests" => tests,
            "extraObjects" => extra_objects,
        }
        Ok(self)
    }

    /// The values of a complete tree: the user's, merged over the built-in ones and checked against
    /// the schema.
    ///
    /// # Errors
    /// When a key is unknown, missing or of the wrong type. The message never shows a value, since
    /// that could be a password.
    pub fn from_node(tree: &Node) -> Result<Self, Error> {
        Self::deserialize(tree).map_err(|error| refused(&error))
    }
}

fn refused(error: &serde_json::Error) -> Error {
    let text = error.to_string();
    let names_only = ["unknown field", "missing field"].iter().any(|p| text.starts_with(p));
    let message = if names_only { &text } else { "a value has the wrong type" };
    Problem::new(message).help("check the values against the schema, which says where").into()
}

fn rules() -> Value {
    let several_pods = json!([
        { "properties": { "mode": { "const": "auto" } } },
        { "properties": { "mode": { "const": "fixed" }, "replicas": { "minimum": 2 } } }
    ]);
    json!([{
        "description": "several pods on `storage.type` hostPath need `storage.sharedMount` true, your word that `storage.root` is the same shared mount on every node",
        "if": { "properties": {
            "storage": { "properties": { "type": { "const": "hostPath" } } },
            "forguncy": { "properties": { "scaling": { "anyOf": several_pods } } }
        } },
        "then": { "properties": {
            "storage": { "properties": { "sharedMount": { "const": true } } }
        } }
    }])
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Values;
    use crate::node::Node;

    fn defaults() -> Value {
        serde_json::to_value(Values::default()).expect("values are JSON")
    }

    fn message(json: Value) -> String {
        Values::from_node(&Node::from_json(&json)).expect_err("wrong values").to_string()
    }

    #[test]
    fn reads_back_what_it_writes() {
        assert_eq!(
            Values::from_node(&Node::from_json(&defaults())).expect("the defaults"),
            Values::default()
        );
    }

    #[test]
    fn reads_the_sections_that_it_is_told_to() {
        let changes = [
            ("/global/imageRegistry", json!("registry.example")),
            ("/forguncy/containerPort", json!(8080)),
            ("/redis/enabled", json!(false)),
            ("/influx/enabled", json!(false)),
            ("/storage/server", json!("files")),
            ("/ingress/enabled", json!(true)),
            ("/gateway/enabled", json!(true)),
            ("/networkPolicy/enabled", json!(true)),
            ("/serviceAccount/create", json!(false)),
            ("/tests/enabled", json!(false)),
            ("/extraObjects", json!([{"kind": "A"}])),
        ];
        let mut all = defaults();
        let mut names = Vec::new();
        for (pointer, value) in changes {
            let mut one = defaults();
            *one.pointer_mut(pointer).expect("a key") = value.clone();
            *all.pointer_mut(pointer).expect("a key") = value;
            names.push(pointer.split('/').nth(1).expect("a section").into());
            let tree = Node::from_json(&one);
            let read = Values::default().with_sections(&names[names.len() - 1..], &tree);
            assert_eq!(read.expect("good values"), Values::from_node(&tree).expect("good values"));
            assert_ne!(Values::from_node(&tree).expect("good values"), Values::default());
        }
        assert_eq!(names.len(), defaults().as_object().expect("a map").len());
        let tree = Node::from_json(&all);
        let read = Values::default().with_sections(&names, &tree).expect("good values");
        assert_eq!(read, Values::from_node(&tree).expect("good values"));
        all["bogus"] = json!(1);
        let read = Values::default().with_sections(&["bogus".into()], &Node::from_json(&all));
        assert!(read.unwrap_err().to_string().contains("unknown field `bogus`"));
        let none = Values::default().with_sections(&["redis".into()], &Node::from_json(&json!({})));
        assert!(none.unwrap_err().to_string().contains("missing field"));
    }

    #[test]
    fn takes_a_missing_map_or_list_for_an_empty_one() {
        let mut json = defaults();
        let forguncy = json["forguncy"].as_object_mut().expect("a map");
        forguncy.shift_remove("strategy");
        forguncy.shift_remove("tolerations");
        forguncy["resources"].as_object_mut().expect("a map").shift_remove("requests");
        let values = Values::from_node(&Node::from_json(&json)).expect("good values");
        assert!(values.forguncy.strategy.0.is_empty());
        assert!(values.forguncy.pod.tolerations.is_empty());
        assert!(values.forguncy.resources.requests.0.is_empty());
    }

    #[test]
    fn requires_keys_that_hold_a_single_value() {
        let mut json = defaults();
        json["forguncy"].as_object_mut().expect("a map").shift_remove("containerPort");
        assert!(message(json).contains("missing field `containerPort`"));
        let mut json = defaults();
        json["redis"].as_object_mut().expect("a map").shift_remove("priorityClassName");
        assert!(message(json).contains("missing field `priorityClassName`"));
    }

    #[test]
    fn refuses_unknown_keys_at_every_level() {
        for pointer in
            ["", "/global", "/forguncy", "/redis", "/influx", "/forguncy/scaling", "/tests/image"]
        {
            let mut json = defaults();
            json.pointer_mut(pointer).expect("a section")["bogus"] = json!(1);
            assert!(message(json).contains("unknown field `bogus`"), "accepted at `{pointer}`");
        }
    }

    #[test]
    fn never_shows_a_value() {
        let mut json = defaults();
        json["redis"]["auth"]["password"] = json!(["hunter2"]);
        json["redis"]["auth"]["existingSecret"] = json!(8_271_828);
        let message = message(json);
        assert!(!message.contains("hunter2") && !message.contains("8271828"), "{message}");
    }
}
