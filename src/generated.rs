//! Holds committed files that are made from the source against what the source makes.

use std::path::Path;
use std::{env, fs};

/// Fails when a committed file differs from what the source makes now; with `UPDATE=1` in the environment, writes it instead.
pub(crate) fn assert_current(path: &str, committed: &str, made: &str) {
    if committed == made {
        return;
    }
    if env::var_os("UPDATE").is_some() {
        fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join(path), made).unwrap();
        return;
    }
    panic!(
        "{path} is not what the source makes: run `UPDATE=1 cargo test --lib` and look at the difference"
    );
}
