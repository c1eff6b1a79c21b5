//! The real Helm, in both majors.

use std::path::PathBuf;
use std::process::Command;

use super::process::command;
use super::project;

/// A major version of Helm; [`Helm::BOTH`] are the ones that every chart must work with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Helm {
    /// Helm 3.17.3, which checks values with gojsonschema.
    Three,
    /// Helm 4.1.4, which checks values with santhosh-tekuri/jsonschema.
    Four,
}

impl Helm {
    /// Both majors.
    pub const BOTH: [Self; 2] = [Self::Three, Self::Four];

    /// A `helm` command. Panics when Helm is not there: a test that cannot run has not passed.
    pub fn command(self) -> Command {
        command(self.program())
    }

    fn program(self) -> PathBuf {
        let name = match self {
            Self::Three => "helm3",
            Self::Four => "helm4",
        };
        let program = project().join(".tools").join(name);
        assert!(program.is_file(), "{} is missing: run scripts/fetch-tools.sh", program.display());
        program
    }
}
