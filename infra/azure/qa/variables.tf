# What differs from one organisation to the next, and from one release to the next.

variable "registry" {
  type = object({ id = string, server = string })
}

# A storage account of models that all environments share: { id = "…", blob_endpoint = "https://….blob.core.windows.net" }.
variable "model_registry" {
  type    = object({ id = string, blob_endpoint = string })
  default = null
}

variable "image" {
  type = string
}

variable "package" {
  type    = string
  default = null
}

variable "alert_emails" {
  type = list(string)
}

variable "allowed_networks" {
  type    = list(string)
  default = []
}

# Beyond what the built-in engine is meant for (README): { sku = "standard", replicas = 2, partitions = 1 }, for instance.
variable "search" {
  type    = object({ sku = string, replicas = number, partitions = number })
  default = null
}

variable "access_keys" {
  type    = map(object({ sha256 = string, roles = string }))
  default = {}
}
