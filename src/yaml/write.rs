//! Values to YAML in block style, the shape of Helm's `toYaml`, but for what parsers disagree on.

use crate::node::{Map, Node, Value};

pub use super::quote::{append_scalar, quote, quoted, scalar, string};

/// The order of a map's keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By the bytes of the key, as Go's JSON and so Helm sort them.
    Sorted,
    /// As they were written or inserted.
    AsWritten,
}

/// Appends a value in block style, every line after `indent` spaces and ended by `\n`:
///
/// ```text
/// args:            a list stands under its key without further indentation
/// - --port=80      a scalar is plain or in double quotes, always on one line
/// - - a            a list or map in a list begins on the line of its `-`
///   - b
/// - key: 1
///   other: "yes"   whatever some parser could misread is quoted, keys too
/// labels: {}       an empty map is `{}`, an empty list `[]`
/// spec:
///   a: "x\ny"      a step is two spaces; nothing is folded
/// ```
///
/// A value that is no list or map, or an empty one, is one line.
pub fn block(node: &Node, order: Order, indent: usize, out: &mut String) {
    Writer { order, out }.lines(node, indent);
}

/// A whole document in the shape of [`block`], without indentation and without `---`.
pub fn document(node: &Node, order: Order) -> String {
    let mut out = String::new();
    block(node, order, 0, &mut out);
    out
}

/// Appends a map's key with its colon, where a line is already indented by `indent`.
pub fn key(key: &str, indent: usize, out: &mut String) {
    let start = out.len();
    string(key, out);
    if out.len() - start > LONGEST_SIMPLE_KEY {
        out.insert_str(start, "? ");
        out.push('\n');
        self::indent(indent, out);
    }
    out.push(':');
}

/// Appends spaces.
pub fn indent(spaces: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', spaces));
}

/// YAML reads at most 1024 characters ahead for the colon of a key; a longer one needs a `? `.
const LONGEST_SIMPLE_KEY: usize = 1000;

struct Writer<'a> {
    order: Order,
    out: &'a mut String,
}

