//! The program under test.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::process::{Finished, command, run};

/// An `hzgchart` command.
pub fn hzgchart() -> Command {
    command(env!("CARGO_BIN_EXE_hzgchart"))
}

/// The version that the tests give their charts.
pub const VERSION: &str = "1.2.3";

/// Packages a chart into `folder` with these further arguments. The product's version is given, too:
/// not every tag of an image is one.
pub fn package(folder: &Path, args: &[String]) -> Result<Package, Finished> {
    let versions = ["--version", VERSION, "--app-version", VERSION];
    let finished = run(hzgchart().arg("package").arg("-d").arg(folder).args(versions).args(args));
    if !finished.ok() {
        return Err(finished);
    }
    Ok(Package::from_stdout(&finished.stdout))
}

/// What `hzgchart package` says it wrote.
#[derive(Debug, PartialEq, Eq)]
pub struct Package {
    /// The archive or the folder.
    pub path: PathBuf,
    /// The second line: `sha256:` and 64 hexadecimal digits.
    pub digest: String,
}

impl Package {
    fn from_stdout(stdout: &str) -> Self {
        let lines: Vec<&str> = stdout.lines().collect();
        let [path, digest] = lines[..] else { panic!("not a path and a digest: {stdout:?}") };
        Self { path: PathBuf::from(path), digest: digest.to_owned() }
    }
}
