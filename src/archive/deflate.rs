//! Compresses in the form of deflate (RFC 1951), made for one small text in a short process.
//!
//! Other compressors set up some 300 KiB of tables, which takes as long as all the rest of packing a chart. This one looks
//! for repetitions at one earlier place only, writes the fixed codes, and starts anew after every 64 KiB: 24 KiB of tables,
//! half of the time, and a tenth more bytes than the fastest level of zlib.

use std::io::{self, Write};
use std::mem;

/// The bytes of a block. Repetitions are looked for within one, so that 16 bits name a place.
const BLOCK: usize = 0xffff;
/// The farthest that a repetition may reach back (RFC 1951, 3.2.5).
const FARTHEST: usize = 0x8000;
/// The longest repetition.
const LONGEST: usize = 258;
/// The shortest repetition that is looked for; what is shorter gains nothing.
const SHORTEST: usize = 4;
/// How many bits of a hash lead to the place where a text was last seen.
const HASH_BITS: u32 = 12;

/// Bits that are written together: the lowest first, and how many they are.
type Bits = (u32, u32);

/// The end of a block.
const END: Bits = code(256);
/// The codes of bytes.
static LITERALS: [Bits; 256] = literals();
/// The codes of a repetition's length.
static LENGTHS: [Bits; LONGEST + 1] = lengths();

/// A sink that compresses what is written to it.
pub struct Deflate {
    /// What the next block will hold.
    block: Vec<u8>,
    out: Vec<u8>,
    /// Bits that make no four bytes yet, and how many they are.
    bits: u64,
    count: u32,
}

impl Deflate {
    /// Compressed bytes will be added to `out`.
    pub fn new(out: Vec<u8>) -> Self {
        Self { block: Vec::with_capacity(BLOCK), out, bits: 0, count: 0 }
    }

    /// Ends the stream and gives back the buffer.
    pub fn finish(mut self) -> Vec<u8> {
        self.end_block(true);
        let rest = self.bits.to_le_bytes();
        self.out.extend_from_slice(&rest[..self.count.div_ceil(8) as usize]);
        self.out
    }

    fn end_block(&mut self, is_last: bool) {
        let block = mem::take(&mut self.block);
        // One bit says whether it is the last one, two say that the codes are the fixed ones.
        self.put((u32::from(is_last) | 1 << 1, 3));
        let mut seen = [0_u16; 1 << HASH_BITS];
        let mut at = 0;
        while let Some(next) = block[at..].first_chunk::<SHORTEST>() {
            let hash = u32::from_le_bytes(*next).wrapping_mul(0x9e37_79b1) >> (32 - HASH_BITS);
            let before = usize::from(mem::replace(&mut seen[hash as usize], at as u16));
            let is_near = before < at && at - before <= FARTHEST;
            if is_near && block[before..].first_chunk() == Some(next) {
                let end = block.len().min(at + LONGEST);
                let length = common(&block[before..], &block[at..end]);
                self.put(LENGTHS[length]);
                self.put(distance(at - before));
                at += length;
            } else {
                self.put(LITERALS[usize::from(next[0])]);
                at += 1;
            }
        }
        for byte in &block[at..] {
            self.put(LITERALS[usize::from(*byte)]);
        }
        self.put(END);
        self.block = block;
        self.block.clear();
    }

    #[inline]
    fn put(&mut self, (bits, count): Bits) {
        self.bits |= u64::from(bits) << self.count;
        self.count += count;
        if self.count >= 32 {
            self.out.extend_from_slice(&(self.bits as u32).to_le_bytes());
            self.bits >>= 32;
            self.count -= 32;
        }
    }
}

