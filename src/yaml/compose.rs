//! From the parser's events to a tree: scalars, lists, maps, aliases and merge keys.

use std::borrow::Cow;
use std::collections::HashSet;

use saphyr_parser::{Event, ScalarStyle, Span};
use smol_str::SmolStr;

use super::read::{Anchored, MAX_DEPTH, Reader, Step, Stop, TEXT_PER_VALUE, Taken};
use super::{dialect, slip, syntax, tag};
use crate::error::Problem;
use crate::node::{Entry, Map, Node, Value};
use crate::source::Origin;

impl<'a> Reader<'a> {
    /// The node that an event begins. Nothing at all has no origin: its owner knows a better one
    /// than the parser, which gives that of the next node.
    pub(super) fn node(&mut self, (event, span): Taken<'a>) -> Result<Node, Stop> {
        let origin = self.origin(span.start);
        self.spend(1, origin)?;
        self.check_anchor(&event, span)?;
        let (anchor, value) = match event {
            Event::Alias(anchor) => return self.alias(anchor, origin),
            Event::Scalar(text, style, anchor, tag) => {
                let empty = text.is_empty() && style == ScalarStyle::Plain;
                if empty && anchor == 0 && tag.is_none() {
                    return Ok(Node::new(Value::Null, None));
                }
                self.spend(text.len() / TEXT_PER_VALUE, origin)?;
                let text = self.text(text, style, span)?;
                (anchor, self.or_null(origin, tag::value(text, style, tag.as_deref()))?)
            }
            Event::SequenceStart(anchor, tag) => {
                let refused = tag.and_then(|tag| tag::check_collection(&tag, "seq"));
                self.report_any(origin, refused)?;
                (anchor, self.nested(span, Self::list)?)
            }
            Event::MappingStart(anchor, tag) => {
                let refused = tag.and_then(|tag| tag::check_collection(&tag, "map"));
                self.report_any(origin, refused)?;
                (anchor, self.nested(span, Self::map)?)
            }
            _ => return Err(Stop),
        };
        let node = Node::new(value, Some(origin));
        if anchor > 0 {
            let (weight, depth) = measure(&node);
            // The copy that is kept takes memory like any other.
            self.spend(weight, origin)?;
            self.anchors.insert(anchor, Anchored { node: node.clone(), weight, depth });
        }
        Ok(node)
    }

    fn alias(&mut self, anchor: usize, origin: Origin) -> Result<Node, Stop> {
        let Some(Anchored { node, weight, depth }) = self.anchors.remove(&anchor) else {
            return self.stop(origin, Problem::new("this alias stands inside its own anchor"));
        };
        self.spend(weight, origin)?;
        if self.depth + depth > MAX_DEPTH {
            return self.stop(origin, syntax::too_deep(MAX_DEPTH));
        }
        let value = node.value.clone();
        self.anchors.insert(anchor, Anchored { node, weight, depth });
        Ok(Node::new(value, Some(origin)))
    }

    /// The text of a scalar, by the rules of Helm's dialect.
    fn text(
        &mut self,
        text: Cow<'a, str>,
        style: ScalarStyle,
        span: Span,
    ) -> Result<Cow<'a, str>, Stop> {
        self.cover(span.start, span.end);
        let refused = match style {
            ScalarStyle::Plain if self.flow => dialect::check_plain_in_flow(&text),
            ScalarStyle::DoubleQuoted if text.contains('/') => {
                dialect::check_escapes(self.cursor.slice(span))
            }
            ScalarStyle::Literal | ScalarStyle::Folded
                if self.cursor.slice(span) == self.cursor.rest() =>
            {
                match dialect::unterminated(&text, self.text) {
                    Ok(text) => return Ok(Cow::Owned(text.to_owned())),
                    Err(problem) => Some(problem),
                }
            }
            _ => None,
        };
        self.report_any(self.origin(span.start), refused)?;
        Ok(text)
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
        let around = self.flow;
        // The span of a collection in block style is what stands before it: an anchor, a tag.
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

    fn list(&mut self) -> Result<Value, Stop> {
        let mut items = Vec::new();
        loop {
            let taken = self.next()?;
            if matches!(taken.0, Event::SequenceEnd) {
                items.shrink_to_fit();
                return Ok(Value::List(items));
            }
            let origin = self.origin(taken.1.start);
            self.path.push(Step::Index(items.len()));
            let mut item = self.node(taken)?;
            self.path.pop();
            item.origin.get_or_insert(origin);
            items.push(item);
        }
    }

