//! Programs as Rust, as they are committed.

use super::program::{Condition, Expr, Op, Program};

/// The longest line, as rustfmt has it elsewhere.
const WIDTH: usize = 120;

/// The Rust file that holds the programs.
pub(crate) fn file(programs: &[Program]) -> String {
    let mut out = String::from(
        "//! What the templates of objects do. Made from `templates/`: run `UPDATE=1 cargo test --lib` after a change there.\n\n\
         use crate::stage::program::{Condition, Expr, Kind, Op, Program};\n\n\
         /// The programs of the objects' templates, in the order in which they are rendered.\n\
         pub(super) static OBJECTS: &[Program] = &[\n",
    );
    for Program { path, ops } in programs {
        out.push_str(&format!("    Program {{ path: {path:?}, ops: &[\n"));
        ops.iter().for_each(|op| write(op, 2, &mut out));
        out.push_str("    ] },\n");
    }
    out + "];\n"
}

fn write(op: &Op, depth: usize, out: &mut String) {
    let margin = "    ".repeat(depth);
    let line = match op {
        Op::Text(text) if fits(text, &margin) => format!("Op::Text({text:?})"),
        Op::Text(text) => {
            let lines = text.split_inclusive('\n');
            let lines: String = lines.map(|line| format!("{margin}    {line:?},\n")).collect();
            format!("Op::Text(concat!(\n{lines}{margin}))")
        }
        Op::Print(expr) => format!("Op::Print({})", expression(expr)),
        Op::Quote(expr) => format!("Op::Quote({})", expression(expr)),
        Op::Scalar(expr) => format!("Op::Scalar({})", expression(expr)),
        Op::Raw(expr) => format!("Op::Raw({})", expression(expr)),
        Op::Documents(expr) => format!("Op::Documents({})", expression(expr)),
        Op::Block { of, key, indent } => {
            format!("Op::Block {{ of: {}, key: {key:?}, indent: {indent} }}", expression(of))
        }
        Op::When(condition, body) => {
            section(&format!("When({}", self::condition(condition)), body, depth)
        }
        Op::Each(list, body) => section(&format!("Each({}", expression(list)), body, depth),
        Op::CheckRelease => "Op::CheckRelease".to_owned(),
    };
    out.push_str(&format!("{margin}{line},\n"));
}

fn fits(text: &str, margin: &str) -> bool {
    !text[..text.len().saturating_sub(1)].trim_start_matches('\n').contains('\n')
        && margin.len() + format!("Op::Text({text:?}),").len() <= WIDTH
}

fn section(head: &str, body: &[Op], depth: usize) -> String {
    let mut out = format!("Op::{head}, &[\n");
    body.iter().for_each(|op| write(op, depth + 1, &mut out));
    out + &"    ".repeat(depth) + "])"
}

fn expression(expr: &Expr) -> String {
    match expr {
        Expr::Value(kind, key) => format!("Expr::Value(Kind::{kind:?}, {key:?})"),
        Expr::Constant(text) => format!("Expr::Constant({text:?})"),
        Expr::Join(parts) => format!("Expr::Join({})", list(parts, expression)),
        Expr::OrElse(of, with) => {
            format!("Expr::OrElse(&{}, &{})", expression(of), expression(with))
        }
        Expr::Required { of, key, message } => {
            format!(
                "Expr::Required {{ of: &{}, key: {key:?}, message: {message:?} }}",
                expression(of)
            )
        }
        Expr::Base64(of) => format!("Expr::Base64(&{})", expression(of)),
        Expr::Fingerprint(of) => format!("Expr::Fingerprint(&{})", expression(of)),
        Expr::Label(of) => format!("Expr::Label(&{})", expression(of)),
        Expr::JoinPath(of, with) => {
            format!("Expr::JoinPath(&{}, &{})", expression(of), expression(with))
        }
        Expr::Image(key, registry) => format!("Expr::Image({key:?}, &{})", expression(registry)),
        Expr::Map(entries) => {
            let entry = |(key, value): &(&str, Expr)| format!("({key:?}, {})", expression(value));
            format!("Expr::Map({})", list(entries, entry))
        }
        Expr::Merge(maps) => format!("Expr::Merge({})", list(maps, expression)),
        Expr::Only(of, condition) => {
            format!("Expr::Only(&{}, &{})", expression(of), self::condition(condition))
        }
        Expr::Name | Expr::Namespace | Expr::Service | Expr::AppVersion | Expr::Item => {
            format!("Expr::{expr:?}")
        }
    }
}

fn condition(condition: &Condition) -> String {
    match condition {
        Condition::Any(values) => format!("Condition::Any({})", list(values, expression)),
        Condition::Is(value, options) => {
            format!("Condition::Is({}, &{options:?})", expression(value))
        }
        Condition::Not(of) => format!("Condition::Not(&{})", self::condition(of)),
    }
}

fn list<T>(items: &[T], write: fn(&T) -> String) -> String {
    format!("&[{}]", items.iter().map(write).collect::<Vec<_>>().join(", "))
}
