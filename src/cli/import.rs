//! The command line of `hzgchart import`.

use std::path::PathBuf;

use clap::Args;

/// Turn the vendor's chart, or its values.yaml, into a typed values file
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hzgchart import Hzg-K8S-HelmChart-10.0.3.0.zip -o values.yaml
  hzgchart import mychart-forguncy/ > values.yaml
  helm get values shop -n prod --all -o yaml | hzgchart import - -o values.yaml

What has no key here is told on stderr, each with its place and what to do. Templates are read by their shape: what `{{ }}` makes of them is not evaluated.

Exit codes: 0 all was taken over, 1 something needs your hand, 2 the input cannot be used, 3 a file could not be read or written.")]
pub struct ImportArgs {
    /// The vendor's zip, its folder, a packaged chart (.tgz), or only its values.yaml; `-` for values on standard input
    pub file: PathBuf,
    /// Write to this file, which must not exist, instead of stdout
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}
