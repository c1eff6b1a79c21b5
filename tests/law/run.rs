//! A run of generated cases on two threads.

use std::env;
use std::str::FromStr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use super::case::Verdict;
use super::coverage::{Coverage, effects};
use super::maker::Maker;
use super::sample::Sample;
use super::shrink::shrink;
use crate::harness::manifests::shape;

/// Each Helm of a case waits for the disk and the collector a good part of its time.
const THREADS: usize = 2;

/// How many cases a key gets that never changed anything beside others.
const TRIES: usize = 4;

/// How many cases to make, and from what.
pub struct Run {
    /// The number of cases.
    pub cases: usize,
    /// Repeats the same cases.
    pub seed: u64,
    maker: Maker,
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
        let clock =
            SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_micros() as u64);
        Self {
            cases: variable("HZGCHART_LAW_CASES").unwrap_or(200),
            seed: variable("HZGCHART_LAW_SEED").unwrap_or(clock),
            maker: Maker::new(),
        }
    }

    /// Whether the run gives each key its turn.
    pub fn reaches_all_keys(&self) -> bool {
        self.maker.reaches_all(self.cases)
    }

    /// Runs all cases, or until one breaks the law; and then, so that each key of the schema changes what comes out at least once,
    /// cases of the keys that never did.
    pub fn go(&self) -> Result<Coverage, Box<Broken>> {
        let mut coverage = self.generated()?;
        if self.reaches_all_keys() {
            for key in coverage.never_changed() {
                let indices = self.cases..self.cases + TRIES;
                for index in indices {
                    let sample = self.maker.alone(self.seed, index, &self.maker.leaves[key]);
                    match check(&sample) {
                        Ok(verdict) => {
                            coverage.count(&verdict, &effects(&sample, &self.maker.leaves))
                        }
                        Err(what) => return Err(broken(index, sample, what)),
                    }
                    if !coverage.never_changed().contains(&key) {
                        break;
                    }
                }
            }
        }
        Ok(coverage)
    }

    fn generated(&self) -> Result<Coverage, Box<Broken>> {
        let next = AtomicUsize::new(0);
        let coverage = Mutex::new(Coverage::new(&self.maker.leaves));
        let first_broken: Mutex<Option<(usize, Sample, String)>> = Mutex::new(None);
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        if index >= self.cases {
                            return;
                        }
                        let sample = self.maker.sample(self.seed, index, self.cases);
                        match check(&sample) {
                            Ok(verdict) => {
                                let effects = effects(&sample, &self.maker.leaves);
                                lock(&coverage).count(&verdict, &effects);
                            }
                            Err(what) => {
                                next.store(self.cases, Ordering::Relaxed);
                                lock(&first_broken).get_or_insert((index, sample, what));
                            }
                        }
                    }
                });
            }
        });
        match first_broken.into_inner().unwrap_or_default() {
            None => Ok(coverage.into_inner().expect("no thread panics while it counts")),
            Some((index, sample, what)) => Err(broken(index, sample, what)),
        }
    }
}

fn broken(index: usize, sample: Sample, what: String) -> Box<Broken> {
    let (sample, what) = shrink(sample, what, |sample| check(sample).err());
    Box::new(Broken { index, sample, what })
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

fn variable<T: FromStr>(name: &str) -> Option<T> {
    let text = env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().expect("no thread panics while it holds the lock")
}
