//! JSON with positions, for `--set-json`: every part of a value remembers its column.

use crate::error::Problem;
use crate::node::{Entry, Map, Node, Value};

use super::cursor::Cursor;

/// More levels than any value has, and few enough for every later walk over the tree.
const MAX_DEPTH: usize = 128;

/// Reads one object that is the whole argument, which Helm takes from 4.0 on.
///
/// # Errors
/// What is no JSON, and anything behind the object.
pub fn document(cursor: &mut Cursor<'_>) -> Result<Node, Problem> {
    let node = value(cursor, 0)?;
    cursor.skip_blanks();
    match cursor.peek() {
        None => Ok(node),
        Some(_) => Err(cursor
            .expected("the end after the object")
            .help("give each object and each `KEY=JSON` its own `--set-json`")),
    }
}

/// Reads the JSON behind `key=` and the comma after it; nothing at all is null.
///
/// # Errors
/// What is no JSON, and anything but a comma behind it: Helm takes that for the next key.
pub fn value_of_key(cursor: &mut Cursor<'_>) -> Result<Node, Problem> {
    let origin = cursor.origin();
    cursor.skip_blanks();
    let node = match cursor.peek() {
        None | Some(',') => Node::new(Value::Null, Some(origin)),
        Some(_) => value(cursor, 0)?,
    };
    cursor.skip_blanks();
    if cursor.eat(',') || cursor.peek().is_none() {
        return Ok(node);
    }
    Err(cursor.expected("`,` or the end after the JSON value"))
}

fn value(cursor: &mut Cursor<'_>, depth: usize) -> Result<Node, Problem> {
    blanks(cursor);
    let origin = cursor.origin();
    if depth > MAX_DEPTH {
        return Err(cursor.problem(origin, format!("more than {MAX_DEPTH} levels of JSON")));
    }
    let value = match cursor.peek() {
        Some('{') => Value::Map(object(cursor, depth)?),
        Some('[') => Value::List(array(cursor, depth)?),
        Some('"') => Value::String(string(cursor)?.into()),
        Some('-' | '0'..='9') => number(cursor)?,
        _ => word(cursor)?,
    };
    Ok(Node::new(value, Some(origin)))
}

fn object(cursor: &mut Cursor<'_>, depth: usize) -> Result<Map, Problem> {
    let mut map = Map::new();
    cursor.next();
    blanks(cursor);
    if cursor.eat('}') {
        return Ok(map);
    }
    loop {
        blanks(cursor);
        if cursor.peek() != Some('"') {
            return Err(cursor
                .expected("a key in double quotes")
                .help("write it like `{\"key\": 1}`, without a comma at the end"));
        }
        let key_origin = Some(cursor.origin());
        let key = string(cursor)?;
        blanks(cursor);
        if !cursor.eat(':') {
            return Err(cursor.expected("`:` after the key"));
        }
        let node = value(cursor, depth + 1)?;
        // The last of two equal keys wins, as in Helm.
        map.insert(key, Entry { key_origin, node });
        blanks(cursor);
        if cursor.eat('}') {
            return Ok(map);
        }
        if !cursor.eat(',') {
            return Err(cursor.expected("`,` or `}` in the object"));
        }
    }
}

fn array(cursor: &mut Cursor<'_>, depth: usize) -> Result<Vec<Node>, Problem> {
    let mut items = Vec::new();
    cursor.next();
    blanks(cursor);
    if cursor.eat(']') {
        return Ok(items);
    }
    loop {
        items.push(value(cursor, depth + 1)?);
        blanks(cursor);
        if cursor.eat(']') {
            return Ok(items);
        }
        if !cursor.eat(',') {
            return Err(cursor.expected("`,` or `]` in the list"));
        }
    }
}

