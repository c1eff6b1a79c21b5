//! Makes the sample of a case: on values that somebody would write, the keys whose turn it is, each where it has an effect, and
//! then more keys at random.

use std::slice;

use serde_json::Value as Json;

use super::effect::{Effect, effect};
use super::generator::Generator;
use super::help::Help;
use super::leaves::{Leaf, Schema};
use super::random::Random;
use super::sample::{Place, Sample, Setting};
use crate::harness::manifests::read_yaml;
use crate::harness::yaml::Style;
use crate::harness::{presets, project, rendering_fixtures};

/// How many keys have their turn in one case. Keys exclude each other, neighbours in the schema above all, so these are few and
/// stand far apart.
const MOST_KEYS: usize = 3;

/// Makes samples of the keys that the schema has.
pub struct Maker {
    schema: Schema,
    /// The keys.
    pub leaves: Vec<Leaf>,
    bases: Vec<Vec<Setting>>,
}

/// A key whose turn it is, and what it may be set to.
struct Turn<'a> {
    leaf: &'a Leaf,
    choices: Vec<Setting>,
}

/// What came of setting a key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    /// What is refused.
    Refused,
    /// Nothing: what comes out is the same without it.
    Idle,
    /// Something else comes out.
    Counts,
}

impl Maker {
    /// A maker for the schema that the program prints.
    pub fn new() -> Self {
        let schema = Schema::of_hzgchart();
        let leaves = schema.leaves();
        Self { bases: bases(&leaves), schema, leaves }
    }

    /// The sample with this index, of so many.
    ///
    /// A key that counts nowhere is set all the same: refusals must agree, too. Where keys have their turn at install, nothing that
    /// comes later may undo them. [`Maker::alone`] is for those that undo each other.
    pub fn sample(&self, seed: u64, index: usize, cases: usize) -> Sample {
        let mut generator = Generator::new(&self.schema, Random::new(seed, index));
        let turns = self.turns(seed, index, cases, &mut generator);
        let sure = self.with_turns(index, &turns, &generator);
        let mut sample = sure.clone();
        self.add_more(&mut sample, &mut generator);
        (sample.release, sample.namespace) = (generator.release(), generator.namespace());
        sample.hostile = generator.hostile;
        let is_undone = |turn: &Turn| {
            is_at_install(index)
                && use_of(turn.leaf, &sure) == Use::Counts
                && use_of(turn.leaf, &sample) != Use::Counts
        };
        if turns.iter().any(is_undone) { sure } else { sample }
    }

    /// The sample of one key alone: for a key whose turns came to nothing beside other keys.
    pub fn alone(&self, seed: u64, index: usize, leaf: &Leaf) -> Sample {
        let mut generator = Generator::new(&self.schema, Random::new(seed, index));
        let choices = choices(leaf, is_at_install(index), &mut generator);
        self.with_turns(index, &[Turn { leaf, choices }], &generator)
    }

    /// Whether a run of so many cases gives each key its turn.
    pub fn reaches_all(&self, cases: usize) -> bool {
        cases / 2 * MOST_KEYS >= self.leaves.len()
    }

    /// The keys whose turn it is: over a run that is long enough, each in the package of an even case and at the install of an odd one.
    fn turns(
        &self,
        seed: u64,
        index: usize,
        cases: usize,
        generator: &mut Generator,
    ) -> Vec<Turn<'_>> {
        let (all, step) = (self.leaves.len(), (cases / 2).max(1));
        // A short run has another part of the keys each time.
        let first = seed as usize % all + index / 2;
        (0..all.div_ceil(step).min(MOST_KEYS))
            .map(|n| {
                let leaf = &self.leaves[(first + n * step) % all];
                Turn { leaf, choices: choices(leaf, is_at_install(index), generator) }
            })
            .collect()
    }

    /// The turns' keys on the base where the most of them count.
    fn with_turns(&self, index: usize, turns: &[Turn], generator: &Generator) -> Sample {
        let all = turns.len() * Use::Counts as usize;
        let mut best: Option<(usize, Sample)> = None;
        let with = |help| (0..self.bases.len()).map(move |base| (help, base));
        for (help, base) in with(Help::Little).chain(with(Help::Much)) {
            let mut sample = Sample {
                release: "forguncy".to_owned(),
                namespace: "default".to_owned(),
                settings: self.bases[(index + base) % self.bases.len()].clone(),
                hostile: generator.hostile.clone(),
            };
            for turn in turns {
                place(turn, &help.conditions(turn.leaf, &self.leaves), &mut sample);
            }
            // The last may have undone the first.
            let reached = turns.iter().map(|turn| use_of(turn.leaf, &sample) as usize).sum();
            if best.as_ref().is_none_or(|(most, _)| reached > *most) {
                best = Some((reached, sample));
            }
            if reached == all {
                break;
            }
        }
        best.expect("there are presets to start from").1
    }

    /// Sets more keys, in the package and at install: those that are taken, so that most cases render; sometimes all, and sometimes
    /// with one of the settings spoilt.
    fn add_more(&self, sample: &mut Sample, generator: &mut Generator) {
        let mut more = Vec::new();
        for (count, overriding) in [(15, false), (6, true)] {
            let count = generator.random.between(0, count) as usize;
            for leaf in generator.random.some(&self.leaves, count) {
                more.push(generator.setting(&leaf, overriding));
            }
        }
        if generator.random.chance(92) {
            grow(sample, &more);
        } else {
            sample.settings.extend(more);
        }
        if generator.random.chance(12) {
            let last = sample.settings.len() - 1;
            let index = last - generator.random.below(sample.settings.len().min(6));
            let mut spoilt = sample.settings[index].clone();
            generator.spoil(&mut spoilt);
            sample.settings.push(spoilt);
        }
    }
}

