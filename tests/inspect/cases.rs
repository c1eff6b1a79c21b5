//! The broken charts, each named after its one fault.

use super::pack::{CHART, end, entries, entry, files, gzip, over, tgz, with, with_header, without};

/// All of them.
pub fn cases() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        // The archive.
        ("no-fault", tgz(&files())),
        ("empty-file", Vec::new()),
        ("not-gzip", entries("t/", &files())),
        ("a-text", b"apiVersion: v2\nname: t\n".to_vec()),
        ("no-entries", gzip(&end(Vec::new()))),
        ("cut-in-half", cut(|length| length / 2)),
        ("cut-at-the-trailer", cut(|length| length - 3)),
        ("checksum-wrong", flipped(8)),
        ("length-wrong", flipped(1)),
        ("garbage-behind", [tgz(&files()), b"garbage".to_vec()].concat()),
        ("two-members", [gzip(&tar()[..700]), gzip(&tar()[700..])].concat()),
        ("tar-without-end", gzip(&entries("t/", &files()))),
        ("tar-with-more-behind", gzip(&[tar(), vec![b'x'; 4096]].concat())),
        (
            "tar-checksum-wrong",
            gzip(&{
                let mut tar = tar();
                tar[0] = b'u';
                tar
            }),
        ),
        (
            "gzip-extra-of-helm",
            with_header(0x14, b"\x29\0+aHR0cHM6Ly95b3V0dS5iZS96OVV6MWljandyTQo=Helm\0"),
        ),
        ("gzip-extra-valid", with_header(0x04, b"\x08\0rr\x04\0abcd")),
        ("gzip-extra-beyond-the-end", with_header(0x04, b"\xff\xff")),
        ("gzip-header-checksum-wrong", with_header(0x02, b"\0\0")),
        ("gzip-reserved-flags", with_header(0x80, b"")),
        ("no-folder", gzip(&end(entries("", &files())))),
        ("dot-folder", gzip(&end(entries("./t/", &files())))),
        ("absolute-folder", gzip(&end(entries("/t/", &files())))),
        ("file-beside-the-folder", more(b"loose.txt", b'0', b"x")),
        ("absolute-path", more(b"t//etc/x", b'0', b"x")),
        ("parent-path", more(b"t/../x", b'0', b"x")),
        ("name-with-two-dots", more(b"t/..data", b'0', b"x")),
        ("drive-path", more(b"t/c:/x", b'0', b"x")),
        ("backslashes", gzip(&end(backslashes()))),
        ("symlink", more(b"t/templates/link.yaml", b'2', b"")),
        ("hard-link", more(b"t/files/link", b'1', b"")),
        ("device", more(b"t/files/device", b'3', b"")),
        ("unknown-type", more(b"t/files/z", b'Z', b"")),
        ("name-not-utf8", more(b"t/files/\xc4\xe3", b'0', b"x")),
        ("file-twice", more(b"t/values.yaml", b'0', b"b: 2\n")),
        ("file-of-five-mib", tgz(&with("files/a", vec![0; 5 << 20]))),
        ("file-above-five-mib", tgz(&with("files/a", vec![0; (5 << 20) + 1]))),
        ("a-hundred-mib", bomb()),
        ("no-chart-yaml", tgz(&without("Chart.yaml"))),
        ("chart-yaml-in-lower-case", tgz(&renamed("Chart.yaml", "chart.yaml"))),
        // Chart.yaml.
        ("chart-yaml-empty", chart_yaml("")),
        ("chart-yaml-a-list", chart_yaml("- a\n")),
        ("chart-yaml-open-bracket", chart_yaml("a: [\n")),
        ("chart-yaml-tab", metadata("	description: x\n")),
        ("chart-yaml-two-documents", metadata("---\nname: u\n")),
        ("chart-yaml-other-capitals", chart_yaml("apiVersion: v2\nName: t\nversion: 1.2.3\n")),
        (
            "chart-yaml-not-utf8",
            tgz(&with("Chart.yaml", [CHART.as_bytes(), b"description: \xff\n"].concat())),
        ),
        ("chart-yaml-with-bom", tgz(&with("Chart.yaml", ["\u{feff}", CHART].concat()))),
        ("unknown-key", metadata("maintainer: x\n")),
        ("key-twice", metadata("description: a\ndescription: b\n")),
        ("key-that-is-a-boolean", metadata("on: x\n")),
        ("version-four-parts", chart_yaml("apiVersion: v2\nname: t\nversion: 10.0.3.0\n")),
        ("version-with-v", chart_yaml("apiVersion: v2\nname: t\nversion: v10.0.3\n")),
        ("version-quoted-ten", chart_yaml("apiVersion: v2\nname: t\nversion: \"10\"\n")),
        ("version-a-float", chart_yaml("apiVersion: v2\nname: t\nversion: 10.0\n")),
        ("version-leading-zero", chart_yaml("apiVersion: v2\nname: t\nversion: 010.0.3\n")),
        (
            "version-prerelease-with-zero",
            chart_yaml("apiVersion: v2\nname: t\nversion: 1.0.0-01\n"),
        ),
        ("version-a-map", chart_yaml("apiVersion: v2\nname: t\nversion: {a: 1}\n")),
        ("version-empty", chart_yaml("apiVersion: v2\nname: t\nversion: \"\"\n")),
        ("version-null", chart_yaml("apiVersion: v2\nname: t\nversion: ~\n")),
        ("version-of-zeros", chart_yaml("apiVersion: v2\nname: t\nversion: 0.0.0-0\n")),
        ("version-latest", chart_yaml("apiVersion: v2\nname: t\nversion: latest\n")),
        ("version-missing", chart_yaml("apiVersion: v2\nname: t\n")),
        ("app-version-a-float", metadata("appVersion: 1.10\n")),
        ("app-version-a-map", metadata("appVersion: {a: 1}\n")),
        ("name-missing", chart_yaml("apiVersion: v2\nversion: 1.2.3\n")),
        ("name-a-dot", chart_yaml("apiVersion: v2\nname: .\nversion: 1.2.3\n")),
        ("name-with-slash", chart_yaml("apiVersion: v2\nname: a/b\nversion: 1.2.3\n")),
        ("name-with-blank", chart_yaml("apiVersion: v2\nname: Foo Bar\nversion: 1.2.3\n")),
        ("name-in-chinese", chart_yaml("apiVersion: v2\nname: 活字格\nversion: 1.2.3\n")),
        (
            "name-too-long",
            chart_yaml(&format!("apiVersion: v2\nname: {}\nversion: 1.2.3\n", "a".repeat(256))),
        ),
        ("api-version-missing", chart_yaml("name: t\nversion: 1.2.3\n")),
        ("api-version-three", chart_yaml("apiVersion: v3\nname: t\nversion: 1.2.3\n")),
        (
            "api-version-one-with-type",
            chart_yaml("apiVersion: v1\nname: t\nversion: 1.2.3\ntype: application\n"),
        ),
        ("type-library", metadata("type: library\n")),
        ("type-unknown", metadata("type: aplication\n")),
        ("deprecated", metadata("deprecated: true\n")),
        ("deprecated-a-string", metadata("deprecated: \"yes\"\n")),
        ("kube-version-no-constraint", metadata("kubeVersion: abc\n")),
        ("kube-version-four-parts", metadata("kubeVersion: \">=1.2.3.4\"\n")),
        ("kube-version-without-prerelease", metadata("kubeVersion: \">=1.25.0\"\n")),
        ("kube-version-good", metadata("kubeVersion: \">=1.25.0-0 <2.0.0-0\"\n")),
        ("keywords-a-string", metadata("keywords: foo\n")),
        ("annotation-a-map", metadata("annotations: {a: {b: c}}\n")),
        ("annotation-a-number", metadata("annotations: {a: 1}\n")),
        (
            "annotation-of-artifact-hub",
            metadata(
                "annotations:\n  artifacthub.io/category: databse\n  artifacthub.io/prerelease: \"yes\"\n",
            ),
        ),
        ("maintainer-null", metadata("maintainers: [~]\n")),
        ("maintainer-a-string", metadata("maintainers: [bob]\n")),
        ("maintainer-without-name", metadata("maintainers: [{email: a@example.com}]\n")),
        ("maintainer-without-address", metadata("maintainers: [{name: a, email: nomail}]\n")),
        ("source-no-address", metadata("sources: [here]\n")),
        ("icon-no-address", metadata("icon: icon.png\n")),
        // Dependencies.
        (
            "dependency-missing",
            metadata(
                "dependencies: [{name: x, version: 1.0.0, repository: \"https://example.com\"}]\n",
            ),
        ),
        ("dependency-null", metadata("dependencies: [~]\n")),
        ("dependency-a-string", metadata("dependencies: [x]\n")),
        (
            "dependency-alias",
            metadata("dependencies: [{name: x, version: 1.0.0, alias: \"a b\"}]\n"),
        ),
        (
            "dependency-twice",
            metadata("dependencies: [{name: x, version: 1.0.0}, {name: x, version: 1.0.0}]\n"),
        ),
        (
            "dependency-good",
            tgz(&dependency("charts/x/Chart.yaml", "apiVersion: v2\nname: x\nversion: 1.0.0\n")),
        ),
        (
            "dependency-with-four-parts",
            tgz(&dependency("charts/x/Chart.yaml", "apiVersion: v2\nname: x\nversion: 1.0.0.0\n")),
        ),
        ("dependency-archive", tgz(&archived(tgz(&named("x"))))),
        ("dependency-archive-broken", tgz(&archived(b"no archive".to_vec()))),
        ("dependency-archive-cut", tgz(&archived(tgz(&named("x"))[..100].to_vec()))),
        (
            "dependency-undeclared",
            tgz(&with("charts/x/Chart.yaml", "apiVersion: v2\nname: x\nversion: 1.0.0\n")),
        ),
        ("dependency-without-chart-yaml", tgz(&with("charts/x/values.yaml", "a: 1\n"))),
        ("dependency-readme", tgz(&with("charts/README.md", "x"))),
        ("dependency-ignored", tgz(&with("charts/_x/values.yaml", "a: 1\n"))),
        ("lock-open-bracket", tgz(&with("Chart.lock", "a: [\n"))),
        ("lock-without-time", tgz(&with("Chart.lock", "generated: yesterday\n"))),
        (
            "lock-of-others",
            tgz(&with(
                "Chart.lock",
                "dependencies:\n- name: z\n  version: 1.0.0\n  repository: \"\"\ngenerated: \"2020-01-01T00:00:00Z\"\n",
            )),
        ),
        (
            "requirements-missing",
            tgz(&with("requirements.yaml", "dependencies:\n- name: x\n  version: 1.0.0\n")),
        ),
        // values.yaml.
        ("values-missing", tgz(&without("values.yaml"))),
        ("values-a-list", tgz(&with("values.yaml", "- a\n"))),
        ("values-a-scalar", tgz(&with("values.yaml", "abc\n"))),
        ("values-two-documents", tgz(&with("values.yaml", "a: 1\n---\nb: 2\n"))),
        ("values-second-document-broken", tgz(&with("values.yaml", "a: 1\n---\nb: [\n"))),
        ("values-second-document-a-list", tgz(&with("values.yaml", "a: 1\n---\n- 1\n"))),
        ("values-key-twice", tgz(&with("values.yaml", "a: 1\na: 2\n"))),
        ("values-boolean-key", tgz(&with("values.yaml", "on: 1\n"))),
        ("values-null-key", tgz(&with("values.yaml", "~: 1\n"))),
        ("values-list-as-key", tgz(&with("values.yaml", "? [a]\n: 1\n"))),
        ("values-infinite", tgz(&with("values.yaml", "a: .inf\n"))),
        ("values-large-integer", tgz(&with("values.yaml", "a: 12345678901234567890\n"))),
        ("values-unknown-tag", tgz(&with("values.yaml", "a: !x 1\n"))),
        ("values-tab", tgz(&with("values.yaml", "a:\n	b: 1\n"))),
        ("values-open-bracket", tgz(&with("values.yaml", "a: [1\n"))),
        ("values-unknown-alias", tgz(&with("values.yaml", "a: *b\n"))),
        ("values-null", tgz(&with("values.yaml", "a: {b: ~}\n"))),
        ("values-merge-late", tgz(&with("values.yaml", "x: &x {a: 1}\nb:\n  a: 2\n  <<: *x\n"))),
        ("values-not-utf8", tgz(&with("values.yaml", b"a: \xff\n"))),
        ("values-with-nul", tgz(&with("values.yaml", b"a: b\0\n"))),
        (
            "values-deep",
            tgz(&with("values.yaml", format!("a: {}{}", "[".repeat(5000), "]".repeat(5000)))),
        ),
        // values.schema.json.
        ("schema-no-json", tgz(&with("values.schema.json", "{\"a\": \n"))),
        ("schema-empty", tgz(&with("values.schema.json", ""))),
        ("schema-a-list", tgz(&with("values.schema.json", "[]"))),
        ("schema-with-more-behind", tgz(&with("values.schema.json", "{} x"))),
        (
            "schema-mismatch",
            tgz(&with("values.schema.json", "{\"properties\": {\"a\": {\"type\": \"string\"}}}")),
        ),
        ("schema-required", tgz(&with("values.schema.json", "{\"required\": [\"b\"]}"))),
        (
            "schema-lookahead",
            tgz(&with("values.schema.json", "{\"properties\": {\"b\": {\"pattern\": \"(?=a)\"}}}")),
        ),
        (
            "schema-back-reference",
            tgz(&with(
                "values.schema.json",
                "{\"properties\": {\"b\": {\"pattern\": \"(a)\\\\1\"}}}",
            )),
        ),
        (
            "schema-lookahead-in-defs",
            tgz(&with("values.schema.json", "{\"$defs\": {\"b\": {\"pattern\": \"(?=a)\"}}}")),
        ),
        ("schema-unknown-type", tgz(&with("values.schema.json", "{\"type\": \"objet\"}"))),
        (
            "schema-unknown-definition",
            tgz(&with("values.schema.json", "{\"$ref\": \"#/definitions/x\"}")),
        ),
        (
            "schema-relative-reference",
            tgz(&with("values.schema.json", "{\"$ref\": \"./other.json\"}")),
        ),
        ("schema-urn", tgz(&with("values.schema.json", "{\"$ref\": \"urn:x:y\"}"))),
        (
            "schema-draft-three",
            tgz(&with(
                "values.schema.json",
                "{\"$schema\": \"http://json-schema.org/draft-03/schema#\"}",
            )),
        ),
        (
            "schema-items-a-list",
            tgz(&with("values.schema.json", "{\"properties\": {\"l\": {\"items\": [{}]}}}")),
        ),
        (
            "schema-exclusive-boolean",
            tgz(&with(
                "values.schema.json",
                "{\"properties\": {\"b\": {\"minimum\": 1, \"exclusiveMinimum\": true}}}",
            )),
        ),
        ("schema-properties-a-list", tgz(&with("values.schema.json", "{\"properties\": []}"))),
        (
            "schema-required-twice",
            tgz(&with("values.schema.json", "{\"required\": [\"a\", \"a\"]}")),
        ),
        (
            "schema-format",
            tgz(&with("values.schema.json", "{\"properties\": {\"b\": {\"format\": \"ipv4\"}}}")),
        ),
        (
            "schema-unevaluated",
            tgz(&with(
                "values.schema.json",
                "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"properties\": {\"a\": {}}, \"unevaluatedProperties\": {}}",
            )),
        ),
        (
            "schema-without-global",
            tgz(&with(
                "values.schema.json",
                "{\"properties\": {\"a\": {}}, \"additionalProperties\": false}",
            )),
        ),
        (
            "schema-null",
            tgz(&over(&[
                ("values.yaml", "a: ~\n"),
                ("values.schema.json", "{\"properties\": {\"a\": {\"type\": \"string\"}}}"),
            ])),
        ),
        ("schema-with-bom", tgz(&with("values.schema.json", "\u{feff}{}"))),
        (
            "schema-deep",
            tgz(&with(
                "values.schema.json",
                format!("{}1{}", "{\"a\":".repeat(5000), "}".repeat(5000)),
            )),
        ),
        ("schema-refuses-a-dependency", tgz(&closed())),
        (
            "schema-of-two-documents",
            tgz(&over(&[
                ("values.yaml", "a: 1\n---\nb: 2\n"),
                ("values.schema.json", "{\"required\": [\"b\"]}"),
            ])),
        ),
        ("values-tab-after-a-colon", tgz(&with("values.yaml", "a: 1\nb:\t2\n"))),
        ("values-map-behind-a-tab", tgz(&with("values.yaml", "b:\tc: 1\n"))),
        ("values-binary", tgz(&with("values.yaml", "a: !!binary aGk=\n"))),
        ("values-binary-without-padding", tgz(&with("values.yaml", "a: !!binary aGk\n"))),
        // Templates and CRDs.
        ("templates-missing", tgz(&without("templates/cm.yaml"))),
        ("templates-a-file", tgz(&renamed("templates/cm.yaml", "templates"))),
        ("template-action-open", tgz(&with("templates/a.yaml", "a: {{ .Values.a\n"))),
        ("template-comment-open", tgz(&with("templates/a.yaml", "{{/* x }}\n"))),
        ("template-text-open", tgz(&with("templates/a.yaml", "a: {{ \"x }}\n"))),
        ("template-block-open", tgz(&with("templates/a.yaml", "{{ if true }}\na: 1\n"))),
        ("template-end-too-many", tgz(&with("templates/a.yaml", "a: 1\n{{ end }}\n"))),
        (
            "template-braces-in-texts",
            tgz(&with("templates/a.yaml", "a: {{ \"}}\" | quote }}\nb: {{ `{{` | quote }}\n")),
        ),
        ("template-must-to-yaml", tgz(&with("templates/a.yaml", "a: {{ mustToYaml 1 }}\n"))),
        (
            "template-must-to-toml",
            tgz(&with("templates/a.yaml", "a: {{ mustToToml . | quote }}\n")),
        ),
        ("template-env", tgz(&with("templates/a.yaml", "a: {{ env \"HOME\" }}\n"))),
        ("template-every-function", tgz(&with("templates/a.yaml", every_function()))),
        (
            "template-function-unknown",
            tgz(&with("templates/a.yaml", "a: {{ if false }}{{ toYML . }}{{ end }}\n")),
        ),
        (
            "template-functions-of-all-kinds",
            tgz(&with(
                "templates/a.yaml",
                "a: {{ if false }}{{ semverCompare }}{{ randInt }}{{ urlquery }}{{ lookup }}{{ fromYamlArray }}{{ html }}{{ mustRegexFind }}{{ derivePassword }}{{ toYamlPretty }}{{ (list).x }}{{ nil | eq.x true }}{{ end }}\n",
            )),
        ),
        ("template-variable-unknown", tgz(&with("templates/a.yaml", "a: 1\n# {{ $x }}\n"))),
        (
            "template-variable-of-a-block",
            tgz(&with(
                "templates/a.yaml",
                "a: 1\n# {{ if $y := 1 }}{{ else }}{{ $y }}{{ end }}{{ $y }}\n",
            )),
        ),
        (
            "template-variable-in-a-define",
            tgz(&with(
                "templates/a.yaml",
                "a: 1\n# {{ $x := 1 }}{{ $x }}{{ define \"q\" }}{{ $x }}{{ end }}\n",
            )),
        ),
        (
            "template-variables-declared",
            tgz(&with(
                "templates/a.yaml",
                "a: 1\n# {{ $x := 1 }}{{ range $i, $v := list $x }}{{ $x = $v }}{{ $i }}{{ break }}{{ else }}{{ $i }}{{ end }}{{ block \"b\" $x }}{{ $ }}{{ end }}{{ with $w := $x }}{{ else with $x }}{{ $w }}{{ end }}{{ if $x }}{{ else if $x }}{{ else }}{{ $x }}{{ end }}{{$.Values}}\n",
            )),
        ),
        ("template-with-nothing-in-an-action", tgz(&with("templates/a.yaml", "a: 1\n# {{ }}\n"))),
        (
            "template-parenthesis-open",
            tgz(&with("templates/a.yaml", "a: 1\n# {{ quote (list 1 }}\n")),
        ),
        (
            "template-parenthesis-too-many",
            tgz(&with("templates/a.yaml", "a: 1\n# {{ quote 1) }}\n")),
        ),
        (
            "template-parentheses-around-nothing",
            tgz(&with("templates/a.yaml", "a: 1\n# {{ quote () }}\n")),
        ),
        ("template-pipe-before-all", tgz(&with("templates/a.yaml", "a: 1\n# {{ | quote }}\n"))),
        (
            "template-pipe-into-a-text",
            tgz(&with("templates/a.yaml", "a: 1\n# {{ .Values.a | \"b\" }}\n")),
        ),
        (
            "template-commas-between-values",
            tgz(&with("templates/a.yaml", "a: 1\n# {{ list 1, 2 }}\n")),
        ),
        (
            "template-two-variables-of-a-with",
            tgz(&with("templates/a.yaml", "a: 1\n# {{ with $a, $b := . }}{{ end }}\n")),
        ),
        ("template-without-its-name", tgz(&with("templates/a.yaml", "a: 1\n# {{ template }}\n"))),
        (
            "template-end-with-more",
            tgz(&with("templates/a.yaml", "a: 1\n# {{ if 1 }}{{ end 1 }}\n")),
        ),
        ("template-field-of-a-text", tgz(&with("templates/a.yaml", "a: 1\n# {{ \"a\".b }}\n"))),
        (
            "template-field-without-a-name",
            tgz(&with("templates/a.yaml", "a: 1\n# {{ .Values.a. }}\n")),
        ),
        (
            "template-text-behind-a-text",
            tgz(&with("templates/a.yaml", "a: 1\n# {{ list \"a\"\"b\" }}\n")),
        ),
        (
            "template-text-with-a-wrong-escape",
            tgz(&with("templates/a.yaml", "a: 1\n# {{ \"\\q\" }}\n")),
        ),
        ("template-text-in-single-quotes", tgz(&with("templates/a.yaml", "a: 1\n# {{ 'ab' }}\n"))),
        ("template-number-with-a-letter", tgz(&with("templates/a.yaml", "a: 1\n# {{ 0x1g }}\n"))),
        (
            "template-keyword-among-values",
            tgz(&with("templates/a.yaml", "a: 1\n# {{ list if }}\n")),
        ),
        (
            "template-pipelines",
            tgz(&with(
                "templates/a.yaml",
                "a: 1\n# {{ $x := (list 1 -2 0x_f 1e+3 .5 1i '\\n' `\\q` \"\\\"\") }}{{ ((index $x 0) | printf \"%v%v\" (dict).b) | quote | }}{{ range $i, $y := $x }}{{ $y = 1 | quote }}{{ end }}{{ $.Values.a }}{{ template \"q\" }}{{ block \"q\" . }}{{ end }}{{- /* */ -}}\n",
            )),
        ),
        ("template-else-alone", tgz(&with("templates/a.yaml", "a: 1\n# {{ else }}\n"))),
        (
            "template-else-twice",
            tgz(&with("templates/a.yaml", "a: 1\n# {{ if true }}{{ else }}{{ else }}{{ end }}\n")),
        ),
        (
            "template-else-if-of-a-with",
            tgz(&with("templates/a.yaml", "a: 1\n# {{ with 1 }}{{ else if 1 }}{{ end }}\n")),
        ),
        ("template-break-outside", tgz(&with("templates/a.yaml", "a: 1\n# {{ break }}\n"))),
        (
            "template-continue-in-an-else",
            tgz(&with(
                "templates/a.yaml",
                "a: 1\n# {{ range list }}{{ else }}{{ continue }}{{ end }}\n",
            )),
        ),
        ("template-if-of-nothing", tgz(&with("templates/a.yaml", "a: 1\n# {{ if }}{{ end }}\n"))),
        (
            "template-define-inside",
            tgz(&with(
                "templates/a.yaml",
                "a: 1\n# {{ if true }}{{ define \"b\" }}{{ end }}{{ end }}\n",
            )),
        ),
        ("template-field-with-a-dash", tgz(&with("templates/a.yaml", "a: {{ .Values.a-b }}\n"))),
        ("template-field-with-a-dollar", tgz(&with("templates/a.yaml", "a: {{ .Values.a$b }}\n"))),
        (
            "template-field-in-chinese",
            tgz(&with("templates/a.yaml", "a: {{ .Values.中文 | quote }}\n")),
        ),
        ("template-release-time", tgz(&with("templates/a.yaml", "# {{ .Release.Time }}\n"))),
        ("template-yaml-open-bracket", tgz(&with("templates/a.yaml", "a: [\n"))),
        ("template-yml-open-bracket", tgz(&with("templates/a.yml", "a: [\n"))),
        ("template-helper-open", tgz(&with("templates/_h.tpl", "{{ define \"x\" }}\n"))),
        ("template-readme", tgz(&with("templates/README.md", "hello\n"))),
        ("template-json", tgz(&with("templates/a.json", "{}\n"))),
        ("template-hidden", tgz(&with("templates/.x", "hello\n"))),
        ("template-with-nul", tgz(&with("templates/a.yaml", b"# \0\n"))),
        ("crd-open-bracket", tgz(&with("crds/a.yaml", "a: [\n"))),
        (
            "crd-config-map",
            tgz(&with("crds/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")),
        ),
        ("crd-readme", tgz(&with("crds/README.md", "hello\n"))),
        // The release.
        ("release-too-large", tgz(&with("files/noise", noise(900_000)))),
        ("release-nearly-too-large", tgz(&with("files/noise", noise(700_000)))),
    ]
}