    fn map(&mut self) -> Result<Value, Stop> {
        let mut map = Map::new();
        let mut merged = Merged::default();
        loop {
            let taken = self.next()?;
            let key_origin = self.origin(taken.1.start);
            if matches!(taken.0, Event::MappingEnd) {
                map.shrink_to_fit();
                return Ok(Value::Map(map));
            }
            if is_merge(&taken.0) {
                self.merge(&mut map, &mut merged, key_origin)?;
                continue;
            }
            let key = self.key(taken)?;
            let known = key.is_some();
            let (mut node, step) = self.under(Step::Key(key.unwrap_or_default()))?;
            node.origin.get_or_insert(key_origin);
            let Some(Step::Key(key)) = step.filter(|_| known) else { continue };
            let entry = Entry { key_origin: Some(key_origin), node };
            match map.get(&key).map(|before| before.key_origin) {
                Some(before) if !merged.keys.remove(&key) => {
                    self.duplicate(&key, key_origin, before)?;
                }
                _ => {
                    map.insert(key, entry);
                }
            }
        }
    }

    /// Reads the node of a key, and gives the key back.
    fn under(&mut self, step: Step) -> Result<(Node, Option<Step>), Stop> {
        self.path.push(step);
        let taken = self.next()?;
        let node = self.node(taken)?;
        Ok((node, self.path.pop()))
    }

    /// The key that an event begins, or `None` after reporting that it is no string.
    fn key(&mut self, taken: Taken<'a>) -> Result<Option<SmolStr>, Stop> {
        let (origin, before) = (self.origin(taken.1.start), self.problems());
        let mut written = None;
        if let Event::Scalar(text, ScalarStyle::Plain, ..) = &taken.0 {
            written = Some(text.clone());
            if self.flow {
                let length = self.cursor.slice(taken.1).len();
                let refused = dialect::check_colon_in_flow(&self.cursor.rest()[length..]);
                self.report_any(origin, refused)?;
            }
        }
        let kind = match self.node(taken)?.value {
            Value::String(key) => return Ok(Some(key)),
            _ if self.problems() > before => return Ok(None),
            other => other.kind(),
        };
        if written.is_none()
            && let Some((line, column, problem)) = slip::find(self.text, origin.line)
        {
            self.report(Origin { line, column, ..origin }, problem)?;
            return Ok(None);
        }
        let problem = match written.as_deref() {
            Some("") => Problem::new("a value without a key").help("write `key: value`"),
            Some(text) => Problem::new(format!("the key `{text}` is {kind} to Helm, not a string"))
                .help(format!("quote it: `\"{text}\":`")),
            None => Problem::new(format!("{kind} as a key")).help("a key must be a string"),
        };
        self.report(origin, problem)?;
        Ok(None)
    }

    /// `<<: *defaults`: takes over what the map does not have.
    fn merge(&mut self, map: &mut Map, merged: &mut Merged, origin: Origin) -> Result<(), Stop> {
        if let Some(first) = merged.at.replace(origin) {
            self.duplicate("<<", origin, Some(first))?;
        }
        let (node, _) = self.under(Step::Key("<<".into()))?;
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
                    merged.keys.insert(key.clone());
                    map.insert(key, entry);
                } else if !merged.keys.contains(&key) {
                    // Helm lets the merged value win here, the YAML specification the written one.
                    let problem = Problem::new(format!("`<<` also has the key `{key}` from above"))
                        .help("write `<<` first in the map; what follows it then wins everywhere");
                    self.report(origin, problem)?;
                }
            }
        }
        Ok(())
    }

    fn duplicate(&mut self, key: &str, at: Origin, first: Option<Origin>) -> Result<(), Stop> {
        let help = match first {
            Some(first) => format!(
                "it is already at line {}, column {}; keep one of the two",
                self.line(first),
                first.column
            ),
            None => "keep one of the two".to_owned(),
        };
        self.report(at, Problem::new(format!("duplicate key `{key}`")).help(help))
    }

    fn check_anchor(&mut self, event: &Event<'_>, span: Span) -> Result<(), Stop> {
        let (Event::Alias(anchor)
        | Event::Scalar(_, _, anchor, _)
        | Event::SequenceStart(anchor, _)
        | Event::MappingStart(anchor, _)) = event
        else {
            return Ok(());
        };
        if *anchor == 0 || !self.cursor.seek(span.start) {
            return Ok(());
        }
        let refused = dialect::check_anchor(self.cursor.rest());
        self.report_any(self.origin(span.start), refused)
    }

    fn or_null(&mut self, at: Origin, value: Result<Value, Problem>) -> Result<Value, Stop> {
        value.or_else(|problem| self.report(at, problem).map(|()| Value::Null))
    }

    fn report_any(&mut self, at: Origin, problem: Option<Problem>) -> Result<(), Stop> {
        problem.map_or(Ok(()), |problem| self.report(at, problem))
    }
}

