//! The ground under the cluster: the file server, the workers' mounts, and a gateway before the nodes.
//!
//! hzgchart touches none of them. It prints scripts and a configuration, to be read and then run.

pub mod fields;
pub mod gateway;
pub mod nfs;
pub mod shares;
