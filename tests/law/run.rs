//! A run of generated cases on two threads, and what of the values it has covered.

use std::env;
use std::fmt;
use std::slice;
use std::str::FromStr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value as Json;

use super::case::Verdict;
use super::generator::Generator;
use super::leaves::{Leaf, Schema};
use super::random::Random;
use super::sample::{Place, Sample, Setting};
use super::shrink::shrink;
use crate::harness::manifests::{read_yaml, shape};
use crate::harness::yaml::Style;
use crate::harness::{presets, project, valid_fixtures};

/// Each Helm of a case waits for the disk and the collector a good part of its time.
const THREADS: usize = 2;

/// How many cases to make, and from what.
pub struct Run {
    /// The number of cases.
    pub cases: usize,
    /// Repeats the same cases.
    pub seed: u64,
    schema: Schema,
    leaves: Vec<Leaf>,
    bases: Vec<Vec<Setting>>,
}

/// A case that breaks the law.
pub struct Broken {
    /// Which one of the run.
    pub index: usize,
    /// The smallest form found.
    pub sample: Sample,
    /// How it breaks the law.
    pub what: String,
}

impl Run {
    /// The run that the environment asks for.
    pub fn from_environment() -> Self {
        let schema = Schema::of_hzgchart();
        let leaves = schema.leaves();
        let clock =
            SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_micros() as u64);
        Self {
            cases: variable("HZGCHART_LAW_CASES").unwrap_or(200),
            seed: variable("HZGCHART_LAW_SEED").unwrap_or(clock),
            bases: bases(&leaves),
            schema,
            leaves,
        }
    }

    /// Runs all cases, or until one breaks the law.
    pub fn go(&self) -> Result<Coverage, Box<Broken>> {
        let next = AtomicUsize::new(0);
        let coverage = Mutex::new(Coverage::new(&self.leaves));
        let broken: Mutex<Option<(usize, Sample, String)>> = Mutex::new(None);
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        if index >= self.cases {
                            return;
                        }
                        let sample = self.sample(index);
                        match check(&sample) {
                            Ok(verdict) => lock(&coverage).count(&sample, &verdict),
                            Err(what) => {
                                next.store(self.cases, Ordering::Relaxed);
                                lock(&broken).get_or_insert((index, sample, what));
                            }
                        }
                    }
                });
            }
        });
        match broken.into_inner().unwrap_or_default() {
            None => Ok(coverage.into_inner().expect("no thread panics while it counts")),
            Some((index, sample, what)) => {
                let (sample, what) = shrink(sample, what, |sample| check(sample).err());
                Err(Box::new(Broken { index, sample, what }))
            }
        }
    }

    /// The sample of a case. Each case must set the keys whose turn it is, on the base that takes
    /// the most of them; what the base does not take is left out, so that most cases render.
    fn sample(&self, index: usize) -> Sample {
        let mut generator = Generator::new(&self.schema, Random::new(self.seed, index));
        let turn = self.turn(index, &mut generator);
        let names = (generator.release(), generator.namespace());
        let with = |settings: Vec<Setting>, generator: &Generator| Sample {
            release: "forguncy".to_owned(),
            namespace: "default".to_owned(),
            settings,
            hostile: generator.hostile.clone(),
        };
        // A key that no base takes is set all the same: refusals must agree, too.
        let mut best: Option<(usize, Vec<Setting>)> = None;
        for step in 0..self.bases.len() {
            let mut settings = self.bases[(index + step) % self.bases.len()].clone();
            let mut refused = Vec::new();
            for choices in &turn {
                let taken = choices
                    .iter()
                    .any(|choice| grow(&mut settings, slice::from_ref(choice), &with, &generator));
                if !taken {
                    refused.extend(choices.first().cloned());
                }
            }
            let misses = refused.len();
            settings.extend(refused);
            if best.as_ref().is_none_or(|(least, _)| misses < *least) {
                best = Some((misses, settings));
            }
            if misses == 0 {
                break;
            }
        }
        let mut settings = best.map(|(_, settings)| settings).unwrap_or_default();
        let mut more = Vec::new();
        for (count, overriding) in [(15, false), (6, true)] {
            let count = generator.random.between(0, count) as usize;
            for leaf in generator.random.some(&self.leaves, count) {
                more.push(generator.setting(&leaf, overriding));
            }
        }
        if generator.random.chance(92) {
            grow(&mut settings, &more, &with, &generator);
        } else {
            settings.extend(more);
        }
        let mut sample = with(settings, &generator);
        if generator.random.chance(12) && !sample.settings.is_empty() {
            let last = sample.settings.len() - 1;
            let index = last - generator.random.below(sample.settings.len().min(6));
            let mut spoilt = sample.settings[index].clone();
            generator.spoil(&mut spoilt);
            sample.settings.push(spoilt);
        }
        (sample.release, sample.namespace) = names;
        sample
    }

    /// The settings whose turn it is, each with some values to choose from: over a run, each key at
    /// least once in the package and once at install.
    fn turn(&self, index: usize, generator: &mut Generator) -> Vec<Vec<Setting>> {
        let all = 2 * self.leaves.len();
        let each = all.div_ceil(self.cases);
        (index * each..(index + 1) * each)
            .map(|i| i % all)
            .map(|i| {
                let (leaf, overriding) =
                    (&self.leaves[i % self.leaves.len()], i >= self.leaves.len());
                (0..4).map(|_| generator.setting(leaf, overriding)).collect()
            })
            .collect()
    }
}

