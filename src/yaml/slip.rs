//! Slips that a YAML parser stumbles over later, or takes for something else: what the line itself tells better.

use crate::error::Problem;

/// The marks that Git leaves around what it could not merge.
const CONFLICT: [&str; 3] = ["<<<<<<<", "=======", ">>>>>>>"];

/// The colon of Chinese text, which input methods write where `:` was meant.
const FULL_WIDTH_COLON: char = '：';

/// Finds a slip in a line, counted from 1, or in the one above: its line and column, and what to say.
pub fn find(text: &str, line: u32) -> Option<(u32, u32, Problem)> {
    let above = (line as usize).saturating_sub(2);
    text.lines().skip(above).take(line as usize - above).zip(above as u32 + 1..).find_map(
        |(content, line)| in_line(content).map(|(column, problem)| (line, column, problem)),
    )
}

fn in_line(line: &str) -> Option<(u32, Problem)> {
    if CONFLICT.iter().any(|mark| line.starts_with(mark)) {
        let problem = Problem::new("the mark of a merge that was not finished");
        return Some((
            1,
            problem.help("keep one of the two versions, and delete Git's three marks"),
        ));
    }
    let content = line.find('#').filter(|at| line[..*at].trim_end().len() < *at || *at == 0);
    let content = &line[..content.unwrap_or(line.len())];
    let column = |at: usize| content[..at].chars().count() as u32 + 1;
    if let Some(at) = content.find("{{").filter(|_| is_bare(content)) {
        let problem = Problem::new("`{{ … }}` is a template, which YAML takes for a map");
        return Some((column(at), problem.help("render the template first, or quote the text")));
    }
    let at =
        content.find(FULL_WIDTH_COLON).filter(|_| !content.contains(": ") && is_bare(content))?;
    let problem = Problem::new("a full-width colon `：`, which is a letter to YAML");
    Some((column(at), problem.help("write `:` and a space")))
}

/// Whether nothing in a line is quoted.
fn is_bare(line: &str) -> bool {
    !line.contains(['"', '\''])
}

#[cfg(test)]
mod tests {
    use super::find;

    fn slip(text: &str, line: u32) -> Option<(u32, u32)> {
        find(text, line).map(|(line, column, _)| (line, column))
    }

    #[test]
    fn finds_slips_in_the_line_and_above_it() {
        assert_eq!(slip("a: 1\nredis：\n  b: 1\n", 3), Some((2, 6)));
        assert_eq!(slip("a: {{ .Values.a }}\n", 1), Some((1, 4)));
        assert_eq!(slip("a:\n<<<<<<< HEAD\n  b: 1\n", 3), Some((2, 1)));
    }

    #[test]
    fn leaves_other_lines_alone() {
        for text in ["", "a: '{{ b }}'", "a: 时间：三点", "a: 1 # b：c", "# {{ a }}", "\u{feff}"]
        {
            assert_eq!(slip(text, 1), None, "{text}");
        }
        assert_eq!(slip("redis：\na: 1\nb: 1\n", 3), None);
        assert_eq!(slip("a: 1\n", 9), None);
        assert_eq!(slip("a: 1\n", 0), None);
    }
}
