{{/* A Job whose pod is the template "jan.job.COMPONENT": (list $ "COMPONENT"). Its name changes whenever its pod does, because a Job's
pod cannot be changed: an upgrade makes a new Job and removes the old one. */}}
{{- define "jan.job" }}
{{- $pod := include (print "jan.job." (index . 1)) (index . 0) }}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ index . 1 }}-{{ sha256sum $pod | trunc 8 }}
  labels: {{- include "jan.labels" . | nindent 4 }}
spec:
  # With growing pauses in between, for what it waits for: some minutes.
  backoffLimit: 12
  template: {{- $pod | nindent 4 }}
{{- end }}
