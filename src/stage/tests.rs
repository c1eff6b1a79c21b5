//! Every construct, printed in both stages.

use serde_json::{Value as Json, json};
use tera::Tera;

use super::capture::Capture;
use super::program::Op;
use super::{go, known};
use crate::node::Node;
use crate::release::Release;

/// The program of a template, or why it is refused.
fn program(template: &str) -> Result<&'static [Op], String> {
    let text = json!({"type": "string"});
    let schema = json!({"properties": {
        "text": text, "port": {"type": "integer"}, "on": {"type": "boolean"},
        "mode": {"type": "string", "enum": ["a", "b"]}, "map": {"type": "object"}, "list": {"type": "array"},
        "image": {"properties": {"registry": text, "repository": text, "tag": text, "digest": text}},
    }});
    let capture = Capture::default();
    let mut tera = Tera::default();
    capture.register(&mut tera);
    tera.add_raw_template("template", template).unwrap();
    let context = capture.context(&schema, &json!({}));
    capture.program(&tera, "template", &context).map_err(|error| format!("{error:?}"))
}

/// What a template prints when the values are known.
fn printed(template: &str, values: &Json) -> known::Printed {
    let release = Release { name: "shop".to_owned(), namespace: "prod".to_owned() };
    known::run(program(template).unwrap(), &Node::from_json(values), &release)
}

fn known(template: &str, values: &Json) -> String {
    printed(template, values).text
}

/// What a template prints for the chart.
fn for_chart(template: &str) -> String {
    let text = go::template(program(template).unwrap());
    text.strip_suffix('\n').unwrap().to_owned()
}

/// What values printed: the key, and the text.
fn spans(template: &str, values: &Json) -> Vec<(&'static str, String)> {
    let printed = printed(template, values);
    let span = |span: &known::Span| (span.key, printed.text[span.range.clone()].to_owned());
    printed.spans.iter().map(span).collect()
}

/// A template, the values, what the manifest stage prints, and what the chart stage prints.
#[track_caller]
fn both(template: &str, values: Json, manifest: &str, chart: &str) {
    assert_eq!(known(template, &values), manifest);
    assert_eq!(for_chart(template), chart.trim_matches('\n'));
}

#[test]
fn integers_booleans_and_words_print_as_they_are() {
    both(
        "{{ values.port }} {{ values.on }} {{ values.mode }} {{ release.name }}-x",
        json!({"port": 80, "on": true, "mode": "a"}),
        "80 true a shop-x",
        "{{ .Values.port | int64 }} {{ .Values.on }} {{ .Values.mode }} {{ .Release.Name }}-x",
    );
}

#[test]
fn text_and_yaml_cannot_be_printed_bare() {
    for template in
        ["{{ values.text }}", "{{ values.map }}", "{{ values.list }}", "{{ values.map | quote }}"]
    {
        assert!(
            program(template).unwrap_err().contains("needs the filter")
                || program(template).unwrap_err().contains("is no scalar"),
            "{template}"
        );
    }
}

#[test]
fn quote_makes_one_double_quoted_scalar() {
    both(
        "a: {{ values.text | quote }}",
        json!({"text": "x\"\n# {{ y }} \u{e0f2}"}),
        "a: \"x\\\"\\n# {{ y }} \\uE0F2\"",
        "a: {{ .Values.text | quote }}",
    );
    both(
        "{{ values.port | quote }}",
        json!({"port": 80}),
        "\"80\"",
        "{{ .Values.port | int64 | quote }}",
    );
}

#[test]
fn joined_strings_become_one_printf() {
    both(
        "{{ values.text | or_else(with=release.name ~ \"-100%\") | quote }}",
        json!({"text": ""}),
        "\"shop-100%\"",
        "{{ .Values.text | default (printf \"%s-100%%\" .Release.Name) | quote }}",
    );
}

