//! `hzgchart schema`, `completions` and `man`: the program about itself.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::Shell;

use super::{print, stream_error};
use crate::cli::Cli;
use crate::error::Error;
use crate::schema;

pub(super) fn schema(out: &mut dyn Write) -> Result<(), Error> {
    print(out, schema::TEXT)
}

pub(super) fn completions(shell: Shell, out: &mut dyn Write) -> Result<(), Error> {
    // In memory first: clap's generator panics on a closed pipe.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "hzgchart", &mut script);
    out.write_all(&script).and_then(|()| out.flush()).map_err(stream_error)
}

pub(super) fn man(out: &mut dyn Write) -> Result<(), Error> {
    let mut page = Vec::new();
    let mut command = Cli::command();
    // Names the verbs `hzgchart-render` and so on.
    command.build();
    add_pages(&command, &mut page).map_err(stream_error)?;
    out.write_all(&page).and_then(|()| out.flush()).map_err(stream_error)
}

/// The page of a command, and those of its verbs.
fn add_pages(command: &clap::Command, page: &mut Vec<u8>) -> io::Result<()> {
    clap_mangen::Man::new(command.clone()).render(page)?;
    // `help` says again what the others do.
    let mut verbs = command.get_subcommands().filter(|verb| verb.get_name() != "help");
    verbs.try_for_each(|verb| add_pages(verb, page))
}
