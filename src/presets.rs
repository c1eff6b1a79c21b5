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
    Preset { name: "production", text: include_str!("../values-presets/production.yaml") },
    Preset { name: "cloud", text: include_str!("../values-presets/cloud.yaml") },
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{Layer, load};

    #[test]
    fn every_preset_loads_alone_and_over_every_other() {
        for first in PRESETS {
            for second in PRESETS {
                let layers = [first, second].map(|preset| Layer::Preset(preset.name.to_owned()));
                assert!(
                    load(&layers, &mut |_| unreachable!()).is_ok(),
                    "{} and {}",
                    first.name,
                    second.name
                );
            }
        }
    }

    #[test]
    fn every_preset_says_for_whom_it_is_what_it_assumes_and_what_it_leaves_open() {
        for preset in PRESETS {
            assert!(preset.summary().len() > 30, "{}", preset.summary());
            for word in ["Assumes:", "Leaves open:"] {
                assert!(preset.text.contains(word), "{}: {word}", preset.name);
            }
        }
    }

    #[test]
    fn suggests_the_preset_that_was_meant_or_lists_all() {
        assert_eq!(Preset::find("offlin").unwrap_err().help.unwrap(), "did you mean `offline`?");
        let help = Preset::find("xyz").unwrap_err().help.unwrap();
        assert_eq!(
            help,
            "the presets are `single-node`, `nfs`, `production`, `cloud`, `offline`, `arm64`"
        );
    }
}
