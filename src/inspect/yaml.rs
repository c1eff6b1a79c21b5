//! A chart's YAML files, with what Helm refuses in them told apart from what it takes in its own way.

use crate::error::Problem;
use crate::finding::Finding;
use crate::node::{Node, Value};
use crate::rules::Rule;
use crate::source::Location;
use crate::yaml::decode;
use crate::yaml::read::partial;

use super::report::Report;
use super::verdict::Verdict;

/// Which rules a YAML file breaks, and what Helm does with its further documents.
#[derive(Clone, Copy)]
pub struct Kind {
    /// For what Helm refuses.
    pub invalid: &'static Rule,
    /// For what Helm takes in its own way.
    pub odd: &'static Rule,
    /// What Helm does when the first document is refused.
    pub refused: Verdict,
    /// What Helm does when a later one is.
    pub later: Verdict,
}

/// What was read of a file.
#[derive(Default)]
pub struct Text {
    /// The documents that could be read. A file without any has one that is null.
    pub documents: Vec<Node>,
    /// Whether there was nothing to say about them.
    pub clean: bool,
}

/// Reads a file, and reports what is wrong with it.
pub fn read(path: &str, bytes: &[u8], kind: Kind, report: &mut Report) -> Text {
    let text = match decode(bytes, &report.source_name(path)) {
        Ok(text) => text,
        Err(mut problem) => {
            let verdict = if is_taken(&problem.message) { Verdict::TAKEN } else { kind.refused };
            let start =
                || Location { source: report.source_name(path), line: 1, column: 1, text: None };
            problem.location.get_or_insert_with(start);
            tell(problem, kind, verdict, report);
            return Text::default();
        }
    };
    let second = second_document(&text);
    let source = report.add_source(path, text);
    let mut read = partial(source, &report.sources);
    let clean = read.problems.is_empty();
    if read.documents.is_empty() && clean {
        read.documents.push(Node::new(Value::Null, None));
    }
    for problem in read.problems {
        let line = problem.location.as_ref().map_or(1, |location| location.line);
        let verdict = if is_taken(&problem.message) {
            Verdict::TAKEN
        } else if second.is_some_and(|second| line >= second) {
            kind.later
        } else {
            kind.refused
        };
        tell(problem, kind, verdict, report);
    }
    Text { documents: read.documents, clean }
}

fn tell(mut problem: Problem, kind: Kind, verdict: Verdict, report: &mut Report) {
    let rule = if verdict == Verdict::TAKEN { kind.odd } else { kind.invalid };
    problem.message = format!("{}; {}", problem.message, verdict.words());
    problem.help.get_or_insert_with(|| match verdict == Verdict::TAKEN {
        true => "hzgchart looks no further into the file".to_owned(),
        false => "mend the YAML".to_owned(),
    });
    report.push(verdict, Finding { problem, ..Finding::new(rule, "") });
}

/// Problems that Helm does not have with a text, by a part of their words: it takes the text in its own
/// way, or is more patient than this program.
const TAKEN: [&str; 13] = [
    "duplicate key `",
    "is a boolean to Helm",
    "is an integer to Helm",
    "is a number to Helm",
    "a whole number beyond",
    "is not known",
    "`<<` also has",
    "Helm takes this colon for",
    "the tag `!!binary` is not supported",
    "a tab between `:` and its value",
    "are nested deeper than",
    "values, aliases replaced by",
    "the most that is read",
];

/// More of them, about single characters.
const TAKEN_CHARACTERS: [&str; 4] = [
    "a carriage return without",
    "which only some YAML parsers take",
    "a byte order mark (U+FEFF)",
    "in the middle of a blank line",
];

fn is_taken(message: &str) -> bool {
    TAKEN.iter().chain(&TAKEN_CHARACTERS).any(|part| message.contains(part))
}

/// The line of the `---` that begins a second document.
pub fn second_document(text: &str) -> Option<u32> {
    let mut begun = false;
    for (number, line) in (1..).zip(text.lines()) {
        let marker = line
            .strip_prefix("---")
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']));
        if marker && begun {
            return Some(number);
        }
        begun |= marker || !line.trim().is_empty() && !line.trim_start().starts_with(['#', '%']);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{is_taken, second_document};
    use crate::source::Sources;
    use crate::yaml::{decode, read::partial};

    fn taken(text: &str) -> Vec<bool> {
        let text = match decode(text.as_bytes(), "v") {
            Ok(text) => text,
            Err(problem) => return vec![is_taken(&problem.message)],
        };
        let mut sources = Sources::default();
        let id = sources.add("v", text);
        partial(id, &sources).problems.iter().map(|p| is_taken(&p.message)).collect()
    }

    /// Each was tried with Helm 3.17.3 and 4.1.4.
    #[test]
    fn knows_what_helm_takes_by_the_readers_own_words() {
        for text in [
            "a: 1\na: 2\n",
            "y: 1\n",
            "1: 1\n",
            "1.5: 1\n",
            "a: 12345678901234567890123\n",
            "a: !x 1\n",
            "a: !!binary aGk=\n",
            "a: !!binary [1]\n",
            "a: 1\nb:\t2\n",
            "b:\t\tx # y: z\n",
            "b:\tc:d\n",
            "b:\t-x\n",
            "b: {c:\t2, d: 3}\n",
            "x: &x {a: 1}\nb:\n  a: 2\n  <<: *x\n",
            "a: {b:}\n",
            "a: 1\rb: 2\r",
            &format!("a: {}{}", "[".repeat(500), "]".repeat(500)),
        ] {
            assert_eq!(taken(text), [true], "{text:?}");
        }
        assert_eq!(taken(&"a".repeat(2 << 20)), [true]);
    }

    #[test]
    fn knows_what_helm_refuses() {
        for text in [
            "~: 1\n",
            "? [a]\n: 1\n",
            "a: .inf\n",
            "%YAML 1.2\n---\na: 1\n",
            "a:\n\tb: 1\n",
            "a: !!binary aGk\n",
            "b:\t- 1\n",
            "b:\tc: 1\n",
            "b:\tc:\n",
            "b:\n  -\ta\n",
            "? b\n:\t2\n",
            "a: [1\n",
            "a: \"\\/\"\n",
            "a: &x.y 1\n",
            "b:\n  <<: 1\n",
            "a: \"\u{1}\"\n",
            "a: b\0\n",
            "a: &a [*a]\n",
            "a: *b\n",
            "a: \"x\" y\n",
            "a: b: c\n",
        ] {
            assert_eq!(taken(text), [false], "{text:?}");
        }
    }

    #[test]
    fn finds_where_a_second_document_begins() {
        assert_eq!(second_document("# c\n---\na: 1\n"), None);
        assert_eq!(second_document("a: 1\n---\nb: 1\n"), Some(2));
        assert_eq!(second_document("---\n---\n"), Some(2));
        assert_eq!(second_document("%YAML 1.1\n---\na: |\n  ---\n----\n"), None);
    }
}
