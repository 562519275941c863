# What differs from one organisation to the next, and from one release to the next.

variable "app_address" {
  type = string
}

variable "repository_arn" {
  type = string
}

variable "image" {
  type = string
}

variable "package" {
  type = string
}

variable "alert_emails" {
  type = list(string)
}

variable "backup_copy_vault_arn" {
  type    = string
  default = null
}
