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

variable "replication" {
  type        = string
  description = "LRS, ZRS, GRS or GZRS."
  validation {
    condition     = contains(["LRS", "ZRS", "GRS", "GZRS"], var.replication)
    error_message = "Replication must be LRS, ZRS, GRS or GZRS."
  }
}

variable "retention_days" {
  type        = number
  description = "How long what was deleted or replaced can be restored."
  validation {
    condition     = var.retention_days >= 2 && var.retention_days <= 365
    error_message = "Retention must be 2 to 365 days."
  }
}

variable "subnet_id" {
  type        = string
  description = "Where the private endpoints lie."
}

variable "zone_ids" {
  type = map(string)
}

variable "app_address" {
  type        = string
  description = "Of the Functions app, whose pages upload: https://APP."
}