fn string(cursor: &mut Cursor<'_>) -> Result<String, Problem> {
    let begin = cursor.origin();
    cursor.next();
    let mut text = String::new();
    loop {
        match cursor.peek() {
            None => {
                return Err(cursor.problem(begin, "expected `\"` at the end of the string"));
            }
            Some(c) if c < ' ' => {
                return Err(cursor
                    .expected("a string without control characters")
                    .help("write `\\n` for a line break and `\\t` for a tab"));
            }
            Some('\\') => escape(cursor, &mut text)?,
            Some(c) => {
                cursor.next();
                if c == '"' {
                    return Ok(text);
                }
                text.push(c);
            }
        }
    }
}

fn escape(cursor: &mut Cursor<'_>, text: &mut String) -> Result<(), Problem> {
    cursor.next();
    let c = match cursor.peek() {
        Some(c @ ('"' | '\\' | '/')) => c,
        Some('b') => '\u{8}',
        Some('f') => '\u{c}',
        Some('n') => '\n',
        Some('r') => '\r',
        Some('t') => '\t',
        Some('u') => {
            cursor.next();
            unicode(cursor, text)?;
            return Ok(());
        }
        _ => {
            return Err(cursor
                .expected("one of `\" \\ / b f n r t u` after `\\`")
                .help("JSON needs no `\\` before a comma"));
        }
    };
    cursor.next();
    text.push(c);
    Ok(())
}

/// A `\u` escape; half a surrogate pair becomes U+FFFD, as in Go.
fn unicode(cursor: &mut Cursor<'_>, text: &mut String) -> Result<(), Problem> {
    let mut units = vec![hex(cursor)?];
    while (0xd800..0xdc00).contains(&units[units.len() - 1]) && cursor.rest().starts_with("\\u") {
        cursor.next();
        cursor.next();
        units.push(hex(cursor)?);
    }
    text.extend(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
    Ok(())
}

fn hex(cursor: &mut Cursor<'_>) -> Result<u16, Problem> {
    let mut unit = 0;
    for _ in 0..4 {
        match cursor.peek().and_then(|c| c.to_digit(16)) {
            Some(digit) => unit = unit << 4 | digit as u16,
            None => return Err(cursor.expected("four hexadecimal digits after `\\u`")),
        }
        cursor.next();
    }
    Ok(unit)
}

/// A number, through 64 bits of floating point like Helm's: whole numbers beyond 2^53 are rounded.
fn number(cursor: &mut Cursor<'_>) -> Result<Value, Problem> {
    let origin = cursor.origin();
    let text = cursor.rest();
    let length = text
        .find(|c: char| !matches!(c, '0'..='9' | '+' | '-' | '.' | 'e' | 'E'))
        .unwrap_or(text.len());
    let text = &text[..length];
    if !is_number(text) {
        return Err(cursor
            .problem(origin, format!("expected a JSON number, found {}", cursor.instead(text)))
            .help("put double quotes around a string: `KEY=\"…\"`"));
    }
    for _ in 0..length {
        cursor.next();
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(Value::from_float(number)),
        _ => Err(cursor.problem(origin, format!("the number{} is too large", cursor.quoted(text)))),
    }
}

/// JSON's grammar: no leading zero, digits on both sides of the point.
fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|text| digits(text.strip_prefix(['+', '-']).unwrap_or(text)))
}

fn word(cursor: &mut Cursor<'_>) -> Result<Value, Problem> {
    let words = [("true", Value::Bool(true)), ("false", Value::Bool(false)), ("null", Value::Null)];
    for (word, value) in words {
        if cursor.rest().starts_with(word) {
            for _ in 0..word.len() {
                cursor.next();
            }
            return Ok(value);
        }
    }
    Err(cursor
        .expected("a JSON value")
        .help("put double quotes around a string: `KEY=\"…\"`, and the argument in single ones"))
}

/// JSON's blanks, which are fewer than Unicode's.
fn blanks(cursor: &mut Cursor<'_>) {
    while matches!(cursor.peek(), Some(' ' | '\t' | '\r' | '\n')) {
        cursor.next();
    }
}
