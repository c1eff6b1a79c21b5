//! Leads a finding in a rendered object back to the key of the values that brought it, and to the file that set the key.
//!
//! Rendering remembers which key printed which part of a text. Inside such a part stands the key's YAML, so the place of the
//! finding in it tells which of the keys below is meant.

use crate::finding::Finding;
use crate::load::Loaded;
use crate::node::{Node, Value};
use crate::schema::push_key;
use crate::secret::Hidden;
use crate::source::{Location, Origin, Sources};
use crate::templates::Rendered;
use crate::yaml::read;

/// Gives a finding the key and the place in the values; without a key, takes the place in the template away, which no user can see.
pub(super) fn lead_back(finding: &mut Finding, rendered: &[Rendered], loaded: &Loaded) {
    let Some(place) = finding.problem.location.take() else { return };
    let Some(file) =
        rendered.iter().find(|file| place.source == format!("templates/{}", file.path))
    else {
        finding.problem.location = Some(place);
        return;
    };
    let Some((key, below)) = key_at(file, place.line, place.column) else { return };
    let mut node = &loaded.tree;
    let mut origin = None;
    let mut path = String::new();
    let steps = key.split('.').map(|key| Step::Key(key.to_owned())).chain(below);
    for step in steps {
        let next = match (&step, &node.value) {
            (Step::Key(key), Value::Map(map)) => {
                map.get(key).map(|entry| (entry.key_origin, &entry.node))
            }
            (Step::Item(index), Value::List(items)) => items.get(*index).map(|item| (None, item)),
            _ => None,
        };
        let Some((key_origin, found)) = next else { break };
        match &step {
            Step::Key(key) => push_key(&mut path, key),
            Step::Item(index) => path.push_str(&format!("[{index}]")),
        }
        origin = key_origin.or(found.origin).or(origin);
        node = found;
    }
    finding.problem.path = path;
    finding.problem.location = origin.map(|origin| {
        let mut location = Location::of(origin, &loaded.sources);
        if Hidden::default().is(origin, &loaded.sources) {
            location.text = None;
        }
        location
    });
}

/// A step of the way into a tree.
enum Step {
    Key(String),
    Item(usize),
}

/// The key whose value was printed at a place of a file, and the way into the value.
fn key_at(file: &Rendered, line: u32, column: u32) -> Option<(&'static str, Vec<Step>)> {
    let start: usize =
        file.text.split_inclusive('\n').take(line.saturating_sub(1) as usize).map(str::len).sum();
    let text = file.text.get(start..)?;
    let at = start + text.char_indices().nth(column.saturating_sub(1) as usize)?.0;
    let span = file
        .spans
        .iter()
        .filter(|span| span.range.contains(&at))
        .min_by_key(|span| span.range.len())
        // A key stands before the value that it holds: `image: {{ … }}`.
        .or_else(|| {
            let end = start + text.find('\n').unwrap_or(text.len());
            file.spans.iter().find(|span| (at..end).contains(&span.range.start))
        })?;
    let printed = &file.text[span.range.clone()];
    // A block begins with the line's end before it.
    let Some(block) = printed.strip_prefix('\n') else { return Some((span.key, Vec::new())) };
    let lines = file.text[..span.range.start].matches('\n').count() as u32 + 1;
    let mut sources = Sources::default();
    let id = sources.add("block", block);
    let way = read::document(id, &sources)
        .ok()
        .and_then(|tree| way_to(&tree, Origin { source: id, line: line - lines, column }))
        .unwrap_or_default();
    let mut way = way.into_iter();
    // The block's own key is the field's name, not one of the values.
    let is_keyed = !block.trim_start().starts_with("- ") && {
        let last = span.key.rsplit('.').next().unwrap_or_default();
        block.trim_start().starts_with(&format!("{last}:"))
    };
    if is_keyed {
        way.next();
    }
    Some((span.key, way.collect()))
}

/// The way to the node, or to the key, that begins at a place.
fn way_to(node: &Node, place: Origin) -> Option<Vec<Step>> {
    if node.origin == Some(place) {
        return Some(Vec::new());
    }
    let (step, mut below) = match &node.value {
        Value::Map(map) => map.iter().find_map(|(key, entry)| {
            let below = match entry.key_origin == Some(place) {
                true => Some(Vec::new()),
                false => way_to(&entry.node, place),
            };
            below.map(|below| (Step::Key(key.clone()), below))
        })?,
        Value::List(items) => items.iter().enumerate().find_map(|(index, item)| {
            way_to(item, place).map(|below| (Step::Item(index), below))
        })?,
        _ => return None,
    };
    below.insert(0, step);
    Some(below)
}
