//! The chart stage: every construct prints the Helm action that computes its result at install.

use std::io::{self, Write};

use tera::{Error, EscapeFn, TeraResult, Value};

use super::symbol::{Kind, Piece, Symbol, pieces};
use super::{Condition, Stage, go};

/// The chart stage. Its context comes from [`super::symbols`].
pub struct Symbolic;

/// The partial of the chart that assembles an image's reference.
const IMAGE_PARTIAL: &str = "forguncy.image";

/// What parts the maps of a `merge`.
const MERGE_BREAK: &str = "\n      ";

/// Prints a template's string: literals as they are, symbols as actions. A symbol that holds any text or YAML is
/// refused, since what it will hold could end the scalar that it stands in.
fn print(text: &str, out: &mut dyn Write) -> io::Result<()> {
    for piece in pieces(text) {
        match piece {
            Piece::Literal(literal) => out.write_all(literal.as_bytes())?,
            Piece::Symbol(Symbol { kind: Kind::Int, expression }) => {
                write!(out, "{{{{ {expression} | int64 }}}}")?
            }
            Piece::Symbol(Symbol { kind: Kind::Bool | Kind::Word, expression }) => {
                write!(out, "{{{{ {expression} }}}}")?;
            }
            Piece::Symbol(Symbol { kind: Kind::Text, expression }) => {
                return Err(io::Error::other(format!("`{expression}` needs the filter `quote`")));
            }
            Piece::Symbol(Symbol { kind: Kind::Yaml, expression }) => {
                return Err(io::Error::other(format!(
                    "`{expression}` needs the filter `block` or `scalar`"
                )));
            }
        }
    }
    Ok(())
}

impl Stage for Symbolic {
    const PRINT: EscapeFn = print;

    fn quote(value: &Value) -> TeraResult<String> {
        let symbol = go::expression(value)?;
        Ok(match symbol.kind {
            Kind::Int => format!("{{{{ {} | int64 | quote }}}}", symbol.expression),
            Kind::Yaml => {
                return Err(Error::message(format!("`{}` is no scalar", symbol.expression)));
            }
            Kind::Bool | Kind::Word | Kind::Text => {
                format!("{{{{ {} | quote }}}}", symbol.expression)
            }
        })
    }

    fn scalar(value: &Value) -> TeraResult<String> {
        Ok(format!("{{{{ toYaml {} }}}}", go::argument(value)?))
    }

    fn text(value: &Value) -> TeraResult<String> {
        let symbol = go::expression(value)?;
        let int = if symbol.kind == Kind::Int { " | int64" } else { "" };
        Ok(format!("{{{{ {}{int} }}}}", symbol.expression))
    }

    fn block(value: &Value, key: Option<&str>, indent: usize) -> TeraResult<String> {
        let expression = go::expression(value)?.expression;
        let (margin, inner) = (" ".repeat(indent), indent + 2);
        Ok(match key {
            Some(key) => format!(
                "\n{margin}{{{{- with {expression} }}}}\n{margin}{key}:\n{margin}  {{{{- toYaml . | nindent {inner} }}}}\n{margin}{{{{- end }}}}"
            ),
            None => format!(
                "\n{margin}{{{{- with {expression} }}}}\n{margin}{{{{- toYaml . | nindent {indent} }}}}\n{margin}{{{{- end }}}}"
            ),
        })
    }

    fn documents(value: &Value) -> TeraResult<String> {
        // A comment ends each document: Helm trims documents, and would trim a last string's final newlines with them.
        Ok(format!(
            "{{{{- range {} }}}}\n---\n{{{{ toYaml . }}}}\n# end\n{{{{- end }}}}",
            go::expression(value)?.expression
        ))
    }

    fn when(condition: &Condition, body: &str) -> TeraResult<String> {
        let margin = margin(body);
        Ok(format!(
            "\n{margin}{{{{- if {} }}}}{body}\n{margin}{{{{- end }}}}",
            go::condition(condition)?
        ))
    }

