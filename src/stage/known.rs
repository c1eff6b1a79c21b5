//! The manifest stage: values are known, and every construct prints its result.

use std::ops::Range;

use super::program::{Expr, Op};
use super::value::{Known, Scope, What};
use crate::error::Problem;
use crate::node::Node;
use crate::release::Release;
use crate::yaml::write::{self, Order};

/// Most programs print less, in bytes.
const USUAL: usize = 4096;

/// A part of a rendered text that a value printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The bytes.
    pub range: Range<usize>,
    /// The key of the value in the notation of `--set`; of several, the one that decided what was printed.
    pub key: &'static str,
}

/// What a program printed.
#[derive(Debug)]
pub struct Printed {
    /// The text: YAML, maybe of several documents, maybe of none.
    pub text: String,
    /// The parts that values printed, in their order.
    pub spans: Vec<Span>,
    /// The parts that are there because of a value, each before those inside it.
    pub decisions: Vec<Span>,
    /// Every value that is required and empty, where it would have been printed.
    pub missing: Vec<Problem>,
}

/// Runs a program with the values known. What the values lack counts as empty.
pub fn run(ops: &[Op], values: &Node, release: &Release) -> Printed {
    let scope = Scope { values, release, item: None, missing: Vec::new() };
    let mut run =
        Run { scope, text: String::with_capacity(USUAL), spans: Vec::new(), decisions: Vec::new() };
    run.ops(ops);
    Printed {
        text: run.text,
        spans: run.spans,
        decisions: run.decisions,
        missing: run.scope.missing,
    }
}

struct Run<'a> {
    scope: Scope<'a>,
    text: String,
    spans: Vec<Span>,
    decisions: Vec<Span>,
}

impl<'a> Run<'a> {
    fn ops(&mut self, ops: &[Op]) {
        for op in ops {
            self.op(op);
        }
    }

    fn op(&mut self, op: &Op) {
        match op {
            Op::Text(text) => self.text.push_str(text),
            Op::Print(expr) | Op::Raw(expr) => {
                let known = self.scope.evaluate(expr);
                self.print(known.key, |out| out.push_str(&known.as_text()));
            }
            Op::Quote(expr) => {
                let known = self.scope.evaluate(expr);
                self.print(known.key, |out| write::quote(&known.as_text(), out));
            }
            Op::Scalar(expr) => {
                let known = self.scope.evaluate(expr);
                self.print(known.key, |out| match &known.what {
                    What::Node(node) => write::append_scalar(node, out),
                    _ => write::string(&known.as_text(), out),
                });
            }
            Op::Block { of, key, indent } => self.block(of, *key, *indent),
            Op::Documents(list) => self.each(list, |run, document| {
                run.text.push_str("\n---\n");
                run.print(document.key, |out| {
                    if let What::Node(node) = document.what {
                        write::block(node, Order::Sorted, 0, out);
                    }
                });
            }),
            Op::When(condition, body) => {
                if self.scope.holds(condition) {
                    self.decided(condition.key(), body);
                }
            }
            Op::Each(list, body) => self.each(list, |run, item| {
                let outer = run.scope.item.replace(item);
                run.ops(body);
                run.scope.item = outer;
            }),
            Op::CheckRelease => {}
        }
    }

    fn block(&mut self, of: &Expr, key: Option<&str>, indent: usize) {
        let known = self.scope.evaluate(of);
        if !known.is_truthy() {
            return;
        }
        let indent = match key {
            Some(key) => {
                self.text.push('\n');
                write::indent(indent, &mut self.text);
                self.text.push_str(key);
                self.text.push(':');
                indent + 2
            }
            None => indent,
        };
        match known.what {
            What::Node(node) => {
                self.text.push('\n');
                self.print(known.key, |out| {
                    write::block(node, Order::Sorted, indent, out);
                    // The last line has no end yet, as after any other construct.
                    out.truncate(out.trim_end_matches('\n').len());
                });
            }
            What::Map(texts) => {
                for (name, (text, key)) in texts {
                    self.text.push('\n');
                    self.print(key, |out| {
                        write::indent(indent, out);
                        write::key(name, indent, out);
                        out.push(' ');
                        write::string(&text, out);
                    });
                }
            }
            What::Text(_) | What::Nothing => {}
        }
    }

    fn each(&mut self, list: &Expr, mut body: impl FnMut(&mut Self, Known<'a>)) {
        let list = self.scope.evaluate(list);
        if let What::Node(node) = list.what {
            for item in node.items() {
                body(self, Known { what: What::Node(item), key: list.key });
            }
        }
    }

    /// Prints what a condition lets through, and remembers the key that the condition looks at.
    fn decided(&mut self, key: Option<&'static str>, body: &[Op]) {
        let Some(key) = key else { return self.ops(body) };
        let (start, place) = (self.text.len(), self.decisions.len());
        self.decisions.push(Span { range: start..start, key });
        self.ops(body);
        self.decisions[place].range.end = self.text.len();
    }

    /// Prints something and remembers the key that it came from.
    fn print(&mut self, key: Option<&'static str>, print: impl FnOnce(&mut String)) {
        let start = self.text.len();
        print(&mut self.text);
        if let Some(key) = key
            && self.text.len() > start
        {
            self.spans.push(Span { range: start..self.text.len(), key });
        }
    }
}
