//! `hzgchart init`: a commented values file to edit.

use std::io::Write;

use super::print;
use crate::cli::InitArgs;
use crate::error::{Error, Problem};
use crate::load::{self, Layer};
use crate::output;
use crate::values_file;

pub(super) fn run(args: &InitArgs, out: &mut dyn Write) -> Result<(), Error> {
    let layers: Vec<Layer> = args.presets.iter().cloned().map(Layer::Preset).collect();
    let loaded =
        load::load(&layers, &mut |path| Err(Problem::new(format!("`{path}` is not read here"))))?;
    let text = values_file::write(&loaded.tree);
    match &args.output {
        None => print(out, &text),
        Some(path) if path.exists() => {
            Err(Problem::new(format!("`{}` exists already", path.display()))
                .help("name another file, or remove it first")
                .into())
        }
        Some(path) => output::write_file(path, text.as_bytes()),
    }
}
