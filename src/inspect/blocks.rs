//! The blocks of a template, and the variables in them, as `text/template/parse` takes them.

use std::collections::HashMap;

use crate::rules::TEMPLATE_SYNTAX;

use super::actions::{Action, Token};
use super::templates::Faults;
use super::verdict::Verdict;

/// A block that is not ended yet.
struct Open<'a> {
    at: usize,
    word: &'a str,
    /// Whether its `else` has begun.
    otherwise: bool,
    /// How many variables there were before it.
    declared: usize,
    /// Those around a `define` or `block`, which sees none of them.
    around: Option<Variables<'a>>,
}

/// The variables that are known at a place.
#[derive(Default)]
struct Variables<'a> {
    declared: Vec<&'a str>,
    /// How often each is declared.
    counts: HashMap<&'a str, usize>,
}

impl<'a> Variables<'a> {
    fn declare(&mut self, name: &'a str) {
        self.declared.push(name);
        *self.counts.entry(name).or_default() += 1;
    }

    fn forget(&mut self, left: usize) {
        for name in self.declared.drain(left..) {
            self.counts.entry(name).and_modify(|count| *count -= 1);
        }
    }

    fn has(&self, name: &str) -> bool {
        name == "$" || self.counts.get(name).is_some_and(|count| *count > 0)
    }
}

/// Checks that every block is ended, and no more than that; that `else`, `break` and `continue` stand where they may; and that
/// variables are declared before they are used. The first fault is told: Helm reads no further, either.
pub(super) fn check(actions: &[Action<'_>], faults: &mut Faults<'_>) {
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut variables = Variables::default();
    for action in actions {
        let Some(first) = action.tokens.first() else { continue };
        let declared = variables.declared.len();
        if let Some(fault) = misplaced(first.text, &action.tokens[1..], &open) {
            let (what, help) = fault;
            return faults.add(&TEMPLATE_SYNTAX, action.at, Verdict::REFUSED, &what, help);
        }
        if let Some(unknown) = declare(&action.tokens, &mut variables) {
            let what = format!("the variable `{}` is not declared here", name(unknown.text));
            let help = "declare it before, in this block or in one around it: `{{ $name := … }}`; a `define` sees no variable but `$`";
            return faults.add(&TEMPLATE_SYNTAX, unknown.at, Verdict::REFUSED, &what, help);
        }
        let (at, word) = (action.at, first.text);
        match word {
            "if" | "range" | "with" => {
                open.push(Open { at, word, otherwise: false, declared, around: None });
            }
            "define" | "block" => {
                let around = Some(std::mem::take(&mut variables));
                open.push(Open { at, word, otherwise: false, declared, around });
            }
            "else" if action.tokens.len() == 1 => {
                open.iter_mut().last().into_iter().for_each(|block| block.otherwise = true);
            }
            "end" => {
                if let Some(block) = open.pop() {
                    variables = block.around.unwrap_or(variables);
                    variables.forget(block.declared);
                }
            }
            _ => {}
        }
    }
    if let Some(block) = open.pop() {
        let what = format!("`{}` is not ended", block.word);
        let help = "write `{{ end }}` where it ends";
        faults.add(&TEMPLATE_SYNTAX, block.at, Verdict::REFUSED, &what, help);
    }
}

/// What is wrong with a word that begins or ends something, where it stands.
fn misplaced(word: &str, rest: &[Token<'_>], open: &[Open<'_>]) -> Option<(String, &'static str)> {
    let last = open.last();
    match word {
        "if" | "range" | "with" if rest.is_empty() => {
            Some((format!("`{word}` decides by nothing"), "give it a value: `{{ if .Values.a }}`"))
        }
        "define" if last.is_some() => Some((
            "a `define` inside of another block".to_owned(),
            "move it out, to the top level of the file",
        )),
        "end" if last.is_none() => Some((
            "`end` ends nothing".to_owned(),
            "delete it, or write the `if`, `range` or `with` that it ends",
        )),
        "else" => {
            const HELP: &str = "delete it, or write the `if`, `range` or `with` that it belongs to";
            match last.filter(|block| !matches!(block.word, "define" | "block")) {
                None => Some(("`else` belongs to nothing".to_owned(), HELP)),
                Some(block) if block.otherwise => {
                    Some((format!("a second `else` of one `{}`", block.word), HELP))
                }
                Some(block) => match rest.first().map(|token| token.text) {
                    Some(next @ ("if" | "with")) if next != block.word => Some((
                        format!("`else {next}` in a `{}`", block.word),
                        "write `else`, and the other block inside of it",
                    )),
                    Some(next @ ("if" | "with")) if rest.len() == 1 => {
                        Some((format!("`else {next}` decides by nothing"), "give it a value"))
                    }
                    _ => None,
                },
            }
        }
        "break" | "continue" => {
            let inner = open.iter().rev().take_while(|block| block.around.is_none());
            let mut loops = inner.filter(|block| block.word == "range" && !block.otherwise);
            loops.next().is_none().then(|| {
                (format!("`{word}` outside of a `range`"), "delete it, or move it into the loop")
            })
        }
        _ => None,
    }
}

/// Declares the variables of an action; the first that is used and not declared is given back.
fn declare<'t, 'a>(
    tokens: &'t [Token<'a>],
    variables: &mut Variables<'a>,
) -> Option<&'t Token<'a>> {
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.text.starts_with('$')) {
        let next = tokens.get(at + 1).map(|token| token.text);
        let second = tokens.get(at + 2).map(|token| token.text);
        let declares = match next {
            Some("=") => true,
            Some(":") => second == Some("="),
            // The first of a loop's two.
            Some(",") => second.is_some_and(|second| second.starts_with('$')),
            _ => false,
        };
        if declares {
            variables.declare(token.text);
        } else if !variables.has(name(token.text)) {
            return Some(token);
        }
    }
    None
}

/// A variable without the fields behind it.
fn name(token: &str) -> &str {
    token.split('.').next().unwrap_or(token)
}
