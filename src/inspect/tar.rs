//! tar, read as Go's `archive/tar` reads it: ustar, PAX and GNU names, and where it stops.

use std::io::{self, Read};

use super::tar_header::{BLOCK, Block, Pax, c_string, name, number};

/// An entry's header.
#[derive(Debug)]
pub struct Entry {
    /// The name, as bytes: nothing says that it is UTF-8.
    pub name: Vec<u8>,
    /// What it is.
    pub kind: Kind,
    /// The bytes that it holds once it is unpacked.
    pub size: u64,
    /// When it was last changed, in seconds since 1970; 0 where the header does not say.
    pub time: u64,
}

/// What an entry is to Helm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A folder, which Helm skips.
    Folder,
    /// A link, by the letter of its type: Helm loads it as an empty file.
    Link,
    /// A device or a pipe: Helm loads it as an empty file.
    Special,
    /// A file with holes.
    Sparse,
    /// A type that nobody knows: Helm loads it as a file.
    Unknown(u8),
    /// A header for all that follows, which Helm skips.
    Global,
}

/// Why the archive can be read no further.
#[derive(Debug)]
pub enum Broken {
    /// The bytes end too early, are damaged, or cannot be read.
    Io(io::Error),
    /// A header's checksum or one of its numbers is wrong.
    Header,
    /// A record of names is longer than the megabyte that Go reads.
    LongName,
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// A tar archive that is read from front to back.
pub struct Tar<R> {
    input: R,
    /// What is left of the current entry in the archive, and what fills up its last block.
    left: u64,
    padding: u64,
    /// Whether the two blocks of zeros were there that end an archive.
    pub ended: bool,
}

/// The most that Go reads of a PAX record or a GNU name, in bytes.
const MAX_RECORD: u64 = 1 << 20;

impl<R: Read> Tar<R> {
    /// Reads from the start of an archive.
    pub fn new(input: R) -> Self {
        Self { input, left: 0, padding: 0, ended: false }
    }

    /// The next entry; `None` at the end.
    ///
    /// # Errors
    /// When Go would stop with an error.
    pub fn entry(&mut self) -> Result<Option<Entry>, Broken> {
        let mut long_name = None;
        let mut pax = Pax::default();
        loop {
            self.skip()?;
            let Some(block) = self.header()? else { return Ok(None) };
            let size = number(&block[124..136]).ok_or(Broken::Header)?;
            let letter = block[156];
            match letter {
                b'x' => pax = Pax::parse(&self.record(size)?).ok_or(Broken::Header)?,
                b'L' => long_name = Some(c_string(&self.record(size)?).to_vec()),
                b'K' => drop(self.record(size)?),
                _ => {
                    let name = pax.path.or(long_name).unwrap_or_else(|| name(&block));
                    let size = pax.size.unwrap_or(size);
                    return self.describe(&block, name, size, pax.sparse).map(Some);
                }
            }
        }
    }

    fn describe(
        &mut self,
        block: &Block,
        name: Vec<u8>,
        size: u64,
        sparse: Option<u64>,
    ) -> Result<Entry, Broken> {
        let is_folder = number(&block[100..108]).is_some_and(|mode| mode & !0o7777 == 0o40000);
        let kind = match block[156] {
            b'5' => Kind::Folder,
            0 if name.ends_with(b"/") => Kind::Folder,
            _ if is_folder => Kind::Folder,
            0 | b'0' | b'7' if sparse.is_some() => Kind::Sparse,
            0 | b'0' | b'7' => Kind::File,
            b'1' | b'2' => Kind::Link,
            b'3' | b'4' | b'6' => Kind::Special,
            b'S' => Kind::Sparse,
            b'g' => Kind::Global,
            letter => Kind::Unknown(letter),
        };
        // Headers of these types stand alone, whatever size they state.
        let stored = if matches!(block[156], b'1'..=b'6') { 0 } else { size };
        self.set_left(stored);
        let mut size = stored;
        if block[156] == b'S' {
            size = number(&block[483..495]).ok_or(Broken::Header)?;
            let mut extended = block[482] != 0;
            while extended {
                extended = self.block()?.ok_or(Broken::Header)?[504] != 0;
            }
        }
        let time = number(&block[136..148]).unwrap_or_default();
        Ok(Entry { name, kind, size: sparse.unwrap_or(size), time })
    }

