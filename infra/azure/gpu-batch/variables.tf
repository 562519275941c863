variable "name" {
  type        = string
  description = "Beginning of the names of all resources."
}

variable "location" {
  type = string
}

variable "resource_group_name" {
  type = string
}

variable "tags" {
  type    = map(string)
  default = {}
}

variable "environment" {
  type        = string
  description = "Whose aliases the worker follows: dev, qa or prod."
}

variable "identity" {
  type = object({ id = string, client_id = string })
}

variable "account_name" {
  type = string
}

variable "blob_endpoint" {
  type = string
}

variable "queue_endpoint" {
  type = string
}

variable "subnet_id" {
  type = string
}

variable "workspace_id" {
  type = string
}

variable "registry_server" {
  type = string
}

variable "image" {
  type        = string
  description = "By digest, so that what was tried is what runs."
  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.image))
    error_message = "The image is named by its digest: SERVER/gpu-batch@sha256:…"
  }
}

variable "gpu_profile" {
  type        = string
  description = "Workload profile with a GPU: Consumption-GPU-NC8as-T4 or Consumption-GPU-NC24-A100."
  validation {
    condition     = contains(["Consumption-GPU-NC8as-T4", "Consumption-GPU-NC24-A100"], var.gpu_profile)
    error_message = "The profile is Consumption-GPU-NC8as-T4 or Consumption-GPU-NC24-A100."
  }
}

variable "cpu" {
  type    = number
  default = 8
}

variable "memory" {
  type    = string
  default = "56Gi"
}

variable "max_executions" {
  type = number
}
