//! Compresses the texts that are the same in every chart, so that no run has to: `chart/` and the table of values, each to a
//! file of the same path in `OUT_DIR`, where `src/embedded.rs` finds it.

use std::path::Path;
use std::{env, fs, io};

use flate2::{Compress, Compression, FlushCompress};

fn main() -> io::Result<()> {
    let out = env::var_os("OUT_DIR").expect("cargo sets it");
    for source in ["chart", "docs/values.md"] {
        println!("cargo::rerun-if-changed={source}");
        deflate_below(Path::new(source), out.as_ref())?;
    }
    Ok(())
}

fn deflate_below(source: &Path, out: &Path) -> io::Result<()> {
    let target = out.join(source);
    if source.is_dir() {
        fs::create_dir_all(target)?;
        for entry in fs::read_dir(source)? {
            deflate_below(&entry?.path(), out)?;
        }
        return Ok(());
    }
    target.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::write(target, deflate(&fs::read(source)?)?)
}

/// Raw deflate blocks, none of them the last, that end on a byte and refer to nothing before them.
fn deflate(text: &[u8]) -> io::Result<Vec<u8>> {
    // More than the text takes at its worst, with the five bytes of the flush.
    let mut deflated = Vec::with_capacity(text.len() + text.len() / 8 + 64);
    let mut deflate = Compress::new(Compression::best(), false);
    deflate.compress_vec(text, &mut deflated, FlushCompress::Full)?;
    assert_eq!(deflate.total_in(), text.len() as u64, "the text is compressed whole");
    assert!(deflated.ends_with(&[0, 0, 0xff, 0xff]), "the flush is complete");
    Ok(deflated)
}
