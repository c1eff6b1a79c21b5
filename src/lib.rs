#![forbid(unsafe_code)]
#![warn(missing_docs)]
#![warn(clippy::print_stdout, clippy::print_stderr, clippy::dbg_macro)]
//! Typed values in, Kubernetes manifests or an installable Helm chart out: Forguncy (活字格) on Kubernetes.
//!
//! One set of templates, two stages. In the manifest stage values are known; in the chart stage they are names that an
//! installation fills in. The law: for all values, overrides, release names and namespaces, `render` prints the objects that
//! `helm template` prints for the package. `docs/design.md` tells why things are as they are.
//!
//! ```text
//!  when tested:   templates/ ─ Tera ─▶ programs ─ stage::go ─▶ chart/
//!                                         │                     │
//!  presets ──┐                            ▼                     │
//!  -f FILE ──┤ yaml     merge    schema   stage::known          │
//!  --set  ───┘ set ───▶ load ───▶ check ─┬─▶ templates ─▶ manifest ─▶ output      render
//!                                        └────────────▶ package ─▶ archive        package
//!                                                        └▶ provenance            package --sign, verify
//!                                         archives ─▶ inspect ─┬─▶ repository     index
//!                                                               └─▶ registry       push
//!                     package, images, ground ─▶ bundle ─▶ archive                 bundle
//! ```
//!
//! Tera renders the templates when hzgchart is tested, with no value known, into programs and into `chart/`; both are
//! committed. A run evaluates a program, or packs what is in `chart/`, and has no template engine in it.
//!
//! From [`load`] to [`archive`] everything takes data and returns data. Files, streams and the environment are touched at the
//! edges: [`commands`], [`output`], and [`inspect`], which opens packaged charts; the network, and the programs that keep
//! logins, in [`registry`] alone.
//!
//! In the order of the flow:
//!
//! - [`cli`]: what the command line may say.
//! - [`commands`]: the verbs; each reads, calls what follows, and hands on the result.
//! - [`error`]: what can go wrong, and the words for it. [`suggest`] finds the name that was meant, `secret` what must not be shown.
//! - `lines`: those of texts that are part of the program.
//! - [`source`], [`node`]: texts that were read, and trees whose parts remember where they stood.
//! - [`yaml`]: YAML as Helm reads it, and as every parser reads it back.
//! - [`set`]: the `--set` family.
//! - [`presets`]: the embedded values files.
//! - [`merge`], [`load`]: layers become one tree, the tree becomes typed values. `restore`: sections that come back on the way.
//! - [`schema`]: the JSON schema made from the types, and the check against it.
//! - [`values`]: the types. [`values_file`] and [`values_table`] write them down for people.
//! - [`release`]: the installation's name and namespace.
//! - [`stage`], [`templates`]: what the constructs of templates mean in both stages, and the templates.
//! - [`manifest`]: rendered objects in Helm's install order. [`object`] is one as a tree.
//! - [`rules`], [`finding`]: what is checked of them, and what was found. [`quantity`] compares amounts.
//! - [`kubernetes`]: what an API server would refuse of an object. [`references`]: whether what one object names, another is.
//! - [`pod_security`]: by which of the Pod Security Standards the pods run.
//! - [`deployment`]: whether the values would serve.
//! - [`validate`]: all of these in one call. [`waivers`] set findings aside, the [`verdict`] holds the rest, a [`report`] writes it.
//! - [`embedded`]: texts of every chart, compressed when hzgchart is built.
//! - [`chart`], [`package`]: a chart in memory, and how it is put together.
//! - [`inspect`]: any packaged chart, as both majors of Helm would take it.
//! - `percent`: what must be escaped in addresses.
//! - [`repository`]: the index of a folder of charts, as `helm repo` reads it.
//! - [`provenance`]: a chart signed, and a signature checked, as `helm package --sign` and `helm verify` do.
//! - [`registry`]: a chart pushed to an OCI registry, as Helm pushes it; the one place that talks to a network.
//! - [`import`]: typed values out of the vendor's chart, and what is in it that has no key here.
//! - [`diff`]: what would change between two states of a release, and what that means.
//! - [`images`]: every image that the pods use, and the script that mirrors them. [`shell`] quotes its words.
//! - [`ground`]: what the machines around the cluster need: scripts, and a configuration of nginx.
//! - [`bundle`]: a chart with all that a site without internet needs beside it, and the guide to install it there.
//! - [`product`]: what was packaged or pushed, told to programs.
//! - [`fleet`]: many installations in one file, and work on all of them at once.
//! - [`gitops`]: the same for the engines that install from Git, Argo CD and Flux.
//! - [`archive`], [`output`]: bytes that are the same everywhere, written whole or not at all.

pub mod cli;
pub mod commands;
pub mod error;
mod secret;
pub mod suggest;
pub mod source;
pub mod node;
pub mod yaml;
mod lines;
pub mod set;
pub mod presets;
pub mod merge;
mod restore;
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
pub mod waivers;
pub mod verdict;
pub mod report;
pub mod manifest;
pub mod object;
pub mod quantity;
pub mod kubernetes;
pub mod references;
pub mod pod_security;
pub mod deployment;
pub mod validate;
pub mod embedded;
pub mod chart;
pub mod package;
pub mod archive;
pub mod inspect;
mod percent;
pub mod repository;
pub mod provenance;
pub mod registry;
pub mod import;
pub mod diff;
pub mod shell;
pub mod images;
pub mod ground;
pub mod bundle;
pub mod fleet;
pub mod gitops;
pub mod product;
pub mod output;

#[cfg(test)]
mod generated;
