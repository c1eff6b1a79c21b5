//! A fleet as the engines read it that install from Git: Argo CD and Flux.
//!
//! ```text
//! fleet entry, its chart's name and version ─▶ Installation ─┬─ argocd ─▶ ApplicationSet, or Applications
//!                                                            └─ flux ───▶ OCIRepository and HelmRelease, a folder per cluster
//! ```
//!
//! A chart has all of its entry's values inside, so what an engine reads names the chart, its exact version, the release and
//! the namespace, and no value.

pub mod argocd;
pub mod flux;
mod names;
mod pushed;

pub use names::{check_label, check_name};
pub use pushed::Pushed;

use std::sync::Arc;

use serde_json::Value as Json;

use crate::node::Node;
use crate::registry::Reference;
use crate::release::Release;
use crate::yaml::write::{Order, document};

/// An entry of a fleet, and the chart that a registry has of it.
#[derive(Clone, Debug)]
pub struct Installation {
    /// The entry's name.
    pub entry: Arc<str>,
    /// Its environment; empty for none.
    pub environment: Arc<str>,
    /// The release.
    pub release: Release,
    /// The chart's name.
    pub chart: String,
    /// The chart's version, as Chart.yaml has it.
    pub version: String,
    /// The cluster; empty for that of the engine.
    pub cluster: String,
    /// Where `hzgchart push` puts the chart.
    pub reference: Reference,
    /// The digest of what was pushed; empty when it is not known.
    pub digest: String,
}

/// A file that an engine reads.
#[derive(Clone, Debug)]
pub struct File {
    /// Its place, `/` between the parts.
    pub path: String,
    /// The objects in it.
    pub objects: Vec<Json>,
    /// How many entries it is about.
    pub entries: usize,
}

/// What a person who opens one of the files should know first.
const HEAD: &str = "# Written by `hzgchart fleet`: change the fleet and run it again.\n";

impl File {
    /// The file's text.
    pub fn text(&self) -> String {
        format!("{HEAD}{}", stream(&self.objects))
    }
}

/// Objects as one stream.
pub fn stream<'o>(objects: impl IntoIterator<Item = &'o Json>) -> String {
    let mut text = String::new();
    for object in objects {
        text.push_str("---\n");
        text.push_str(&document(&Node::from_json(object), Order::AsWritten));
    }
    text
}

#[cfg(test)]
pub(crate) mod tests {
    use super::Installation;
    use crate::registry::Reference;
    use crate::release::Release;

    /// An installation in `oci://registry.example.com/charts`.
    pub(crate) fn installation(entry: &str, environment: &str, cluster: &str) -> Installation {
        let (chart, version) = (entry.to_owned(), "10.0.103+2".to_owned());
        let reference = Reference::parse("oci://registry.example.com/charts/", &chart, &version);
        Installation {
            entry: entry.into(),
            environment: environment.into(),
            release: Release { name: "forguncy".to_owned(), namespace: entry.to_owned() },
            chart,
            version,
            cluster: cluster.to_owned(),
            reference: reference.unwrap(),
            digest: String::new(),
        }
    }
}
