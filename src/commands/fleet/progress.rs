//! How far a run has come, on a terminal.

use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar on stderr; nothing where that is no terminal.
///
/// It is drawn by the thread that hands results over, and no other: that one holds stderr for the whole run.
#[derive(Debug)]
pub(super) struct Progress(Option<ProgressBar>);

/// How often the bar is drawn, at most, in times a second.
const RATE: u8 = 10;

impl Progress {
    /// A bar for so many entries.
    pub(super) fn new(entries: usize) -> Self {
        if !io::stderr().is_terminal() {
            return Self(None);
        }
        let target = ProgressDrawTarget::stderr_with_hz(RATE);
        let bar = ProgressBar::with_draw_target(Some(entries as u64), target);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {eta:>4}  {msg}") {
            bar.set_style(style);
        }
        Self(Some(bar))
    }

    /// One more entry is done.
    pub(super) fn step(&self, entry: &str) {
        if let Some(bar) = &self.0 {
            bar.set_message(entry.to_owned());
            bar.inc(1);
        }
    }

    /// Runs what writes to stdout, with the bar out of its way where both are on one terminal.
    pub(super) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        match &self.0 {
            Some(bar) if io::stdout().is_terminal() => bar.suspend(write),
            _ => write(),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
