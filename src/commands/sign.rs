//! What `--sign` needs of the world: the keyring, the passphrase, the time; and that no core file can hold them.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::passphrase::passphrase;
use super::verify::{default_keyring, read_keyring, read_provenance};
use crate::archive::sha256_hex;
use crate::chart::Chart;
use crate::cli::{ChartFormat, SignArgs};
use crate::error::{Error, Problem};
use crate::product::Provenance;
use crate::provenance::{Keyring, LEEWAY, Message, Signer, choose, path_of};

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

/// Who signs the charts of a run: a key that is unlocked, and the time to sign with, in seconds since 1970, if not now.
pub(super) struct Signing<'r> {
    signer: Signer<'r>,
    time: Option<u64>,
    now: u64,
}

/// Looks at the arguments before any work is done, and keeps secrets out of core files from here on. `files` are those that are read
/// beside the passphrase.
///
/// # Errors
/// [`Error::Invalid`] for arguments that do not go together.
pub(super) fn prepare(
    args: &SignArgs,
    format: ChartFormat,
    files: &[PathBuf],
) -> Result<(), Error> {
    if !args.sign {
        return Ok(());
    }
    forbid_core_files();
    let format = match format {
        ChartFormat::Tgz => {
            let is_stdin = |path: &PathBuf| path.as_os_str() == "-";
            if args.passphrase_file.as_ref().is_some_and(is_stdin) && files.iter().any(is_stdin) {
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

/// The keys to choose from, if charts are to be signed.
///
/// # Errors
/// [`Error::Unread`] and [`Error::Invalid`] for a file that cannot be read, or is no keyring.
pub(super) fn keyring(args: &SignArgs) -> Result<Option<Keyring>, Error> {
    if !args.sign {
        return Ok(None);
    }
    let keyring = args.keyring.clone().unwrap_or_else(|| default_keyring("secring.gpg"));
    read_keyring(&keyring, args.keyring.is_none()).map(Some)
}

impl<'r> Signing<'r> {
    /// Chooses the key and unlocks it.
    ///
    /// # Errors
    /// [`Error::Io`] for a passphrase that cannot be read; [`Error::Invalid`] for a key or a passphrase that does not serve, and
    /// for a time from which no signature is taken.
    pub(super) fn open(
        args: &SignArgs,
        ring: &'r Keyring,
        time: Option<u64>,
        talk: &mut dyn Write,
    ) -> Result<Self, Error> {
        let now = now();
        if let Some(time) = time.filter(|time| *time > now + LEEWAY) {
            let problem = Problem::new(format!(
                "SOURCE_DATE_EPOCH is {time}, which is in the future: nobody takes a signature from there"
            ));
            return Err(problem.help("unset it, or set it to the time of a commit").into());
        }
        let mut signer = choose(ring, args.key.as_deref(), now)?;
        if signer.is_locked() {
            let passphrase = passphrase(args.passphrase_file.as_deref(), &signer)?;
            signer = signer.unlock(passphrase)?;
        }
        if !signer.is_for_helm_3() {
            // Talk that cannot be heard is no reason to stop.
            let _ = writeln!(
                talk,
                "warning: Helm 3 cannot verify signatures of EdDSA keys such as `{}`; Helm 4 and `hzgchart verify` can",
                signer.name()
            );
        }
        Ok(Self { signer, time, now })
    }

    /// Signs an archive that will be at a path.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the key is younger than the time, or damaged.
    pub(super) fn sign(&self, chart: &Chart, path: &Path, archive: &[u8]) -> Result<Signed, Error> {
        let text = self.signer.sign(&message(chart, archive), self.time.unwrap_or(self.now))?;
        Ok(self.signed(path, text))
    }

    /// The provenance file of an archive: the one that is there, if it is this key's for these bytes, so that nothing changes that is
    /// signed already; or else a new one.
    ///
    /// # Errors
    /// As [`Self::sign`].
    pub(super) fn found_or_made(
        &self,
        chart: &Chart,
        path: &Path,
        archive: &[u8],
    ) -> Result<Signed, Error> {
        // What cannot be read is written anew, or fails then.
        let found = read_provenance(&path_of(path)).unwrap_or_default().unwrap_or_default();
        let is_this = |found: &String| {
            let text = message(chart, archive);
            self.signer.has_signed(&text, found.as_bytes(), self.time, self.now)
        };
        match String::from_utf8(found).ok().filter(is_this) {
            Some(text) => Ok(self.signed(path, text)),
            None => self.sign(chart, path, archive),
        }
    }

    fn signed(&self, path: &Path, text: String) -> Signed {
        Signed { path: path_of(path), text, fingerprint: self.signer.fingerprint() }
    }
}

/// What is signed of an archive.
fn message(chart: &Chart, archive: &[u8]) -> String {
    let chart_yaml = chart.get("Chart.yaml").unwrap_or_default();
    Message::write(&String::from_utf8_lossy(&chart_yaml), &chart.file_name("tgz"), archive)
}

/// The time in seconds since 1970.
pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
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
