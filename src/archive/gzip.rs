//! One gzip member, piece by piece: what a run makes is compressed, what is in every chart was when hzgchart was built.

use flate2::{Compress, Compression, Crc, FlushCompress, Status};

/// No time, no name, operating system unknown: nothing tells where it was made (RFC 1952, section 2.3).
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/// A gzip member in the making.
pub(super) struct Gzip {
    out: Vec<u8>,
    crc: Crc,
    deflate: Compress,
    /// What is to be compressed, and has not been.
    made: Vec<u8>,
}

impl Gzip {
    pub fn new() -> Self {
        Self {
            out: HEADER.to_vec(),
            crc: Crc::new(),
            // Level 1 takes half the time of the default.
            deflate: Compress::new(Compression::fast(), false),
            made: Vec::new(),
        }
    }

    /// Adds bytes to be compressed.
    pub fn compress(&mut self, bytes: &[u8]) {
        self.made.extend(bytes);
    }

    /// Adds bytes as they are: a stored block (RFC 1951, section 3.2.4).
    pub fn store(&mut self, bytes: &[u8]) {
        self.end_piece();
        for block in bytes.chunks(usize::from(u16::MAX)) {
            let size = block.len() as u16;
            self.out.push(0);
            self.out.extend(size.to_le_bytes());
            self.out.extend((!size).to_le_bytes());
            self.out.extend(block);
        }
        self.crc.update(bytes);
    }

    /// Adds what is compressed, as raw deflate blocks that begin and end on a byte, and what it is compressed from, in parts.
    pub fn copy(&mut self, deflated: &[u8], plain: &[&[u8]]) {
        self.end_piece();
        self.out.extend(deflated);
        plain.iter().for_each(|part| self.crc.update(part));
    }

    /// The whole member.
    pub fn finish(mut self) -> Vec<u8> {
        self.deflate(FlushCompress::Finish);
        self.out.extend(self.crc.sum().to_le_bytes());
        self.out.extend(self.crc.amount().to_le_bytes());
        self.out
    }

    /// Compresses what waits for it. Flushed in full: what follows finds the stream at a byte, and nothing after it refers to what is
    /// before, between which other pieces may come.
    fn end_piece(&mut self) {
        if !self.made.is_empty() {
            self.deflate(FlushCompress::Full);
        }
    }

    fn deflate(&mut self, flush: FlushCompress) {
        self.crc.update(&self.made);
        let mut left = &self.made[..];
        loop {
            // More than is needed; and while some is left over, there is no more to come.
            self.out.reserve(left.len() + 64);
            let before = self.deflate.total_in();
            let status = self.deflate.compress_vec(left, &mut self.out, flush);
            left = &left[(self.deflate.total_in() - before) as usize..];
            if status.expect("the stream is not over") == Status::StreamEnd
                || self.out.len() < self.out.capacity()
            {
                break;
            }
        }
        self.made.clear();
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

    use super::Gzip;
    use crate::embedded::TABLE;
    use crate::values_table;

    /// A piece, and the way that it takes.
    #[derive(Clone, Debug)]
    enum Piece {
        Made(Vec<u8>),
        Stored(Vec<u8>),
        Table,
    }

    impl Piece {
        fn plain(&self) -> &[u8] {
            match self {
                Self::Made(bytes) | Self::Stored(bytes) => bytes,
                Self::Table => values_table::TEXT.as_bytes(),
            }
        }

        fn add_to(&self, gzip: &mut Gzip) {
            match self {
                Self::Made(bytes) => gzip.compress(bytes),
                Self::Stored(bytes) => gzip.store(bytes),
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
        prop_oneof![
            made().prop_map(Piece::Made),
            made().prop_map(Piece::Stored),
            (0..1).prop_map(|_| Piece::Table)
        ]
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
    fn stores_more_than_a_block_holds() {
        let pieces = [Piece::Stored(vec![7; 200_000]), Piece::Stored(Vec::new())];
        assert_eq!(inflated(&packed(&pieces)), [7; 200_000]);
    }

    #[test]
    fn the_table_stands_alone_and_leaves_the_stream_open() {
        let mut plain = String::new();
        DeflateDecoder::new(&[TABLE, &[3, 0]].concat()[..]).read_to_string(&mut plain).unwrap();
        assert!(plain == values_table::TEXT, "{plain}");
    }
}
