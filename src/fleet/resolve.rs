//! What an entry's parts come to: names, versions, and the layers of its values.

use super::file::Part;
use super::pattern::{is_own, is_own_text};
use super::{Entry, Fleet, Told};
use crate::error::{Error, Problem};
use crate::node::Node;
use crate::release::{Release, Subject};

/// An entry's settings, and the layers of its values.
#[derive(Debug)]
pub struct Resolved<'f> {
    /// The release.
    pub release: Release,
    /// The chart's name.
    pub chart: String,
    /// A Chart.yaml with fields to change; empty for none.
    pub chart_file: String,
    /// The chart's version; empty for the image's.
    pub version: String,
    /// The product's version; empty for the image's.
    pub app_version: String,
    /// The cluster; empty when the fleet names none.
    pub cluster: String,
    /// The presets, below all else.
    pub presets: Vec<String>,
    /// Where each preset stands.
    pub(super) preset_nodes: Vec<Option<&'f Node>>,
    /// What lies above the presets, and is the same for every entry of this environment and architecture.
    pub(super) common: Vec<Step<'f>>,
    /// What lies above that.
    pub(super) own: Vec<Step<'f>>,
    fleet: &'f Fleet,
    /// Where its texts stand, by their keys, as far as a part has them.
    nodes: Vec<(&'static str, &'f Node)>,
    /// Where the entry stands.
    place: Option<&'f Node>,
}

/// A layer of values above the presets.
#[derive(Clone, Debug)]
pub(super) enum Step<'f> {
    /// A values file, by its path, and where that stands.
    File(String, Option<&'f Node>),
    /// Values in the fleet file, with words for names.
    Values(&'f Node),
}

/// A part of an entry, and where the fleet file has it.
struct Piece<'f> {
    part: &'f Part,
    node: Option<&'f Node>,
    /// A values file that lies below the part's own.
    file: Option<String>,
    is_common: bool,
}

/// A text of a part, by the key that has it.
type Field = (&'static str, fn(&Part) -> &str);

impl Fleet {
    /// Lays an entry's parts over one another.
    ///
    /// # Errors
    /// Words in braces that stand for nothing.
    pub fn resolve(&self, entry: &Entry) -> Result<Resolved<'_>, Vec<Problem>> {
        let pieces = self.pieces(entry);
        let mut problems = Vec::new();
        let mut nodes = Vec::new();
        let mut fill = |text: &str, node: Option<&Node>, path: &str| match entry.names().fill(text)
        {
            Ok(filled) => filled,
            Err(message) => {
                problems.push(self.at(Problem::new(message).path(path), node));
                String::new()
            }
        };
        // The nearest part that says it.
        let mut text = |(key, get): Field, default: &str| {
            let said = pieces.iter().rev().find(|piece| !get(piece.part).is_empty());
            let text = said.map(|piece| (get(piece.part), piece.node.and_then(|n| n.at(&[key]))));
            nodes.extend(text.and_then(|(_, node)| Some((key, node?))));
            text.map_or_else(|| default.to_owned(), |(text, node)| fill(text, node, key))
        };
        let release = Release {
            name: text(("release", |part| &part.release), "forguncy"),
            namespace: text(("namespace", |part| &part.namespace), &entry.name),
        };
        let mut resolved = Resolved {
            release,
            chart: text(("chart", |part| &part.chart), &entry.name),
            chart_file: text(("chartFile", |part| &part.chart_file), ""),
            version: text(("version", |part| &part.version), ""),
            app_version: text(("appVersion", |part| &part.app_version), ""),
            cluster: text(("cluster", |part| &part.cluster), ""),
            presets: Vec::new(),
            preset_nodes: Vec::new(),
            common: Vec::new(),
            own: Vec::new(),
            fleet: self,
            nodes,
            place: self.place(entry),
        };
        for piece in pieces {
            let Piece { part, node, file, is_common } = piece;
            for (index, preset) in part.presets.iter().enumerate() {
                let node = node.and_then(|node| node.item("presets", index));
                resolved.presets.push(fill(preset, node, "presets"));
                resolved.preset_nodes.push(node);
            }
            if let Some(file) = file {
                resolved.own.push(Step::File(file, self.root.at(&["tenantFiles"])));
            }
            for (index, file) in part.files.iter().enumerate() {
                let node = node.and_then(|node| node.item("files", index));
                let step = Step::File(fill(file, node, "files"), node);
                resolved.push(step, is_common && !is_own_text(file));
            }
            if let Some(values) = node.and_then(|node| node.at(&["values"])) {
                resolved.push(Step::Values(values), is_common && !is_own(values));
            }
        }
        if problems.is_empty() { Ok(resolved) } else { Err(problems) }
    }

    /// An entry's parts, each over those before.
    fn pieces(&self, entry: &Entry) -> Vec<Piece<'_>> {
        let file = &self.file;
        let piece = |part, path: &[&str], is_common| Piece {
            part,
            node: self.root.at(path),
            file: None,
            is_common,
        };
        let mut pieces = vec![piece(&file.shared, &["shared"], true)];
        if let Some(part) = file.architectures.get(&*entry.architecture) {
            pieces.push(piece(part, &["architectures", &entry.architecture], true));
        }
        if let Some(part) = file.environments.get(&*entry.environment) {
            pieces.push(piece(part, &["environments", &entry.environment], true));
        }
        let mut tenant = piece(&self.nothing, &[], false);
        tenant.node = None;
        if let Some(part) = file.tenants.get(&*entry.tenant) {
            tenant = piece(part, &["tenants", &entry.tenant], false);
        }
        if self.tenant_files.contains(&entry.tenant) {
            tenant.file = Some(format!("{}/{}.yaml", file.tenant_files, entry.tenant));
        }
        pieces.push(tenant);
        if let Told::Entries(index) = entry.told
            && let Some(own) = file.entries.get(index)
        {
            let node = self.place(entry);
            pieces.push(Piece { part: &own.part, node, file: None, is_common: false });
        }
        pieces
    }
}

impl<'f> Resolved<'f> {
    /// Lays a step over those that are there. Above one of the entry's own, none is common.
    fn push(&mut self, step: Step<'f>, is_common: bool) {
        if is_common && self.own.is_empty() { self.common.push(step) } else { self.own.push(step) }
    }

    /// The values files, each over those before; presets lie below them.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.common.iter().chain(&self.own).filter_map(|step| match step {
            Step::File(path, _) => Some(path.as_str()),
            Step::Values(_) => None,
        })
    }

    /// What is wrong with the release, where its names stand.
    pub fn check(&self) -> Vec<Problem> {
        let key = |subject| match subject {
            Subject::Name => "release",
            Subject::Namespace => "namespace",
        };
        let breaches = self.release.breaches();
        breaches.map(|(subject, problem)| self.at(key(subject), problem)).collect()
    }

    /// A problem of one of its texts, where that stands; where the entry stands if no part has it.
    pub fn at(&self, key: &str, problem: Problem) -> Problem {
        self.fleet.at(problem, self.node(key))
    }

    /// What cannot be read because one of its texts names it.
    pub fn fault(&self, key: &str, error: Error) -> Error {
        self.fleet.fault(error, self.node(key))
    }

    fn node(&self, key: &str) -> Option<&'f Node> {
        let said = self.nodes.iter().find(|(said, _)| *said == key);
        said.map(|(_, node)| *node).or(self.place)
    }
}
