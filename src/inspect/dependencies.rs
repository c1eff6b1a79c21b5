//! The charts in a chart: what Chart.yaml declares, what lies in `charts/`, and what the lock says.
//!
//! Helm: `Metadata.Validate`, `LoadFiles`, `action.CheckDependencies`.

use std::io::Cursor;

use indexmap::IndexMap;

use crate::node::{Node, Value};
use crate::rules::{CHART_DEPENDENCIES, CHART_LOCK, CHART_METADATA, CHART_METADATA_ODD};
use crate::suggest::nearest;

use super::contents::Chart;
use super::metadata::{Metadata, Reader, field};
use super::report::{Place, Report};
use super::verdict::{Answer, Verdict};
use super::yaml::{self, Kind};
use super::{check, tgz};

/// A chart that another one says it needs.
#[derive(Clone, Debug)]
pub struct Dependency {
    name: String,
    /// What it is called in the values instead.
    alias: Option<String>,
    node: Node,
}

/// So deep are charts in charts looked at.
const MAX_DEPTH: usize = 8;

/// Reads the `dependencies` of a Chart.yaml or requirements.yaml.
pub fn declared(entry: Option<&crate::node::Entry>, reader: &mut Reader<'_>) -> Vec<Dependency> {
    let mut found: Vec<Dependency> = Vec::new();
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
        let text = |key| field(map, key).and_then(|entry| reader.scalar(&entry.node));
        let (name, alias) =
            (text("name").unwrap_or_default(), text("alias").filter(|a| !a.is_empty()));
        let fits = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
        if let Some(alias) = alias.as_deref().filter(|alias| !alias.chars().all(fits)) {
            let what = format!(
                "the alias `{}` holds more than letters, digits, `_` and `-`",
                alias.escape_debug()
            );
            refuse(reader, item, &what, "choose another alias");
        }
        let called = |d: &Dependency| d.alias.clone().unwrap_or_else(|| d.name.clone());
        let own = alias.clone().unwrap_or_else(|| name.clone());
        if found.iter().any(|other| called(other) == own) {
            let what = format!("two dependencies with the name or alias `{}`", own.escape_debug());
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
    let present = load(chart, depth, report);
    let mut needed = metadata.dependencies.clone();
    needed.extend(requirements(chart, report));
    let path = chart.path("Chart.yaml");
    for dependency in &needed {
        if chart.whole && !present.contains(&dependency.name) {
            let near = nearest(&dependency.name, present.iter().map(String::as_str));
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "run `helm dependency build` before you pack the chart".to_owned(),
            };
            let what =
                format!("the dependency `{}` is not in charts/", dependency.name.escape_debug());
            let place = dependency.node.origin.map_or(Place::File(&path), Place::At);
            report.fault(&CHART_DEPENDENCIES, place, Verdict::INSTALL, what, help);
        }
    }
    for name in present.iter().filter(|name| !needed.iter().any(|d| d.name == **name)) {
        let what =
            format!("`{}` lies in charts/ and Chart.yaml does not declare it", name.escape_debug());
        let help = "add it to `dependencies`, or delete it";
        report.fault(&CHART_LOCK, Place::File(&path), Verdict::LINT, what, help);
    }
    lock(chart, &needed, report);
    let alias = |name: String| {
        let declared = needed.iter().find(|d| d.name == name);
        declared.and_then(|d| d.alias.clone()).unwrap_or(name)
    };
    present.into_iter().map(alias).collect()
}

/// The dependencies in requirements.yaml, where charts for Helm 2 have them.
fn requirements(chart: &Chart<'_>, report: &mut Report) -> Vec<Dependency> {
    let path = chart.path("requirements.yaml");
    let Some(bytes) = chart.get("requirements.yaml") else { return Vec::new() };
    let documents = yaml::read(&path, bytes, metadata_kind(), report);
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
    let documents = yaml::read(&path, bytes, metadata_kind(), report);
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

/// Loads the charts in `charts/`, checks each, and returns their names.
fn load(chart: &Chart<'_>, depth: usize, report: &mut Report) -> Vec<String> {
    let mut groups: IndexMap<&str, IndexMap<&str, &[u8]>> = IndexMap::new();
    for (path, bytes) in chart.below("charts/") {
        let inside = &path["charts/".len()..];
        let (name, rest) = inside.split_once('/').unwrap_or((inside, ""));
        if !path.ends_with(".prov") && !name.starts_with(['_', '.']) {
            groups.entry(name).or_default().insert(rest, bytes);
        }
    }
    let mut names = Vec::new();
    for (name, mut files) in groups {
        let path = chart.path(&format!("charts/{name}"));
        if depth == MAX_DEPTH {
            let what = "charts are nested in charts too deep to be looked at";
            let help = "put them side by side";
            report.fault(&CHART_DEPENDENCIES, Place::File(&path), Verdict::TAKEN, what, help);
            break;
        }
        let outer = std::mem::replace(&mut report.dependency, true);
        let archive = files.get("").copied().filter(|_| name.ends_with(".tgz"));
        let found = match archive {
            Some(bytes) => {
                let contents = tgz::read(Cursor::new(bytes), Place::File(&path), report);
                check(&Chart { place: format!("{path}:"), ..contents.chart() }, depth + 1, report)
            }
            None if files.keys().all(|file| file.is_empty()) => {
                stray(&path, report);
                Metadata::default()
            }
            None => {
                files.shift_remove("");
                let chart = Chart { place: format!("{path}/"), files, whole: chart.whole };
                check(&chart, depth + 1, report)
            }
        };
        report.dependency = outer;
        names.extend(found.name);
    }
    names
}

fn stray(path: &str, report: &mut Report) {
    let what =
        "a file in charts/ that is no chart, which Helm takes for a chart without Chart.yaml";
    let help = "move it out of charts/, or begin its name with `_` or `.`";
    let verdict = Verdict::both(Answer::REFUSES);
    report.fault(&CHART_DEPENDENCIES, Place::File(path), verdict, what, help);
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