    fn each(list: &Value, body: &str) -> TeraResult<String> {
        let margin = margin(body);
        // Inside `range` the dot is the element, and `$` is what the dot was.
        let body = body
            .replace(" .Values.", " $.Values.")
            .replace("(.Values.", "($.Values.")
            .replace(" .Release.", " $.Release.")
            .replace("(.Release.", "($.Release.");
        Ok(format!(
            "\n{margin}{{{{- range {} }}}}{body}\n{margin}{{{{- end }}}}",
            go::expression(list)?.expression
        ))
    }

    fn required(value: &Value, key: &str, message: &str) -> TeraResult<Value> {
        let symbol = go::expression(value)?;
        let message = go::string(&format!("{key}: {message}"));
        Ok(Symbol::new(symbol.kind, format!("required {message} {}", symbol.argument()))
            .into_value())
    }

    fn or_else(value: &Value, with: &Value) -> TeraResult<Value> {
        let symbol = go::expression(value)?;
        let expression = format!("{} | default {}", symbol.expression, go::argument(with)?);
        Ok(Symbol::new(symbol.kind, expression).into_value())
    }

    fn b64enc(value: &Value) -> TeraResult<Value> {
        Ok(Symbol::new(Kind::Text, format!("{} | b64enc", go::expression(value)?.expression))
            .into_value())
    }

    fn label(value: &Value) -> TeraResult<Value> {
        let expression = go::expression(value)?.expression;
        Ok(Symbol::new(Kind::Text, format!("{expression} | trunc 63 | trimAll \"-_.\""))
            .into_value())
    }

    fn join_path(value: &Value, with: &Value) -> TeraResult<Value> {
        let folder = go::expression(value)?.expression;
        let expression =
            format!("printf \"%s/%s\" ({folder} | trimSuffix \"/\") {}", go::argument(with)?);
        Ok(Symbol::new(Kind::Text, expression).into_value())
    }

    fn image(value: &Value, registry: &Value) -> TeraResult<Value> {
        let repository = value
            .get_from_path("repository")
            .ok_or_else(|| Error::message("`image` wants a map with the key `repository`"))?;
        let repository = go::expression(repository)?.expression;
        let image = repository.strip_suffix(".repository").unwrap_or(&repository);
        let registry = go::argument(registry)?;
        Ok(Symbol::new(
            Kind::Text,
            format!("include \"{IMAGE_PARTIAL}\" (dict \"image\" {image} \"registry\" {registry})"),
        )
        .into_value())
    }

    fn merge(of: &[Value]) -> TeraResult<Value> {
        let mut maps = Vec::new();
        for value in of.iter().filter(|value| !value.is_none()) {
            maps.push(go::expression(value)?);
        }
        if let [only] = maps.as_slice() {
            return Ok(only.clone().into_value());
        }
        // `merge` writes into its first argument, so that is a fresh one; and null may delete a map of the values
        // altogether, so each is defaulted. A line for each map: together they outgrow any screen.
        let mut expression = String::from("merge (dict)");
        for map in maps {
            expression.push_str(MERGE_BREAK);
            expression.push_str(&if map.expression.starts_with(".Values.") {
                format!("({} | default dict)", map.expression)
            } else {
                map.argument()
            });
        }
        Ok(Symbol::new(Kind::Yaml, expression).into_value())
    }

    fn only(value: &Value, condition: &Condition) -> TeraResult<Value> {
        let map = go::argument(value)?;
        let condition = go::grouped(&go::condition(condition)?);
        // `ternary` takes nothing but a boolean.
        let boolean =
            if condition.contains(' ') { condition } else { format!("(not (empty {condition}))") };
        Ok(Symbol::new(Kind::Yaml, format!("ternary {map} (dict) {boolean}")).into_value())
    }
}

/// The indentation of a body's first line, for the action that opens it.
fn margin(body: &str) -> &str {
    let line = body.trim_start_matches(['\n', '\r']);
    &line[..line.len() - line.trim_start_matches(' ').len()]
}
