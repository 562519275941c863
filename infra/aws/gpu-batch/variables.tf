variable "name" {
  type        = string
  description = "Beginning of the names of all resources."
}

variable "environment" {
  type        = string
  description = "Whose aliases the worker follows: dev, qa or prod."
}

variable "image" {
  type        = string
  description = "By digest, so that what was tried is what runs."
  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.image))
    error_message = "The image is named by its digest: SERVER/gpu-batch@sha256:…"
  }
}

variable "role_arns" {
  type = map(string)
}

variable "instance_profile_arn" {
  type = string
}

variable "key_arn" {
  type = string
}

variable "secret_arn" {
  type = string
}

variable "bucket_name" {
  type = string
}

variable "events_endpoint" {
  type    = string
  default = null
}

variable "subnet_ids" {
  type = list(string)
}

variable "security_group_id" {
  type = string
}

variable "instance_types" {
  type        = list(string)
  description = "With one GPU and at least the processors and memory of a worker."
}

variable "vcpus" {
  type    = number
  default = 4
}

variable "memory_mb" {
  type    = number
  default = 14000
}

variable "max_workers" {
  type = number
}

variable "log_retention_days" {
  type = number
}
