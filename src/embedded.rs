//! What is the same in every chart, as `build.rs` compressed it.
//!
//! Everything here is raw deflate blocks, none of them the last, that begin and end on a byte.

/// A file that is in every chart, and the stretch of a tar from the part of its header that is always the same to the padding
/// behind it.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// Its path in the chart.
    pub path: &'static str,
    /// Its text.
    pub text: &'static str,
    /// The stretch, compressed. It refers to the members before it, so that all of them must stand before it in the stream, with
    /// as many bytes between each as the rest of a header has.
    pub deflated: &'static [u8],
}

/// The files that follow each other in every chart, in their order.
pub const RUN: &[Member] = include!(concat!(env!("OUT_DIR"), "/run.rs"));

/// The table of values ([`values_table::TEXT`](crate::values_table::TEXT)), compressed by itself: it refers to nothing before it.
pub const TABLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/values.md"));
