//! What stands in the actions of a template: commands and what they are given, as `text/template/parse` takes them.

use crate::rules::TEMPLATE_SYNTAX;

use super::actions::{Action, Token};
use super::operands::Kind;
use super::templates::Faults;
use super::verdict::Verdict;

/// Why an action cannot be read.
pub(super) struct Fault {
    pub at: usize,
    pub what: String,
    pub help: &'static str,
}

/// Checks each action by the grammar of Go's templates, and tells the first fault: Helm reads no further, either.
pub(super) fn check(text: &str, actions: &[Action<'_>], faults: &mut Faults<'_>) {
    let read = |action| Reader { text, action, at: 0 }.action();
    let actions = actions.iter().filter(|action| depth(action) <= DEEP);
    if let Some(Err(Fault { at, what, help })) = actions.map(read).find(Result::is_err) {
        faults.add(&TEMPLATE_SYNTAX, at, Verdict::REFUSED, &what, help);
    }
}

/// Reads an action, token by token.
pub(super) struct Reader<'r, 'a> {
    pub text: &'r str,
    pub action: &'r Action<'a>,
    /// The next token.
    pub at: usize,
}

impl<'a> Reader<'_, 'a> {
    fn action(mut self) -> Result<(), Fault> {
        let Some(first) = self.peek() else {
            let inside =
                self.text[self.action.at..].trim_start_matches(['{', '-', ' ', '\t', '\r', '\n']);
            return match inside.starts_with("/*") {
                true => Ok(()),
                false => Err(Fault {
                    at: self.action.at,
                    what: "an action with nothing in it".to_owned(),
                    help: "delete it, or write what it gives; a comment is `{{/* … */}}`",
                }),
            };
        };
        match first.text {
            "if" | "range" | "with" => {
                self.at += 1;
                self.pipeline(None)
            }
            "else" => {
                self.at += 1;
                match self.peek().map(|token| token.text) {
                    Some("if" | "with") => {
                        self.at += 1;
                        self.pipeline(None)
                    }
                    _ => self.nothing_more("else"),
                }
            }
            "end" | "break" | "continue" => {
                self.at += 1;
                self.nothing_more(first.text)
            }
            "define" | "block" | "template" => {
                self.at += 1;
                self.name(first)?;
                match first.text {
                    "define" => self.nothing_more("define"),
                    "template" if self.peek().is_none() => Ok(()),
                    _ => self.pipeline(None),
                }
            }
            _ => self.pipeline(None),
        }
    }

    pub fn peek(&self) -> Option<Token<'a>> {
        self.action.tokens.get(self.at).copied()
    }

    fn nothing_more(&self, word: &str) -> Result<(), Fault> {
        self.peek().map_or(Ok(()), |token| {
            Err(Fault {
                at: token.at,
                what: format!("`{word}` takes nothing behind it"),
                help: "delete the rest of the action",
            })
        })
    }

    /// The name of a template, a text in quotes.
    fn name(&mut self, word: Token<'_>) -> Result<(), Fault> {
        match self.peek() {
            Some(token) if matches!(token.text, "\"" | "`") => {
                self.at += 1;
                self.quoted(token)
            }
            next => Err(Fault {
                at: next.map_or(word.at, |token| token.at),
                what: format!("`{}` without the name of a template", word.text),
                help: "write the name in quotes: `{{ template \"name\" . }}`",
            }),
        }
    }

    /// Commands, each of which hands on to the next: to the end of the action, or to the parenthesis that closes the one at `open`.
    pub fn pipeline(&mut self, open: Option<usize>) -> Result<(), Fault> {
        self.declaration(open.is_none());
        let mut commands = 0;
        loop {
            let Some(token) = self.peek() else {
                return match open {
                    Some(at) => Err(Fault {
                        at,
                        what: "`(` begins here and is not closed".to_owned(),
                        help: "write `)` where it ends",
                    }),
                    None if commands == 0 => Err(Fault {
                        at: self.action.at,
                        what: "an action without a value".to_owned(),
                        help: "write one where it ends",
                    }),
                    None => Ok(()),
                };
            };
            match token.text {
                ")" if open.is_some() && commands > 0 => {
                    self.at += 1;
                    return Ok(());
                }
                ")" => {
                    let what = match open {
                        Some(_) => "nothing stands between `(` and `)`",
                        None => "`)` closes nothing",
                    };
                    return Err(Fault {
                        at: token.at,
                        what: what.to_owned(),
                        help: "delete it, or write what is missing before it",
                    });
                }
                _ => self.command(commands > 0)?,
            }
            commands += 1;
        }
    }

    /// `$a :=`, `$a =`, or a loop's `$a, $b :=`. Whether they are declared [`blocks`](super::blocks) knows.
    fn declaration(&mut self, outside: bool) {
        let loops = outside && self.action.tokens[0].text == "range";
        let texts: Vec<&str> =
            self.action.tokens[self.at..].iter().take(5).map(|t| t.text).collect();
        let is_variable = |text: &str| text.starts_with('$') && !text.contains('.');
        self.at += match texts[..] {
            [one, ",", two, ":", "="] if loops && is_variable(one) && is_variable(two) => 5,
            [one, ",", two, "=", ..] if loops && is_variable(one) && is_variable(two) => 4,
            [one, ":", "=", ..] if is_variable(one) => 3,
            [one, "=", ..] if is_variable(one) => 2,
            _ => 0,
        };
    }

    /// A value or a function with what it is given, to the `|` behind it.
    fn command(&mut self, is_handed: bool) -> Result<(), Fault> {
        let mut first = true;
        loop {
            let Some(token) = self.peek() else { return Ok(()) };
            let kind = match token.text {
                "|" if !first => {
                    self.at += 1;
                    return Ok(());
                }
                ")" if !first => return Ok(()),
                _ => self.operand()?,
            };
            if let (true, true, Kind::Fixed(what)) = (first, is_handed, kind) {
                return Err(Fault {
                    at: token.at,
                    what: format!("behind `|` stands {what}, which takes nothing from before it"),
                    help: "name a function there: `| quote`, `| default \"x\"`",
                });
            }
            first = false;
        }
    }
}

/// More parentheses around each other are no template's: they are not looked into.
const DEEP: usize = 200;

fn depth(action: &Action<'_>) -> usize {
    let (mut depth, mut most) = (0_usize, 0);
    for token in &action.tokens {
        match token.text {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        most = most.max(depth);
    }
    most
}

#[cfg(test)]
mod tests {
    use super::depth;
    use crate::inspect::actions::actions;

    #[test]
    fn counts_parentheses_around_each_other() {
        let depth = |template: &str| depth(&actions(template).unwrap()[0]);
        assert_eq!(depth("{{ a (b (c)) (d) }}"), 2);
        assert_eq!(depth("{{ ) ) ( }}"), 1);
        assert_eq!(depth(&format!("{{{{ {} }}}}", "(".repeat(100_000))), 100_000);
    }
}
