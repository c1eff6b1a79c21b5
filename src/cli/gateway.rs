//! The command line of `hzgchart gateway`.

use clap::Args;

use super::ValuesArgs;

/// Print the configuration of an nginx before the nodes
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hzgchart gateway -f values.yaml --node 10.0.0.1 --node 10.0.0.2 \\
      > /etc/nginx/conf.d/forguncy.conf
  hzgchart gateway -f values.yaml --node node-1.lan \\
      --set ingress.maxBodySize=2g,ingress.timeoutSeconds=1800

The port of the nodes is `forguncy.service.nodePort`. The largest body and the time to wait are `ingress.maxBodySize` and `ingress.timeoutSeconds`, whether or not there is an Ingress.")]
pub struct GatewayArgs {
    /// Address or name of a node (repeatable; in the same order on every gateway)
    #[arg(long = "node", value_name = "ADDRESS", required = true)]
    pub nodes: Vec<String>,
    /// Where values come from.
    #[command(flatten)]
    pub values: ValuesArgs,
}
