variable "name" {
  type        = string
  description = "Of the application, part of the names of all resources."
  default     = "media"
  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,9}$", var.name))
    error_message = "The name is 2 to 10 lower-case letters and digits: the names of accounts and vaults are short."
  }
}

variable "environment" {
  type = string
  validation {
    condition     = contains(["dev", "qa", "prod"], var.environment)
    error_message = "The environment is dev, qa or prod."
  }
}

variable "location" {
  type = string
}

variable "address_space" {
  type        = string
  description = "A /20 that no other network of the organisation has."
}

variable "replication" {
  type = string
}

variable "retention_days" {
  type = number
}

variable "log_retention_days" {
  type = number
}

variable "daily_quota_gb" {
  type = number
}

variable "alert_emails" {
  type = list(string)
}

variable "registry" {
  type        = object({ id = string, server = string })
  description = "Container registry that all environments share."
}

variable "model_registry" {
  type        = object({ id = string, blob_endpoint = string })
  description = "Storage account of the models that all environments share, or null where each has its own alone."
}

variable "publishes_models" {
  type        = bool
  description = "Whether what is registered here goes to the shared account; all others fetch from it what is promoted."
}

variable "image" {
  type        = string
  description = "Image of gpu-batch by digest."
}

variable "package" {
  type        = string
  description = "Zip of the Functions app, or null to deploy none."
}

variable "memory_mb" {
  type = number
}

variable "max_instances" {
  type = number
}

variable "always_ready" {
  type = map(number)
}

variable "allowed_networks" {
  type = list(string)
}

variable "access_keys" {
  type = map(object({ sha256 = string, roles = string }))
}

variable "durable_store" {
  type = string
}

variable "search" {
  type        = object({ sku = string, replicas = number, partitions = number })
  description = "Azure AI Search, or null for the engine that is built in."
}

variable "extra_settings" {
  type = map(string)
}

variable "gpu_profile" {
  type = string
}

variable "max_executions" {
  type = number
}
