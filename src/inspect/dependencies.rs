//! The charts in a chart: what Chart.yaml declares, what lies in `charts/`, and what the lock says.
//!
//! Helm: `Metadata.Validate`, `LoadFiles`, `action.CheckDependencies`.

use std::collections::{HashMap, HashSet};

use crate::node::{Entry, Node, Value};
use crate::rules::{CHART_DEPENDENCIES, CHART_LOCK, CHART_METADATA, CHART_METADATA_ODD};
use crate::suggest::nearest;

use super::chart_yaml::{Reader, field, scalar};
use super::charts::load;
use super::contents::Chart;
use super::metadata::Metadata;
use super::report::{Place, Report, shown};
use super::verdict::Verdict;
use super::yaml::{self, Kind};

/// A chart that another one says it needs.
#[derive(Clone, Debug)]
pub struct Dependency {
    name: String,
    /// What it is called in the values instead.
    alias: Option<String>,
    node: Node,
}

/// Reads the `dependencies` of a Chart.yaml or requirements.yaml.
pub fn declared(entry: Option<&Entry>, reader: &mut Reader<'_>) -> Vec<Dependency> {
    let mut found: Vec<Dependency> = Vec::new();
    let mut names = HashSet::new();
    let items = match entry.map(|entry| &entry.node) {
        Some(Node { value: Value::List(items), .. }) => items.as_slice(),
        None | Some(Node { value: Value::Null, .. }) => &[],
        Some(node) => {
            reader.wrong(node, "a list");
            &[]
        }
    };
    let refuse = |reader: &mut Reader<'_>, node: &Node, what: &str, help: &str| {
        reader.fault(&CHART_METADATA, node, Verdict::REFUSED, what, help);
    };
    for item in items {
        let Value::Map(map) = &item.value else {
            match item.value {
                Value::Null => {
                    refuse(reader, item, "a dependency that is null", "write `- name: …`")
                }
                _ => reader.wrong(item, "a map with `name`, `version` and `repository`"),
            }
            continue;
        };
        let text = |key| field(map, key).and_then(|entry| scalar(&entry.node));
        let (name, alias) =
            (text("name").unwrap_or_default(), text("alias").filter(|a| !a.is_empty()));
        let fits = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
        if let Some(alias) = alias.as_deref().filter(|alias| !alias.chars().all(fits)) {
            let what = format!(
                "the alias `{}` holds more than letters, digits, `_` and `-`",
                shown(alias)
            );
            refuse(reader, item, &what, "choose another alias");
        }
        let own = alias.clone().unwrap_or_else(|| name.clone());
        if !names.insert(own.clone()) {
            let what = format!("two dependencies with the name or alias `{}`", shown(&own));
            refuse(reader, item, &what, "give one of them an `alias`");
        }
        found.push(Dependency { name, alias, node: item.clone() });
    }
    found
}

/// Checks the charts in `charts/`, and what is said about them; returns the keys that they take in the values.
pub fn check_charts(
    chart: &Chart<'_>,
    metadata: &Metadata,
    depth: usize,
    report: &mut Report,
) -> Vec<String> {
    let (present, whole) = load(chart, depth, report);
    let mut needed = metadata.dependencies.clone();
    needed.extend(requirements(chart, report));
    let path = chart.path("Chart.yaml");
    let loaded: HashSet<&str> = present.iter().map(String::as_str).collect();
    let mut told = HashSet::new();
    for dependency in needed.iter().filter(|_| chart.whole && whole) {
        if !loaded.contains(dependency.name.as_str()) && told.insert(&dependency.name) {
            if report.is_full(&CHART_DEPENDENCIES) {
                break;
            }
            let near = nearest(&dependency.name, present.iter().map(String::as_str));
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "run `helm dependency build` before you pack the chart".to_owned(),
            };
            let what = format!("the dependency `{}` is not in charts/", shown(&dependency.name));
            let place = dependency.node.origin.map_or(Place::File(&path), Place::At);
            report.fault(&CHART_DEPENDENCIES, place, Verdict::INSTALL, what, help);
        }
    }
    let aliases: HashMap<&str, Option<&String>> =
        needed.iter().map(|d| (d.name.as_str(), d.alias.as_ref())).collect();
    for name in present.iter().filter(|name| !aliases.contains_key(name.as_str())) {
        let what = format!("`{}` lies in charts/ and Chart.yaml does not declare it", shown(name));
        let help = "add it to `dependencies`, or delete it";
        report.fault(&CHART_LOCK, Place::File(&path), Verdict::LINT, what, help);
    }
    lock(chart, &needed, report);
    let key = |name: &String| aliases.get(name.as_str()).copied().flatten().unwrap_or(name).clone();
    present.iter().map(key).collect()
}

