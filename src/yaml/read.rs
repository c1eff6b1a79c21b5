//! Text to trees: drives the parser over a text, document by document, and gathers the problems.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::ops::RangeInclusive;

use saphyr_parser::{Event, Marker, Parser, Span, StrInput};
use smol_str::SmolStr;

use super::cursor::Cursor;
use super::flow::{Guard, TooDeep};
use super::{block, dialect, slip, syntax};
use crate::error::Problem;
use crate::node::{Map, Node, Value};
use crate::secret::{Hidden, names_secret, stands_in_secret, unquoted};
use crate::source::{Location, Origin, SourceId, Sources};

/// How deep lists and maps may be nested, aliases replaced by what they stand for.
pub const MAX_DEPTH: usize = 100;

/// How many values one text may hold, aliases replaced by what they stand for. Every
/// [`TEXT_PER_VALUE`] bytes of a string count as one value more.
pub const MAX_VALUES: usize = 100_000;

/// The bytes of text that weigh as much as a value; see [`MAX_VALUES`].
pub const TEXT_PER_VALUE: usize = 64;

/// After so many problems the rest of a text is not read.
pub const MAX_PROBLEMS: usize = 100;

/// So many characters behind a problem's place are kept to be shown.
const BEYOND: usize = 200;

/// Reads a text of exactly one document. Nothing, comments only, or `null` is an empty map, as in
/// Helm.
///
/// # Errors
/// All that is wrong with it, in the order of the text. More than one document is wrong: Helm 3
/// reads the first only, Helm 4 merges them.
pub fn document(id: SourceId, sources: &Sources) -> Result<Node, Vec<Problem>> {
    let text = sources.get(id).text.as_ref();
    if !text.contains("\n---")
        && let Some(node) = block::stream(id, text).and_then(|mut documents| documents.pop())
    {
        return Ok(node);
    }
    let mut first = None;
    let reader = Reader::new(id, sources).run(|reader, start, node| {
        if first.is_some() && !is_empty(&node) {
            let problem = Problem::new("a second document, where one is expected")
                .help("move it to a file of its own, or delete this `---` line");
            reader.report(start, problem)?;
        }
        first.get_or_insert(node);
        Ok(())
    });
    let node = first.filter(|node| !matches!(node.value, Value::Null));
    reader.finish(node.unwrap_or_else(|| Node::new(Value::Map(Map::new()), None)))
}

/// Reads a text of any number of documents; empty ones are left out.
///
/// # Errors
/// All that is wrong with it, in the order of the text.
pub fn stream(id: SourceId, sources: &Sources) -> Result<Vec<Node>, Vec<Problem>> {
    match block::stream(id, &sources.get(id).text) {
        Some(documents) => Ok(documents),
        None => parse_stream(id, sources),
    }
}

/// The long way of [`stream`], which knows all of YAML and has words for what is wrong.
pub(super) fn parse_stream(id: SourceId, sources: &Sources) -> Result<Vec<Node>, Vec<Problem>> {
    let mut documents = Vec::new();
    let reader = Reader::new(id, sources).run(|_, _, node| {
        if !is_empty(&node) {
            documents.push(node);
        }
        Ok(())
    });
    reader.finish(documents)
}

/// What could be read of a text that may be wrong.
#[derive(Debug, Default)]
pub struct Partial {
    /// The documents that were read to their end, empty ones included.
    pub documents: Vec<Node>,
    /// What is wrong, in the order of the text.
    pub problems: Vec<Problem>,
}

/// Reads what can be read of a text of any number of documents, with all that is wrong with it.
pub fn partial(id: SourceId, sources: &Sources) -> Partial {
    let mut documents = Vec::new();
    let reader = Reader::new(id, sources).run(|_, _, node| {
        documents.push(node);
        Ok(())
    });
    let problems = reader.finish(()).err().unwrap_or_default();
    Partial { documents, problems }
}

/// A document without content has no place either.
fn is_empty(node: &Node) -> bool {
    node.origin.is_none()
}

