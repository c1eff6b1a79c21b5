//! An entry's values: its layers, of which many entries have the first in common.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::files::Files;
use super::resolve::{Resolved, Step};
use super::{Entry, Fleet};
use crate::error::{Error, Problem};
use crate::load::{Layer, Layers, Loaded};
use crate::node::Node;
use crate::presets::Preset;

/// Loads the values of a fleet's entries.
pub struct Loader<'f> {
    fleet: &'f Fleet,
    files: &'f dyn Files,
    /// The layers that entries have in common, laid once.
    common: Mutex<HashMap<Common, Arc<Layers>>>,
}

/// What decides on the common layers: presets, environment, architecture.
type Common = (Vec<String>, Arc<str>, Arc<str>);

impl<'f> Loader<'f> {
    /// A loader for the entries of a fleet, whose files are there.
    pub fn new(fleet: &'f Fleet, files: &'f dyn Files) -> Self {
        Self { fleet, files, common: Mutex::default() }
    }

    /// Loads the values of an entry, and checks them.
    ///
    /// # Errors
    /// [`Error::Invalid`] with all that is wrong with its layers, and for a file of it that cannot be read.
    pub fn load(&self, entry: &Entry, resolved: &Resolved<'_>) -> Result<Loaded, Error> {
        let mut layers = Layers::clone(&*self.common(entry, resolved)?);
        self.lay(&mut layers, entry, &resolved.own)?;
        layers.load()
    }

    fn common(&self, entry: &Entry, resolved: &Resolved<'_>) -> Result<Arc<Layers>, Error> {
        let key = (resolved.presets.clone(), entry.environment.clone(), entry.architecture.clone());
        // A thread that panicked left a map that is whole all the same.
        let known = self.common.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let mut layers = Layers::new(self.fleet.sources.clone());
        for (preset, node) in resolved.presets.iter().zip(&resolved.preset_nodes) {
            Preset::find(preset).map_err(|problem| self.fleet.at(problem, *node))?;
            layers.lay(Layer::Preset(preset.clone()), &mut no_file);
        }
        self.lay(&mut layers, entry, &resolved.common)?;
        let layers = Arc::new(layers);
        self.common.lock().unwrap_or_else(PoisonError::into_inner).insert(key, layers.clone());
        Ok(layers)
    }

    fn lay(&self, layers: &mut Layers, entry: &Entry, steps: &[Step<'_>]) -> Result<(), Error> {
        for step in steps {
            let layer = match step {
                Step::File(path, node) => {
                    Layer::File(self.files.shown(path), self.read(path, *node)?)
                }
                Step::Values(node) => {
                    let filled = entry.names().fill_values(node);
                    Layer::Tree(filled.map_err(|(message, text)| {
                        self.fleet.at(Problem::new(message), Some(text))
                    })?)
                }
            };
            layers.lay(layer, &mut no_file);
        }
        Ok(())
    }

    /// A file that the fleet names: that it is not there is the fleet's fault, and this entry's only.
    fn read(&self, path: &str, node: Option<&Node>) -> Result<Vec<u8>, Error> {
        if path.is_empty() {
            let problem = Problem::new("a values file has a path, and this one is empty");
            return Err(self.fleet.at(problem, node).into());
        }
        self.files.read(path).map_err(|error| self.fleet.fault(error, node))
    }
}

/// No layer of a fleet names a file inside.
fn no_file(path: &str) -> Result<String, Problem> {
    Err(Problem::new(format!("`{path}` is not read here")))
}