/// Adds those settings that `render` takes, and says whether it took all.
fn grow(
    settings: &mut Vec<Setting>,
    more: &[Setting],
    with: &impl Fn(Vec<Setting>, &Generator) -> Sample,
    generator: &Generator,
) -> bool {
    if more.is_empty() {
        return true;
    }
    let grown = [&settings[..], more].concat();
    if with(grown.clone(), generator).case().is_rendered() {
        *settings = grown;
        return true;
    }
    if more.len() > 1 {
        let (left, right) = more.split_at(more.len() / 2);
        grow(settings, left, with, generator);
        grow(settings, right, with, generator);
    }
    false
}

/// Whether a sample keeps the law, and no string of it changes the shape of what comes out.
fn check(sample: &Sample) -> Result<Verdict, String> {
    let verdict = sample.case().check()?;
    if let Verdict::Equal(objects) = &verdict
        && let Ok(tame) = sample.tamed().case().render()?
    {
        let (shape, tame) = (shape(objects), shape(&tame));
        let changed: Vec<&String> = shape.symmetric_difference(&tame).collect();
        if !changed.is_empty() {
            return Err(format!("a string adds or removes keys: {changed:#?}"));
        }
    }
    Ok(verdict)
}

/// Values to start from: every preset and every valid fixture, as settings of their keys.
fn bases(leaves: &[Leaf]) -> Vec<Vec<Setting>> {
    let presets =
        presets().into_iter().map(|name| project().join(format!("values-presets/{name}.yaml")));
    presets
        .chain(valid_fixtures())
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

/// How often each key was set, and what became of the cases.
pub struct Coverage {
    keys: Vec<(Vec<String>, usize, usize)>,
    equal: usize,
    refused: usize,
    not_packaged: usize,
}

impl Coverage {
    fn new(leaves: &[Leaf]) -> Self {
        let keys = leaves.iter().map(|leaf| (leaf.path.clone(), 0, 0)).collect();
        Self { keys, equal: 0, refused: 0, not_packaged: 0 }
    }

    fn count(&mut self, sample: &Sample, verdict: &Verdict) {
        let rendered = matches!(verdict, Verdict::Equal(_));
        match verdict {
            Verdict::Equal(_) => self.equal += 1,
            Verdict::Refused => self.refused += 1,
            Verdict::NotPackaged => self.not_packaged += 1,
        }
        for (path, set, compared) in &mut self.keys {
            if sample.settings.iter().any(|setting| setting.path.starts_with(path)) {
                *set += 1;
                *compared += usize::from(rendered);
            }
        }
    }

    /// Panics unless every key was set, and at least half of the cases had something to compare.
    pub fn assert_complete(&self) {
        let never: Vec<String> = self.where_(|set, _| set == 0);
        assert!(never.is_empty(), "never set: {never:?}");
        let all = self.equal + self.refused + self.not_packaged;
        assert!(self.equal * 2 >= all, "too few cases render: {self}");
    }

    fn where_(&self, holds: impl Fn(usize, usize) -> bool) -> Vec<String> {
        let keys = self.keys.iter().filter(|(_, set, compared)| holds(*set, *compared));
        keys.map(|(path, ..)| path.join(".")).collect()
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { keys, equal, refused, not_packaged } = self;
        let compared = keys.iter().filter(|(_, _, compared)| *compared > 0).count();
        write!(
            f,
            "law: {equal} equal, {refused} refused by all, {not_packaged} not packaged; \
             of {} keys {compared} were compared",
            keys.len()
        )?;
        let only_refused = self.where_(|set, compared| set > 0 && compared == 0);
        if !only_refused.is_empty() {
            write!(f, "; only in refused cases: {}", only_refused.join(", "))?;
        }
        Ok(())
    }
}

fn variable<T: FromStr>(name: &str) -> Option<T> {
    let text = env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().expect("no thread panics while it holds the lock")
}
