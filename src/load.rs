//! Loading: defaults, presets, files and `--set` become one tree, and the tree becomes typed values.

use smol_str::SmolStr;

use crate::error::{Error, Problem};
use crate::merge::{Deleted, merge};
use crate::node::{Map, Node, Value};
use crate::presets::Preset;
use crate::restore::restore;
use crate::schema;
use crate::schema::check::{self, Past};
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
    /// Values that were read already: their origins lead into the sources that the layers started with. What has none counts as
    /// a default, and is not checked.
    Tree(Node),
    /// The arguments of the `--set` family, in the order in which they are to be set.
    Set(Vec<(Flag, String)>),
}

/// Values, loaded and checked.
#[derive(Debug)]
pub struct Loaded {
    /// The typed values.
    pub values: Values,
    /// The same as a tree, as they go into the chart. Origins lead into the sources.
    pub tree: Node,
    /// The texts that the values came from.
    pub sources: Sources,
}

/// Merges layers over the built-in defaults, in the given order, and checks the result.
///
/// `read_file` reads what `--set-file` names.
///
/// # Errors
/// As [`Layers::load`].
pub fn load(
    layers: &[Layer],
    read_file: &mut dyn FnMut(&str) -> Result<String, Problem>,
) -> Result<Loaded, Error> {
    let mut laid = Layers::new(Sources::default());
    for layer in layers {
        laid.lay(layer.clone(), read_file);
    }
    laid.load()
}

/// Layers that are laid over the built-in defaults, one after another. Whoever goes on from the same ones starts with a clone.
///
/// Maps merge, lists and scalars replace, null deletes a default (Helm, `coalesce.go`). A section that was replaced or deleted
/// has its defaults again when a later layer writes into it.
#[derive(Clone, Debug)]
pub struct Layers {
    tree: Node,
    defaults: Values,
    /// The sections that layers have something of.
    written: Vec<SmolStr>,
    sources: Sources,
    deleted: Vec<Deleted>,
    problems: Vec<Problem>,
}

impl Layers {
    /// The defaults alone. `sources` has the texts that [`Layer::Tree`]s come from.
    pub fn new(sources: Sources) -> Self {
        let defaults = Values::default();
        let (tree, written) = (defaults.to_node(), Vec::new());
        Self { tree, defaults, written, sources, deleted: Vec::new(), problems: Vec::new() }
    }

    /// Lays another layer over those that are there. What is wrong with it is told by [`Layers::load`].
    pub fn lay(
        &mut self,
        layer: Layer,
        read_file: &mut dyn FnMut(&str) -> Result<String, Problem>,
    ) {
        match self.read(layer, read_file) {
            Ok(over) => {
                for name in over.as_map().into_iter().flat_map(Map::keys) {
                    if !self.written.contains(name) {
                        self.written.push(name.clone());
                    }
                }
                restore(&mut self.tree, &over, &mut self.deleted);
                let base = std::mem::replace(&mut self.tree, Node::new(Value::Null, None));
                self.tree = merge(base, over, &mut self.deleted);
            }
            Err(found) => self.problems.extend(found),
        }
    }

    fn read(
        &mut self,
        layer: Layer,
        read_file: &mut dyn FnMut(&str) -> Result<String, Problem>,
    ) -> Result<Node, Vec<Problem>> {
        match layer {
            Layer::Preset(name) => {
                let preset = Preset::find(&name).map_err(|problem| vec![problem])?;
                let id = self.sources.add(format!("preset {name}"), preset.text);
                read::document(id, &self.sources)
            }
            Layer::File(name, bytes) => {
                let text = decode(&bytes, &name).map_err(|problem| vec![problem])?;
                let id = self.sources.add(name, text);
                let root = read::document(id, &self.sources)?;
                if root.as_map().is_some() {
                    return Ok(root);
                }
                // Above others it would leave nothing of them, and below others nobody would find it.
                let past = Past { sources: &self.sources, deleted: &[], complete: false };
                Err(check::check(&root, &schema::load(), &past))
            }
            Layer::Tree(node) => Ok(node),
            Layer::Set(arguments) => {
                // Set on a copy, so that an index reaches into the lists below; then merged, so that null deletes.
                let mut map = match &self.tree.value {
                    Value::Map(map) => map.clone(),
                    _ => Map::new(),
                };
                for (flag, argument) in arguments {
                    let id = self.sources.add(flag.name(), argument);
                    if let Err(found) = set::apply(flag, id, &self.sources, &mut map, read_file) {
                        self.problems.extend(found);
                    }
                }
                Ok(Node::new(Value::Map(map), None))
            }
        }
    }

