//! Checks the merged values against their JSON schema and says everything that is wrong.

use std::collections::HashSet;

use serde_json::Value as Json;

use crate::error::Problem;
use crate::merge::Deleted;
use crate::node::{Node, Value};
use crate::source::Sources;

use super::finding::{Fault, Finding};
use super::foreign::foreign;
use super::meant::sibling;
use super::speaker::Speaker;
use super::walk::findings;

/// Whether a tree fits a schema.
pub fn fits(node: &Node, schema: &Json) -> bool {
    findings(node, schema).0.is_empty()
}

/// Where a tree came from.
#[derive(Clone, Copy, Debug)]
pub struct Past<'p> {
    /// The texts that its origins lead into.
    pub sources: &'p Sources,
    /// The nulls that deleted a default.
    pub deleted: &'p [Deleted],
    /// Whether every layer could be read. Without one, nothing is said of what another value may put right.
    pub complete: bool,
}

/// Checks a tree against a schema, as Helm's two validators would, and returns every problem:
/// by source, line and column, then by path; those that stand in no text come last.
///
/// A wrong type is one problem, with nothing below it. Values whose schema has `writeOnly` are never
/// shown, nor is any line that holds one. A value that equals its schema's own `default` is taken
/// for right without a look: most values are defaults, and a schema's defaults must fit it.
pub fn check(node: &Node, schema: &Json, past: &Past<'_>) -> Vec<Problem> {
    let (mut findings, secrets) = findings(node, schema);
    if !past.complete {
        findings.retain(is_wrong_alone);
    }
    if findings.is_empty() {
        return Vec::new();
    }
    drop_consequences(&mut findings, schema);
    findings.iter_mut().for_each(|finding| point_at_null(finding, past.deleted));
    findings.sort_by(|a, b| sort_key(a).cmp(&sort_key(b)));
    let more = findings.len().saturating_sub(MAX_PROBLEMS);
    findings.truncate(MAX_PROBLEMS);
    let mut findings: Vec<_> = findings.into_iter().flat_map(|f| foreign(f, schema)).collect();
    findings.sort_by(|a, b| sort_key(a).cmp(&sort_key(b)));
    let more = more + findings.len().saturating_sub(MAX_PROBLEMS);
    findings.truncate(MAX_PROBLEMS);
    let speaker = Speaker::new(schema, past.sources, secrets);
    let mut problems: Vec<Problem> = findings.iter().flat_map(|f| speaker.say(f)).collect();
    problems.dedup();
    if more > 0 {
        problems.push(Problem::new(format!("and {more} more")));
    }
    problems
}

/// Whether a finding holds whatever other layers say.
fn is_wrong_alone(finding: &Finding<'_>) -> bool {
    let depends = matches!(finding.fault, Fault::Rule { .. } | Fault::Missing { .. });
    !depends && !matches!(finding.node.value, Value::Null)
}

/// What a null deleted is missing where the null stands.
fn point_at_null(finding: &mut Finding<'_>, deleted: &[Deleted]) {
    if !matches!(finding.fault, Fault::Missing { in_list: false }) {
        return;
    }
    let path = finding.path.as_str();
    let null = deleted.iter().rev().find(|deleted| {
        path.strip_prefix(&deleted.path)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    });
    if let Some(null) = null {
        finding.origin = null.origin;
    }
}

/// More problems than this are counted, not told: each holds a copy of its line, and a file can have
/// a hundred thousand wrong items on one line.
const MAX_PROBLEMS: usize = 200;

/// Places without an origin come last.
fn sort_key<'f>(finding: &'f Finding<'_>) -> (u32, u32, u32, &'f str) {
    let place = finding.origin.map_or((u32::MAX, 0, 0), |o| (o.source.0, o.line, o.column));
    (place.0, place.1, place.2, &finding.path)
}

