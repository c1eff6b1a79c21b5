//! The plan: which entries a fleet has, by name.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::file::{Combination, Own, Part, Product};
use super::{Entry, Fleet, Told};
use crate::error::Problem;
use crate::node::Node;
use crate::suggest::nearest;

/// The longest name of an entry, in characters: it is the namespace's, unless there is another.
const NAME_MAX: usize = 63;

/// What tenants, environments and architectures are called in messages, and the key that has them.
#[derive(Clone, Copy)]
struct Axis {
    word: &'static str,
    key: &'static str,
}

const TENANTS: Axis = Axis { word: "tenant", key: "tenants" };
const ENVIRONMENTS: Axis = Axis { word: "environment", key: "environments" };
const ARCHITECTURES: Axis = Axis { word: "architecture", key: "architectures" };

/// The entries of a fleet: those of the matrix, then the others, in the order of the file.
///
/// # Errors
/// Names that are not there, or are none.
pub(super) fn plan(fleet: &Fleet) -> Result<Vec<Entry>, Vec<Problem>> {
    let mut planner = Planner::new(fleet);
    for (index, product) in fleet.file.matrix.iter().enumerate() {
        planner.multiply(product, index);
    }
    let mut cells: HashMap<[Arc<str>; 3], usize> = HashMap::new();
    for (index, entry) in planner.entries.iter().enumerate() {
        cells.entry(entry.coordinates()).or_insert(index);
    }
    for (index, own) in fleet.file.entries.iter().enumerate() {
        planner.add(own, index, &mut cells);
    }
    planner.check_names();
    let Planner { entries, problems, .. } = planner;
    if problems.is_empty() { Ok(entries) } else { Err(problems) }
}

struct Planner<'f> {
    fleet: &'f Fleet,
    /// The names that there are, by [`TENANTS`], [`ENVIRONMENTS`], [`ARCHITECTURES`].
    known: [Vec<Arc<str>>; 3],
    entries: Vec<Entry>,
    problems: Vec<Problem>,
}

impl<'f> Planner<'f> {
    fn new(fleet: &'f Fleet) -> Self {
        let file = &fleet.file;
        let keys =
            |parts: &'f BTreeMap<String, Part>| parts.keys().map(|name| Arc::from(name.as_str()));
        let tenants: BTreeSet<Arc<str>> =
            keys(&file.tenants).chain(fleet.tenant_files.iter().cloned()).collect();
        let known = [
            tenants.into_iter().collect(),
            keys(&file.environments).collect(),
            keys(&file.architectures).collect(),
        ];
        Self { fleet, known, entries: Vec::new(), problems: Vec::new() }
    }

    fn problem(&mut self, problem: Problem, node: Option<&Node>) {
        let problem = self.fleet.at(problem, node);
        self.problems.push(problem);
    }

    /// Adds an entry for each combination of a product.
    fn multiply(&mut self, product: &Product, index: usize) {
        let node = self.fleet.root.item("matrix", index);
        let names = |planner: &mut Self, at: usize, axis: Axis, wanted: &[String]| {
            let nodes = node.and_then(|node| node.at(&[axis.key]));
            planner.wanted(at, axis, wanted, nodes)
        };
        let tenants = names(self, 0, TENANTS, &product.tenants);
        let environments = names(self, 1, ENVIRONMENTS, &product.environments);
        let architectures = names(self, 2, ARCHITECTURES, &product.architectures);
        if tenants.is_empty() && self.problems.is_empty() {
            let problem = Problem::new("the matrix has no tenants to combine")
                .help("name them in `tenants`, or have a values file for each in `tenantFiles`");
            self.problem(problem, node);
        }
        for (at, except) in product.except.iter().enumerate() {
            let node = node.and_then(|node| node.item("except", at));
            self.check_except(except, node);
        }
        let or_none = |names: Vec<Arc<str>>| if names.is_empty() { vec!["".into()] } else { names };
        let (environments, architectures) = (or_none(environments), or_none(architectures));
        for tenant in &tenants {
            for environment in &environments {
                for architecture in &architectures {
                    if !product.except.iter().any(|e| covers(e, tenant, environment, architecture))
                    {
                        let mut entry =
                            Entry::new(tenant.clone(), environment.clone(), architecture.clone());
                        entry.told = Told::Matrix(index);
                        self.entries.push(entry);
                    }
                }
            }
        }
    }

