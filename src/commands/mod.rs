//! The verbs: each reads its input, calls the library, and hands the result to an output.

mod bundle;
mod check;
mod diff;
mod explain;
mod fleet;
mod gateway;
mod images;
mod import;
mod index;
mod init;
mod inputs;
mod nfs;
mod package;
mod passphrase;
mod presets;
mod push;
mod reference;
mod render;
mod sign;
mod validate;
mod verify;

use std::io::{self, Write};
use std::path::PathBuf;

use crate::cli::{Cli, Command};
use crate::error::{Error, Problem};

/// Runs what the command line asks for. The product goes to `out`, talk to `talk`. Gives the exit code: 1 when checks found errors.
///
/// # Errors
/// Whatever stopped the work, for `main` to print.
pub fn run(cli: Cli, out: &mut dyn Write, talk: &mut dyn Write) -> Result<u8, Error> {
    match cli.command {
        Command::Render(args) => render::run(&args, out, talk),
        Command::Package(args) => package::run(&args, out, talk),
        Command::Validate(args) => validate::run(&args, out),
        Command::Diff(args) => diff::run(&args, out),
        Command::Images(args) => images::run(&args, out, talk).map(|()| 0),
        Command::Bundle(args) => bundle::run(&args, out, talk),
        Command::Nfs(args) => nfs::run(&args, out).map(|()| 0),
        Command::Gateway(args) => gateway::run(&args, out).map(|()| 0),
        Command::Index(args) => index::run(&args, out, talk),
        Command::Import(args) => import::run(&args, out, talk),
        Command::Push(args) => push::run(&args, out, talk),
        Command::Verify(args) => verify::run(&args, out, talk),
        Command::Fleet(args) => fleet::run(&args, out, talk),
        Command::Explain(args) => explain::run(&args, out).map(|()| 0),
        Command::Init(args) => init::run(&args, out).map(|()| 0),
        Command::Presets(args) => presets::run(&args, out).map(|()| 0),
        Command::Schema => reference::schema(out).map(|()| 0),
        Command::Completions { shell } => reference::completions(shell, out).map(|()| 0),
        Command::Man => reference::man(out).map(|()| 0),
    }
}

/// What a step made, or `None` when its input is wrong: what is wrong joins the other problems, to be told with them.
///
/// # Errors
/// Every other error, which is told alone.
fn gather<T>(result: Result<T, Error>, problems: &mut Vec<Problem>) -> Result<Option<T>, Error> {
    match result {
        Ok(made) => Ok(Some(made)),
        Err(Error::Invalid(found)) => {
            problems.extend(found);
            Ok(None)
        }
        Err(other) => Err(other),
    }
}

/// Writes to a stream and names it when that fails.
fn print(out: &mut dyn Write, text: &str) -> Result<(), Error> {
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(stream_error)
}

/// Leaves a large thing to the end of the process: a command makes it once and ends soon after, and to free it piece by piece
/// would take a tenth of the run.
fn keep<T>(thing: T) -> &'static T {
    Box::leak(Box::new(thing))
}

fn stream_error(source: io::Error) -> Error {
    Error::Io { action: "write", path: PathBuf::from("<stdout>"), source }
}
