//! The presets: values files for common situations, embedded in the binary.

use crate::error::Problem;
use crate::suggest::nearest;

/// A named values file.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// What `--preset` calls it.
    pub name: &'static str,
    /// The file, with its comments.
    pub text: &'static str,
}

/// All presets, in the order in which a newcomer meets them.
pub const PRESETS: &[Preset] = &[
    Preset { name: "single-node", text: include_str!("../values-presets/single-node.yaml") },
    Preset { name: "nfs", text: include_str!("../values-presets/nfs.yaml") },
    Preset { name: "offline", text: include_str!("../values-presets/offline.yaml") },
    Preset { name: "arm64", text: include_str!("../values-presets/arm64.yaml") },
];

impl Preset {
    /// Finds a preset.
    ///
    /// # Errors
    /// A problem that suggests the nearest name, or lists all.
    pub fn find(name: &str) -> Result<Self, Problem> {
        let names = || PRESETS.iter().map(|preset| preset.name);
        PRESETS.iter().find(|preset| preset.name == name).copied().ok_or_else(|| {
            let help = match nearest(name, names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!(
                    "the presets are {}",
                    names().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ")
                ),
            };
            Problem::new(format!("unknown preset `{name}`")).help(help)
        })
    }

    /// The first sentence of the file's comment: for whom it is.
    pub fn summary(&self) -> &'static str {
        let line = self.text.lines().next().unwrap_or_default();
        line.trim_start_matches('#').trim()
    }
}
