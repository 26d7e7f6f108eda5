{{- /* Names and labels that several objects share. */ -}}

{{- /* Of every object. 52 characters: a StatefulSet's name is part of a label value with a hash behind it. */ -}}
{{- define "longbow.fullname" -}}
{{- $name := .Values.fullnameOverride -}}
{{- if not $name -}}
{{- $name = ternary .Release.Name (printf "%s-%s" .Release.Name .Chart.Name) (contains .Chart.Name .Release.Name) -}}
{{- end -}}
{{- $name | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{- /* What a peer looks for: the seed's label, the same in every release. */ -}}
{{- define "longbow.meshLabels" -}}
app.kubernetes.io/name: longbow
{{- end -}}

{{- /* What tells the pods of this release from all others. */ -}}
{{- define "longbow.selectorLabels" -}}
{{ include "longbow.meshLabels" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "longbow.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "longbow.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "longbow.metadata" -}}
name: {{ .name }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "longbow.labels" .root | nindent 2 }}
  {{- with .component }}
  app.kubernetes.io/component: {{ . }}
  {{- end }}
  {{- with .labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with .annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "longbow.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* "true" when peers are looked for among pods, else empty. */ -}}
{{- define "longbow.usesKubernetes" -}}
{{- with .Values.gossip -}}
{{- if and .enabled (has "k8s" (splitList "," .discovery.provider)) -}}true{{- end -}}
{{- end -}}
{{- end -}}

{{- define "longbow.serviceAccountName" -}}
{{- $made := and .Values.serviceAccount.create (include "longbow.usesKubernetes" .) -}}
{{- .Values.serviceAccount.name | default (ternary (include "longbow.fullname" .) "default" (not (empty $made))) -}}
{{- end -}}

{{- /* Where the peers' pods are. */ -}}
{{- define "longbow.peerNamespace" -}}
{{- .Values.gossip.discovery.namespace | default .Release.Namespace -}}
{{- end -}}

{{- define "longbow.keysSecretName" -}}
{{- with .Values.gossip -}}
{{- if .keysSecret.name -}}
{{ .keysSecret.name }}
{{- else if .keys -}}
{{ include "longbow.fullname" $ }}-keys
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* `host:port`, the host in brackets when it is IPv6. */ -}}
{{- define "longbow.address" -}}
{{- $host := .root.Values.gossip.bindAddr -}}
{{- ternary (printf "[%s]:%v" $host .port) (printf "%s:%v" $host .port) (contains ":" $host) -}}
{{- end -}}

{{- /* The ports of gossip. Names are unique within a Service, so that of TCP is not "gossip" as well. */ -}}
{{- define "longbow.gossipPorts" -}}
{{- with .root.Values.gossip -}}
{{- if .enabled }}
- name: gossip
  {{ $.key }}: {{ .port }}
  protocol: UDP
{{- if .streams }}
- name: gossip-tcp
  {{ $.key }}: {{ .port }}
  protocol: TCP
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
