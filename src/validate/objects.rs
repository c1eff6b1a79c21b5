//! Texts into objects, each checked by itself.

use super::unreadable;
use crate::finding::Finding;
use crate::kubernetes::{self, Version};
use crate::object::Object;
use crate::pod_security::root;
use crate::source::{SourceId, Sources};
use crate::verdict::Checked;

/// The objects of some texts, and what is wrong with each.
#[derive(Default)]
pub(super) struct Objects {
    pub objects: Vec<Object>,
    pub findings: Vec<Finding>,
    /// How many are of kinds that are not Kubernetes' own.
    unknown: usize,
    /// How many texts could not be read.
    pub unread: usize,
}

impl Objects {
    pub fn read(ids: &[SourceId], sources: &Sources, version: Version) -> Self {
        let mut this = Self::default();
        for id in ids {
            match Object::read(*id, sources) {
                Ok(read) => this.objects.extend(read),
                Err(problems) => {
                    this.unread += 1;
                    this.findings.extend(unreadable(problems));
                }
            }
        }
        for object in &this.objects {
            this.findings.extend(kubernetes::check(object, version, sources));
            this.findings.extend(root::check(object, sources));
            this.unknown += usize::from(kubernetes::is_foreign(object));
        }
        this
    }

    /// Adds those of further texts.
    pub fn join(&mut self, other: Self) {
        self.objects.extend(other.objects);
        self.findings.extend(other.findings);
        self.unknown += other.unknown;
        self.unread += other.unread;
    }

    /// How much was looked at.
    pub fn checked(&self, version: Version) -> Checked {
        Checked {
            objects: self.objects.len(),
            unknown: self.unknown,
            kube_version: Some(version.to_string()),
            charts: 0,
        }
    }
}
