//! gzip (RFC 1952), read as Go reads it, with an eye for what Go overlooks.

use std::io::{self, BufRead, Read};

use flate2::{Crc, Decompress, FlushDecompress, Status};

/// What a gzip stream starts with: the magic number, and deflate as the method.
pub const MAGIC: &[u8] = b"\x1f\x8b\x08";

/// What is wrong with a stream that Helm may still take.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Flaws {
    /// The extra field is no list of subfields.
    pub extra: Option<Extra>,
    /// Flags are set that the RFC reserves.
    pub reserved: bool,
    /// The checksum at the end is that of other bytes.
    pub checksum: bool,
    /// The length at the end is another one.
    pub length: bool,
    /// The checksum and length at the end are missing, or cut.
    pub trailer: bool,
    /// Something stands behind the end.
    pub garbage: bool,
}

/// A subfield that does not fit into the extra field (RFC 1952, 2.3.1.1).
#[derive(Debug, PartialEq, Eq)]
pub struct Extra {
    /// The bytes of the whole field.
    pub field: usize,
    /// The subfield's two-letter id.
    pub id: [u8; 2],
    /// The length that the subfield states; `None` when not even that fits.
    pub length: Option<usize>,
    /// The bytes that are left for it.
    pub left: usize,
}

/// The bytes of all members of a gzip stream.
pub struct Gzip<R> {
    input: R,
    inflate: Decompress,
    crc: Crc,
    state: State,
    /// What was noticed so far.
    pub flaws: Flaws,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Header,
    Body,
    Done,
    /// Go stops at a wrong checksum, should it come so far.
    Failed,
}

impl<R: BufRead> Gzip<R> {
    /// Reads from the start of a member.
    pub fn new(input: R) -> Self {
        Self {
            input,
            inflate: Decompress::new(false),
            crc: Crc::new(),
            state: State::Header,
            flaws: Flaws::default(),
        }
    }

    fn header(&mut self) -> io::Result<()> {
        let mut head = Header { input: &mut self.input, crc: Crc::new() };
        let fixed: [u8; 10] = head.bytes()?;
        if !fixed.starts_with(MAGIC) {
            return Err(invalid("no gzip archive"));
        }
        let flags = fixed[3];
        self.flaws.reserved |= flags & 0xe0 != 0;
        if flags & 4 != 0 {
            let length = usize::from(u16::from_le_bytes(head.bytes()?));
            let mut field = vec![0; length];
            head.read(&mut field)?;
            self.flaws.extra = self.flaws.extra.take().or_else(|| check_extra(&field));
        }
        for flag in [8, 16] {
            if flags & flag != 0 {
                head.text()?;
            }
        }
        if flags & 2 != 0 {
            let sum = head.crc.sum() as u16;
            if u16::from_le_bytes(head.bytes()?) != sum {
                return Err(invalid("the checksum of the gzip header is wrong"));
            }
        }
        Ok(())
    }

    /// Checks what follows a member, and finds out whether another one does.
    fn trailer(&mut self) -> io::Result<State> {
        let mut trailer = [0; 8];
        if let Err(error) = self.input.read_exact(&mut trailer) {
            self.flaws.trailer = error.kind() == io::ErrorKind::UnexpectedEof;
            return if self.flaws.trailer { Ok(State::Failed) } else { Err(error) };
        }
        let [a, b, c, d, e, f, g, h] = trailer;
        self.flaws.checksum |= u32::from_le_bytes([a, b, c, d]) != self.crc.sum();
        self.flaws.length |= u32::from_le_bytes([e, f, g, h]) != self.crc.amount();
        if self.flaws.checksum || self.flaws.length {
            return Ok(State::Failed);
        }
        let next = self.input.fill_buf()?;
        if next.is_empty() {
            return Ok(State::Done);
        }
        if next.starts_with(&MAGIC[..next.len().min(MAGIC.len())]) {
            self.inflate.reset(false);
            self.crc.reset();
            return Ok(State::Header);
        }
        self.flaws.garbage = true;
        Ok(State::Failed)
    }
}

impl<R: BufRead> Read for Gzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            match self.state {
                State::Done => return Ok(0),
                State::Failed => return Err(invalid("the gzip stream is damaged")),
                State::Header => {
                    self.header()?;
                    self.state = State::Body;
                }
                State::Body => {
                    let input = self.input.fill_buf()?;
                    let ended = input.is_empty();
                    let (before_in, before_out) =
                        (self.inflate.total_in(), self.inflate.total_out());
                    let status = self
                        .inflate
                        .decompress(input, buffer, FlushDecompress::None)
                        .map_err(|_| invalid("the compressed data is damaged"))?;
                    // Both differences are at most the lengths of slices.
                    let consumed = (self.inflate.total_in() - before_in) as usize;
                    let produced = (self.inflate.total_out() - before_out) as usize;
                    self.input.consume(consumed);
                    self.crc.update(&buffer[..produced]);
                    if status == Status::StreamEnd {
                        self.state = self.trailer()?;
                    } else if ended && produced == 0 {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                    if produced > 0 {
                        return Ok(produced);
                    }
                }
            }
        }
    }
}

