//! The command line of `hzgchart package`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{CheckArgs, ValuesArgs};

/// Write a Helm chart whose defaults are the given values; prints its path and sha256
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hzgchart package -f values.yaml -d charts
  hzgchart package -f values.yaml --version 10.0.3.0
  hzgchart package -f values.yaml --chart Chart.yaml --format zip
  hzgchart package -f values.yaml --sign --key release@example.com \\
      --keyring secring.gpg --passphrase-file passphrase
  hzgchart package -f values.yaml --output-json | jq -r .digest
  SOURCE_DATE_EPOCH=$(git log -1 --format=%ct) hzgchart package -f values.yaml

Later values win: defaults, --preset, --values, --set-json, --set, --set-string, --set-file, --set-literal.
The values stay live: `helm install --set` and `--values` override them.")]
pub struct PackageArgs {
    /// The folder to write to; it is made if need be
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    pub destination: PathBuf,
    /// What the chart is called.
    #[command(flatten)]
    pub chart: ChartArgs,
    /// What to write
    #[arg(long, value_enum, default_value_t = ChartFormat::Tgz)]
    pub format: ChartFormat,
    /// Print one JSON object about the chart instead of its path and sha256: docs/package.schema.json describes it
    #[arg(long)]
    pub output_json: bool,
    /// How to sign it.
    #[command(flatten)]
    pub sign: SignArgs,
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

/// What a chart is called.
#[derive(Args, Debug)]
pub struct ChartArgs {
    /// The chart's version: SemVer, or four parts such as 10.0.3.0 [default: from the image's tag]
    #[arg(long, value_name = "VERSION")]
    pub version: Option<String>,
    /// The product's version, the chart's appVersion [default: the image's tag]
    #[arg(long, value_name = "VERSION")]
    pub app_version: Option<String>,
    /// A Chart.yaml with only the fields to change: name, maintainers, annotations and the like
    #[arg(long, value_name = "FILE")]
    pub chart: Option<PathBuf>,
}

/// How to sign a chart. Helm's own flags.
#[derive(Args, Debug)]
#[command(next_help_heading = "Signature")]
pub struct SignArgs {
    /// Sign the archive: writes CHART.tgz.prov beside it, for `helm verify` and `hzgchart verify`
    #[arg(long)]
    pub sign: bool,
    /// The key: a part of its user id, or its fingerprint [default: the only one in the keyring]
    #[arg(long, value_name = "NAME", requires = "sign")]
    pub key: Option<String>,
    /// The secret keys, as `gpg --export-secret-keys` writes them [default: ~/.gnupg/secring.gpg]
    #[arg(long, value_name = "FILE", requires = "sign")]
    pub keyring: Option<PathBuf>,
    /// A file whose first line is the key's passphrase, `-` for standard input; without it a terminal is asked
    #[arg(long, value_name = "FILE", requires = "sign")]
    pub passphrase_file: Option<PathBuf>,
}

/// The form of a packaged chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ChartFormat {
    /// A chart archive for `helm install`
    Tgz,
    /// A zip of the chart's folder, the vendor's shape
    Zip,
    /// The chart's folder; the sha256 is that of the same chart as .tgz
    Dir,
}
