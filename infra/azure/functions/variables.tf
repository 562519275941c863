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
  description = "Whose aliases uploads follow: dev, qa or prod."
}

variable "identity" {
  type = object({ id = string, client_id = string, principal_id = string })
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

variable "vault_id" {
  type = string
}

variable "vault_uri" {
  type = string
}

variable "subnet_id" {
  type = string
}

variable "insights_connection_string" {
  type      = string
  sensitive = true
}

variable "package" {
  type        = string
  default     = null
  description = "Zip that make publish wrote, named by its version, so that another version is another name. Null deploys nothing."
}

variable "memory_mb" {
  type = number
  validation {
    condition     = contains([2048, 4096], var.memory_mb)
    error_message = "Flex consumption has instances of 2048 or 4096 MB that hold this app."
  }
}

variable "max_instances" {
  type = number
  validation {
    condition     = var.max_instances >= 40 && var.max_instances <= 1000
    error_message = "Flex consumption takes 40 to 1000 instances."
  }
}

variable "always_ready" {
  type        = map(number)
  description = "Instances by group: http, blob, durable or function:NAME."
  validation {
    condition = alltrue([
      for group in keys(var.always_ready) : contains(["http", "blob", "durable"], group) || startswith(group, "function:")
    ])
    error_message = "A group is http, blob, durable or function:NAME."
  }
}

variable "allowed_networks" {
  type        = list(string)
  description = "Ranges in CIDR notation that may call the API; none by default."
  default     = []
}

variable "access_keys" {
  type        = map(object({ sha256 = string, roles = string }))
  description = "Function keys by name: the hash of each, which is no secret, and its roles."
  default     = {}
}

variable "access_other_keys" {
  type        = string
  description = "Roles of every key that is not listed; none by default."
  default     = ""
}

variable "durable_store" {
  type        = string
  description = "Where orchestrations are kept: storage (Azure Storage) or scheduler (Durable Task Scheduler)."
  default     = "storage"
  validation {
    condition     = contains(["storage", "scheduler"], var.durable_store)
    error_message = "The store of runs is storage or scheduler."
  }
}

variable "model_registry_endpoint" {
  type        = string
  description = "Blob endpoint of the models that all environments share; null where each has its own alone."
  default     = null
}

variable "publishes_models" {
  type        = bool
  description = "Whether what is registered here goes to the shared account."
  default     = false
}

variable "search_endpoint" {
  type        = string
  description = "Of Azure AI Search; null for the engine that is built in."
  default     = null
}

variable "extra_settings" {
  type        = map(string)
  description = "Further settings of the app, such as Promotion__Plans__prod. No secret: those are references to the vault."
  default     = {}
}
