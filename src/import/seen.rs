//! What the templates were found to hold, for what can only be judged when all of them are read.

use std::collections::{BTreeMap, BTreeSet};

use crate::node::{Node, Value};

use super::ports::Ports;
use super::shares::SHARES;
use super::volumes::Volumes;

/// All that was seen so far.
#[derive(Default)]
pub struct Seen {
    objects: BTreeSet<(&'static str, &'static str)>,
    carried: BTreeMap<String, (Node, String)>,
    /// Whether anything may be in a template that could not be read.
    pub is_partial: bool,
    /// The ports of Services and containers.
    pub ports: Ports,
    /// The shares' volumes, claims and mounts.
    pub volumes: Volumes,
}

impl Seen {
    /// Notes an object of the vendor's by its kind and the section or share that it is of; false if there was one already.
    pub fn object(&mut self, kind: &'static str, whose: &'static str) -> bool {
        self.objects.insert((kind, whose))
    }

    /// Whether there is such an object.
    pub fn has(&self, kind: &'static str, whose: &'static str) -> bool {
        self.objects.contains(&(kind, whose))
    }

    /// Notes what a template of the vendor's would hold that cannot be read. It was told of, and is not missing.
    pub fn unread(&mut self, stem: &str) {
        let volumes = |kind| SHARES.map(|share| (kind, share));
        match stem {
            "pvs" => self.objects.extend(volumes("PersistentVolume")),
            "pvcs" => self.objects.extend(volumes("PersistentVolumeClaim")),
            _ => match TEMPLATES.iter().find(|(name, ..)| *name == stem) {
                Some((_, kind, section)) => _ = self.object(kind, section),
                None => self.is_partial = true,
            },
        }
    }

    /// Notes a template's literal value of a key; gives where another one came from, if there is one.
    pub fn other_for(&mut self, key: &str, node: &Node, from: &str) -> Option<&str> {
        if !self.carried.contains_key(key) {
            self.carried.insert(key.to_owned(), (node.clone(), from.to_owned()));
            return None;
        }
        let (other, from) = &self.carried[key];
        (other.to_json() != node.to_json()).then_some(from.as_str())
    }

    /// The items of a list that several pods have, each once.
    pub fn joined(&mut self, key: &str, items: &[Node]) -> Node {
        let (list, _) = self
            .carried
            .entry(key.to_owned())
            .or_insert_with(|| (Node::new(Value::List(Vec::new()), None), String::new()));
        if let Value::List(list) = &mut list.value {
            for item in items {
                if !list.iter().any(|other| other.to_json() == item.to_json()) {
                    list.push(item.clone());
                }
            }
        }
        list.clone()
    }
}

/// The vendor's templates of workloads without their endings, and what each holds.
const TEMPLATES: [(&str, &str, &str); 6] = [
    ("deployment-fgc", "Deployment", "forguncy"),
    ("deployment-redis", "Deployment", "redis"),
    ("deployment-influx", "Deployment", "influx"),
    ("service-fgc", "Service", "forguncy"),
    ("service-redis", "Service", "redis"),
    ("service-influx", "Service", "influx"),
];
