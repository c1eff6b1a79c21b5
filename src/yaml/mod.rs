//! YAML as Helm understands it: bytes to text, text to a tree with positions, values to text.
//!
//! Reading follows Helm to the letter (`y` is true, `010` is 8), because the same files go into
//! Helm. Writing keeps to what YAML 1.1 and YAML 1.2 parsers read alike.

mod block;
mod compose;
mod cursor;
mod decode;
mod dialect;
mod flow;
mod json;
mod quote;
pub mod read;
mod scalar;
mod slip;
mod split;
mod syntax;
mod tag;
pub mod write;

pub use decode::{MAX_BYTES, decode, decode_long};
pub use json::in_yaml;
pub use split::{Part, parts};
