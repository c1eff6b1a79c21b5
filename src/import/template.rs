//! One of the vendor's templates by its shape: what its objects say, with every `{{ }}` blanked.

use crate::error::Problem;
use crate::inspect::shown;
use crate::node::{Node, Value};
use crate::secret::Hidden;
use crate::source::{Location, Origin, Sources};
use crate::yaml::{decode, read as yaml};

use super::blank::{blank, is_made};
use super::draft::Draft;
use super::expression::is_value_of;
use super::seen::Seen;
use super::shares::Shares;
use super::start_of;

/// So much of one template is told; the rest is counted.
const MAX_PER_FILE: usize = 50;

/// One template that is being read.
pub struct Template<'t, 's> {
    /// Its path inside the chart.
    path: String,
    /// Its text as it was written, under the same id as the blanked one.
    original: Sources,
    /// The values so far.
    pub draft: &'t mut Draft<'s>,
    /// Where the shares are that were found.
    pub shares: &'t mut Shares,
    /// What the templates were found to hold.
    pub seen: &'t mut Seen,
    /// Whose object is being read: `forguncy`, `redis`, `influx`.
    pub section: &'static str,
    /// Which share the object is about.
    pub share: Option<&'static str>,
    /// What was told of it.
    told: usize,
    /// What was only counted.
    pub untold: usize,
}

impl<'t, 's> Template<'t, 's> {
    /// Reads a template of the chart, `name` being what messages call it, and takes over what its objects say. False when it
    /// cannot be read, which is told.
    pub fn read(
        path: &str,
        bytes: &[u8],
        name: &str,
        draft: &'t mut Draft<'s>,
        shares: &'t mut Shares,
        seen: &'t mut Seen,
    ) -> bool {
        let help = "compare it with the vendor's by hand: nothing in it was taken over";
        let written = match decode(bytes, name) {
            Ok(text) => text,
            Err(problem) => {
                draft.problems.push(problem);
                return false;
            }
        };
        let Some(blanked) = blank(&written) else {
            let problem = Problem::new(
                "a template that cannot be read: a `{{` does not end, or ends on another line",
            );
            draft.problems.push(problem.at(start_of(name.to_owned())).help(help));
            return false;
        };
        let mut sources = Sources::default();
        let id = sources.add(name, blanked.text);
        let mut original = Sources::default();
        original.add(name, written);
        let trees = yaml::stream(id, &sources);
        let is_read = trees.is_ok();
        let mut template = Self {
            path: shown(path),
            original,
            draft,
            shares,
            seen,
            section: "forguncy",
            share: None,
            told: 0,
            untold: 0,
        };
        for (line, column, word) in blanked.lost {
            let what = match word.as_str() {
                "if" | "else" | "range" | "with" => "is not evaluated: all that it guards is read",
                _ => "is not evaluated: what it makes is not taken over",
            };
            let problem = Problem::new(format!("`{{{{ {word} }}}}` {what}"));
            let help =
                "see what it makes: `helm template`, and `hzgchart diff` against the values file";
            template.tell(Some(Origin { source: id, line, column }), problem.help(help));
        }
        for line in blanked.joined {
            let problem = Problem::new(
                "a `-` in `{{ }}` puts this line behind the one above, so that Helm makes something else of both",
            );
            let help = "take the `-` away, or compare what `helm template` makes of it";
            template.tell(Some(Origin { source: id, line, column: 1 }), problem.help(help));
        }
        match trees {
            Err(found) => {
                // The words are about the blanked text, which the user has never seen.
                let place = found.first().and_then(|p| p.location.clone());
                let line = place.map_or(1, |place| place.line);
                let problem = Problem::new("a template that is not plain YAML without its `{{ }}`");
                template.tell(Some(Origin { source: id, line, column: 1 }), problem.help(help));
            }
            Ok(trees) => {
                for tree in &trees {
                    template.object(tree);
                }
            }
        }
        if template.untold > 0 {
            let problem = Problem::new(format!("and {} more in this template", template.untold));
            let help = "compare it with the vendor's by hand";
            template.draft.problems.push(problem.at(start_of(name.to_owned())).help(help));
        }
        is_read
    }

    /// Takes a field's value over to a key, `*` being the section; tells why if that cannot be.
    pub fn carry(&mut self, key: &str, path: &str, node: &Node, origin: Option<Origin>) {
        let key = key.replace('*', self.section);
        if node.as_str().is_some_and(|text| is_value_of(text, &key)) {
            return;
        }
        if holds_made(node) {
            return self.unread(
                path,
                origin,
                &format!("`{{{{ }}}}` in it is not evaluated: write `{key}` by hand"),
            );
        }
        let from = self.from(path, origin);
        self.carry_from(&from, &key, path, node, origin);
    }

    /// The same for a value that was written somewhere else, which the field leads to.
    pub fn carry_from(
        &mut self,
        from: &str,
        key: &str,
        path: &str,
        node: &Node,
        origin: Option<Origin>,
    ) {
        if let Some(other) = self.seen.other_for(key, node, from) {
            let help = format!("`{key}` is from {other}, and is one for all: see which is right");
            return self.unread(path, origin, &help);
        }
        self.set(key, node, from, origin);
    }

    /// Adds the items of a list to a key that all pods share.
    pub fn join(&mut self, key: &str, path: &str, node: &Node, origin: Option<Origin>) {
        if holds_made(node) || !matches!(node.value, Value::List(_)) {
            return self.carry(key, path, node, origin);
        }
        let (all, from) = (self.seen.joined(key, node.items()), self.from(path, origin));
        self.set(key, &all, &from, origin);
    }

    fn set(&mut self, key: &str, node: &Node, from: &str, origin: Option<Origin>) {
        if !self.draft.set(key, node.clone(), from) && self.may_tell() {
            let place = origin.map(|origin| Hidden::default().show(origin, &self.original));
            self.draft.refuse(key, node.clone(), place, &self.original);
        }
    }

    /// What comments call a place.
    pub fn from(&self, path: &str, origin: Option<Origin>) -> String {
        format!("{}:{}, {}", self.path, origin.map_or(0, |origin| origin.line), shown(path))
    }

    /// Tells of a field that was not taken over.
    pub fn unread(&mut self, path: &str, origin: Option<Origin>, help: &str) {
        let problem = Problem::new("this field is not taken over").path(shown(path));
        self.tell(origin, problem.help(help));
    }

    /// Counts a problem, and says whether it is to be put into words: to find its place takes time.
    fn may_tell(&mut self) -> bool {
        let may = self.told < MAX_PER_FILE && self.draft.problems.len() < super::MAX_PROBLEMS;
        match may {
            true => self.told += 1,
            false => self.untold += 1,
        }
        may
    }

    /// Tells of a problem at a place of the template as it was written.
    pub fn tell(&mut self, origin: Option<Origin>, problem: Problem) {
        if !self.may_tell() {
            return;
        }
        let problem = self.placed(origin, problem);
        self.draft.problems.push(problem);
    }

    /// A problem at a place of the template as it was written.
    pub fn placed(&self, origin: Option<Origin>, problem: Problem) -> Problem {
        match origin {
            Some(origin) => {
                let place: Location = Hidden::default().show(origin, &self.original);
                problem.at(place)
            }
            None => problem,
        }
    }
}

/// Whether anything in a value is made by an action.
pub fn holds_made(node: &Node) -> bool {
    match &node.value {
        Value::String(text) => is_made(text),
        Value::List(items) => items.iter().any(holds_made),
        Value::Map(map) => map.iter().any(|(key, entry)| is_made(key) || holds_made(&entry.node)),
        _ => false,
    }
}
