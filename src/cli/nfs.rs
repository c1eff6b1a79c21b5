//! The command line of `hzgchart nfs`.

use clap::{Args, ValueEnum};

use super::ValuesArgs;

/// Print a script that prepares the NFS server or the workers for the values
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hzgchart nfs server -f values.yaml --clients 10.0.0.0/24 > server.sh
  hzgchart nfs server -f values.yaml --server 10.0.0.6 > logs-server.sh
  hzgchart nfs worker -f values.yaml > worker.sh
  hzgchart nfs worker --preset single-node --set storage.sharedMount=true \\
      --export 10.0.0.5:/forguncy

Read the script, then run it as root on that machine. It may be run again.")]
pub struct NfsArgs {
    /// The machine that the script is for
    #[arg(value_enum)]
    pub role: NfsRole,
    /// Which file server, where the values name several
    #[arg(long, value_name = "HOST")]
    pub server: Option<String>,
    /// What is mounted, and by whom.
    #[command(flatten)]
    pub mount: MountArgs,
    /// Where values come from.
    #[command(flatten)]
    pub values: ValuesArgs,
}

/// What the scripts for NFS need to know beyond the values.
#[derive(Args, Debug)]
pub struct MountArgs {
    /// Who may mount: a network, an address, a host, `*.DOMAIN` (repeatable) [default: *]
    #[arg(long, value_name = "CLIENTS")]
    pub clients: Vec<String>,
    /// What is mounted at `storage.root` of every node, where `storage.type` is hostPath: HOST:/PATH
    #[arg(long, value_name = "EXPORT")]
    pub export: Option<String>,
}

/// A machine beside or in the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum NfsRole {
    /// The file server: the NFS server, the directories, the exports
    Server,
    /// Every node: the client of NFS, and the mount that hostPath goes by
    Worker,
}
