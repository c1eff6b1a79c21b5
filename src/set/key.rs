//! The left side of an argument: `a.b[0].c=` as the steps that lead to a value.

use crate::error::Problem;
use crate::secret::COMMA;
use crate::source::Origin;

use super::Flag;
use super::cursor::{Cursor, Piece};

/// The highest index Helm takes (`strvals.MaxIndex`).
const MAX_INDEX: usize = 65_536;

/// The most dots Helm takes in a key (`strvals.MaxNestedNameLevel`). Brackets, which Helm does not
/// count, may be as many: each one costs memory for up to 65,536 nulls.
const MAX_LEVELS: usize = 30;

/// One step down the tree.
#[derive(Clone, Debug)]
pub struct Step {
    /// Into what.
    pub to: To,
    /// Where it was written.
    pub origin: Origin,
}

/// What a step leads into.
#[derive(Clone, Debug)]
pub enum To {
    /// A key of a map.
    Key(String),
    /// An item of a list.
    Item(usize),
}

/// Reads a key and the `=` behind it. The first step is always a key.
///
/// # Errors
/// A key that is empty, cut short, too deep or without a value, and an index that is none.
/// Helm ignores an empty key together with its value; a lost value helps nobody, so it is refused.
pub fn parse(flag: Flag, cursor: &mut Cursor<'_>) -> Result<Vec<Step>, Problem> {
    let first_of_argument = cursor.origin().column == 1 && cursor.origin().line == 1;
    let mut steps = Vec::new();
    let mut dots = 0;
    loop {
        let name = name(flag, cursor)?;
        if name.text.is_empty() {
            return Err(cursor.expected("a key").help(example(flag)));
        }
        if matches!(cursor.peek(), None | Some(',')) {
            return Err(without_value(flag, cursor, &name, first_of_argument));
        }
        steps.push(Step { to: To::Key(name.text), origin: name.origin });
        let brackets = steps.len();
        while cursor.peek() == Some('[') {
            if steps.len() - brackets == MAX_LEVELS {
                return Err(too_deep(cursor, "[…]"));
            }
            steps.push(index(flag, cursor)?);
        }
        if cursor.eat('=') {
            return Ok(steps);
        }
        if cursor.peek() != Some('.') {
            return Err(cursor.expected("`=`, `.` or `[` after `]`").help(example(flag)));
        }
        if dots == MAX_LEVELS {
            return Err(too_deep(cursor, "."));
        }
        cursor.next();
        dots += 1;
    }
}

fn name(flag: Flag, cursor: &mut Cursor<'_>) -> Result<Piece, Problem> {
    match flag {
        Flag::Literal => Ok(cursor.until_literal(&['=', '[', '.'])),
        Flag::Set | Flag::String | Flag::Json | Flag::File => cursor.until(&['=', '[', ',', '.']),
    }
}

fn index(flag: Flag, cursor: &mut Cursor<'_>) -> Result<Step, Problem> {
    let origin = cursor.origin();
    cursor.next();
    let piece = match flag {
        Flag::Literal => cursor.until_literal(&[']']),
        Flag::Set | Flag::String | Flag::Json | Flag::File => cursor.until(&[']'])?,
    };
    if !cursor.eat(']') {
        return Err(cursor.problem(origin, "expected `]` after the `[`").help(
            "an item of a list is written `hosts[0]=…`; write `\\[` for a key with a bracket",
        ));
    }
    // A sign is read like Helm does: `+1` is 1 and `-0` is 0.
    match piece.text.parse::<i64>().ok().and_then(|index| usize::try_from(index).ok()) {
        Some(index) if index <= MAX_INDEX => Ok(Step { to: To::Item(index), origin }),
        _ => Err(cursor
            .problem(
                piece.origin,
                format!(
                    "expected an index from 0 to {MAX_INDEX}, found {}",
                    cursor.instead(&piece.text)
                ),
            )
            .help("the first item of a list is `[0]`")),
    }
}

fn without_value(flag: Flag, cursor: &Cursor<'_>, name: &Piece, first: bool) -> Problem {
    let problem = cursor.problem(
        name.origin,
        format!("expected `=` and a value after the key{}", cursor.quoted(&name.text)),
    );
    match flag {
        Flag::Set | Flag::String | Flag::File if !first => problem.help(COMMA),
        _ => problem.help(example(flag)),
    }
}

fn too_deep(cursor: &Cursor<'_>, what: &str) -> Problem {
    cursor
        .problem(cursor.origin(), format!("a key has at most {MAX_LEVELS} `{what}`"))
        .help("no value lies that deep; write `\\.` for a dot inside a key")
}

fn example(flag: Flag) -> &'static str {
    match flag {
        Flag::Set => "write it like `forguncy.scaling.replicas=3`",
        Flag::String => "write it like `forguncy.image.tag=10`",
        Flag::Json => {
            "write it like `ingress.hosts=[\"a.example.com\"]`, or give one whole object `{…}`"
        }
        Flag::File => "write it like `redis.config=redis.conf`",
        Flag::Literal => "write it like `forguncy.image.tag=10.0.3.0`",
    }
}
