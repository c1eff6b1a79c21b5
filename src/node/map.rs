//! A map of values, in the order in which its keys were written.

use std::collections::HashMap;
use std::fmt;
use std::mem;
use std::ops::Index;
use std::slice;

use foldhash::fast::RandomState;
use smol_str::SmolStr;

use super::Entry;

/// Maps with more keys than this have an index. In smaller ones, which nearly all are, to compare the keys one by one takes less
/// time than to hash one, and the index would take as much memory as the keys.
const FEW: usize = 16;

/// A map's entries by key, in the order their keys were written.
#[derive(Clone, Default)]
pub struct Map {
    entries: Vec<(SmolStr, Entry)>,
    /// Where keys are, as soon as there are more than [`FEW`]. Boxed: with it in place, a map would be twice as large.
    index: Option<Box<Places>>,
}

/// Keys by their place, hashed with a seed that is another in each run.
#[derive(Clone, Default)]
struct Places(HashMap<SmolStr, usize, RandomState>);

impl Map {
    /// A map without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// A map without entries, with the memory for so many.
    pub fn with_capacity(entries: usize) -> Self {
        Self { entries: Vec::with_capacity(entries), index: None }
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries in their order.
    pub fn iter(
        &self,
    ) -> impl ExactSizeIterator<Item = (&SmolStr, &Entry)> + DoubleEndedIterator + Clone {
        self.entries.iter().map(|(key, entry)| (key, entry))
    }

    /// The keys in their order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &SmolStr> + DoubleEndedIterator + Clone {
        self.entries.iter().map(|(key, _)| key)
    }

    /// The entries without their keys.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &Entry> + DoubleEndedIterator + Clone {
        self.entries.iter().map(|(_, entry)| entry)
    }

    /// Whether a key is there.
    pub fn contains_key(&self, key: &str) -> bool {
        self.place(key).is_some()
    }

    /// What a key has.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.place(key).map(|at| &self.entries[at].1)
    }

    /// The same with the key itself.
    pub fn get_key_value(&self, key: &str) -> Option<(&SmolStr, &Entry)> {
        self.place(key).map(|at| (&self.entries[at].0, &self.entries[at].1))
    }

    /// What a key has, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Entry> {
        self.place(key).map(|at| &mut self.entries[at].1)
    }

    /// What a key has, which is put at the end when it is not there.
    pub fn get_or_insert_with(
        &mut self,
        key: impl Into<SmolStr>,
        make: impl FnOnce() -> Entry,
    ) -> &mut Entry {
        let key = key.into();
        let at = self.place(&key).unwrap_or_else(|| {
            self.push(key, make());
            self.len() - 1
        });
        &mut self.entries[at].1
    }

    /// Sets what a key has, and gives what it had. A key that was there keeps its place.
    pub fn insert(&mut self, key: impl Into<SmolStr>, entry: Entry) -> Option<Entry> {
        let key = key.into();
        match self.place(&key) {
            Some(at) => Some(mem::replace(&mut self.entries[at].1, entry)),
            None => {
                self.push(key, entry);
                None
            }
        }
    }

    /// Takes a key away; those behind it move up.
    pub fn remove(&mut self, key: &str) -> Option<Entry> {
        let at = self.place(key)?;
        if let Some(index) = &mut self.index {
            index.0.remove(key);
            index.0.values_mut().filter(|place| **place > at).for_each(|place| *place -= 1);
        }
        Some(self.entries.remove(at).1)
    }

    /// Gives back the memory that further entries would take.
    pub fn shrink_to_fit(&mut self) {
        self.entries.shrink_to_fit();
    }

    fn place(&self, key: &str) -> Option<usize> {
        match &self.index {
            None => self.entries.iter().position(|(other, _)| other == key),
            Some(index) => index.0.get(key).copied(),
        }
    }

    /// Adds a key that is not there.
    pub(super) fn push(&mut self, key: SmolStr, entry: Entry) {
        if let Some(index) = &mut self.index {
            index.0.insert(key.clone(), self.entries.len());
        }
        self.entries.push((key, entry));
        if self.index.is_none() && self.entries.len() > FEW {
            let keys = self.keys().cloned();
            self.index = Some(Box::new(Places(keys.zip(0..).collect())));
        }
    }
}

/// The entries alone, so that two maps of the same entries read the same: the index has an order of its own.
impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

/// What a key has that is there.
impl Index<&str> for Map {
    type Output = Entry;

