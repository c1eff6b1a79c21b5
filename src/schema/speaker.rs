//! Makes problems of findings: with their place, their help, and without their secrets.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use serde_json::Value as Json;

use crate::error::Problem;
use crate::node::Value;
use crate::secret::{COMMA, Hidden, follows_secret, gives_password, names_secret};
use crate::source::{Location, Origin, SourceId, Sources};

use super::finding::{Fault, Finding};
use super::meant::sibling;
use super::message::message;
use super::of_key;
use super::shape::{keys, resolved};
use super::walk::Secrets;

/// Longer texts are no number.
const MAX_NUMBER: usize = 60;

/// Words findings with the sources at hand.
pub struct Speaker<'s> {
    pub(super) schema: &'s Json,
    pub(super) sources: &'s Sources,
    secret_lines: HashSet<(SourceId, u32)>,
    secret_paths: Vec<String>,
    /// The first column of a line that is not shown: an unknown key's value begins there.
    ends: HashMap<(SourceId, u32), u32>,
    hidden: Hidden,
    /// Whether the table of the vendor's keys has been named: once is enough.
    pub(super) named_the_table: Cell<bool>,
}

impl<'s> Speaker<'s> {
    /// A speaker that knows what to keep to itself.
    pub fn new(schema: &'s Json, sources: &'s Sources, secrets: Secrets) -> Self {
        let secret_lines = secrets.places.iter().map(|at| (at.source, at.line)).collect();
        let mut ends = HashMap::new();
        for at in secrets.unknown {
            let end = ends.entry((at.source, at.line)).or_insert(at.column);
            *end = at.column.min(*end);
        }
        let hidden = Hidden::default();
        let named_the_table = Cell::new(false);
        let secret_paths = secrets.paths;
        Self { schema, sources, secret_lines, secret_paths, ends, hidden, named_the_table }
    }

    /// The problems to show for a finding: one, or those of the alternative that fits best.
    pub fn say(&self, finding: &Finding<'_>) -> Vec<Problem> {
        if let (Fault::NoBranch(branches), None) = (&finding.fault, finding.title)
            && let Some(joined) = join(finding, branches)
        {
            return match joined {
                Joined::One(finding) => self.say(&finding),
                Joined::Best(branch) => branch.iter().flat_map(|f| self.say(f)).collect(),
            };
        }
        if let (Fault::Unknown { .. } | Fault::Moved { .. }, Some(origin)) =
            (&finding.fault, finding.origin)
            && follows_secret(origin, self.sources)
        {
            let problem = Problem::new("an unknown key after a comma").help(COMMA);
            return vec![problem.at(self.location(origin, true))];
        }
        if let Fault::Unknown { key, .. } = finding.fault
            && let Some(begun) = begins_secret(key)
        {
            let problem = Problem::new(format!("unknown key `{begun}…`"));
            let problem = problem.help("put a blank behind the colon: `key: value`");
            return vec![match finding.origin {
                Some(origin) => problem.at(self.location(origin, true)),
                None => problem,
            }];
        }
        let secret =
            finding.secret || self.is_secret(&finding.path) || self.is_misplaced_secret(finding);
        let mut problem = Problem::new(message(finding, secret, self.written(finding)));
        problem.path.clone_from(&finding.path);
        let meant = sibling(finding, self.schema);
        // A mistyped password's line holds the password.
        let hide = secret || meant.as_ref().is_some_and(|meant| self.is_write_only(meant.schema));
        problem.location = finding.origin.map(|origin| self.location(origin, hide));
        let visible = problem.location.as_ref().is_some_and(|location| location.text.is_some());
        problem.help = match finding.fault {
            Fault::Unknown { .. } => self.where_it_belongs(finding, meant),
            _ => self.help(finding, secret, visible),
        };
        vec![problem]
    }

    fn is_secret(&self, path: &str) -> bool {
        self.secret_paths.iter().any(|secret| match path.strip_prefix(secret.as_str()) {
            Some(rest) => secret.is_empty() || rest.is_empty() || rest.starts_with(['.', '[']),
            None => false,
        })
    }