    /// Checks what the layers came to.
    ///
    /// # Errors
    /// Every problem of every layer, then every problem of the merged values; if a layer could not be read, only those that
    /// do not depend on it.
    pub fn load(self) -> Result<Loaded, Error> {
        let Self { tree, defaults, written, sources, deleted, mut problems } = self;
        let complete = problems.is_empty();
        // Of keys that are missing only the whole schema tells.
        let all_there = complete && deleted.is_empty();
        let schema = all_there.then(|| schema::around(&tree)).flatten();
        if !schema.is_some_and(|schema| check::fits(&tree, &schema)) {
            // Only the whole schema has the words for it.
            let past = Past { sources: &sources, deleted: &deleted, complete };
            problems.extend(check::check(&tree, &schema::load(), &past));
        }
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        let values = defaults.with_sections(&written, &tree)?;
        Ok(Loaded { values, tree, sources })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    fn file(text: &str) -> Layer {
        Layer::File("values.yaml".to_owned(), text.as_bytes().to_vec())
    }

    fn set(arguments: &[(Flag, &str)]) -> Layer {
        Layer::Set(
            arguments.iter().map(|(flag, argument)| (*flag, (*argument).to_owned())).collect(),
        )
    }

    fn loaded(layers: &[Layer]) -> Json {
        let loaded = load(layers, &mut |path| Ok(format!("content of {path}"))).unwrap();
        // Read section by section or as a whole.
        assert_eq!(loaded.values, Values::from_node(&loaded.tree).unwrap());
        loaded.tree.to_json()
    }

    fn refused(layers: &[Layer]) -> String {
        load(layers, &mut |path| Ok(path.to_owned())).unwrap_err().to_string()
    }

    #[test]
    fn the_defaults_alone_are_complete() {
        assert_eq!(loaded(&[]), Values::default().to_json());
    }

    #[test]
    fn later_layers_win_and_maps_merge() {
        let tree = loaded(&[
            Layer::Preset("nfs".to_owned()),
            file("storage: {root: /a}\nforguncy: {nodeSelector: {a: b}}"),
            file("forguncy: {nodeSelector: {c: d}}"),
            set(&[(Flag::Set, "storage.server=files"), (Flag::String, "forguncy.image.tag=10")]),
        ]);
        assert_eq!(tree["storage"]["root"], "/a");
        assert_eq!(tree["storage"]["server"], "files");
        assert_eq!(tree["storage"]["mountOptions"], json!(["hard"]));
        assert_eq!(tree["forguncy"]["nodeSelector"], json!({"a": "b", "c": "d"}));
        assert_eq!(tree["forguncy"]["image"]["tag"], "10");
    }

    #[test]
    fn null_deletes_a_default_and_what_a_layer_below_gave() {
        let tree = loaded(&[
            file("forguncy: {strategy: null, nodeSelector: {a: b}}"),
            file("forguncy: {nodeSelector: {a: null}}"),
        ]);
        assert_eq!(tree["forguncy"]["nodeSelector"], json!({}));
        assert_eq!(tree["forguncy"].get("strategy"), None);
    }

    #[test]
    fn null_deletes_a_default_once_more() {
        let null = || file("forguncy: {probes: {liveness: null}}");
        assert_eq!(loaded(&[null(), null()]), loaded(&[null()]));
        let set = set(&[(Flag::Set, "forguncy.probes.liveness=null")]);
        assert_eq!(loaded(&[null(), set]), loaded(&[null()]));
    }

    #[test]
    fn a_section_has_its_defaults_again_under_a_later_layer() {
        let defaults = loaded(&[]);
        for below in ["redis: off", "redis: null", "redis: [1]", "redis: {enabled: true}\n---\n"] {
            let tree = loaded(&[file(below), file("redis: {maxMemory: 1gb}")]);
            assert_eq!(tree["redis"]["maxMemory"], "1gb", "{below}");
            assert_eq!(tree["redis"]["image"], defaults["redis"]["image"], "{below}");
        }
        let null = file("redis: {persistence: null}");
        let size = [null.clone(), file("redis: {persistence: {size: 5Gi}}")];
        assert_eq!(loaded(&size)["redis"]["persistence"]["size"], "5Gi");
        let set = [null, set(&[(Flag::Set, "redis.persistence.size=5Gi")])];
        assert_eq!(loaded(&set), loaded(&size));
        // What is wrong inside is found as ever.
        assert!(
            refused(&[file("redis: off"), file("redis: {image: null, maxMemory: 1gb}")])
                .contains("values.yaml:1:16: redis.image: has no value")
        );
    }

    #[test]
    fn a_free_map_that_was_deleted_is_written_anew() {
        let tree = loaded(&[
            file("forguncy: {strategy: null}"),
            file("forguncy: {strategy: {type: Recreate}}"),
        ]);
        assert_eq!(tree["forguncy"]["strategy"], json!({"type": "Recreate"}));
    }

    #[test]
    fn a_file_that_is_no_map_is_refused_itself() {
        let refused = refused(&[
            Layer::File("list.yaml".to_owned(), b"- a\n".to_vec()),
            file("redis: {maxMemory: 1gb}"),
        ]);
        assert!(refused.starts_with("list.yaml:1:1: expected a map, found a list"), "{refused}");
        assert!(!refused.contains("values.yaml"), "{refused}");
    }

    #[test]
    fn null_deletes_a_section_that_may_be_missing() {
        let tree = loaded(&[
            file("extraObjects: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}]"),
            file("extraObjects: null"),
        ]);
        assert_eq!(tree.get("extraObjects"), None);
    }

    #[test]
    fn null_is_refused_where_there_is_nothing_to_delete_or_nothing_to_do_without() {
        assert!(
            refused(&[file("forguncy: {strategy: {x: null}}")])
                .contains("values.yaml:1:26: forguncy.strategy.x")
        );
        assert!(
            refused(&[file("forguncy: {containerPort: null}")]).contains("forguncy.containerPort")
        );
    }

    #[test]
    fn an_index_reaches_into_the_list_of_a_file() {
        let tree = loaded(&[
            file("ingress: {hosts: [a.com, b.com]}"),
            set(&[(Flag::Set, "ingress.hosts[1]=c.com")]),
        ]);
        assert_eq!(tree["ingress"]["hosts"], json!(["a.com", "c.com"]));
    }

    #[test]
    fn a_map_in_json_replaces_what_an_argument_before_it_set() {
        let arguments = [
            (Flag::Json, "redis.nodeSelector={\"a\":\"b\"}"),
            (Flag::Json, "redis.nodeSelector={}"),
        ];
        assert_eq!(loaded(&[set(&arguments)])["redis"]["nodeSelector"], json!({}));
    }

    #[test]
    fn every_problem_of_every_layer_is_told_at_once() {
        let error = refused(&[
            Layer::Preset("nsf".to_owned()),
            file("a: [\n"),
            set(&[(Flag::Set, "redis.enabled")]),
        ]);
        assert!(error.contains("unknown preset `nsf`"), "{error}");
        assert!(error.contains("did you mean `nfs`?"), "{error}");
        assert!(error.contains("values.yaml:"), "{error}");
        assert!(error.contains("--set:1:"), "{error}");
    }

    #[test]
    fn a_secret_that_is_written_wrongly_is_not_shown() {
        for text in [
            "redis:\n  auth:\n    password:hunter2\n",
            "redis: {auth: {enabled: true, password:hunter2}}",
            "redis: {auth: {enabled: true, password:\"hunter2\"}}",
            "redis:\n  auth:\n    password = hunter2\n",
            "redis:\n  auth:\n    password：hunter2\n",
            "redis: {auth: password=hunter2}",
            "redis: {auth: hunter2}",
            "forguncy: {extraEnv: [\"DB_PASSWORD=hunter2\"]}",
            "storage: {mountOptions: [\"password=hunter2,x y\"]}",
            "storage: {server: \"u:hunter2@h\"}",
            "forguncy: {image: {registry: \"user:hunter2@example.com\"}}",
        ] {
            let refused = refused(&[file(text)]);
            assert!(refused.contains("values.yaml:") && !refused.contains("hunter2"), "{refused}");
        }
        let key = refused(&[file("redis: {auth: {password:hunter2}}")]);
        assert!(key.contains("unknown key `password…`"), "{key}");
        assert!(key.contains("put a blank behind the colon"), "{key}");
    }

    #[test]
    fn a_password_is_what_people_type() {
        for password in ["\n", "\n\n", "\r\n", "abc\r\n", "abc\r"] {
            let text = format!("redis: {{auth: {{password: {password:?}}}}}");
            let refused = refused(&[file(&text)]);
            assert!(refused.contains("does not end with a carriage return"), "{refused}");
            assert!(!refused.contains("abc"), "{refused}");
        }
        for password in ["", "abc", "abc\n", "a\r\nb", " "] {
            loaded(&[file(&format!("redis: {{auth: {{password: {password:?}}}}}"))]);
        }
    }

    #[test]
    fn a_file_becomes_a_value() {
        let tree = loaded(&[set(&[(Flag::File, "forguncy.podAnnotations.note=n.txt")])]);
        assert_eq!(tree["forguncy"]["podAnnotations"]["note"], "content of n.txt");
    }
}