/// Reads a header and sums it up.
struct Header<'r, R> {
    input: &'r mut R,
    crc: Crc,
}

impl<R: BufRead> Header<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<()> {
        self.input.read_exact(buffer)?;
        self.crc.update(buffer);
        Ok(())
    }

    fn bytes<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.read(&mut bytes)?;
        Ok(bytes)
    }

    /// Skips a text that ends with a NUL. Go takes 511 bytes at most.
    fn text(&mut self) -> io::Result<()> {
        for _ in 0..512 {
            if self.bytes()? == [0] {
                return Ok(());
            }
        }
        Err(invalid("a text in the gzip header is longer than 511 bytes"))
    }
}

/// Finds the first subfield that does not fit.
fn check_extra(field: &[u8]) -> Option<Extra> {
    let mut rest = field;
    while !rest.is_empty() {
        let id = [rest[0], rest.get(1).copied().unwrap_or_default()];
        let [_, _, low, high, content @ ..] = rest else {
            return Some(Extra { field: field.len(), id, length: None, left: rest.len() });
        };
        let length = usize::from(u16::from_le_bytes([*low, *high]));
        let Some(after) = content.get(length..) else {
            let left = content.len();
            return Some(Extra { field: field.len(), id, length: Some(length), left });
        };
        rest = after;
    }
    None
}

fn invalid(message: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use flate2::{Compression, GzBuilder, write::GzEncoder};

    use super::{Extra, Flaws, Gzip};

    fn pack(text: &str) -> Vec<u8> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(text.as_bytes()).unwrap();
        gzip.finish().unwrap()
    }

    fn read(bytes: &[u8]) -> (String, bool, Flaws) {
        let mut gzip = Gzip::new(bytes);
        let mut out = Vec::new();
        let failed = gzip.read_to_end(&mut out).is_err();
        (String::from_utf8(out).unwrap(), failed, gzip.flaws)
    }

    #[test]
    fn reads_one_member_or_several() {
        assert_eq!(read(&pack("a")), ("a".to_owned(), false, Flaws::default()));
        let two = [pack("a"), pack("b")].concat();
        assert_eq!(read(&two), ("ab".to_owned(), false, Flaws::default()));
    }

    #[test]
    fn sees_what_go_overlooks() {
        let good = pack("abc");
        let damaged = |at: usize| {
            let mut bytes = good.clone();
            bytes[at] ^= 1;
            read(&bytes).2
        };
        assert!(damaged(good.len() - 8).checksum);
        assert!(damaged(good.len() - 1).length);
        assert!(read(&good[..good.len() - 3]).2.trailer);
        assert!(read(&[&good[..], b"more"].concat()).2.garbage);
        let mut reserved = good.clone();
        reserved[3] = 0x80;
        assert!(read(&reserved).2.reserved);
    }

    #[test]
    fn tells_which_subfield_of_the_extra_field_is_wrong() {
        let with = |extra: &[u8]| {
            let mut gzip = GzBuilder::new().extra(extra).write(Vec::new(), Compression::fast());
            gzip.write_all(b"x").unwrap();
            read(&gzip.finish().unwrap()).2.extra
        };
        assert_eq!(with(b"rr\x03\0abc"), None);
        assert_eq!(with(b"rr\x03\0abcss\0\0"), None);
        let wrong = Extra { field: 7, id: *b"rr", length: Some(4), left: 3 };
        assert_eq!(with(b"rr\x04\0abc"), Some(wrong));
        assert_eq!(with(b"r"), Some(Extra { field: 1, id: *b"r\0", length: None, left: 1 }));
    }

    #[test]
    fn refuses_what_is_cut_or_no_gzip_without_a_panic() {
        let good = pack("a text that is long enough");
        for end in 0..good.len() - 8 {
            assert!(read(&good[..end]).1, "{end}");
        }
        assert!(read(b"PK\x03\x04").1);
        let mut name = b"\x1f\x8b\x08\x08\0\0\0\0\0\xff".to_vec();
        name.extend([b'n'; 600]);
        assert!(read(&name).1);
    }
}
