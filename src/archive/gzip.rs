//! Gzip of pieces: those made in this run are compressed, those of every chart were when hzgchart was built.

use flate2::{Compress, Compression, Crc, FlushCompress, Status};

use crate::embedded::Embedded;

/// A stretch of what is to be compressed.
#[derive(Debug)]
pub(super) enum Piece {
    /// Made in this run.
    Made(Vec<u8>),
    /// The same in every chart.
    Embedded(Embedded),
}

impl Piece {
    /// The bytes as they are when not compressed.
    pub(super) fn plain(&self) -> &[u8] {
        match self {
            Self::Made(bytes) => bytes,
            Self::Embedded(file) => file.text.as_bytes(),
        }
    }
}

/// No time, no name, operating system unknown: nothing tells where it was made (RFC 1952, section 2.3).
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/// The pieces in one gzip member.
pub(super) fn join(pieces: &[Piece]) -> Vec<u8> {
    let mut out = HEADER.to_vec();
    let mut crc = Crc::new();
    // Level 1 takes half the time of the default.
    let mut deflate = Compress::new(Compression::fast(), false);
    for piece in pieces {
        crc.update(piece.plain());
        match piece {
            // Flushed in full: what follows finds the stream at a byte, and nothing after it refers to what is before,
            // between which an embedded piece may come.
            Piece::Made(bytes) => append(&mut deflate, bytes, FlushCompress::Full, &mut out),
            Piece::Embedded(file) => out.extend(file.deflated),
        }
    }
    append(&mut deflate, &[], FlushCompress::Finish, &mut out);
    out.extend(crc.sum().to_le_bytes());
    out.extend(crc.amount().to_le_bytes());
    out
}

/// Compresses bytes to the end of `out`.
fn append(deflate: &mut Compress, mut bytes: &[u8], flush: FlushCompress, out: &mut Vec<u8>) {
    loop {
        // More than is needed; and while some is left over, there is no more to come.
        out.reserve(bytes.len() + 64);
        let before = deflate.total_in();
        let status = deflate.compress_vec(bytes, out, flush).expect("the stream is not over");
        bytes = &bytes[(deflate.total_in() - before) as usize..];
        if status == Status::StreamEnd || out.len() < out.capacity() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::bufread::GzDecoder;
    use flate2::read::DeflateDecoder;
    use proptest::prelude::{
        ProptestConfig, Strategy, any, prop, prop_assert_eq, prop_oneof, proptest,
    };

    use super::{Piece, join};
    use crate::embedded::Embedded;
    use crate::{schema, templates, values_table};

    fn embedded() -> Vec<Embedded> {
        let templates = templates::chart().map(|(_, file)| file);
        templates.chain([schema::FILE, values_table::FILE]).collect()
    }

    /// Repetitive text, which refers back; noise, which no compressor makes smaller; the start of a text that comes again.
    fn made() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![
            "[a-c \n]{0,40}".prop_flat_map(
                |line| (0..2000_usize).prop_map(move |times| line.repeat(times).into_bytes())
            ),
            prop::collection::vec(any::<u8>(), 0..40_000),
            prop::sample::select(embedded()).prop_map(|file| file.text.as_bytes().to_vec()),
        ]
    }

    fn piece() -> impl Strategy<Value = Piece> {
        prop_oneof![
            made().prop_map(Piece::Made),
            prop::sample::select(embedded()).prop_map(Piece::Embedded)
        ]
    }

    /// What is in the one member that the bytes are.
    fn inflated(gzip: &[u8]) -> Vec<u8> {
        let mut reader = GzDecoder::new(gzip);
        let mut plain = Vec::new();
        reader.read_to_end(&mut plain).expect("checksum and size are right");
        assert_eq!(reader.into_inner(), b"", "nothing follows the member");
        plain
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn inflates_to_the_pieces_in_their_order(pieces in prop::collection::vec(piece(), 0..8)) {
            let plain: Vec<u8> = pieces.iter().flat_map(Piece::plain).copied().collect();
            prop_assert_eq!(inflated(&join(&pieces)), plain);
        }
    }

    #[test]
    fn every_embedded_text_stands_alone_and_leaves_the_stream_open() {
        for Embedded { text, deflated } in embedded() {
            let last = [3, 0];
            let mut plain = String::new();
            DeflateDecoder::new(&[deflated, &last].concat()[..])
                .read_to_string(&mut plain)
                .unwrap();
            assert!(plain == text, "{text}");
        }
    }

    #[test]
    fn copies_what_is_embedded() {
        let deflated = schema::FILE.deflated;
        let gzip = join(&[Piece::Made(b"{}".to_vec()), Piece::Embedded(schema::FILE)]);
        assert!(gzip.windows(deflated.len()).any(|window| window == deflated));
        assert!(deflated.len() * 4 < schema::TEXT.len());
    }
}