/// A template that calls every function that both Helms are said to have.
fn every_function() -> String {
    let source = include_str!("../../src/inspect/functions.rs");
    let list = source.split("= &[").nth(1).and_then(|rest| rest.split("];").next());
    let names = list.expect("the list is there").split('"').skip(1).step_by(2);
    let calls: String = names.map(|name| format!("{{{{ {name} }}}}")).collect();
    format!("a: {{{{ if false }}}}{calls}{{{{ end }}}}\n")
}

fn tar() -> Vec<u8> {
    end(entries("t/", &files()))
}

fn cut(at: fn(usize) -> usize) -> Vec<u8> {
    let mut tgz = tgz(&files());
    tgz.truncate(at(tgz.len()));
    tgz
}

/// A chart with one bit changed, counted in bytes from the end.
fn flipped(from_end: usize) -> Vec<u8> {
    let mut tgz = tgz(&files());
    let at = tgz.len() - from_end;
    tgz[at] ^= 1;
    tgz
}

fn more(name: &[u8], kind: u8, bytes: &[u8]) -> Vec<u8> {
    gzip(&end([entries("t/", &files()), entry(name, kind, bytes)].concat()))
}

fn backslashes() -> Vec<u8> {
    let files: Vec<_> =
        files().into_iter().map(|(path, bytes)| (path.replace('/', "\\"), bytes)).collect();
    entries("t\\", &files)
}

