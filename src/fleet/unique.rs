//! Names that only one entry may have: its own, its chart's, and its release's on its cluster.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use super::{Entry, Fleet};
use crate::error::Problem;

/// Finds names that two entries share.
///
/// # Errors
/// A problem for each entry whose name another had before.
pub(super) fn check(fleet: &Fleet) -> Result<(), Vec<Problem>> {
    let mut problems = Vec::new();
    let mut names = HashMap::new();
    let mut charts = HashMap::new();
    let mut places = HashMap::new();
    for entry in &fleet.entries {
        if let Some(first) = taken(&mut names, entry.name.to_string(), entry) {
            let line = fleet.place(first).and_then(|node| node.origin);
            let line = line.map_or_else(String::new, |origin| {
                format!(" (line {})", fleet.sources.line(origin))
            });
            let message = format!(
                "two entries are named `{}`: `{}`{line} and `{}`",
                entry.name,
                coordinates(first),
                coordinates(entry)
            );
            let problem =
                Problem::new(message).help("give one of them another `name` in `entries`");
            problems.push(fleet.at(problem, fleet.place(entry)));
            continue;
        }
        let resolved = match fleet.resolve(entry) {
            Ok(resolved) => resolved,
            Err(found) => {
                // What is wrong with a part is wrong with every entry that has it.
                found.into_iter().for_each(|problem| {
                    if !problems.contains(&problem) {
                        problems.push(problem);
                    }
                });
                continue;
            }
        };
        let release = resolved.release;
        let place = format!("{}/{}/{}", resolved.cluster, release.namespace, release.name);
        if let Some(first) = taken(&mut charts, resolved.chart.clone(), entry) {
            let problem = Problem::new(format!(
                "`{}` and `{}` both make the chart `{}`",
                first.name, entry.name, resolved.chart
            ));
            let problem =
                problem.help("name charts after entries, such as `chart: forguncy-{name}`");
            problems.push(fleet.at(problem, fleet.place(entry)));
        }
        if let Some(first) = taken(&mut places, place, entry) {
            let problem = Problem::new(format!(
                "`{}` and `{}` both are the release `{}` in the namespace `{}`",
                first.name, entry.name, release.name, release.namespace
            ));
            let problem = problem.help(
                "give each a namespace, such as `namespace: {name}`, or say on which `cluster` it is",
            );
            problems.push(fleet.at(problem, fleet.place(entry)));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// What an entry is for, as `--only` takes it.
fn coordinates(entry: &Entry) -> String {
    let words = ["tenant", "environment", "architecture"].into_iter().zip(entry.coordinates());
    let said = words.filter(|(_, name)| !name.is_empty());
    said.map(|(word, name)| format!("{word}={name}")).collect::<Vec<_>>().join(",")
}

/// The entry that had a name before.
fn taken<'e>(
    names: &mut HashMap<String, &'e Entry>,
    name: String,
    entry: &'e Entry,
) -> Option<&'e Entry> {
    match names.entry(name) {
        Slot::Occupied(slot) => Some(slot.get()),
        Slot::Vacant(slot) => {
            slot.insert(entry);
            None
        }
    }
}
