//! The command line of `hzgchart fleet argocd` and `hzgchart fleet flux`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::EntriesArgs;
use crate::fleet::Only;

/// What both engines need to be told.
#[derive(Args, Debug)]
pub struct EngineArgs {
    /// The fleet file
    #[arg(value_name = "FILE", default_value = "fleet.yaml")]
    pub file: PathBuf,
    /// Where the charts are: the address that `hzgchart push` was given
    #[arg(long, value_name = "oci://HOST/PATH")]
    pub repository: String,
    /// What `hzgchart push --output-json` printed, line by line: refuse entries whose chart is not in it, and pin Flux to the digests
    #[arg(long, value_name = "FILE")]
    pub pushed: Option<PathBuf>,
    /// Write files below this folder, which becomes hzgchart's own, instead of stdout
    #[arg(short, long, value_name = "DIR")]
    pub output_dir: Option<PathBuf>,
    /// Only entries that fit: a name, in which `*` stands for anything, or `tenant=…`, `environment=…`, `architecture=…`; commas for all of several (repeatable)
    #[arg(long, value_name = "PATTERN", help_heading = "Entries")]
    pub only: Vec<Only>,
    /// How many entries to work on at once [default: the number of cores]
    #[arg(long, value_name = "NUMBER", help_heading = "Entries")]
    pub jobs: Option<NonZeroUsize>,
}

impl EngineArgs {
    /// The entries. There is no share of them: what an engine reads has to be whole, since it removes what is not there.
    pub fn entries(&self) -> EntriesArgs {
        EntriesArgs {
            file: self.file.clone(),
            only: self.only.clone(),
            changed_since: None,
            shard: None,
            jobs: self.jobs,
        }
    }
}

/// Write what Argo CD reads to install every entry from a registry
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hzgchart fleet argocd --repository oci://registry.example.com/charts -o argocd
  hzgchart fleet argocd --repository oci://registry.example.com/charts \\
      --form applications --project forguncy -o argocd

docs/gitops.md shows the whole way, for 1,000 clusters.")]
pub struct FleetArgocdArgs {
    /// What both engines need.
    #[command(flatten)]
    pub engine: EngineArgs,
    /// What to write
    #[arg(long, value_enum, default_value_t = ArgocdForm::Applicationset)]
    pub form: ArgocdForm,
    /// The name of the ApplicationSet, which that of an environment follows
    #[arg(long, value_name = "NAME", default_value = "forguncy")]
    pub name: String,
    /// The namespace that Argo CD reads
    #[arg(short, long, value_name = "NAMESPACE", default_value = "argocd")]
    pub namespace: String,
    /// The project of the Applications
    #[arg(long, value_name = "PROJECT", default_value = "default")]
    pub project: String,
}

/// What `hzgchart fleet argocd` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ArgocdForm {
    /// An ApplicationSet for each environment, with a list of its entries.
    Applicationset,
    /// An Application for each entry.
    Applications,
}

/// Write what Flux reads to install every entry from a registry
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hzgchart fleet flux --repository oci://registry.example.com/charts -o clusters
  hzgchart fleet flux --repository oci://registry.example.com/charts \\
      --kubeconfig-secret '{cluster}-kubeconfig' -o clusters

docs/gitops.md shows the whole way, for 1,000 clusters.")]
pub struct FleetFluxArgs {
    /// What both engines need.
    #[command(flatten)]
    pub engine: EngineArgs,
    /// The namespace of the objects that Flux reads
    #[arg(short, long, value_name = "NAMESPACE", default_value = "flux-system")]
    pub namespace: String,
    /// The Secret in this namespace that has the registry's login
    #[arg(long, value_name = "NAME")]
    pub secret_ref: Option<String>,
    /// The Secret in this namespace that leads to an entry's cluster, when one Flux serves many; `{cluster}` stands for its name
    #[arg(long, value_name = "NAME")]
    pub kubeconfig_secret: Option<String>,
}
