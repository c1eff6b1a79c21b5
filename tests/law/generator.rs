//! Makes values for the keys of the schema: mostly valid ones, hostile wherever a string is free.

use std::collections::HashSet;

use regex_lite::Regex;
use serde_json::{Map, Value as Json, json};

use super::hostile;
use super::leaves::{Leaf, Schema};
use super::random::Random;
use super::sample::{Place, Setting};
use crate::harness::yaml::Style;

/// 2^53: beyond it a float, and so Helm, cannot hold every integer.
const LARGEST_EXACT: i64 = 1 << 53;

/// Makes values of one case.
pub struct Generator<'a> {
    schema: &'a Schema,
    /// The case's random choices.
    pub random: Random,
    /// The hostile strings made so far.
    pub hostile: HashSet<String>,
}

impl<'a> Generator<'a> {
    /// A generator for one case.
    pub fn new(schema: &'a Schema, random: Random) -> Self {
        Self { schema, random, hostile: HashSet::new() }
    }

    /// A release's name: short or long, and often one that YAML takes for something else. Few cannot
    /// make the names of Services.
    pub fn release(&mut self) -> String {
        const NAMES: &[&str] =
            &["forguncy", "r", "y", "n", "on", "no", "null", "true", "e1", "a-b", "a--b", "x-0"];
        const REFUSED: &[&str] = &["1a", "0x1f", "1e3", "a.b", "a.1"];
        match self.random.below(40) {
            0 => (*self.random.pick(REFUSED)).to_owned(),
            1 => "a".repeat(self.random.between(44, 53) as usize),
            2..=10 => "a".repeat(self.random.between(30, 44) as usize),
            _ => (*self.random.pick(NAMES)).to_owned(),
        }
    }

    /// A namespace, which may be all digits.
    pub fn namespace(&mut self) -> String {
        const NAMES: &[&str] =
            &["default", "hzg", "1", "012", "1e3", "0x1f", "on", "null", "true", "a-b"];
        match self.random.below(8) {
            0 => "n".repeat(self.random.between(50, 63) as usize),
            _ => (*self.random.pick(NAMES)).to_owned(),
        }
    }

    /// A valid setting of a key, as far as its schema tells.
    pub fn setting(&mut self, leaf: &Leaf, overriding: bool) -> Setting {
        let key = leaf.path.last().map_or("", String::as_str);
        let mut value = self.value(&leaf.schema, key);
        let mut path = leaf.path.clone();
        let place = if overriding { self.place(&mut path, &mut value) } else { Place::Package };
        let mut style = *self.random.pick(&[Style::Double, Style::Single, Style::Literal]);
        if matches!(place, Place::Package | Place::File)
            && !value.is_object()
            && self.random.chance(4)
        {
            value = Json::from(*self.random.pick(hostile::PLAIN));
            style = Style::Plain;
        }
        Setting { path, value, style, place }
    }

    /// Where an override stands; a map may be cut down to one of its keys for that.
    fn place(&mut self, path: &mut Vec<String>, value: &mut Json) -> Place {
        if self.random.chance(40) {
            return Place::File;
        }
        if let Json::Object(map) = value
            && let Some((key, inner)) = map.iter().next()
            && self.random.chance(50)
        {
            path.push(key.clone());
            *value = inner.clone();
        }
        let scalars = |items: &Vec<Json>| items.iter().all(|i| !i.is_array() && !i.is_object());
        // No argument of a process can hold the character NUL; JSON writes it with an escape.
        if value.to_string().contains("\\u0000") {
            return Place::SetJson;
        }
        match value {
            // Helm reads `{}` as a list of one empty string.
            Json::Array(items) if !items.is_empty() && scalars(items) && self.random.chance(50) => {
                Place::Set
            }
            Json::Array(_) | Json::Object(_) => Place::SetJson,
            Json::String(_) => {
                *self.random.pick(&[Place::Set, Place::SetString, Place::SetString, Place::SetJson])
            }
            _ => *self.random.pick(&[Place::Set, Place::Set, Place::SetJson]),
        }
    }

