//! Go template expressions: the arguments of functions, written as Helm's engine reads them.

use tera::{Error, TeraResult, Value, value::ValueKind};

use super::Condition;
use super::symbol::{Kind, Piece, Symbol, pieces};

/// A Go string literal.
pub fn string(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for c in text.chars() {
        match c {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}

/// The expression that yields a template's value: a symbol's own, a literal, a `printf` of both, or a `dict`.
pub(super) fn expression(value: &Value) -> TeraResult<Symbol> {
    if let Some(text) = value.as_str() {
        return Ok(joined(pieces(text)));
    }
    if let Some(map) = value.as_map() {
        let mut entries = Vec::new();
        for (key, value) in map {
            entries.push((key.to_string(), text_argument(value)?));
        }
        entries.sort();
        let entries: String =
            entries.iter().map(|(key, value)| format!(" {} {value}", string(key))).collect();
        return Ok(Symbol::new(Kind::Yaml, format!("dict{entries}")));
    }
    match value.kind() {
        ValueKind::Bool => Ok(Symbol::new(Kind::Bool, value.to_string())),
        ValueKind::I64 | ValueKind::U64 => Ok(Symbol::new(Kind::Int, value.to_string())),
        _ => Err(Error::message(format!(
            "no Helm expression yields a value of kind {}",
            value.name()
        ))),
    }
}

fn joined(mut parts: Vec<Piece<'_>>) -> Symbol {
    match parts.as_mut_slice() {
        [] => return Symbol::new(Kind::Word, string("")),
        [Piece::Literal(text)] => return Symbol::new(Kind::Word, string(text)),
        [Piece::Symbol(_)] => {
            if let Some(Piece::Symbol(symbol)) = parts.pop() {
                return symbol;
            }
        }
        _ => {}
    }
    let mut format = String::new();
    let mut arguments = String::new();
    for part in &parts {
        match part {
            Piece::Literal(text) => format.push_str(&text.replace('%', "%%")),
            Piece::Symbol(symbol) => {
                format.push_str("%s");
                arguments.push(' ');
                arguments.push_str(&text_of(symbol));
            }
        }
    }
    Symbol::new(Kind::Text, format!("printf {}{arguments}", string(&format)))
}

/// A value as a function's argument.
pub(super) fn argument(value: &Value) -> TeraResult<String> {
    Ok(expression(value)?.argument())
}

/// A value as a string argument: labels and annotations hold nothing else.
fn text_argument(value: &Value) -> TeraResult<String> {
    Ok(text_of(&expression(value)?))
}

fn text_of(symbol: &Symbol) -> String {
    match symbol.kind {
        Kind::Int => format!("({} | int64 | toString)", symbol.expression),
        Kind::Bool => format!("({} | toString)", symbol.expression),
        _ => symbol.argument(),
    }
}

/// A condition as the argument of `if`; a boolean wherever it compares.
pub(super) fn condition(condition: &Condition) -> TeraResult<String> {
    let mut tests = Vec::new();
    for value in &condition.any {
        let value = argument(value)?;
        match &condition.is {
            None => tests.push(value),
            Some(options) => {
                for option in options {
                    tests.push(format!("eq {value} {}", argument(option)?));
                }
            }
        }
    }
    let test = match tests.as_slice() {
        [test] => test.clone(),
        _ => format!(
            "or{}",
            tests.iter().map(|test| format!(" {}", grouped(test))).collect::<String>()
        ),
    };
    Ok(if condition.negated { format!("not {}", grouped(&test)) } else { test })
}

/// An expression in parentheses, unless it is a single word.
pub(super) fn grouped(expression: &str) -> String {
    if expression.contains(' ') { format!("({expression})") } else { expression.to_owned() }
}
