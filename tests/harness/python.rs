//! The Python programs beside the tests: each runs once and answers one JSON line per JSON line.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Stdio};
use std::sync::Mutex;

use serde_json::Value as Json;

use super::process::command;
use super::project;

/// A program that runs as long as this value lives, or the tests do.
pub struct Python(Mutex<Running>);

struct Running {
    child: Child,
    answers: BufReader<ChildStdout>,
}

impl Python {
    /// Starts `tests/SCRIPT`.
    pub fn start(script: &str) -> Self {
        let python = project().join(".tools/python/bin/python");
        assert!(python.is_file(), "{} is missing: run scripts/fetch-tools.sh", python.display());
        let mut child = command(python)
            .arg(project().join("tests").join(script))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PYTHONUTF8", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the Python of .tools runs");
        let answers = BufReader::new(child.stdout.take().expect("stdout is piped"));
        Self(Mutex::new(Running { child, answers }))
    }

    /// Sends a request and waits for its answer.
    pub fn ask(&self, request: &Json) -> Json {
        let mut running = self.0.lock().expect("no test panics while it asks");
        let requests = running.child.stdin.as_mut().expect("stdin is piped");
        writeln!(requests, "{request}").expect("the Python program reads");
        let mut line = String::new();
        running.answers.read_line(&mut line).expect("the Python program writes");
        serde_json::from_str(&line).expect("the Python program answers with JSON")
    }
}

impl Drop for Running {
    /// The program ends with its input.
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
