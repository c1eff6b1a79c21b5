//! The fields of a tar header, and the PAX records that replace them.

/// The bytes of a header, and what all content is filled up to.
pub const BLOCK: usize = 512;

/// A header.
pub type Block = [u8; BLOCK];

/// The name in a header: in ustar and PAX archives a prefix may stand before it.
pub fn name(block: &Block) -> Vec<u8> {
    let name = c_string(&block[..100]);
    let prefix = match &block[257..263] {
        b"ustar\0" if block[508..] == *b"tar\0" => c_string(&block[345..476]),
        b"ustar\0" => c_string(&block[345..500]),
        _ => b"",
    };
    if prefix.is_empty() { name.to_vec() } else { [prefix, b"/", name].concat() }
}

/// A text that ends with a NUL, or fills its field.
pub fn c_string(bytes: &[u8]) -> &[u8] {
    bytes.split(|b| *b == 0).next().unwrap_or_default()
}

/// An octal number, or a binary one with the first bit set. Nothing is 0; negative is none.
pub fn number(field: &[u8]) -> Option<u64> {
    if field[0] & 0x80 != 0 {
        let mut value: u64 = 0;
        for (at, byte) in field.iter().enumerate() {
            let byte = if at == 0 { byte & 0x7f } else { *byte };
            value = value.checked_mul(256)?.checked_add(u64::from(byte))?;
        }
        return i64::try_from(value).ok().map(i64::unsigned_abs);
    }
    let text = field.trim_ascii();
    let text: &[u8] =
        &text[text.iter().position(|b| !matches!(b, b' ' | 0)).unwrap_or(text.len())..];
    let digits = c_string(text).trim_ascii();
    digits.iter().try_fold(0_u64, |value, digit| match digit {
        b'0'..=b'7' => value.checked_mul(8)?.checked_add(u64::from(digit - b'0')),
        _ => None,
    })
}

/// What counts of the PAX records before an entry.
#[derive(Default)]
pub struct Pax {
    /// The name.
    pub path: Option<Vec<u8>>,
    /// The size in the archive.
    pub size: Option<u64>,
    /// The size that a file with holes has.
    pub sparse: Option<u64>,
}

impl Pax {
    /// `LENGTH KEY=VALUE\n`, as often as it fits; `None` when it does not.
    pub fn parse(mut records: &[u8]) -> Option<Self> {
        let mut pax = Self::default();
        while !records.is_empty() {
            let space = records.iter().position(|b| *b == b' ')?;
            let length = decimal(&records[..space])?;
            let record = records.get(space + 1..length)?.strip_suffix(b"\n")?;
            records = &records[length..];
            let equals = record.iter().position(|b| *b == b'=')?;
            let (key, value) = (&record[..equals], &record[equals + 1..]);
            match key {
                b"path" | b"GNU.sparse.name" if value.contains(&0) => return None,
                b"path" | b"GNU.sparse.name" if !value.is_empty() => {
                    pax.path = Some(value.to_vec());
                }
                b"size" if !value.is_empty() => pax.size = Some(decimal(value)? as u64),
                b"GNU.sparse.realsize" | b"GNU.sparse.size" => {
                    pax.sparse = Some(decimal(value)? as u64);
                }
                _ => {}
            }
        }
        Some(pax)
    }
}

fn decimal(text: &[u8]) -> Option<usize> {
    std::str::from_utf8(text).ok()?.parse().ok()
}
