//! The right side of an argument, for every flag but `--set-json`.

use crate::error::Problem;
use crate::node::{Node, Value};
use crate::source::Origin;

use super::cursor::{Cursor, Piece};
use super::{Flag, ReadFile};

/// Reads a value and the comma behind it.
///
/// # Errors
/// A list that does not end, something between a list and the next comma, or a file that cannot
/// be read.
pub fn parse(flag: Flag, cursor: &mut Cursor<'_>, read: ReadFile<'_>) -> Result<Node, Problem> {
    if flag == Flag::Literal {
        let piece = cursor.until_literal(&[]);
        return Ok(Node::new(Value::String(piece.text.into()), Some(piece.origin)));
    }
    let origin = cursor.origin();
    let node = if cursor.eat('{') {
        let items = list(flag, cursor, read, origin)?;
        Node::new(Value::List(items), Some(origin))
    } else {
        let piece = cursor.until(&[','])?;
        scalar(flag, piece, cursor, read)?
    };
    cursor.eat(',');
    Ok(node)
}

fn list(
    flag: Flag,
    cursor: &mut Cursor<'_>,
    read: ReadFile<'_>,
    begin: Origin,
) -> Result<Vec<Node>, Problem> {
    let mut items = Vec::new();
    loop {
        let piece = cursor.until(&[',', '}'])?;
        // `{}` is a list of one empty string: Helm reads it so.
        items.push(scalar(flag, piece, cursor, read)?);
        if cursor.eat(',') {
            continue;
        }
        if !cursor.eat('}') {
            return Err(cursor.problem(begin, "expected `}` at the end of the list").help(BRACE));
        }
        // Helm takes what follows for the next key, so a value with braces falls apart.
        if !matches!(cursor.peek(), None | Some(',')) {
            return Err(cursor.expected("`,` or the end after `}`").help(BRACE));
        }
        return Ok(items);
    }
}

const BRACE: &str = "a list is written `{a,b}`; for a string that begins with a brace write `\\{` or use `--set-literal`";

fn scalar(
    flag: Flag,
    piece: Piece,
    cursor: &Cursor<'_>,
    read: ReadFile<'_>,
) -> Result<Node, Problem> {
    let value = match flag {
        Flag::Set => typed(piece.text),
        Flag::File => Value::String(content(&piece, cursor, read)?.into()),
        Flag::String | Flag::Literal | Flag::Json => Value::String(piece.text.into()),
    };
    Ok(Node::new(value, Some(piece.origin)))
}

/// Booleans and null in any case and whole numbers of 64 bits; a leading zero makes a string, and
/// so does a fraction (Helm's `typedVal`).
fn typed(text: String) -> Value {
    if text.eq_ignore_ascii_case("true") {
        return Value::Bool(true);
    }
    if text.eq_ignore_ascii_case("false") {
        return Value::Bool(false);
    }
    if text.eq_ignore_ascii_case("null") {
        return Value::Null;
    }
    if text == "0" {
        return Value::Int(0);
    }
    match text.parse() {
        Ok(number) if !text.starts_with('0') => Value::Int(number),
        _ => Value::String(text.into()),
    }
}

/// The content of the file that a value names. Helm makes an empty string of an empty path at the
/// end of the argument; that is an unset variable in a script, so it is refused.
fn content(piece: &Piece, cursor: &Cursor<'_>, read: ReadFile<'_>) -> Result<String, Problem> {
    if piece.text.is_empty() {
        return Err(cursor
            .problem(piece.origin, "expected the path of a file, found nothing")
            .help("write it like `KEY=path/to/file`, or `--set-string KEY=` for an empty string"));
    }
    read(&piece.text).map_err(|mut problem| {
        if problem.location.is_none() {
            problem.location = cursor.problem(piece.origin, "").location;
        }
        problem
    })
}
