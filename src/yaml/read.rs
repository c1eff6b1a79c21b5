//! Text to trees: drives the parser over a text and builds a [`Node`] with positions per document.

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, StrInput, Tag};

use super::cursor::Cursor;
use super::dialect;
use super::flow::{Guard, TooDeep};
use super::scalar::{Scalar, resolve};
use super::syntax;
use crate::error::Problem;
use crate::node::{Entry, Map, Node, Value};
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

/// Reads a text of exactly one document. Nothing, comments only, or `null` is an empty map, as in
/// Helm.
///
/// # Errors
/// All that is wrong with it, in the order of the text. More than one document is wrong: Helm 3
/// reads the first only, Helm 4 merges them.
pub fn document(id: SourceId, sources: &Sources) -> Result<Node, Vec<Problem>> {
    let mut reader = Reader::new(id, sources);
    let mut documents = Vec::new();
    // Stopping early is no failure here: the reason is among the problems.
    let _: Result<(), Stop> = reader.documents(&mut |reader, start, node| {
        if !documents.is_empty() && !is_empty(&node) {
            let problem = Problem::new("a second document, where one is expected")
                .help("put both in one file each, or delete this `---` line");
            reader.report(start, problem)?;
        }
        documents.push(node);
        Ok(())
    });
    let empty = Node::new(Value::Map(Map::new()), None);
    let node = documents.into_iter().next().filter(|node| !matches!(node.value, Value::Null));
    reader.finish(node.unwrap_or(empty))
}

/// Reads a text of any number of documents; empty ones are left out.
///
/// # Errors
/// All that is wrong with it, in the order of the text.
pub fn stream(id: SourceId, sources: &Sources) -> Result<Vec<Node>, Vec<Problem>> {
    let mut reader = Reader::new(id, sources);
    let mut documents = Vec::new();
    let _: Result<(), Stop> = reader.documents(&mut |_, _, node| {
        if !is_empty(&node) {
            documents.push(node);
        }
        Ok(())
    });
    reader.finish(documents)
}

/// A document without content has no place either.
fn is_empty(node: &Node) -> bool {
    node.origin.is_none()
}

/// The rest of the text cannot be read; the reason is among the problems.
struct Stop;

/// What an anchor stands for, and what it adds when an alias repeats it.
struct Anchored {
    node: Node,
    weight: usize,
    depth: usize,
}

enum Step {
    Key(String),
    Index(usize),
}

type Taken<'a> = (Event<'a>, Span);

struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
    guard: Guard<'a>,
    id: SourceId,
    sources: &'a Sources,
    text: &'a str,
    /// Where the last event ended.
    end: Marker,
    cursor: Cursor<'a>,
    /// The lines where tabs may indent, kept only for a text that has such lines.
    tabs_in: Option<Vec<RangeInclusive<u32>>>,
    anchors: HashMap<usize, Anchored>,
    /// Whether the current place is in brackets.
    flow: bool,
    /// Lists and maps around the current place.
    depth: usize,
    values: usize,
    path: Vec<Step>,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    fn new(id: SourceId, sources: &'a Sources) -> Self {
        let text = sources.get(id).text.as_str();
        Self {
            parser: Parser::new_from_str(text),
            guard: Guard::new(text, MAX_DEPTH),
            end: Marker::new(0, 1, 0),
            id,
            sources,
            text,
            cursor: Cursor::new(text),
            tabs_in: dialect::has_tabs(text).then(Vec::new),
            anchors: HashMap::new(),
            flow: false,
            depth: 0,
            values: 0,
            path: Vec::new(),
            problems: Vec::new(),
        }
    }

    fn finish<T>(mut self, read: T) -> Result<T, Vec<Problem>> {
        if self.problems.is_empty() {
            return Ok(read);
        }
        self.problems.sort_by_key(|p| p.location.as_ref().map(|l| (l.line, l.column)));
        Err(self.problems)
    }

    fn documents(
        &mut self,
        each: &mut dyn FnMut(&mut Self, Origin, Node) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        if let Err((marker, problem)) = syntax::check_directives(self.text) {
            return self.stop(self.origin(marker), problem);
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

    fn check_tabs(&mut self) -> Result<(), Stop> {
        let Some(covered) = self.tabs_in.take() else { return Ok(()) };
        for (line, column) in dialect::tabs(self.text, covered) {
            let origin = Origin { source: self.id, line, column };
            self.report(origin, Problem::new(syntax::TABS.0).help(syntax::TABS.1))?;
        }
        Ok(())
    }

    fn next(&mut self) -> Result<Taken<'a>, Stop> {
        if let Err(TooDeep(at)) = self.guard.check(self.end) {
            return self.stop(self.origin(at), syntax::too_deep(MAX_DEPTH));
        }
        match self.parser.next_event() {
            Some(Ok((event, span))) => {
                self.end = span.end;
                Ok((event, span))
            }
            Some(Err(error)) => {
                let origin = syntax::place(&error, self.text);
                self.stop(self.origin(origin), syntax::explain(error.info()))
            }
            None => Err(Stop),
        }
    }

    fn node(&mut self, (event, span): Taken<'a>) -> Result<Node, Stop> {
        let origin = self.origin(span.start);
        self.spend(1, origin)?;
        let (anchor, value) = match event {
            Event::Alias(anchor) => {
                self.check_anchor(span, origin)?;
                return self.alias(anchor, origin);
            }
            Event::Scalar(text, style, anchor, tag) => {
                let text = self.text(&text, style, span)?;
                self.spend(text.len() / TEXT_PER_VALUE, origin)?;
                let empty = text.is_empty() && style == ScalarStyle::Plain;
                if empty && anchor == 0 && tag.is_none() {
                    return Ok(Node::new(Value::Null, None));
                }
                (anchor, self.scalar(text, style, tag.as_deref(), origin)?)
            }
            Event::SequenceStart(anchor, tag) => {
                self.collection_tag(tag.as_deref(), "seq", origin)?;
                (anchor, self.nested(span, Self::list)?)
            }
            Event::MappingStart(anchor, tag) => {
                self.collection_tag(tag.as_deref(), "map", origin)?;
                (anchor, self.nested(span, Self::map)?)
            }
            _ => return Err(Stop),
        };
        let node = Node::new(value, Some(origin));
        if anchor > 0 {
            self.check_anchor(span, origin)?;
            let (weight, depth) = measure(&node);
            // The copy that is kept takes memory like any other.
            self.spend(weight, origin)?;
            self.anchors.insert(anchor, Anchored { node: node.clone(), weight, depth });
        }
        Ok(node)
    }

    fn alias(&mut self, anchor: usize, origin: Origin) -> Result<Node, Stop> {
        let Some(&Anchored { weight, depth, .. }) = self.anchors.get(&anchor) else {
            return self.stop(origin, Problem::new("this alias stands inside its own anchor"));
        };
        self.spend(weight, origin)?;
        if self.depth + depth > MAX_DEPTH {
            return self.stop(origin, syntax::too_deep(MAX_DEPTH));
        }
        let value = self.anchors.get(&anchor).map_or(Value::Null, |a| a.node.value.clone());
        Ok(Node::new(value, Some(origin)))
    }

    fn list(&mut self) -> Result<Value, Stop> {
        let mut items = Vec::new();
        loop {
            let taken = self.next()?;
            if matches!(taken.0, Event::SequenceEnd) {
                return Ok(Value::List(items));
            }
            let start = taken.1.start;
            self.path.push(Step::Index(items.len()));
            let mut item = self.node(taken)?;
            self.path.pop();
            item.origin.get_or_insert(self.origin(start));
            items.push(item);
        }
    }

    fn map(&mut self) -> Result<Value, Stop> {
        let mut map = Map::new();
        let mut merged = HashSet::new();
        let mut merge_at = None;
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::MappingEnd) {
                return Ok(Value::Map(map));
            }
            let key_origin = self.origin(span.start);
            if is_merge(&event) {
                if let Some(first) = merge_at.replace(key_origin) {
                    self.duplicate("<<", key_origin, Some(first))?;
                }
                self.merge(&mut map, &mut merged, key_origin)?;
                continue;
            }
            let key = self.key((event, span))?;
            let known = key.is_some();
            self.path.push(Step::Key(key.unwrap_or_default()));
            let taken = self.next()?;
            let mut node = self.node(taken)?;
            node.origin.get_or_insert(key_origin);
            let Some(Step::Key(key)) = self.path.pop().filter(|_| known) else { continue };
            let entry = Entry { key_origin: Some(key_origin), node };
            match map.get(&key) {
                Some(first) if !merged.remove(&key) => {
                    let first = first.key_origin;
                    self.duplicate(&key, key_origin, first)?;
                }
                _ => {
                    map.insert(key, entry);
                }
            }
        }
    }

    /// The key that an event begins, or `None` after reporting that it is no string.
    fn key(&mut self, (event, span): Taken<'a>) -> Result<Option<String>, Stop> {
        let written = match &event {
            Event::Scalar(text, ..) => text.to_string(),
            _ => String::new(),
        };
        let (origin, reported) = (self.origin(span.start), self.problems.len());
        if self.flow && matches!(event, Event::Scalar(_, ScalarStyle::Plain, ..)) {
            let length = self.cursor.slice(span).len();
            if let Some(problem) = dialect::check_colon_in_flow(&self.cursor.rest()[length..]) {
                self.report(origin, problem)?;
            }
        }
        let kind = match self.node((event, span))?.value {
            Value::String(key) => return Ok(Some(key)),
            _ if self.problems.len() > reported => return Ok(None),
            Value::Null if written.is_empty() => {
                let problem = Problem::new("a value without a key").help("write `key: value`");
                self.report(origin, problem)?;
                return Ok(None);
            }
            other => other.kind(),
        };
        let problem = if written.is_empty() {
            Problem::new(format!("{kind} as a key")).help("a key must be a string")
        } else {
            Problem::new(format!("the key `{written}` is {kind} to Helm, not a string"))
                .help(format!("quote it: `\"{written}\":`"))
        };
        self.report(origin, problem)?;
        Ok(None)
    }

    /// `<<: *defaults`: takes over what the map does not have.
    fn merge(
        &mut self,
        map: &mut Map,
        merged: &mut HashSet<String>,
        origin: Origin,
    ) -> Result<(), Stop> {
        self.path.push(Step::Key("<<".to_owned()));
        let taken = self.next()?;
        let node = self.node(taken)?;
        self.path.pop();
        let sources = match node.value {
            Value::List(items) => items,
            _ => vec![node],
        };
        for source in sources {
            let Value::Map(entries) = source.value else {
                let problem = Problem::new(format!("`<<` merges {}", source.value.kind()))
                    .help("`<<` takes a map or a list of maps: `<<: *defaults`");
                self.report(source.origin.unwrap_or(origin), problem)?;
                continue;
            };
            for (key, entry) in entries {
                if !map.contains_key(&key) {
                    merged.insert(key.clone());
                    map.insert(key, entry);
                } else if !merged.contains(&key) {
                    // Helm lets the merged value win here, the YAML specification the written one.
                    let problem = Problem::new(format!("`<<` also has the key `{key}` from above"))
                        .help("write `<<` first in the map; what follows it then wins everywhere");
                    self.report(origin, problem)?;
                }
            }
        }
        Ok(())
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        origin: Origin,
    ) -> Result<Value, Stop> {
        let scalar = match (tag.map(core_name), style) {
            (None, ScalarStyle::Plain) => resolve(text),
            (None | Some(Some("!" | "str")), _) => Scalar::Text,
            (Some(Some(name @ ("int" | "float" | "bool" | "null"))), _) => {
                match (name, resolve(text)) {
                    ("float", Scalar::Int(i)) => Scalar::Float(i as f64),
                    ("int", Scalar::Int(_))
                    | ("float", Scalar::Float(_))
                    | ("bool", Scalar::Bool(_))
                    | ("null", Scalar::Null)
                    | ("int" | "float", Scalar::Inexact)
                    | ("float", Scalar::NotFinite) => resolve(text),
                    _ => {
                        let problem =
                            Problem::new(format!("the value is not what `!!{name}` says"))
                                .help("leave the tag out");
                        self.report(origin, problem)?;
                        Scalar::Null
                    }
                }
            }
            (Some(_), _) => {
                self.unknown_tag(tag, origin)?;
                Scalar::Null
            }
        };
        match scalar.into_value(text) {
            Ok(value) => Ok(value),
            Err((message, help)) => {
                self.report(origin, Problem::new(message).help(help))?;
                Ok(Value::Null)
            }
        }
    }

    fn collection_tag(&mut self, tag: Option<&Tag>, own: &str, at: Origin) -> Result<(), Stop> {
        match tag.map(core_name) {
            None | Some(Some("!")) => Ok(()),
            Some(Some(name)) if name == own => Ok(()),
            Some(_) => self.unknown_tag(tag, at),
        }
    }

    fn unknown_tag(&mut self, tag: Option<&Tag>, origin: Origin) -> Result<(), Stop> {
        let problem = match tag.map(|tag| (core_name(tag), tag)) {
            Some((Some("binary"), _)) => Problem::new("the tag `!!binary` is not supported")
                .help("write the text itself; Kubernetes' `data` takes base64 as a plain string"),
            Some((Some(name), _)) => Problem::new(format!("the tag `!!{name}` does not fit here"))
                .help("leave the tag out"),
            Some((None, tag)) => {
                Problem::new(format!("the tag `{}{}` is not known", tag.handle, tag.suffix))
                    .help("leave the tag out, or quote the value if it begins with `!`")
            }
            None => return Ok(()),
        };
        self.report(origin, problem)
    }

    fn duplicate(&mut self, key: &str, at: Origin, first: Option<Origin>) -> Result<(), Stop> {
        let help = match first {
            Some(first) => format!(
                "it is already at line {}, column {}; keep one of the two",
                first.line, first.column
            ),
            None => "keep one of the two".to_owned(),
        };
        self.report(at, Problem::new(format!("duplicate key `{key}`")).help(help))
    }

    /// Reads a list or a map, one level down.
    fn nested(
        &mut self,
        start: Span,
        read: fn(&mut Self) -> Result<Value, Stop>,
    ) -> Result<Value, Stop> {
        if self.depth == MAX_DEPTH {
            return self.stop(self.origin(start.start), syntax::too_deep(MAX_DEPTH));
        }
        // The span of a collection in block style is what stands before it: an anchor, a tag.
        let around = self.flow;
        self.flow = around || self.cursor.slice(start).contains(['[', '{']);
        self.depth += 1;
        let value = read(self)?;
        self.depth -= 1;
        if self.flow {
            self.cover(start.start, self.end);
        }
        self.flow = around;
        Ok(value)
    }

    /// Notes that tabs may indent the lines after the first.
    fn cover(&mut self, start: Marker, end: Marker) {
        let lines = self.origin(start).line + 1..=self.origin(end).line;
        if let Some(covered) = self.tabs_in.as_mut() {
            covered.push(lines);
        }
    }

    /// The text of a scalar, after the rules of Helm's dialect.
    fn text<'t>(&mut self, text: &'t str, style: ScalarStyle, span: Span) -> Result<&'t str, Stop> {
        self.cover(span.start, span.end);
        let checked = match style {
            ScalarStyle::Plain if self.flow => dialect::check_plain_in_flow(text),
            ScalarStyle::DoubleQuoted if text.contains('/') => {
                dialect::check_escapes(self.cursor.slice(span))
            }
            ScalarStyle::Literal | ScalarStyle::Folded
                if self.cursor.slice(span) == self.cursor.rest() =>
            {
                match dialect::unterminated(text, self.text) {
                    Ok(text) => return Ok(text),
                    Err(problem) => Some(problem),
                }
            }
            _ => None,
        };
        if let Some(problem) = checked {
            self.report(self.origin(span.start), problem)?;
        }
        Ok(text)
    }

    fn check_anchor(&mut self, span: Span, origin: Origin) -> Result<(), Stop> {
        self.cursor.seek(span.start);
        match dialect::check_anchor(self.cursor.rest()) {
            Some(problem) => self.report(origin, problem),
            None => Ok(()),
        }
    }

    fn spend(&mut self, values: usize, origin: Origin) -> Result<(), Stop> {
        self.values += values;
        if self.values <= MAX_VALUES {
            return Ok(());
        }
        let problem = Problem::new(format!(
            "more than {MAX_VALUES} values, aliases replaced by what they stand for"
        ));
        self.stop(origin, problem.help("split the file, or use fewer aliases"))
    }

    fn origin(&self, marker: Marker) -> Origin {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Origin { source: self.id, line: number(marker.line()), column: number(marker.col() + 1) }
    }

    fn stop<T>(&mut self, origin: Origin, problem: Problem) -> Result<T, Stop> {
        self.report(origin, problem)?;
        Err(Stop)
    }

    fn report(&mut self, origin: Origin, problem: Problem) -> Result<(), Stop> {
        let path = self.path_text();
        let mut location = Location::of(origin, self.sources);
        location.text = location.text.and_then(|line| syntax::showable(&line, origin.column));
        self.problems.push(problem.at(location).path(path));
        if self.problems.len() >= MAX_PROBLEMS { Err(Stop) } else { Ok(()) }
    }

    fn path_text(&self) -> String {
        let mut text = String::new();
        for step in &self.path {
            match step {
                Step::Key(key) if text.is_empty() => text.push_str(key),
                Step::Key(key) => text.extend([".", key]),
                Step::Index(index) => text.push_str(&format!("[{index}]")),
            }
        }
        text
    }
}