#[test]
fn block_prints_the_key_with_its_yaml_or_nothing() {
    let template = "spec:\n  {{- values.map | block(key=\"map\", indent=2) }}\n  x: 1";
    both(
        template,
        json!({"map": {"b": 1, "a": ["on"]}}),
        "spec:\n  map:\n    a:\n    - \"on\"\n    b: 1\n  x: 1",
        "spec:\n  {{- with .Values.map }}\n  map:\n    {{- toYaml . | nindent 4 }}\n  {{- end }}\n  x: 1",
    );
    assert_eq!(known(template, &json!({"map": {}})), "spec:\n  x: 1");
}

#[test]
fn when_and_unless_keep_the_body_or_drop_it() {
    let template = "{%- filter when(value=values.mode, is=\"a\") %}\n  x: 1\n{%- endfilter %}{%- filter unless(value=values.on) %}\n  y: 2\n{%- endfilter %}";
    both(
        template,
        json!({"mode": "a", "on": true}),
        "\n  x: 1",
        "\n  {{- if eq .Values.mode \"a\" }}\n  x: 1\n  {{- end }}\n  {{- if not .Values.on }}\n  y: 2\n  {{- end }}",
    );
    assert_eq!(known(template, &json!({"mode": "b", "on": false})), "\n  y: 2");
}

#[test]
fn conditions_know_several_options_and_several_values() {
    both(
        "{%- filter when(value=values.mode, is=[\"a\", \"b\"]) %}\nx\n{%- endfilter %}",
        json!({"mode": "b"}),
        "\nx",
        "\n{{- if or (eq .Values.mode \"a\") (eq .Values.mode \"b\") }}\nx\n{{- end }}",
    );
    both(
        "{%- filter when(any=[values.map, values.list]) %}\nx\n{%- endfilter %}",
        json!({"map": {}, "list": [1]}),
        "\nx",
        "\n{{- if or .Values.map .Values.list }}\nx\n{{- end }}",
    );
}

#[test]
fn opposite_conditions_are_one_decision_in_the_chart() {
    let template = "{%- filter when(value=values.mode, is=\"a\") %}\n  x: 1\n{%- endfilter %}{%- filter unless(value=values.mode, is=\"a\") %}\n  y: 2\n{%- endfilter %}";
    both(
        template,
        json!({"mode": "a"}),
        "\n  x: 1",
        "\n  {{- if eq .Values.mode \"a\" }}\n  x: 1\n  {{- else }}\n  y: 2\n  {{- end }}",
    );
    assert_eq!(known(template, &json!({"mode": "b"})), "\n  y: 2");
}

#[test]
fn a_condition_within_another_is_part_of_it_in_the_chart() {
    let inner = "{%- filter when(any=[values.map, values.list]) %}\nx\n{%- endfilter %}";
    let template = format!(
        "{{%- filter when(value=values.on) %}}{{%- filter unless(value=values.text) %}}{inner}{{%- endfilter %}}{{%- endfilter %}}"
    );
    both(
        &template,
        json!({"on": true, "text": "", "map": {"a": 1}}),
        "\nx",
        "\n{{- if and .Values.on (not .Values.text) (or .Values.map .Values.list) }}\nx\n{{- end }}",
    );
    assert_eq!(known(&template, &json!({"on": true, "text": "t", "map": {"a": 1}})), "");
    // Beside something else it stands for itself.
    let template = format!("{{%- filter when(value=values.on) %}}{inner}\ny\n{{%- endfilter %}}");
    assert_eq!(for_chart(&template).matches("{{- if").count(), 2);
}

#[test]
fn each_prints_its_body_for_every_element() {
    let template = "{%- filter each(list=values.list) %}\n- host: {{ item | quote }}\n  port: {{ values.port }}\n{%- endfilter %}";
    both(
        template,
        json!({"list": ["a", "{{ item }}"], "port": 80}),
        "\n- host: \"a\"\n  port: 80\n- host: \"{{ item }}\"\n  port: 80",
        "\n{{- range .Values.list }}\n- host: {{ . | quote }}\n  port: {{ $.Values.port | int64 }}\n{{- end }}",
    );
    assert_eq!(known(template, &json!({"list": [], "port": 80})), "");
}

