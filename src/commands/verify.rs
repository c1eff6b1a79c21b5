//! `hzgchart verify`: a packaged chart and its provenance file, without Helm.

use std::env;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::print;
use super::sign::now;
use crate::cli::VerifyArgs;
use crate::error::{Error, Problem};
use crate::inspect;
use crate::provenance::{Keyring, MAX_SIZE, Verified, path_of, verify};

pub(super) fn run(
    args: &VerifyArgs,
    out: &mut dyn Write,
    talk: &mut dyn Write,
) -> Result<u8, Error> {
    let archive = inspect::archive(&args.chart)?;
    let keyring = args.keyring.clone().unwrap_or_else(|| default_keyring("pubring.gpg"));
    let ring = read_keyring(&keyring, args.keyring.is_none())?;
    let chart = args.chart.display();
    let path = path_of(&args.chart);
    let refusal = match read_provenance(&path)? {
        Some(provenance) => {
            let name = args.chart.file_name().unwrap_or_default().to_string_lossy();
            match verify(&archive, &name, &provenance, &ring, now()) {
                Ok(verified) => {
                    print(out, &text(&verified))?;
                    return Ok(0);
                }
                Err(problem) => {
                    let problem_at = format!(
                        "`{chart}` is not verified by `{}`: {}",
                        path.display(),
                        problem.message
                    );
                    Problem { message: problem_at, ..problem }
                }
            }
        }
        None => Problem::new(format!("`{chart}` is not signed: there is no `{}`", path.display()))
            .help("get the file from where the chart is from; `helm pull --prov` does so"),
    };
    // Talk that cannot be heard is no reason to stop.
    let _ = writeln!(talk, "error: {refusal}");
    Ok(1)
}

/// What `helm verify` prints.
fn text(verified: &Verified) -> String {
    let Verified { signed_by, fingerprint, sha256 } = verified;
    let names: String = signed_by.iter().map(|name| format!("Signed by: {name}\n")).collect();
    format!(
        "{names}Using Key With Fingerprint: {fingerprint}\nChart Hash Verified: sha256:{sha256}\n"
    )
}

/// The provenance file, and one byte more than it may have; `None` when there is none.
///
/// # Errors
/// [`Error::Io`] when it cannot be read.
pub(super) fn read_provenance(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    let mut bytes = Vec::new();
    match File::open(path).and_then(|file| file.take(MAX_SIZE as u64 + 1).read_to_end(&mut bytes)) {
        Ok(_) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::Io { action: "read", path: path.to_owned(), source }),
    }
}

/// Where Helm looks for keys: GnuPG's folder.
pub(super) fn default_keyring(file: &str) -> PathBuf {
    let folder = env::var_os("GNUPGHOME").filter(|folder| folder != OsStr::new(""));
    let home = || env::home_dir().unwrap_or_default().join(".gnupg");
    folder.map_or_else(home, PathBuf::from).join(file)
}

/// Reads a keyring. Its bytes are overwritten after use: they may be secret.
///
/// # Errors
/// [`Error::Unread`] when the file cannot be read; [`Error::Invalid`] when it is no keyring.
pub(super) fn read_keyring(path: &Path, is_default: bool) -> Result<Keyring, Error> {
    let name = path.display().to_string();
    let mut bytes = Zeroizing::new(Vec::new());
    let read = File::open(path).and_then(|mut file| {
        // Room for all of it: what grows leaves copies behind.
        bytes.reserve_exact(file.metadata()?.len() as usize + 1);
        file.read_to_end(&mut bytes)
    });
    if let Err(error) = read {
        let problem = Problem::new(format!("cannot read `{name}`: {error}"));
        let is_missing = is_default && error.kind() == ErrorKind::NotFound;
        return Err(Error::Unread(vec![if is_missing {
            problem.help("`--keyring FILE` names another; GnuPG 2 keeps its keys elsewhere, and `gpg --export > FILE` or `gpg --export-secret-keys > FILE` writes one")
        } else {
            problem
        }]));
    }
    Ok(Keyring::read(&bytes, &name)?)
}
