//! Loading: defaults, presets, files and `--set` become one tree, and the tree becomes typed values.

use crate::error::{Error, Problem};
use crate::merge::merge;
use crate::node::{Map, Node, Value};
use crate::presets::Preset;
use crate::schema::{self, check};
use crate::set::{self, Flag};
use crate::source::Sources;
use crate::values::Values;
use crate::yaml::{decode, read};

/// One layer of values over those before it.
#[derive(Clone, Debug)]
pub enum Layer {
    /// A preset, by name.
    Preset(String),
    /// A values file: what the user calls it, and its bytes.
    File(String, Vec<u8>),
    /// The arguments of the `--set` family, in the order in which they are to be set.
    Set(Vec<(Flag, String)>),
}

/// Values, loaded and checked.
#[derive(Debug)]
pub struct Loaded {
    /// The typed values.
    pub values: Values,
    /// The same as a tree, as they go into the chart.
    pub tree: Node,
}

/// Merges layers over the built-in defaults, in the given order, and checks the result.
///
/// Maps merge, lists and scalars replace, null deletes a default (helm.md section 4). `read_file` reads what `--set-file`
/// names.
///
/// # Errors
/// Every problem of every layer; if the layers could be read, every problem of the merged values.
pub fn load(
    layers: &[Layer],
    read_file: &mut dyn FnMut(&str) -> Result<String, Problem>,
) -> Result<Loaded, Error> {
    let mut sources = Sources::default();
    let mut problems = Vec::new();
    let defaults = Values::default().to_json();
    let mut tree = Node::from_json(&defaults);
    for layer in layers {
        match layer {
            Layer::Preset(name) => match Preset::find(name) {
                Ok(preset) => {
                    let id = sources.add(format!("preset {name}"), preset.text);
                    overlay(&mut tree, read::document(id, &sources), &mut problems);
                }
                Err(problem) => problems.push(problem),
            },
            Layer::File(name, bytes) => match decode(bytes, name) {
                Ok(text) => {
                    let id = sources.add(name.clone(), text);
                    overlay(&mut tree, read::document(id, &sources), &mut problems);
                }
                Err(problem) => problems.push(problem),
            },
            Layer::Set(arguments) => {
                // Set on a copy, so that an index reaches into the lists below; then merged, so that null deletes.
                let mut map = match &tree.value {
                    Value::Map(map) => map.clone(),
                    _ => Map::new(),
                };
                for (flag, argument) in arguments {
                    let id = sources.add(flag.name(), argument.clone());
                    if let Err(found) = set::apply(*flag, id, &sources, &mut map, read_file) {
                        problems.extend(found);
                    }
                }
                overlay(&mut tree, Ok(Node::new(Value::Map(map), None)), &mut problems);
            }
        }
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }

    if !check::fits(&tree, &schema::around(&tree, &defaults)) {
        // Only the whole schema has the words for it.
        let problems = check::check(&tree, &schema::load(), &sources);
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
    }
    let values = Values::from_json(tree.to_json())?;
    Ok(Loaded { values, tree })
}

fn overlay(tree: &mut Node, layer: Result<Node, Vec<Problem>>, problems: &mut Vec<Problem>) {
    match layer {
        Ok(layer) => {
            let base = std::mem::replace(tree, Node::new(Value::Map(Map::new()), None));
            *tree = merge(base, layer);
        }
        Err(found) => problems.extend(found),
    }
}