#[test]
fn required_names_the_key_only_where_it_is_printed() {
    let template =
        "{{ values.text | required(key=\"text\", message=\"is empty: give it\") | quote }}";
    both(
        template,
        json!({"text": "x"}),
        "\"x\"",
        "{{ required \"text: is empty: give it\" .Values.text | quote }}",
    );
    let missing = |template: &str, values: Json| -> Vec<String> {
        let missing = printed(template, &values).missing;
        missing.iter().map(|problem| format!("{}: {}", problem.path, problem.message)).collect()
    };
    assert_eq!(missing(template, json!({"text": ""})), ["text: is empty: give it"]);
    let dropped = format!("{{%- filter when(value=values.on) %}}{template}{{%- endfilter %}}");
    assert_eq!(missing(&dropped, json!({"text": "", "on": false})), Vec::<String>::new());
}

#[test]
fn no_value_is_taken_for_a_part_of_the_template() {
    let hostile = json!({"text": "\u{e000}0\u{e001}{{ item }}", "list": ["{{ values.text }}"]});
    assert_eq!(
        known(
            "{%- filter each(list=values.list) %}{{ item | quote }}{{ values.text | quote }}{%- endfilter %}",
            &hostile
        ),
        r#""{{ values.text }}""\uE0000\uE001{{ item }}""#
    );
}

#[test]
fn what_is_not_there_counts_as_empty() {
    let template = "{{ values.text | or_else(with=\"x\") | quote }}{{ values.map | block(indent=0) }}\
                    {%- filter each(list=values.list) %}y{%- endfilter %}";
    assert_eq!(known(template, &json!({})), "\"x\"");
    assert_eq!(known(template, &json!({"text": null, "map": null, "list": null})), "\"x\"");
}

#[test]
fn merge_lets_the_first_that_is_not_empty_win() {
    both(
        "a:{{- merge(of=[values.map, {\"m\": values.port} | only(when=values.on), {\"z\": \"1\"}]) | block(indent=2) }}",
        json!({"map": {"m": "", "z": "0"}, "port": 80, "on": true}),
        "a:\n  m: \"80\"\n  z: \"0\"",
        "a:\n  {{- with merge (dict)\n      (.Values.map | default dict)\n      (ternary (dict \"m\" (.Values.port | int64 | toString)) (dict) .Values.on)\n      (dict \"z\" \"1\") }}\n  {{- toYaml . | nindent 2 }}\n  {{- end }}",
    );
}

#[test]
fn a_map_on_several_conditions_and_a_merge_in_a_merge_are_one_expression() {
    both(
        "a:{{- merge(of=[merge(of=[values.map, {\"m\": \"1\"} | only(when=values.on) | only(when=values.list) | only(when=values.mode, is=\"a\")]), {\"z\": \"1\"}]) | block(indent=2) }}",
        json!({"map": {}, "on": true, "list": [1], "mode": "a"}),
        "a:\n  m: \"1\"\n  z: \"1\"",
        "a:\n  {{- with merge (dict)\n      (.Values.map | default dict)\n      (ternary (dict \"m\" \"1\") (dict) (and .Values.on (not (empty .Values.list)) (eq .Values.mode \"a\")))\n      (dict \"z\" \"1\") }}\n  {{- toYaml . | nindent 2 }}\n  {{- end }}",
    );
}

#[test]
fn a_fingerprint_is_four_digits_of_a_digest() {
    both(
        "{{ (release.namespace ~ \"/\" ~ values.text) | fingerprint | quote }}",
        json!({"text": "活"}),
        "\"85c2\"",
        "{{ printf \"%s/%s\" .Release.Namespace .Values.text | sha256sum | trunc 4 | quote }}",
    );
}

