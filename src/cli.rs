//! The command line: what clap reads, and nothing else.

mod bundle;
mod diff;
mod fleet;
mod gateway;
mod gitops;
mod images;
mod import;
mod index;
mod inputs;
mod nfs;
mod package;
mod push;
mod reference;
mod render;
mod validate;
mod verify;

pub use bundle::BundleArgs;
pub use diff::{DiffArgs, DiffFormat};
pub use fleet::{
    EntriesArgs, FleetArgs, FleetDiffArgs, FleetListArgs, FleetPackageArgs, FleetRenderArgs,
    FleetValidateArgs, FleetVerb,
};
pub use gateway::GatewayArgs;
pub use gitops::{ArgocdForm, EngineArgs, FleetArgocdArgs, FleetFluxArgs};
pub use images::{ImageFormat, ImagesArgs, MirrorTool, Platform};
pub use import::ImportArgs;
pub use index::IndexArgs;
pub use inputs::{CheckArgs, ReleaseArgs, ValuesArgs};
pub use nfs::{MountArgs, NfsArgs, NfsRole};
pub use package::{ChartArgs, ChartFormat, PackageArgs, SignArgs};
pub use push::PushArgs;
pub use reference::{ExplainArgs, InitArgs, PresetsArgs};
pub use render::{ManifestFormat, RenderArgs};
pub use validate::ValidateArgs;
pub use verify::VerifyArgs;

use clap::{Parser, Subcommand};

/// Typed values in, Kubernetes manifests or an installable Helm chart out: Forguncy (活字格) on Kubernetes.
#[derive(Debug, Parser)]
#[command(
    name = "hzgchart",
    version,
    after_help = "Examples:
  hzgchart render --preset single-node        print the manifests for a learner's k3s
  hzgchart init --preset nfs -o values.yaml   write a commented values file, to edit
  hzgchart validate -f values.yaml            say all that is wrong, or would go wrong
  hzgchart render -f values.yaml              check the file and print its manifests
  hzgchart package -f values.yaml             write the chart for `helm install`
  hzgchart diff old.yaml new.yaml             say what an upgrade would change, and break
  hzgchart import Hzg-K8S-HelmChart.zip       turn the vendor's chart into a values file
  hzgchart fleet package -d charts            make the charts of all that fleet.yaml describes
  hzgchart bundle -f values.yaml              make one zip for a site without internet

Nothing here talks to a cluster: Helm or kubectl installs what comes out. Only `push` talks to a network.

Exit codes: 0 fine, 1 the checks found errors (or `verify` a chart that is not what was signed, or `diff --exit-code` differences, or `import` something for your hand), 2 the input is wrong, 3 a file, a stream or the program itself failed."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The verbs.
#[derive(Debug, Subcommand)]
// Only the verb that is asked for is told its arguments: those of all take a tenth of a run.
#[command(defer = true)]
pub enum Command {
    /// Check the values and print their Kubernetes manifests, as `helm template` would
    Render(RenderArgs),
    /// Write a Helm chart whose defaults are the given values; prints its path and sha256
    Package(PackageArgs),
    /// Check values, a packaged chart or manifests: would it install, and would it then serve?
    #[command(visible_alias = "lint")]
    Validate(ValidateArgs),
    /// Say what would change between two states of a release, and what that means for it
    Diff(DiffArgs),
    /// List every image of the values, or print a script that copies them to a private registry
    Images(ImagesArgs),
    /// Make one zip for a site without internet: the chart, scripts for the images, an install guide
    Bundle(BundleArgs),
    /// Print a script that prepares the NFS server or the workers for the values
    Nfs(NfsArgs),
    /// Print the configuration of an nginx before the nodes
    Gateway(GatewayArgs),
    /// Write the index.yaml of a folder of packaged charts, for `helm repo add`
    Index(IndexArgs),
    /// Turn the vendor's chart, or its values.yaml, into a typed values file
    Import(ImportArgs),
    /// Push a packaged chart to an OCI registry; prints its reference and digest
    Push(PushArgs),
    /// Check who signed a packaged chart, and that it is what was signed
    Verify(VerifyArgs),
    /// Render, check, package or compare many installations that one file describes
    Fleet(FleetArgs),
    /// Explain a rule of the checks, or list them all
    Explain(ExplainArgs),
    /// Print a commented values file to start from
    Init(InitArgs),
    /// List the presets, or print one
    Presets(PresetsArgs),
    /// Print the JSON schema of the values (draft-07), for editors and CI
    #[command(after_help = "Example:\n  hzgchart schema > values.schema.json")]
    Schema,
    /// Print a completion script for a shell
    #[command(
        after_help = "Examples:\n  source <(hzgchart completions bash)\n  hzgchart completions fish > ~/.config/fish/completions/hzgchart.fish"
    )]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, in roff
    #[command(after_help = "Example:\n  hzgchart man > hzgchart.1 && man ./hzgchart.1")]
    Man,
}
