//! What the generated cases have done with each key of the values.

use std::fmt::{self, Write};

use super::case::Verdict;
use super::effect::effect;
use super::leaves::Leaf;
use super::sample::Sample;

/// What the cases of a run have done with each key, and what became of them.
pub struct Coverage {
    keys: Vec<(Vec<String>, Key)>,
    equal: usize,
    refused: usize,
    not_packaged: usize,
}

/// In how many cases a key
#[derive(Clone, Copy, Default)]
struct Key {
    /// was set at all,
    set: usize,
    /// stood in objects that were compared,
    compared: usize,
    /// changed these objects: without it there are others, or none;
    changed: usize,
    /// was alone what made all refuse.
    refused: usize,
}

impl Coverage {
    /// Nothing yet.
    pub fn new(leaves: &[Leaf]) -> Self {
        let keys = leaves.iter().map(|leaf| (leaf.path.clone(), Key::default())).collect();
        Self { keys, equal: 0, refused: 0, not_packaged: 0 }
    }

    /// Counts a case: its verdict, and what its keys do.
    pub fn count(&mut self, verdict: &Verdict, effects: &[(usize, bool)]) {
        let rendered = matches!(verdict, Verdict::Equal(_));
        match verdict {
            Verdict::Equal(_) => self.equal += 1,
            Verdict::Refused => self.refused += 1,
            Verdict::NotPackaged => self.not_packaged += 1,
        }
        for (index, has_effect) in effects {
            let key = &mut self.keys[*index].1;
            key.set += 1;
            key.compared += usize::from(rendered);
            key.changed += usize::from(rendered && *has_effect);
            key.refused += usize::from(!rendered && *has_effect);
        }
    }

    /// The keys that never changed what came out, by their index.
    pub fn never_changed(&self) -> Vec<usize> {
        let keys = self.keys.iter().enumerate();
        keys.filter(|(_, (_, key))| key.changed == 0).map(|(index, _)| index).collect()
    }

    /// The table: a line for each key.
    pub fn table(&self) -> String {
        let mut table =
            format!("{:>5} {:>9} {:>8} {:>8}  key\n", "set", "compared", "changed", "refused");
        for (path, key) in &self.keys {
            let Key { set, compared, changed, refused } = key;
            let _ = writeln!(
                table,
                "{set:>5} {compared:>9} {changed:>8} {refused:>8}  {}",
                path.join(".")
            );
        }
        table
    }

    /// Panics unless every key changed what came out, and at least half of the cases had something to compare.
    pub fn assert_complete(&self) {
        let never = self.never_changed().into_iter().map(|index| self.keys[index].0.join("."));
        let never: Vec<_> = never.collect();
        assert!(never.is_empty(), "never changed the objects: {never:#?}");
        let all = self.equal + self.refused + self.not_packaged;
        assert!(self.equal * 2 >= all, "too few cases render: {self}");
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { keys, equal, refused, not_packaged } = self;
        let changed = keys.iter().filter(|(_, key)| key.changed > 0).count();
        write!(
            f,
            "law: {equal} equal, {refused} refused by all, {not_packaged} not packaged; \
             {changed} of {} keys changed the objects",
            keys.len()
        )
    }
}

/// The keys that a sample sets, by their index, and whether each has a part in what comes out.
pub fn effects(sample: &Sample, leaves: &[Leaf]) -> Vec<(usize, bool)> {
    let whole = effect(&sample.case());
    let keys = leaves.iter().enumerate();
    keys.filter_map(|(index, leaf)| {
        let without = sample.without(&leaf.path)?;
        Some((index, effect(&without.case()) != whole))
    })
    .collect()
}