#[test]
fn labels_paths_images_and_base64_have_two_faces() {
    both(
        "{{ values.text | label | quote }}",
        json!({"text": format!("_{}.", "a".repeat(70))}),
        &format!("\"{}\"", "a".repeat(62)),
        "{{ .Values.text | trunc 63 | trimAll \"-_.\" | quote }}",
    );
    both(
        "{{ values.text | join_path(with=\"x\") | quote }}",
        json!({"text": "/"}),
        "\"/x\"",
        "{{ printf \"%s/%s\" (.Values.text | trimSuffix \"/\") \"x\" | quote }}",
    );
    both(
        "{{ values.text | b64enc | quote }}",
        json!({"text": "活"}),
        "\"5rS7\"",
        "{{ .Values.text | b64enc | quote }}",
    );
    both(
        "{{ values.image | image(registry=values.text) | quote }}",
        json!({"text": "r:5000", "image": {"registry": "x", "repository": "a/b", "tag": "1", "digest": "sha256:0"}}),
        "\"r:5000/a/b:1@sha256:0\"",
        "{{ include \"forguncy.image\" (dict \"image\" .Values.image \"registry\" .Values.text) | quote }}",
    );
}

#[test]
fn documents_and_scalars_are_yaml() {
    both(
        "{{ values.list | documents }}",
        json!({"list": [{"b": 1, "a": "y"}]}),
        "\n---\na: \"y\"\nb: 1\n",
        "{{- range .Values.list }}\n---\n{{ toYaml . }}\n# end\n{{- end }}",
    );
    both(
        "x: {{ values.map | scalar }}",
        json!({"map": "50%"}),
        "x: \"50%\"",
        "x: {{ toYaml .Values.map }}",
    );
}

#[test]
fn a_release_is_checked_by_the_chart_and_before_render() {
    both("{{ release.check }}\nx", json!({}), "\nx", "{{- include \"forguncy.release\" . }}\nx");
}

#[test]
fn every_printed_value_has_its_key() {
    let values = json!({
        "text": "", "port": 80, "on": true, "mode": "a", "map": {"k": "v", "port": ""}, "list": ["x", "y"],
        "image": {"registry": "", "repository": "r", "tag": "1", "digest": ""},
    });
    let own = |spans: &[(&'static str, &str)]| -> Vec<(&'static str, String)> {
        spans.iter().map(|(key, text)| (*key, (*text).to_owned())).collect()
    };
    assert_eq!(
        spans("{{ release.name }} {{ values.port }} {{ values.mode | quote }}", &values),
        own(&[("port", "80"), ("mode", "\"a\"")])
    );
    // What stands in for an empty value was decided by that; else the one that was taken decided.
    assert_eq!(
        spans("{{ values.text | or_else(with=release.name ~ \"-x\") | quote }}", &values),
        own(&[("text", "\"shop-x\"")])
    );
    assert_eq!(
        spans("{{ values.text | or_else(with=values.mode) | quote }}", &values),
        own(&[("mode", "\"a\"")])
    );
    assert_eq!(
        spans("{{ values.image | image(registry=values.text) | quote }}", &values),
        own(&[("image", "\"r:1\"")])
    );
    // A line of a merged map, an element, a document: each has its own.
    assert_eq!(
        spans(
            "{{ merge(of=[values.map, {\"port\": values.port}]) | block(key=\"labels\", indent=0) }}",
            &values
        ),
        own(&[("map", "  k: v"), ("port", "  port: \"80\"")])
    );
    assert_eq!(
        spans("{{ {\"a\": \"1\"} | only(when=values.on) | block(indent=0) }}", &values),
        own(&[("on", "a: \"1\"")])
    );
    assert_eq!(
        spans("{%- filter each(list=values.list) %}{{ item | quote }}{%- endfilter %}", &values),
        own(&[("list", "\"x\""), ("list", "\"y\"")])
    );
    assert_eq!(
        spans("{{ values.list | documents }}", &json!({"list": [{"a": 1}, {"b": 2}]})),
        own(&[("list", "a: 1\n"), ("list", "b: 2\n")])
    );
    assert_eq!(
        spans("{{ values.map | block(key=\"m\", indent=2) }}", &json!({"map": {"a": 1}})),
        own(&[("map", "    a: 1")])
    );
}

#[test]
fn what_no_helm_expression_yields_is_refused() {
    let error = program("{{ merge(of=[1.5, 2]) | block(indent=0) }}").unwrap_err();
    assert!(error.contains("no Helm expression yields"), "{error}");
}
