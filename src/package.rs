//! Packaging: values, templates and metadata become the tree of a chart.

use crate::chart::metadata::Metadata;
use crate::chart::version::ChartVersion;
use crate::chart::{Chart, Content, readme};
use crate::error::Error;
use crate::load::Loaded;
use crate::schema;
use crate::templates;
use crate::values::Values;
use crate::values_file;
use crate::values_table;

/// What `helm package` leaves out of the chart's folder; the first is what a folder is known by as ours.
const HELMIGNORE: &str = ".hzgchart.sha256\n.DS_Store\n.git/\n.gitignore\n.idea/\n.vscode/\n*.bak\n*.orig\n*.swp\n*.tmp\n*~\n";

/// Assembles the chart whose defaults are the loaded values. The same input gives the same tree.
///
/// # Errors
/// [`Error::Invalid`] if the chart would break a limit of Helm's.
pub fn assemble(
    loaded: &Loaded,
    metadata: &Metadata,
    version: &ChartVersion,
) -> Result<Chart, Error> {
    let mut chart = Chart::new(metadata, version, &images(&loaded.values))?;
    chart.insert("values.yaml", values_file::write(&loaded.tree))?;
    chart.embed("values.schema.json", schema::TEXT)?;
    chart.insert(".helmignore", HELMIGNORE)?;
    let made = readme::write(metadata, version).into_bytes();
    chart.add("README.md", Content { made, embedded: values_table::TEXT })?;
    for (path, text) in templates::chart() {
        chart.embed(&format!("templates/{path}"), text)?;
    }
    Ok(chart)
}

/// The images that an installation pulls, by the name that Artifact Hub shows.
pub fn images(values: &Values) -> Vec<(String, String)> {
    let registry = &values.global.image_registry;
    let mut images = vec![("forguncy", values.forguncy.image.reference(registry))];
    if values.redis.enabled {
        images.push(("redis", values.redis.image.reference(registry)));
    }
    if values.influx.enabled {
        images.push(("influx", values.influx.image.reference(registry)));
    }
    if values.tests.enabled {
        images.push(("test", values.tests.image.reference(registry)));
    }
    images.into_iter().map(|(name, reference)| (name.to_owned(), reference)).collect()
}
