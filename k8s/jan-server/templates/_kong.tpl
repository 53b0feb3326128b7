{{/* What each container with Kong is told. */}}
{{- define "jan.kong.env" -}}
- {name: KONG_PREFIX, value: /run/kong}
- {name: KONG_ERROR_TEMPLATE_JSON, value: /etc/kong/error.json}
- {name: KONG_ERROR_TEMPLATE_HTML, value: /etc/kong/error.json}
- {name: KONG_ERROR_TEMPLATE_PLAIN, value: /etc/kong/error.json}
# For probes and Prometheus. The Admin API stays on 127.0.0.1 of the pod, as kong.conf has it.
- {name: KONG_STATUS_LISTEN, value: "0.0.0.0:8100"}
- {name: KONG_NGINX_WORKER_PROCESSES, value: {{ .Values.kong.workerProcesses | quote }}}
{{- with .Values.kong.trustedIps }}
- {name: KONG_TRUSTED_IPS, value: {{ join "," . | quote }}}
{{- end }}
{{- with .Values.kong.tracesUrl }}
- {name: KONG_TRACING_INSTRUMENTATIONS, value: all}
- {name: JAN_TRACES_URL, value: {{ . | quote }}}
{{- end }}
- name: JAN_ISSUER
  value: {{ printf "%s/realms/%s" .Values.keycloak.publicUrl .Values.keycloak.realm | quote }}
- name: JAN_JWKS_URI
  value: {{ printf "%s/realms/%s/protocol/openid-connect/certs" (include "jan.keycloak.url" .) .Values.keycloak.realm | quote }}
- name: JAN_PUBLIC_URL
  value: {{ .Values.publicUrl | quote }}
{{- if .Values.kong.database.enabled }}
{{- with .Values.kong.database }}
- {name: KONG_DATABASE, value: postgres} # what declarative_config says is for a Kong without
- {name: KONG_PG_HOST, value: {{ .host | default "kong-db" | quote }}}
- {name: KONG_PG_USER, value: {{ .user | quote }}}
{{- if .host }}
- {name: KONG_PG_PORT, value: {{ .port | quote }}}
- {name: KONG_PG_DATABASE, value: {{ .name | quote }}}
{{- if .ssl }}
- {name: KONG_PG_SSL, value: "on"}
- {name: KONG_PG_SSL_VERIFY, value: "on"}
- {name: KONG_LUA_SSL_TRUSTED_CERTIFICATE, value: {{ ternary "system,/etc/jan-ca/ca.crt" "system" (ne $.Values.database.caConfigMap "") | quote }}}
{{- end }}
{{- end }}
{{- end }}
{{ include "jan.secret" (list . "KONG_PG_PASSWORD" "KONG_DATABASE_PASSWORD") }}
{{- end }}
{{- with .Values.kong.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Kong's files and its writable folders. */}}
{{- define "jan.kong.mounts" -}}
- {name: config, mountPath: /etc/kong/kong.conf, subPath: kong.conf, readOnly: true}
- {name: config, mountPath: /etc/kong/error.json, subPath: error.json, readOnly: true}
- {name: config, mountPath: /etc/kong/kong.yml, subPath: kong.yml, readOnly: true}
- {name: dumps, mountPath: /etc/kong/dumps, readOnly: true}
- {name: prefix, mountPath: /run/kong}
- {name: kong-tmp, mountPath: /tmp}
{{ include "jan.ca.mount" . }}
{{- end }}

{{- define "jan.kong.volumes" -}}
- name: config
  configMap: {name: kong}
- name: dumps
  emptyDir: {sizeLimit: 16Mi}
- name: prefix
  emptyDir: {medium: Memory, sizeLimit: 64Mi}
- name: kong-tmp
  emptyDir: {medium: Memory, sizeLimit: 64Mi}
{{ include "jan.ca.volume" . }}
{{- end }}

{{/* What the plugins offer, for Kong to read: copied out of their image, so that Kong needs no Java. */}}
{{- define "jan.kong.dumps" -}}
- name: kong-dumps
  {{- include "jan.image" (list . .Values.images.kongPlugins) | nindent 2 }}
  command: [sh, -c, "rm -f /dumps/* && cp /opt/jan/dumps/*.json /dumps"]
  securityContext: {{- include "jan.restricted" . | nindent 4 }}
  resources: {requests: {cpu: 10m, memory: 16Mi}, limits: {memory: 64Mi}}
  volumeMounts:
    - {name: dumps, mountPath: /dumps}
{{- end }}

{{/* Waits for Kong's tables. */}}
{{- define "jan.kong.awaits-tables" -}}
- name: await-tables
  image: {{ .Values.images.kong }}
  command: [sh, -c, "until kong migrations list; do sleep 2; done"]
  env: {{- include "jan.kong.env" . | nindent 4 }}
  securityContext: {{- include "jan.restricted" . | nindent 4 }}
  resources: {requests: {cpu: 50m, memory: 128Mi}, limits: {memory: 512Mi}}
  volumeMounts: {{- include "jan.kong.mounts" . | nindent 4 }}
{{- end }}

{{/* Changes with what Kong reads at its start. With a database kong.yml reaches it by decK. */}}
{{- define "jan.kong.checksum" -}}
{{ print (.Files.Get "files/kong.conf") (.Files.Get "files/error.json") (ternary "" (include "jan.kong.yml" .) .Values.kong.database.enabled) | sha256sum }}
{{- end }}
