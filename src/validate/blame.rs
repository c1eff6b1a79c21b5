//! Leads a finding in a rendered object back to the key of the values that brought it, and to the file that set the key.
//!
//! Rendering remembers which key printed which part of a text. Inside such a part stands the key's YAML, so the place of the
//! finding in it tells which of the keys below is meant.

use std::collections::HashSet;

use crate::error::Problem;
use crate::finding::Finding;
use crate::load::Loaded;
use crate::node::{Node, Value};
use crate::schema::push_key;
use crate::secret::Hidden;
use crate::source::{Location, Origin, Sources};
use crate::stage::known::Span;
use crate::templates::Rendered;
use crate::yaml::read;

/// Gives a finding the key and the place in the values; without a key, takes the place in the template away, which no user can see.
pub(super) fn lead_back(finding: &mut Finding, rendered: &[Rendered], loaded: &Loaded) {
    let Some(place) = finding.problem.location.take() else { return };
    if !rendered.iter().any(|file| is_of(&place, file)) {
        finding.problem.location = Some(place);
        return;
    }
    let Some(trace) = trace(&place, &finding.field, rendered, loaded) else { return };
    finding.problem.path = trace.path;
    // What must not be shown of the object must not be shown of the values that made it.
    finding.problem.location = match place.text {
        Some(_) => trace.location,
        None => trace.location.map(|location| Location { text: None, ..location }),
    };
}

/// Tells what one key does to several objects once, with the first of them: it is mended in one place.
pub(super) fn tell_once(findings: &mut Vec<Finding>) {
    let mut told = HashSet::new();
    findings.retain(|finding| {
        let Problem { path, message, location, .. } = &finding.problem;
        let place = location.as_ref().map(|at| (at.source.clone(), at.line, at.column));
        path.is_empty() || told.insert((finding.rule.id, path.clone(), message.clone(), place))
    });
}

/// The key of the values that printed what stands at a place of a rendered file.
#[derive(Clone, Debug)]
pub(crate) struct Trace {
    /// The key that the template names, `forguncy.extraEnv`.
    pub top: String,
    /// The key below it that is meant, `forguncy.extraEnv[0].value`.
    pub path: String,
    /// Where it was set; `None` for a default.
    pub location: Option<Location>,
}

/// Whether a place lies in a rendered file.
fn is_of(place: &Location, file: &Rendered) -> bool {
    place.source.strip_prefix("templates/") == Some(file.path)
}

/// Leads a place of a rendered file, where a field of this name stands, back to the values.
pub(crate) fn trace(
    place: &Location,
    field: &str,
    rendered: &[Rendered],
    loaded: &Loaded,
) -> Option<Trace> {
    let file = rendered.iter().find(|file| is_of(place, file))?;
    let (key, way) = key_at(file, &loaded.tree, field, (place.line, place.column))?;
    let mut node = &loaded.tree;
    let mut origin = None;
    let mut path = String::new();
    let steps = key.split('.').map(|key| Step::Key(key.to_owned())).chain(way.steps);
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
        // A list or a map begins below its key, where only its first part would be shown.
        let at_key = key_origin.filter(|_| way.at_key || !is_scalar(found));
        origin = at_key.or(found.origin).or(key_origin).or(origin);
        node = found;
    }
    let location = origin.map(|origin| Hidden::default().show(origin, &loaded.sources));
    Some(Trace { top: key.to_owned(), path, location })
}

fn is_scalar(node: &Node) -> bool {
    !matches!(node.value, Value::Map(_) | Value::List(_))
}

/// A step of the way into a tree.
enum Step {
    Key(String),
    Item(usize),
}

/// The way into a value.
#[derive(Default)]
struct Way {
    steps: Vec<Step>,
    /// Whether the last key is meant, rather than what it holds.
    at_key: bool,
}

/// The key whose value was printed at a place of a file, and the way into the value.
fn key_at(
    file: &Rendered,
    values: &Node,
    field: &str,
    (line, column): (u32, u32),
) -> Option<(&'static str, Way)> {
    let start: usize =
        file.text.split_inclusive('\n').take(line.saturating_sub(1) as usize).map(str::len).sum();
    let text = file.text.get(start..)?;
    let at = start + text.char_indices().nth(column.saturating_sub(1) as usize)?.0;
    // A field's name stands before its value, in the same line or in the one above.
    let end = start + text.find('\n').unwrap_or(text.len()) + 1;
    let within = |span: &&Span| span.range.contains(&at);
    let behind = |span: &&Span| (at..=end).contains(&span.range.start);
    let span = file.spans.iter().find(within).or_else(|| file.spans.iter().find(behind))?;

    let is_block = file.text[..span.range.start].ends_with('\n');
    if !is_block || !span.range.contains(&at) {
        return Some((span.key, Way::default()));
    }
    let above = file.text[..span.range.start].matches('\n').count();
    let mut sources = Sources::default();
    let id = sources.add("block", &file.text[span.range.clone()]);
    let place = Origin { source: id, line: line - u32::try_from(above).ok()?, column };
    let tree = read::document(id, &sources).ok()?;
    let mut way = way_to(&tree, place, field).unwrap_or_default();
    let is_list = values
        .at(&span.key.split('.').collect::<Vec<_>>())
        .is_some_and(|node| matches!(node.value, Value::List(_)));
    if is_list && matches!(tree.value, Value::Map(_)) {
        // Each item of the list was printed by itself.
        let earlier = file.spans.iter().take_while(|other| other.range.start < span.range.start);
        way.steps.insert(0, Step::Item(earlier.filter(|other| other.key == span.key).count()));
    }
    Some((span.key, way))
}

