#![forbid(unsafe_code)]
#![warn(missing_docs)]
#![warn(clippy::print_stdout, clippy::print_stderr, clippy::dbg_macro)]
//! Stub crate doc.

pub mod archive;
pub mod beside;
pub mod chart;
pub mod cli;
pub mod commands;
pub mod error;
#[cfg(test)]
mod generated;
pub mod load;
pub mod manifest;
pub mod merge;
pub mod node;
pub mod output;
pub mod package;
pub mod presets;
pub mod release;
pub mod schema;
pub mod set;
pub mod source;
pub mod stage;
pub mod suggest;
pub mod templates;
pub mod values;
pub mod values_file;
pub mod values_table;
pub mod yaml;
