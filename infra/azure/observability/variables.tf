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

variable "log_retention_days" {
  type = number
  validation {
    condition     = var.log_retention_days >= 30 && var.log_retention_days <= 730
    error_message = "Logs are kept for 30 to 730 days."
  }
}

variable "daily_quota_gb" {
  type        = number
  description = "What a day may bring in; a loop that logs must not cost a month's budget."
}

variable "emails" {
  type        = list(string)
  description = "Whom alerts are sent to."
}

variable "account_id" {
  type = string
}

variable "app_id" {
  type = string
}

variable "app_address" {
  type = string
}

variable "topic_id" {
  type = string
}
