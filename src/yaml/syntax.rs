//! The parser's rules in our words, and what must be turned away before it runs.

use saphyr_parser::{Marker, ScanError};

use crate::error::Problem;

/// Refuses directives: Helm knows `%YAML 1.1` only, and the parser takes any.
///
/// # Errors
/// The first line that begins with `%`, and what to do.
pub fn check_directives(text: &str) -> Result<(), (Marker, Problem)> {
    if !text.starts_with('%') && !text.contains("\n%") {
        return Ok(());
    }
    match text.lines().position(|line| line.starts_with('%')) {
        Some(above) => Err((
            Marker::new(0, above + 1, 0),
            Problem::new("a line that begins with `%` is a YAML directive, which is not supported")
                .help("delete the line, or quote the value"),
        )),
        None => Ok(()),
    }
}

/// The problem of a tree with too many levels.
pub fn too_deep(max_depth: usize) -> Problem {
    Problem::new(format!("lists and maps are nested deeper than {max_depth} levels"))
}

/// The problem of a tab that indents.
pub fn tab() -> Problem {
    Problem::new(TABS.0).help(TABS.1)
}

/// Where an error is shown: at the end of the text when the parser points beyond it.
pub fn place(error: &ScanError, text: &str) -> Marker {
    let marker = *error.marker();
    let lines = text.lines().count();
    if marker.line() <= lines {
        return marker;
    }
    let column = text.lines().last().map_or(0, |line| line.chars().count());
    Marker::new(marker.index(), lines.max(1), column)
}

/// A tab between `:` and a value, where the parser asks for a space: Helm takes it, unless a list or a map begins behind it in the
/// same line. The place is that of the parser, on the tab or behind it; `None` when it is not such a tab.
pub fn separating_tab(line: &str, column: u32) -> Option<Problem> {
    let end =
        line.char_indices().nth(column.saturating_sub(1) as usize).map_or(line.len(), |c| c.0);
    let before = line[..end].trim_end_matches('\t');
    let key = before.strip_suffix(':')?;
    let value = line[before.len()..].strip_prefix('\t')?.trim_start_matches('\t');
    let value = value.split([' ', '\t']).take_while(|word| !word.starts_with('#'));
    let in_brackets = key.contains('{');
    let begins = value.enumerate().any(|(at, word)| at == 0 && word == "-" || word.ends_with(':'));
    let is_taken = !key.trim().is_empty() && (in_brackets || !begins);
    is_taken.then(|| Problem::new(TAB_AFTER_COLON.0).help(TAB_AFTER_COLON.1))
}

/// A parser's message in our words, with what to do.
pub fn explain(info: &str) -> Problem {
    let (message, help) = words(info);
    let problem = Problem::new(message);
    if help.is_empty() { problem } else { problem.help(help) }
}

const TABS: (&str, &str) = ("a tab where only spaces may stand", "indent with spaces");
const TAB_AFTER_COLON: (&str, &str) =
    ("a tab between `:` and its value", "put a space there: not every YAML parser takes a tab");
const COLON: (&str, &str) = (
    "this line is not a `key: value`",
    "put a colon and a space after the key; indent a value's further lines",
);
const INDENT: (&str, &str) = (
    "the indentation fits no line above",
    "give all keys of one map, and all `-` of one list, the same indentation",
);
const FLOW: (&str, &str) = (
    "the list or map in brackets is not well formed",
    "separate entries with `,`, put a space after `:`, and close every bracket",
);
const FLOW_INDENT: (&str, &str) = (
    "a line of a list or map in brackets is not indented",
    "indent each of its lines, also that of the closing bracket, more than its key",
);
const TAG: (&str, &str) = ("a malformed tag", "quote the value if it begins with `!`");
const QUOTE: (&str, &str) = ("a quoted text is not closed", "end it with the quote it begins with");
const QUOTED_INDENT: (&str, &str) = (
    "a line of a quoted text is not indented",
    "indent its lines more than its key, or close the quote on the line before",
);
const ESCAPE: (&str, &str) = (
    "an escape in double quotes that YAML does not have",
    "write `\\\\` for a backslash and any other character itself, or use single quotes",
);
const BLOCK: (&str, &str) = (
    "the text after `|` or `>` is not well formed",
    "begin it on the next line and indent all its lines with the same number of spaces",
);

fn words(info: &str) -> (&'static str, &'static str) {
    let has = |part: &str| info.contains(part);
    match () {
        // Outside of brackets the parser closes levels instead.
        () if info == "invalid indentation" || has("indentation in flow") => FLOW_INDENT,
        () if has("unknown anchor") => (
            "an alias without an anchor",
            "quote the value if it begins with `*`, or define `&name`",
        ),
        () if has("mapping values are not allowed") => (
            "a second `: ` in one line",
            "quote the value if it holds `: `, or check the indentation of this line",
        ),
        () if has("valid YAML whitespace") => ("a tab right after `:` or `-`", "put a space there"),
        () if has("tab") => TABS,
        () if has("simple key") || has("expected key") => COLON,
        () if has("quoted") && (has("hexadecimal") || has("escape") || has("Unicode")) => ESCAPE,
        () if has("trailing content") => (
            "text after the closing quote",
            "quote the whole value, and write an inner quote as `\\\"` or `''`",
        ),
        () if has("quoted") && has("indentation") => QUOTED_INDENT,
        () if has("quoted") => QUOTE,
        () if has("block scalar") => BLOCK,
        () if has("comments must be separated") => {
            ("a `#` right after a value", "put a space before the comment, or quote the value")
        }
        () if has("comment intercepting") => {
            ("a comment inside a text of several lines", "quote the text, or move the comment")
        }
        () if has("unexpected character") => {
            ("a value cannot begin with `%`, `@` or a backquote", "quote the value")
        }
        () if has("plain scalar cannot start") => {
            ("a value cannot begin with this character", "quote the value")
        }
        () if has("flow") || has("bracket") || has("':' ") || has("end of plain") => FLOW,
        () if has("block sequence entries") || has("only valid inside a block") => {
            ("a list entry `- ` cannot stand here", "put every `- ` on its own line")
        }
        () if has("mapping keys are not allowed") => {
            ("a key `? ` cannot stand here", "quote the value if it begins with `? `")
        }
        () if has("indentation") || has("'-' indicator") || has("document start") => INDENT,
        () if has("byte order mark") => {
            ("a byte order mark in the middle of the text", "delete this invisible character")
        }
        () if has("document end marker") || has("document indicator") => {
            ("`---` and `...` end a document and cannot stand here", "quote or indent the text")
        }
        () if has("anchor") => {
            ("a malformed anchor or alias", "quote the value if it begins with `&` or `*`")
        }
        () if has("tag") || has("handle") || has("TAG") => TAG,
        () if has("eof") => ("the text ends too early", ""),
        () => ("this is not valid YAML", "quote the value"),
    }
}

#[cfg(test)]
mod tests {
    use super::{check_directives, explain};

    #[test]
    fn refuses_directives_only_where_a_line_begins_with_one() {
        assert!(check_directives("a: 50%\n").is_ok());
        assert!(check_directives("%YAML 1.1\n---\n").is_err());
        let (at, _) = check_directives("a: 1\n%TAG\n").unwrap_err();
        assert_eq!((at.line(), at.col()), (2, 0));
    }

    #[test]
    fn the_words_are_ours_whatever_the_parser_says() {
        for info in
            ["simple key expected", "while parsing a node, did not find x", "", "unexpected eof"]
        {
            let problem = explain(info);
            assert!(!problem.message.is_empty() && !problem.message.contains("while"));
        }
    }
}
