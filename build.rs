//! Compresses what is the same in every chart, so that no run has to. `src/embedded.rs` finds it in `OUT_DIR`. And says how the
//! program is linked.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use flate2::{Compress, Compression, FlushCompress};

#[path = "build/patterns.rs"]
mod patterns;
#[path = "src/archive/ustar.rs"]
mod ustar;

fn main() -> io::Result<()> {
    let target = |key: &str| env::var(format!("CARGO_CFG_TARGET_{key}")).unwrap_or_default();
    if target("OS") == "linux" && target("ENV") == "gnu" {
        // Of libgcc_s nothing else is needed, and to load it takes a tenth of the time of a program that does nothing.
        println!("cargo::rustc-link-lib=static:-bundle=gcc_eh");
        if !target("FEATURE").contains("crt-static") {
            // At a fixed address, as Helm's are: nothing waits for 7,700 addresses in 54 pages to be set. See docs/speed.md.
            println!("cargo::rustc-link-arg-bins=-no-pie");
        }
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    for source in ["build", "chart", "docs/values.md", "src/archive/ustar.rs"] {
        println!("cargo::rerun-if-changed={source}");
    }
    fs::write(out.join("values.md"), alone(&fs::read("docs/values.md")?)?)?;
    fs::write(out.join("header"), alone(&ustar::SAME)?)?;
    fs::write(out.join("end"), alone(&[0; 2 * ustar::BLOCK])?)?;
    let (pieces, deflated) = pieces()?;
    fs::write(out.join("pieces.rs"), pieces)?;
    fs::write(out.join("pieces"), deflated)?;
    let (list, tables) = patterns::tables(&fs::read_to_string("chart/values.schema.json")?)?;
    fs::write(out.join("patterns.rs"), list)?;
    fs::write(out.join("patterns"), tables)?;
    let mut list = String::new();
    for (place, (path, deflated)) in run()?.into_iter().enumerate() {
        let text = fs::canonicalize(Path::new("chart").join(&path))?;
        let file = out.join(format!("run-{place}"));
        fs::write(&file, deflated)?;
        list += &format!(
            "Member {{ path: {path:?}, text: include_str!({text:?}), deflated: include_bytes!({file:?}) }},\n"
        );
    }
    fs::write(out.join("run.rs"), format!("&[{list}]"))
}

/// A text that refers to nothing before it.
fn alone(text: &[u8]) -> io::Result<Vec<u8>> {
    append(&mut Compress::new(Compression::best(), false), text, FlushCompress::Full)
}

/// Pieces of `values.yaml` are at least so long, in bytes.
const PIECE: usize = 400;

/// To how many of the pieces before it a piece refers, at the most: the more, the smaller it gets, and the seldomer it can be
/// used, as all of these must be there.
const MEMORIES: [usize; 5] = [usize::MAX, 16, 4, 1, 0];

/// The `values.yaml` of the defaults in pieces that begin above a key: a list of them as source, and what they are compressed to.
fn pieces() -> io::Result<(String, Vec<u8>)> {
    let text = fs::read_to_string("chart/values.yaml")?;
    let mut ends = Vec::new();
    let (mut at, mut was_comment) = (0, true);
    for line in text.split_inclusive('\n') {
        let is_comment = line.trim_start().starts_with('#');
        if is_comment && !was_comment && at - ends.last().unwrap_or(&0) >= PIECE {
            ends.push(at);
        }
        (at, was_comment) = (at + line.len(), is_comment);
    }
    ends.push(at);
    let start = |piece: usize| if piece == 0 { 0 } else { ends[piece - 1] };
    let (mut list, mut all) = (String::new(), Vec::new());
    for (piece, end) in ends.iter().enumerate() {
        list += &format!("Piece {{ start: {}, end: {end}, deflated: [", start(piece));
        for memory in MEMORIES {
            let mut deflate = Compress::new(Compression::best(), false);
            let before = memory.min(piece);
            for earlier in piece - before..piece {
                let earlier = &text[start(earlier)..ends[earlier]];
                append(&mut deflate, earlier.as_bytes(), FlushCompress::Sync)?;
            }
            let from = all.len();
            let piece = &text[start(piece)..*end];
            all.extend(append(&mut deflate, piece.as_bytes(), FlushCompress::Sync)?);
            list +=
                &format!("Deflated {{ before: {before}, start: {from}, end: {} }}, ", all.len());
        }
        list += "] },\n";
    }
    Ok((format!("&[{list}]"), all))
}

/// The files that follow each other in every chart, by path, in the order of a tar, each with what it is compressed to: from the
/// part of its header that is the same in every chart to the padding behind it.
///
/// Each refers to those before it, and so must follow them. The part of the header that differs is not in it; here bytes stand
/// for that part which no text has, so that nothing refers to it.
fn run() -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut deflate = Compress::new(Compression::best(), false);
    let mut paths = vec![PathBuf::from("values.schema.json")];
    let mut templates = below(Path::new("chart/templates"))?;
    templates.sort();
    paths.extend(
        templates.iter().filter_map(|path| path.strip_prefix("chart").ok()).map(Path::to_owned),
    );
    let deflated = |path: PathBuf| {
        append(&mut deflate, &[0xff; ustar::OWN], FlushCompress::Sync)?;
        let mut entry = ustar::SAME.to_vec();
        entry.extend(fs::read(Path::new("chart").join(&path))?);
        let whole = (ustar::OWN + entry.len()).next_multiple_of(ustar::BLOCK);
        entry.resize(whole - ustar::OWN, 0);
        let path = path.components().map(|part| part.as_os_str().to_string_lossy());
        let path = path.collect::<Vec<_>>().join("/");
        Ok((path, append(&mut deflate, &entry, FlushCompress::Sync)?))
    };
    paths.into_iter().map(deflated).collect()
}

/// The files below a folder.
fn below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(below(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}

/// What a text is compressed to: raw deflate blocks, none of them the last, that begin and end on a byte.
fn append(deflate: &mut Compress, text: &[u8], flush: FlushCompress) -> io::Result<Vec<u8>> {
    // More than the text takes at its worst, with the five bytes of the flush.
    let mut deflated = Vec::with_capacity(text.len() + text.len() / 8 + 64);
    let before = deflate.total_in();
    deflate.compress_vec(text, &mut deflated, flush)?;
    assert_eq!(deflate.total_in() - before, text.len() as u64, "the text is compressed whole");
    assert!(deflated.ends_with(&[0, 0, 0xff, 0xff]), "the flush is complete");
    Ok(deflated)
}
