//! The lines of a template that Helm puts behind others, where an action begins with `{{- ` or ends in ` -}}`.

use super::blank::lines;

/// The blanks that a `-` takes away (text/template, "Text and spaces").
const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

/// One line of what Helm makes, while it is put together.
#[derive(Default)]
pub struct Joined {
    /// The template's line of what stands on it so far.
    from: Option<u32>,
    /// Whether the action before takes the blanks behind it away.
    trims: bool,
    /// The template's lines that come behind another one.
    pub found: Vec<u32>,
}

impl Joined {
    /// Puts a text down that begins on a line of the template; `next` is the action behind it.
    pub fn text(&mut self, text: &str, mut line: u32, next: &str) {
        let mut left = text;
        if self.trims {
            left = text.trim_start_matches(BLANKS);
            line += lines(&text[..text.len() - left.len()]);
        }
        if next.strip_prefix("{{-").is_some_and(|inner| inner.starts_with(BLANKS)) {
            left = left.trim_end_matches(BLANKS);
        }
        for (i, part) in left.split('\n').enumerate() {
            if i > 0 {
                self.from = None;
                line += 1;
            }
            if !part.trim().is_empty() {
                self.put(line);
            }
        }
    }

    /// Puts down what an action makes, if it makes anything.
    pub fn action(&mut self, action: &str, line: u32, makes: bool) {
        if makes {
            self.put(line);
        }
        self.trims = action.strip_suffix("-}}").is_some_and(|inner| inner.ends_with(BLANKS));
    }

    fn put(&mut self, line: u32) {
        if self.from.replace(line).is_some_and(|from| from != line) {
            self.found.push(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::import::blank::blank;

    #[test]
    fn a_line_that_comes_behind_another_is_found() {
        for (text, joined) in [
            ("# a\n  {{- /* b */ -}}\n  c: 1\n", &[3][..]),
            ("# a {{ \"\" -}}\n\n  b: 1\n", &[3]),
            ("a: {{ .Values.a -}}\n\nb: {{ .Values.b }}\n", &[3]),
            ("a: 1\n{{- end -}}\n{{ .Values.b }}: 2\n", &[3]),
            ("a:\n  {{- \"b\" }} c\n", &[2]),
        ] {
            assert_eq!(blank(text).unwrap().joined, joined, "{text}");
        }
    }

    #[test]
    fn what_only_takes_blank_lines_away_joins_nothing() {
        for text in [
            "{{- /* a */ -}}\na: 1\n{{- if .Values.b }}\nb: 2\n{{- end }}\nc: 3\n",
            "a: 1\n{{ if .Values.b -}}\nb: 2\n{{ end -}}\nc: \"{{ .Values.c }}:{{- .Values.d -}}\"\n",
            "a:\n  {{- include \"b\" . | nindent 2 }}\nc: 1\n",
            "a: {{- /* b */ -}} 1\nb: {{-1 -}}\n",
        ] {
            assert_eq!(blank(text).unwrap().joined, [0; 0], "{text}");
        }
    }
}
