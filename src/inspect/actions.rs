//! The actions in a Go template: where each begins and ends, as `text/template` finds it out.

/// An action: what stands between `{{` and `}}`.
#[derive(Debug, PartialEq, Eq)]
pub struct Action<'a> {
    /// Where it begins, in bytes.
    pub at: usize,
    /// Its tokens, without blanks; a comment has none.
    pub tokens: Vec<Token<'a>>,
}

/// A word or sign in an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// Where it begins, in bytes.
    pub at: usize,
    /// Where it ends.
    pub end: usize,
    /// As it is written; of a text in quotes, the quote.
    pub text: &'a str,
}

/// Why a template cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub struct Unclosed {
    /// Where it begins, in bytes.
    pub at: usize,
    /// What is not closed: `an action`.
    pub what: &'static str,
}

/// Finds all actions of a template.
///
/// # Errors
/// The first action, comment or text that is not closed.
pub fn actions(template: &str) -> Result<Vec<Action<'_>>, Unclosed> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = template[from..].find("{{") {
        let at = from + start;
        let inside = at + 2;
        let trimmed = template[inside..].strip_prefix('-').filter(|rest| rest.starts_with(BLANKS));
        let skip = trimmed.map_or(0, |rest| 1 + rest.len() - rest.trim_start_matches(BLANKS).len());
        if template[inside + skip..].starts_with("/*") {
            from = comment(template, at, inside + skip)?;
            found.push(Action { at, tokens: Vec::new() });
            continue;
        }
        let (mut tokens, end) = tokens(template, at, inside + trimmed.map_or(0, |_| 1))?;
        tokens.shrink_to_fit();
        found.push(Action { at, tokens });
        from = end;
    }
    Ok(found)
}

const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

/// Where a comment's action ends: its `*/` must stand right before `}}` or ` -}}`.
fn comment(template: &str, at: usize, from: usize) -> Result<usize, Unclosed> {
    let unclosed = Unclosed { at, what: "a comment" };
    let Some(end) = template[from..].find("*/") else { return Err(unclosed) };
    let rest = &template[from + end + 2..];
    let blanks = rest.len() - rest.trim_start_matches(BLANKS).len();
    let length = match rest[blanks..].starts_with("-}}") && blanks > 0 {
        true => blanks + 3,
        false if rest.starts_with("}}") => 2,
        false => return Err(unclosed),
    };
    Ok(from + end + 2 + length)
}

/// The tokens of an action that begins at `at`, and where it ends.
fn tokens(template: &str, at: usize, from: usize) -> Result<(Vec<Token<'_>>, usize), Unclosed> {
    let mut tokens = Vec::new();
    let mut here = from;
    while let Some(c) = template[here..].chars().next() {
        let rest = &template[here..];
        if rest.starts_with("}}") {
            return Ok((tokens, here + 2));
        }
        let length = match c {
            c if BLANKS.contains(&c) => {
                let blanks = rest.len() - rest.trim_start_matches(BLANKS).len();
                if rest[blanks..].starts_with("-}}") {
                    return Ok((tokens, here + blanks + 3));
                }
                here += blanks;
                continue;
            }
            '"' | '\'' | '`' => {
                quoted(rest, c).ok_or(Unclosed { at: here, what: "a text in quotes" })?
            }
            c if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let text = if matches!(c, '"' | '\'' | '`') { &rest[..1] } else { &rest[..length] };
        tokens.push(Token { at: here, end: here + length, text });
        here += length;
    }
    Err(Unclosed { at, what: "an action" })
}

/// Whether a character is part of a word: a name, a field `.Values.a`, a variable, a number.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '$')
}

/// The length of a text in quotes. Only one in backquotes may go over several lines.
fn quoted(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote != '`' => escaped = true,
            '\n' if quote != '`' => return None,
            c if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Unclosed, actions};

    fn words(template: &str) -> Vec<Vec<&str>> {
        let actions = actions(template).unwrap();
        actions.iter().map(|a| a.tokens.iter().map(|t| t.text).collect()).collect()
    }

    #[test]
    fn finds_actions_and_their_words() {
        assert_eq!(words("a: {{ .Values.a | quote }}\n"), [vec![".Values.a", "|", "quote"]]);
        assert_eq!(
            words("{{- if eq \"}}\" `}}` -}}x{{-end}}"),
            [vec!["if", "eq", "\"", "`"], vec!["-", "end"]]
        );
        assert_eq!(words("{{/* }} */}}{{- /* x */ -}}b"), [Vec::<&str>::new(), Vec::new()]);
        assert_eq!(words("{{ .a\n  | b }}}}"), [vec![".a", "|", "b"]]);
        assert_eq!(words("no { action } here }}"), Vec::<Vec<&str>>::new());
        assert_eq!(words("{{ (list 1 -2).x }}"), [vec!["(", "list", "1", "-", "2", ")", ".x"]]);
    }

    #[test]
    fn says_what_is_not_closed() {
        let unclosed = |template| actions(template).unwrap_err();
        assert_eq!(unclosed("ab {{ .x\n"), Unclosed { at: 3, what: "an action" });
        assert_eq!(unclosed("{{/* x }}"), Unclosed { at: 0, what: "a comment" });
        assert_eq!(unclosed("{{/* x */ }}"), Unclosed { at: 0, what: "a comment" });
        assert_eq!(unclosed("{{ \"a\n\" }}"), Unclosed { at: 3, what: "a text in quotes" });
        assert_eq!(unclosed("{{"), Unclosed { at: 0, what: "an action" });
    }
}
