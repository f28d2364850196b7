{{- define "steno.name" -}}
{{- $name := .Release.Name }}
{{- if not (contains "steno" $name) }}{{ $name = printf "%s-steno" $name }}{{ end }}
{{- $name | trunc 50 | trimSuffix "-" -}}
{{- end }}

{{- define "steno.selector" -}}
app.kubernetes.io/name: steno
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "steno.labels" -}}
{{ include "steno.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}
