//! What the official schemas refuse, the checker refuses: over hundreds of manifests, each with one fault, in several versions.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use hzgchart::kubernetes::{self, Version};
use hzgchart::node::Node;
use hzgchart::object::Object;
use hzgchart::source::{SourceId, Sources};
use serde_json::{Map, Value as Json, json};

use crate::harness::manifests::{read_yaml, rendered};
use crate::harness::process::{command, run};
use crate::harness::project;
use crate::harness::python::Python;

/// Every run makes the same faults.
const SEED: u64 = 0x5eed;

/// Faults per manifest and version.
const FAULTS: usize = 5;

#[test]
fn the_tables_are_what_the_script_makes() {
    let python = project().join(".tools/python/bin/python");
    run(command(python).arg(project().join("scripts/kubernetes-types.py")).arg("--check"))
        .success();
}

#[test]
fn valid_manifests_pass_in_every_version() {
    let sources = Sources::default();
    for json in manifests() {
        for version in Version::all() {
            let found = kubernetes::check(&object(&json), version, &sources);
            let texts: Vec<String> = found
                .iter()
                .map(|f| format!("{}: {}: {}", f.rule.id, f.field, f.problem.message))
                .collect();
            assert!(found.is_empty(), "{version}: {texts:#?}\n{json:#}");
        }
    }
}

#[test]
fn the_schemas_take_the_valid_manifests_too() {
    let python = Python::start("agreement.py");
    let fixtures: Vec<Json> = fixtures();
    for version in Version::all() {
        let request = json!({ "objects": fixtures, "version": version.to_string() });
        let answer = python.ask(&request);
        for (fixture, verdict) in
            fixtures.iter().zip(answer["verdicts"].as_array().into_iter().flatten())
        {
            assert_eq!(*verdict, Json::Null, "{version}: {}", fixture["kind"]);
        }
    }
}

#[test]
fn what_the_schemas_refuse_is_refused() {
    let python = Python::start("agreement.py");
    let mut random = Random(SEED);
    let mut only_here: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let (mut faults, mut refused, mut both, mut taken) = (0, 0, 0, 0);
    let mut missed = String::new();
    for version in ["1.25", "1.31", "1.37"] {
        let version: Version = version.parse().expect("a known version");
        let mut broken = Vec::new();
        for json in manifests() {
            for _ in 0..FAULTS {
                let mut json = json.clone();
                let fault = random.spoil(&mut json);
                broken.push((fault, json));
            }
        }
        let objects: Vec<&Json> = broken.iter().map(|(_, json)| json).collect();
        let answer = python.ask(&json!({ "objects": objects, "version": version.to_string() }));
        let verdicts = answer["verdicts"].as_array().expect("a verdict for each object");
        assert_eq!(verdicts.len(), broken.len());
        for ((fault, json), verdict) in broken.iter().zip(verdicts) {
            faults += 1;
            let found = kubernetes::check(&object(json), version, &Sources::default());
            let theirs = verdict.as_str().filter(|verdict| *verdict != "unknown");
            refused += usize::from(theirs.is_some());
            match (theirs, found.as_slice()) {
                (Some(_), [_, ..]) => both += 1,
                (Some(why), []) => {
                    writeln!(missed, "{version} {}: {fault}: {why}", json["kind"])
                        .expect("a string takes all");
                }
                (None, []) => taken += 1,
                (None, found) => {
                    for finding in found {
                        let reason = if verdict.is_null() { finding.rule.id } else { "no schema" };
                        let texts = only_here.entry(reason).or_default();
                        texts.insert(format!(
                            "{} {}: {}",
                            json["kind"].as_str().unwrap_or("?"),
                            finding.field,
                            finding.problem.message
                        ));
                    }
                }
            }
        }
    }
    assert!(faults >= 500 && refused >= 300, "{faults} faults, {refused} refused by the schemas");
    assert!(
        missed.is_empty(),
        "of {refused} that the schemas refuse, {both} are found, but not:\n{missed}"
    );
    let only: usize = only_here.values().map(BTreeSet::len).sum();
    let mut text = format!(
        "{faults} faults: the schemas refuse {refused}, all of them refused here; {taken} harm nothing.\n"
    );
    writeln!(text, "Refused here alone, {only} kinds of findings:").expect("a string takes all");
    for (rule, findings) in only_here {
        writeln!(text, "\n{rule}: {}", why_alone(rule)).expect("a string takes all");
        for finding in findings {
            writeln!(text, "  {finding}").expect("a string takes all");
        }
    }
    insta::assert_snapshot!(text);
}