impl Writer<'_> {
    fn lines(&mut self, node: &Node, indent: usize) {
        self::indent(indent, self.out);
        self.node(node, indent);
    }

    /// Writes a value where a line is already indented by `indent`.
    fn node(&mut self, node: &Node, indent: usize) {
        match &node.value {
            Value::Map(map) if !map.is_empty() => self.map(map, indent),
            Value::List(items) if !items.is_empty() => {
                for (i, item) in items.iter().enumerate() {
                    self.next_line(i, indent);
                    self.out.push_str("- ");
                    self.node(item, indent + 2);
                }
            }
            _ => {
                append_scalar(node, self.out);
                self.out.push('\n');
            }
        }
    }

    fn map(&mut self, map: &Map, indent: usize) {
        let mut entries: Vec<_> = map.iter().collect();
        if self.order == Order::Sorted {
            entries.sort_unstable_by_key(|(key, _)| key.as_str());
        }
        for (i, (key, entry)) in entries.into_iter().enumerate() {
            self.next_line(i, indent);
            self::key(key, indent, self.out);
            match &entry.node.value {
                Value::Map(map) if !map.is_empty() => {
                    self.out.push('\n');
                    self.lines(&entry.node, indent + 2);
                }
                Value::List(items) if !items.is_empty() => {
                    self.out.push('\n');
                    self.lines(&entry.node, indent);
                }
                _ => {
                    self.out.push(' ');
                    self.node(&entry.node, indent);
                }
            }
        }
    }

    /// Indents all entries but the first, whose line its owner began.
    fn next_line(&mut self, entry: usize, indent: usize) {
        if entry > 0 {
            self::indent(indent, self.out);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Just, Strategy, any, prop, prop_assert_eq, prop_oneof, proptest};
    use serde_json::{Value, json};

    use super::Order;
    use crate::node::Node;
    use crate::source::Sources;
    use crate::yaml::{decode, read};

    fn block(json: &Value, order: Order, indent: usize, out: &mut String) {
        super::block(&Node::from_json(json), order, indent, out);
    }

    fn document(json: &Value, order: Order) -> String {
        super::document(&Node::from_json(json), order)
    }

    fn read(text: &str) -> Result<Value, String> {
        let mut sources = Sources::default();
        let text = decode(text.as_bytes(), "test").map_err(|p| p.to_string())?;
        let id = sources.add("test", text);
        let mut nodes = read::stream(id, &sources).map_err(|problems| format!("{problems:?}"))?;
        nodes.pop().map(|node| node.to_json()).ok_or_else(|| "no document".to_owned())
    }

    #[test]
    fn writes_the_shape_of_to_yaml() {
        let value = json!({
            "z": {"b": 1, "a": "x\ny", "empty": {}, "none": []},
            "args": ["--port=80", ["a", ["b"], []], {"key": [1, {"x": null}], "other": "yes"}, {}],
            "on": true,
            "2": 0.5,
        });
        let mut out = String::from("top:\n");
        block(&value, Order::Sorted, 2, &mut out);
        assert_eq!(
            out,
            r#"top:
  "2": 0.5
  args:
  - "--port=80"
  - - a
    - - b
    - []
  - key:
    - 1
    - x: null
    other: "yes"
  - {}
  "on": true
  z:
    a: "x\ny"
    b: 1
    empty: {}
    none: []
"#
        );
        assert_eq!(read(&out).unwrap(), json!({"top": value}));
    }

    #[test]
    fn keeps_the_order_of_keys_on_demand() {
        let value = json!({"b": 1, "a": {"d": 1, "c": 2}});
        assert_eq!(document(&value, Order::AsWritten), "b: 1\na:\n  d: 1\n  c: 2\n");
        assert_eq!(document(&value, Order::Sorted), "a:\n  c: 2\n  d: 1\nb: 1\n");
        assert_eq!(document(&json!("a b"), Order::Sorted), "\"a b\"\n");
        assert_eq!(document(&json!({}), Order::Sorted), "{}\n");
        assert_eq!(document(&json!(["a"]), Order::Sorted), "- a\n");
    }

    #[test]
    fn a_very_long_key_comes_back() {
        let long = "k".repeat(5000);
        for inner in [json!(1), json!({"a": 1}), json!([1]), json!({})] {
            let value = json!({"a": {&long: inner, "z": [{&long: inner, "y": 1}]}});
            assert_eq!(read(&document(&value, Order::Sorted)).unwrap(), value);
        }
    }

    #[test]
    fn hostile_strings_come_back_as_values_and_as_keys() {
        for text in [
            "",
            " ",
            "\n",
            "\t",
            "\r\n",
            "~",
            "null",
            "y",
            "on",
            "0x1F",
            "010",
            "1_0",
            ".5",
            "1e3",
            ".inf",
            "12:30",
            "2001-12-14",
            "=",
            "<<",
            "-",
            "- a",
            "---",
            "...",
            "a: b",
            "a:",
            "#",
            "a #b",
            "&a",
            "*a",
            "!!int 1",
            "|",
            ">-",
            "%YAML 1.2",
            "@",
            "`",
            "'",
            "\"",
            "\\",
            "\\n",
            "[",
            "{",
            "]",
            "}",
            ",",
            "?",
            ":",
            "\u{feff}",
            "\u{85}",
            "\u{2028}",
            "\0",
            "\u{7f}",
            "\u{fffe}",
            "\u{10ffff}",
            "\u{202e}",
            "活字格",
            "😀",
            "{{ .Values.x }}",
            "a\u{a0}b",
        ] {
            let value = json!({"v": text, text: [text, {text: text}]});
            assert_eq!(read(&document(&value, Order::Sorted)).unwrap(), value, "{text:?}");
        }
    }

    fn text() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            "[-+.:0-9eExXobn_~ynNY#,\\[\\]{}&*!|>'\"%@` \n\ta-f?=<]{0,8}",
            prop::sample::select(vec!["yes", "no", "null", "1e3", "0o7", "<<", "on", ".nan"])
                .prop_map(str::to_owned),
        ]
    }

    fn value() -> impl Strategy<Value = Value> {
        let number = prop_oneof![
            (-(1_i64 << 53)..=1 << 53).prop_map(Value::from),
            any::<f64>().prop_filter("fractions", |f| f.fract() != 0.0).prop_map(Value::from),
        ];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            number,
            text().prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::vec((text(), inner), 0..5)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(value in value(), indent in 0_usize..5) {
            let wrapped = json!({"root": value});
            for order in [Order::Sorted, Order::AsWritten] {
                prop_assert_eq!(read(&document(&wrapped, order)), Ok(wrapped.clone()));
            }
            let mut out = String::new();
            block(&wrapped, Order::Sorted, indent, &mut out);
            prop_assert_eq!(read(&out), Ok(wrapped));
        }
    }
}
