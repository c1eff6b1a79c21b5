//! Helm's `--set` family: reads one argument and puts its values into the tree of overrides.

mod cursor;
mod json;
mod key;
mod place;
mod value;

use crate::error::Problem;
use crate::merge::layer;
use crate::node::{Map, Node, Value};
use crate::source::{SourceId, Sources};

use cursor::Cursor;

/// Which flag of the family an argument was given to; decides what a value may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    /// `--set`: booleans, null and whole numbers are what they look like, all else is a string.
    Set,
    /// `--set-string`: every value is a string.
    String,
    /// `--set-json`: every value is JSON; a whole object `{…}` is laid over the tree.
    Json,
    /// `--set-file`: every value names a file whose content becomes the string.
    File,
    /// `--set-literal`: all that follows the first `=` is the string, commas and braces included.
    Literal,
}

impl Flag {
    /// The flag as the user types it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Set => "--set",
            Self::String => "--set-string",
            Self::Json => "--set-json",
            Self::File => "--set-file",
            Self::Literal => "--set-literal",
        }
    }
}

/// Reads a file for [`Flag::File`]; the edge decides what a path means.
pub type ReadFile<'a> = &'a mut dyn FnMut(&str) -> Result<String, Problem>;

/// Puts the values of one argument, the text of the source `id`, into the overrides so far.
///
/// The syntax is Helm's (`pkg/strvals`), and so is the result wherever Helm gives a sensible one.
/// What is right is put in place even when something else in the argument is wrong, so that the
/// caller can go on and find more problems.
///
/// # Errors
/// Everything that is wrong with the argument, in the order it stands there. An argument that
/// names a password, a secret or a token is never quoted.
pub fn apply(
    flag: Flag,
    id: SourceId,
    sources: &Sources,
    into: &mut Map,
    read_file: ReadFile<'_>,
) -> Result<(), Vec<Problem>> {
    let mut cursor = Cursor::new(id, sources);
    if flag == Flag::Json && cursor.rest().trim_start().starts_with('{') {
        let whole = json::document(&mut cursor).map_err(|problem| vec![problem])?;
        let below = Node::new(Value::Map(std::mem::take(into)), None);
        if let Value::Map(map) = layer(below, whole).value {
            *into = map;
        }
        return Ok(());
    }
    let mut problems = Vec::new();
    while cursor.peek().is_some() {
        if let Err(problem) = assign(flag, &mut cursor, into, read_file) {
            problems.push(problem);
            // Inside broken JSON a comma says nothing about where the next key begins.
            if flag == Flag::Json {
                break;
            }
            cursor.skip_past_comma();
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

fn assign(
    flag: Flag,
    cursor: &mut Cursor<'_>,
    into: &mut Map,
    read_file: ReadFile<'_>,
) -> Result<(), Problem> {
    let path = key::parse(flag, cursor)?;
    let value = match flag {
        Flag::Json => json::value_of_key(cursor)?,
        Flag::Set | Flag::String | Flag::File | Flag::Literal => {
            value::parse(flag, cursor, read_file)?
        }
    };
    place::put(into, &path, value).map_err(|blocked| blocked.problem(&path, cursor))
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::{Flag, apply};
    use crate::error::Problem;
    use crate::node::{Map, Node, Value};
    use crate::source::{Origin, Sources};

    /// What Helm 3.17.3 and 4.1.4 make of each argument: flag, overrides before it, argument, the
    /// values that Helm 3 and Helm 4 hand to a template (or `refused`), and what we do: `=` for
    /// the same as Helm 4, or why we refuse.
    const TABLE: &str = include_str!("helm.jsonl");

    fn flag(name: &str) -> Flag {
        match name {
            "set" => Flag::Set,
            "set-string" => Flag::String,
            "set-json" => Flag::Json,
            "set-file" => Flag::File,
            "set-literal" => Flag::Literal,
            _ => panic!("unknown flag {name}"),
        }
    }

    fn file(path: &str) -> Result<String, Problem> {
        match path {
            "f1" => Ok("hello\nworld\n".to_owned()),
            "f2" => Ok("x,y={z}".to_owned()),
            _ => Err(Problem::new(format!("cannot read `{path}`"))),
        }
    }

    fn map(node: Node) -> Map {
        match node.value {
            Value::Map(map) => map,
            _ => Map::new(),
        }
    }

    fn set_into(flag: Flag, mut into: Map, text: &str) -> Result<Map, Vec<Problem>> {
        let mut sources = Sources::default();
        let id = sources.add("--set", text);
        apply(flag, id, &sources, &mut into, &mut file).map(|()| into)
    }

    fn json(map: Map) -> Json {
        Node::new(Value::Map(map), None).to_json()
    }

    #[test]
    fn does_what_helm_does_or_refuses_with_a_reason() {
        let mut wrong = Vec::new();
        for line in TABLE.lines() {
            let row: Json = serde_json::from_str(line).expect(line);
            let base = map(Node::from_json(&row[1]));
            let result = set_into(
                flag(row[0].as_str().expect("a flag")),
                base,
                row[2].as_str().expect("text"),
            );
            let right = match (&row[4], row[5].as_str().expect("a verdict"), &result) {
                (Json::String(_), "=", result) => result.is_err(),
                (values, "=", Ok(map)) => json(map.clone()) == Node::from_json(values).to_json(),
                (_, "=", Err(_)) => false,
                (_, _reason, result) => result.is_err(),
            };
            if !right {
                wrong.push(format!("{line}\n   {:?}", result.map(json)));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    fn refusal(flag: Flag, text: &str) -> Problem {
        set_into(flag, Map::new(), text).expect_err(text).remove(0)
    }

    #[test]
    fn says_what_was_expected_and_where() {
        let problem = refusal(Flag::Set, "a=1,b.c[x]=2");
        assert_eq!(
            problem.to_string(),
            "--set:1:9: expected an index from 0 to 65536, found `x`\
             \n  1 | a=1,b.c[x]=2\n    |         ^\n  help: the first item of a list is `[0]`"
        );
    }

    #[test]
    fn reports_every_broken_assignment_and_keeps_the_others() {
        let mut sources = Sources::default();
        let id = sources.add("--set", "a=1,b,c=2,..d=3,e=4,f[z]=5");
        let mut into = Map::new();
        let problems =
            apply(Flag::Set, id, &sources, &mut into, &mut file).expect_err("three problems");
        let columns: Vec<_> =
            problems.iter().filter_map(|p| p.location.as_ref()).map(|l| l.column).collect();
        assert_eq!(columns, [5, 11, 23]);
        assert_eq!(json(into), serde_json::json!({"a": 1, "c": 2, "e": 4}));
    }

    #[test]
    fn never_shows_an_argument_that_gives_a_secret() {
        for text in [
            "redis.auth.password=hunter,hunter2",
            "redis.auth.password=hunter2\\",
            "redis.auth.password={hunter2",
            "redis.auth.password={hunter}2",
            "redis.auth.password=a,hunter2[x]=1",
            "redis.auth.password=hunter,hunter2.=1",
            "redisToken=1,hunter2=1,hunter2.x=3",
            "pass\\word=x,hunter2",
        ] {
            let shown = format!("{:?}", refusal(Flag::Set, text));
            assert!(!shown.contains("hunter"), "{shown}");
        }
        for text in [
            r#"password="hunter2"#,
            "password=hunter2",
            "password=1hunter2",
            r#"{"password":"hunter2"}x"#,
        ] {
            let shown = format!("{:?}", refusal(Flag::Json, text));
            assert!(!shown.contains("hunter") && !shown.contains("`h`"), "{shown}");
        }
    }

    #[test]
    fn names_what_stands_in_the_way_and_where_it_was_given() {
        let mut sources = Sources::default();
        let first = sources.add("--set", "a.b=5");
        let second = sources.add("--set", "a.b.c=6");
        let mut into = Map::new();
        apply(Flag::Set, first, &sources, &mut into, &mut file).expect("fine");
        let problem = apply(Flag::Set, second, &sources, &mut into, &mut file)
            .expect_err("blocked")
            .remove(0);
        assert_eq!(problem.path, "a.b");
        assert_eq!(
            problem.message,
            "cannot set a key in `a.b`: it is an integer, given at --set:1:5"
        );
    }

    #[test]
    fn names_a_secret_key_in_the_way_and_nothing_that_may_be_a_secret() {
        let blocked = refusal(Flag::Set, "redis.auth.password=hunter2,redis.auth.password[0]=x");
        assert_eq!((blocked.path.as_str(), blocked.location.unwrap().text), ("", None));
        let base = map(Node::from_json(&serde_json::json!({"redis": {"password": "hunter2"}})));
        let blocked = set_into(Flag::Set, base, "redis.password[0]=hunter2").unwrap_err().remove(0);
        assert_eq!(blocked.path, "redis.password");
        assert_eq!(blocked.message, "cannot set an index in `redis.password`: it is a string");
        assert!(!format!("{blocked:?}").contains("hunter2"));
    }

    #[test]
    fn every_node_knows_its_column() {
        let mut sources = Sources::default();
        let id = sources.add("--set-json", "é.b[1]={\"c\":\n [true]}");
        let mut into = Map::new();
        apply(Flag::Json, id, &sources, &mut into, &mut file).expect("fine");
        let at = |line, column| Some(Origin { source: id, line, column });
        let (outer, b) = (&into["é"], map(into["é"].node.clone())["b"].clone());
        assert_eq!((outer.key_origin, outer.node.origin), (at(1, 1), at(1, 3)));
        assert_eq!((b.key_origin, b.node.origin), (at(1, 3), at(1, 4)));
        let Value::List(items) = b.node.value else { panic!("a list") };
        assert_eq!(items[1].origin, at(1, 8));
        let c = map(items[1].clone())["c"].clone();
        assert_eq!((c.key_origin, c.node.origin), (at(1, 9), at(2, 2)));
        let Value::List(items) = c.node.value else { panic!("a list") };
        assert_eq!(items[0].origin, at(2, 3));
    }

    #[test]
    fn takes_the_highest_index_and_fills_the_gap_with_nulls() {
        let map = set_into(Flag::Set, Map::new(), "a[65536]=1").expect("fine");
        let Value::List(items) = &map["a"].node.value else { panic!("a list") };
        assert_eq!(items.len(), 65_537);
        assert!(matches!(items[0].value, Value::Null));
    }

    #[test]
    fn survives_hostile_depth() {
        for text in [
            format!("a={}", "[".repeat(50_000)),
            format!("{}1", "{\"a\":".repeat(50_000)),
            format!("a{}=1", "[0]".repeat(50_000)),
            format!("{}=1", "a.".repeat(50_000)),
        ] {
            assert!(set_into(Flag::Json, Map::new(), &text).is_err());
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_is_shown_where_it_was_named() {
        let problem = refusal(Flag::File, "a=f1,b=nope");
        assert_eq!(problem.message, "cannot read `nope`");
        assert_eq!(problem.location.expect("a place").column, 8);
    }
}
