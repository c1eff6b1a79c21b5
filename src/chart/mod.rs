//! A chart in memory: its files by path, before they become an archive or a folder.
//!
//! Order and policy live here, once; the writers in [`crate::archive`] only write what they get.

pub mod address;
pub mod file;
pub mod metadata;
pub mod name;
pub mod path;
pub mod readme;
pub mod release;
pub mod version;

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::chart::metadata::Metadata;
use crate::chart::name::ChartName;
use crate::chart::path::ChartPath;
use crate::chart::version::ChartVersion;
use crate::error::Problem;

/// The largest file that Helm (from 3.17.3) loads from a chart, in bytes: 5 MiB, inclusive.
pub const MAX_FILE: u64 = 5 * 1024 * 1024;
/// The sum of all file sizes at which Helm (from 3.17.3) refuses a chart, in bytes: 100 MiB, exclusive.
pub const MAX_TOTAL: u64 = 100 * 1024 * 1024;

/// A chart: its name, its version, and its files in the order Helm packs them.
#[derive(Clone, Debug)]
pub struct Chart {
    name: ChartName,
    version: semver::Version,
    files: BTreeMap<ChartPath, Content>,
    total: u64,
}

/// What a file holds: what was made for it, and behind that a text that is part of the program. Most files have one of the two.
#[derive(Clone, Debug, Default)]
pub struct Content {
    /// What was made.
    pub made: Vec<u8>,
    /// What follows it.
    pub embedded: &'static str,
}

impl Content {
    /// How long it is, in bytes.
    pub fn size(&self) -> usize {
        self.made.len() + self.embedded.len()
    }

    /// The whole of it.
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        match (self.made.as_slice(), self.embedded.as_bytes()) {
            (made, []) => Cow::Borrowed(made),
            ([], embedded) => Cow::Borrowed(embedded),
            (made, embedded) => Cow::Owned([made, embedded].concat()),
        }
    }
}

impl Chart {
    /// A chart that holds its `Chart.yaml`, written here so that it cannot disagree with the
    /// names of folder and file. `images` are the container images as (name, reference).
    ///
    /// # Errors
    /// When the metadata alone is larger than Helm loads.
    pub fn new(
        metadata: &Metadata,
        version: &ChartVersion,
        images: &[(String, String)],
    ) -> Result<Self, Problem> {
        let mut chart = Self {
            name: metadata.name.clone(),
            version: version.version.clone(),
            files: BTreeMap::new(),
            total: 0,
        };
        chart.insert("Chart.yaml", metadata.to_yaml(version, images))?;
        Ok(chart)
    }

    /// Adds a file; `path` is relative to the chart's folder.
    ///
    /// # Errors
    /// When the path is illegal or taken (see [`ChartPath`]), or a limit of Helm is passed.
    pub fn insert(&mut self, path: &str, bytes: impl Into<Vec<u8>>) -> Result<(), Problem> {
        self.add(path, Content { made: bytes.into(), ..Content::default() })
    }

    /// Adds a file that is part of the program, without a copy; otherwise as [`Self::insert`].
    ///
    /// # Errors
    /// As [`Self::insert`].
    pub fn embed(&mut self, path: &str, text: &'static str) -> Result<(), Problem> {
        self.add(path, Content { embedded: text, ..Content::default() })
    }

    /// Adds a file of any content; otherwise as [`Self::insert`].
    ///
    /// # Errors
    /// As [`Self::insert`].
    pub fn add(&mut self, path: &str, content: Content) -> Result<(), Problem> {
        let refuse =
            |reason: String| Problem::new(format!("chart file `{}` {reason}", path.escape_debug()));
        let key = ChartPath::parse(path).map_err(refuse)?;
        if let Some(other) = self.files.keys().find(|other| other.clashes_with(&key)) {
            return Err(if *other == key {
                refuse("is there twice".to_owned())
            } else {
                refuse(format!("and `{other}` cannot lie in one folder on every system"))
            });
        }
        let size = content.size() as u64;
        if size > MAX_FILE {
            return Err(refuse(format!(
                "has {size} bytes; Helm loads no file above {MAX_FILE} bytes (5 MiB)"
            )));
        }
        let total = self.total + size;
        if total >= MAX_TOTAL {
            return Err(refuse(format!(
                "brings the chart to {total} bytes; Helm loads only charts below {MAX_TOTAL} bytes (100 MiB)"
            )));
        }
        self.total = total;
        self.files.insert(key, content);
        Ok(())
    }

