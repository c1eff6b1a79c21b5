//! The command line of `hzgchart render`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{CheckArgs, ReleaseArgs, ValuesArgs};

/// Check the values and print their Kubernetes manifests, as `helm template` would
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hzgchart render --preset nfs --set storage.server=198.19.249.12
  hzgchart render -f values.yaml --name shop -n prod --set tests.enabled=false \\
      | kubectl apply -f -
  hzgchart render -f values.yaml --show-only templates/pvs.yaml
  hzgchart render -f values.yaml -o manifests

Later values win: defaults, --preset, --values, --set-json, --set, --set-string, --set-file, --set-literal.")]
pub struct RenderArgs {
    /// Which release is meant.
    #[command(flatten)]
    pub release: ReleaseArgs,
    /// Write each template's manifests to a file below this folder instead of stdout
    #[arg(short, long, value_name = "DIR")]
    pub output_dir: Option<PathBuf>,
    /// Show only the manifests of this template: `templates/pvs.yaml` (repeatable)
    #[arg(short, long, value_name = "TEMPLATE")]
    pub show_only: Vec<String>,
    /// The form of the output
    #[arg(long, value_enum, default_value_t = ManifestFormat::Yaml)]
    pub format: ManifestFormat,
    /// Write it unchecked: the values still have to fit their schema
    #[arg(long, help_heading = "Checks")]
    pub no_validate: bool,
    /// How strictly to check.
    #[command(flatten)]
    pub checks: CheckArgs,
    /// Where values come from.
    #[command(flatten)]
    pub values: ValuesArgs,
}

/// The form of rendered manifests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ManifestFormat {
    /// YAML documents, as `helm template` prints them
    Yaml,
    /// One JSON `List`, which kubectl takes
    Json,
}
