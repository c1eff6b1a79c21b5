//! Every construct, printed in both stages.

use serde_json::{Value as Json, json};
use tera::{Context, Tera, Value};

use super::{Concrete, Stage, Symbolic, builtins, register, symbols, take_missing};

fn render<S: Stage>(template: &str, context: &Context) -> Result<String, String> {
    let mut tera = Tera::default();
    register::<S>(&mut tera);
    tera.add_raw_template("template", template).unwrap();
    tera.render("template", context).map_err(|error| format!("{error:?}"))
}

/// What a template prints when the values are known.
fn known(template: &str, values: &Json) -> String {
    let mut context = Context::new();
    context.insert("values", values);
    context.insert("release", &json!({"name": "shop", "namespace": "prod"}));
    context.insert_value("item", Concrete::item());
    render::<Concrete>(template, &context).unwrap()
}

/// What a template prints for the chart, or why it is refused.
fn for_chart(template: &str) -> Result<String, String> {
    let text = json!({"type": "string"});
    let schema = json!({"properties": {
        "text": text, "port": {"type": "integer"}, "on": {"type": "boolean"},
        "mode": {"type": "string", "enum": ["a", "b"]}, "map": {"type": "object"}, "list": {"type": "array"},
        "image": {"properties": {"registry": text, "repository": text, "tag": text, "digest": text}},
    }});
    let mut context = Context::new();
    context.insert_value("values", symbols(&schema).unwrap());
    for (name, value) in builtins() {
        context.insert_value(name, value);
    }
    render::<Symbolic>(template, &context)
}

/// A template, the values, what the manifest stage prints, and what the chart stage prints.
#[track_caller]
fn both(template: &str, values: Json, manifest: &str, chart: &str) {
    assert_eq!(known(template, &values), manifest);
    assert_eq!(for_chart(template).unwrap(), chart);
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
            for_chart(template).unwrap_err().contains("needs the filter")
                || for_chart(template).unwrap_err().contains("is no scalar"),
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
    let missing = [("text".to_owned(), "is empty: give it".to_owned())];
    assert_eq!(take_missing(&known(template, &json!({"text": ""}))), missing);
    let dropped = format!("{{%- filter when(value=values.on) %}}{template}{{%- endfilter %}}");
    assert_eq!(take_missing(&known(&dropped, &json!({"text": "", "on": false}))), []);
}

#[test]
fn no_value_can_pose_as_a_missing_one_or_as_an_element() {
    let hostile = json!({"text": "\u{e0f0}key: message\u{e0f1}\u{e0f2}", "list": ["x"]});
    let printed = known(
        "{%- filter each(list=values.list) %}{{ values.text | quote }}{%- endfilter %}",
        &hostile,
    );
    assert_eq!(take_missing(&printed), []);
    assert!(!printed.contains('x'), "{printed}");
}

#[test]
fn merge_lets_the_first_that_is_not_empty_win() {
    both(
        "a:{{- merge(of=[values.map, {\"m\": values.port} | only(when=values.on), {\"z\": \"1\"}]) | block(indent=2) }}",
        json!({"map": {"m": "", "z": "0"}, "port": 80, "on": true}),
        "a:\n  m: \"80\"\n  z: \"0\"",
        "a:\n  {{- with merge (dict)\n      (.Values.map | default dict)\n      (ternary (dict \"m\" (.Values.port | int64 | toString)) (dict) (not (empty .Values.on)))\n      (dict \"z\" \"1\") }}\n  {{- toYaml . | nindent 2 }}\n  {{- end }}",
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
    assert_eq!(
        known("{{ values.list | documents }}", &json!({"list": [{"b": 1, "a": "y"}]})),
        "\n---\na: \"y\"\nb: 1\n"
    );
    both(
        "x: {{ values.map | scalar }}",
        json!({"map": "50%"}),
        "x: \"50%\"",
        "x: {{ toYaml .Values.map }}",
    );
}

#[test]
fn what_no_helm_expression_yields_is_refused() {
    let error = Symbolic::merge(&[Value::from(1.5)]).unwrap_err();
    assert!(error.to_string().contains("no Helm expression yields"), "{error}");
}
