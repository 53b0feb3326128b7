{{/* Labels of an object: (list $ "component"). */}}
{{- define "jan.labels" -}}
{{ include "jan.selector" . }}
app.kubernetes.io/version: {{ (index . 0).Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ (index . 0).Release.Service }}
helm.sh/chart: {{ printf "%s-%s" (index . 0).Chart.Name (index . 0).Chart.Version }}
{{- end }}

{{/* Labels that its pods are found by: (list $ "component"). */}}
{{- define "jan.selector" -}}
app.kubernetes.io/name: jan-server
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/* An image of ours, with its pull policy: (list $ "repository"). */}}
{{- define "jan.image" -}}
{{- $images := (index . 0).Values.images -}}
{{- $tag := $images.tag | default (index . 0).Chart.AppVersion -}}
image: {{ printf "%s%s:%s" (ternary (printf "%s/" $images.registry) "" (ne $images.registry "")) (index . 1) $tag }}
imagePullPolicy: {{ $images.pullPolicy }}
{{- end }}

{{/* A variable with a secret: (list $ "NAME") or (list $ "NAME" "KEY"), where the key has another name than the variable. */}}
{{- define "jan.secret" -}}
{{- $root := index . 0 -}}
{{- $key := last . -}}
{{- $from := index $root.Values.secrets.from $key | default dict -}}
- name: {{ index . 1 }}
  valueFrom:
    secretKeyRef:
      name: {{ $from.name | default $root.Values.secrets.existingSecret | default "jan-server" }}
      key: {{ $from.key | default $key }}
{{- end }}

{{/* What every pod says: (dict "root" $ "component" "…" "user" 1000, and "placed" false for pods with a placement of their own). */}}
{{- define "jan.pod" -}}
enableServiceLinks: false
automountServiceAccountToken: false
serviceAccountName: {{ .root.Values.serviceAccount.name }}
{{- with .root.Values.images.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
securityContext:
  {{- if .user }}
  runAsNonRoot: true
  runAsUser: {{ .user }}
  runAsGroup: {{ .user }}
  fsGroup: {{ .user }}
  fsGroupChangePolicy: OnRootMismatch
  {{- end }}
  seccompProfile: {type: RuntimeDefault}
{{- if ne .placed false }}
{{- with .root.Values.pods.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.pods.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.pods.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: {{ .root.Values.pods.topologyKey }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "jan.selector" (list .root .component) | nindent 8 }}
{{- end }}
{{- end }}

{{/* Metadata of a pod: (dict "root" $ "component" "…"), with "checksum" of what it reads at its start only. */}}
{{- define "jan.pod.metadata" -}}
labels:
  {{- include "jan.labels" (list .root .component) | nindent 2 }}
  {{- with .root.Values.pods.labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- if or .checksum .root.Values.pods.annotations }}
annotations:
  {{- with .checksum }}
  checksum/config: {{ . }}
  {{- end }}
  {{- with .root.Values.pods.annotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
{{- end }}

{{/* A container without rights and without a writable disk. */}}
{{- define "jan.restricted" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{/* The volume and its mount with the authorities of database servers. */}}
{{- define "jan.ca.volume" -}}
{{- with .Values.database.caConfigMap }}
- name: ca
  configMap: {name: {{ . }}}
{{- end }}
{{- end }}

{{- define "jan.ca.mount" -}}
{{- if .Values.database.caConfigMap }}
- {name: ca, mountPath: /etc/jan-ca, readOnly: true}
{{- end }}
{{- end }}

{{- define "jan.database.url" -}}
{{ .Values.database.url | default "jdbc:postgresql://api-db:5432/jan" }}
{{- end }}

{{- define "jan.keycloak.url" -}}
{{- if and (not .Values.keycloak.enabled) (not .Values.keycloak.url) }}
{{- fail "keycloak.url is needed where keycloak.enabled is false" }}
{{- end }}
{{- .Values.keycloak.url | default "http://keycloak:8080" }}
{{- end }}

{{/* Files that may be given by a value, else are the repository's. */}}
{{- define "jan.kong.yml" -}}
{{- $file := .Values.kong.declarativeConfig | default (.Files.Get "files/kong.yml") }}
{{- if .Values.kong.tracesUrl }}
{{- $plugin := "- name: opentelemetry\n" }}
{{- if not (contains $plugin $file) }}
{{- fail "kong.tracesUrl is set, and kong.yml has no plugin opentelemetry" }}
{{- end }}
{{- $file = replace (print $plugin "    enabled: false\n") $plugin $file }}
{{- end }}
{{- $file }}
{{- end }}