    /// The names of an axis that a product asks for; all when it asks for none.
    fn wanted(
        &mut self,
        at: usize,
        axis: Axis,
        wanted: &[String],
        nodes: Option<&Node>,
    ) -> Vec<Arc<str>> {
        if wanted.is_empty() {
            return self.known[at].clone();
        }
        let mut names: Vec<Arc<str>> = Vec::new();
        for (index, name) in wanted.iter().enumerate() {
            let node = nodes.and_then(|nodes| nodes.items().get(index));
            match self.known[at].iter().find(|known| ***known == **name) {
                Some(known) if names.contains(known) => {
                    self.problem(
                        Problem::new(format!("the {} `{name}` stands here twice", axis.word)),
                        node,
                    );
                }
                Some(known) => names.push(known.clone()),
                None => self.unknown(at, axis, name, node),
            }
        }
        names
    }

    fn unknown(&mut self, at: usize, axis: Axis, name: &str, node: Option<&Node>) {
        let problem = Problem::new(format!("there is no {} `{name}`", axis.word));
        let help = match nearest(name, self.known[at].iter().map(|known| &**known)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("add it to `{}`: `{name}: {{}}`", axis.key),
        };
        self.problem(problem.help(help), node);
    }

    fn check_except(&mut self, except: &Combination, node: Option<&Node>) {
        let named = [&except.tenant, &except.environment, &except.architecture];
        if named.iter().all(|name| name.is_empty()) {
            let problem =
                Problem::new("an exception names a tenant, an environment or an architecture");
            self.problem(problem, node);
        }
        for ((at, name), axis) in
            named.into_iter().enumerate().zip([TENANTS, ENVIRONMENTS, ARCHITECTURES])
        {
            if !name.is_empty() && !self.known[at].iter().any(|known| **known == **name) {
                self.unknown(at, axis, name, node.and_then(|node| node.at(&[axis.word])));
            }
        }
    }

    /// Adds an entry that is written out, or what it says to the one of the matrix.
    fn add(&mut self, own: &Own, index: usize, cells: &mut HashMap<[Arc<str>; 3], usize>) {
        let node = self.fleet.root.item("entries", index);
        let names = [&own.tenant, &own.environment, &own.architecture];
        for ((at, name), axis) in
            names.into_iter().enumerate().zip([TENANTS, ENVIRONMENTS, ARCHITECTURES])
        {
            let known = &self.known[at];
            if !name.is_empty() && !known.is_empty() && !known.iter().any(|known| **known == **name)
            {
                self.unknown(at, axis, name, node.and_then(|node| node.at(&[axis.word])));
            }
        }
        let [tenant, environment, architecture] = names.map(|name| Arc::from(name.as_str()));
        let mut entry = Entry::new(tenant, environment, architecture);
        entry.told = Told::Entries(index);
        if !own.name.is_empty() {
            entry.name = own.name.as_str().into();
        }
        match cells.remove(&entry.coordinates()) {
            Some(cell) => self.entries[cell] = entry,
            None => self.entries.push(entry),
        }
    }

    /// Checks the names of all entries, of which each has the one that it keeps.
    fn check_names(&mut self) {
        for entry in std::mem::take(&mut self.entries) {
            self.check_name(&entry.name, self.fleet.place(&entry));
            self.entries.push(entry);
        }
    }

    fn check_name(&mut self, name: &str, node: Option<&Node>) {
        let legal = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '-');
        let is_edge = |c: Option<char>| c.is_some_and(|c| c != '-');
        if name.len() > NAME_MAX {
            let problem = Problem::new(format!(
                "the entry's name `{name}` has more than {NAME_MAX} characters"
            ))
            .help("give it a shorter `name` in `entries`");
            self.problem(problem, node);
        } else if !(name.chars().all(legal)
            && is_edge(name.chars().next())
            && is_edge(name.chars().last()))
        {
            let problem = Problem::new(format!("`{name}` is no name for an entry"))
                .help("give it a `name` in `entries` of lower-case letters, digits and dashes inside, such as `acme-prod`");
            self.problem(problem, node);
        }
    }
}

fn covers(except: &Combination, tenant: &str, environment: &str, architecture: &str) -> bool {
    let is = |wanted: &str, name: &str| wanted.is_empty() || wanted == name;
    is(&except.tenant, tenant)
        && is(&except.environment, environment)
        && is(&except.architecture, architecture)
}
