//! `hzgchart fleet list`: the entries.

use std::io::Write;

use serde::Serialize;

use super::{chosen, read};
use crate::cli::FleetListArgs;
use crate::commands::print;
use crate::error::Error;
use crate::product;

/// An entry, for programs.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed<'e> {
    name: &'e str,
    tenant: &'e str,
    environment: &'e str,
    architecture: &'e str,
    release: &'e str,
    namespace: &'e str,
    chart: &'e str,
    cluster: &'e str,
}

pub(super) fn run(args: &FleetListArgs, out: &mut dyn Write) -> Result<(), Error> {
    let (fleet, _) = read(&args.entries.file)?;
    let entries = chosen(&args.entries, &fleet)?;
    let mut rows = Vec::with_capacity(entries.len() + 1);
    if !args.output_json {
        rows.push(["NAME", "NAMESPACE", "RELEASE", "CHART", "CLUSTER"].map(str::to_owned));
    }
    for entry in entries {
        let resolved = fleet.resolve(entry).map_err(Error::Invalid)?;
        if args.output_json {
            let listed = Listed {
                name: &entry.name,
                tenant: &entry.tenant,
                environment: &entry.environment,
                architecture: &entry.architecture,
                release: &resolved.release.name,
                namespace: &resolved.release.namespace,
                chart: &resolved.chart,
                cluster: &resolved.cluster,
            };
            print(out, &product::line(&listed))?;
        } else {
            let name = entry.name.to_string();
            let release = resolved.release;
            rows.push([name, release.namespace, release.name, resolved.chart, resolved.cluster]);
        }
    }
    print(out, &table(&rows))
}

/// Columns as wide as what is in them.
fn table(rows: &[[String; 5]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or_default();
    let widths: [usize; 5] = std::array::from_fn(width);
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}
