//! A diff for people: each object with its fields, those of one consequence together; then the steps where there is no short way.

use std::fmt::Write;

use crate::report::{BLUE, BOLD, GREEN, RED, Style, YELLOW, count};

use super::consequence::{Consequence, EFFECTS, Effect};
use super::shown::{of_field, value};
use super::{Cause, Change, Diff, ObjectChange};
use crate::node::Node;

/// What stands in the place of a secret.
const HIDDEN: &str = "(not shown)";

/// Writes a diff as text.
pub fn write(diff: &Diff<'_>, style: Style) -> String {
    let mut out = String::new();
    let bodies: Vec<String> = diff.objects.iter().map(|object| body(object, style)).collect();
    let mut at = 0;
    while let Some(first) = bodies.get(at) {
        // Objects of which the same is to be said are listed together.
        let alike = bodies[at..].iter().take_while(|body| *body == first).count();
        for object in &diff.objects[at..at + alike] {
            head(object, style, &mut out);
        }
        out.push_str(first);
        out.push('\n');
        at += alike;
    }
    for procedure in &diff.procedures {
        out.push_str(&style.paint(BOLD, &procedure.title));
        out.push_str(":\n");
        for (step, number) in procedure.steps.iter().zip(1..) {
            let _ = writeln!(out, "{number:3}. {}", step.text);
            for command in &step.commands {
                let _ = writeln!(out, "       {command}");
            }
        }
        out.push('\n');
    }
    for note in &diff.notes {
        let _ = writeln!(out, "{}: {note}", style.paint(YELLOW, "note"));
    }
    out.push_str(&summary(diff, style));
    out
}

/// All that is said of an object below its name.
fn body(object: &ObjectChange<'_>, style: Style) -> String {
    let mut out = String::new();
    consequences(&object.consequences, style, &mut out);
    let mut rest = object.changes.as_slice();
    while let Some(first) = rest.first() {
        let alike =
            rest.iter().take_while(|change| change.consequences == first.consequences).count();
        consequences(&first.consequences, style, &mut out);
        for change in &rest[..alike] {
            field(object, change, style, &mut out);
        }
        rest = &rest[alike..];
    }
    out
}

fn head(object: &ObjectChange<'_>, style: Style, out: &mut String) {
    let colour = match object.state() {
        "created" => GREEN,
        "removed" => RED,
        _ => YELLOW,
    };
    let _ = write!(
        out,
        "{} {}",
        style.paint(BOLD, &object.identity.to_string()),
        style.paint(colour, object.state())
    );
    if let Some(cause) = &object.cause {
        let _ = write!(out, "{}", style.paint(BLUE, &because(cause)));
    }
    out.push('\n');
}

fn consequences(consequences: &[Consequence], style: Style, out: &mut String) {
    for consequence in consequences {
        let _ = writeln!(
            out,
            "  {}: {}",
            style.paint(colour(consequence.effect), consequence.effect.words()),
            consequence.why
        );
        if let Some(help) = &consequence.help {
            let _ = writeln!(out, "    help: {help}");
        }
    }
}

fn colour(effect: Effect) -> &'static str {
    match effect {
        Effect::Refused | Effect::Data => RED,
        Effect::MayBeRefused | Effect::Outage | Effect::Restart => YELLOW,
        Effect::Scaling | Effect::Note => BLUE,
    }
}

fn field(object: &ObjectChange<'_>, change: &Change<'_>, style: Style, out: &mut String) {
    let margin = if change.consequences.is_empty() { "  " } else { "    " };
    let _ = write!(out, "{margin}{}: ", change.field.path);
    let kind = &object.identity.kind;
    let shown = |node: &Node| value(&of_field(kind, &change.field, node, HIDDEN));
    match (change.field.old, change.field.new) {
        _ if change.field.reordered => out.push_str("in another order"),
        (Some(_), Some(_)) if is_hidden(kind, change) => {
            let _ = write!(out, "changed {HIDDEN}");
        }
        (Some(old), Some(new)) => {
            let (old, new) = (shown(old), shown(new));
            let change = if old == new {
                format!("changed behind {old}")
            } else {
                format!("{old} → {new}")
            };
            out.push_str(&change);
        }
        (Some(_), None) | (None, Some(_)) if is_hidden(kind, change) => {
            let _ = write!(
                out,
                "{} {HIDDEN}",
                if change.field.new.is_some() { "added" } else { "removed" }
            );
        }
        (Some(old), None) => {
            let _ = write!(out, "{} removed", shown(old));
        }
        (None, Some(new)) => {
            let _ = write!(out, "{} added", shown(new));
        }
        (None, None) => {}
    }
    if let Some(cause) = &change.cause {
        out.push_str(&style.paint(BLUE, &because(cause)));
    }
    out.push('\n');
}

/// Whether nothing of a change may be shown.
fn is_hidden(kind: &str, change: &Change<'_>) -> bool {
    let nodes = [change.field.old, change.field.new];
    nodes
        .into_iter()
        .flatten()
        .all(|node| of_field(kind, &change.field, node, HIDDEN).as_str() == Some(HIDDEN))
}

/// `  (storage.server, b.yaml:12:11)`.
fn because(cause: &Cause) -> String {
    match &cause.location {
        Some(location) => format!("  ({}, {location})", cause.key),
        None => format!("  ({})", cause.key),
    }
}

/// `1 object created, 2 changed, 20 unchanged: in 1 something is refused, in 1 pods restart`.
fn summary(diff: &Diff<'_>, style: Style) -> String {
    if diff.objects.is_empty() {
        return style.paint(BOLD, "no differences")
            + &format!(" in {}\n", count(diff.unchanged, "object"));
    }
    let states =
        ["created", "removed", "changed"].into_iter().map(|state| (diff.count(state), state));
    let states = states.chain([(diff.unchanged, "unchanged")]).filter(|(number, _)| *number > 0);
    let counts: Vec<String> = states.map(|(number, state)| format!("{number} {state}")).collect();
    let found =
        EFFECTS.iter().map(|(effect, _, words)| (diff.count_effect(*effect), *effect, *words));
    let found: Vec<String> = found
        .filter(|(number, effect, _)| *number > 0 && *effect != Effect::Note)
        .map(|(number, _, words)| format!("{number} × {words}"))
        .collect();
    let colour = diff.objects.first().and_then(ObjectChange::gravest).map_or(BOLD, colour);
    let mut out = style.paint(colour, &format!("objects: {}", counts.join(", ")));
    if !found.is_empty() {
        let _ = write!(out, "; {}", found.join(", "));
    }
    out.push('\n');
    out
}
