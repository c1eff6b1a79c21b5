//! Which entries a run is about: `--only` and `--shard`.

use std::str::FromStr;

use super::Entry;
use crate::error::Problem;
use crate::suggest::nearest;

/// `--only`: a pattern of names in which `*` stands for anything, or `tenant=PATTERN` and the like; all of those that commas
/// separate must fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Only(Vec<(Key, String)>);

/// What a pattern is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    Name,
    Tenant,
    Environment,
    Architecture,
}

const KEYS: [(&str, Key); 4] = [
    ("name", Key::Name),
    ("tenant", Key::Tenant),
    ("environment", Key::Environment),
    ("architecture", Key::Architecture),
];

impl FromStr for Only {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let part = |part: &str| {
            let (key, pattern) = part.split_once('=').unwrap_or(("name", part));
            let Some((_, known)) = KEYS.iter().find(|(name, _)| *name == key) else {
                let names = KEYS.iter().map(|(name, _)| *name);
                let meant = nearest(key, names).unwrap_or("tenant");
                return Err(format!("entries have no `{key}`, did you mean `{meant}=…`?"));
            };
            if pattern.is_empty() {
                return Err(format!("`{text}` has an empty pattern"));
            }
            Ok((*known, pattern.to_owned()))
        };
        text.split(',').map(part).collect::<Result<_, _>>().map(Self)
    }
}

impl std::fmt::Display for Only {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, (key, pattern)) in self.0.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            let name = KEYS.iter().find(|(_, known)| known == key).map_or("", |(name, _)| name);
            match key {
                Key::Name => write!(f, "{comma}{pattern}")?,
                _ => write!(f, "{comma}{name}={pattern}")?,
            }
        }
        Ok(())
    }
}

impl Only {
    fn fits(&self, entry: &Entry) -> bool {
        self.0.iter().all(|(key, pattern)| {
            let text = match key {
                Key::Name => &entry.name,
                Key::Tenant => &entry.tenant,
                Key::Environment => &entry.environment,
                Key::Architecture => &entry.architecture,
            };
            matches(pattern, text)
        })
    }
}

/// Whether a pattern fits a text: `*` stands for any letters, none too.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// `--shard I/N`: this one of so many runs, which share the entries out among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which one, from 1.
    pub number: usize,
    /// How many there are.
    pub of: usize,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(number, of)| {
            Some((number.parse::<usize>().ok()?, of.parse::<usize>().ok()?))
        });
        match numbers {
            Some((number, of)) if (1..=of).contains(&number) => Ok(Self { number, of }),
            _ => Err("expected a number and how many there are, such as `1/4` to `4/4`".to_owned()),
        }
    }
}

/// The entries that fit one of `only`; all without any.
///
/// # Errors
/// A pattern that fits no entry.
pub fn select<'f>(
    entries: impl Iterator<Item = &'f Entry> + Clone,
    only: &[Only],
) -> Result<Vec<&'f Entry>, Vec<Problem>> {
    let fits_none = |only: &&Only| !entries.clone().any(|entry| only.fits(entry));
    let none = |only: &Only| none(entries.clone(), only);
    let problems: Vec<Problem> = only.iter().filter(fits_none).map(none).collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    let chosen = |entry: &&Entry| only.is_empty() || only.iter().any(|only| only.fits(entry));
    Ok(entries.filter(chosen).collect())
}

/// What falls to a shard: every N-th, from the I-th on. All without one.
pub fn share<T>(things: Vec<T>, shard: Option<Shard>) -> Vec<T> {
    match shard {
        None => things,
        Some(shard) => things.into_iter().skip(shard.number - 1).step_by(shard.of).collect(),
    }
}

fn none<'f>(entries: impl Iterator<Item = &'f Entry>, only: &Only) -> Problem {
    let problem = Problem::new(format!("no entry fits `--only {only}`"));
    let wanted = only.to_string();
    match nearest(&wanted, entries.map(|entry| &*entry.name)) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help("`hzgchart fleet list` tells their names"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Only, Shard, matches, share};

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, text) in [
            ("*", ""),
            ("a*", "abc"),
            ("*c", "abc"),
            ("a*c", "ac"),
            ("*b*", "abc"),
            ("a*b*c", "aXbYc"),
            ("abc", "abc"),
        ] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in
            [("", "a"), ("a", "ab"), ("a*a", "a"), ("*b", "abc"), ("a*b*c", "acb")]
        {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn refuses_unknown_keys_and_empty_patterns() {
        assert_eq!(
            "tenent=a".parse::<Only>().unwrap_err(),
            "entries have no `tenent`, did you mean `tenant=…`?"
        );
        assert!("tenant=".parse::<Only>().is_err() && "a,".parse::<Only>().is_err());
        assert_eq!(
            "a*,environment=prod".parse::<Only>().unwrap().to_string(),
            "a*,environment=prod"
        );
    }

    #[test]
    fn shards_share_everything_out_once() {
        for of in 1..5 {
            let mut all: Vec<u32> = (1..=of)
                .flat_map(|number| share((0..10).collect(), Some(Shard { number, of })))
                .collect();
            all.sort_unstable();
            assert_eq!(all, (0..10).collect::<Vec<_>>());
        }
    }

    #[test]
    fn refuses_what_is_no_shard() {
        for text in ["", "1", "0/2", "3/2", "a/b", "1/2/3", "-1/2", "0/0"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
        assert_eq!("2/3".parse(), Ok(Shard { number: 2, of: 3 }));
    }
}
