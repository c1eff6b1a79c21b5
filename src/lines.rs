//! The lines of a text that is part of the program: where they begin is counted while compiling, so that no run searches for them.

/// How often a sign stands in a text.
pub(crate) const fn count(text: &str, sign: u8) -> usize {
    let (mut count, mut at) = (0, 0);
    while at < text.len() {
        count += (text.as_bytes()[at] == sign) as usize;
        at += 1;
    }
    count
}

/// Where the lines of a text begin.
pub(crate) const fn lines<const N: usize>(text: &str) -> [u32; N] {
    let mut lines = [0; N];
    let (mut line, mut at) = (1, 0);
    while line < N {
        if text.as_bytes()[at] == b'\n' {
            lines[line] = at as u32 + 1;
            line += 1;
        }
        at += 1;
    }
    lines
}

/// A line of a text, with its end; `lines` are those of [`lines()`].
pub(crate) fn line<'t>(text: &'t str, lines: &[u32], at: usize) -> Option<&'t str> {
    let start = *lines.get(at)? as usize;
    let end = lines.get(at + 1).map_or(text.len(), |next| *next as usize);
    text.get(start..end)
}

#[cfg(test)]
mod tests {
    use super::{count, line, lines};

    #[test]
    fn knows_the_lines_of_a_text() {
        const TEXT: &str = "# a\n b\n# c\n";
        const LINES: [u32; count(TEXT, b'\n')] = lines(TEXT);
        assert_eq!(LINES, [0, 4, 7]);
        let all: Vec<&str> = (0..).map_while(|at| line(TEXT, &LINES, at)).collect();
        assert_eq!(all.concat(), TEXT);
        assert_eq!(all[1], " b\n");
    }
}
