//! A template as plain YAML: what `{{ }}` makes is blanked, every other character stays at its line and column.

use super::joined::Joined;

/// What stands for a character of an action that YAML could misread; from the private use area, so that no file has it.
const MASK: char = '\u{e000}';

/// A template without its actions.
#[derive(Debug)]
pub struct Blanked {
    /// The text that is left.
    pub text: String,
    /// The actions that a value's text does not tell of, with line and column, from 1, and the first word: `if`, `include`. They are
    /// lines of their own, or stand in a comment of YAML, where Helm runs them, too.
    pub lost: Vec<(u32, u32, String)>,
    /// The lines that Helm puts behind what stands above them.
    pub joined: Vec<u32>,
}

/// Blanks the actions of a template. `None` when one of them does not end, or goes over several lines within a value.
pub fn blank(text: &str) -> Option<Blanked> {
    let mut out = String::with_capacity(text.len());
    let mut lost = Vec::new();
    let mut joined = Joined::default();
    let mut rest = text;
    let mut line = 1;
    // The characters of the current line so far, and whether it is blank: a line may hold any number of actions.
    let (mut column, mut is_blank, mut is_comment) = (0, true, false);
    while let Some(start) = rest.find("{{") {
        let action = &rest[start..][..end(&rest[start..])?];
        let before = &rest[..start];
        joined.text(before, line, action);
        line += lines(before);
        out.push_str(before);
        let after = &rest[start + action.len()..];
        let segment = match before.rsplit_once('\n') {
            Some((_, segment)) => {
                (column, is_blank, is_comment) = (0, true, false);
                segment
            }
            None => before,
        };
        is_comment |= is_blank && segment.trim_start().starts_with('#')
            || [" #", "\t#"].iter().any(|sign| segment.contains(sign));
        is_blank &= segment.trim().is_empty();
        column += segment.chars().count();
        let alone = is_blank && {
            let next = after.trim_start_matches([' ', '\t', '\r']);
            next.is_empty() || next.starts_with('\n')
        };
        let word = first_word(action);
        let masked = masked(action);
        if word != "/*" && word != "end" && (alone || is_comment && !is_value(&masked)) {
            lost.push((line, u32::try_from(column + 1).unwrap_or(u32::MAX), word.to_owned()));
        }
        let is_text = !alone && word != "/*";
        joined.action(action, line, is_text && !BLOCKS.contains(&word));
        if is_text {
            if action.contains('\n') {
                return None;
            }
            out.push_str(&masked);
            is_blank = false;
        } else {
            out.extend(action.chars().map(|c| if c == '\n' { c } else { ' ' }));
        }
        column += action.chars().count();
        line += lines(action);
        rest = after;
    }
    joined.text(rest, line, "");
    out.push_str(rest);
    Some(Blanked { text: out, lost, joined: joined.found })
}

/// The words of actions that make nothing themselves.
const BLOCKS: [&str; 7] = ["if", "else", "end", "range", "with", "define", "block"];

/// An action of one line as it stands in a value. `$` alone is what `.` is outside of all blocks, and those are not evaluated.
fn masked(action: &str) -> String {
    let action = action.replace("$.", &format!("{MASK}."));
    let kept = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '$');
    action.chars().map(|c| if kept(c) { c } else { MASK }).collect()
}

/// Whether an action makes the value of a key and nothing else, or nothing at all.
fn is_value(masked: &str) -> bool {
    match words(masked).as_deref() {
        Some([]) => true,
        Some([value] | [value, "quote"] | ["quote", value]) => value.starts_with(['.', '$']),
        _ => false,
    }
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

/// How many lines a text ends.
pub fn lines(text: &str) -> u32 {
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
    fn what_runs_in_a_comment_is_lost() {
        for (text, expected) in [
            ("#{{ if .Values.x }}\na: 1\n# {{ end }}\n", &[(1, 2, "if")][..]),
            ("a: 1 # {{ include \"b\" . | nindent 2 }}\n", &[(1, 8, "include")]),
            (
                "# {{- range .Values.a }} {{ .b }}\n#{{ else }}\n",
                &[(1, 3, "range"), (2, 2, "else")],
            ),
            ("# {{ .Values.x | nindent 2 }}\n", &[(1, 3, ".Values.x")]),
            ("# a: {{ .Values.x | quote }}{{/* y */}}\n", &[]),
            ("a: b#{{ .Values.x | upper }}\n", &[]),
        ] {
            let lost = blank(text).unwrap().lost;
            let lost: Vec<_> = lost.iter().map(|(l, c, word)| (*l, *c, word.as_str())).collect();
            assert_eq!(lost, expected, "{text}");
        }
    }

    #[test]
    fn what_never_ends_is_not_read() {
        for text in ["{{", "a: {{ \"}}", "a: {{ b\n}}c", &"{{".repeat(50_000)] {
            assert!(blank(text).is_none());
        }
    }
}