    /// Reads what is left of the current entry.
    ///
    /// # Errors
    /// When the archive ends before.
    pub fn content(&mut self) -> Result<Vec<u8>, Broken> {
        let mut bytes = Vec::with_capacity(usize::try_from(self.left).unwrap_or(0).min(1 << 20));
        let read = (&mut self.input).take(self.left).read_to_end(&mut bytes)? as u64;
        if read < self.left {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        self.left = 0;
        Ok(bytes)
    }

    fn set_left(&mut self, size: u64) {
        self.left = size;
        self.padding = size.next_multiple_of(BLOCK as u64) - size;
    }

    /// Skips what is left. Go does not mind when the last block is not filled up.
    fn skip(&mut self) -> Result<(), Broken> {
        let skipped = io::copy(&mut (&mut self.input).take(self.left), &mut io::sink())?;
        if skipped < self.left {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        io::copy(&mut (&mut self.input).take(self.padding), &mut io::sink())?;
        (self.left, self.padding) = (0, 0);
        Ok(())
    }

    fn record(&mut self, size: u64) -> Result<Vec<u8>, Broken> {
        if size > MAX_RECORD {
            return Err(Broken::LongName);
        }
        self.set_left(size);
        let bytes = self.content()?;
        self.skip()?;
        Ok(bytes)
    }

    /// The next block; `None` where the bytes end.
    fn block(&mut self) -> Result<Option<Block>, Broken> {
        let mut block = [0; BLOCK];
        let mut filled = 0;
        while filled < BLOCK {
            match self.input.read(&mut block[filled..]) {
                Ok(0) if filled == 0 => return Ok(None),
                Ok(0) => return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Some(block))
    }

    fn header(&mut self) -> Result<Option<Block>, Broken> {
        let Some(block) = self.block()? else { return Ok(None) };
        if block == [0; BLOCK] {
            let Some(second) = self.block()? else { return Ok(None) };
            if second != [0; BLOCK] {
                return Err(Broken::Header);
            }
            self.ended = true;
            return Ok(None);
        }
        let sum = |of: fn(u8) -> i64| {
            let checksum = (148..156).map(|_| i64::from(b' ')).sum::<i64>();
            block[..148].iter().chain(&block[156..]).map(|b| of(*b)).sum::<i64>() + checksum
        };
        let stated = number(&block[148..156]).and_then(|n| i64::try_from(n).ok());
        let right = [sum(i64::from), sum(|b| i64::from(b as i8))];
        if stated.is_some_and(|stated| right.contains(&stated)) {
            Ok(Some(block))
        } else {
            Err(Broken::Header)
        }
    }

    /// What the archive is read from.
    pub fn get_ref(&self) -> &R {
        &self.input
    }

    /// What the archive was read from.
    pub fn into_inner(self) -> R {
        self.input
    }
}

#[cfg(test)]
mod tests {
    use tar::{Builder, EntryType, Header};

    use super::{Broken, Entry, Kind, Tar};

    fn header(name: &str, kind: EntryType, size: u64) -> Header {
        let mut header = Header::new_ustar();
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(kind);
        header.set_mode(0o644);
        header.set_size(size);
        header.set_cksum();
        header
    }

    fn read(bytes: &[u8]) -> Result<Vec<(Entry, Vec<u8>)>, Broken> {
        let mut tar = Tar::new(bytes);
        let mut entries = Vec::new();
        while let Some(entry) = tar.entry()? {
            let content = tar.content()?;
            entries.push((entry, content));
        }
        Ok(entries)
    }

    #[test]
    fn reads_names_of_every_length_and_form() {
        let mut tar = Builder::new(Vec::new());
        for length in [1, 99, 100, 101, 155, 300] {
            let mut header = Header::new_gnu();
            header.set_size(2);
            tar.append_data(&mut header, "n".repeat(length), &b"ab"[..]).unwrap();
        }
        tar.append_pax_extensions([("path", "活/字".as_bytes())]).unwrap();
        tar.append(&header("x", EntryType::Regular, 1), &b"c"[..]).unwrap();
        let entries = read(&tar.into_inner().unwrap()).unwrap();
        let lengths: Vec<usize> = entries.iter().map(|(entry, _)| entry.name.len()).collect();
        assert_eq!(lengths, [1, 99, 100, 101, 155, 300, 7]);
        assert_eq!(entries[6].0.name, "活/字".as_bytes());
        assert_eq!((entries[5].1.as_slice(), entries[6].1.as_slice()), (&b"ab"[..], &b"c"[..]));
    }

    #[test]
    fn tells_kinds_apart() {
        let mut tar = Builder::new(Vec::new());
        for (kind, size) in [
            (EntryType::Directory, 0),
            (EntryType::Symlink, 5),
            (EntryType::Fifo, 0),
            (EntryType::new(b'Z'), 0),
            (EntryType::Regular, 0),
        ] {
            tar.append(&header("x", kind, size), &b""[..]).unwrap();
        }
        let kinds: Vec<Kind> =
            read(&tar.into_inner().unwrap()).unwrap().iter().map(|(entry, _)| entry.kind).collect();
        use Kind::{File, Folder, Link, Special, Unknown};
        assert_eq!(kinds, [Folder, Link, Special, Unknown(b'Z'), File]);
    }

    #[test]
    fn stops_where_go_stops() {
        let mut tar = Builder::new(Vec::new());
        tar.append(&header("x", EntryType::Regular, 600), &[b'a'; 600][..]).unwrap();
        let bytes = tar.into_inner().unwrap();
        assert_eq!(read(&bytes).unwrap().len(), 1);
        assert_eq!(read(&bytes[..512 + 600]).unwrap().len(), 1);
        assert_eq!(read(&bytes[..512 + 1024]).unwrap().len(), 1);
        assert!(matches!(read(&bytes[..512 + 599]), Err(Broken::Io(_))));
        assert!(matches!(read(&bytes[..300]), Err(Broken::Io(_))));
        let mut damaged = bytes.clone();
        damaged[0] = b'y';
        assert!(matches!(read(&damaged), Err(Broken::Header)));
        let mut gap = bytes.clone();
        let end = gap.len();
        gap[end - 512] = 1;
        assert!(matches!(read(&gap), Err(Broken::Header)));
    }

    #[test]
    fn refuses_a_name_of_a_gigabyte_without_reading_it() {
        let header = header("x", EntryType::GNULongName, 1 << 30);
        assert!(matches!(read(header.as_bytes()), Err(Broken::LongName)));
    }
}