    /// The chart's name, which is also its folder's.
    pub fn name(&self) -> &ChartName {
        &self.name
    }

    /// The chart's version.
    pub fn version(&self) -> &semver::Version {
        &self.version
    }

    /// The files in the order Helm packs them.
    pub fn files(&self) -> impl ExactSizeIterator<Item = (&ChartPath, &Content)> + Clone {
        self.files.iter()
    }

    /// What a file holds.
    pub fn get(&self, path: &str) -> Option<Cow<'_, [u8]>> {
        self.files.get(&ChartPath::parse(path).ok()?).map(Content::bytes)
    }

    /// An archive's name as `helm package` forms it: `forguncy-k8s-server-10.0.3.tgz`.
    pub fn file_name(&self, extension: &str) -> String {
        format!("{}-{}.{extension}", self.name, self.version)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{Chart, MAX_FILE, MAX_TOTAL};
    use crate::chart::metadata::Metadata;
    use crate::chart::path::ChartPath;
    use crate::chart::version;

    /// A small chart that Helm installs, version `10.0.3`.
    pub(crate) fn sample() -> Chart {
        let (version, _) = version::derive("10.0.3.0", None, None).unwrap();
        let mut chart = Chart::new(&Metadata::default(), &version, &[]).unwrap();
        chart.insert("templates/cm.yaml", "kind: ConfigMap\n").unwrap();
        chart.insert("values.yaml", "a: 1\n").unwrap();
        chart.insert("README.md", "# 活字格\n").unwrap();
        chart
    }

    #[test]
    fn holds_its_chart_yaml_first_and_the_rest_in_order() {
        let chart = sample();
        let paths: Vec<&str> = chart.files().map(|(path, _)| ChartPath::as_str(path)).collect();
        assert_eq!(paths, ["Chart.yaml", "values.yaml", "templates/cm.yaml", "README.md"]);
        assert_eq!(chart.get("values.yaml"), Some(b"a: 1\n".into()));
        assert_eq!(chart.get("../values.yaml"), None);
        assert_eq!(chart.file_name("tgz"), "forguncy-k8s-server-10.0.3.tgz");
    }

    #[test]
    fn names_the_file_in_every_refusal() {
        let mut chart = sample();
        let mut refuse = |path: &str| chart.insert(path, "x").unwrap_err().message;
        assert_eq!(refuse("values.yaml"), "chart file `values.yaml` is there twice");
        assert_eq!(
            refuse("readme.md"),
            "chart file `readme.md` and `README.md` cannot lie in one folder on every system"
        );
        assert_eq!(
            refuse("templates"),
            "chart file `templates` and `templates/cm.yaml` cannot lie in one folder on every system"
        );
        assert_eq!(
            refuse("../\n"),
            "chart file `../\\n` holds '\\n', which not every system can store"
        );
    }

    #[test]
    fn takes_five_mib_and_refuses_a_byte_more() {
        let mut chart = sample();
        chart.insert("files/a", vec![0; MAX_FILE as usize]).unwrap();
        let problem = chart.insert("files/b", vec![0; MAX_FILE as usize + 1]).unwrap_err();
        assert_eq!(
            problem.message,
            "chart file `files/b` has 5242881 bytes; Helm loads no file above 5242880 bytes (5 MiB)"
        );
    }

    #[test]
    fn refuses_the_byte_that_reaches_a_hundred_mib() {
        let mut chart = sample();
        for i in 0..19 {
            chart.insert(&format!("files/{i}"), vec![0; MAX_FILE as usize]).unwrap();
        }
        let left = (MAX_TOTAL - chart.total) as usize;
        let problem = chart.insert("files/last", vec![0; left]).unwrap_err();
        assert!(problem.message.contains("brings the chart to 104857600 bytes"), "{problem}");
        chart.insert("files/last", vec![0; left - 1]).unwrap();
    }
}
