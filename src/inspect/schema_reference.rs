//! Where a `$ref` of a schema leads, and whether Helm can follow it.

use serde_json::Value as Json;

use crate::rules::SCHEMA_REMOTE;

use super::report::{Place, shown};
use super::schema_walk::Walk;
use super::verdict::{Answer, Verdict};

impl Walk<'_> {
    /// Checks a reference.
    pub(super) fn reference(&mut self, value: &Json, at: &str, apart: bool) {
        let Some(target) = value.as_str() else { return self.wrong(at, apart, "a string") };
        let target_shown = shown(target);
        if let Some(pointer) = target.strip_prefix('#') {
            let known = pointer.is_empty()
                || !pointer.starts_with('/')
                || self.root.pointer(&decoded(pointer)).is_some();
            if !known && !self.based {
                let what = format!("`{}` leads to `{target_shown}`, which is not there", shown(at));
                self.refuse_with(apart, &what, "write the definition, or mend the reference");
            }
            let local =
                pointer.strip_prefix("/definitions/").is_some_and(|name| !name.contains('/'));
            self.checkable &= known && local;
            return;
        }
        self.checkable = false;
        if self.based {
            return;
        }
        if target.starts_with("http://") || target.starts_with("https://") {
            let what = format!(
                "`{target_shown}` at `{}` is fetched at every install, and without a network the install fails",
                shown(at)
            );
            let help = "copy what is referred to into `definitions`";
            self.report.fault(&SCHEMA_REMOTE, Place::File(self.path), Verdict::TAKEN, what, help);
        } else if target.starts_with("file:") {
            let what = format!(
                "`{target_shown}` at `{}` is read from the disk of whoever installs the chart",
                shown(at)
            );
            let help = "copy what is referred to into `definitions`";
            self.report.fault(&SCHEMA_REMOTE, Place::File(self.path), Verdict::TAKEN, what, help);
        } else if target.starts_with("urn:") {
            let what = format!(
                "`{target_shown}` at `{}` cannot be found, and Helm 4 lets anything pass there",
                shown(at)
            );
            let verdict = Verdict::of(Answer::REFUSES, Answer::TAKES);
            self.invalid(verdict, &what, "copy what is referred to into `definitions`");
        } else {
            let what =
                format!("`{target_shown}` at `{}` is a file that Helm does not find", shown(at));
            self.refuse_with(apart, &what, "copy what is referred to into `definitions`");
        }
    }
}

/// A pointer out of a reference, where `%25` stands for `%`.
fn decoded(pointer: &str) -> String {
    let mut bytes = Vec::with_capacity(pointer.len());
    let mut rest = pointer.as_bytes();
    while let [first, after @ ..] = rest {
        let code = (*first == b'%').then(|| after.get(..2)).flatten();
        let code = code.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        match code {
            Some(code) => {
                bytes.push(code);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
