//! The command: parse, run, print the error once, exit.

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use clap::Parser;
use hzgchart::cli::Cli;
use hzgchart::commands;
use hzgchart::error::Error;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut stderr = io::stderr().lock();
    match commands::run(cli, &mut io::stdout().lock(), &mut stderr) {
        Ok(code) => ExitCode::from(code),
        // Whoever closed the pipe has seen enough.
        Err(Error::Io { source, .. }) if source.kind() == ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(error) => {
            // Nobody is left to tell if stderr is gone too.
            let _ = writeln!(stderr, "error: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}
