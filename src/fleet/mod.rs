//! A fleet: many installations, each a chart of its own, described in one file.
//!
//! ```text
//! fleet.yaml ── file ──┐
//! tenants/*.yaml ──────┴─ plan ─ selection ─ in_order ─┬─ resolve ─ layers ──▶ load, render, package, diff
//!                                                      └─ summary ──▶ verdict
//! ```
//!
//! A plan knows every entry by its names and nothing else; what an entry is made of is read when it is its turn, and let go after
//! it. So a fleet takes little more memory the more entries it has.

mod changed;
mod conflicts;
mod file;
mod files;
mod in_order;
mod layers;
mod pattern;
mod plan;
mod resolve;
mod selection;
mod summary;
mod unique;

pub use changed::{Past, changed};
pub use conflicts::{Claim, Conflicts, claims};
pub use file::schema;
pub use files::Files;
pub use in_order::in_order;
pub use layers::Loader;
pub use resolve::Resolved;
pub use selection::{Only, Shard, select, share};
pub use summary::{Judged, Summary};

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::error::{Error, Problem};
use crate::node::Node;
use crate::source::{Location, Sources};

use self::file::{FleetFile, Part, parse};
use self::pattern::Names;

/// A fleet that was read.
#[derive(Debug)]
pub struct Fleet {
    /// The entries: those of the matrix, then the others, in the order of the file.
    pub entries: Vec<Entry>,
    /// The fleet file's text.
    pub sources: Sources,
    file: FleetFile,
    root: Node,
    /// The tenants that have a file in `tenantFiles`.
    tenant_files: BTreeSet<Arc<str>>,
    /// What a tenant has that only its file tells of.
    nothing: Part,
}

/// One installation: its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name, which no other entry has.
    pub name: Arc<str>,
    /// The tenant.
    pub tenant: Arc<str>,
    /// The environment; empty for none.
    pub environment: Arc<str>,
    /// The architecture; empty for none.
    pub architecture: Arc<str>,
    told: Told,
}

/// Where the fleet file tells of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// In a product of `matrix`, by its place there.
    Matrix(usize),
    /// In `entries`, by its place there; maybe in a product, too.
    Entries(usize),
}

impl Entry {
    /// An entry of the first product, whose name is made of these.
    fn new(tenant: Arc<str>, environment: Arc<str>, architecture: Arc<str>) -> Self {
        let parts = [&*tenant, &*environment, &*architecture];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let name = parts.join("-").into();
        Self { name, tenant, environment, architecture, told: Told::Matrix(0) }
    }

    /// Tenant, environment and architecture.
    fn coordinates(&self) -> [Arc<str>; 3] {
        [self.tenant.clone(), self.environment.clone(), self.architecture.clone()]
    }

    /// What words in braces stand for.
    fn names(&self) -> Names<'_> {
        Names {
            name: &self.name,
            tenant: &self.tenant,
            environment: &self.environment,
            architecture: &self.architecture,
        }
    }
}

impl Fleet {
    /// Reads a fleet file, and the names in its folder of tenants.
    ///
    /// # Errors
    /// [`Error::Invalid`] with all that is wrong with the file, [`Error::Io`] for a folder or file that cannot be read.
    pub fn read(path: &str, files: &dyn Files) -> Result<Self, Error> {
        let mut sources = Sources::default();
        let (file, root) = parse(&files.shown(path), &files.read(path)?, &mut sources)?;
        let tenant_files = match file.tenant_files.as_str() {
            "" => Ok(BTreeSet::new()),
            folder => tenants(folder, files),
        };
        let mut fleet = Self {
            entries: Vec::new(),
            sources,
            file,
            root,
            tenant_files: BTreeSet::new(),
            nothing: Part::default(),
        };
        let node = fleet.root.at(&["tenantFiles"]);
        fleet.tenant_files = tenant_files.map_err(|error| fleet.fault(error, node))?;
        fleet.entries = plan::plan(&fleet).map_err(Error::Invalid)?;
        unique::check(&fleet).map_err(Error::Invalid)?;
        if fleet.entries.is_empty() {
            let problem = Problem::new("the fleet has no entries").help(
                "list them in `entries`, or let `matrix: [{}]` make one of each tenant, environment and architecture",
            );
            return Err(fleet.at(problem, Some(&fleet.root)).into());
        }
        Ok(fleet)
    }

    /// Where an entry is told of.
    fn place(&self, entry: &Entry) -> Option<&Node> {
        match entry.told {
            Told::Entries(index) => self.root.item("entries", index),
            Told::Matrix(index) => self.root.item("matrix", index),
        }
    }

    /// What cannot be read, as a problem where the fleet names it.
    fn fault(&self, error: Error, node: Option<&Node>) -> Error {
        let problems = match error {
            Error::Invalid(problems) => problems,
            other => vec![Problem::new(other.to_string())],
        };
        let located = problems.into_iter().map(|problem| match problem.location {
            Some(_) => problem,
            None => self.at(problem, node),
        });
        Error::Invalid(located.collect())
    }

    /// A problem where a node stands.
    fn at(&self, problem: Problem, node: Option<&Node>) -> Problem {
        match node.and_then(|node| node.origin) {
            Some(origin) => problem.at(Location::of(origin, &self.sources)),
            None => problem,
        }
    }
}

/// The tenants that have a values file in a folder.
fn tenants(folder: &str, files: &dyn Files) -> Result<BTreeSet<Arc<str>>, Error> {
    let mut names = files.list(folder)?;
    names.sort();
    let mut problems = Vec::new();
    let mut tenants = BTreeSet::new();
    for name in names {
        if let Some(tenant) = name.strip_suffix(".yml") {
            let shown = files.shown(&format!("{folder}/{name}"));
            let problem = Problem::new(format!("`{shown}` would not be read"));
            problems.push(problem.help(format!("name it `{tenant}.yaml`, or move it elsewhere")));
        } else if let Some(tenant) = name.strip_suffix(".yaml")
            && !tenant.ends_with(".waivers")
        {
            tenants.insert(tenant.into());
        }
    }
    if problems.is_empty() { Ok(tenants) } else { Err(Error::Invalid(problems)) }
}
