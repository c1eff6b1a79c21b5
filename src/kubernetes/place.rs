//! Where a field that stands in the wrong place belongs, and how paths are written.

use crate::suggest::nearest;

use super::format::shown;
use super::table::Type;
use super::walk::{Step, Walk};

/// How many types deep a misplaced field is looked for: from a Deployment's `spec` to its pods' `spec`.
const DEPTH: usize = 2;

/// What to do about a field that a type does not have.
pub(super) fn help(walk: &Walk<'_>, of: Type, key: &str) -> Option<String> {
    let version = walk.version;
    let names = || of.fields().filter(|field| field.versions.has(version)).map(|field| field.name);
    if let Some(same) = names().find(|name| name.eq_ignore_ascii_case(key)) {
        return Some(format!("did you mean `{same}`?"));
    }
    let mut places: Vec<String> = walk
        .around
        .iter()
        .rev()
        .skip(1)
        .filter(|around| has(around.of, key, walk))
        .map(|around| below(&walk.path[..around.depth], key))
        .take(1)
        .collect();
    if places.is_empty() {
        collect(walk, of, key, &written(&walk.path), DEPTH, &mut places);
    }
    match places.as_slice() {
        [] => {}
        [one] => return Some(format!("it belongs at `{one}`")),
        [one, two] => return Some(format!("it belongs at `{one}` or `{two}`")),
        _ if nearest(key, names()).is_none() => return None,
        _ => {}
    }
    if let Some(near) = nearest(key, names()) {
        return Some(format!("did you mean `{near}`?"));
    }
    let few: Vec<String> = names().take(9).map(|name| format!("`{name}`")).collect();
    (1..9).contains(&few.len()).then(|| format!("the fields are {}", few.join(", ")))
}

fn has(of: Type, key: &str, walk: &Walk<'_>) -> bool {
    of.field(key).any(|field| field.versions.has(walk.version))
}

/// The places below a type that have the field.
fn collect(
    walk: &Walk<'_>,
    of: Type,
    key: &str,
    path: &str,
    depth: usize,
    places: &mut Vec<String>,
) {
    if depth == 0 {
        return;
    }
    // The API server fills the status in; nothing that someone writes belongs there.
    for field in
        of.fields().filter(|field| field.versions.has(walk.version) && field.name != "status")
    {
        let item = field.kind.trim_start_matches("[]");
        let Some(of) = Type::find(item) else { continue };
        let dot = if path.is_empty() { "" } else { "." };
        let list = if item.len() < field.kind.len() { "[]" } else { "" };
        let path = format!("{path}{dot}{}{list}", field.name);
        if has(of, key, walk) {
            places.push(format!("{path}.{key}"));
        } else {
            collect(walk, of, key, &path, depth - 1, places);
        }
    }
}

/// A path as messages write it: `spec.containers[0].image`, `metadata.labels["a.b/c"]`.
pub(super) fn written(path: &[Step<'_>]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Index(index) => text.push_str(&format!("[{index}]")),
            Step::Key(key) => push(&mut text, key),
        }
    }
    text
}

/// The path of a field below a place.
pub(super) fn below(path: &[Step<'_>], field: &str) -> String {
    let mut text = written(path);
    push(&mut text, field);
    text
}

fn push(text: &mut String, key: &str) {
    if !key.is_empty()
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'$'))
    {
        if !text.is_empty() {
            text.push('.');
        }
        text.push_str(key);
    } else {
        text.push_str(&format!("[\"{}\"]", shown(key)));
    }
}
