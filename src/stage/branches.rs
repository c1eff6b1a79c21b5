//! Which decisions of a program fall which way: for the test that each is taken both ways by something that real Helm renders, too.

use std::collections::BTreeMap;

use super::go;
use super::program::{Condition, Expr, Op, Program};
use super::value::{Known, Scope, What};
use crate::node::Node;
use crate::release::Release;

/// Decisions by the template and the place in its program, and how each fell so far.
#[derive(Default)]
pub(crate) struct Branches(BTreeMap<(&'static str, Vec<usize>), Branch>);

/// One decision.
struct Branch {
    /// What is asked, as Helm's engine reads it.
    question: String,
    yes: bool,
    no: bool,
}

impl Branches {
    /// Notes every decision of these programs, as one that was not yet met.
    pub(crate) fn of(programs: &[Program]) -> Self {
        let mut branches = Self::default();
        for program in programs {
            Walk { branches: &mut branches, template: program.path, scope: None, site: Vec::new() }
                .ops(program.ops);
        }
        branches
    }

    /// Runs the programs with these values and notes how their decisions fall.
    pub(crate) fn take(&mut self, programs: &[Program], values: &Node, release: &Release) {
        for program in programs {
            let scope = Scope { values, release, item: None, missing: Vec::new() };
            Walk { branches: self, template: program.path, scope: Some(scope), site: Vec::new() }
                .ops(program.ops);
        }
    }

    /// Every decision that never fell one of its ways.
    pub(crate) fn untaken(&self) -> Vec<String> {
        let untaken = self.0.iter().filter(|(_, branch)| !(branch.yes && branch.no));
        untaken
            .map(|((template, _), Branch { question, yes, no })| {
                let how = match (yes, no) {
                    (false, false) => "never asked",
                    (true, _) => "always true",
                    (false, true) => "never true",
                };
                let question: Vec<_> = question.split_whitespace().collect();
                format!("{template}: {how}: {}", question.join(" "))
            })
            .collect()
    }

    /// How many decisions there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

/// A way through a program: with a scope, the way that its values take, and without one, every way.
struct Walk<'a, 'v> {
    branches: &'a mut Branches,
    template: &'static str,
    scope: Option<Scope<'v>>,
    /// The steps down to here, which tell a decision from its like.
    site: Vec<usize>,
}

impl Walk<'_, '_> {
    fn ops(&mut self, ops: &[Op]) {
        self.each(ops, Self::op);
    }

    fn each<'p, T>(&mut self, parts: &'p [T], mut visit: impl FnMut(&mut Self, &'p T)) {
        for (index, part) in parts.iter().enumerate() {
            self.site.push(index);
            visit(self, part);
            self.site.pop();
        }
    }

    fn op(&mut self, op: &Op) {
        match op {
            Op::Text(_) | Op::CheckRelease => {}
            Op::Print(of) | Op::Raw(of) | Op::Quote(of) | Op::Scalar(of) => self.expr(of),
            Op::Block { of, .. } | Op::Documents(of) => {
                self.filled(of);
            }
            Op::When(condition, body) => {
                if self.condition(condition) {
                    self.ops(body);
                }
            }
            Op::Each(list, body) => {
                if self.filled(list) {
                    self.bodies(list, body);
                }
            }
        }
    }

    fn bodies(&mut self, list: &Expr, body: &[Op]) {
        let Some(scope) = &mut self.scope else { return self.ops(body) };
        let What::Node(list) = scope.evaluate(list).what else { return };
        for item in list.items() {
            if let Some(scope) = &mut self.scope {
                scope.item = Some(Known { what: What::Node(item), key: None });
            }
            self.ops(body);
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::OrElse(of, with) => {
                let is_filled = self.filled(of);
                if !is_filled || self.scope.is_none() {
                    self.each(&[with], |walk, with| walk.expr(with));
                }
            }
            Expr::Required { of, .. } => self.each(&[of], |walk, of| walk.expr(of)),
            Expr::Only(of, condition) => {
                let holds = self.condition(condition);
                if holds {
                    self.each(&[of], |walk, of| walk.expr(of));
                }
            }
            Expr::Base64(of) | Expr::Label(of) => self.expr(of),
            Expr::Image(_, of) => {
                self.filled(of);
            }
            Expr::JoinPath(of, with) => self.each(&[of, with], |walk, part| walk.expr(part)),
            Expr::Join(parts) | Expr::Merge(parts) => self.each(parts, Self::expr),
            Expr::Map(entries) => self.each(entries, |walk, (_, value)| walk.expr(value)),
            _ => {}
        }
    }

    /// Whether a value is not empty.
    fn filled(&mut self, of: &Expr) -> bool {
        self.each(&[of], |walk, of| walk.expr(of));
        self.decide(go::expression(of), |scope| scope.evaluate(of).is_truthy())
    }

    fn condition(&mut self, condition: &Condition) -> bool {
        if let Condition::Not(condition) = condition {
            return !self.condition(condition) || self.scope.is_none();
        }
        // Each way to fulfil it must be met, too.
        match condition {
            Condition::Any(values) if values.len() > 1 => self.each(values, |walk, value| {
                walk.filled(value);
            }),
            Condition::Is(value, options) if options.len() > 1 => {
                self.each(options, |walk, option| {
                    let one = Condition::Is(*value, std::slice::from_ref(option));
                    walk.decide(go::condition(&one), |scope| scope.holds(&one));
                });
            }
            _ => {}
        }
        self.decide(go::condition(condition), |scope| scope.holds(condition))
    }

    /// Notes how a decision falls.
    fn decide(&mut self, question: String, ask: impl FnOnce(&mut Scope) -> bool) -> bool {
        let place = (self.template, self.site.clone());
        let branch =
            self.branches.0.entry(place).or_insert(Branch { question, yes: false, no: false });
        let Some(scope) = &mut self.scope else { return true };
        let is = ask(scope);
        *(if is { &mut branch.yes } else { &mut branch.no }) = true;
        is
    }
}
