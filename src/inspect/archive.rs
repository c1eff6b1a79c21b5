//! A packed chart with its bytes and what it says of itself, ready for a repository's index or a registry.

use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;

use serde_json::{Map, Value as Json};

use crate::archive::DEFAULT_MTIME;
use crate::chart::MAX_TOTAL;
use crate::error::{Error, Problem};

use super::handed_on::metadata;
use super::{Form, Inspected, finish, open_archive};

/// A packed chart.
#[derive(Debug)]
pub struct Archive {
    /// The file, byte for byte.
    pub bytes: Vec<u8>,
    /// What was found in it.
    pub inspected: Inspected,
    /// Chart.yaml as Helm hands it on: known keys in Go's order, texts cleaned. Empty when it could not be read.
    pub metadata: Map<String, Json>,
    /// When the newest file in it was changed, in seconds since 1970. It is the archive's own, whatever the file system says.
    pub time: u64,
}

impl Archive {
    /// A text of the metadata; empty when it is not there.
    pub fn text(&self, key: &str) -> &str {
        self.metadata.get(key).and_then(Json::as_str).unwrap_or_default()
    }
}

/// Reads a `.tgz` and looks at it. What is inspected is what the bytes hold, even if the file changes meanwhile.
///
/// # Errors
/// [`Error::Io`] when it cannot be read; [`Error::Invalid`] when it is a zip, or larger than any chart.
pub fn archive(path: &Path) -> Result<Archive, Error> {
    let read = |source| Error::Io { action: "read", path: path.to_owned(), source };
    let name = path.display().to_string();
    let mut bytes = Vec::new();
    let mut file = File::open(path).map_err(read)?.take(MAX_TOTAL + 1);
    file.read_to_end(&mut bytes).map_err(read)?;
    if bytes.len() as u64 > MAX_TOTAL {
        let message =
            format!("`{name}` is larger than {MAX_TOTAL} bytes (100 MiB), which no chart is");
        return Err(Problem::new(message)
            .help("give a chart that `hzgchart package` wrote")
            .into());
    }
    let size = bytes.len() as u64;
    let (form, packed, contents, report) =
        open_archive(name.clone(), size, Cursor::new(&bytes)).map_err(read)?;
    if form == Form::Zip {
        let problem = Problem::new(format!("`{name}` is a zip, which Helm does not take"));
        return Err(problem.help("pack the chart as .tgz: `hzgchart package`").into());
    }
    let metadata = metadata(&contents);
    let time = if contents.time == 0 { DEFAULT_MTIME } else { contents.time };
    let inspected = finish(form, packed, &contents, report);
    Ok(Archive { bytes, inspected, metadata, time })
}
