//! The command line of `hzgchart diff`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{ReleaseArgs, ValuesArgs};

/// Say what would change between two states of a release, and what that means for it
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hzgchart diff old.yaml new.yaml --name shop -n prod
  hzgchart diff forguncy-k8s-server-10.0.103.tgz values.yaml
  helm get manifest shop -n prod | hzgchart diff - values.yaml --name shop -n prod --exit-code
  helm get values shop -n prod -o yaml | hzgchart diff - values.yaml --format unified

A side is a values file, a chart that this hzgchart packaged (.tgz, .zip, folder), or manifests; `-` is values or manifests on standard input. `--preset` and `--values` lie below the values of both sides, the `--set` family lies above them.

Exit codes: 0 fine, with --exit-code 1 for differences, 2 a side cannot be used, 3 a file could not be read.")]
pub struct DiffArgs {
    /// What is there
    #[arg(value_name = "A")]
    pub old: PathBuf,
    /// What is to be
    #[arg(value_name = "B")]
    pub new: PathBuf,
    /// How to report
    #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
    pub format: DiffFormat,
    /// Exit with 1 when there are differences
    #[arg(long)]
    pub exit_code: bool,
    /// Which release is meant.
    #[command(flatten)]
    pub release: ReleaseArgs,
    /// Where values come from.
    #[command(flatten)]
    pub values: ValuesArgs,
}

/// The form of a diff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// For people: objects, fields, consequences, and steps where there is no short way
    Text,
    /// For programs: docs/diff.schema.json describes it
    Json,
    /// For `patch` and viewers: YAML, line by line
    Unified,
}