/// A value of the wrong type is wrong in that one way only, and a rule over a value that is wrong
/// by itself says nothing new.
fn drop_consequences(findings: &mut Vec<Finding<'_>>, schema: &Json) {
    let wrong = |of: fn(&Fault<'_>) -> bool| -> HashSet<String> {
        findings.iter().filter(|f| of(&f.fault)).map(|f| f.path.clone()).collect()
    };
    let mistyped = wrong(|fault| matches!(fault, Fault::Type(_)));
    let wrong = wrong(|fault| !matches!(fault, Fault::Rule { .. }));
    let misspelt: HashSet<String> =
        findings.iter().filter_map(|finding| misspelt_in_list(finding, schema)).collect();
    findings.retain(|finding| match finding.fault {
        Fault::Type(_) => true,
        Fault::Missing { in_list: true } => !misspelt.contains(&finding.path),
        Fault::Rule { .. } => !wrong.contains(&finding.path),
        _ => !mistyped.contains(&finding.path),
    });
}

/// The path of the key that a misspelt one of a list's item was meant to be: it is missing only for that reason.
fn misspelt_in_list(finding: &Finding<'_>, schema: &Json) -> Option<String> {
    let Fault::Unknown { key, .. } = finding.fault else { return None };
    let parent = finding.path.strip_suffix(key).filter(|parent| parent.contains('['))?;
    Some(format!("{parent}{}", sibling(finding, schema)?.name))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::Past;
    use crate::error::Problem;
    use crate::node::{Map, Node, Value};
    use crate::schema::KEYWORDS;
    use crate::set::{Flag, apply};
    use crate::source::Sources;

    /// What Helm 3.17.3 and 4.1.4 say of a value under a schema: the first line holds the
    /// definitions, the others schema, value, and whether Helm 3 and Helm 4 accept it.
    const TABLE: &str = include_str!("helm.jsonl");

    fn check(node: &Node, schema: &Json, sources: &Sources) -> Vec<Problem> {
        super::check(node, schema, &Past { sources, deleted: &[], complete: true })
    }

    /// A values file in JSON, which is YAML too, with positions.
    fn read(name: &str, text: &str) -> (Node, Sources) {
        let mut sources = Sources::default();
        let id = sources.add(name, text);
        let flag = match name {
            "--set" => Flag::Set,
            "--set-string" => Flag::String,
            "--set-literal" => Flag::Literal,
            _ => Flag::Json,
        };
        let mut map = Map::new();
        apply(flag, id, &sources, &mut map, &mut |_| Ok(String::new())).expect("good values");
        (Node::new(Value::Map(map), None), sources)
    }

    fn problems(schema: &Json, text: &str) -> Vec<Problem> {
        let (node, sources) = read("values.yaml", text);
        check(&node, schema, &sources)
    }

    fn shown(schema: &Json, text: &str) -> Vec<String> {
        problems(schema, text).iter().map(Problem::to_string).collect()
    }

    /// The only problem: path, message and help.
    fn only(schema: &Json, text: &str) -> (String, String, String) {
        let mut problems = problems(schema, text);
        assert_eq!(problems.len(), 1, "{problems:?}");
        let problem = problems.remove(0);
        (problem.path, problem.message, problem.help.unwrap_or_default())
    }

    fn set(schema: &Json, text: &str) -> String {
        help_for("--set", schema, text)
    }

    fn help_for(flag: &str, schema: &Json, text: &str) -> String {
        let (node, sources) = read(flag, text);
        check(&node, schema, &sources)[0].help.clone().unwrap_or_default()
    }

    fn property(schema: Json) -> Json {
        json!({"type": "object", "properties": {"a": schema}, "additionalProperties": false})
    }

    #[test]
    fn accepts_and_refuses_what_helm_does() {
        let mut lines = TABLE.lines();
        let head: Json = serde_json::from_str(lines.next().expect("a head")).expect("JSON");
        let mut wrong = Vec::new();
        for line in lines {
            let row: Json = serde_json::from_str(line).expect(line);
            let schema = json!({"properties": {"v": row[0]}, "definitions": head["definitions"]});
            let node = Node::from_json(&json!({"v": row[1]}));
            let accepted = check(&node, &schema, &Sources::default()).is_empty();
            // Helm 4 takes `"1"` and `1` for equal in `uniqueItems` only; Helm 3 is right.
            if json!(accepted) != row[2] {
                wrong.push(line);
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn points_at_an_unknown_key_and_names_the_one_that_was_meant() {
        let schema = json!({"properties": {"scaling": {
            "properties": {"replicas": {"type": "integer"}, "mode": {"type": "string"}},
            "additionalProperties": false
        }}});
        assert_eq!(
            shown(&schema, "{\"scaling\": {\n  \"replica\": 3}}"),
            ["values.yaml:2:3: scaling.replica: unknown key `replica`\
              \n  2 |   \"replica\":\n    |   ^\n  help: did you mean `replicas`?"]
        );
    }

    #[test]
    fn tells_where_an_unknown_key_belongs_or_which_keys_there_are() {
        let closed =
            |properties: Json| json!({"properties": properties, "additionalProperties": false});
        let schema = closed(json!({"forguncy": closed(json!({
            "scaling": closed(json!({"pods": {"type": "integer"}})), "port": {}
        }))}));
        let help = |text| only(&schema, text).2;
        assert_eq!(help(r#"{"pods": 1}"#), "did you mean `forguncy.scaling.pods`?");
        assert_eq!(help(r#"{"forguncy": {"pods": 1}}"#), "did you mean `forguncy.scaling.pods`?");
        assert_eq!(help(r#"{"x": {"pods": 1}}"#), "its keys belong to `forguncy.scaling`");
        assert_eq!(
            help(r#"{"forguncy": {"x": {"port": 1}}}"#),
            "leave `x` out: its keys stand one level higher"
        );
        assert_eq!(
            help(r#"{"forguncy": {"colour": 1}}"#),
            "the keys here are `scaling` and `port`"
        );
        assert_eq!(only(&closed(json!({})), r#"{"x": 1}"#).2, "no key is allowed here");
    }

    #[test]
    fn shows_a_number_as_it_was_written_and_how_to_quote_it() {
        let schema = property(json!({"type": "string"}));
        let (path, message, help) = only(&schema, r#"{"a": 10.0}"#);
        assert_eq!(path, "a");
        assert_eq!(message, "expected a string, found the number 10.0");
        assert_eq!(help, r#"quote it: `a: "10.0"`"#);
        assert_eq!(only(&schema, r#"{"a": true}"#).2, r#"quote it: `a: "true"`"#);
        assert_eq!(help_for("--set-json", &schema, "a=1e2"), r#"quote it: `"1e2"`"#);
        assert_eq!(set(&schema, "a=10"), "use `--set-string a=10`");
        assert_eq!(only(&schema, r#"{"a": [1]}"#).1, "expected a string, found a list");
        let items = property(json!({"items": {"type": "string"}}));
        assert_eq!(
            only(&items, r#"{"a": [0x]}"#.replace("0x", "1e2").as_str()).2,
            "quote it: `- \"1e2\"`"
        );
    }

    #[test]
    fn shows_how_to_write_a_number_or_a_boolean_or_a_list() {
        let integer = property(json!({"type": "integer"}));
        let (_, message, help) = only(&integer, r#"{"a": "80"}"#);
        assert_eq!(message, "expected an integer, found the string `80`");
        assert_eq!(help, "write it without quotes: `a: 80`");
        assert_eq!(only(&integer, r#"{"a": 1.5}"#).1, "expected an integer, found the number 1.5");
        assert_eq!(set(&property(json!({"type": "number"})), "a=1.5"), "use `--set-json a=1.5`");
        assert_eq!(
            only(&property(json!({"type": "boolean"})), r#"{"a": "yes"}"#).2,
            "write it without quotes: `a: true`"
        );
        assert_eq!(only(&integer, r#"{"a": "080"}"#).2, "write it without quotes: `a: 80`");
        let list = property(json!({"type": "array"}));
        assert_eq!(set(&list, "a=x"), "a list is written `a={a,b}`");
        assert_eq!(only(&list, r#"{"a": "x"}"#).2, "a list is written `[a, b]`");
    }

    #[test]
    fn what_to_do_about_an_argument_is_another_argument() {
        let (integer, list) = (json!({"type": "integer"}), json!({"type": "array"}));
        let (number, boolean) = (json!({"type": "number"}), json!({"type": "boolean"}));
        for (flag, schema, text, help) in [
            ("--set", &integer, "a=080", "use `--set a=80`"),
            ("--set", &number, "a=.5", "use `--set-json a=0.5`"),
            ("--set", &boolean, "a=yes", "use `--set a=true`"),
            ("--set-string", &integer, "a=80", "use `--set a=80`"),
            ("--set-string", &number, "a=1e3", "use `--set-json a=1000.0`"),
            ("--set-string", &list, "a=x", "a list is written `a={a,b}`"),
            ("--set-literal", &list, "a={x}", "use `--set a={a,b}`"),
            ("--set-json", &list, r#"a="x""#, r#"a list is written `["a", "b"]`"#),
            ("--set-json", &integer, r#"a="80""#, "write it without quotes: `80`"),
        ] {
            assert_eq!(help_for(flag, &property(schema.clone()), text), help, "{flag} {text}");
        }
        let secret = property(json!({"type": "string", "writeOnly": true}));
        assert_eq!(set(&secret, "a=20202020"), "use `--set-string a=…`");
        assert_eq!(help_for("--set-json", &secret, "a=1"), "put the value in double quotes");
        assert_eq!(only(&secret, r#"{"a": 1}"#).2, "put the value in quotes");
    }

    #[test]
    fn a_null_without_a_default_is_told_apart_from_one_that_deleted_it() {
        let schema = json!({"properties": {"a": {"type": "string"}}, "required": ["b"]});
        let problems = problems(&schema, r#"{"a": null}"#);
        assert_eq!(problems[0].message, "null deletes a default, and there is none here");
        assert_eq!(problems[1].path, "b");
        assert_eq!(problems[1].message, "has no value: null deleted its default");
        assert_eq!(problems[1].location, None);
        let yaml = json!({"definitions": {"yaml": {"not": {"type": "null"}, "items":
            {"$ref": "#/definitions/yaml"}}}, "additionalProperties": {"$ref": "#/definitions/yaml"}});
        assert_eq!(
            only(&yaml, r#"{"a": null}"#).1,
            "null deletes a default, and there is none here"
        );
        assert_eq!(only(&yaml, r#"{"a": [null]}"#).1, "expected another value, found null");
    }

    #[test]
    fn a_missing_key_is_shown_at_the_nearest_part_that_was_written() {
        let schema = json!({"properties": {"l": {"items": {"required": ["name"]}}}});
        let problems = problems(&schema, "{\"l\":\n [{}]}");
        assert_eq!(problems[0].path, "l[0].name");
        assert_eq!(problems[0].message, "is missing here");
        let location = problems[0].location.as_ref().expect("a place");
        assert_eq!((location.line, location.column), (2, 3));
    }

    #[test]
    fn a_pattern_speaks_through_the_title() {
        let dns = json!({"type": "string", "pattern": "^[a-z]+$", "maxLength": 3,
            "title": "a DNS name (lower case)"});
        let schema = property(dns);
        assert_eq!(
            only(&schema, r#"{"a": "Foo_Bar"}"#).1,
            "expected a DNS name (lower case), found `Foo_Bar`"
        );
        assert_eq!(
            only(&schema, r#"{"a": ""}"#).1,
            "expected a DNS name (lower case), found an empty string"
        );
        assert_eq!(only(&schema, r#"{"a": "abcd"}"#).1, "expected at most 3 characters, found 4");
        let untitled = property(json!({"pattern": "^a$"}));
        assert_eq!(
            only(&untitled, r#"{"a": "\u001b[31m"}"#).1,
            "expected a string that matches `^a$`, found `\\u{1b}[31m`"
        );
        let broken = property(json!({"pattern": "("}));
        assert!(only(&broken, r#"{"a": "x"}"#).1.contains("no regular expression"));
    }

    #[test]
    fn a_value_that_is_the_default_is_right() {
        let schema = property(json!({"type": "string", "pattern": "^a$", "default": "b"}));
        assert!(problems(&schema, r#"{"a": "b"}"#).is_empty());
        assert_eq!(problems(&schema, r#"{"a": "c"}"#).len(), 1);
    }

    #[test]
    fn bounds_say_what_was_expected() {
        let port = json!({"title": "a port number from 1 to 65535", "type": "integer",
            "minimum": 1, "maximum": 65535});
        let schema = property(port);
        assert_eq!(
            only(&schema, r#"{"a": 70000}"#).1,
            "expected a port number from 1 to 65535, found 70000"
        );
        assert_eq!(
            only(&schema, r#"{"a": "x"}"#).1,
            "expected a port number from 1 to 65535, found the string `x`"
        );
        let untitled = property(json!({"exclusiveMinimum": 0}));
        assert_eq!(only(&untitled, r#"{"a": 0}"#).1, "expected a number above 0, found 0");
        let list = property(json!({"minItems": 1}));
        assert_eq!(only(&list, r#"{"a": []}"#).1, "expected at least 1 item, found 0");
    }

    #[test]
    fn a_choice_names_the_choices_and_the_near_one() {
        let schema = property(json!({"enum": ["manual", "fixed", "auto"]}));
        let (_, message, help) = only(&schema, r#"{"a": "Auto"}"#);
        assert_eq!(message, "expected `manual`, `fixed` or `auto`, found `Auto`");
        assert_eq!(help, "did you mean `auto`?");
        let consts = property(json!({"oneOf": [{"const": "x"}, {"const": ""}]}));
        assert_eq!(only(&consts, r#"{"a": "z"}"#).1, "expected `x` or `\"\"`, found `z`");
    }

    #[test]
    fn a_key_of_a_free_map_is_checked_like_a_value() {
        let schema = property(json!({"propertyNames": {
            "title": "a label key", "pattern": "^[a-z]+$",
            "not": {"enum": ["app"]}, "description": "the chart writes this label itself"
        }}));
        assert_eq!(only(&schema, r#"{"a": {"B": 1}}"#).1, "expected a label key, found `B`");
        let (path, message, _) = only(&schema, r#"{"a": {"app": 1}}"#);
        assert_eq!(
            (path.as_str(), message.as_str()),
            ("a.app", "the chart writes this label itself")
        );
    }

    #[test]
    fn items_that_stand_twice_are_named() {
        let schema = property(json!({"uniqueItems": true}));
        let (path, message, _) = only(&schema, r#"{"a": ["x", "y", "x"]}"#);
        assert_eq!(path, "a[2]");
        assert_eq!(message, "the list already has `x` at index 0");
    }

    #[test]
    fn a_broken_rule_is_one_problem_at_the_key_that_breaks_it() {
        let schema = json!({
            "properties": {"mode": {"type": "string"}, "replicas": {"type": "integer"}},
            "allOf": [{
                "description": "mode auto needs two replicas",
                "if": {"properties": {"mode": {"const": "auto"}}},
                "then": {"properties": {"replicas": {"minimum": 2}}}
            }]
        });
        let problem = problems(&schema, r#"{"mode": "auto", "replicas": 1}"#).remove(0);
        assert_eq!(problem.message, "mode auto needs two replicas");
        assert_eq!(problem.path, "replicas");
        assert_eq!(problem.location.expect("a place").column, 30);
        assert!(problems(&schema, r#"{"mode": "x", "replicas": 1}"#).is_empty());
    }

    #[test]
    fn a_rule_broken_by_a_default_points_at_what_the_user_wrote() {
        let schema = json!({"allOf": [{
            "description": "hostPath needs a shared mount",
            "if": {"properties": {"storage": {"properties": {"type": {"const": "hostPath"}}}}},
            "then": {"properties": {"storage": {"properties": {"shared": {"const": true}}}}}
        }]});
        let (mut node, sources) = read("values.yaml", r#"{"storage": {"type": "hostPath"}}"#);
        let default = Node::from_json(&json!({"storage": {"shared": false}}));
        node = crate::merge::merge(default, node, &mut Vec::new());
        let problem = check(&node, &schema, &sources).remove(0);
        assert_eq!(problem.path, "storage.shared");
        assert_eq!(problem.location.expect("a place").column, 22);
    }

    #[test]
    fn alternatives_without_words_report_the_one_that_fits_best() {
        let schema = property(json!({"anyOf": [
            {"type": "integer", "minimum": 5},
            {"type": "object", "properties": {"x": {"const": 1}, "y": {"const": 2}}}
        ]}));
        assert_eq!(only(&schema, r#"{"a": 3}"#).1, "expected a number of at least 5, found 3");
        assert_eq!(only(&schema, r#"{"a": {"x": 1, "y": 3}}"#).0, "a.y");
        assert_eq!(
            only(&schema, r#"{"a": "s"}"#).1,
            "expected an integer or a map, found the string `s`"
        );
        let rule = json!({"allOf": [{"description": "needs a tag or a digest", "anyOf": [
            {"properties": {"tag": {"minLength": 1}}}, {"properties": {"digest": {"minLength": 1}}}
        ]}]});
        let (path, message, _) = only(&property(rule), r#"{"a": {"tag": "", "digest": ""}}"#);
        assert_eq!((path.as_str(), message.as_str()), ("a", "needs a tag or a digest"));
    }

    #[test]
    fn not_and_if_without_a_list_of_rules_have_words_too() {
        let not =
            json!({"not": {"properties": {"a": {"const": 1}}}, "description": "a must not be 1"});
        assert_eq!(
            only(&not, r#"{"a": 1}"#),
            ("a".into(), "a must not be 1".into(), String::new())
        );
        let size = property(json!({"type": "string", "title": "a size above zero",
            "description": "Size of the claim.", "not": {"pattern": "^0"}}));
        assert_eq!(only(&size, r#"{"a": "0Gi"}"#).1, "expected a size above zero, found `0Gi`");
        let then =
            json!({"if": {"required": ["a"]}, "then": {"properties": {"b": {"type": "string"}}}});
        assert_eq!(only(&then, r#"{"a": 1, "b": 2}"#).0, "b");
    }

    #[test]
    fn a_wrong_type_is_one_problem_and_breaks_no_rule() {
        let schema = json!({
            "properties": {"a": {"type": "object", "required": ["x"], "minProperties": 3},
                           "n": {"type": "integer", "enum": [1, 2]}},
            "allOf": [
                {"description": "n must be 1", "properties": {"n": {"const": 1}}},
                {"properties": {"n": {"minimum": 0}, "a": {"type": "object"}}}
            ]
        });
        let found = problems(&schema, r#"{"a": [1, 2], "n": "x"}"#);
        let paths: Vec<_> = found.iter().map(|p| p.path.as_str()).collect();
        assert_eq!(paths, ["a", "n"]);
    }

    #[test]
    fn finds_all_problems_in_the_order_of_the_text() {
        let schema = json!({"properties": {
            "z": {"type": "string"}, "a": {"type": "integer"}, "m": {"items": {"type": "integer"}}
        }, "additionalProperties": false});
        let found =
            problems(&schema, "{\"z\": 1,\n\"q\": 2, \"m\": [\"x\", \"y\"],\n\"a\": \"b\"}");
        let paths: Vec<_> = found.iter().map(|p| p.path.as_str()).collect();
        assert_eq!(paths, ["z", "q", "m[0]", "m[1]", "a"]);
    }

    #[test]
    fn never_shows_what_is_write_only() {
        let password =
            json!({"type": "string", "writeOnly": true, "pattern": "^x", "minLength": 9});
        let schema = json!({
            "properties": {"auth": {
                "properties": {"password": password, "key": {"$ref": "#/definitions/key"},
                    "on": {"type": "boolean"}},
                "additionalProperties": false
            }, "tokens": {"writeOnly": true, "type": "array", "items": {"type": "string"}}},
            "definitions": {"key": {"type": "string", "enum": ["other"], "writeOnly": true}},
            "allOf": [
                {"properties": {"auth": {"properties": {"password": {"maxLength": 1}}}}},
                {"properties": {"auth": {"properties": {"password": {"enum": ["a"]}}}}}
            ]
        });
        for text in [
            r#"{"auth": {"password": "hunter2"}}"#,
            r#"{"auth": {"password": 82718}}"#,
            r#"{"auth": {"password": ["hunter2"]}}"#,
            r#"{"auth": {"key": "hunter2"}}"#,
            r#"{"auth": {"key": true, "on": "hunter2"}}"#.replace("hunter2", "1").as_str(),
            r#"{"auth": {"pasword": "hunter2"}}"#,
            r#"{"auth": {"password": "xhunter2", "on": 5}}"#,
            r#"{"tokens": [82718, "hunter2"]}"#,
        ] {
            let shown = format!("{:?}", problems(&schema, text));
            assert!(shown.contains("message") && shown.contains("text: None"), "{text}: {shown}");
            assert!(!shown.contains("hunter2") && !shown.contains("82718"), "{text}: {shown}");
            assert!(!shown.contains("text: Some"), "{text}: {shown}");
        }
        let free = json!({"additionalProperties": {"type": "string"}});
        let items = json!({"items": {"additionalProperties": {"type": "string"}}});
        let schema = json!({"properties": {"a": {}, "free": free, "env": items, "n": {"type": "string"}},
            "additionalProperties": false});
        for (name, text) in [
            ("values.yaml", r#"{"free": {"DB_PASS": 82718}}"#),
            ("values.yaml", "{\"env\": [{\"name\": \"API_KEY\",\n\"value\": 82718}]}"),
            ("values.yaml", r#"{"pin": 82718}"#),
            ("values.yaml", r#"{"pin": {"x": [82718]}, "n": 1}"#),
            ("values.yaml", "{\"pin\":\n  82718, \"n\": 1}"),
            ("--set", "a=b,pin=82718,n=1"),
            ("--set", "passwd=82718"),
            ("--set", "a.passwd=8,82718=1,n=1"),
        ] {
            let (node, sources) = read(name, text);
            let shown = check(&node, &schema, &sources);
            assert!(
                !shown.is_empty() && !format!("{shown:?}").contains("82718"),
                "{text}: {shown:?}"
            );
        }
    }

    #[test]
    fn never_shows_an_argument_that_gives_a_secret_beside_what_is_wrong() {
        let on = json!({"properties": {"password": {}, "on": {"type": "boolean"}}});
        let schema = json!({"properties": {"auth": on}});
        let (node, sources) = read("--set", "auth.on=x,auth.password=xhunter2xx");
        let shown = format!("{:?}", check(&node, &schema, &sources));
        assert!(shown.contains("auth.on") && !shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn survives_hostile_values_and_schemas() {
        let schema = json!({"properties": {"a": {"$ref": "#/definitions/x"}, "b": {"$ref": "elsewhere"}},
            "definitions": {"x": {"$ref": "#/definitions/y"}, "y": {"$ref": "#/definitions/x"}},
            "type": 5, "required": [1], "allOf": [1, null]});
        assert!(problems(&schema, r#"{"a": 1, "b": 2}"#).is_empty());
        let closed = json!({"additionalProperties": false});
        let long = format!("{{\"{}\": 1}}", "k".repeat(1 << 20));
        assert!(only(&closed, &long).1.len() < 400);
        let list = format!("{{\"a\": [{}1]}}", "1,".repeat(20_000));
        let found = problems(&property(json!({"uniqueItems": true})), &list);
        assert_eq!(found.len(), 201);
        assert_eq!(found[200].message, "and 19800 more");
    }

    #[test]
    fn every_keyword_of_the_table_is_known() {
        for keyword in ["$ref", "writeOnly", "propertyNames", "exclusiveMinimum", "else"] {
            assert!(KEYWORDS.contains(&keyword), "{keyword}");
        }
        assert!(!KEYWORDS.contains(&"patternProperties"));
    }
}