fn renamed(from: &str, to: &str) -> Vec<(String, Vec<u8>)> {
    let rename = |path: String| if path == from { to.to_owned() } else { path };
    files().into_iter().map(|(path, bytes)| (rename(path), bytes)).collect()
}

/// A hundred mebibytes of zeros, in files that are each small enough.
fn bomb() -> Vec<u8> {
    let zeros = vec![0; 5 << 20];
    let files: Vec<_> =
        files().into_iter().chain((0..20).map(|i| (format!("files/{i}"), zeros.clone()))).collect();
    tgz(&files)
}

fn metadata(more: &str) -> Vec<u8> {
    chart_yaml(&[CHART, more].concat())
}

fn chart_yaml(text: &str) -> Vec<u8> {
    tgz(&with("Chart.yaml", text))
}

const NEEDS: &str = "apiVersion: v2\nname: t\nversion: 1.2.3\ndependencies:\n- name: x\n  version: 1.0.0\n  repository: https://example.com\n";

fn dependency(path: &str, text: &str) -> Vec<(String, Vec<u8>)> {
    over(&[("Chart.yaml", NEEDS), (path, text)])
}

fn archived(archive: Vec<u8>) -> Vec<(String, Vec<u8>)> {
    let mut files = over(&[("Chart.yaml", NEEDS)]);
    files.push(("charts/x-1.0.0.tgz".to_owned(), archive));
    files
}

fn named(name: &str) -> Vec<(String, Vec<u8>)> {
    with("Chart.yaml", format!("apiVersion: v2\nname: {name}\nversion: 1.0.0\n"))
}

/// A schema that does not know the dependency.
fn closed() -> Vec<(String, Vec<u8>)> {
    let schema = r#"{"properties": {"a": {}, "global": {}}, "additionalProperties": false}"#;
    let chart = "apiVersion: v2\nname: x\nversion: 1.0.0\n";
    over(&[("Chart.yaml", NEEDS), ("charts/x/Chart.yaml", chart), ("values.schema.json", schema)])
}

/// Bytes that gzip cannot shrink.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 56) as u8
    };
    (0..length).map(|_| next()).collect()
}
