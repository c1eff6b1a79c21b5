//! The command line of `hzgchart push`.

use std::path::PathBuf;

use clap::Args;

/// Push a packaged chart to an OCI registry; prints its reference and digest
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hzgchart push forguncy-k8s-server-10.0.3.tgz oci://registry.example.com/charts
  hzgchart push forguncy-k8s-server-10.0.3.tgz oci://localhost:5000/charts --plain-http

Logins are those of `helm registry login` and `docker login`, with their helpers. FILE.prov beside the chart is pushed with it.

Exit codes: 0 pushed, 1 it is no chart that Helm takes, 2 the input is wrong, 3 the registry refuses or cannot be reached.")]
pub struct PushArgs {
    /// The chart, a `.tgz`
    #[arg(value_name = "CHART")]
    pub chart: PathBuf,
    /// Where to: `oci://HOST/PATH`; the chart's name and version are added
    #[arg(value_name = "TARGET")]
    pub target: String,
    /// Use HTTP without TLS, which anyone on the way can read and change
    #[arg(long, conflicts_with = "ca_file")]
    pub plain_http: bool,
    /// Trust the certificates in this PEM file, too
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// How long the registry may be silent; what fails is tried four times
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub timeout: u64,
    /// Print one JSON object instead of the reference and the digest: docs/push.schema.json describes it
    #[arg(long)]
    pub output_json: bool,
    /// Waive a rule of the checks, by id or name (repeatable)
    #[arg(long, value_name = "RULE")]
    pub allow: Vec<String>,
}
