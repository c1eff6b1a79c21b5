//! Kubernetes' types and kinds: sorted texts, found by bisecting, so that nothing is parsed but what an object needs.
//!
//! `docs/kubernetes.md` tells the form of the texts and how they are made.

use std::cmp::Ordering;

use super::version::Version;

static TYPES: &str = include_str!("../../kubernetes/types.txt");
static KINDS: &str = include_str!("../../kubernetes/kinds.txt");

/// A struct type of Kubernetes' API.
#[derive(Clone, Copy, Debug)]
pub(super) struct Type {
    /// `core.v1.Container`.
    pub name: &'static str,
    /// Its fields' lines.
    fields: &'static str,
}

/// A field of a type, as it is in one or more versions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub name: &'static str,
    pub required: bool,
    /// `string`, `int32`, `core.v1.Probe`, … with `[]` before it for a list of them, `{}` for a map.
    pub kind: &'static str,
    /// The keys that tell a list's items apart, with commas between; empty when whole items do.
    pub keys: Option<&'static str>,
    /// What the value has to look like, `~port`; or what it can be, `=Always|Never`.
    pub format: Option<&'static str>,
    /// The versions that have it.
    pub versions: Versions,
}

/// A kind in one API version.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    /// `apps/v1`.
    pub api: &'static str,
    /// `Deployment`.
    pub name: &'static str,
    /// Its type; `-` when it was gone before [`Version::OLDEST`].
    pub of: &'static str,
    pub cluster_scoped: bool,
    pub versions: Versions,
}

/// A first and a last minor version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Versions {
    pub first: u8,
    pub last: u8,
}

impl Versions {
    const ALL: Self = Self { first: Version::OLDEST.minor(), last: Version::NEWEST.minor() };

    pub fn has(self, version: Version) -> bool {
        (self.first..=self.last).contains(&version.minor())
    }

    fn read(text: &str) -> Option<Self> {
        let (first, last) = text.split_once('-')?;
        Some(Self { first: first.parse().ok()?, last: last.parse().ok()? })
    }
}

impl Type {
    pub fn find(name: &str) -> Option<Self> {
        let entry = from(TYPES, b'#', name);
        let (head, rest) = split_word(entry);
        // A line's end behind the last field would begin one more.
        let rest = rest.split('#').next().unwrap_or_default().trim_end();
        let start = rest.find('\n').unwrap_or(rest.len());
        (head == name).then(|| Self { name: head, fields: &rest[start..] })
    }

    /// The field with this name, as often as versions differ in it.
    pub fn field(self, name: &str) -> impl Iterator<Item = Field> {
        from(self.fields, b'\n', name)
            .split('\n')
            .map_while(Field::read)
            .take_while(move |field| field.name == name)
    }

    /// All fields, by name.
    pub fn fields(self) -> impl Iterator<Item = Field> {
        self.fields.split('\n').filter_map(Field::read)
    }

    /// The fields that a version requires, by name.
    pub fn required(self, version: Version) -> impl Iterator<Item = Field> {
        self.fields.match_indices('!').filter_map(move |(at, _)| {
            let start = self.fields[..at].rfind('\n')? + 1;
            let field = Field::read(self.fields[start..].split('\n').next()?)?;
            (field.required && field.versions.has(version)).then_some(field)
        })
    }
}

impl Field {
    fn read(line: &'static str) -> Option<Self> {
        let mut words = line.trim_start().split(' ');
        let name = words.next()?;
        let mut field = Self {
            name: name.trim_end_matches('!'),
            required: name.ends_with('!'),
            kind: words.next()?,
            keys: None,
            format: None,
            versions: Versions::ALL,
        };
        for word in words {
            match word.as_bytes().first() {
                Some(b'%') => field.keys = Some(&word[1..]),
                Some(b'@') => field.versions = Versions::read(&word[1..])?,
                _ => field.format = Some(word),
            }
        }
        Some(field)
    }
}

impl Kind {
    pub fn find(api: &str, name: &str) -> Option<Self> {
        let key = format!("{api}/{name}");
        let line = from(KINDS.trim_end(), b'\n', &key).split('\n').next()?;
        Self::read(line).filter(|kind| kind.api == api && kind.name == name)
    }

    /// All kinds, by API version and name.
    pub fn all() -> impl Iterator<Item = Self> {
        KINDS.split('\n').filter_map(Self::read)
    }

    /// `apps` of `apps/v1`; empty for the core group.
    pub fn group(self) -> &'static str {
        group(self.api)
    }

    fn read(line: &'static str) -> Option<Self> {
        let mut words = line.trim_start().split(' ');
        let (api, name) = words.next()?.rsplit_once('/')?;
        Some(Self {
            api,
            name,
            of: words.next()?,
            cluster_scoped: words.next()? == "cluster",
            versions: Versions::read(words.next()?)?,
        })
    }
}

/// `apps` of `apps/v1`; empty for the core group.
pub(super) fn group(api: &str) -> &str {
    api.rsplit_once('/').map_or("", |(group, _)| group)
}

/// The text from the first entry on that is not below the name. An entry begins behind a mark and a blank with its name.
fn from(text: &'static str, mark: u8, name: &str) -> &'static str {
    let bytes = text.as_bytes();
    let mark = char::from(mark);
    // Both always stand at a mark, or at the end.
    let (mut low, mut high) = (0, bytes.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = text[low..=middle].rfind(mark).map_or(low, |at| low + at);
        let (entry, rest) = split_word(text.get(start + 2..).unwrap_or_default());
        if entry.cmp(name) == Ordering::Less {
            let rest_at = text.len() - rest.len();
            low = text[rest_at..high.max(rest_at)].find(mark).map_or(high, |at| rest_at + at);
        } else {
            high = start;
        }
    }
    text.get(low + 2..).unwrap_or_default()
}

/// The name that an entry begins with, and what follows.
fn split_word(entry: &str) -> (&str, &str) {
    let end = entry.bytes().position(|b| matches!(b, b' ' | b'!' | b'\n')).unwrap_or(entry.len());
    entry.split_at(end)
}
