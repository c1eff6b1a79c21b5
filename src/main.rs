//! The command: parse, run, print the error once, exit.

mod stdout;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use hzgchart::cli::Cli;
use hzgchart::commands;
use stdout::Stdout;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut stderr = io::stderr().lock();
    match commands::run(cli, &mut Stdout::lock(), &mut stderr) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            // Nobody is left to tell if stderr is gone too.
            let _ = writeln!(stderr, "error: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}
