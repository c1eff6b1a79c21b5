//! What the chart of an entry is called, and which versions it has.

use crate::chart::metadata::Metadata;
use crate::chart::name::ChartName;
use crate::chart::version::{self, ChartVersion};
use crate::error::{Error, Problem};
use crate::fleet::{Files, Resolved};
use crate::load::Loaded;
use crate::source::Sources;
use crate::yaml::{decode, read as yaml};

/// What a chart is known by.
pub(super) struct Identity {
    /// The fields of Chart.yaml that were given, and the name.
    pub metadata: Metadata,
    /// Its versions.
    pub version: ChartVersion,
    /// What there is to say of them.
    pub warnings: Vec<String>,
}

/// Finds out what the chart of an entry is known by.
///
/// # Errors
/// For names and versions that are none, and for a Chart.yaml that cannot be read.
pub(super) fn identity(
    resolved: &Resolved<'_>,
    loaded: &Loaded,
    files: &dyn Files,
) -> Result<Identity, Error> {
    let mut metadata = match resolved.chart_file.as_str() {
        "" => Metadata::default(),
        path => read(path, files).map_err(|error| resolved.fault("chartFile", error))?,
    };
    metadata.name = ChartName::parse(&resolved.chart).map_err(|reason| {
        let problem = Problem::new(format!("the chart name `{}` {reason}", resolved.chart));
        resolved.at("chart", problem)
    })?;
    let said = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    if let Some(version) = said(&resolved.version) {
        version::check(&version).map_err(|problem| resolved.at("version", problem))?;
    }
    if let Some(version) = said(&resolved.app_version) {
        version::check_app_version(&version)
            .map_err(|problem| resolved.at("appVersion", problem))?;
    }
    let (version, warnings) = version::derive(
        &loaded.values.forguncy.image.tag,
        said(&resolved.version).or(metadata.version.clone()).as_deref(),
        said(&resolved.app_version).or(metadata.app_version.clone()).as_deref(),
    )?;
    Ok(Identity { metadata, version, warnings })
}

fn read(path: &str, files: &dyn Files) -> Result<Metadata, Error> {
    let name = files.shown(path);
    let text = decode(&files.read(path)?, &name)?;
    let mut sources = Sources::default();
    let id = sources.add(name, text);
    let node = yaml::document(id, &sources).map_err(Error::Invalid)?;
    Metadata::from_node(&node, &sources).map_err(Error::Invalid)
}
