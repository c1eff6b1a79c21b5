//! A diff in the [unified format](https://www.gnu.org/software/diffutils/manual/html_node/Detailed-Unified.html), which `patch`
//! and viewers take: each object in one shape of YAML, keys in order, secrets hidden.

use std::fmt::Write;

use similar::{DiffOp, DiffTag};

use crate::object::Object;
use crate::report::{BOLD, GREEN, RED, Style};
use crate::yaml::write::{Order, document};

use super::fields::align;
use super::path::Path;
use super::shown::without_secrets;
use super::side::Identity;
use super::{Diff, ObjectChange};

/// So many lines around a change are shown, as everywhere.
const CONTEXT: usize = 3;

/// Writes a diff in the unified format.
pub fn write(diff: &Diff<'_>, style: Style) -> String {
    let mut out = String::new();
    for object in &diff.objects {
        write_object(object, style, &mut out);
    }
    out
}

fn write_object(object: &ObjectChange<'_>, style: Style, out: &mut String) {
    let (old, new) = texts(object);
    let olds: Vec<&str> = old.lines().collect();
    let news: Vec<&str> = new.lines().collect();
    let name = file_name(object.identity);
    let path = |side: &str, there: bool| {
        if there { format!("{side}/{name}") } else { "/dev/null".to_owned() }
    };
    for line in [
        format!("--- {}", path("a", object.old.is_some())),
        format!("+++ {}", path("b", object.new.is_some())),
    ] {
        let _ = writeln!(out, "{}", style.paint(BOLD, &line));
    }
    let ops = align(&olds, &news);
    for hunk in similar::group_diff_ops(ops, CONTEXT) {
        write_hunk(&hunk, &olds, &news, style, out);
    }
}

fn write_hunk(hunk: &[DiffOp], olds: &[&str], news: &[&str], style: Style, out: &mut String) {
    let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else { return };
    let range = |start: usize, end: usize| match end - start {
        // An empty range stands behind the line before it.
        0 => format!("{start},0"),
        1 => format!("{}", start + 1),
        length => format!("{},{length}", start + 1),
    };
    let old = range(first.old_range().start, last.old_range().end);
    let new = range(first.new_range().start, last.new_range().end);
    let _ = writeln!(out, "@@ -{old} +{new} @@");
    for op in hunk {
        if op.tag() == DiffTag::Equal {
            for line in &olds[op.old_range()] {
                let _ = writeln!(out, " {line}");
            }
            continue;
        }
        for line in &olds[op.old_range()] {
            let _ = writeln!(out, "{}", style.paint(RED, &format!("-{line}")));
        }
        for line in &news[op.new_range()] {
            let _ = writeln!(out, "{}", style.paint(GREEN, &format!("+{line}")));
        }
    }
}

/// Both states as YAML. A secret that changes is hidden in other words on either side, so that the change shows.
fn texts(object: &ObjectChange<'_>) -> (String, String) {
    let kind = &object.identity.kind;
    let text = |state: Option<&Object>, hidden: &str| {
        let Some(state) = state else { return String::new() };
        document(&without_secrets(kind, &Path::default(), &state.node, hidden), Order::Sorted)
    };
    let (old, new) = (text(object.old, "(not shown)"), text(object.new, "(not shown)"));
    if old != new {
        return (old, new);
    }
    (text(object.old, "(not shown, before)"), text(object.new, "(not shown, after)"))
}

/// A path that names the object, for viewers and for `patch -p1`.
fn file_name(identity: &Identity) -> String {
    let group =
        if identity.group.is_empty() { String::new() } else { format!(".{}", identity.group) };
    let namespace = if identity.namespace.is_empty() {
        String::new()
    } else {
        format!("{}/", identity.namespace)
    };
    // A name that holds what ends a line, or leads elsewhere, is none of Kubernetes'.
    let plain = |c: char| if c.is_control() || c == '\\' { '_' } else { c };
    let text =
        format!("{namespace}{}{group}/{}.yaml", identity.kind, identity.name.replace(':', "_"));
    text.replace("..", "_").chars().map(plain).collect()
}
