{{- define "media.labels" -}}
app.kubernetes.io/name: {{ .part }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{- define "media.pod" -}}
serviceAccountName: {{ .root.Release.Name }}-media
automountServiceAccountToken: false
securityContext:
  runAsNonRoot: true
  runAsUser: 1654
  runAsGroup: 1654
  fsGroup: 1654
  seccompProfile:
    type: RuntimeDefault
{{- end }}

{{- define "media.container" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: ["ALL"]
{{- end }}

{{- define "media.storage" -}}
- name: AZURE_CLIENT_ID
  value: {{ required "azure.clientId is needed" .Values.azure.clientId | quote }}
- name: Storage__Azure__BlobServiceUri
  value: {{ printf "https://%s.blob.core.windows.net/" (required "azure.account is needed" .Values.azure.account) | quote }}
- name: Storage__Azure__QueueServiceUri
  value: {{ printf "https://%s.queue.core.windows.net/" .Values.azure.account | quote }}
- name: Environment__Name
  value: {{ required "environment is needed" .Values.environment | quote }}
{{- end }}
