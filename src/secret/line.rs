//! Which lines of a YAML text are not shown, by the text alone: it may be no good YAML.

use super::mentions_secret;

/// Whether a line of a YAML text, counted from 1, may give a secret: it does, or a line that it
/// hangs below does, or it stands in a Secret.
pub(super) fn hides_line(text: &str, line: u32) -> bool {
    let lines: Vec<&str> = text.lines().take(line as usize).collect();
    let Some((own, above)) = lines.split_last() else { return false };
    if mentions_secret(own) || stands_in_secret(text, line as usize - 1) {
        return true;
    }
    let mut depth = depth_of(own);
    for line in above.iter().rev() {
        let content = line.trim_start();
        if content.is_empty() || content.starts_with('#') || depth_of(line) >= depth {
            continue;
        }
        if mentions_secret(line) {
            return true;
        }
        depth = depth_of(line);
    }
    false
}

/// Whether a line, counted from 0, stands in a map, or below one, that has `kind: Secret` among its keys.
pub(super) fn stands_in_secret(text: &str, line: usize) -> bool {
    let lines: Vec<&str> = text.lines().collect();
    let is_code = |at: &usize| {
        let content = lines.get(*at).map_or("", |line| line.trim_start());
        !content.is_empty() && !content.starts_with('#')
    };
    let mut at = Some(line).filter(|at| is_code(at) && !starts_document(lines[*at]));
    while let Some(own) = at {
        let column = key_column(lines[own]);
        // The map goes up to the line that begins it, or to the one that it hangs below, and down to the next of either.
        let mut first = own;
        at = None;
        for above in (0..own).rev().filter(is_code) {
            if starts_document(lines[above]) {
                break;
            }
            if key_column(lines[above]) < column {
                at = Some(above);
                break;
            }
            if key_column(lines[above]) == column && !starts_item(lines[first]) {
                first = above;
            }
        }
        let ends = |at: &usize| {
            starts_document(lines[*at])
                || key_column(lines[*at]) < column
                || key_column(lines[*at]) == column && starts_item(lines[*at])
        };
        let below = (own + 1..lines.len()).filter(is_code).take_while(|at| !ends(at));
        let mut keys = (first..=own).chain(below).filter(|at| key_column(lines[*at]) == column);
        if keys.any(|at| says_secret(lines[at])) {
            return true;
        }
    }
    false
}

fn starts_document(line: &str) -> bool {
    line.starts_with("---")
}

fn starts_item(line: &str) -> bool {
    line.trim_start().starts_with("- ")
}

/// A line without its indentation, and without what opens an item or a map.
fn key_of(line: &str) -> &str {
    let mut rest = line.trim_start();
    while let Some(inside) = rest.strip_prefix("- ").or_else(|| rest.strip_prefix(['{', '['])) {
        rest = inside.trim_start();
    }
    rest
}

/// In which column the key of a line stands.
fn key_column(line: &str) -> usize {
    line.len() - key_of(line).len()
}

/// Whether a line is `kind: Secret`, in YAML or in JSON.
fn says_secret(line: &str) -> bool {
    let bare = |text: &str| text.trim().trim_matches(['"', '\'', ',', '}', ']']).trim().to_owned();
    key_of(line).split_once(':').is_some_and(|(key, value)| {
        let value = value.split(" #").next().unwrap_or_default();
        bare(key) == "kind" && bare(value) == "Secret"
    })
}

/// How far a line is indented. The `-` of an item may stand right below its list's key, and a tab,
/// which YAML refuses here, is meant to be much.
fn depth_of(line: &str) -> usize {
    let content = line.trim_start();
    let blanks = line[..line.len() - content.len()].bytes();
    blanks.map(|blank| if blank == b'\t' { 1000 } else { 1 }).sum::<usize>()
        + usize::from(content.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::hides_line;

    #[test]
    fn hides_what_hangs_below_a_secret() {
        let text = "a: 1\nredis:\n  auth:\n# note\n\n    enabled: 1\n  port: 2\n\
                    tokens:\n- x\n- y\nb: |\n  z\nenv:\n- name: DB_PASSWORD\n  value: x\n- name: A\n  value: y\n";
        let hidden: Vec<u32> = (1..=18).filter(|line| hides_line(text, *line)).collect();
        assert_eq!(hidden, [3, 6, 8, 9, 10, 14, 15]);
        assert!(hides_line("\tpwd: |\n\t\tx", 2) && hides_line("    pwd: |\n\tx", 2));
        assert!(!hides_line(text, 0) && !hides_line("", 1));
    }

    #[test]
    fn hides_what_stands_in_a_secret() {
        let shown = |text: &str| -> Vec<usize> {
            let lines = 1..=text.lines().count();
            lines.filter(|line| !hides_line(text, *line as u32)).collect()
        };
        let objects = "\
extraObjects:
  - apiVersion: v1
    kind: ConfigMap
    data:
      shown: a
  - apiVersion: v1
    data:
      connection: hunter2
    # a comment
    kind: Secret # it is

  - kind: Secret
    stringData: {a: b}
  - kind: ConfigMap
    data:
      shown: b
other: 1
";
        assert_eq!(shown(objects), [1, 2, 3, 4, 5, 9, 11, 14, 15, 16, 17]);
        let documents = "kind: Secret\ndata:\n  a: b\n---\nkind: A\ndata:\n  a: b\n";
        assert_eq!(shown(documents), [4, 5, 6, 7]);
        let json = "[{\"data\": {\n    \"a\": \"b\"\n  },\n  \"kind\": \"Secret\"}]";
        assert!(hides_line(json, 2), "{:?}", shown(json));
        let json = "{\n  \"data\": {\n    \"a\": \"b\"\n  },\n  \"kind\": \"Secret\"\n}";
        assert!(hides_line(json, 3), "{:?}", shown(json));
        let json = "{\"kind\": \"Secret\",\n \"data\": {\n   \"a\": \"b\"\n }}";
        assert!(hides_line(json, 3), "{:?}", shown(json));
    }
}