/// The rest of the text cannot be read; the reason is among the problems.
pub(super) struct Stop;

/// What an anchor stands for, and what it adds when an alias repeats it.
pub(super) struct Anchored {
    pub(super) node: Node,
    pub(super) weight: usize,
    pub(super) depth: usize,
}

/// One level of the way from a document's root to the current place.
pub(super) enum Step {
    Key(SmolStr),
    Index(usize),
}

/// An event, and where its text stands.
pub(super) type Taken<'a> = (Event<'a>, Span);

/// The state of reading one text. How its nodes are built is in `compose`.
pub(super) struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
    guard: Guard<'a>,
    id: SourceId,
    sources: &'a Sources,
    pub(super) text: &'a str,
    pub(super) cursor: Cursor<'a>,
    /// Where the last event ended.
    pub(super) end: Marker,
    /// The lines where tabs may indent, kept only for a text that has such lines.
    tabs_in: Option<Vec<RangeInclusive<u32>>>,
    /// By the parser's number of the anchor.
    pub(super) anchors: HashMap<usize, Anchored>,
    pub(super) path: Vec<Step>,
    /// Lists and maps around the current place.
    pub(super) depth: usize,
    /// Whether one of them is in brackets.
    pub(super) flow: bool,
    values: usize,
    problems: Vec<Problem>,
    hidden: Hidden,
}

impl<'a> Reader<'a> {
    fn new(id: SourceId, sources: &'a Sources) -> Self {
        let text = sources.get(id).text.as_ref();
        Self {
            parser: Parser::new_from_str(text),
            guard: Guard::new(text, MAX_DEPTH),
            id,
            sources,
            text,
            cursor: Cursor::new(text),
            end: Marker::new(0, 1, 0),
            tabs_in: dialect::has_tabs(text).then(Vec::new),
            anchors: HashMap::new(),
            path: Vec::new(),
            depth: 0,
            flow: false,
            values: 0,
            problems: Vec::new(),
            hidden: Hidden::default(),
        }
    }

    /// Reads all documents, handing each over with the place where it starts.
    fn run(mut self, mut each: impl FnMut(&mut Self, Origin, Node) -> Result<(), Stop>) -> Self {
        // Nothing is lost with a `Stop`: its reason is among the problems.
        if let Err(Stop) = self.documents(&mut each) {}
        self
    }

