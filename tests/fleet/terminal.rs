//! On a terminal a bar tells how far a run has come, and leaves nothing behind.

use super::fleet;
use crate::harness::process::{command, run};
use crate::harness::project;

#[test]
fn a_bar_counts_on_a_terminal_and_is_gone_at_the_end() {
    let folder = fleet();
    let python = project().join(".tools/python/bin/python");
    let shown = run(command(python)
        .arg(project().join("tests/terminal.py"))
        .args([env!("CARGO_BIN_EXE_hzgchart"), "fleet", "package", "-d", "charts"])
        .env("TERM", "xterm")
        .current_dir(folder.path()))
    .success();
    for count in ["0/5", "4/5"] {
        assert!(shown.contains(count), "{shown:?}");
    }
    let clear = "\r\u{1b}[2K";
    assert!(shown.ends_with(&format!("{clear}5 entries: 5 written\r\n")), "{shown:?}");
    assert_eq!(shown.matches("charts/shop-").count(), 5, "{shown:?}");
}
