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

#[cfg(test)]
mod tests {
    use super::{file_name, write};
    use crate::diff::compare;
    use crate::diff::side::Side;
    use crate::report::Style;

    fn side(stream: &str) -> Side {
        Side::of_manifests("a.yaml", "prod", stream.as_bytes()).unwrap()
    }

    fn unified(old: &str, new: &str) -> String {
        write(&compare(&side(old), &side(new)), Style::default())
    }

    #[test]
    fn ranges_count_as_patch_counts_them() {
        let kind = |name: &str| format!("apiVersion: v1\nkind: A\nmetadata: {{name: {name}}}\n");
        assert_eq!(
            unified(&kind("a"), &kind("b")),
            "--- a/prod/A/a.yaml\n+++ /dev/null\n@@ -1,4 +0,0 @@\n-apiVersion: v1\n-kind: A\n-metadata:\n-  name: a\n\
             --- /dev/null\n+++ b/prod/A/b.yaml\n@@ -0,0 +1,4 @@\n+apiVersion: v1\n+kind: A\n+metadata:\n+  name: b\n"
        );
    }

    #[test]
    fn the_order_of_keys_is_no_difference_and_a_secret_shows_that_it_changes() {
        let secret =
            |data: &str| format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\n{data}");
        assert_eq!(
            unified(
                &secret("type: Opaque\n"),
                "type: Opaque\nmetadata: {name: a}\nkind: Secret\napiVersion: v1\n"
            ),
            ""
        );
        let text = unified(&secret("data: {a: YQ==}\n"), &secret("data: {a: Yg==}\n"));
        assert!(
            text.contains("-  a: \"(not shown, before)\"\n+  a: \"(not shown, after)\"\n"),
            "{text}"
        );
    }

    #[test]
    fn a_name_leads_to_no_other_file() {
        let name = "../../etc/passwd\u{7}";
        let object = serde_json::json!({"apiVersion": "v1", "kind": "A", "metadata": {"name": name, "namespace": ".."}});
        let side = side(&object.to_string());
        let path = file_name(side.objects.keys().next().unwrap());
        assert!(
            !path.contains("..") && !path.contains('\u{7}') && !path.starts_with('/'),
            "{path}"
        );
    }
}