    fn documents(
        &mut self,
        each: &mut impl FnMut(&mut Self, Origin, Node) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        if let Err((at, problem)) = syntax::check_directives(self.text) {
            return self.stop(self.origin(at), problem);
        }
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => return self.check_tabs(),
                Event::DocumentStart(_) => {
                    let taken = self.next()?;
                    let node = self.node(taken)?;
                    each(self, self.origin(span.start), node)?;
                    self.anchors.clear();
                }
                _ => {}
            }
        }
    }

    fn finish<T>(mut self, read: T) -> Result<T, Vec<Problem>> {
        if self.problems.is_empty() {
            return Ok(read);
        }
        self.problems.sort_by_key(|p| p.location.as_ref().map(|l| (l.line, l.column)));
        Err(self.problems)
    }

    /// The parser's next event.
    pub(super) fn next(&mut self) -> Result<Taken<'a>, Stop> {
        if let Err(TooDeep(at)) = self.guard.check(self.end) {
            return self.stop(self.origin(at), syntax::too_deep(MAX_DEPTH));
        }
        match self.parser.next_event() {
            Some(Ok((event, span))) => {
                self.end = span.end;
                Ok((event, span))
            }
            Some(Err(error)) => {
                let at = self.origin(syntax::place(&error, self.text));
                let line = self.text.lines().nth(at.line as usize - 1).unwrap_or_default();
                if let Some(column) = dialect::indenting_tab(line) {
                    return self.stop(Origin { column, ..at }, syntax::tab());
                }
                match slip::find(self.text, at.line) {
                    Some((line, column, problem)) => {
                        let slip = Origin { line, column, ..at };
                        if self.is_reported(slip) { Err(Stop) } else { self.stop(slip, problem) }
                    }
                    None => {
                        let tab = syntax::separating_tab(line, at.column);
                        self.stop(at, tab.unwrap_or_else(|| syntax::explain(error.info())))
                    }
                }
            }
            None => Err(Stop),
        }
    }

    /// Counts values against [`MAX_VALUES`].
    pub(super) fn spend(&mut self, values: usize, origin: Origin) -> Result<(), Stop> {
        self.values += values;
        if self.values <= MAX_VALUES {
            return Ok(());
        }
        let problem = Problem::new(format!(
            "more than {MAX_VALUES} values, aliases replaced by what they stand for"
        ));
        self.stop(origin, problem.help("split the file, or use fewer aliases"))
    }

    /// Notes that tabs may indent the lines after the first.
    pub(super) fn cover(&mut self, start: Marker, end: Marker) {
        let lines = self.origin(start).line + 1..=self.origin(end).line;
        if let Some(covered) = self.tabs_in.as_mut() {
            covered.push(lines);
        }
    }

    /// Whether the last problem is at this place.
    fn is_reported(&self, at: Origin) -> bool {
        let last = self.problems.last().and_then(|problem| problem.location.as_ref());
        last.is_some_and(|last| (last.line, last.column) == (at.line, at.column))
    }

    fn check_tabs(&mut self) -> Result<(), Stop> {
        let Some(covered) = self.tabs_in.take() else { return Ok(()) };
        for (line, column) in dialect::tabs(self.text, covered) {
            let origin = Origin { source: self.id, line, column };
            self.report(origin, syntax::tab())?;
        }
        Ok(())
    }

    /// The parser's position in our terms: it counts columns from 0.
    pub(super) fn origin(&self, at: Marker) -> Origin {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Origin { source: self.id, line: number(at.line()), column: number(at.col() + 1) }
    }

    /// The line of a place as the user counts it.
    pub(super) fn line(&self, at: Origin) -> u32 {
        self.sources.line(at)
    }

    /// Reports a problem after which nothing can be read.
    pub(super) fn stop<T>(&mut self, origin: Origin, problem: Problem) -> Result<T, Stop> {
        self.report(origin, problem)?;
        Err(Stop)
    }

    /// Reports a problem of the current path; the [`MAX_PROBLEMS`]th one stops.
    pub(super) fn report(&mut self, origin: Origin, problem: Problem) -> Result<(), Stop> {
        let mut problem = problem;
        let mut path = self.path.as_slice();
        let of_secret = |step: &Step| matches!(step, Step::Key(key) if names_secret(key));
        let secret = path.iter().position(of_secret);
        if let Some(at) = secret {
            // A tag or an anchor that is wrong, or a key below, may be the secret or a part of it.
            path = &path[..=at];
        }
        let mut location = Location::of(origin, self.sources);
        let is_hidden = secret.is_some() || self.hidden.is(origin, self.sources);
        if is_hidden {
            location.text = None;
        }
        if secret.is_some() || is_hidden && stands_in_secret(origin, self.sources) {
            problem.message = unquoted(&problem.message);
            problem.help = problem.help.as_deref().map(unquoted);
        }
        let shown = origin.column as usize + BEYOND;
        location.text = location.text.map(|line| line.chars().take(shown).collect());
        self.problems.push(problem.at(location).path(path_text(path)));
        if self.problems.len() < MAX_PROBLEMS { Ok(()) } else { Err(Stop) }
    }

    /// How many problems there are so far.
    pub(super) fn problems(&self) -> usize {
        self.problems.len()
    }
}

