{{- /* The configuration of the agent: from values to LONGBOW_* variables. */ -}}

{{- /* A literal that the user left as it is stands for this release's own record, so that provider dns needs no other value. */ -}}
{{- define "longbow.dnsRecord" -}}
{{- $record := .Values.gossip.discovery.dnsRecord -}}
{{- if or (not $record) (eq $record "_gossip._udp.longbow.default.svc.cluster.local") -}}
_gossip._udp.{{ include "longbow.fullname" . }}.{{ .Release.Namespace }}.svc.{{ .Values.clusterDomain }}
{{- else -}}
{{- $record -}}
{{- end -}}
{{- end -}}

{{- define "longbow.label" -}}
{{- if ne .Values.gossip.compat "serf" -}}
{{- tpl (.Values.gossip.label | default "") . -}}
{{- end -}}
{{- end -}}

{{- define "longbow.tags" -}}
{{- $pairs := list -}}
{{- range $name, $value := .Values.gossip.tags -}}
{{- $pairs = append $pairs (printf "%s=%v" $name $value) -}}
{{- end -}}
{{- join "," $pairs -}}
{{- end -}}

{{- define "longbow.environment" -}}
{{- $gossip := .Values.gossip -}}
{{- $discovery := $gossip.discovery -}}
- name: POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: POD_NAMESPACE
  valueFrom:
    fieldRef:
      fieldPath: metadata.namespace
- name: POD_IP
  valueFrom:
    fieldRef:
      fieldPath: status.podIP
- name: LONGBOW_NODE_ID
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
{{- $plain := list
  (list "LONGBOW_LISTEN_ADDR" (include "longbow.address" (dict "root" . "port" .Values.ports.data)))
  (list "LONGBOW_META_ADDR" (include "longbow.address" (dict "root" . "port" .Values.ports.meta)))
  (list "LONGBOW_METRICS_ADDR" (include "longbow.address" (dict "root" . "port" .Values.ports.metrics)))
  (list "LONGBOW_LOG" .Values.log)
  (list "LONGBOW_ADMIN_TOKEN_FILE" (ternary "/etc/longbow/admin-token/token" "" (not (empty .Values.adminToken.secretName))))
  (list "LONGBOW_GOSSIP_KEYS_FILE" (ternary "/etc/longbow/keys/keys" "" (not (empty (include "longbow.keysSecretName" .)))))
  (list "LONGBOW_GOSSIP_VERIFY_INCOMING" (ternary "false" "" (eq (toString $gossip.verifyIncoming) "false")))
  (list "LONGBOW_GOSSIP_VERIFY_OUTGOING" (ternary "false" "" (eq (toString $gossip.verifyOutgoing) "false")))
  (list "LONGBOW_GOSSIP_ALLOW_CIDRS" (join "," $gossip.allowCidrs))
  (list "LONGBOW_GOSSIP_ALLOW_NAMES" (join "," $gossip.allowNames))
  (list "LONGBOW_GOSSIP_ENABLED" $gossip.enabled)
  (list "LONGBOW_GOSSIP_PORT" $gossip.port)
  (list "LONGBOW_GOSSIP_BIND_ADDR" $gossip.bindAddr)
  (list "LONGBOW_GOSSIP_PROTOCOL_PERIOD" $gossip.protocolPeriod)
  (list "LONGBOW_GOSSIP_ACK_TIMEOUT" $gossip.ackTimeout)
  (list "LONGBOW_GOSSIP_SUSPICION_TIMEOUT" $gossip.suspicionTimeout)
  (list "LONGBOW_GOSSIP_INDIRECT_PROBES" $gossip.indirectProbes)
  (list "LONGBOW_GOSSIP_PACKET_BYTES" $gossip.packetBytes)
  (list "LONGBOW_GOSSIP_STREAMS" $gossip.streams)
  (list "LONGBOW_GOSSIP_COMPAT" $gossip.compat)
  (list "LONGBOW_GOSSIP_LABEL" (include "longbow.label" .))
  (list "LONGBOW_GOSSIP_TAGS" (include "longbow.tags" .))
  (list "LONGBOW_GOSSIP_WEIGHT" $gossip.weight)
  (list "LONGBOW_GOSSIP_DISCOVERY_PROVIDER" $discovery.provider)
  (list "LONGBOW_GOSSIP_NAMESPACE" $discovery.namespace)
  (list "LONGBOW_GOSSIP_LABEL_SELECTOR" $discovery.labelSelector)
  (list "LONGBOW_GOSSIP_STATIC_PEERS" $discovery.staticPeers)
  (list "LONGBOW_GOSSIP_DNS_RECORD" (include "longbow.dnsRecord" .))
  (list "LONGBOW_GOSSIP_DNS_SERVERS" $discovery.dnsServers) -}}
{{- range $plain }}
{{- /* Not `default`: 0 and false are values. A value that was deleted with null is none. */ -}}
{{- $value := ternary "" (toString (last .)) (kindIs "invalid" (last .)) -}}
{{- if ne $value "" }}
- name: {{ first . }}
  value: {{ $value | quote }}
{{- end }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}
