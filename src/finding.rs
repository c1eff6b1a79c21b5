//! Findings: what is wrong with an installation that could be described, and by which rule.
//!
//! An [`Error`](crate::error::Error) says that the work could not be done. A finding says that it was done, and what came of it.

use std::fmt;
use std::sync::Arc;

use crate::error::Problem;
use crate::rules::Rule;
use crate::source::Location;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It would not install, or would not serve: stops `render` and `package`.
    Error,
    /// It would install, and go wrong later; `--strict` counts it as an error.
    Warning,
    /// It is right, and good to know: only `validate` tells it, and it changes no exit code.
    Note,
}

impl Severity {
    /// What messages call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// A breach of one rule at one place.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// Where it stands in a file, the key of the values that it comes from, what is wrong, and what to do.
    pub problem: Problem,
    /// The object that is at fault, if one is.
    pub object: Option<ObjectName>,
    /// The field of the object, `spec.template.spec.containers[0].image`; empty when it is the object itself.
    pub field: String,
    /// The entries of a fleet that have it; none outside fleets.
    pub entries: Vec<Arc<str>>,
}

/// What a finding calls an object.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectName {
    /// Its kind.
    pub kind: String,
    /// Its name; empty when it has none.
    pub name: String,
    /// Its namespace; empty when it has, or names, none.
    pub namespace: String,
}

/// `Deployment/shop-forguncy-pod`.
impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.name)
    }
}

impl Finding {
    /// A breach of a rule: what is wrong, in lower case, without a full stop, names in backticks.
    pub fn new(rule: &'static Rule, message: impl Into<String>) -> Self {
        Self {
            rule,
            problem: Problem::new(message),
            object: None,
            field: String::new(),
            entries: Vec::new(),
        }
    }

    /// The same finding with a way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.problem.help = Some(help.into());
        self
    }

    /// The same finding at a place.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        self.problem.location = Some(location);
        self
    }

    /// The same finding of a key of the values.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.problem.path = key.into();
        self
    }

    /// The same finding of a field of an object.
    #[must_use]
    pub fn of(mut self, object: ObjectName, field: impl Into<String>) -> Self {
        self.object = Some(object);
        self.field = field.into();
        self
    }

    /// Which entries of a fleet have it, in a few words: `entries: a, b, c and 7 more`. `None` outside fleets.
    pub fn of_entries(&self) -> Option<String> {
        some_of(&self.entries)
    }

    /// How much it matters.
    pub fn severity(&self) -> Severity {
        self.rule.severity
    }
}

/// A few of a fleet's entries, and how many more there are; `None` for none.
pub(crate) fn some_of(entries: &[Arc<str>]) -> Option<String> {
    const FEW: usize = 3;
    let word = match entries.len() {
        0 => return None,
        1 => "entry",
        _ => "entries",
    };
    let few = entries.iter().take(FEW).map(AsRef::as_ref).collect::<Vec<&str>>().join(", ");
    let more = entries.len().saturating_sub(FEW);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    Some(format!("{word}: {few}{more}"))
}
