//! Texts that are the same in every chart: part of the program, plain and compressed.

/// A text, and what `build.rs` made of it. By [`embed!`] only, so that the two belong together.
#[derive(Clone, Copy, Debug)]
pub struct Embedded {
    /// The text.
    pub text: &'static str,
    /// The text as raw deflate blocks, none of them the last, that end on a byte and refer to nothing before them: they can be
    /// copied into any deflate stream, between two bytes of it.
    pub deflated: &'static [u8],
}

/// The [`Embedded`] of a file, by its path from the top of the project. `build.rs` has to know the path.
macro_rules! embed {
    ($path:expr) => {
        $crate::embedded::Embedded {
            text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/", $path)),
            deflated: include_bytes!(concat!(env!("OUT_DIR"), "/", $path)),
        }
    };
}
pub(crate) use embed;
