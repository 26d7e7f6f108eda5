{{- /* The pod of a member. */ -}}

{{- define "longbow.podSpec" -}}
serviceAccountName: {{ include "longbow.serviceAccountName" . }}
automountServiceAccountToken: {{ not (empty (include "longbow.usesKubernetes" .)) }}
{{- /* A Service "longbow-gossip" in the namespace would set LONGBOW_GOSSIP_PORT to a URL. */}}
enableServiceLinks: false
terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
securityContext:
  {{- toYaml .Values.podSecurityContext | nindent 2 }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- range $key := list "imagePullSecrets" "nodeSelector" "tolerations" "affinity" "initContainers" }}
{{- with get $.Values $key }}
{{ $key }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- with .Values.topologySpreadConstraints }}
topologySpreadConstraints:
  {{- $spread := list }}
  {{- $own := dict "labelSelector" (dict "matchLabels" (include "longbow.selectorLabels" $ | fromYaml)) }}
  {{- range . }}
  {{- $spread = append $spread (ternary . (merge (deepCopy .) $own) (hasKey . "labelSelector")) }}
  {{- end }}
  {{- toYaml $spread | nindent 2 }}
{{- end }}
containers:
  - name: longbow
    {{- include "longbow.container" . | nindent 4 }}
  {{- with .Values.extraContainers }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- if or (include "longbow.keysSecretName" .) .Values.adminToken.secretName .Values.extraVolumes }}
volumes:
  {{- with include "longbow.keysSecretName" . }}
  - name: gossip-keys
    secret:
      secretName: {{ . }}
      items:
        - key: {{ ternary $.Values.gossip.keysSecret.key "keys" (not (empty $.Values.gossip.keysSecret.name)) }}
          path: keys
  {{- end }}
  {{- with .Values.adminToken }}
  {{- if .secretName }}
  - name: admin-token
    secret:
      secretName: {{ .secretName }}
      items:
        - key: {{ .secretKey }}
          path: token
  {{- end }}
  {{- end }}
  {{- with .Values.extraVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
{{- end -}}

{{- define "longbow.container" -}}
image: {{ include "longbow.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  {{- toYaml .Values.securityContext | nindent 2 }}
env:
  {{- include "longbow.environment" . | nindent 2 }}
ports:
  {{- with include "longbow.gossipPorts" (dict "root" . "key" "containerPort") }}
  {{- trim . | nindent 2 }}
  {{- end }}
  - name: meta
    containerPort: {{ .Values.ports.meta }}
    protocol: TCP
  - name: metrics
    containerPort: {{ .Values.ports.metrics }}
    protocol: TCP
{{- range $probe, $path := dict "startupProbe" "/healthz" "livenessProbe" "/healthz" "readinessProbe" "/readyz" }}
{{ $probe }}:
  httpGet:
    path: {{ $path }}
    port: metrics
  {{- toYaml (get $.Values $probe) | nindent 2 }}
{{- end }}
{{- /* The goodbye ends the agent: the others drop this member at once instead of suspecting it. */}}
lifecycle:
  preStop:
    exec:
      command: [longbow-mesh, leave, --yes, --addr, {{ printf "localhost:%v" .Values.ports.meta | quote }}]
resources:
  {{- toYaml .Values.resources | nindent 2 }}
{{- if or (include "longbow.keysSecretName" .) .Values.adminToken.secretName .Values.extraVolumeMounts }}
volumeMounts:
  {{- if include "longbow.keysSecretName" . }}
  - name: gossip-keys
    mountPath: /etc/longbow/keys
    readOnly: true
  {{- end }}
  {{- if .Values.adminToken.secretName }}
  - name: admin-token
    mountPath: /etc/longbow/admin-token
    readOnly: true
  {{- end }}
  {{- with .Values.extraVolumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
{{- end -}}
