//! The command line of `hzgchart validate`.

use std::path::PathBuf;

use clap::Args;

use super::{CheckArgs, ReleaseArgs, ValuesArgs};
use crate::report::Target;

/// Check values, a packaged chart or manifests: would it install, and would it then serve?
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hzgchart validate -f values.yaml
  hzgchart validate -f values.yaml --kube-version 1.28 --strict \\
      --format text --format sarif=out.sarif
  hzgchart validate -f values.yaml --allow HZG003
  hzgchart validate forguncy-k8s-server-10.0.3.tgz
  kustomize build . | hzgchart validate -

Exit codes: 0 fine, 1 errors were found (with --strict, or warnings), 2 the values cannot be used, 3 a file could not be read or written.")]
pub struct ValidateArgs {
    /// Check this instead of values: a packaged chart (.tgz, .zip, folder), manifests (.yaml, .yml, .json), or `-` for manifests on standard input
    #[arg(value_name = "CHART|MANIFESTS", conflicts_with_all = ["presets", "files", "set", "set_string", "set_json", "set_file", "set_literal"])]
    pub targets: Vec<PathBuf>,
    /// How to report: text, json, sarif, junit or github; `sarif=out.sarif` writes a file (repeatable) [default: text]
    #[arg(long, value_name = "FORMAT[=FILE]")]
    pub format: Vec<Target>,
    /// Let warnings fail the run, too
    #[arg(long)]
    pub strict: bool,
    /// Which release is meant.
    #[command(flatten)]
    pub release: ReleaseArgs,
    /// How strictly to check.
    #[command(flatten)]
    pub checks: CheckArgs,
    /// Where values come from.
    #[command(flatten)]
    pub values: ValuesArgs,
}