/// The dependencies in requirements.yaml, where charts for Helm 2 have them.
fn requirements(chart: &Chart<'_>, report: &mut Report) -> Vec<Dependency> {
    let path = chart.path("requirements.yaml");
    let Some(bytes) = chart.get("requirements.yaml") else { return Vec::new() };
    let documents = yaml::read(&path, bytes, metadata_kind(), report).documents;
    let mut reader = Reader::new(&path, report);
    let map = documents.first().and_then(Node::as_map);
    declared(map.and_then(|map| field(map, "dependencies")), &mut reader)
}

fn metadata_kind() -> Kind {
    Kind {
        invalid: &CHART_METADATA,
        odd: &CHART_METADATA_ODD,
        refused: Verdict::REFUSED,
        later: Verdict::TAKEN,
    }
}

/// Checks that Chart.lock can be loaded and names what Chart.yaml needs.
fn lock(chart: &Chart<'_>, needed: &[Dependency], report: &mut Report) {
    let path = chart.path("Chart.lock");
    let Some(bytes) = chart.get("Chart.lock") else { return };
    let documents = yaml::read(&path, bytes, metadata_kind(), report).documents;
    let Some(map) = documents.first().and_then(Node::as_map) else { return };
    if let Some(entry) = field(map, "generated")
        && entry.node.as_str().is_some_and(|time| !is_time(time))
    {
        let place = entry.node.origin.map_or(Place::File(&path), Place::At);
        let what = "`generated` is no time as RFC 3339 writes it";
        let help = "delete the file and run `helm dependency update`";
        report.fault(&CHART_METADATA, place, Verdict::REFUSED, what, help);
    }
    let locked = field(map, "dependencies").map_or(&[][..], |entry| entry.node.items());
    let mut locked: Vec<&str> = locked.iter().filter_map(|d| d.at(&["name"])?.as_str()).collect();
    let mut needed: Vec<&str> = needed.iter().map(|d| d.name.as_str()).collect();
    locked.sort_unstable();
    needed.sort_unstable();
    if locked != needed {
        let what = "Chart.lock and Chart.yaml do not name the same dependencies";
        let help = "run `helm dependency update`";
        report.fault(&CHART_LOCK, Place::File(&path), Verdict::TAKEN, what, help);
    }
}

/// Whether a text begins as a time of RFC 3339 does: `2006-01-02T15:04:05`, and ends in a zone.
fn is_time(text: &str) -> bool {
    let shape = b"0000-00-00T00:00:00";
    let fits =
        |(have, want): (u8, &u8)| if *want == b'0' { have.is_ascii_digit() } else { have == *want };
    text.len() > shape.len()
        && text.bytes().zip(shape).all(fits)
        && (text.ends_with('Z') || text[19..].contains(['+', '-']))
}

#[cfg(test)]
mod tests {
    use super::is_time;

    #[test]
    fn knows_a_time() {
        assert!(is_time("2020-01-01T00:00:00Z"));
        assert!(is_time("2020-01-01T00:00:00.123456+08:00"));
        assert!(!is_time("yesterday"));
        assert!(!is_time("2020-01-01"));
        assert!(!is_time("2020-01-01T00:00:00活"));
    }
}
