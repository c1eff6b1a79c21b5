//! A template as plain YAML: what `{{ }}` makes is blanked, every other character stays at its line and column.

/// What stands for a character of an action that YAML could misread; from the private use area, so that no file has it.
const MASK: char = '\u{e000}';

/// A template without its actions.
#[derive(Debug)]
pub struct Blanked {
    /// The text that is left.
    pub text: String,
    /// The lines that were actions and nothing else, from 1, with the first word: `if`, `include`.
    pub lost: Vec<(u32, u32, String)>,
}

/// Blanks the actions of a template. `None` when one of them does not end, or goes over several lines within a value.
pub fn blank(text: &str) -> Option<Blanked> {
    let mut out = String::with_capacity(text.len());
    let mut lost = Vec::new();
    let mut rest = text;
    let mut line = 1;
    // Where the current line begins in what is written, and whether it is blank so far: a line may hold any number of actions.
    let (mut line_start, mut is_blank) = (0, true);
    while let Some(start) = rest.find("{{") {
        let action = &rest[start..][..end(&rest[start..])?];
        let before = &rest[..start];
        line += lines(before);
        out.push_str(before);
        let after = &rest[start + action.len()..];
        let segment = match before.rfind('\n') {
            Some(newline) => {
                line_start = out.len() - before.len() + newline + 1;
                is_blank = true;
                &before[newline + 1..]
            }
            None => before,
        };
        is_blank &= segment.trim().is_empty();
        let alone = is_blank && {
            let next = after.trim_start_matches([' ', '\t', '\r']);
            next.is_empty() || next.starts_with('\n')
        };
        let word = first_word(action);
        if alone || word.starts_with("/*") {
            if !word.starts_with("/*") && word != "end" {
                let indent = out[line_start..].chars().count();
                let column = u32::try_from(indent + 1).unwrap_or(u32::MAX);
                lost.push((line, column, word.to_owned()));
            }
            out.extend(action.chars().map(|c| if c == '\n' { c } else { ' ' }));
        } else if action.contains('\n') {
            return None;
        } else {
            let kept = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '$');
            out.extend(action.chars().map(|c| if kept(c) { c } else { MASK }));
            is_blank = false;
        }
        line += lines(action);
        rest = after;
    }
    out.push_str(rest);
    Some(Blanked { text: out, lost })
}

/// Whether a value is made by an action, or a part of it is.
pub fn is_made(text: &str) -> bool {
    text.contains(MASK)
}

/// The words of a text that is actions and nothing else: `.Values.image.tag`, `quote`.
pub fn words(text: &str) -> Option<Vec<&str>> {
    let inner = text.strip_prefix(MASK).and_then(|text| text.strip_prefix(MASK))?;
    let inner = inner.strip_suffix(MASK).and_then(|text| text.strip_suffix(MASK))?;
    // The dashes of `{{-` and `-}}`.
    let inner = inner.strip_prefix('-').unwrap_or(inner);
    let inner = inner.strip_suffix('-').unwrap_or(inner);
    Some(inner.split(MASK).filter(|word| !word.is_empty()).collect())
}

/// A text with one character for each row of those that were blanked: how an action is spaced makes no other value.
pub fn condensed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c != MASK || !out.ends_with(MASK) {
            out.push(c);
        }
    }
    out
}

/// Where an action ends: a comment behind its `*/`, any other behind the first `}}` that is in no string.
fn end(action: &str) -> Option<usize> {
    if first_word(action) == "/*" {
        let close = action.find("*/")? + 2;
        let rest = action[close..].trim_start();
        let rest = rest.strip_prefix('-').unwrap_or(rest);
        return rest.starts_with("}}").then(|| action.len() - rest.len() + 2);
    }
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in action.char_indices().skip(2) {
        match (quote, c) {
            (Some('"'), '\\') if !escaped => {
                escaped = true;
                continue;
            }
            (Some(open), c) if c == open && !escaped => quote = None,
            (None, '"' | '`') => quote = Some(c),
            (None, '}') if action[at..].starts_with("}}") => return Some(at + 2),
            _ => {}
        }
        escaped = false;
    }
    None
}

fn first_word(action: &str) -> &str {
    let inner = action.trim_start_matches("{{").trim_start_matches('-').trim_start();
    let word = inner.split(|c: char| c.is_whitespace() || c == '}').next().unwrap_or_default();
    // A word is shown in messages.
    if word.starts_with("/*") {
        "/*"
    } else if word.chars().all(|c| c.is_ascii_graphic()) {
        word
    } else {
        ""
    }
}

fn lines(text: &str) -> u32 {
    u32::try_from(text.matches('\n').count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{blank, is_made};

    #[test]
    fn keeps_every_line_and_column() {
        let text = "a: {{ .Release.Name }}-pod\n{{- if .Values.x }}\nb: \"{{ .Values.b | quote }}\" # x\n{{ end }}\nc: 1\n";
        let blanked = blank(text).unwrap();
        let widths = |text: &str| text.lines().map(|l| l.chars().count()).collect::<Vec<_>>();
        assert_eq!(widths(&blanked.text), widths(text));
        assert_eq!(blanked.lost, [(2, 1, "if".to_owned())]);
        let first = blanked.text.lines().next().unwrap();
        assert!(is_made(first) && first.ends_with("-pod") && first.contains(".Release.Name"));
        assert!(blanked.text.ends_with("\nc: 1\n"));
    }

    #[test]
    fn an_action_ends_behind_its_strings() {
        assert!(blank("a: {{ \"}}\" }}x\nb: 1\n").unwrap().text.ends_with("x\nb: 1\n"));
        assert!(blank("a: {{ \"\\\"}}\" }}x\n").unwrap().text.ends_with("x\n"));
        assert_eq!(blank("{{/* it's \" fine\n */}}\na: 1\n").unwrap().text.trim(), "a: 1");
    }

    #[test]
    fn a_comment_ends_behind_its_own_sign() {
        for comment in
            ["{{/* {{ .Values.a }}\nb: 2 */}}", "{{- /* was {{ .Release.Name }}\nb: 2 */ -}}"]
        {
            let blanked = blank(&format!("{comment}\na: 1\n")).unwrap();
            assert_eq!(blanked.text.trim(), "a: 1", "{comment}");
            assert!(blanked.lost.is_empty());
        }
        assert!(blank("{{/* a }}\nb: 1\n").is_none());
    }

    #[test]
    fn what_never_ends_is_not_read() {
        for text in ["{{", "a: {{ \"}}", "a: {{ b\n}}c", &"{{".repeat(50_000)] {
            assert!(blank(text).is_none());
        }
    }
}
