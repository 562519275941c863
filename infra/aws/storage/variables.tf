variable "name" {
  type        = string
  description = "Beginning of the names of all resources."
}

variable "retention_days" {
  type        = number
  description = "How long what was deleted or replaced can be restored."
  validation {
    condition     = var.retention_days >= 1 && var.retention_days <= 365
    error_message = "Retention must be 1 to 365 days."
  }
}

variable "app_address" {
  type        = string
  description = "Of the Functions app, whose pages upload: https://APP."
}
