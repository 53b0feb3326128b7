{{/* One PostgreSQL: (dict "root" $ "name" "…" "size" "…" "resources" … "database" "…" "user" "…" "password" "NAME"), with "script"
for one that makes the database by itself. */}}
{{- define "jan.postgres" }}
{{- $labels := list .root .name }}
---
{{- if .script }}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .name }}
  labels: {{- include "jan.labels" $labels | nindent 4 }}
data:
  jan.sh: {{ .root.Files.Get .script | toYaml | nindent 4 | trim }}
---
{{- end }}
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{ .name }}
  labels: {{- include "jan.labels" $labels | nindent 4 }}
spec:
  serviceName: {{ .name }}
  selector:
    matchLabels: {{- include "jan.selector" $labels | nindent 6 }}
  template:
    metadata: {{- include "jan.pod.metadata" (dict "root" .root "component" .name) | nindent 6 }}
    spec:
      {{- /* 999 is the image's user postgres */}}
      {{- include "jan.pod" (dict "root" .root "component" .name "user" 999) | nindent 6 }}
      terminationGracePeriodSeconds: 60
      containers:
        - name: postgres
          image: {{ .root.Values.images.postgres }}
          env:
            {{- if .script }}
            {{- include "jan.secret" (list .root "POSTGRES_PASSWORD" .password) | nindent 12 }}
            {{- include "jan.secret" (list .root "JAN_MIGRATION_PASSWORD") | nindent 12 }}
            {{- else }}
            - {name: POSTGRES_USER, value: {{ .user }}}
            - {name: POSTGRES_DB, value: {{ .database }}}
            {{- include "jan.secret" (list .root "POSTGRES_PASSWORD" .password) | nindent 12 }}
            {{- end }}
          ports:
            - {name: postgres, containerPort: 5432}
          # By TCP: while the first start makes the database, the server listens on its socket only.
          startupProbe:
            exec: {command: [pg_isready, -h, 127.0.0.1, -U, {{ .user }}, -d, {{ .database }}]}
            periodSeconds: 2
            timeoutSeconds: 5
            failureThreshold: 90
          readinessProbe:
            exec: {command: [pg_isready, -h, 127.0.0.1, -U, {{ .user }}, -d, {{ .database }}]}
            periodSeconds: 5
            timeoutSeconds: 5
          livenessProbe:
            exec: {command: [pg_isready, -h, 127.0.0.1, -U, {{ .user }}, -d, {{ .database }}]}
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 12
          securityContext: {{- include "jan.restricted" . | nindent 12 }}
          resources: {{- toYaml .resources | nindent 12 }}
          volumeMounts:
            - {name: data, mountPath: /var/lib/postgresql}
            - {name: run, mountPath: /var/run/postgresql}
            - {name: tmp, mountPath: /tmp}
            - {name: shm, mountPath: /dev/shm}
            {{- if .script }}
            - {name: scripts, mountPath: /docker-entrypoint-initdb.d, readOnly: true}
            {{- end }}
      volumes:
        - name: run
          emptyDir: {medium: Memory, sizeLimit: 1Mi}
        - name: tmp
          emptyDir: {medium: Memory, sizeLimit: 64Mi}
        - name: shm
          emptyDir: {medium: Memory, sizeLimit: 128Mi}
        {{- if .script }}
        - name: scripts
          configMap: {name: {{ .name }}}
        {{- end }}
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        {{- with .root.Values.storage.className }}
        storageClassName: {{ . }}
        {{- end }}
        resources: {requests: {storage: {{ .size }}}}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ .name }}
  labels: {{- include "jan.labels" $labels | nindent 4 }}
spec:
  clusterIP: None
  selector: {{- include "jan.selector" $labels | nindent 4 }}
  ports:
    - {name: postgres, port: 5432, targetPort: postgres}
{{- end }}
