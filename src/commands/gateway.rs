//! `hzgchart gateway`: the configuration of an nginx before the nodes.

use std::io::Write;

use super::{gather, inputs, print};
use crate::cli::GatewayArgs;
use crate::error::Error;
use crate::ground::gateway::{self, Node};

pub(super) fn run(args: &GatewayArgs, out: &mut dyn Write) -> Result<(), Error> {
    let mut problems = Vec::new();
    let mut nodes = Vec::new();
    for node in &args.nodes {
        nodes.extend(gather(Node::parse(node).map_err(Error::from), &mut problems)?);
    }
    let loaded = gather(inputs::values(&args.values), &mut problems)?;
    let Some(loaded) = loaded.filter(|_| problems.is_empty()) else {
        return Err(Error::Invalid(problems));
    };
    print(out, &gateway::configuration(&loaded.values, &nodes)?)
}