/// Why the schemas do not see what a rule finds.
fn why_alone(rule: &str) -> &'static str {
    match rule {
        "no schema" => "kubernetes-validate warns of a kind without a schema, and takes it whole",
        "HZG202" => {
            "null in a list or map: the schemas allow it, kubectl and server-side apply do not"
        }
        "HZG203" => {
            "required by the API server's validation, not by the type; or required, and null"
        }
        "HZG204" => "the published schemas list no values",
        "HZG205" => "the published schemas know no names, quantities, ranges and the like",
        "HZG206" => "JSON Schema has no words for the keys of lists",
        "HZG209" => "in the schemas an object can do without metadata",
        "HZG210" => "JSON Schema could say it, the published schemas do not",
        _ => "not expected",
    }
}

/// What presets and fixtures render, each object once, and the fixtures of further kinds.
fn manifests() -> Vec<Json> {
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for (_, objects) in rendered() {
        all.extend(
            objects
                .into_iter()
                .map(|object| object.json)
                .filter(|json| seen.insert(json.to_string())),
        );
    }
    all.extend(fixtures());
    all
}

/// Valid objects of kinds that the chart does not make, and richer ones of those that it makes.
fn fixtures() -> Vec<Json> {
    let folder = project().join("tests/fixtures/kubernetes");
    let entries = fs::read_dir(folder).expect("the folder is part of the project");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    paths.sort();
    let read = |path: &PathBuf| {
        read_yaml(&fs::read_to_string(path).expect("readable")).expect("good YAML")
    };
    paths.iter().flat_map(read).collect()
}

fn object(json: &Json) -> Object {
    Object { node: Node::from_json(json), source: SourceId(0) }
}

/// Numbers that only look random (xorshift64*).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % bound
    }

    /// Makes one fault, and says which.
    fn spoil(&mut self, json: &mut Json) -> String {
        let mut places = Vec::new();
        collect(json, String::new(), &mut places);
        let pointer = places[self.below(places.len())].clone();
        let (above, key) = pointer.rsplit_once('/').expect("a pointer begins with `/`");
        let key = key.replace("~1", "/").replace("~0", "~");
        match self.below(4) {
            0 => {
                if let Some(map) = json.pointer_mut(above).and_then(Json::as_object_mut) {
                    let renamed = self.misspelt(&key);
                    *map = std::mem::take(map)
                        .into_iter()
                        .map(|(k, v)| (if k == key { renamed.clone() } else { k }, v))
                        .collect();
                    return format!("{pointer} renamed to {renamed}");
                }
            }
            1 => {
                let value = json.pointer_mut(&pointer).expect("it was collected");
                let others = [
                    json!("x"),
                    json!(7),
                    json!(1.5),
                    json!(true),
                    json!([]),
                    json!({}),
                    json!(null),
                    json!(["x"]),
                    json!({"x": 1}),
                ];
                let other = others[self.below(others.len())].clone();
                let fault = format!("{pointer} was {value}, is {other}");
                *value = other;
                return fault;
            }
            2 => {
                take(json, above, &key);
                return format!("{pointer} removed");
            }
            _ => {}
        }
        let value = take(json, above, &key);
        let mut maps = vec![String::new()];
        let mut places = Vec::new();
        collect(json, String::new(), &mut places);
        maps.extend(
            places.into_iter().filter(|place| json.pointer(place).is_some_and(Json::is_object)),
        );
        let target = maps[self.below(maps.len())].clone();
        let map = json.pointer_mut(&target).and_then(Json::as_object_mut).expect("it is a map");
        map.insert(key, value);
        format!("{pointer} moved to {target}")
    }

    fn misspelt(&mut self, key: &str) -> String {
        let mut letters: Vec<char> = key.chars().collect();
        let at = self.below(letters.len());
        match self.below(3) {
            0 => letters.insert(at, 'x'),
            1 if letters.len() > 1 => drop(letters.remove(at)),
            _ => letters[at] = if letters[at] == 'q' { 'p' } else { 'q' },
        }
        letters.into_iter().collect()
    }
}

/// The JSON pointers of everything below a value.
fn collect(json: &Json, pointer: String, places: &mut Vec<String>) {
    let below: Vec<(String, &Json)> = match json {
        Json::Object(map) => map
            .iter()
            .map(|(key, value)| (key.replace('~', "~0").replace('/', "~1"), value))
            .collect(),
        Json::Array(items) => {
            items.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect()
        }
        _ => Vec::new(),
    };
    for (key, value) in below {
        let pointer = format!("{pointer}/{key}");
        places.push(pointer.clone());
        collect(value, pointer, places);
    }
}

fn take(json: &mut Json, above: &str, key: &str) -> Json {
    match json.pointer_mut(above) {
        Some(Json::Object(map)) => {
            let map: &mut Map<String, Json> = map;
            map.shift_remove(key).unwrap_or_default()
        }
        Some(Json::Array(items)) => items.remove(key.parse().expect("an index")),
        _ => Json::Null,
    }
}
