//! The values in a command of a template: fields, variables, functions, numbers, texts, and commands in parentheses.

use super::actions::Token;
use super::literals;
use super::pipelines::{Fault, Reader};

/// What a value is, as far as it matters for what may follow.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A field, a variable, what stands in parentheses: it may have fields.
    Open,
    /// A function.
    Function,
    /// A text, a number, `true`, `nil`, `.`: it has no fields, and takes nothing from a command before it.
    Fixed(&'static str),
}

impl Reader<'_, '_> {
    /// A value with its fields.
    pub fn operand(&mut self) -> Result<Kind, Fault> {
        let Some(token) = self.peek() else { return Ok(Kind::Open) };
        let kind = self.term(token)?;
        let end = self.action.tokens[self.at - 1].end;
        let Some(next) = self.peek().filter(|next| next.at == end) else { return Ok(kind) };
        match (next.text, kind) {
            ("|" | ")", _) => Ok(kind),
            (field, Kind::Open) if field.starts_with('.') => {
                self.at += 1;
                Ok(kind)
            }
            (field, Kind::Fixed(what)) if field.starts_with('.') => Err(Fault {
                at: next.at,
                what: format!("a field of {what}, which has none"),
                help: "put a blank before the dot",
            }),
            _ => Err(Fault {
                at: next.at,
                what: format!("`{}` stands right behind a value", next.text),
                help: "put a blank between them",
            }),
        }
    }

    fn term(&mut self, token: Token<'_>) -> Result<Kind, Fault> {
        self.at += 1;
        let next = self.peek().filter(|next| next.at == token.end);
        match token.text {
            "(" => self.pipeline(Some(token.at)).map(|()| Kind::Open),
            "\"" | "`" => self.quoted(token).map(|()| Kind::Fixed("a text")),
            "'" => self.quoted(token).map(|()| Kind::Fixed("a number")),
            "+" | "-" if next.is_some_and(|next| is_number(next.text)) => {
                self.at += 1;
                self.number(next.unwrap_or(token))
            }
            "." => Ok(Kind::Fixed("`.`")),
            word if is_number(word) => self.number(token),
            word if has_an_empty_name(word) => Err(Fault {
                at: token.at,
                what: format!("`{word}`: a dot without a name behind it"),
                help: "write the name of a field, or `index .a 0` for an item of a list",
            }),
            word if KEYWORDS.contains(&word) => Err(Fault {
                at: token.at,
                what: format!("`{word}` among values"),
                help: "begin another action for it: `{{ if … }}`",
            }),
            word => match word.split_once('.').unwrap_or((word, "")) {
                ("nil", "") => Ok(Kind::Fixed("`nil`")),
                ("true" | "false", "") => Ok(Kind::Fixed("a truth value")),
                ("nil" | "true" | "false", _) => Err(Fault {
                    at: token.at,
                    what: format!("`{word}`: such a value has no fields"),
                    help: "put a blank before the dot",
                }),
                (name, _) if name.starts_with('$') || word.starts_with('.') => Ok(Kind::Open),
                (name, _) if name.starts_with(|c: char| c.is_alphabetic() || c == '_') => {
                    Ok(Kind::Function)
                }
                _ => Err(Fault {
                    at: token.at,
                    what: format!("`{}` cannot stand here", word.escape_debug()),
                    help: "a function's values stand behind it, with blanks between: `{{ list .a .b }}`",
                }),
            },
        }
    }

    /// A number, whose exponent may have a sign.
    fn number(&mut self, token: Token<'_>) -> Result<Kind, Fault> {
        let mut end = token.end;
        let signed = |text: &str| text.ends_with(['e', 'E', 'p', 'P']);
        if signed(token.text)
            && let Some(sign) =
                self.peek().filter(|sign| sign.at == end && matches!(sign.text, "+" | "-"))
            && let Some(digits) =
                self.action.tokens.get(self.at + 1).filter(|digits| digits.at == sign.end)
        {
            end = digits.end;
            self.at += 2;
        }
        let text = &self.text[token.at..end];
        if literals::is_number(text) {
            return Ok(Kind::Fixed("a number"));
        }
        Err(Fault {
            at: token.at,
            what: format!("`{text}` is no number"),
            help: "put a blank between a number and what follows, or the text in quotes",
        })
    }

    pub fn quoted(&self, token: Token<'_>) -> Result<(), Fault> {
        literals::quoted(&self.text[token.at..token.end]).map_err(|wrong| Fault {
            at: token.at + wrong.at,
            what: wrong.what.to_owned(),
            help: wrong.help,
        })
    }
}

/// Words that only begin an action.
const KEYWORDS: &[&str] = &["if", "else", "end", "range", "with", "define", "block", "template"];

/// Whether a field or variable has a dot that no name follows: another dot, a digit, or nothing.
fn has_an_empty_name(word: &str) -> bool {
    let is_name = |name: &str| name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    word.split('.').skip(1).any(|name| !is_name(name))
}

/// Whether a word is meant as a number: it begins with a digit, or with one behind a dot.
fn is_number(word: &str) -> bool {
    word.strip_prefix('.').unwrap_or(word).starts_with(|c: char| c.is_ascii_digit())
}
