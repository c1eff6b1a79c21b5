//! Programs: what templates do, as data. Tera makes them from the templates when hzgchart is tested; a run only reads them.

/// A rendered text's path and the program that prints it.
#[derive(Clone, Copy, Debug)]
pub struct Program {
    /// The path below the chart's `templates/`.
    pub path: &'static str,
    /// What it does, in order.
    pub ops: &'static [Op],
}

/// One step of a program. Each is printed by [`super::known`] with the values known, and by [`super::go`] as Helm's action.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Op {
    /// The template's own text.
    Text(&'static str),
    /// `{{ value }}`: a whole number, a boolean or a word as it is.
    Print(Expr),
    /// `| quote`: a scalar as a double-quoted YAML string.
    Quote(Expr),
    /// `| scalar`: a number or string as YAML reads it back.
    Scalar(Expr),
    /// `| text`: a scalar as plain text, for NOTES.txt only.
    Raw(Expr),
    /// `| block(key, indent)`: on a new line the key with its YAML, or nothing when the value is empty. Without a key, the
    /// entries alone, to follow others.
    Block {
        /// The map or list.
        of: Expr,
        /// The key that it stands under.
        key: Option<&'static str>,
        /// Columns before the key, or before the entries.
        indent: usize,
    },
    /// `| documents`: each map of a list as a YAML document of its own.
    Documents(Expr),
    /// `filter when` and `filter unless`: the body, when the condition holds.
    When(Condition, &'static [Op]),
    /// `filter each(list)`: the body once per element, which it calls `item`.
    Each(Expr, &'static [Op]),
    /// Refuses a release whose name or namespace cannot name the objects. `render` has done so before it renders.
    CheckRelease,
}

/// A value that an [`Op`] prints or a [`Condition`] looks at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Expr {
    /// A value, by its key in the notation of `--set`; a part of the key is never empty and holds no dot.
    Value(Kind, &'static str),
    /// The release's name.
    Name,
    /// The release's namespace.
    Namespace,
    /// What installs the release: `Helm`.
    Service,
    /// The chart's appVersion. Only an installed chart has one, so no object may use it.
    AppVersion,
    /// The element of the [`Op::Each`] around it: a string.
    Item,
    /// A text of the template.
    Constant(&'static str),
    /// `~`: texts joined.
    Join(&'static [Expr]),
    /// `| or_else(with)`: the first value, or the second when it is empty.
    OrElse(&'static Expr, &'static Expr),
    /// `| required(key, message)`: the value, or an error that names the key when it is empty.
    Required {
        /// The value.
        of: &'static Expr,
        /// What the error is about.
        key: &'static str,
        /// What is wrong, after the key.
        message: &'static str,
    },
    /// `| b64enc`: a string in base64, as a Secret's data wants it.
    Base64(&'static Expr),
    /// `| fingerprint`: four hexadecimal digits of a string's SHA-256. They tell that it changed, and fit too many strings to
    /// tell what it is.
    Fingerprint(&'static Expr),
    /// `| label`: a string cut to a legal label value: 63 characters, letters or digits at both ends.
    Label(&'static Expr),
    /// `| join_path(with)`: a folder and a path below it.
    JoinPath(&'static Expr, &'static Expr),
    /// `| image(registry)`: the reference of the image at a key, from another registry if one is given.
    Image(&'static str, &'static Expr),
    /// A map of strings, by key.
    Map(&'static [(&'static str, Expr)]),
    /// `merge(of)`: maps of strings made one; where two have a key, the first that is not empty wins.
    Merge(&'static [Expr]),
    /// `| only(when, is)`: the map when the condition holds, an empty one otherwise.
    Only(&'static Expr, &'static Condition),
}

/// What `when`, `unless` and `only` ask.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Condition {
    /// Whether one of these is truthy as Helm counts it: not false, 0 or empty.
    Any(&'static [Expr]),
    /// Whether a value equals one of these.
    Is(Expr, &'static [&'static str]),
    /// The opposite.
    Not(&'static Condition),
}

/// How a value may be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number. Helm reads it as a float, so it is printed through `int64`: `quote` of 12345678 would give `"1.2345678e+07"`.
    Int,
    /// A boolean.
    Bool,
    /// A string that is safe anywhere in YAML: an enum's value, a release name.
    Word,
    /// Any string: needs `quote`.
    Text,
    /// A map or a list, or a scalar of several types: needs `block` or `scalar`.
    Yaml,
}

impl Expr {
    /// How its value may be printed.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Value(kind, _) => *kind,
            // A namespace is a word, since the chart refuses one that is no DNS label.
            Self::Name | Self::Namespace | Self::Service | Self::Constant(_) => Kind::Word,
            Self::AppVersion
            | Self::Item
            | Self::Join(_)
            | Self::Base64(_)
            | Self::Fingerprint(_)
            | Self::Label(_)
            | Self::JoinPath(..)
            | Self::Image(..) => Kind::Text,
            Self::OrElse(of, _) | Self::Required { of, .. } => of.kind(),
            Self::Map(_) | Self::Merge(_) | Self::Only(..) => Kind::Yaml,
        }
    }
}

impl Condition {
    /// The key of the value that it looks at first.
    pub fn key(&self) -> Option<&'static str> {
        match self {
            Self::Any([Expr::Value(_, key), ..]) | Self::Is(Expr::Value(_, key), _) => Some(key),
            Self::Not(condition) => condition.key(),
            _ => None,
        }
    }
}
