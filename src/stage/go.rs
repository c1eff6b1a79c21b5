//! The chart stage: a program as a Helm template, where every construct is the action that computes its result at install.

use super::program::{Condition, Expr, Kind, Op};

/// The partial of the chart that assembles an image's reference.
const IMAGE_PARTIAL: &str = "forguncy.image";
/// The partial of the chart that refuses a release.
const RELEASE_PARTIAL: &str = "forguncy.release";

/// How long a condition may get by the conditions within it.
const READABLE: usize = 120;

/// A program as the text of a Helm template, which begins with its first line that is not empty and ends with a line break.
pub fn template(ops: &[Op]) -> String {
    format!("{}\n", Writer::new().text(ops).trim_matches('\n'))
}

/// A Go string literal.
pub fn string(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for c in text.chars() {
        match c {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}

/// An expression as Helm's engine reads it, outside of any `range`.
pub fn expression(expr: &Expr) -> String {
    Writer::new().expression(expr)
}

/// A condition as Helm's engine reads it, outside of any `range`.
#[cfg(test)]
pub(super) fn condition(condition: &Condition) -> String {
    Writer::new().condition(condition)
}

struct Writer {
    /// What stands before `.Values`: inside `range` the dot is the element, and `$` is what the dot was.
    root: &'static str,
    /// Columns before the line that an expression begins in, for one of several lines.
    margin: usize,
}

impl Writer {
    fn new() -> Self {
        Self { root: "", margin: 0 }
    }

    /// A line break within an expression.
    fn line(&self, indent: usize) -> String {
        format!("\n{}", " ".repeat(self.margin + indent))
    }

    fn text(&self, ops: &[Op]) -> String {
        let mut text = String::new();
        let mut rest = ops;
        while let Some((op, after)) = rest.split_first() {
            rest = after;
            match (op, after.split_first()) {
                (Op::When(condition, body), Some((Op::When(other, otherwise), after)))
                    if is_opposite(condition, other) =>
                {
                    rest = after;
                    text.push_str(&self.either(condition, body, otherwise));
                }
                _ => text.push_str(&self.op(op)),
            }
        }
        text
    }

    /// One of two bodies.
    fn either(&self, condition: &Condition, body: &[Op], otherwise: &[Op]) -> String {
        let (body, otherwise) = (self.text(body), self.text(otherwise));
        let action = format!("if {}", self.condition(condition));
        let margin = margin(&body);
        section(&action, &format!("{body}\n{margin}{{{{- else }}}}{otherwise}"))
    }

    /// What holds when an [`Op::When`] prints its body, and the body: a condition that is all there is within another is
    /// part of it, as long as the line can be read.
    fn when<'o>(&self, condition: &Condition, mut body: &'o [Op]) -> (String, &'o [Op]) {
        let mut all = self.condition(condition);
        let mut count = 1;
        while let [Op::When(inner, within)] = body {
            let inner = grouped(self.condition(inner));
            if all.len() + inner.len() > READABLE {
                break;
            }
            all = match count {
                1 => format!("and {} {inner}", grouped(all)),
                _ => format!("{all} {inner}"),
            };
            (count, body) = (count + 1, within);
        }
        (all, body)
    }

    fn op(&self, op: &Op) -> String {
        match op {
            Op::Text(text) => (*text).to_owned(),
            Op::Print(expr) | Op::Raw(expr) => {
                let int = if expr.kind() == Kind::Int { " | int64" } else { "" };
                format!("{{{{ {}{int} }}}}", self.expression(expr))
            }
            Op::Quote(expr) => {
                let int = if expr.kind() == Kind::Int { " | int64" } else { "" };
                format!("{{{{ {}{int} | quote }}}}", self.expression(expr))
            }
            Op::Scalar(expr) => format!("{{{{ toYaml {} }}}}", self.argument(expr)),
            Op::Block { of, key, indent } => self.block(of, *key, *indent),
            // A comment ends each document: Helm trims documents, and would trim a last string's final newlines with them.
            Op::Documents(list) => format!(
                "{{{{- range {} }}}}\n---\n{{{{ toYaml . }}}}\n# end\n{{{{- end }}}}",
                self.expression(list)
            ),
            Op::When(condition, body) => {
                let (condition, body) = self.when(condition, body);
                section(&format!("if {condition}"), &self.text(body))
            }
            Op::Each(list, body) => {
                let body = Self { root: "$", ..*self }.text(body);
                section(&format!("range {}", self.expression(list)), &body)
            }
            Op::CheckRelease => format!("{{{{- include \"{RELEASE_PARTIAL}\" . }}}}"),
        }
    }

    fn block(&self, of: &Expr, key: Option<&str>, indent: usize) -> String {
        let head = Self { margin: indent, ..*self }.expression(of);
        let margin = " ".repeat(indent);
        let (key, indent) = match key {
            Some(key) => (format!("\n{margin}{key}:\n{margin}  "), indent + 2),
            None => (format!("\n{margin}"), indent),
        };
        format!(
            "\n{margin}{{{{- with {head} }}}}{key}{{{{- toYaml . | nindent {indent} }}}}\n{margin}{{{{- end }}}}"
        )
    }

    fn expression(&self, expr: &Expr) -> String {
        let root = self.root;
        match expr {
            Expr::Value(_, key) => format!("{root}.Values.{key}"),
            Expr::Name => format!("{root}.Release.Name"),
            Expr::Namespace => format!("{root}.Release.Namespace"),
            Expr::Service => format!("{root}.Release.Service"),
            Expr::AppVersion => format!("{root}.Chart.AppVersion"),
            Expr::Item => ".".to_owned(),
            Expr::Constant(text) => string(text),
            Expr::Join(parts) => self.join(parts),
            Expr::OrElse(of, with) => {
                format!("{} | default {}", self.expression(of), self.argument(with))
            }
            Expr::Required { of, key, message } => {
                format!("required {} {}", string(&format!("{key}: {message}")), self.argument(of))
            }
            Expr::Base64(of) => format!("{} | b64enc", self.expression(of)),
            Expr::Fingerprint(of) => format!("{} | sha256sum | trunc 4", self.expression(of)),
            Expr::Label(of) => format!("{} | trunc 63 | trimAll \"-_.\"", self.expression(of)),
            Expr::JoinPath(of, with) => {
                let (folder, with) = (self.expression(of), self.argument(with));
                format!("printf \"%s/%s\" ({folder} | trimSuffix \"/\") {with}")
            }
            Expr::Image(key, registry) => {
                let registry = self.argument(registry);
                format!(
                    "include \"{IMAGE_PARTIAL}\" (dict \"image\" {root}.Values.{key} \"registry\" {registry})"
                )
            }
            Expr::Map(entries) => {
                let gap = if entries.len() > 1 { self.line(8) } else { " ".to_owned() };
                entries.iter().fold("dict".to_owned(), |dict, (key, value)| {
                    format!("{dict}{gap}{} {}", string(key), self.text_argument(value))
                })
            }
            Expr::Merge(maps) => self.merge(maps),
            Expr::Only(of, condition) => self.only(of, condition),
        }
    }

    fn join(&self, parts: &[Expr]) -> String {
        let mut format = String::new();
        let mut arguments = String::new();
        for part in parts {
            if let Expr::Constant(text) = part {
                format.push_str(&text.replace('%', "%%"));
            } else {
                format.push_str("%s");
                arguments.push(' ');
                arguments.push_str(&self.text_argument(part));
            }
        }
        format!("printf {}{arguments}", string(&format))
    }

    fn merge(&self, maps: &[Expr]) -> String {
        // `merge` writes into its first argument, so that is a fresh one; and null may delete a map of the values
        // altogether, so each is defaulted. A line for each map: together they outgrow any screen.
        maps.iter().fold("merge (dict)".to_owned(), |merged, map| match map {
            Expr::Value(..) => {
                format!("{merged}{}({} | default dict)", self.line(4), self.expression(map))
            }
            // The first map that has a key wins, however they are nested.
            Expr::Merge(_) => merged + self.expression(map).trim_start_matches("merge (dict)"),
            _ => merged + &self.line(4) + &self.argument(map),
        })
    }

    /// A map on one condition or several.
    fn only(&self, mut of: &Expr, condition: &Condition) -> String {
        let mut conditions = vec![self.boolean(condition)];
        while let Expr::Only(inner, condition) = of {
            conditions.push(self.boolean(condition));
            of = inner;
        }
        conditions.reverse();
        let all = match conditions.as_slice() {
            [one] => one.clone(),
            several => format!("(and {})", several.join(" ")),
        };
        let map = self.argument(of);
        let gap = if map.contains('\n') { self.line(6) } else { " ".to_owned() };
        format!("ternary{gap}{map}{gap}(dict){gap}{all}")
    }

    /// A condition as an argument that is true or false: `ternary` takes nothing else.
    fn boolean(&self, condition: &Condition) -> String {
        let test = grouped(self.condition(condition));
        match condition {
            Condition::Any([value]) if value.kind() == Kind::Bool => test,
            Condition::Any(_) => format!("(not (empty {test}))"),
            Condition::Is(..) | Condition::Not(_) => test,
        }
    }

    /// An expression as an argument of a function.
    fn argument(&self, expr: &Expr) -> String {
        grouped(self.expression(expr))
    }

    /// An expression as a string argument: labels and annotations hold nothing else.
    fn text_argument(&self, expr: &Expr) -> String {
        match expr.kind() {
            Kind::Int => format!("({} | int64 | toString)", self.expression(expr)),
            Kind::Bool => format!("({} | toString)", self.expression(expr)),
            Kind::Word | Kind::Text | Kind::Yaml => self.argument(expr),
        }
    }

    /// A condition as the argument of `if`; a boolean wherever it compares.
    fn condition(&self, condition: &Condition) -> String {
        let one_of = |tests: Vec<String>| match tests.as_slice() {
            [test] => test.clone(),
            _ => tests.into_iter().fold("or".to_owned(), |or, test| or + " " + &grouped(test)),
        };
        match condition {
            Condition::Any(values) => {
                one_of(values.iter().map(|value| self.argument(value)).collect())
            }
            Condition::Is(value, options) => {
                let value = self.argument(value);
                one_of(options.iter().map(|is| format!("eq {value} {}", string(is))).collect())
            }
            Condition::Not(condition) => format!("not {}", grouped(self.condition(condition))),
        }
    }
}

/// A body between an action and its end, both as far indented as the body's first line.
fn section(action: &str, body: &str) -> String {
    let margin = margin(body);
    format!("\n{margin}{{{{- {action} }}}}{body}\n{margin}{{{{- end }}}}")
}

/// The spaces before a body's first line.
fn margin(body: &str) -> &str {
    let line = body.trim_start_matches('\n');
    &line[..line.len() - line.trim_start_matches(' ').len()]
}

/// Whether of two conditions always exactly one holds.
fn is_opposite(one: &Condition, other: &Condition) -> bool {
    matches!(other, Condition::Not(of) if **of == *one)
        || matches!(one, Condition::Not(of) if **of == *other)
}

/// An expression in parentheses, unless it is a single word.
fn grouped(expression: String) -> String {
    if expression.contains(' ') { format!("({expression})") } else { expression }
}
