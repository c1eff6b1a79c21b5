//! The two stages in which one set of templates is rendered, and the constructs whose meaning depends on the stage.
//!
//! In the *manifest stage* ([`Concrete`]) values are known and a construct prints a result. In the *chart stage*
//! ([`Symbolic`]) values are names of values that an installation will bring, and the same construct prints the Helm
//! action that computes the result then. [`Stage`] lists every such construct once, so one cannot exist in one stage only.

mod concrete;
mod go;
mod symbol;
mod symbolic;
#[cfg(test)]
mod tests;

pub use concrete::{Concrete, take_missing};
pub use go::string as go_string;
pub use symbol::{builtins, symbols};
pub use symbolic::Symbolic;

use tera::{Error, EscapeFn, Kwargs, State, Tera, TeraResult, Value};

/// The constructs that templates use where a value has to be printed safely, or has to decide something.
///
/// Results are text that goes into the output as it is, except where they are values to be handed to another construct.
pub trait Stage: Send + Sync + 'static {
    /// What `{{ value }}` prints when no filter was applied.
    const PRINT: EscapeFn;

    /// `| quote`: a scalar as a double-quoted YAML string.
    fn quote(value: &Value) -> TeraResult<String>;
    /// `| scalar`: a number or string as YAML reads it back.
    fn scalar(value: &Value) -> TeraResult<String>;
    /// `| text`: a scalar as plain text, for NOTES.txt only.
    fn text(value: &Value) -> TeraResult<String>;
    /// `| block(key, indent)`: on a new line the key with its YAML, or nothing when the value is empty. Without a key,
    /// the entries alone, to follow others.
    fn block(value: &Value, key: Option<&str>, indent: usize) -> TeraResult<String>;
    /// `| documents`: each map of a list as a YAML document of its own.
    fn documents(value: &Value) -> TeraResult<String>;
    /// `filter when(value, is)` and `filter unless(value, is)`: the body, when the condition holds.
    fn when(condition: &Condition, body: &str) -> TeraResult<String>;
    /// `filter each(list)`: the body once per element, which it calls `item`.
    fn each(list: &Value, body: &str) -> TeraResult<String>;

    /// `| required(key, message)`: the value, or an error that names the key when it is empty.
    fn required(value: &Value, key: &str, message: &str) -> TeraResult<Value>;
    /// `| or_else(with)`: the value, or another when it is empty.
    fn or_else(value: &Value, with: &Value) -> TeraResult<Value>;
    /// `| b64enc`: a string in base64, as a Secret's data wants it.
    fn b64enc(value: &Value) -> TeraResult<Value>;
    /// `| label`: a string cut to a legal label value: 63 characters, letters or digits at both ends.
    fn label(value: &Value) -> TeraResult<Value>;
    /// `| join_path(with)`: a folder and a path below it.
    fn join_path(value: &Value, with: &Value) -> TeraResult<Value>;
    /// `| image(registry)`: an image's reference, from another registry if one is given.
    fn image(value: &Value, registry: &Value) -> TeraResult<Value>;
    /// `merge(of)`: maps of strings made one; where two have a key, the first that is not empty wins.
    fn merge(of: &[Value]) -> TeraResult<Value>;
    /// `| only(when, is)`: the map when the condition holds, an empty one otherwise.
    fn only(value: &Value, condition: &Condition) -> TeraResult<Value>;
}

/// The condition of `when`, `unless` and `only`.
pub struct Condition {
    /// What is looked at; one of these has to do.
    pub any: Vec<Value>,
    /// What it has to equal, one of these; `None` asks whether it is truthy as Helm counts it: not false, 0 or empty.
    pub is: Option<Vec<Value>>,
    /// Whether the opposite is asked.
    pub negated: bool,
}

