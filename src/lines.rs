//! The lines of a text that is part of the program: where they begin is counted while compiling, so that no run searches for them.
//! And the parts of a line.

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

/// Which lines of a text have a sign, which no line has twice.
pub(crate) const fn marked<const N: usize>(text: &str, sign: u8) -> [u16; N] {
    let mut marked = [0; N];
    let (mut found, mut line, mut at) = (0, 0, 0);
    while found < N {
        let byte = text.as_bytes()[at];
        if byte == sign {
            marked[found] = line;
            found += 1;
        } else if byte == b'\n' {
            line += 1;
        }
        at += 1;
    }
    marked
}

/// A line of a text, with its end; `lines` are those of [`lines()`].
pub(crate) fn line<'t>(text: &'t str, lines: &[u32], at: usize) -> Option<&'t str> {
    let start = *lines.get(at)? as usize;
    let end = lines.get(at + 1).map_or(text.len(), |next| *next as usize);
    text.get(start..end)
}

/// For each line of generated JSON the one behind what it begins: behind the line that closes the bracket it ends with, or else the
/// next.
pub(crate) const fn closings<const N: usize>(text: &str) -> [u16; N] {
    let text = text.as_bytes();
    let mut behind = [0; N];
    // The lines that are open.
    let (mut open, mut depth) = ([0; 32], 0);
    let (mut line, mut at, mut is_first) = (0, 0, true);
    while at < text.len() {
        let byte = text[at];
        // A bracket closes at the start of a line, and opens at its end.
        if is_first && byte != b'\t' {
            is_first = false;
            if byte == b'}' || byte == b']' {
                depth -= 1;
                behind[open[depth]] = line as u16 + 1;
            }
        }
        if byte == b'\n' {
            if at > 0 && (text[at - 1] == b'{' || text[at - 1] == b'[') {
                open[depth] = line;
                depth += 1;
            } else {
                behind[line] = line as u16 + 1;
            }
            line += 1;
            is_first = true;
        }
        at += 1;
    }
    behind
}

/// What stands between signs. They are few and near, so that a search made for long texts would cost more.
pub(crate) fn parts(line: &str, sign: u8) -> impl Iterator<Item = &str> {
    debug_assert!(sign.is_ascii());
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let line = rest?;
        let end = line.bytes().position(|byte| byte == sign);
        rest = end.map(|end| &line[end + 1..]);
        Some(&line[..end.unwrap_or(line.len())])
    })
}

#[cfg(test)]
mod tests {
    use super::{closings, count, line, lines, marked, parts};

    #[test]
    fn knows_where_what_a_line_opens_ends() {
        const TEXT: &str = "{\n\t\"a\": [\n\t\t1\n\t],\n\t\"b\": {},\n\t\"c\": \"}\"\n}\n";
        const BEHIND: [u16; count(TEXT, b'\n')] = closings(TEXT);
        assert_eq!(BEHIND, [7, 4, 3, 4, 5, 6, 7]);
    }

    #[test]
    fn finds_what_stands_between_signs() {
        for text in ["", ".", "a", "a.b", "活.字..", ".a"] {
            assert!(parts(text, b'.').eq(text.split('.')), "{text}");
        }
    }

    #[test]
    fn counts_lines_with_a_mark() {
        const TEXT: &str = "# a\n b\n# c\n";
        assert_eq!(marked::<{ count(TEXT, b'#') }>(TEXT, b'#'), [0, 2]);
    }

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
