//! A chart as a folder on disk, to edit or to keep in version control.

use std::path::{Path, PathBuf};

use crate::chart::Chart;
use crate::error::Error;
use crate::output::write_folder;

/// Writes the chart's folder into `destination` and returns its path. What already stands there
/// is replaced only if it is as hzgchart left it: see [`write_folder`].
///
/// # Errors
/// As [`write_folder`].
pub fn write(chart: &Chart, destination: &Path) -> Result<PathBuf, Error> {
    let folder = destination.join(chart.name().as_str());
    let files: Vec<_> = chart.files().map(|(path, content)| (path, content.bytes())).collect();
    let files: Vec<_> = files.iter().map(|(path, bytes)| (*path, &**bytes)).collect();
    write_folder(&folder, &files)?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::write;
    use crate::chart::tests::sample;

    #[test]
    fn writes_every_file_below_the_charts_name() {
        let place = tempfile::tempdir().unwrap();
        let chart = sample();
        let folder = write(&chart, place.path()).unwrap();
        assert_eq!(folder, place.path().join("forguncy-k8s-server"));
        for (path, content) in chart.files() {
            assert_eq!(fs::read(folder.join(path.as_str())).unwrap(), *content.bytes());
        }
    }
}
