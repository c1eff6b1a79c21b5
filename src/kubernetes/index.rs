//! Names of a text by their hash: a table that is made while compiling, so that a run only looks.

/// The slot of no number.
const FREE: u16 = u16::MAX;

/// Numbers by hash, in a table with open addressing. It knows no names: whoever asks compares them. It must have more slots than
/// numbers, and is fast with twice as many.
pub(super) struct Index<const SLOTS: usize>([u16; SLOTS]);

impl<const SLOTS: usize> Index<SLOTS> {
    pub const fn new() -> Self {
        Self([FREE; SLOTS])
    }

    pub const fn add(&mut self, hash: u32, number: u16) {
        let mut slot = hash as usize % SLOTS;
        while self.0[slot] != FREE {
            slot = (slot + 1) % SLOTS;
        }
        self.0[slot] = number;
    }

    /// The first number with this hash that `is` is true of.
    pub fn find(&self, hash: u32, is: impl Fn(usize) -> bool) -> Option<usize> {
        let mut slot = hash as usize % SLOTS;
        loop {
            match self.0[slot] {
                FREE => return None,
                number if is(number.into()) => return Some(number.into()),
                _ => slot = (slot + 1) % SLOTS,
            }
        }
    }
}

/// The hash of what has no bytes.
pub(super) const EMPTY: u32 = 0x811c_9dc5;

/// The hash of something with the hash `before` and a name behind it: FNV-1a (<http://www.isthe.com/chongo/tech/comp/fnv/>), short
/// and good for short names. Nobody outside chooses what is in the tables.
pub(super) const fn hash(before: u32, name: &[u8]) -> u32 {
    hash_part(before, name, 0, name.len())
}

/// The same of a part of a text.
pub(super) const fn hash_part(before: u32, text: &[u8], start: usize, end: usize) -> u32 {
    let (mut hash, mut at) = (before, start);
    while at < end {
        hash = (hash ^ text[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::{EMPTY, Index, hash, hash_part};

    #[test]
    fn finds_what_was_added_and_nothing_else() {
        let names: Vec<String> = (0..60).map(|n: u32| format!("name{}", n * n)).collect();
        let mut index = Index::<64>::new();
        for (number, name) in (0..).zip(&names) {
            index.add(hash(EMPTY, name.as_bytes()), number);
        }
        let find =
            |name: &str| index.find(hash(EMPTY, name.as_bytes()), |number| names[number] == name);
        for (number, name) in names.iter().enumerate() {
            assert_eq!(find(name), Some(number));
        }
        assert_eq!(find("name2"), None);
        assert_eq!(find(""), None);
    }

    #[test]
    fn hashes_a_part_as_it_hashes_a_whole() {
        assert_eq!(hash_part(7, b"x spec y", 2, 6), hash(7, b"spec"));
        assert_ne!(hash(7, b"spec"), hash(8, b"spec"));
        assert_eq!(hash(hash(EMPTY, b"a/"), b"b"), hash(EMPTY, b"a/b"));
    }
}
