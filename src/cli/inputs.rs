//! What verbs take alike: where values come from, which release is meant, how strictly to check.

use std::path::PathBuf;

use clap::Args;

use crate::kubernetes::Version;
use crate::release::Release;

/// Where values come from. Later layers win; within a layer the later one does. Helm's own flags and precedence:
/// presets, files, `--set-json`, `--set`, `--set-string`, `--set-file`, `--set-literal`.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Values")]
pub struct ValuesArgs {
    /// Start from a preset (repeatable, a later one wins; `hzgchart presets` lists them)
    #[arg(long = "preset", value_name = "NAME")]
    pub presets: Vec<String>,
    /// Read values from a YAML file, `-` for standard input (repeatable)
    #[arg(short = 'f', long = "values", value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Set a value: `a.b=1,c={x,y},d[0].e=z`; true, false, null and integers are typed (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Set a value that is a string whatever it looks like (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    pub set_string: Vec<String>,
    /// Set a value in JSON: `a.b={"c":[1]}` (repeatable)
    #[arg(long, value_name = "KEY=JSON")]
    pub set_json: Vec<String>,
    /// Set a value to a file's content (repeatable)
    #[arg(long, value_name = "KEY=FILE")]
    pub set_file: Vec<String>,
    /// Set a value to all that follows the first `=`, commas and braces included (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    pub set_literal: Vec<String>,
}

impl ValuesArgs {
    /// Whether nothing is given.
    pub fn is_empty(&self) -> bool {
        let Self { presets, files, set, set_string, set_json, set_file, set_literal } = self;
        files.is_empty()
            && [presets, set, set_string, set_json, set_file, set_literal]
                .iter()
                .all(|list| list.is_empty())
    }
}

/// Which release is meant.
#[derive(Args, Debug)]
pub struct ReleaseArgs {
    /// The release's name; the objects are named after it
    #[arg(long, value_name = "RELEASE", default_value = "forguncy")]
    pub name: String,
    /// The namespace of the objects; it is not created
    #[arg(short, long, default_value = "default")]
    pub namespace: String,
}

impl ReleaseArgs {
    /// The release, unchecked.
    pub fn release(&self) -> Release {
        Release { name: self.name.clone(), namespace: self.namespace.clone() }
    }
}

/// How strictly to check.
#[derive(Args, Debug)]
#[command(next_help_heading = "Checks")]
pub struct CheckArgs {
    /// The Kubernetes version to check for, 1.25 to 1.37 [default: the newest]
    #[arg(long, value_name = "VERSION", default_value_t, hide_default_value = true)]
    pub kube_version: Version,
    /// Waive a rule for this run, by id or name (repeatable; `values.waivers.yaml` beside `values.yaml` does so for good)
    #[arg(long, value_name = "RULE")]
    pub allow: Vec<String>,
}