    fn index(&self, key: &str) -> &Entry {
        self.get(key).expect("the key is there")
    }
}

/// Of a key that comes twice the last entry counts, at the place of the first.
impl<K: Into<SmolStr>> FromIterator<(K, Entry)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, Entry)>>(entries: I) -> Self {
        let entries = entries.into_iter();
        let mut map = Self::with_capacity(entries.size_hint().0);
        map.extend(entries);
        map
    }
}

impl<K: Into<SmolStr>> Extend<(K, Entry)> for Map {
    fn extend<I: IntoIterator<Item = (K, Entry)>>(&mut self, entries: I) {
        let entries = entries.into_iter();
        self.entries.reserve(entries.size_hint().0);
        for (key, entry) in entries {
            self.insert(key, entry);
        }
    }
}

impl IntoIterator for Map {
    type Item = (SmolStr, Entry);
    type IntoIter = std::vec::IntoIter<(SmolStr, Entry)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl<'m> IntoIterator for &'m Map {
    type Item = (&'m SmolStr, &'m Entry);
    type IntoIter = std::iter::Map<
        slice::Iter<'m, (SmolStr, Entry)>,
        fn(&'m (SmolStr, Entry)) -> (&'m SmolStr, &'m Entry),
    >;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter().map(|(key, entry)| (key, entry))
    }
}

impl<'m> IntoIterator for &'m mut Map {
    type Item = (&'m SmolStr, &'m mut Entry);
    type IntoIter = std::iter::Map<
        slice::IterMut<'m, (SmolStr, Entry)>,
        fn(&'m mut (SmolStr, Entry)) -> (&'m SmolStr, &'m mut Entry),
    >;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter_mut().map(|(key, entry)| (&*key, entry))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert_eq, proptest};

    use super::{FEW, Map};
    use crate::node::{Entry, Node, Value};

    fn entry(number: i64) -> Entry {
        Entry { key_origin: None, node: Node::new(Value::Int(number), None) }
    }

    fn number(entry: &Entry) -> i64 {
        match entry.node.value {
            Value::Int(number) => number,
            _ => panic!("{entry:?}"),
        }
    }

    proptest! {
        /// Few keys and many, so that maps grow an index, and lose most of what is in it.
        #[test]
        fn does_what_a_list_does(steps in proptest::collection::vec((0..3 * FEW, 0..4_u8), 0..200)) {
            let mut map = Map::new();
            let mut list: Vec<(String, i64)> = Vec::new();
            for (step, (key, what)) in (0..).zip(steps) {
                let key = key.to_string();
                let at = list.iter().position(|(other, _)| *other == key);
                prop_assert_eq!(map.contains_key(&key), at.is_some());
                prop_assert_eq!(map.get(&key).map(number), at.map(|at| list[at].1));
                match what {
                    0 => {
                        let removed = at.map(|at| list.remove(at).1);
                        prop_assert_eq!(map.remove(&key).as_ref().map(number), removed);
                    }
                    1 => {
                        let at = at.unwrap_or_else(|| { list.push((key.clone(), step)); list.len() - 1 });
                        prop_assert_eq!(number(map.get_or_insert_with(key, || entry(step))), list[at].1);
                    }
                    _ => {
                        let before = match at {
                            Some(at) => Some(std::mem::replace(&mut list[at].1, step)),
                            None => { list.push((key.clone(), step)); None }
                        };
                        prop_assert_eq!(map.insert(key, entry(step)).as_ref().map(number), before);
                    }
                }
                let all: Vec<_> = map.iter().map(|(key, entry)| (key.to_string(), number(entry))).collect();
                prop_assert_eq!(&all, &list);
            }
        }
    }

    #[test]
    fn two_maps_of_the_same_entries_read_the_same() {
        let map = || (0..4 * FEW).map(|key| (key.to_string(), entry(0))).collect::<Map>();
        assert_eq!(format!("{:?}", map()), format!("{:?}", map()));
    }

    #[test]
    fn the_last_of_a_key_counts_at_the_place_of_the_first() {
        let keys = ["a", "b", "a"].into_iter().map(str::to_owned);
        let map: Map = keys.zip((0..).map(entry)).collect();
        let all: Vec<_> = map.iter().map(|(key, entry)| (key.as_str(), number(entry))).collect();
        assert_eq!(all, [("a", 2), ("b", 1)]);
    }
}
