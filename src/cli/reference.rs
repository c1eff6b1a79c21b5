//! The command lines of `hzgchart explain`, `init` and `presets`.

use std::path::PathBuf;

use clap::Args;

/// Explain a rule of the checks, or list them all
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  hzgchart explain\n  hzgchart explain HZG901")]
pub struct ExplainArgs {
    /// The rule's id or name
    pub rule: Option<String>,
}

/// Print a commented values file to start from
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hzgchart init > values.yaml
  hzgchart init --preset nfs --preset offline -o values.yaml")]
pub struct InitArgs {
    /// Start from a preset (repeatable, a later one wins; `hzgchart presets` lists them)
    #[arg(long = "preset", value_name = "NAME")]
    pub presets: Vec<String>,
    /// Write to this file, which must not exist, instead of stdout
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// List the presets, or print one
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  hzgchart presets\n  hzgchart presets nfs")]
pub struct PresetsArgs {
    /// Print this preset's values file
    pub name: Option<String>,
}
