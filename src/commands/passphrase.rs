//! The passphrase of a key, which no argument and no variable holds: others could read it there.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::Path;

use zeroize::Zeroizing;

use super::inputs;
use crate::error::{Error, Problem};
use crate::provenance::Signer;

/// No passphrase is longer, in bytes.
const MAX_PASSPHRASE: u64 = 64 << 10;

/// The passphrase: the first line of a file, or what is typed at a terminal, which does not show it.
///
/// # Errors
/// [`Error::Io`] when it cannot be read; [`Error::Invalid`] when there is neither.
pub(super) fn passphrase(
    file: Option<&Path>,
    signer: &Signer<'_>,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let Some(path) = file else {
        if !io::stdin().is_terminal() {
            let problem = Problem::new(format!("the key `{}` needs its passphrase", signer.name()));
            return Err(problem.help("`--passphrase-file FILE` reads it, `-` from standard input; on a terminal it is asked for").into());
        }
        let typed = rpassword::prompt_password(format!("Passphrase for `{}`: ", signer.name()));
        return typed.map(|text| Zeroizing::new(text.into_bytes())).map_err(|source| Error::Io {
            action: "read",
            path: "<terminal>".into(),
            source,
        });
    };
    let mut line = Zeroizing::new(Vec::with_capacity(MAX_PASSPHRASE as usize));
    let read = if path.as_os_str() == "-" {
        io::stdin().lock().take(MAX_PASSPHRASE).read_to_end(&mut line)
    } else {
        File::open(path).and_then(|file| file.take(MAX_PASSPHRASE).read_to_end(&mut line))
    };
    read.map_err(|source| Error::Io { action: "read", path: inputs::name(path).into(), source })?;
    let end = line.iter().position(|byte| *byte == b'\n').unwrap_or(line.len());
    line.truncate(end);
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Ok(line)
}
