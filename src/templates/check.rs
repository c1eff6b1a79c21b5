//! Refuses templates that would decide something by a symbolic value.
//!
//! In the chart stage a value is a name, which is neither empty nor equal to anything: `{% if values.redis.enabled %}`
//! would silently be true for every installation. So plain Tera decides by `build` and loop variables only, and values
//! go through the constructs of [`crate::stage`].

/// The filters that have a meaning in both stages.
const STAGED_FILTERS: &[&str] = &[
    "quote",
    "scalar",
    "text",
    "block",
    "documents",
    "required",
    "or_else",
    "b64enc",
    "fingerprint",
    "label",
    "join_path",
    "image",
    "only",
    "when",
    "unless",
    "each",
];
/// Words and signs that make an expression a decision.
const DECIDING: &[&str] = &["if", "and", "or", "not", "==", "!="];
const KEYWORDS: &[&str] = &["in", "is", "true", "false", "none", "else"];

/// Checks one template; the error names it and the expression.
pub(super) fn check(name: &str, source: &str) -> Result<(), String> {
    // Names that hold build-time data: `build`, and what loops bind. Loops over anything else are refused below.
    let mut known = vec!["build", "loop"];
    for tag in tags(source) {
        let tokens = tokens(tag);
        let refuse = |why: &str| Err(format!("{name}: `{tag}`: {why}"));
        if let Some(pair) =
            tokens.windows(2).find(|pair| pair[0] == "|" && !STAGED_FILTERS.contains(&pair[1]))
        {
            return refuse(&format!("the filter `{}` has no meaning in the chart stage", pair[1]));
        }
        let decides = match tokens.first() {
            Some(&("if" | "elif")) => true,
            Some(&"for") => {
                known.extend(tokens.get(1));
                true
            }
            Some(&("set" | "set_global")) => {
                return refuse("a variable would hide whether it holds a value of the chart");
            }
            _ => tokens.iter().any(|token| DECIDING.contains(token)),
        };
        if decides && let Some(root) = roots(&tokens).find(|root| !known.contains(root)) {
            return refuse(&format!(
                "`{root}` is known only at install: use the filters when, unless or each"
            ));
        }
    }
    Ok(())
}

/// The insides of `{% … %}` and `{{ … }}`, without comments and raw blocks.
fn tags(source: &str) -> Vec<&str> {
    let mut tags = Vec::new();
    let mut rest = source;
    while let Some(start) = rest.find('{') {
        let close = match rest.as_bytes().get(start + 1) {
            Some(b'%') => "%}",
            Some(b'{') => "}}",
            Some(b'#') => "#}",
            _ => {
                rest = &rest[start + 1..];
                continue;
            }
        };
        let inside = &rest[start + 2..];
        let end = inside.find(close).unwrap_or(inside.len());
        let tag = inside[..end].trim_matches('-').trim();
        rest = inside.get(end + 2..).unwrap_or_default();
        if tag == "raw" {
            rest = rest.find("endraw").map_or("", |end| &rest[end..]);
        } else if close != "#}" {
            tags.push(tag);
        }
    }
    tags
}

/// Identifiers with what they lead to (`values.redis.enabled`), signs, and strings with their quotes.
fn tokens(tag: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = tag.trim_start();
    while let Some(first) = rest.chars().next() {
        let end = if first == '"' || first == '\'' {
            rest[1..].find(first).map_or(rest.len(), |end| end + 2)
        } else if first.is_alphanumeric() || first == '_' {
            rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'))
                .unwrap_or(rest.len())
        } else if rest.starts_with("==") || rest.starts_with("!=") {
            2
        } else {
            first.len_utf8()
        };
        tokens.push(&rest[..end]);
        rest = rest[end..].trim_start();
    }
    tokens
}

/// The variables of an expression: not its keywords, numbers, strings, functions, or names of arguments.
fn roots<'a>(tokens: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
    tokens.iter().enumerate().filter_map(|(i, token)| {
        let next = tokens.get(i + 1).copied().unwrap_or_default();
        let is_name = token.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && !KEYWORDS.contains(token)
            && !DECIDING.contains(token)
            && !["for", "elif"].contains(token)
            && next != "="
            && next != "("
            && (i == 0 || tokens[i - 1] != "|");
        is_name.then(|| token.split('.').next().unwrap_or(token))
    })
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn refuses_a_condition_on_a_value() {
        let error = check("a.yaml", "{% if values.redis.enabled %}x{% endif %}").unwrap_err();
        assert_eq!(
            error,
            "a.yaml: `if values.redis.enabled`: `values` is known only at install: use the filters when, unless or each"
        );
    }

    #[test]
    fn refuses_deciding_expressions_loops_variables_and_foreign_filters() {
        for source in [
            "{{ 1 if release.name else 2 }}",
            "{{ values.a == 1 }}",
            "{{ values.a or 1 }}",
            "{% for host in values.ingress.hosts %}{% endfor %}",
            "{% set a = values.a %}",
            "{{ values.a | upper }}",
            "{%- elif item -%}",
            "{% <Labels a={values.b == 1}/> %}",
        ] {
            assert!(check("a.yaml", source).is_err(), "{source}");
        }
    }

    #[test]
    fn accepts_build_time_decisions_comments_and_raw_blocks() {
        let source = "{# if values.a #}{% for share in build.shares %}{% if share.key == 'a' %}{{ share.name }}{% endif %}\
                      {% endfor %}{% raw %}{{ if .Values.a }}{% endraw %}{{ values.a | quote }}";
        assert_eq!(check("a.yaml", source), Ok(()));
    }
}
