{{/* An image's reference: registry/repository:tag@digest, each part only when it is given.
     Takes a dict: "image", the values of one image, and "registry", which replaces the image's own. */}}
{{- define "forguncy.image" -}}
{{- with .registry | default .image.registry }}{{ . }}/{{ end -}}
{{- .image.repository -}}
{{- with .image.tag }}:{{ . }}{{ end -}}
{{- with .image.digest }}@{{ . }}{{ end -}}
{{- end -}}
