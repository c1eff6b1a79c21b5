//! Compiles the patterns of the values' schema to tables, which `src/schema/automaton.rs` reads.

use std::collections::{BTreeSet, HashMap};
use std::io::{self, Error};

use regex_automata::Input;
use regex_automata::dfa::{Automaton, StartKind, dense};
use serde_json::Value as Json;

/// The patterns of a schema, in order: a list of them as source, and the bytes of their tables.
pub fn tables(schema: &str) -> io::Result<(String, Vec<u8>)> {
    let mut patterns = BTreeSet::new();
    gather(&serde_json::from_str(schema)?, &mut patterns);
    let (mut list, mut all) = (String::new(), Vec::new());
    for pattern in patterns {
        let (classes, rows) = table(&pattern)
            .map_err(|error| Error::other(format!("the pattern {pattern}: {error}")))?;
        let width = rows[0].len();
        list += &format!(
            "Automaton {{ pattern: {pattern:?}, start: {}, width: {width} }},\n",
            all.len()
        );
        all.extend(classes);
        all.extend(rows.concat().into_iter().flat_map(u16::to_le_bytes));
    }
    Ok((format!("&[{list}]"), all))
}

fn gather(schema: &Json, patterns: &mut BTreeSet<String>) {
    match schema {
        Json::Object(map) => {
            patterns.extend(map.get("pattern").and_then(Json::as_str).map(str::to_owned));
            map.values().for_each(|below| gather(below, patterns));
        }
        Json::Array(items) => items.iter().for_each(|below| gather(below, patterns)),
        _ => {}
    }
}

/// For each byte its class, and for each state, of which the first is the one to begin with: whether a text may end there (1 or 0),
/// then where each class leads, from class 1 on.
#[expect(clippy::type_complexity)]
fn table(pattern: &str) -> Result<(Vec<u8>, Vec<Vec<u16>>), Box<dyn std::error::Error>> {
    let config = dense::Config::new().minimize(true).start_kind(StartKind::Unanchored);
    let dfa = dense::Builder::new().configure(config).build(pattern)?;
    // Behind a match all is one: none, as nothing is looked for any more.
    let mut states = vec![Some(dfa.start_state_forward(&Input::new(""))?)];
    let mut places = HashMap::from([(states[0], 0)]);
    let mut columns = vec![Vec::new(); 256];
    let mut ends = Vec::new();
    while let Some(&state) = states.get(ends.len()) {
        ends.push(state.is_none_or(|state| dfa.is_match_state(dfa.next_eoi_state(state))));
        for (byte, column) in (0..=u8::MAX).zip(&mut columns) {
            // It is told of a match one byte behind its end.
            let next = state.map(|state| dfa.next_state(state, byte));
            let next = next.filter(|next| !dfa.is_match_state(*next));
            let place = *places.entry(next).or_insert_with(|| {
                states.push(next);
                states.len() - 1
            });
            column.push(u16::try_from(place)?);
        }
    }
    let mut rows: Vec<_> = ends.into_iter().map(|ends| vec![u16::from(ends)]).collect();
    let mut known = HashMap::new();
    let mut classes = Vec::new();
    for column in columns {
        let class = known.len() + 1;
        classes.push(u8::try_from(*known.entry(column.clone()).or_insert_with(|| {
            rows.iter_mut().zip(column).for_each(|(row, next)| row.push(next));
            class
        }))?);
    }
    Ok((classes, rows))
}
