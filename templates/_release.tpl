{% raw %}{{/* Refuses a release or a namespace that cannot name the objects. */}}
{{- define "forguncy.release" -}}{% endraw %}
{%- for rule in build.releaseRules %}
{% raw %}{{- if {% endraw %}{{ rule.breach }}{% raw %} }}{{ fail (printf {% endraw %}{{ rule.message }} {{ rule.subject }}{% raw %}) }}{{ end -}}{% endraw %}
{%- endfor %}
{% raw %}{{- end -}}{% endraw %}
