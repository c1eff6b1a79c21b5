#![no_main]
//! Arguments of the `--set` family, one a line, the first letter of which chooses the flag; over values that there are already.

use hzgchart::error::{Error, Problem};
use hzgchart::load::{Layer, load};
use hzgchart::node::Map;
use hzgchart::set::{Flag, apply};
use hzgchart::source::Sources;
use hzgchart::validate::{self, Outcome};
use hzgchart_fuzz::write_reports;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let arguments: Vec<(Flag, &str)> = text.split('\u{1}').filter_map(argument).collect();
    let mut sources = Sources::default();
    let mut map = Map::new();
    let mut problems = Vec::new();
    for (flag, argument) in &arguments {
        let id = sources.add(flag.name(), *argument);
        if let Err(found) = apply(*flag, id, &sources, &mut map, &mut read) {
            problems.extend(found);
        }
    }
    // What is wrong with the values that come of it is a matter of the schema, and takes longer.
    if problems.is_empty() && text.len() < 200 {
        let owned = arguments.iter().map(|(flag, argument)| (*flag, (*argument).to_owned()));
        if let Err(Error::Invalid(found)) = load(&[Layer::Set(owned.collect())], &mut read) {
            problems = found;
        }
    }
    write_reports(Outcome {
        findings: validate::invalid(problems).collect(),
        ..Outcome::default()
    });
});

fn argument(text: &str) -> Option<(Flag, &str)> {
    let flag = match text.chars().next()? {
        's' => Flag::Set,
        't' => Flag::String,
        'j' => Flag::Json,
        'f' => Flag::File,
        'l' => Flag::Literal,
        _ => return None,
    };
    Some((flag, &text[1..]))
}

fn read(path: &str) -> Result<String, Problem> {
    match path.strip_prefix('f') {
        Some(content) => Ok(content.to_owned()),
        None => Err(Problem::new(format!("cannot read `{path}`"))),
    }
}