    /// Makes a setting invalid, or at least strange.
    pub fn spoil(&mut self, setting: &mut Setting) {
        match self.random.below(6) {
            0 => {
                if let Some(key) = setting.path.last_mut() {
                    key.push_str("Typo");
                }
            }
            1 => {
                setting.path.pop().filter(|_| setting.path.is_empty()).into_iter().for_each(
                    |key| {
                        setting.path.push(key);
                    },
                );
            }
            2 => setting.value = Json::Null,
            3 => {
                let wrong = [
                    json!(-1),
                    json!(65_536),
                    json!(1.5),
                    json!("nonsense"),
                    json!(true),
                    json!([]),
                    json!({}),
                ];
                setting.value = self.random.pick(&wrong).clone();
            }
            4 => setting.value = Json::from(hostile::string(&mut self.random)),
            _ => {
                let wrong =
                    [json!(["a"]), json!({ "a": 1 }), json!("80"), json!(LARGEST_EXACT), json!("")];
                setting.value = self.random.pick(&wrong).clone();
            }
        }
        if setting.place == Place::SetString && !setting.value.is_string()
            || setting.place == Place::Set
                && (setting.value.is_array() || setting.value.is_object())
        {
            setting.place = Place::SetJson;
        }
        if setting.style == Style::Plain {
            setting.style = Style::Double;
        }
    }

    /// A value that a schema accepts.
    fn value(&mut self, schema: &Json, key: &str) -> Json {
        let schema = self.schema.resolve(schema);
        if let Some(constant) = schema.get("const") {
            return constant.clone();
        }
        if let Some(choices) = schema["enum"].as_array() {
            return self.random.pick(choices).clone();
        }
        for branches in ["oneOf", "anyOf"] {
            if let Some(branches) = schema[branches].as_array()
                && !schema["properties"].is_object()
            {
                let mut branch = schema.clone();
                let chosen = self.schema.resolve(self.random.pick(branches));
                if let (Json::Object(branch), Json::Object(chosen)) = (&mut branch, chosen) {
                    branch.remove("oneOf");
                    branch.remove("anyOf");
                    branch.extend(chosen);
                }
                return self.value(&branch, key);
            }
        }
        let types: Vec<&str> = match &schema["type"] {
            Json::String(one) => vec![one],
            Json::Array(several) => {
                several.iter().filter_map(Json::as_str).filter(|t| *t != "null").collect()
            }
            _ => vec![],
        };
        let kind = if types.is_empty() { "" } else { *self.random.pick(&types) };
        match kind {
            "boolean" => Json::Bool(self.random.chance(50)),
            "integer" => self.integer(&schema),
            "number" => match schema["minimum"].as_f64() {
                Some(least) => json!(least + self.random.float().abs()),
                None => json!(self.random.float()),
            },
            "string" => self.string(&schema),
            "array" => self.array(&schema, key),
            "object" => self.object(&schema, key),
            _ => self.plausible(key),
        }
    }

    fn integer(&mut self, schema: &Json) -> Json {
        let bound = |key: &str| schema[key].as_f64().map(|f| f as i64);
        let from =
            bound("minimum").or_else(|| bound("exclusiveMinimum").map(|i| i + 1)).unwrap_or(0);
        let to = bound("maximum")
            .or_else(|| bound("exclusiveMaximum").map(|i| i - 1))
            .unwrap_or(i64::from(i32::MAX));
        let within = self.random.between(from, to);
        let near = self.random.between(from, to.min(from + 10));
        let default = schema["default"].as_i64().unwrap_or(from);
        json!(*self.random.pick(&[from, to, within, near, near, default]))
    }

    fn string(&mut self, schema: &Json) -> Json {
        let fits = |s: &str| {
            let length = s.chars().count() as u64;
            schema["minLength"].as_u64().is_none_or(|least| least <= length)
                && schema["maxLength"].as_u64().is_none_or(|most| length <= most)
        };
        for _ in 0..10 {
            let made = match schema["pattern"].as_str() {
                Some(pattern) => self.random.matching(pattern).and_then(|made| {
                    let most =
                        schema["maxLength"].as_u64().map_or(usize::MAX, |most| most as usize);
                    within(made, most, pattern)
                }),
                None => Some(self.hostile_string()),
            };
            if let Some(made) = made.filter(|s| fits(s)) {
                return Json::String(made);
            }
        }
        schema.get("default").cloned().unwrap_or_else(|| json!("x"))
    }

    fn hostile_string(&mut self) -> String {
        let made = hostile::string(&mut self.random);
        self.hostile.insert(made.clone());
        made
    }

