{{/* Refuses a release or a namespace that cannot name the objects. */}}
{{- define "forguncy.release" -}}
{{- if not (regexMatch "^[^.]*$" .Release.Name) }}{{ fail (printf "release name `%s` holds a dot: Services are named after it, and their names hold none" .Release.Name) }}{{ end -}}
{{- if not (regexMatch "^([^0-9]|$)" .Release.Name) }}{{ fail (printf "release name `%s` starts with a digit: Services are named after it, and their names start with a letter" .Release.Name) }}{{ end -}}
{{- if gt (len .Release.Name) 46 }}{{ fail (printf "release name `%s` is too long: it may have 46 characters, since a Service's name may have 63" .Release.Name) }}{{ end -}}
{{- if not (regexMatch "^[a-z0-9.]([-a-z0-9.]*[a-z0-9.])?$" .Release.Name) }}{{ fail (printf "release name `%s` is no name: use lower-case letters, digits and dashes inside, such as `forguncy-prod`" .Release.Name) }}{{ end -}}
{{- if not (regexMatch "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$" .Release.Namespace) }}{{ fail (printf "namespace `%s` is no name: use lower-case letters, digits and dashes inside, such as `forguncy`" .Release.Namespace) }}{{ end -}}
{{- if gt (len .Release.Namespace) 63 }}{{ fail (printf "namespace `%s` is too long: it may have 63 characters" .Release.Namespace) }}{{ end -}}
{{- end -}}
