//! Standard output, whose reader may have seen enough.

use std::io::{self, ErrorKind, StdoutLock, Write};

/// Standard output that takes everything once its reader is gone, as `| head` is: what a run does beside it, and its verdict, are
/// worth as much as before.
pub struct Stdout(StdoutLock<'static>);

impl Stdout {
    /// The process's own.
    pub fn lock() -> Self {
        Self(io::stdout().lock())
    }
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        heard(self.0.write(bytes), bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        heard(self.0.flush(), ())
    }
}

fn heard<T>(result: io::Result<T>, all: T) -> io::Result<T> {
    match result {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(all),
        other => other,
    }
}
