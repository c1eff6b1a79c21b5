//! The command line of `hzgchart verify`.

use std::path::PathBuf;

use clap::Args;

/// Check who signed a packaged chart, and that it is what was signed
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hzgchart verify forguncy-k8s-server-10.0.3.tgz
  gpg --export release@example.com > release.gpg
  hzgchart verify forguncy-k8s-server-10.0.3.tgz --keyring release.gpg

Every key in the keyring is trusted: give it those alone that charts may be signed with.

Exit codes: 0 the chart is what a key of the keyring signed, 1 it is not, or is not signed, 2 the input is wrong, 3 a file could not be read.")]
pub struct VerifyArgs {
    /// The chart, a `.tgz` with its provenance file `.tgz.prov` beside it
    #[arg(value_name = "CHART")]
    pub chart: PathBuf,
    /// The public keys, as `gpg --export` writes them, armored or not [default: ~/.gnupg/pubring.gpg]
    #[arg(long, value_name = "FILE")]
    pub keyring: Option<PathBuf>,
}
