//! Renders templates with Tera, once, into the programs that a run reads.
//!
//! The context holds no values. Where a value would stand, stands a mark: a private-use character, a number, another
//! private-use character. The number leads into a table of what was captured, and filters work on what they find there. What
//! Tera prints at the end is taken apart at the marks.

use std::sync::{Arc, Mutex};

use serde_json::Value as Json;
use tera::{Context, Error, Kwargs, Map, State, Tera, TeraResult, Value};

use super::go;
use super::program::{Condition, Expr, Kind, Op};

/// Opens a mark inside a string. No template and no schema holds it.
const OPEN: char = '\u{E000}';
/// Closes a mark.
const CLOSE: char = '\u{E001}';

/// What the marks of one capture stand for. Programs are static, so that what a test makes compares with what is committed.
#[derive(Clone, Default)]
pub(crate) struct Capture(Arc<Mutex<Vec<Captured>>>);

#[derive(Clone, Copy)]
enum Captured {
    Expr(Expr),
    Op(Op),
}

impl Capture {
    /// What templates see: `values`, the schema's keys; `release`, `chart`, `item`; and `build`, which is what is fixed when
    /// hzgchart is built.
    pub fn context(&self, schema: &Json, build: &Json) -> Context {
        let expr = |expr| Value::normal_string(&self.mark(Captured::Expr(expr)));
        let map = |entries: &[(&'static str, Value)]| {
            let entries = entries.iter().map(|(key, value)| ((*key).into(), value.clone()));
            Value::from(entries.collect::<Map>())
        };
        let mut context = Context::new();
        context.insert_value("values", self.values(schema, ""));
        context.insert_value(
            "release",
            map(&[
                ("name", expr(Expr::Name)),
                ("namespace", expr(Expr::Namespace)),
                ("service", expr(Expr::Service)),
                ("check", Value::safe_string(&self.mark(Captured::Op(Op::CheckRelease)))),
            ]),
        );
        context.insert_value("chart", map(&[("appVersion", expr(Expr::AppVersion))]));
        context.insert_value("item", expr(Expr::Item));
        context.insert("build", build);
        context
    }

    /// Renders a template and takes apart what it printed.
    pub fn program(&self, tera: &Tera, name: &str, context: &Context) -> TeraResult<&'static [Op]> {
        self.ops(&tera.render(name, context)?)
    }

    /// Teaches Tera the constructs.
    pub fn register(&self, tera: &mut Tera) {
        tera.autoescape_on(Vec::<String>::new());
        self.printing(tera, "quote", |_, value, _| match value.kind() {
            Kind::Yaml => refuse(&value, "is no scalar"),
            _ => Ok(Op::Quote(value)),
        });
        self.printing(tera, "scalar", |_, value, _| Ok(Op::Scalar(value)));
        self.printing(tera, "text", |_, value, _| Ok(Op::Raw(value)));
        self.printing(tera, "documents", |_, value, _| Ok(Op::Documents(value)));
        self.printing(tera, "block", |_, of, kwargs| match of.kind() {
            Kind::Yaml => Ok(Op::Block {
                of,
                key: kwargs.get::<String>("key")?.map(keep_text),
                indent: kwargs.must_get("indent")?,
            }),
            _ => refuse(&of, "is no map and no list"),
        });

        self.passing(tera, "required", |_, of, kwargs| {
            let message = keep_text(kwargs.must_get("message")?);
            Ok(Expr::Required { of: keep(of), key: keep_text(kwargs.must_get("key")?), message })
        });
        self.passing(tera, "or_else", |capture, of, kwargs| {
            Ok(Expr::OrElse(keep(of), keep(capture.expr(&kwargs.must_get("with")?)?)))
        });
        self.passing(tera, "b64enc", |_, of, _| Ok(Expr::Base64(keep(of))));
        self.passing(tera, "fingerprint", |_, of, _| Ok(Expr::Fingerprint(keep(of))));
        self.passing(tera, "label", |_, of, _| Ok(Expr::Label(keep(of))));
        self.passing(tera, "join_path", |capture, of, kwargs| {
            Ok(Expr::JoinPath(keep(of), keep(capture.expr(&kwargs.must_get("with")?)?)))
        });
        self.passing(tera, "only", |capture, of, kwargs| {
            Ok(Expr::Only(keep(of), keep(capture.condition("when", kwargs)?)))
        });

        let capture = self.clone();
        tera.register_filter("image", move |value: &Value, kwargs: Kwargs, _: &State| {
            let repository = value.get_from_path("repository").map(|value| capture.expr(value));
            let Some(Expr::Value(_, repository)) = repository.transpose()? else {
                return Err(Error::message("`image` wants the values of an image"));
            };
            let image = repository.strip_suffix(".repository").unwrap_or(repository);
            let registry = keep(capture.expr(&kwargs.must_get("registry")?)?);
            Ok(capture.value(Expr::Image(image, registry)))
        });
        let capture = self.clone();
        tera.register_function("merge", move |kwargs: Kwargs, _: &State| {
            let mut maps = Vec::new();
            for map in kwargs.must_get::<Vec<Value>>("of")?.iter().filter(|map| !map.is_none()) {
                maps.push(capture.expr(map)?);
            }
            Ok(capture.value(match maps.as_slice() {
                [only] => *only,
                _ => Expr::Merge(maps.leak()),
            }))
        });

        self.section(tera, "when", |capture, body, kwargs| {
            Ok(Op::When(capture.condition("value", kwargs)?, body))
        });
        self.section(tera, "unless", |capture, body, kwargs| {
            Ok(Op::When(Condition::Not(keep(capture.condition("value", kwargs)?)), body))
        });
        self.section(tera, "each", |capture, body, kwargs| {
            Ok(Op::Each(capture.expr(&kwargs.must_get("list")?)?, body))
        });
    }

