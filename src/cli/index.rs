//! The command line of `hzgchart index`.

use std::path::PathBuf;

use clap::Args;

/// Write the index.yaml of a folder of packaged charts, for `helm repo add`
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hzgchart index charts
  hzgchart index charts --url https://charts.example.com/stable
  hzgchart index charts --url https://charts.example.com/stable --merge published/index.yaml

Times are those of the archives, so the same archives give the same index.

Exit codes: 0 fine, 1 an archive is no chart that Helm takes, 2 the input is wrong, 3 a file could not be read or written.")]
pub struct IndexArgs {
    /// The folder with the archives (`*.tgz`, `*/*.tgz`); its index.yaml is written
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// The address that the folder will have; without one the index's own is meant
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// Keep what this index lists and the folder does not have
    #[arg(long, value_name = "FILE")]
    pub merge: Option<PathBuf>,
    /// Waive a rule of the checks, by id or name (repeatable)
    #[arg(long, value_name = "RULE")]
    pub allow: Vec<String>,
}
