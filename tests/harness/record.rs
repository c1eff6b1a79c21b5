//! Programs that only write down how they were called, in place of those that would change the machine.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::{TempDir, tempdir};

use super::process::command;
use super::project;

/// A folder of stand-ins, first in the `PATH` of what is run with it.
pub struct Record {
    folder: TempDir,
}

impl Record {
    /// Stand-ins by these names.
    pub fn of(programs: &[&str]) -> Self {
        let folder = tempdir().expect("the temporary folder is writable");
        let bin = folder.path().join("bin");
        fs::create_dir(&bin).expect("the folder is writable");
        for program in programs {
            fs::copy(project().join("tests/programs/record"), bin.join(program))
                .expect("the folder is writable");
        }
        Self { folder }
    }

    /// Lets a stand-in do what a script says, besides.
    pub fn answer(&self, program: &str, script: &str) {
        fs::write(self.path().join(format!("{program}.sh")), script).expect("it is writable");
    }

    /// A command of `sh -c SCRIPT sh ARGS` that finds the stand-ins.
    pub fn shell(&self, shell: &str, script: &str, args: &[&str]) -> Command {
        let path = env::var("PATH").expect("the tests' PATH is text");
        let mut command = command(shell);
        command.args(["-c", script, "script"]).args(args);
        command.env("PATH", format!("{}:{path}", self.path().join("bin").display()));
        command.env("RECORD", self.path()).current_dir(self.path());
        command
    }

    /// The calls so far, a line each: `docker <pull> <redis:7>`. They are forgotten then.
    pub fn calls(&self) -> Vec<String> {
        let file = self.path().join("calls");
        let calls = fs::read_to_string(&file).unwrap_or_default();
        // There is no such file before the first call.
        let _ = fs::remove_file(file);
        calls.lines().map(str::to_owned).collect()
    }

    /// The folder that scripts run in.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}