    /// Registers a filter that prints a value.
    fn printing(
        &self,
        tera: &mut Tera,
        name: &'static str,
        op: fn(&Self, Expr, &Kwargs) -> TeraResult<Op>,
    ) {
        let capture = self.clone();
        tera.register_filter(name, move |value: &Value, kwargs: Kwargs, _: &State| {
            let op = op(&capture, capture.expr(value)?, &kwargs)?;
            TeraResult::Ok(Value::safe_string(&capture.mark(Captured::Op(op))))
        });
    }

    /// Registers a filter whose result is a value for another one.
    fn passing(
        &self,
        tera: &mut Tera,
        name: &'static str,
        expr: fn(&Self, Expr, &Kwargs) -> TeraResult<Expr>,
    ) {
        let capture = self.clone();
        tera.register_filter(name, move |value: &Value, kwargs: Kwargs, _: &State| {
            let expr = expr(&capture, capture.expr(value)?, &kwargs)?;
            TeraResult::Ok(capture.value(expr))
        });
    }

    /// Registers a filter section.
    fn section(
        &self,
        tera: &mut Tera,
        name: &'static str,
        op: fn(&Self, &'static [Op], &Kwargs) -> TeraResult<Op>,
    ) {
        let capture = self.clone();
        tera.register_filter(name, move |body: &Value, kwargs: Kwargs, _: &State| {
            let body = body.as_str().ok_or_else(|| Error::message("a body is text"))?;
            let op = op(&capture, capture.ops(body)?, &kwargs)?;
            TeraResult::Ok(Value::safe_string(&capture.mark(Captured::Op(op))))
        });
    }

    fn mark(&self, captured: Captured) -> String {
        let mut table = self.0.lock().unwrap();
        table.push(captured);
        format!("{OPEN}{}{CLOSE}", table.len() - 1)
    }

    fn value(&self, expr: Expr) -> Value {
        Value::normal_string(&self.mark(Captured::Expr(expr)))
    }

    /// For every key of a schema a mark.
    fn values(&self, schema: &Json, path: &str) -> Value {
        if let Some(properties) = schema.get("properties").and_then(Json::as_object) {
            let below = |key: &str| match path {
                "" => key.to_owned(),
                _ => format!("{path}.{key}"),
            };
            let entry = |(key, schema): (&String, _)| {
                (key.clone().into(), self.values(schema, &below(key)))
            };
            return Value::from(properties.iter().map(entry).collect::<Map>());
        }
        let kind = match schema.get("type").and_then(Json::as_str) {
            Some("integer") => Kind::Int,
            Some("boolean") => Kind::Bool,
            Some("string") if schema.get("enum").is_some() => Kind::Word,
            Some("string") => Kind::Text,
            _ => Kind::Yaml,
        };
        self.value(Expr::Value(kind, keep_text(path.to_owned())))
    }

    /// The parts of a string: text, and what the marks in it stand for.
    fn parts<'t>(&self, text: &'t str) -> Vec<Result<&'t str, Captured>> {
        let table = self.0.lock().unwrap();
        let mut parts = Vec::new();
        for part in text.split_inclusive([OPEN, CLOSE]) {
            match part.strip_suffix(CLOSE) {
                Some(number) => parts.push(Err(table[number.parse::<usize>().unwrap()])),
                None => parts.push(Ok(part.trim_end_matches(OPEN))),
            }
        }
        parts.retain(|part| !matches!(part, Ok("")));
        parts
    }

    /// What a template's value is.
    fn expr(&self, value: &Value) -> TeraResult<Expr> {
        if let Some(map) = value.as_map() {
            let mut entries = Vec::new();
            for (key, value) in map {
                entries.push((keep_text(key.to_string()), self.expr(value)?));
            }
            entries.sort_by_key(|(key, _)| *key);
            return Ok(Expr::Map(entries.leak()));
        }
        let Some(text) = value.as_str() else {
            let kind = value.name();
            return Err(Error::message(format!(
                "no Helm expression yields a value of kind {kind}"
            )));
        };
        let mut exprs = Vec::new();
        for part in self.parts(text) {
            exprs.push(match part {
                Ok(text) => Expr::Constant(keep_text(text.to_owned())),
                Err(Captured::Expr(expr)) => expr,
                Err(Captured::Op(_)) => return Err(Error::message("what is printed is no value")),
            });
        }
        Ok(match exprs.as_slice() {
            [] => Expr::Constant(""),
            [only] => *only,
            _ => Expr::Join(exprs.leak()),
        })
    }

    /// What a rendered text prints. A value that holds any text or YAML is refused as it is, since what it will hold could
    /// end the scalar that it stands in.
    fn ops(&self, text: &str) -> TeraResult<&'static [Op]> {
        let mut ops = Vec::new();
        for part in self.parts(text) {
            ops.push(match part {
                Ok(text) => Op::Text(keep_text(text.to_owned())),
                Err(Captured::Op(op)) => op,
                Err(Captured::Expr(expr)) => match expr.kind() {
                    Kind::Text => refuse(&expr, "needs the filter `quote`")?,
                    Kind::Yaml => refuse(&expr, "needs the filter `block` or `scalar`")?,
                    Kind::Int | Kind::Bool | Kind::Word => Op::Print(expr),
                },
            });
        }
        Ok(ops.leak())
    }

    /// Reads `NAME=value` or `any=[values]`, and `is=option` or `is=[options]`.
    fn condition(&self, name: &str, kwargs: &Kwargs) -> TeraResult<Condition> {
        let list = |value: Value| value.as_array().map_or(vec![value.clone()], <[Value]>::to_vec);
        let any = match kwargs.get::<Value>("any")?.filter(|any| !any.is_none()) {
            Some(any) => list(any),
            None => vec![kwargs.must_get(name)?],
        };
        let values: Vec<Expr> =
            any.iter().map(|value| self.expr(value)).collect::<TeraResult<_>>()?;
        let Some(is) = kwargs.get::<Value>("is")?.filter(|is| !is.is_none()) else {
            return Ok(Condition::Any(values.leak()));
        };
        let option = |value: &Value| match (self.expr(value)?, values.as_slice()) {
            (Expr::Constant(option), [_]) => Ok(option),
            _ => Err(Error::message("`is` compares one value with texts of the template")),
        };
        let options: Vec<&str> = list(is).iter().map(option).collect::<TeraResult<_>>()?;
        Ok(Condition::Is(values[0], options.leak()))
    }
}

fn refuse<T>(expr: &Expr, why: &str) -> TeraResult<T> {
    Err(Error::message(format!("`{}` {why}", go::expression(expr))))
}

fn keep<T>(thing: T) -> &'static T {
    Box::leak(Box::new(thing))
}

fn keep_text(text: String) -> &'static str {
    text.leak()
}
