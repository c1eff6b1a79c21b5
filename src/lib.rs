#![forbid(unsafe_code)]
#![warn(missing_docs)]
#![warn(clippy::print_stdout, clippy::print_stderr, clippy::dbg_macro)]
//! Typed values in, Kubernetes manifests or an installable Helm chart out: Forguncy (活字格) on Kubernetes.
//!
//! One set of templates is rendered in two stages. In the manifest stage values are known; in the chart stage they are
//! names that an installation fills in. The law: for all values, overrides, release names and namespaces, `render` prints
//! the objects that `helm template` prints for the package. `docs/design.md` tells why things are as they are.
//!
//! ```text
//!  presets ──┐
//!  -f FILE ──┤ yaml     merge    schema              templates × stage
//!  --set  ───┘ set ───▶ load ───▶ check ───▶ values ─┬─ Concrete ─▶ manifest ─▶ output   render
//!                                                    └─ Symbolic ─▶ chart ────▶ archive  package
//! ```
//!
//! The chart stage depends on no value, so a test renders it, into `chart/`, and a run takes it from there.
//!
//! From [`load`] to [`archive`] everything takes data and returns data. Files, streams and the environment are touched in
//! [`commands`] and [`output`] only.
//!
//! In the order of the flow:
//!
//! - [`cli`]: what the command line may say.
//! - [`commands`]: the verbs; each reads, calls what follows, and hands on the result.
//! - [`error`]: what can go wrong, and the words for it. [`suggest`] finds the name that was meant, `secret` what must not be shown.
//! - [`source`], [`node`]: texts that were read, and trees whose parts remember where they stood.
//! - [`yaml`]: YAML as Helm reads it, and as every parser reads it back.
//! - [`set`]: the `--set` family.
//! - [`presets`]: the embedded values files.
//! - [`merge`], [`load`]: layers become one tree, the tree becomes typed values.
//! - [`schema`]: the JSON schema made from the types, and the check against it.
//! - [`values`]: the types. [`values_file`] and [`values_table`] write them down for people.
//! - [`release`]: the installation's name and namespace.
//! - [`stage`], [`templates`]: the two stages, and the templates in them.
//! - [`manifest`]: rendered objects in Helm's install order. [`object`] is one as a tree.
//! - [`rules`], [`finding`]: what is checked of them, and what was found. [`quantity`] compares amounts.
//! - [`references`]: whether what one object names, another is. [`deployment`]: whether the values would serve.
//! - [`chart`], [`package`]: a chart in memory, and how it is put together.
//! - [`archive`], [`output`]: bytes that are the same everywhere, written whole or not at all.

pub mod cli;
pub mod commands;
pub mod error;
mod secret;
pub mod suggest;
pub mod source;
pub mod node;
pub mod yaml;
pub mod set;
pub mod presets;
pub mod merge;
pub mod load;
pub mod schema;
pub mod values;
pub mod values_file;
pub mod values_table;
pub mod release;
pub mod stage;
pub mod templates;
pub mod rules;
pub mod finding;
pub mod manifest;
pub mod object;
pub mod quantity;
pub mod references;
pub mod deployment;
pub mod chart;
pub mod package;
pub mod archive;
pub mod output;

#[cfg(test)]
mod generated;
