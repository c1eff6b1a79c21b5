//! One gzip member, piece by piece: what a run makes is compressed, what is in every chart was when hzgchart was built.

use crc32fast::Hasher;
use flate2::{Compress, Compression, FlushCompress};

/// No time, no name, operating system unknown: nothing tells where it was made (RFC 1952, section 2.3).
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/// The last block, with nothing in it (RFC 1951, section 3.2.6).
const END: [u8; 2] = [3, 0];

/// What ordinary charts take, in bytes.
const USUAL: usize = 64 * 1024;

/// Up to so many bytes are stored as they are: to compress them would take less time than to set a compressor up, which has
/// 380 KB of memory to clear.
const SHORT: usize = 4 * 1024;

/// A gzip member in the making.
pub(super) struct Gzip {
    out: Vec<u8>,
    crc: Hasher,
    /// The compressor, once something was long enough for it.
    deflate: Option<Compress>,
    /// What the run made, and is not in `out` yet.
    made: Vec<u8>,
}

impl Gzip {
    pub fn new() -> Self {
        let mut out = Vec::with_capacity(USUAL);
        out.extend(HEADER);
        Self { out, crc: Hasher::new(), deflate: None, made: Vec::with_capacity(SHORT) }
    }

    /// Adds bytes that the run made. They are compressed, unless there are few of them between two that are copied.
    pub fn write(&mut self, bytes: &[u8]) {
        self.made.extend(bytes);
    }

    /// Adds what is compressed, as raw deflate blocks that begin and end on a byte, and what it is compressed from, in parts.
    pub fn copy(&mut self, deflated: &[u8], plain: &[&[u8]]) {
        self.end_piece();
        self.out.extend(deflated);
        plain.iter().for_each(|part| self.crc.update(part));
    }

    /// The whole member.
    pub fn finish(mut self) -> Vec<u8> {
        self.end_piece();
        self.out.extend(END);
        // Modulo 2^32 (RFC 1952, section 2.3.1).
        let size = self.crc.total_len() as u32;
        self.out.extend(self.crc.finalize().to_le_bytes());
        self.out.extend(size.to_le_bytes());
        self.out
    }

    /// Compresses or stores what waits for it. Flushed in full: what follows finds the stream at a byte, and nothing after it
    /// refers to what is before, between which other pieces may come.
    fn end_piece(&mut self) {
        self.crc.update(&self.made);
        match self.made.len() {
            0 => {}
            1..=SHORT => self.store(),
            _ => self.deflate(),
        }
        self.made.clear();
    }

    /// As they are: a stored block (RFC 1951, section 3.2.4).
    fn store(&mut self) {
        let size = self.made.len() as u16;
        self.out.push(0);
        self.out.extend(size.to_le_bytes());
        self.out.extend((!size).to_le_bytes());
        self.out.extend(&self.made);
    }

    fn deflate(&mut self) {
        // Level 1 takes half the time of the default.
        let deflate = self.deflate.get_or_insert_with(|| Compress::new(Compression::fast(), false));
        let mut left = &self.made[..];
        loop {
            // More than is needed; and while some is left over, there is no more to come.
            self.out.reserve(left.len() + 64);
            let before = deflate.total_in();
            let status = deflate.compress_vec(left, &mut self.out, FlushCompress::Full);
            left = &left[(deflate.total_in() - before) as usize..];
            status.expect("the stream is not over");
            if self.out.len() < self.out.capacity() {
                break;
            }
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

    use super::{Gzip, SHORT};
    use crate::archive::ustar::{BLOCK, SAME};
    use crate::embedded::{END, HEADER, TABLE};
    use crate::values_table;

    /// A piece, and the way that it takes.
    #[derive(Clone, Debug)]
    enum Piece {
        Made(Vec<u8>),
        Table,
    }

    impl Piece {
        fn plain(&self) -> &[u8] {
            match self {
                Self::Made(bytes) => bytes,
                Self::Table => values_table::TEXT.as_bytes(),
            }
        }

        fn add_to(&self, gzip: &mut Gzip) {
            match self {
                Self::Made(bytes) => gzip.write(bytes),
                Self::Table => gzip.copy(TABLE, &[self.plain()]),
            }
        }
    }

    /// Repetitive text, which refers back; noise, which no compressor makes smaller; the start of a text that comes again.
    fn made() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![
            "[a-c \n]{0,40}".prop_flat_map(
                |line| (0..2000_usize).prop_map(move |times| line.repeat(times).into_bytes())
            ),
            prop::collection::vec(any::<u8>(), 0..40_000),
            (0..values_table::TEXT.len())
                .prop_map(|end| values_table::TEXT.as_bytes()[..end].to_vec()),
        ]
    }

    fn piece() -> impl Strategy<Value = Piece> {
        prop_oneof![made().prop_map(Piece::Made), (0..1).prop_map(|_| Piece::Table)]
    }

    fn packed(pieces: &[Piece]) -> Vec<u8> {
        let mut gzip = Gzip::new();
        pieces.iter().for_each(|piece| piece.add_to(&mut gzip));
        gzip.finish()
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
            prop_assert_eq!(inflated(&packed(&pieces)), plain);
        }
    }

    #[test]
    fn stores_what_is_short_and_compresses_what_is_longer() {
        for size in [1, SHORT] {
            let packed = packed(&[Piece::Made(vec![7; size])]);
            assert_eq!(inflated(&packed), vec![7; size]);
            assert!(packed.len() > size);
        }
        let packed = packed(&[Piece::Made(vec![7; SHORT + 1])]);
        assert_eq!(inflated(&packed), [7; SHORT + 1]);
        assert!(packed.len() < 200, "{}", packed.len());
    }

    #[test]
    fn what_is_in_every_chart_stands_alone_and_leaves_the_stream_open() {
        for (deflated, plain) in [
            (TABLE, values_table::TEXT.as_bytes()),
            (HEADER, SAME.as_slice()),
            (END, [0; 2 * BLOCK].as_slice()),
        ] {
            let mut inflated = Vec::new();
            let ended = [deflated, &super::END].concat();
            DeflateDecoder::new(&*ended).read_to_end(&mut inflated).unwrap();
            assert!(inflated == plain);
        }
    }
}
