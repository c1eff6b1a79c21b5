//! Random choices that a seed repeats.

use proptest::strategy::{Strategy, ValueTree};
use proptest::string::string_regex;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// A source of random choices.
pub struct Random(TestRunner);

impl Random {
    /// The source for one case of a run: the same for the same seed and index, whatever thread
    /// runs the case.
    pub fn new(seed: u64, index: usize) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        bytes[8..16].copy_from_slice(&(index as u64).to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        Self(TestRunner::new_with_rng(Config::default(), rng))
    }

    /// A number in a range.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        self.draw(from..=to)
    }

    /// An index below `count`.
    pub fn below(&mut self, count: usize) -> usize {
        self.draw(0..count)
    }

    /// True in `percent` of 100 cases.
    pub fn chance(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// `count` of these, or all, in random order.
    pub fn some<T: Clone>(&mut self, items: &[T], count: usize) -> Vec<T> {
        let mut rest = items.to_vec();
        (0..count.min(items.len())).map(|_| rest.swap_remove(self.below(rest.len()))).collect()
    }

    /// A float with a fraction.
    pub fn float(&mut self) -> f64 {
        self.between(-1_000_000, 1_000_000) as f64 / 64.0 + 0.015_625
    }

    /// A string that a JSON schema's pattern accepts; `None` when the pattern is beyond the means
    /// of the generator.
    pub fn matching(&mut self, pattern: &str) -> Option<String> {
        string_regex(&without_anchors(pattern)).ok().map(|strategy| self.draw(strategy))
    }

    fn draw<S: Strategy>(&mut self, strategy: S) -> S::Value {
        strategy.new_tree(&mut self.0).expect("these strategies reject nothing").current()
    }
}

/// The generator matches whole strings and knows no anchors.
fn without_anchors(pattern: &str) -> String {
    let mut kept = String::new();
    let mut characters = pattern.chars();
    let mut in_class = false;
    while let Some(c) = characters.next() {
        match c {
            '\\' => {
                kept.push(c);
                kept.extend(characters.next());
                continue;
            }
            '[' => in_class = true,
            ']' => in_class = false,
            '^' | '$' if !in_class => continue,
            _ => {}
        }
        kept.push(c);
    }
    kept
}

#[test]
fn the_same_seed_makes_the_same_choices() {
    let draw = |seed, index| Random::new(seed, index).between(0, i64::MAX);
    assert_eq!(draw(7, 1), draw(7, 1));
    assert_ne!(draw(7, 1), draw(7, 2));
    assert_ne!(draw(7, 1), draw(8, 1));
}

#[test]
fn strings_are_made_from_anchored_patterns() {
    let mut random = Random::new(1, 1);
    let made = random.matching(r"^(|\$[^$^]{2}|^[0-9]{1,3}(Gi|Mi)$)$").unwrap_or_default();
    assert!(!made.starts_with('^'));
    assert_eq!(without_anchors(r"^a\$[$^]$"), r"a\$[$^]");
}
