//! The command line of `hzgchart fleet`.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::thread::available_parallelism;

use clap::{Args, Subcommand};

use super::{CheckArgs, DiffFormat, FleetArgocdArgs, FleetFluxArgs, SignArgs};
use crate::fleet::{Only, Shard};
use crate::report::Target;

/// Render, check, package or compare many installations that one file describes
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hzgchart fleet list
  hzgchart fleet validate --format text --format sarif=out.sarif
  hzgchart fleet package -d charts --only 'tenant=acme,environment=prod'
  hzgchart fleet package -d charts --shard 1/4 --changed-since origin/main
  hzgchart fleet argocd --repository oci://registry.example.com/charts -o argocd

docs/fleet.md describes the file; docs/fleet.schema.json lets an editor check it.

Exit codes: 0 fine, 1 the checks found errors, 2 the fleet or values of an entry cannot be used, 3 a file failed.")]
pub struct FleetArgs {
    /// What to do.
    #[command(subcommand)]
    pub verb: FleetVerb,
}

/// What can be done with a fleet.
#[derive(Debug, Subcommand)]
// Only the verb that is asked for is told its arguments: those of all take a tenth of a run.
#[command(defer = true)]
pub enum FleetVerb {
    /// List the entries: name, namespace, release and chart of each
    List(FleetListArgs),
    /// Check every entry and write its manifests to DIR/ENTRY/manifests.yaml
    Render(FleetRenderArgs),
    /// Check every entry, and tell what was found once for all that have it
    Validate(FleetValidateArgs),
    /// Check every entry and write its chart; prints the sha256 and path of each
    Package(FleetPackageArgs),
    /// Say what would change in every entry between two states of the fleet
    Diff(FleetDiffArgs),
    /// Write what Argo CD reads to install every entry from a registry
    Argocd(FleetArgocdArgs),
    /// Write what Flux reads to install every entry from a registry
    Flux(FleetFluxArgs),
}

/// Which entries of which fleet.
#[derive(Args, Debug)]
pub struct EntriesArgs {
    /// The fleet file
    #[arg(value_name = "FILE", default_value = "fleet.yaml")]
    pub file: PathBuf,
    /// Only entries that fit: a name, in which `*` stands for anything, or `tenant=…`, `environment=…`, `architecture=…`; commas for all of several (repeatable)
    #[arg(long, value_name = "PATTERN", help_heading = "Entries")]
    pub only: Vec<Only>,
    /// Only entries whose files, or whose part of the fleet file, differ from this Git revision
    #[arg(long, value_name = "REVISION", help_heading = "Entries")]
    pub changed_since: Option<String>,
    /// Only this share of them, for one of N jobs: `1/4` to `4/4`
    #[arg(long, value_name = "I/N", help_heading = "Entries")]
    pub shard: Option<Shard>,
    /// How many entries to work on at once [default: the number of cores]
    #[arg(long, value_name = "NUMBER", help_heading = "Entries")]
    pub jobs: Option<NonZeroUsize>,
}

impl EntriesArgs {
    /// How many entries to work on at once.
    pub fn threads(&self) -> usize {
        let cores = || available_parallelism().map_or(1, NonZeroUsize::get);
        self.jobs.map_or_else(cores, NonZeroUsize::get)
    }
}

/// List the entries: name, namespace, release and chart of each
#[derive(Args, Debug)]
pub struct FleetListArgs {
    /// Which entries.
    #[command(flatten)]
    pub entries: EntriesArgs,
    /// Print JSON, an object a line
    #[arg(long)]
    pub output_json: bool,
}

/// Check every entry and write its manifests to DIR/ENTRY/manifests.yaml
#[derive(Args, Debug)]
pub struct FleetRenderArgs {
    /// Which entries.
    #[command(flatten)]
    pub entries: EntriesArgs,
    /// The folder to write to; without it the manifests of one entry go to stdout
    #[arg(short, long, value_name = "DIR")]
    pub output_dir: Option<PathBuf>,
    /// Write it unchecked: the values still have to fit their schema
    #[arg(long, help_heading = "Checks")]
    pub no_validate: bool,
    /// How strictly to check.
    #[command(flatten)]
    pub checks: CheckArgs,
}

/// Check every entry, and tell what was found once for all that have it
#[derive(Args, Debug)]
pub struct FleetValidateArgs {
    /// Which entries.
    #[command(flatten)]
    pub entries: EntriesArgs,
    /// How to report: text, json, sarif, junit or github; `sarif=out.sarif` writes a file (repeatable) [default: text]
    #[arg(long, value_name = "FORMAT[=FILE]")]
    pub format: Vec<Target>,
    /// Let warnings fail the run, too
    #[arg(long)]
    pub strict: bool,
    /// How strictly to check.
    #[command(flatten)]
    pub checks: CheckArgs,
}

/// Check every entry and write its chart; prints the sha256 and path of each
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hzgchart fleet package -d charts --shard 1/4 --changed-since origin/main
  hzgchart fleet package -d charts --sign --key release@example.com \\
      --keyring secring.gpg --passphrase-file passphrase
  hzgchart fleet package -d charts > SHA256SUMS && sha256sum -c SHA256SUMS")]
pub struct FleetPackageArgs {
    /// Which entries.
    #[command(flatten)]
    pub entries: EntriesArgs,
    /// The folder to write to; it is made if need be
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    pub destination: PathBuf,
    /// Print JSON, a chart a line: docs/fleet-package.schema.json describes it
    #[arg(long)]
    pub output_json: bool,
    /// How to sign them.
    #[command(flatten)]
    pub sign: SignArgs,
    /// Write it unchecked: the values still have to fit their schema
    #[arg(long, help_heading = "Checks")]
    pub no_validate: bool,
    /// How strictly to check.
    #[command(flatten)]
    pub checks: CheckArgs,
}

/// Say what would change in every entry between two states of the fleet
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hzgchart fleet diff --changed-since origin/main
  hzgchart fleet diff --against ../released/fleet.yaml --only 'tenant=acme' --exit-code")]
pub struct FleetDiffArgs {
    /// Which entries.
    #[command(flatten)]
    pub entries: EntriesArgs,
    /// The fleet file that is there; without it the same file at the revision of --changed-since
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present = "changed_since",
        conflicts_with = "changed_since"
    )]
    pub against: Option<PathBuf>,
    /// How to report
    #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
    pub format: DiffFormat,
    /// Exit with 1 when there are differences
    #[arg(long)]
    pub exit_code: bool,
}