    fn array(&mut self, schema: &Json, key: &str) -> Json {
        let items = self.schema.resolve(&schema["items"]);
        // The schema asks for an object's bare minimum; a cluster asks for more.
        if key == "extraObjects" {
            return self.plausible(key);
        }
        let constrained = ["properties", "pattern", "enum", "const", "oneOf", "anyOf"];
        if !constrained.iter().any(|keyword| items.get(keyword).is_some())
            && items["type"] != "string"
        {
            return self.plausible(key);
        }
        let least = schema["minItems"].as_i64().unwrap_or(0);
        let count = self
            .random
            .between(least, schema["maxItems"].as_i64().unwrap_or(least + 3).min(least + 3));
        (0..count).map(|_| self.value(&items, key)).collect()
    }

    fn object(&mut self, schema: &Json, key: &str) -> Json {
        if let Some(properties) = schema["properties"].as_object().filter(|p| !p.is_empty()) {
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            let mut made = Map::new();
            for (key, child) in properties {
                if required.iter().any(|r| r == key) || self.random.chance(60) {
                    made.insert(key.clone(), self.value(child, key));
                }
            }
            return Json::Object(made);
        }
        let values = self.schema.resolve(&schema["additionalProperties"]);
        if values.get("pattern").is_none() && values.get("properties").is_none() {
            return self.plausible(key);
        }
        let count = self.random.between(0, 3);
        let labels = values["pattern"].as_str().is_some_and(|pattern| !pattern.contains("[eE]"));
        (0..count)
            .map(|_| {
                let hostile = labels && self.random.chance(60);
                let value =
                    if hostile { Json::from(self.label_value()) } else { self.value(&values, key) };
                (self.label_key(), value)
            })
            .collect::<Map<_, _>>()
            .into()
    }

