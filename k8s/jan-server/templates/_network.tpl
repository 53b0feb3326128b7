{{/* A policy that lets some reach a component: (dict "root" $ "component" "…" "rules" "YAML of ingress rules"). */}}
{{- define "jan.network.allow" }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ .component }}
  labels: {{- include "jan.labels" (list .root .component) | nindent 4 }}
spec:
  podSelector:
    matchLabels: {{- include "jan.selector" (list .root .component) | nindent 6 }}
  policyTypes: [Ingress]
  ingress: {{- .rules | nindent 4 }}
{{- end }}

{{/* Pods of ours as peers: (list $ "component" …). */}}
{{- define "jan.network.peers" -}}
{{- $root := first . -}}
{{- range rest . }}
- podSelector:
    matchLabels: {{- include "jan.selector" (list $root .) | nindent 6 }}
{{- end }}
{{- end }}

{{/* A rule for pods of ours: (dict "root" $ "from" (list "component" …) "ports" (list 8080 …)). */}}
{{- define "jan.network.from-ours" }}
- from: {{- include "jan.network.peers" (concat (list .root) .from) | nindent 4 }}
  ports:
    {{- range .ports }}
    - {protocol: TCP, port: {{ . }}}
    {{- end }}
{{- end }}

{{/* A rule for peers of the values, everybody if there are none: (dict "from" … "otherwise" … "ports" (list …)). */}}
{{- define "jan.network.from" }}
- ports:
    {{- range .ports }}
    - {protocol: TCP, port: {{ . }}}
    {{- end }}
  {{- with .from | default .otherwise }}
  from: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
