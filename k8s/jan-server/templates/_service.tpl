{{/* Probes of a service of ours: (list "/path" "port"). Whatever is wrong with what all replicas share, such as the database,
is told by /readyz and does not take them out: a clear answer is better than a refused connection. */}}
{{- define "jan.probes" -}}
# It listens when it has seen the database's schema, for which it waits two minutes.
startupProbe:
  httpGet: {path: {{ index . 0 }}, port: {{ index . 1 }}}
  periodSeconds: 2
  timeoutSeconds: 3
  failureThreshold: 90
readinessProbe:
  httpGet: {path: {{ index . 0 }}, port: {{ index . 1 }}}
  periodSeconds: 5
  timeoutSeconds: 3
  failureThreshold: 2
livenessProbe:
  httpGet: {path: {{ index . 0 }}, port: {{ index . 1 }}}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
{{- end }}