/// Whether the turn's keys of a case are set when the chart is installed.
fn is_at_install(index: usize) -> bool {
    index % 2 == 1
}

/// A few settings of a key: those that are not its default, when there are any.
fn choices(leaf: &Leaf, overriding: bool, generator: &mut Generator) -> Vec<Setting> {
    let mut choices: Vec<Setting> = (0..12).map(|_| generator.setting(leaf, overriding)).collect();
    if choices.iter().any(|choice| choice.value != leaf.schema["default"]) {
        choices.retain(|choice| choice.value != leaf.schema["default"]);
    }
    choices.dedup_by(|a, b| a.value == b.value);
    choices.truncate(2);
    choices
}

/// What a key does in a sample.
fn use_of(leaf: &Leaf, sample: &Sample) -> Use {
    let whole = effect(&sample.case());
    match sample.without(&leaf.path) {
        Some(_) if whole == Effect::Refusal => Use::Refused,
        Some(less) if effect(&less.case()) != whole => Use::Counts,
        _ => Use::Idle,
    }
}

/// Sets a key to the value of most use, under the first of these conditions that gives it an effect.
fn place(turn: &Turn, conditions: &[Vec<Setting>], sample: &mut Sample) {
    let mut best: Option<(Use, Vec<Setting>)> = None;
    let tries = conditions.iter().flat_map(|c| turn.choices.iter().map(move |choice| (c, choice)));
    for (condition, choice) in tries {
        let settings = [&sample.settings[..], condition, slice::from_ref(choice)].concat();
        let grown = Sample { settings, ..sample.clone() };
        let use_ = use_of(turn.leaf, &grown);
        if best.as_ref().is_none_or(|(most, _)| use_ > *most) {
            best = Some((use_, grown.settings));
        }
        if use_ == Use::Counts {
            break;
        }
    }
    if let Some((_, settings)) = best {
        sample.settings = settings;
    }
}

/// Adds those settings that are taken, and says whether all are.
fn grow(sample: &mut Sample, more: &[Setting]) -> bool {
    if more.is_empty() {
        return true;
    }
    let grown = Sample { settings: [&sample.settings[..], more].concat(), ..sample.clone() };
    if effect(&grown.case()) != Effect::Refusal {
        *sample = grown;
        return true;
    }
    if more.len() > 1 {
        let (left, right) = more.split_at(more.len() / 2);
        grow(sample, left);
        grow(sample, right);
    }
    false
}

/// Values to start from: every preset and every fixture that renders, as settings of their keys.
fn bases(leaves: &[Leaf]) -> Vec<Vec<Setting>> {
    let presets =
        presets().into_iter().map(|name| project().join(format!("values-presets/{name}.yaml")));
    presets
        .chain(rendering_fixtures())
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("files of the project are readable");
            let documents = read_yaml(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            let mut settings = Vec::new();
            for document in documents {
                flatten(&mut Vec::new(), document, leaves, &mut settings);
            }
            settings
        })
        .collect()
}

fn flatten(path: &mut Vec<String>, value: Json, leaves: &[Leaf], settings: &mut Vec<Setting>) {
    match value {
        Json::Object(map) if !leaves.iter().any(|leaf| leaf.path == *path) => {
            for (key, value) in map {
                path.push(key);
                flatten(path, value, leaves, settings);
                path.pop();
            }
        }
        value => settings.push(Setting {
            path: path.clone(),
            value,
            style: Style::Double,
            place: Place::Package,
        }),
    }
}
