//! A diff for programs. [`schema`] describes it; a change that a reader could trip over raises [`VERSION`].

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

use crate::node::Node;
use crate::schema::schema_of;

use super::consequence::{self, EFFECTS, Effect};
use super::shown::of_field;
use super::{Diff, ObjectChange};

/// The version of the form.
const VERSION: u32 = 1;

/// What stands in the place of a secret.
const HIDDEN: &str = "(not shown)";

/// The output of `hzgchart diff --format json`.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
struct Report<'a> {
    /// The version of this form: 1. New keys may come without a new version.
    version: u32,
    /// The version of hzgchart.
    hzgchart: &'static str,
    /// The diff in numbers.
    summary: Summary,
    /// The objects that differ: the gravest consequence first, then in Helm's order of installation.
    objects: Vec<ObjectEntry<'a>>,
    /// How to get there, where Kubernetes refuses the short way.
    procedures: Vec<Procedure<'a>>,
    /// What is to be known of the comparison itself.
    notes: &'a [String],
}

/// The diff in numbers of objects.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    /// How many objects are created.
    created: usize,
    /// How many are removed.
    removed: usize,
    /// How many are changed.
    changed: usize,
    /// How many are the same on both sides.
    unchanged: usize,
    /// How many objects have a consequence of a kind. The kinds are those of `effect`.
    effects: BTreeMap<&'static str, usize>,
    /// The exit code: 1 when there are differences and `--exit-code` was given, else 0.
    exit_code: u8,
}

/// An object that differs.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
struct ObjectEntry<'a> {
    /// `created`, `removed` or `changed`.
    state: &'static str,
    /// The API version, of the new state where there is one.
    api_version: &'a str,
    /// The kind.
    kind: &'a str,
    /// The namespace; empty for what belongs to none.
    namespace: &'a str,
    /// The name.
    name: &'a str,
    /// What its creation or removal means; of a changed object the changes say it.
    consequences: Vec<Consequence<'a>>,
    /// The key of the values that brought it, or took it away, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<Cause<'a>>,
    /// The fields that differ: the gravest consequence first, then by path.
    changes: Vec<Change<'a>>,
}

/// A field that differs.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
struct Change<'a> {
    /// The field: `spec.template.spec.containers[name=app].image`.
    field: String,
    /// `added`, `removed`, `changed`, or `reordered` when only the order of a list's items differs.
    change: &'static str,
    /// What it was, secrets left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<Json>,
    /// What it is, secrets left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<Json>,
    /// Whether a secret was left out.
    hidden: bool,
    /// What it means, gravest first; empty when it has no consequence.
    consequences: Vec<Consequence<'a>>,
    /// The key of the values that changed it, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<Cause<'a>>,
}

/// What a change means.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
struct Consequence<'a> {
    /// `refused`, `mayBeRefused`, `data`, `outage`, `restart`, `scaling` or `note`.
    effect: &'static str,
    /// What happens, and why.
    why: &'a str,
    /// The way out.
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
}

/// A key of the values.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
struct Cause<'a> {
    /// The key, as `--set` takes it.
    key: &'a str,
    /// The file that sets it; `<stdin>`, `preset NAME` or the name of a flag where it is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    /// The line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    /// The column in characters, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
}

/// Steps, in the order in which they are safe.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
struct Procedure<'a> {
    /// What they lead to.
    title: &'a str,
    /// The steps.
    steps: Vec<Step<'a>>,
}

/// A step.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
struct Step<'a> {
    /// What to do.
    text: &'a str,
    /// Commands for a shell; what begins with `#` is for the reader.
    commands: &'a [String],
}

/// Writes a diff as JSON. `exit_code` is that of the run.
pub fn write(diff: &Diff<'_>, exit_code: u8) -> String {
    let report = Report {
        version: VERSION,
        hzgchart: env!("CARGO_PKG_VERSION"),
        summary: Summary {
            created: diff.count("created"),
            removed: diff.count("removed"),
            changed: diff.count("changed"),
            unchanged: diff.unchanged,
            effects: EFFECTS
                .iter()
                .map(|(effect, name, _)| (*name, diff.count_effect(*effect)))
                .collect(),
            exit_code,
        },
        objects: diff.objects.iter().map(object).collect(),
        procedures: diff
            .procedures
            .iter()
            .map(|procedure| Procedure {
                title: &procedure.title,
                steps: procedure
                    .steps
                    .iter()
                    .map(|step| Step { text: &step.text, commands: &step.commands })
                    .collect(),
            })
            .collect(),
        notes: &diff.notes,
    };
    let text = serde_json::to_string_pretty(&report).expect("keys are strings, so JSON holds it");
    text + "\n"
}

fn object<'a>(change: &'a ObjectChange<'_>) -> ObjectEntry<'a> {
    let state = change.new.or(change.old);
    ObjectEntry {
        state: change.state(),
        api_version: state.map_or("", |object| object.api_version()),
        kind: &change.identity.kind,
        namespace: &change.identity.namespace,
        name: &change.identity.name,
        consequences: change.consequences.iter().map(consequence).collect(),
        cause: change.cause.as_ref().map(cause),
        changes: change
            .changes
            .iter()
            .map(|field| field_change(&change.identity.kind, field))
            .collect(),
    }
}

fn field_change<'a>(kind: &str, change: &'a super::Change<'_>) -> Change<'a> {
    let field = &change.field;
    let shown =
        |node: Option<&Node>| node.map(|node| of_field(kind, field, node, HIDDEN).to_json());
    let (old, new) = (shown(field.old), shown(field.new));
    let hidden = [(field.old, &old), (field.new, &new)]
        .into_iter()
        .any(|(node, shown)| node.map(Node::to_json).as_ref() != shown.as_ref());
    Change {
        field: field.path.to_string(),
        change: match (field.old, field.new) {
            _ if field.reordered => "reordered",
            (None, _) => "added",
            (_, None) => "removed",
            _ => "changed",
        },
        old,
        new,
        hidden,
        consequences: change.consequences.iter().map(consequence).collect(),
        cause: change.cause.as_ref().map(cause),
    }
}

fn consequence(of: &consequence::Consequence) -> Consequence<'_> {
    Consequence { effect: Effect::name(of.effect), why: &of.why, help: of.help.as_deref() }
}

fn cause(of: &super::Cause) -> Cause<'_> {
    let at = of.location.as_ref();
    Cause {
        key: &of.key,
        file: at.map(|at| at.source.as_str()),
        line: at.map(|at| at.line),
        column: at.map(|at| at.column),
    }
}

/// The JSON schema of the form (draft-07): `docs/diff.schema.json`.
pub fn schema() -> String {
    schema_of::<Report>()
}

#[cfg(test)]
mod tests {
    use crate::generated::assert_current;

    #[test]
    fn the_committed_schema_is_what_the_form_is() {
        let committed = include_str!("../../docs/diff.schema.json");
        assert_current("docs/diff.schema.json", committed, &super::schema());
    }
}
