//! What `package --sign` needs of the world: the keyring, the passphrase, the time; and that no core file can hold them.

use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use zeroize::Zeroizing;

use super::inputs;
use super::verify::{default_keyring, read_keyring};
use crate::archive::sha256_hex;
use crate::chart::Chart;
use crate::cli::{ChartFormat, PackageArgs, SignArgs};
use crate::error::{Error, Problem};
use crate::product::Provenance;
use crate::provenance::{Message, Signer, choose, path_of};

/// No passphrase is longer, in bytes.
const MAX_PASSPHRASE: u64 = 64 << 10;

/// A provenance file that is to be written.
pub(super) struct Signed {
    /// Where it goes.
    pub path: PathBuf,
    /// What it holds.
    pub text: String,
    fingerprint: String,
}

impl Signed {
    /// What to tell programs of it.
    pub(super) fn product(&self) -> Provenance {
        Provenance {
            path: self.path.display().to_string(),
            sha256: sha256_hex(self.text.as_bytes()),
            fingerprint: self.fingerprint.clone(),
        }
    }
}

/// Looks at the arguments before any work is done, and keeps secrets out of core files from here on.
///
/// # Errors
/// [`Error::Invalid`] for arguments that do not go together.
pub(super) fn prepare(args: &PackageArgs) -> Result<(), Error> {
    if !args.sign.sign {
        return Ok(());
    }
    forbid_core_files();
    let format = match args.format {
        ChartFormat::Tgz => {
            let is_stdin = |path: &PathBuf| path.as_os_str() == "-";
            if args.sign.passphrase_file.as_ref().is_some_and(is_stdin)
                && args.values.files.iter().any(is_stdin)
            {
                let problem = Problem::new(
                    "`-f -` and `--passphrase-file -` both read standard input, which can be read once",
                );
                return Err(problem.help("give one of them a file").into());
            }
            return Ok(());
        }
        ChartFormat::Zip => "zip",
        ChartFormat::Dir => "dir",
    };
    let problem = Problem::new(format!("`--format {format}` writes nothing that can be signed"));
    Err(problem.help("Helm verifies a `.tgz`: leave `--format` out, or `--sign`").into())
}

/// Signs an archive that will be at a path. `time` is the one to sign with, in seconds since 1970, if not now.
///
/// # Errors
/// [`Error::Unread`] and [`Error::Io`] for files that cannot be read; [`Error::Invalid`] for a keyring, a key or a passphrase that does not serve.
pub(super) fn sign(
    args: &SignArgs,
    chart: &Chart,
    path: &Path,
    archive: &[u8],
    time: Option<u64>,
    talk: &mut dyn Write,
) -> Result<Signed, Error> {
    let keyring = args.keyring.clone().unwrap_or_else(|| default_keyring("secring.gpg"));
    let ring = read_keyring(&keyring, args.keyring.is_none())?;
    let now = now();
    let signer = choose(&ring, args.key.as_deref(), now)?;
    let passphrase = if signer.is_locked() {
        passphrase(args.passphrase_file.as_deref(), &signer)?
    } else {
        Zeroizing::default()
    };
    let chart_yaml = chart.get("Chart.yaml").unwrap_or_default();
    let chart_yaml = String::from_utf8_lossy(&chart_yaml);
    let text = Message::write(&chart_yaml, &chart.file_name("tgz"), archive);
    let text = signer.sign(&text, time.unwrap_or(now), passphrase)?;
    if !signer.is_for_helm_3() {
        // Talk that cannot be heard is no reason to stop.
        let _ = writeln!(
            talk,
            "warning: Helm 3 cannot verify signatures of EdDSA keys such as `{}`; Helm 4 and `hzgchart verify` can",
            signer.name()
        );
    }
    Ok(Signed { path: path_of(path), text, fingerprint: signer.fingerprint() })
}

/// The time in seconds since 1970.
pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}

/// The passphrase: the first line of a file, or what is typed at a terminal, which does not show it.
fn passphrase(file: Option<&Path>, signer: &Signer<'_>) -> Result<Zeroizing<Vec<u8>>, Error> {
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

/// Keeps this process' memory out of core files, whatever the limits that it was started with: a crash must not write a key to a disk. A
/// limit of 0 alone would not: Linux sends a dump to a program (`core_pattern`) regardless of it.
fn forbid_core_files() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        // It fails where the limit cannot be lowered, which no system knows.
        let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    }
    #[cfg(any(target_os = "linux", target_os = "android"))]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}