/// An unquoted, untagged `<<`.
fn is_merge(event: &Event<'_>) -> bool {
    matches!(event, Event::Scalar(text, ScalarStyle::Plain, _, None) if text == "<<")
}

/// `int` of `!!int` and of `!<tag:yaml.org,2002:int>`, `!` of `!` alone, `None` of other tags.
fn core_name(tag: &Tag) -> Option<&str> {
    if tag.is_yaml_core_schema() || (tag.handle.is_empty() && tag.suffix == "!") {
        return Some(&tag.suffix);
    }
    match tag.handle.as_str() {
        "" | "!" => tag.suffix.strip_prefix("tag:yaml.org,2002:"),
        _ => None,
    }
}

/// A tree's weight in values, and how many levels it has below its root.
fn measure(node: &Node) -> (usize, usize) {
    let text = |s: &str| s.len() / TEXT_PER_VALUE;
    let below = |weight: usize, child: (usize, usize), depth: usize| {
        (weight + child.0, depth.max(child.1 + 1))
    };
    match &node.value {
        Value::List(items) => items.iter().fold((1, 0), |(w, d), n| below(w, measure(n), d)),
        Value::Map(map) => map
            .iter()
            .fold((1, 0), |(w, d), (key, entry)| below(w + 1 + text(key), measure(&entry.node), d)),
        Value::String(s) => (1 + text(s), 0),
        _ => (1, 0),
    }
}