    /// Whether a text may be a secret though its key holds none: it says so, or it stands where a map with a secret belongs.
    fn is_misplaced_secret(&self, finding: &Finding<'_>) -> bool {
        let Some(text) = finding.node.as_str() else { return false };
        let map = of_key(&finding.path, self.schema).filter(|_| !text.is_empty());
        let keys = map.zip(self.schema.as_object()).and_then(|(map, root)| keys(map, root));
        gives_password(text)
            || begins_secret(text).is_some()
            || keys.is_some_and(|keys| keys.values().any(|key| self.is_write_only(key)))
    }

    fn is_write_only(&self, property: &Json) -> bool {
        let target = self.schema.as_object().and_then(|root| resolved(property, root));
        [property.as_object(), target]
            .into_iter()
            .flatten()
            .any(|property| property.contains_key("writeOnly"))
    }

    fn location(&self, origin: Origin, hide: bool) -> Location {
        let mut location = Location::of(origin, self.sources);
        let line = (origin.source, origin.line);
        let secret = self.secret_lines.contains(&line) || self.hidden.is(origin, self.sources);
        let end = self.ends.get(&line).map_or(usize::MAX, |column| *column as usize - 1);
        if hide || secret || end < origin.column as usize {
            location.text = None;
        }
        location.text = location.text.map(|text| match text.char_indices().nth(end) {
            Some((end, _)) => text[..end].trim_end().to_owned(),
            None => text,
        });
        location
    }

    /// A number or a boolean as it was written: `10.0` is 10 by now, and `yes` is true.
    pub(super) fn written(&self, finding: &Finding<'_>) -> Option<&'s str> {
        let origin = finding.node.origin?;
        if !matches!(finding.node.value, Value::Int(_) | Value::Float(_) | Value::Bool(_)) {
            return None;
        }
        let line = self.sources.get(origin.source).text.lines().nth(origin.line as usize - 1)?;
        let (start, _) = line.char_indices().nth(origin.column as usize - 1)?;
        let rest = &line[start..];
        let end = rest.find([' ', '\t', ',', ']', '}', '#']).unwrap_or(rest.len());
        let text = &rest[..end];
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | '_' | ':');
        (!text.is_empty() && text.len() <= MAX_NUMBER && text.chars().all(plain)).then_some(text)
    }
}

/// The name at the beginning of a text that is a key with its value to people, `password:…`, if that may be a secret.
fn begins_secret(text: &str) -> Option<&str> {
    let name = text.split([':', '=', '：', '"', '\'']).next().unwrap_or_default();
    (name.len() < text.len() && names_secret(name)).then_some(name)
}

/// Several alternatives as one thing to say.
enum Joined<'f, 'a> {
    /// They want different types, or different values, of one key.
    One(Finding<'a>),
    /// The one that fits best.
    Best(&'f [Finding<'a>]),
}

fn join<'f, 'a>(whole: &Finding<'a>, branches: &'f [Vec<Finding<'a>>]) -> Option<Joined<'f, 'a>> {
    let here = |branch: &'f Vec<Finding<'a>>| match branch.as_slice() {
        [one] if one.path == whole.path => Some(&one.fault),
        _ => None,
    };
    let types = branches.iter().map(|branch| match here(branch) {
        Some(Fault::Type(types)) => Some(types.as_slice()),
        _ => None,
    });
    let choices = branches.iter().map(|branch| match here(branch) {
        Some(Fault::Choice(choices)) => Some(choices.as_slice()),
        _ => None,
    });
    let fault = match (types.collect::<Option<Vec<_>>>(), choices.collect::<Option<Vec<_>>>()) {
        (Some(types), _) => Fault::Type(types.concat()),
        (None, Some(choices)) => Fault::Choice(choices.concat()),
        (None, None) => {
            let mistyped = |branch: &Vec<Finding<'_>>| {
                branch.iter().any(|f| f.path == whole.path && matches!(f.fault, Fault::Type(_)))
            };
            return branches
                .iter()
                .min_by_key(|branch| (mistyped(branch), branch.len()))
                .map(|branch| Joined::Best(branch));
        }
    };
    Some(Joined::One(Finding { path: whole.path.clone(), fault, ..*whole }))
}