impl Condition {
    /// Reads `NAME=value` or `any=[values]`, `is=option` or `is=[options]`, and `negated`.
    fn from_kwargs(name: &str, kwargs: &Kwargs) -> TeraResult<Self> {
        let given = |name: &str| {
            Ok::<_, Error>(kwargs.get::<Value>(name)?.filter(|value| !value.is_none()))
        };
        let list =
            |value: Value| value.as_array().map_or_else(|| vec![value.clone()], <[Value]>::to_vec);
        let any = match given("any")? {
            Some(any) => list(any),
            None => vec![kwargs.must_get(name)?],
        };
        Ok(Self {
            any,
            is: given("is")?.map(list),
            negated: kwargs.get::<bool>("negated")?.unwrap_or(false),
        })
    }
}

/// Teaches a template engine the constructs, with the meaning they have in stage `S`.
pub fn register<S: Stage>(tera: &mut Tera) {
    tera.autoescape_on([""]);
    tera.set_escape_fn(S::PRINT);

    tera.register_filter("quote", printing(|value, _| S::quote(value)));
    tera.register_filter("scalar", printing(|value, _| S::scalar(value)));
    tera.register_filter("text", printing(|value, _| S::text(value)));
    tera.register_filter("documents", printing(|value, _| S::documents(value)));
    tera.register_filter(
        "block",
        printing(|value, kwargs| S::block(value, kwargs.get("key")?, kwargs.must_get("indent")?)),
    );
    tera.register_filter(
        "required",
        passing(|value, kwargs| {
            S::required(value, kwargs.must_get("key")?, kwargs.must_get("message")?)
        }),
    );
    tera.register_filter(
        "or_else",
        passing(|value, kwargs| S::or_else(value, &kwargs.must_get("with")?)),
    );
    tera.register_filter("b64enc", passing(|value, _| S::b64enc(value)));
    tera.register_filter("label", passing(|value, _| S::label(value)));
    tera.register_filter(
        "join_path",
        passing(|value, kwargs| S::join_path(value, &kwargs.must_get("with")?)),
    );
    tera.register_filter(
        "image",
        passing(|value, kwargs| S::image(value, &kwargs.must_get("registry")?)),
    );
    tera.register_filter(
        "only",
        passing(|value, kwargs| S::only(value, &Condition::from_kwargs("when", kwargs)?)),
    );
    tera.register_function("merge", |kwargs: Kwargs, _: &State| -> TeraResult<Value> {
        S::merge(&kwargs.must_get::<Vec<Value>>("of")?)
    });
    tera.register_filter(
        "when",
        printing(|body, kwargs| S::when(&Condition::from_kwargs("value", kwargs)?, text_of(body)?)),
    );
    tera.register_filter(
        "unless",
        printing(|body, kwargs| {
            let condition = Condition::from_kwargs("value", kwargs)?;
            S::when(&Condition { negated: !condition.negated, ..condition }, text_of(body)?)
        }),
    );
    tera.register_filter(
        "each",
        printing(|body, kwargs| S::each(&kwargs.must_get("list")?, text_of(body)?)),
    );
}

/// A filter whose result goes into the output as it is.
fn printing(
    face: impl Fn(&Value, &Kwargs) -> TeraResult<String> + Send + Sync + 'static,
) -> impl Fn(&Value, Kwargs, &State) -> TeraResult<Value> + Send + Sync + 'static {
    move |value: &Value, kwargs: Kwargs, _: &State| Ok(Value::safe_string(&face(value, &kwargs)?))
}

/// A filter whose result is a value for another construct.
fn passing(
    face: impl Fn(&Value, &Kwargs) -> TeraResult<Value> + Send + Sync + 'static,
) -> impl Fn(&Value, Kwargs, &State) -> TeraResult<Value> + Send + Sync + 'static {
    move |value: &Value, kwargs: Kwargs, _: &State| face(value, &kwargs)
}

fn text_of(body: &Value) -> TeraResult<&str> {
    body.as_str().ok_or_else(|| Error::message("a body is text"))
}
