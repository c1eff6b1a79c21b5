//! Kubernetes' types and kinds, found by name in texts, so that nothing is parsed but what an object needs.

use std::ops::Range;

use super::index::{EMPTY, hash};
use super::texts::{
    FIELDS_BY_NAME, HEADS, KIND_LINES, KINDS, KINDS_BY_NAME, LINES, Line, REQUIRED, TYPES,
    TYPES_BY_NAME, name_of,
};
use super::version::Version;
use crate::lines::{line, parts};

/// A struct type of Kubernetes' API.
#[derive(Clone, Copy, Debug)]
pub(super) struct Type {
    /// `core.v1.Container`.
    pub name: &'static str,
    /// The first of its fields' lines, and the one behind the last.
    lines: (usize, usize),
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
        let is = |at| name_of(usize::from(HEADS[at])) == name;
        let at = TYPES_BY_NAME.find(hash(EMPTY, name.as_bytes()), is)?;
        let head = usize::from(HEADS[at]);
        let end = HEADS.get(at + 1).map_or(LINES.len(), |head| usize::from(*head));
        Some(Self { name: name_of(head), lines: (head + 1, end) })
    }

    /// The field with this name, as often as versions differ in it.
    pub fn field(self, name: &str) -> impl Iterator<Item = Field> {
        let head = self.lines.0 as u32 - 1;
        let is = |line| self.range().contains(&line) && name_of(line) == name;
        let first = FIELDS_BY_NAME.find(hash(head, name.as_bytes()), is).unwrap_or(self.lines.1);
        (first..self.lines.1).take_while(move |line| name_of(*line) == name).filter_map(Field::read)
    }

    /// All fields, by name.
    pub fn fields(self) -> impl Iterator<Item = Field> {
        self.range().filter_map(Field::read)
    }

    /// The fields that a version requires, by name.
    pub fn required(self, version: Version) -> impl Iterator<Item = Field> {
        let from = REQUIRED.partition_point(|line| usize::from(*line) < self.lines.0);
        let lines = REQUIRED[from..].iter().map(|line| usize::from(*line));
        let lines = lines.take_while(move |line| *line < self.lines.1);
        let fields = lines.filter_map(Field::read);
        fields.filter(move |field| field.required && field.versions.has(version))
    }

    fn range(self) -> Range<usize> {
        self.lines.0..self.lines.1
    }
}

impl Field {
    fn read(line: usize) -> Option<Self> {
        let name = name_of(line);
        let Line { start, kind: width, .. } = LINES[line];
        let behind = start as usize + name.len();
        let required = TYPES.as_bytes()[behind] == b'!';
        let kind = behind + 1 + usize::from(required);
        let kind_end = kind + usize::from(width);
        let mut field = Self {
            name,
            required,
            kind: TYPES.get(kind..kind_end)?,
            keys: None,
            format: None,
            versions: Versions::ALL,
        };
        // Words have a blank before them.
        let rest = TYPES[kind_end..].bytes().position(|byte| byte == b'\n')?;
        let words = parts(&TYPES[kind_end..kind_end + rest], b' ').skip(1);
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
        let hash =
            [api, "/", name].iter().fold(EMPTY, |before, part| hash(before, part.as_bytes()));
        let is = |at| {
            let behind = |name: &str| line(KINDS, &KIND_LINES, at)?.strip_prefix(name);
            let behind = behind(api).and_then(|rest| rest.strip_prefix('/')?.strip_prefix(name));
            behind.is_some_and(|rest| rest.starts_with(' '))
        };
        KINDS_BY_NAME.find(hash, is).and_then(Self::read)
    }

    /// All kinds, by API version and name.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..KIND_LINES.len()).filter_map(Self::read)
    }

    /// `apps` of `apps/v1`; empty for the core group.
    pub fn group(self) -> &'static str {
        group(self.api)
    }

    fn read(at: usize) -> Option<Self> {
        let mut words = parts(line(KINDS, &KIND_LINES, at)?.trim_end(), b' ');
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

#[cfg(test)]
mod tests {
    use super::{KINDS, Kind, TYPES, Type};
    use crate::kubernetes::Version;

    #[test]
    fn finds_every_type_and_field_and_kind_that_stands_in_the_tables() {
        assert!(TYPES.is_ascii() && KINDS.is_ascii());
        let mut of: Option<Type> = None;
        for line in TYPES.lines() {
            let word = line[1..].split([' ', '!']).find(|word| !word.is_empty()).unwrap();
            if line.starts_with('#') {
                of = Type::find(word);
                assert_eq!(of.unwrap().name, word);
            } else {
                assert!(
                    of.unwrap().field(word).any(|field| line[1..].contains(field.kind)),
                    "{line}"
                );
            }
        }
        for kind in Kind::all() {
            let found = Kind::find(kind.api, kind.name).unwrap();
            assert_eq!((found.of, found.versions), (kind.of, kind.versions));
            assert!(kind.of == "-" || Type::find(kind.of).is_some(), "{kind:?}");
        }
        assert_eq!(Kind::all().count(), KINDS.lines().count());
    }

    #[test]
    fn every_reference_leads_to_a_type_or_is_plain() {
        let plain = [
            "any",
            "base64",
            "boolean",
            "int-or-string",
            "int32",
            "int64",
            "micro-time",
            "number",
            "object",
            "quantity",
            "string",
            "time",
        ];
        for line in TYPES.lines().filter(|line| line.starts_with(' ')) {
            let kind = line
                .split(' ')
                .nth(2)
                .unwrap()
                .trim_start_matches("[]")
                .trim_start_matches("{}")
                .trim_start_matches("[]");
            assert!(plain.contains(&kind) || Type::find(kind).is_some(), "{line}");
        }
    }

    #[test]
    fn finds_nothing_else() {
        for name in [
            "",
            " ",
            "#",
            "a",
            "zzz",
            "core.v1",
            "core.v1.Po",
            "core.v1.Podd",
            "core.v1.Pod @",
            "core.v1.Pod\n",
        ] {
            assert!(Type::find(name).is_none(), "{name:?}");
        }
        let pod = Type::find("core.v1.Pod").unwrap();
        for name in ["", "spe", "specs", "zzz", "\u{e4}", "spec core.v1.PodSpec"] {
            assert_eq!(pod.field(name).count(), 0, "{name:?}");
        }
        assert!(
            Kind::find("v1", "Po").is_none()
                && Kind::find("v1/", "Pod").is_none()
                && Kind::find("", "").is_none()
        );
    }

    #[test]
    fn knows_what_a_version_requires() {
        let names = |of: &str, version: &str| -> Vec<&str> {
            let version: Version = version.parse().unwrap();
            Type::find(of).unwrap().required(version).map(|field| field.name).collect()
        };
        assert_eq!(names("core.v1.VolumeMount", "1.30"), ["mountPath", "name"]);
        assert_eq!(names("core.v1.HostAlias", "1.30"), [""; 0]);
        assert_eq!(names("core.v1.HostAlias", "1.31"), ["ip"]);
    }
}
