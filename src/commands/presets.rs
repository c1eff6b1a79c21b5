//! `hzgchart presets`: what `--preset` can name.

use std::io::Write;

use super::print;
use crate::cli::PresetsArgs;
use crate::error::Error;
use crate::presets::{PRESETS, Preset};

pub(super) fn run(args: &PresetsArgs, out: &mut dyn Write) -> Result<(), Error> {
    match &args.name {
        Some(name) => print(out, Preset::find(name)?.text),
        None => {
            let lines: String = PRESETS
                .iter()
                .map(|preset| format!("{:<12} {}\n", preset.name, preset.summary()))
                .collect();
            print(out, &lines)
        }
    }
}
