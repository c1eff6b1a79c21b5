//! Puts a value where its key says, making the maps and lists on the way.

use crate::error::Problem;
use crate::node::{Entry, Map, Node, Value};
use crate::source::Origin;

use super::cursor::Cursor;
use super::key::{Step, To};

/// Something stands where the key wants to go on.
pub struct Blocked {
    /// How many steps of the key lead to it.
    steps: usize,
    /// What it is: `a string`.
    kind: &'static str,
    /// Where it was written.
    origin: Option<Origin>,
}

/// Puts `value` at the end of `path`, replacing what is there. Items that a list lacks before the
/// index become null.
///
/// # Errors
/// The key goes on below something that is no map (or, for an index, no list). Helm refuses that
/// for a key of a map and replaces an item of a list in silence; here both are refused, only a
/// null item (a gap) gives way.
pub fn put(into: &mut Map, path: &[Step], value: Node) -> Result<(), Blocked> {
    let Some((first, rest)) = path.split_first() else { return Ok(()) };
    let To::Key(name) = &first.to else { return Ok(()) };
    let (mut slot, mut vacant) = enter(into, name, first.origin, rest.is_empty());
    for (done, step) in rest.iter().enumerate() {
        if vacant {
            let empty = match step.to {
                To::Key(_) => Value::Map(Map::new()),
                To::Item(_) => Value::List(Vec::new()),
            };
            *slot = Node::new(empty, Some(step.origin));
        }
        let (kind, origin) = (slot.value.kind(), slot.origin);
        (slot, vacant) = match (&mut slot.value, &step.to) {
            (Value::Map(map), To::Key(name)) => {
                enter(map, name, step.origin, done + 1 == rest.len())
            }
            (Value::List(items), To::Item(index)) => item(items, *index, step.origin),
            _ => return Err(Blocked { steps: done + 1, kind, origin }),
        };
    }
    *slot = value;
    Ok(())
}

/// The value of a key, made when there is none, and whether it was made.
fn enter<'t>(map: &'t mut Map, name: &str, origin: Origin, last: bool) -> (&'t mut Node, bool) {
    let vacant = !map.contains_key(name);
    let entry = map.get_or_insert_with(name.to_owned(), || Entry {
        key_origin: Some(origin),
        node: Node::new(Value::Null, Some(origin)),
    });
    if last {
        entry.key_origin = Some(origin);
    }
    (&mut entry.node, vacant)
}

/// The item at an index, made when there is none, and whether it is free.
fn item(items: &mut Vec<Node>, index: usize, origin: Origin) -> (&mut Node, bool) {
    while items.len() <= index {
        items.push(Node::new(Value::Null, Some(origin)));
    }
    let item = &mut items[index];
    let vacant = matches!(item.value, Value::Null);
    (item, vacant)
}

impl Blocked {
    /// The problem to show, at the first step that cannot be made.
    pub fn problem(&self, path: &[Step], cursor: &Cursor<'_>) -> Problem {
        let step = &path[self.steps];
        let wanted = match step.to {
            To::Key(_) => "a key",
            To::Item(_) => "an index",
        };
        let name = written(&path[..self.steps]);
        let hidden = cursor.follows_secret(path[0].origin);
        let place = match self.origin {
            Some(origin) => format!(", given at {}", cursor.place(origin)),
            None => String::new(),
        };
        let problem = cursor
            .problem(
                step.origin,
                format!(
                    "cannot set {wanted} in{}: it is {}{place}",
                    if hidden { String::new() } else { format!(" `{}`", name.escape_debug()) },
                    self.kind
                ),
            )
            .help("give the whole value in one place");
        if hidden { problem } else { problem.path(name) }
    }
}

fn written(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        match &step.to {
            To::Key(name) if text.is_empty() => text.push_str(name),
            To::Key(name) => text.extend([".", name]),
            To::Item(index) => text.push_str(&format!("[{index}]")),
        }
    }
    text
}