impl Write for Deflate {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let fits = bytes.len().min(BLOCK - self.block.len());
        self.block.extend_from_slice(&bytes[..fits]);
        if self.block.len() == BLOCK {
            self.end_block(false);
        }
        Ok(fits)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// How far two texts are the same; the first is the longer one.
fn common(a: &[u8], b: &[u8]) -> usize {
    let mut length = 0;
    while let (Some(a), Some(b)) = (a[length..].first_chunk(), b[length..].first_chunk()) {
        let differ = u64::from_le_bytes(*a) ^ u64::from_le_bytes(*b);
        if differ != 0 {
            return length + differ.trailing_zeros() as usize / 8;
        }
        length += size_of::<u64>();
    }
    length + a[length..].iter().zip(&b[length..]).take_while(|(a, b)| a == b).count()
}

/// The fixed code of a byte, of the end, or of a length (RFC 1951, 3.2.6). Codes are written from their highest bit.
const fn code(symbol: u32) -> Bits {
    let (code, count) = match symbol {
        0..=143 => (0x30 + symbol, 8),
        144..=255 => (0x190 + symbol - 144, 9),
        256..=279 => (symbol - 256, 7),
        _ => (0xc0 + symbol - 280, 8),
    };
    (code.reverse_bits() >> (32 - count), count)
}

const fn literals() -> [Bits; 256] {
    let mut codes = [(0, 0); 256];
    let mut byte = 0;
    while byte < codes.len() {
        codes[byte] = code(byte as u32);
        byte += 1;
    }
    codes
}

/// Lengths from 3 on: eight symbols for one length each, then four for each power of two, with the lower bits behind.
const fn lengths() -> [Bits; LONGEST + 1] {
    let mut codes = [(0, 0); LONGEST + 1];
    let mut length = 3;
    while length < LONGEST {
        let above = length as u32 - 3;
        let extra = if above < 8 { 0 } else { above.ilog2() - 2 };
        let (bits, count) = code(257 + 4 * extra + (above >> extra));
        codes[length] = (bits | (above & ((1 << extra) - 1)) << count, count + extra);
        length += 1;
    }
    codes[LONGEST] = code(285);
    codes
}

/// The code of a distance: four symbols for one each, then two for each power of two, with the lower bits behind.
fn distance(distance: usize) -> Bits {
    let above = distance as u32 - 1;
    let extra = if above < 4 { 0 } else { above.ilog2() - 1 };
    let symbol = 2 * extra + (above >> extra);
    (symbol.reverse_bits() >> 27 | (above & ((1 << extra) - 1)) << 5, 5 + extra)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use flate2::read::DeflateDecoder;
    use proptest::prelude::{any, prop, prop_assert_eq, proptest};

    use super::{BLOCK, Deflate, FARTHEST, LONGEST};

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut deflate = Deflate::new(Vec::new());
        deflate.write_all(text).unwrap();
        deflate.finish()
    }

    fn unpacked(bytes: &[u8]) -> Vec<u8> {
        let mut text = Vec::new();
        DeflateDecoder::new(bytes).read_to_end(&mut text).unwrap();
        text
    }

    /// Bytes without repetitions, the same every time.
    fn noise(length: usize) -> Vec<u8> {
        let mut state = 1_u32;
        let step = |_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        (0..length).map(step).collect()
    }

    #[test]
    fn repetitions_of_every_length_and_distance_come_back() {
        for length in 0..=LONGEST + 10 {
            let text = [noise(length), vec![b'|'; 3], noise(length)].concat();
            assert_eq!(unpacked(&packed(&text)), text, "length {length}");
        }
        for distance in (8..FARTHEST + 64).step_by(61).chain(FARTHEST - 2..FARTHEST + 3) {
            let text = [noise(8), vec![0; distance - 8], noise(8)].concat();
            assert_eq!(unpacked(&packed(&text)), text, "distance {distance}");
        }
    }

    #[test]
    fn texts_of_several_blocks_come_back() {
        for length in [BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 3 * BLOCK + 5] {
            assert_eq!(unpacked(&packed(&noise(length))), noise(length));
            assert_eq!(unpacked(&packed(&vec![b'a'; length])), vec![b'a'; length]);
        }
    }

    #[test]
    fn takes_little_room() {
        let text = "        {{- with .Values.forguncy.affinity }}\n".repeat(1000);
        assert!(packed(text.as_bytes()).len() < text.len() / 50);
        assert!(packed(&noise(10_000)).len() < 10_000 * 107 / 100);
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_back(
            words in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..9), 1..9),
            order in prop::collection::vec(any::<prop::sample::Index>(), 0..400),
            cut in any::<prop::sample::Index>(),
        ) {
            let text: Vec<u8> = order.iter().flat_map(|index| index.get(&words)).copied().collect();
            prop_assert_eq!(unpacked(&packed(&text)), text.clone());
            let mut deflate = Deflate::new(b"before".to_vec());
            let (start, end) = text.split_at(cut.index(text.len() + 1));
            deflate.write_all(start).unwrap();
            deflate.write_all(end).unwrap();
            let bytes = deflate.finish();
            prop_assert_eq!(bytes.strip_prefix(b"before"), Some(&*packed(&text)));
        }
    }
}
