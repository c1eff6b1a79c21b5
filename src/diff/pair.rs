//! An object as it was and as it is to be.

use crate::object::{Object, text};

use super::side::Identity;

/// Two states of one object.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'a> {
    /// What it is.
    pub identity: &'a Identity,
    /// As it was.
    pub old: &'a Object,
    /// As it is to be.
    pub new: &'a Object,
}

impl Pair<'_> {
    /// A text of the old state; empty when it is not there.
    pub fn old_text(&self, path: &[&str]) -> &str {
        text(&self.old.node, path)
    }

    /// A text of the new state; empty when it is not there.
    pub fn new_text(&self, path: &[&str]) -> &str {
        text(&self.new.node, path)
    }

    /// Whether it is of a kind of Kubernetes' own.
    pub fn is(&self, group: &str, kind: &str) -> bool {
        self.identity.is(group, kind)
    }
}