fn path_text(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        // Writing to a string cannot fail.
        let _ = match step {
            Step::Key(key) if text.is_empty() => write!(text, "{key}"),
            Step::Key(key) => write!(text, ".{key}"),
            Step::Index(index) => write!(text, "[{index}]"),
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::{MAX_DEPTH, MAX_PROBLEMS, MAX_VALUES, document, partial, stream};
    use crate::source::Sources;

    fn read(text: &str) -> Result<Json, String> {
        let mut sources = Sources::default();
        let id = sources.add("v", text);
        document(id, &sources).map(|node| node.to_json()).map_err(|problems| {
            problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        })
    }

    /// The first line of each problem.
    fn refuse(text: &str) -> Vec<String> {
        let mut sources = Sources::default();
        let id = sources.add("v", text);
        let first = |text: String| text.lines().next().unwrap_or_default().to_owned();
        document(id, &sources).unwrap_err().iter().map(|p| first(p.to_string())).collect()
    }

    #[test]
    fn what_is_wrong_right_behind_a_colon_is_no_tab() {
        for text in [r#"{"a":"\q"}"#, r#"{"a":"b}"#, r#"{"a":@x}"#, r#"{"a":*x}"#] {
            assert!(!refuse(text)[0].contains("tab"), "{text}");
        }
        assert!(refuse("a:\tb")[0].contains("a tab between `:` and its value"));
    }

    #[test]
    fn nothing_is_an_empty_map() {
        for text in ["", "\n", "# comment", "---\n", "null\n", "--- ~", "--- # c\n...\n"] {
            assert_eq!(read(text), Ok(json!({})), "{text:?}");
        }
    }

    #[test]
    fn takes_one_document_and_empty_ones_after_it() {
        assert_eq!(read("# c\n---\na: 1\n---\n# end\n"), Ok(json!({"a": 1})));
        assert_eq!(
            refuse("a: 1\n---\nb: 2\n--- 3\n"),
            [
                "v:2:1: a second document, where one is expected",
                "v:4:1: a second document, where one is expected"
            ]
        );
        assert_eq!(refuse("---\n---\na: 1").len(), 1);
    }

    #[test]
    fn a_stream_leaves_empty_documents_out() {
        let mut sources = Sources::default();
        let id = sources.add("v", "---\n# c\n---\na: 1\n---\n- b\n...\n---\n~\n---\n");
        let nodes = stream(id, &sources).unwrap();
        let json: Vec<_> = nodes.iter().map(crate::node::Node::to_json).collect();
        assert_eq!(json, [json!({"a": 1}), json!(["b"]), json!(null)]);
        assert_eq!(nodes[1].origin.unwrap().line, 6);
    }

    #[test]
    fn reads_what_can_be_read() {
        let mut sources = Sources::default();
        let id = sources.add("v", "a: 1\na: 2\n---\nb: 1\n---\n[");
        let partial = partial(id, &sources);
        let json: Vec<_> = partial.documents.iter().map(crate::node::Node::to_json).collect();
        assert_eq!(json, [json!({"a": 1}), json!({"b": 1})]);
        let lines: Vec<u32> =
            partial.problems.iter().map(|p| p.location.as_ref().unwrap().line).collect();
        assert_eq!(lines, [2, 6]);
    }

    #[test]
    fn anchors_end_with_their_document() {
        let mut sources = Sources::default();
        let id = sources.add("v", "a: &x 1\n---\nb: *x\n");
        assert_eq!(stream(id, &sources).unwrap_err()[0].location.as_ref().unwrap().line, 3);
    }

    #[test]
    fn reports_every_problem_in_order_with_its_path() {
        assert_eq!(
            refuse("a:\n  on: 1\n  b: .inf\n  b: !x 2\nc: [{d: 99999999999999999}]\n\td: *no\n"),
            [
                "v:2:3: a: the key `on` is a boolean to Helm, not a string",
                "v:3:6: a.b: infinity or not-a-number, which Helm cannot hold",
                "v:4:3: a: duplicate key `b`",
                "v:4:6: a.b: the tag `!x` is not known",
                "v:5:9: c[0].d: a whole number beyond ±2^53, which Helm would change",
                "v:6:1: a tab where only spaces may stand",
            ]
        );
    }

    #[test]
    fn refuses_depth_without_recursion_or_delay() {
        for text in ["[", "{", "{a: ", "- ", "? ", "[']',", "[\"]\",", "[&a ", "a: {b: ["] {
            let problems = refuse(&text.repeat(300_000));
            assert!(problems[0].ends_with("nested deeper than 100 levels"), "{text} {problems:?}");
        }
        let at = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read(&at(MAX_DEPTH)).is_ok());
        assert!(read(&at(MAX_DEPTH + 1)).is_err());
    }

    #[test]
    fn refuses_aliases_that_multiply() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        let mut chain = "a0: &a0 [x]\n".to_owned();
        for i in 1..200 {
            let before = i - 1;
            bomb += &format!("a{i}: &a{i} [{}]\n", vec![format!("*a{before}"); 9].join(", "));
            chain += &format!("a{i}: &a{i} [*a{before}]\n");
        }
        assert!(refuse(&bomb)[0].contains("more than 100000 values"));
        assert!(refuse(&chain)[0].contains("nested deeper"));
        let long = format!("a: &a {}\nb:\n{}", "x".repeat(500_000), "- *a\n".repeat(100));
        assert!(refuse(&long)[0].contains("more than 100000 values"));
        assert!(refuse(&"- a\n".repeat(MAX_VALUES)).len() == 1);
    }

    #[test]
    fn stops_after_many_problems() {
        assert_eq!(refuse(&"1: 1\n".repeat(5000)).len(), MAX_PROBLEMS);
    }

    #[test]
    fn never_shows_a_line_that_may_hold_a_secret() {
        let shown = read("redis:\n  auth: {password: hunter2, password: 99999999999999999}\n");
        let shown = shown.unwrap_err();
        assert!(shown.contains("v:2:") && !shown.contains("hunter2") && !shown.contains("9999"));
        assert!(!read("apiToken: \"hunter2\n").unwrap_err().contains("hunter2"));
        for text in [
            "redis:\n  auth:\n    enabled: \"hunter2\n",
            "redis:\n  passwd: 'hunter2\n",
            "a:\n  pwd: |\n    x\n\thunter2\n",
            "api_key: !hunter2 x\n",
            "口令: &hunter2.x y\n",
            "private-key: {hunter2: .inf, 1hunter2: x, hunter2: 1}\n",
            "credentials:\n- user: a\n  id: \"hunter2\n",
        ] {
            let shown = read(text).unwrap_err();
            assert!(!shown.contains("hunter2"), "{text:?} {shown}");
        }
        assert!(read("name: \"visible\n").unwrap_err().contains("visible"));
        let long = read(&format!("a: {}: {}\n", "x".repeat(99), "y".repeat(9999))).unwrap_err();
        assert!(long.len() < 900, "{long}");
    }

    #[test]
    fn hostile_text_is_refused_and_never_panics() {
        for text in [
            "a: b: c",
            "a: \"x",
            "a: 'x",
            "[",
            "a: [1, 2",
            "{a: 1",
            "]",
            "}",
            ",",
            "*a",
            "&",
            "a: *b",
            "- a\nb: c",
            "a:\n- b\n c: d",
            "a: |x",
            "a: @b",
            "a: `b",
            "%YAML 1.2\n---\na: 1",
            "a: \"\\q\"",
            "a: \"\\ud83d\"",
            "a: 'b' c",
            "a: 'b'#c",
            "? [a]\n: b",
            "[a]: b",
            "{a: 1}: b",
            "a: &a [*a]",
            "a: [>=1.0]",
            "a: \"\\/\"",
            "a: {\nb: 1\n}",
            "a: \"b\nc\"",
            "a: !!int x",
            "- \ta",
            "a:\n\tb: 1",
            "a: {u: http://x/?y}",
            "a: {b:}",
            "a: &x.y 1",
            "key",
            "---\n...\n: ",
        ] {
            match read(text) {
                Ok(value) => assert!(text == "key" && value == "key", "{text:?} {value}"),
                Err(shown) => {
                    assert!(shown.starts_with("v:"), "{text:?} {shown}");
                    assert!(!shown.contains("while ") && !shown.contains("simple key"), "{shown}");
                }
            }
        }
    }
}
