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

/// What [`SAME`](crate::archive::ustar::SAME) is compressed to, by itself.
pub const HEADER: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/header"));

/// The two blocks of zeros at the end of a tar, compressed by themselves.
pub const END: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/end"));

/// The `values.yaml` of the defaults.
pub const VALUES: &str = include_str!("../chart/values.yaml");

/// [`VALUES`] in pieces that begin above a key.
pub const PIECES: &[Piece] = include!(concat!(env!("OUT_DIR"), "/pieces.rs"));

/// A piece of [`VALUES`]. Places instead of texts: a program has no addresses to set for them when it starts.
#[derive(Clone, Copy, Debug)]
pub struct Piece {
    start: u32,
    end: u32,
    /// By how many pieces it needs before it, the most first; the last one needs none.
    deflated: [Deflated; 5],
}

/// What a piece is compressed to.
#[derive(Clone, Copy, Debug)]
struct Deflated {
    /// It refers to so many pieces before it, and so they must stand before it in the stream.
    before: u32,
    start: u32,
    end: u32,
}

impl Piece {
    /// Its text.
    pub fn text(&self) -> &'static str {
        &VALUES[self.start as usize..self.end as usize]
    }

    /// Its text, compressed, for a stream with so many of the pieces directly before it.
    pub fn deflated(&self, before: usize) -> &'static [u8] {
        static ALL: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/pieces"));
        let fits = |deflated: &&Deflated| deflated.before as usize <= before;
        let Deflated { start, end, .. } =
            self.deflated.iter().find(fits).unwrap_or(&self.deflated[4]);
        &ALL[*start as usize..*end as usize]
    }
}
