//! The charts in `charts/`: folders and archives, each inspected as a chart of its own.

use std::io::Cursor;

use indexmap::IndexMap;

use crate::rules::CHART_DEPENDENCIES;

use super::contents::Chart;
use super::metadata::Metadata;
use super::report::{Place, Report};
use super::verdict::Verdict;
use super::{check, tgz};

/// So deep are charts in charts looked at.
const MAX_DEPTH: usize = 8;

/// Loads the charts in `charts/`, checks each, and returns their names, and whether all have one.
pub fn load(chart: &Chart<'_>, depth: usize, report: &mut Report) -> (Vec<String>, bool) {
    let mut groups: IndexMap<&str, IndexMap<&str, &[u8]>> = IndexMap::new();
    for (path, bytes) in chart.below("charts/") {
        let inside = &path["charts/".len()..];
        let (name, rest) = inside.split_once('/').unwrap_or((inside, ""));
        if !path.ends_with(".prov") && !name.starts_with(['_', '.']) {
            groups.entry(name).or_default().insert(rest, bytes);
        }
    }
    let mut names = Vec::new();
    let count = groups.len();
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
    let whole = names.len() == count;
    (names, whole)
}

fn stray(path: &str, report: &mut Report) {
    let what =
        "a file in charts/ that is no chart, which Helm takes for a chart without Chart.yaml";
    let help = "move it out of charts/, or begin its name with `_` or `.`";
    report.fault(&CHART_DEPENDENCIES, Place::File(path), Verdict::REFUSED, what, help);
}