    /// A value that makes sense to Kubernetes for a key whose schema leaves it free.
    fn plausible(&mut self, key: &str) -> Json {
        match key {
            "extraEnv" => {
                let mut list = vec![json!({ "name": "A", "value": self.hostile_string() })];
                if self.random.chance(50) {
                    list.push(json!({ "name": "B_2", "value": self.hostile_string() }));
                }
                if self.random.chance(30) {
                    list.push(json!({ "name": "C", "valueFrom": { "fieldRef": { "fieldPath": "status.podIP" } } }));
                }
                Json::Array(list)
            }
            "extraEnvFrom" => json!([{ "configMapRef": { "name": "more-env" } }, { "secretRef": { "name": "on" } }]),
            "extraVolumes" => json!([{ "name": "extra", "hostPath": { "path": self.hostile_string() } }]),
            "extraVolumeMounts" => json!([{ "name": "extra", "mountPath": "/extra", "readOnly": true }]),
            "initContainers" => {
                json!([{ "name": "init", "image": "busybox:1.37", "command": ["sh", "-c", self.hostile_string()] }])
            }
            "extraContainers" => json!([{
                "name": "beside", "image": "busybox:1.37", "args": [self.hostile_string()],
                "ports": [{ "name": "metrics", "containerPort": self.random.between(1024, 65_535) }],
            }]),
            "hostAliases" => json!([{ "ip": "10.0.0.9", "hostnames": ["database", "db.example.com"] }]),
            "tolerations" => json!([
                { "key": "dedicated", "operator": "Equal", "value": self.hostile_string(), "effect": "NoSchedule" },
                { "operator": "Exists", "tolerationSeconds": self.random.between(0, 100_000) },
            ]),
            "topologySpreadConstraints" => json!([{
                "maxSkew": self.random.between(1, 5),
                "topologyKey": "topology.kubernetes.io/zone",
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": { "matchLabels": { "app": self.label_value() } },
            }]),
            "imagePullSecrets" => self.random.pick(&[json!(["harbor"]), json!([{ "name": "harbor" }])]).clone(),
            "resources" => json!({
                "requests": { "cpu": "250m", "memory": "512Mi" },
                "limits": { "cpu": self.random.between(1, 64), "memory": "16Gi" },
            }),
            "strategy" => self
                .random
                .pick(&[
                    json!({ "type": "Recreate" }),
                    json!({ "type": "RollingUpdate", "rollingUpdate": { "maxSurge": 1, "maxUnavailable": "25%" } }),
                ])
                .clone(),
            "startup" | "readiness" | "liveness" | "startupProbe" | "readinessProbe" | "livenessProbe" => json!({
                "httpGet": { "path": "/", "port": 80 },
                "periodSeconds": self.random.between(1, 60),
                "failureThreshold": self.random.between(1, 100),
            }),
            "podSecurityContext" => json!({ "fsGroup": 1_000_660_000, "runAsNonRoot": self.random.chance(50) }),
            "securityContext" => json!({
                "runAsUser": self.random.between(0, i64::from(i32::MAX)),
                "capabilities": { "drop": ["ALL"] },
            }),
            "behavior" => json!({
                "scaleDown": {
                    "stabilizationWindowSeconds": self.random.between(0, 3600),
                    "policies": [{ "type": "Pods", "value": 1, "periodSeconds": 60 }],
                },
            }),
            "tls" => json!([{ "hosts": ["hzg.example.com"], "secretName": "hzg-tls" }]),
            "hosts" | "hostnames" => json!(["hzg.example.com", "*.example.com"]),
            "parentRefs" => json!([{ "name": "gateway", "namespace": "infra", "sectionName": "https" }]),
            "allowFrom" => json!([
                { "namespaceSelector": { "matchLabels": { "team": self.label_value() } } },
                { "ipBlock": { "cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"] } },
            ]),
            "extraObjects" => json!([{
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": { "name": "extra", "annotations": { "note": self.hostile_string() } },
                "data": { "text": self.hostile_string(), self.label_key(): self.hostile_string() },
            }]),
            "nodeSelector" => self.labels(),
            _ if key.to_lowercase().ends_with("labels") => self.labels(),
            _ if key.to_lowercase().ends_with("annotations") => {
                let count = self.random.between(0, 3);
                (0..count).map(|_| (self.label_key(), Json::from(self.hostile_string()))).collect::<Map<_, _>>().into()
            }
            _ => self.map(3),
        }
    }

    fn labels(&mut self) -> Json {
        let count = self.random.between(0, 3);
        (0..count)
            .map(|_| (self.label_key(), Json::from(self.label_value())))
            .collect::<Map<_, _>>()
            .into()
    }

    fn label_key(&mut self) -> String {
        const KEYS: &[&str] = &[
            "team",
            "example.com/role",
            "y",
            "n",
            "on",
            "null",
            "true",
            "1",
            "1e3",
            "0x1f",
            "a.b",
            "disk_type",
        ];
        if self.random.chance(5) {
            hostile::string(&mut self.random)
        } else {
            (*self.random.pick(KEYS)).to_owned()
        }
    }

    fn label_value(&mut self) -> String {
        const VALUES: &[&str] = &[
            "",
            "ssd",
            "yes",
            "on",
            "y",
            "true",
            "null",
            "1",
            "012",
            "1e3",
            "0x1F",
            "1.0",
            "1_000",
            "a.b",
            "2001-01-01",
        ];
        (*self.random.pick(VALUES)).to_owned()
    }

    /// A map of anything.
    fn map(&mut self, depth: i64) -> Json {
        let count = self.random.between(0, 3);
        (0..count)
            .map(|_| (self.label_key(), self.anything(depth - 1)))
            .collect::<Map<_, _>>()
            .into()
    }

    fn anything(&mut self, depth: i64) -> Json {
        match self.random.below(if depth > 0 { 10 } else { 7 }) {
            0 => Json::Bool(self.random.chance(50)),
            1 => json!(self.random.between(-LARGEST_EXACT, LARGEST_EXACT)),
            2 => json!(self.random.between(-10, 10_000_000)),
            3 => json!(self.random.float()),
            4..=6 => Json::from(self.hostile_string()),
            7 => {
                let count = self.random.between(0, 3);
                (0..count).map(|_| self.anything(depth - 1)).collect()
            }
            _ => self.map(depth),
        }
    }
}

/// A string that a pattern accepts, or the longest beginning of it that the pattern accepts, too, and is not too long.
fn within(made: String, most: usize, pattern: &str) -> Option<String> {
    if made.chars().count() <= most {
        return Some(made);
    }
    let pattern = Regex::new(pattern).ok()?;
    let beginning = |length| made.chars().take(length).collect::<String>();
    (1..=most).rev().map(beginning).find(|short| pattern.is_match(short))
}

#[test]
fn a_string_is_cut_where_its_pattern_lets_it_be() {
    let cut = |most| within("ab-cd".to_owned(), most, "^[a-z]+(-[a-z]+)*$");
    assert_eq!(cut(5).as_deref(), Some("ab-cd"));
    assert_eq!(cut(3).as_deref(), Some("ab"));
    assert_eq!(cut(0), None);
}
