//! hzgchart's library.
pub mod error;
pub mod node;
pub mod source;