/// What merge keys did to a map.
#[derive(Default)]
struct Merged {
    /// Where the `<<` stands.
    at: Option<Origin>,
    /// The keys that came with it, and that may still be written.
    keys: HashSet<SmolStr>,
}

/// An unquoted, untagged `<<`.
fn is_merge(event: &Event<'_>) -> bool {
    matches!(event, Event::Scalar(text, ScalarStyle::Plain, _, None) if text == "<<")
}

/// A tree's weight in values, and how many levels it has below its root.
fn measure(node: &Node) -> (usize, usize) {
    let text = |s: &str| s.len() / TEXT_PER_VALUE;
    let add = |(weight, depth): (usize, usize), key: usize, child: &Node| {
        let (below, levels) = measure(child);
        (weight + key + below, depth.max(levels + 1))
    };
    match &node.value {
        Value::List(items) => items.iter().fold((1, 1), |sum, item| add(sum, 0, item)),
        Value::Map(map) => {
            map.iter().fold((1, 1), |sum, (key, entry)| add(sum, 1 + text(key), &entry.node))
        }
        Value::String(s) => (1 + text(s), 0),
        _ => (1, 0),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use crate::node::{Node, Value};
    use crate::source::Sources;
    use crate::yaml::read::document;

    fn tree(text: &str) -> Result<Node, String> {
        let mut sources = Sources::default();
        let id = sources.add("v", text);
        document(id, &sources).map_err(|p| p.iter().map(|p| format!("{p}\n")).collect())
    }

    fn read(text: &str) -> Result<Json, String> {
        tree(text).map(|node| node.to_json())
    }

    fn refuse(text: &str) -> String {
        read(text).unwrap_err()
    }

    /// Each of these was read alike by Helm 3.17 and Helm 4.1 with `fromYaml`.
    #[test]
    fn reads_structure_as_helm_does() {
        for (text, expected) in [
            ("a: b\n  c\n\n  d\n", json!({"a": "b c\nd"})),
            ("a: key:value\n", json!({"a": "key:value"})),
            ("a:\n- - b\n  - c\n-\n- {}\n", json!({"a": [["b", "c"], null, {}]})),
            ("a:\n- b: 1\n  c: 2\n", json!({"a": [{"b": 1, "c": 2}]})),
            ("? a\n: b\n", json!({"a": "b"})),
            ("a: x#y # z\n", json!({"a": "x#y"})),
            ("\"on\": 1\n'1': 2\n", json!({"on": 1, "1": 2})),
            (
                "a: |\n  x\n   y\n\n  z\n\nb: >-\n  x\n  y\n\n  z\n",
                json!({"a": "x\n y\n\nz\n", "b": "x y\nz"}),
            ),
            ("a: |+\n  x\n\nb: |2\n   x\n", json!({"a": "x\n\n", "b": " x\n"})),
            ("a: |\n  x", json!({"a": "x"})),
            ("a: |\r\n  x\r\nb: 'y\r\n  z'\r\n", json!({"a": "x\n", "b": "y z"})),
            ("a: [b, c: d, \"e\":f, g,]\n", json!({"a": ["b", {"c": "d"}, {"e": "f"}, "g"]})),
            (
                "a: {b, c: , \"d\":1, e: [\n  f\n  ]}\n",
                json!({"a": {"b": null, "c": null, "d": 1, "e": ["f"]}}),
            ),
            ("{\n\t\"a\": [1,\n\t2]\n}\n", json!({"a": [1, 2]})),
            (
                "a: \"x\\\n  y\\t\\x41\\u4e2d\\U0001F600\\e\\_\\N\\L\"\n",
                json!({"a": "xy\tA中😀\u{1b}\u{a0}\u{85}\u{2028}"}),
            ),
            ("a: 'it''s'\n", json!({"a": "it's"})),
            ("a: 1\t# tab\n", json!({"a": 1})),
            ("活字格: 端口 # 注释\n", json!({"活字格": "端口"})),
            ("a: 80.0\nb: 1_000\nc: 010\n", json!({"a": 80, "b": 1000, "c": 8})),
        ] {
            assert_eq!(read(text), Ok(expected), "{text:?}");
        }
    }

    #[test]
    fn every_node_and_key_knows_its_place() {
        let node = tree("# c\n名: {b: 1}\nlist:\n- x\n-\nnone:\nz: &q !!str 1\nk: *q\n").unwrap();
        let Value::Map(map) = &node.value else { panic!() };
        let place = |o: Option<crate::source::Origin>| o.map(|o| (o.line, o.column)).unwrap();
        assert_eq!(place(node.origin), (2, 1));
        let at = |key: &str| (place(map[key].key_origin), place(map[key].node.origin));
        assert_eq!(at("名"), ((2, 1), (2, 4)));
        assert_eq!(at("list"), ((3, 1), (4, 3)));
        assert_eq!(at("none"), ((6, 1), (6, 1)));
        assert_eq!(at("z"), ((7, 1), (7, 4)));
        assert_eq!(at("k"), ((8, 1), (8, 4)));
        let Value::Map(inner) = &map["名"].node.value else { panic!() };
        assert_eq!(place(inner["b"].key_origin), (2, 5));
        assert_eq!(place(inner["b"].node.origin), (2, 8));
        let Value::List(items) = &map["list"].node.value else { panic!() };
        assert_eq!(place(items[0].origin), (4, 3));
        assert_eq!(place(items[1].origin).0, 5);
    }

    #[test]
    fn merge_keys_take_over_what_is_not_written() {
        assert_eq!(
            read("x: &x {a: 1, b: 2}\nm:\n  <<: *x\n  b: 3\n").unwrap()["m"],
            json!({"a": 1, "b": 3})
        );
        assert_eq!(read("<<: [{a: 1}, {a: 2, b: 3}]\n"), Ok(json!({"a": 1, "b": 3})));
        assert_eq!(read("\"<<\": {a: 1}\n"), Ok(json!({"<<": {"a": 1}})));
        assert!(refuse("x: &x {a: 1}\nm:\n  a: 2\n  <<: *x\n").contains("4:3: m: `<<` also has"));
        assert!(refuse("<<: {a: 1}\n<<: {b: 1}\n").contains("duplicate key `<<`"));
        assert!(refuse("<<: {a: 1}\na: 2\na: 3\n").contains("v:3:1: duplicate key `a`"));
        assert!(refuse("<<: 1\n").contains("`<<` merges an integer"));
        assert!(refuse("<<: [1]\n").contains("`<<` merges an integer"));
    }

    #[test]
    fn aliases_repeat_values_and_keys() {
        assert_eq!(read("a: &x [1]\nb: *x\n"), Ok(json!({"a": [1], "b": [1]})));
        assert_eq!(read("a: &x y1\n*x : 2\n"), Ok(json!({"a": "y1", "y1": 2})));
        assert_eq!(read("a: &x 1\nb: &x 2\nc: *x\n").unwrap()["c"], json!(2));
        assert!(refuse("a: &x [*x]\n").contains("inside its own anchor"));
        assert!(refuse("a: *x\n").contains("v:1:4: a: an alias without an anchor"));
        assert!(refuse("a: &x.y {b: 1}\n").contains("anchor name `x.y`"));
    }

    #[test]
    fn refuses_keys_that_are_no_strings() {
        for (text, message) in [
            ("on: 1", "the key `on` is a boolean to Helm, not a string"),
            ("1: 1", "the key `1` is an integer"),
            ("1.5: 1", "the key `1.5` is a number"),
            ("null: 1", "the key `null` is null"),
            (": 1", "a value without a key"),
            ("? [a]\n: 1", "a list as a key"),
            ("{a: 1}: 1", "a map as a key"),
            ("!!int \"1\": 1", "an integer as a key"),
        ] {
            assert!(refuse(text).contains(message), "{text} {}", refuse(text));
        }
        assert!(refuse("y: 1").contains("help: quote it: `\"y\":`"));
    }

    #[test]
    fn names_the_first_place_of_a_duplicate_key() {
        let shown = refuse("a:\n  b: 1\n  c: 2\n  \"b\": 3\n");
        assert!(shown.starts_with("v:4:3: a: duplicate key `b`"), "{shown}");
        assert!(shown.contains("already at line 2, column 3"), "{shown}");
    }
}