/// The way to the node, or to the key, that begins at a place. A map begins where its first key does: that key is meant if it
/// is the field's name.
fn way_to(node: &Node, place: Origin, field: &str) -> Option<Way> {
    let inside = match &node.value {
        Value::Map(map) => map.iter().find_map(|(key, entry)| {
            let is_meant = entry.key_origin == Some(place)
                && (node.origin != Some(place) || leaf(field) == key);
            let below = match is_meant {
                true => Some(Way { steps: Vec::new(), at_key: true }),
                false => way_to(&entry.node, place, field),
            };
            below.map(|below| (Step::Key(key.to_string()), below))
        }),
        Value::List(items) => items.iter().enumerate().find_map(|(index, item)| {
            way_to(item, place, field).map(|below| (Step::Item(index), below))
        }),
        _ => None,
    };
    match inside {
        Some((step, mut below)) => {
            below.steps.insert(0, step);
            Some(below)
        }
        None => (node.origin == Some(place)).then(Way::default),
    }
}

/// The name of a field: the last part of its path, `image` or `["a.b/c"]`.
fn leaf(field: &str) -> &str {
    match field.strip_suffix("\"]").and_then(|field| field.rsplit_once("[\"")) {
        Some((_, name)) => name,
        None => field.rsplit('.').next().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::{lead_back, leaf};
    use crate::finding::Finding;
    use crate::load::{Layer, Loaded, load};
    use crate::release::Release;
    use crate::rules::VALUES_INVALID;
    use crate::source::Location;
    use crate::templates::render;

    fn loaded(text: &str) -> Loaded {
        let layers = [
            Layer::Preset("nfs".to_owned()),
            Layer::File("values.yaml".to_owned(), text.as_bytes().to_vec()),
        ];
        load(&layers, &mut |path| panic!("{path} is not read")).unwrap()
    }

    /// Where a finding leads back to that was made at the last mark in a rendered file.
    fn led(values: &str, template: &str, mark: &str, field: &str) -> (String, Option<(u32, u32)>) {
        let loaded = loaded(values);
        let release = Release { name: "a".to_owned(), namespace: "b".to_owned() };
        let rendered = render(&loaded.tree, &release).unwrap();
        let text = &rendered.iter().find(|file| file.path == template).unwrap().text;
        let at = text.rfind(mark).unwrap_or_else(|| panic!("no {mark} in {text}"));
        let line = text[..at].matches('\n').count() + 1;
        let column = text[..at].chars().rev().take_while(|c| *c != '\n').count() + 1;
        let mut finding = Finding::new(&VALUES_INVALID, "x").at(Location {
            source: format!("templates/{template}"),
            line: line as u32,
            column: column as u32,
            text: None,
        });
        finding.field = field.to_owned();
        lead_back(&mut finding, &rendered, &loaded);
        let place = finding.problem.location.map(|at| (at.line, at.column));
        (finding.problem.path, place)
    }

    #[test]
    fn leads_into_blocks() {
        let values = "forguncy:\n  affinity:\n    nodeAfinity: {}\n  extraEnv:\n  - name: A\n    value: bee\n";
        let deployment = "deployment-fgc.yaml";
        let led = |mark, field| led(values, deployment, mark, field);
        let affinity = ("forguncy.affinity.nodeAfinity".to_owned(), Some((3, 5)));
        assert_eq!(led("nodeAfinity", "spec.affinity.nodeAfinity"), affinity);
        assert_eq!(
            led("affinity:", "spec.affinity"),
            ("forguncy.affinity".to_owned(), Some((2, 3)))
        );
        let value = ("forguncy.extraEnv[0].value".to_owned(), Some((6, 12)));
        assert_eq!(led("bee", "env[1].value"), value);
    }

    #[test]
    fn leads_to_the_object_that_the_user_wrote() {
        let values = "extraObjects:\n- {apiVersion: v1, kind: A, metadata: {name: a}}\n- {apiVersion: v1, kind: B, metadata: {name: b}, dta: 1}\n";
        let led = led(values, "extra-objects.yaml", "dta", "dta");
        assert_eq!(led, ("extraObjects[1].dta".to_owned(), Some((3, 50))));
    }

    #[test]
    fn knows_the_name_of_a_field() {
        let fields = ["spec.image", "data[\"etc/limits\"]", "kind", "env[0]"];
        assert_eq!(fields.map(leaf), ["image", "etc/limits", "kind", "env[0]"]);
    }

    #[test]
    fn leads_to_single_values_and_to_defaults_without_a_place() {
        let led = |mark| led("forguncy: {containerPort: 81}", "deployment-fgc.yaml", mark, "");
        assert_eq!(led("containerPort: 81").0, "forguncy.containerPort");
        assert_eq!(led("81").1, Some((1, 27)));
        assert_eq!(led("Asia"), ("global.timezone".to_owned(), None));
        assert_eq!(led("kind: Deployment"), (String::new(), None));
    }
}
