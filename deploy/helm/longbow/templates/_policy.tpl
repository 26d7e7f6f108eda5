{{- /* Parts of the NetworkPolicy and of the access to the API server. */ -}}

{{- /* The pod of `helm test`; not the mesh's label, or it would be taken for a member. */ -}}
{{- define "longbow.testLabels" -}}
app.kubernetes.io/name: longbow-test
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- /* In a namespace of others the name says whose Role it is. */ -}}
{{- define "longbow.roleName" -}}
{{- $name := include "longbow.fullname" . -}}
{{- ternary $name (printf "%s-%s" .Release.Namespace $name) (eq (include "longbow.peerNamespace" .) .Release.Namespace) -}}
{{- end -}}

{{- define "longbow.gossipPolicyPorts" -}}
- protocol: UDP
  port: {{ .Values.gossip.port }}
{{- if .Values.gossip.streams }}
- protocol: TCP
  port: {{ .Values.gossip.port }}
{{- end }}
{{- end -}}

{{- /* The peers; their status API, which `doctor` asks; DNS; the API server; and what else the values name. */ -}}
{{- define "longbow.egressRules" -}}
{{- $egress := .root.Values.networkPolicy.egress -}}
{{- with .root -}}
{{- if .Values.gossip.enabled -}}
- to:
    {{- toYaml $.peers | nindent 4 }}
  ports:
    {{- include "longbow.gossipPolicyPorts" . | nindent 4 }}
    - protocol: TCP
      port: {{ .Values.ports.meta }}
{{- end }}
- ports:
    {{- range $egress.dns.ports }}
    - protocol: UDP
      port: {{ . }}
    - protocol: TCP
      port: {{ . }}
    {{- end }}
  {{- with $egress.dns.to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- if include "longbow.usesKubernetes" . }}
- ports:
    {{- range $egress.api.ports }}
    - protocol: TCP
      port: {{ . }}
    {{- end }}
  {{- with $egress.api.to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- with $egress.extra }}
{{ toYaml . }}
{{- end }}
{{- end -}}
{{- end -}}
