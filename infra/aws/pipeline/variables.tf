variable "name" {
  type        = string
  description = "Of the application, part of the names of all resources."
  default     = "media"
  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,9}$", var.name))
    error_message = "The name is 2 to 10 lower-case letters and digits."
  }
}

variable "environment" {
  type = string
  validation {
    condition     = contains(["dev", "qa", "prod"], var.environment)
    error_message = "The environment is dev, qa or prod."
  }
}

variable "app_address" {
  type        = string
  description = "Of the Functions app, which results are announced to: https://APP."
}

variable "address_space" {
  type = string
}

variable "retention_days" {
  type = number
}

variable "log_retention_days" {
  type = number
}

variable "backup_copy_vault_arn" {
  type        = string
  description = "A vault of another region that each night's backup is copied to; null for none."
}

variable "alert_emails" {
  type = list(string)
}

variable "repository_arn" {
  type = string
}

variable "image" {
  type        = string
  description = "Image of gpu-batch by digest."
}

variable "package" {
  type        = string
  description = "Zip of the Lambda function."
}

variable "memory_mb" {
  type = number
}

variable "ephemeral_mb" {
  type = number
}

variable "timeout_seconds" {
  type = number
}

variable "max_concurrency" {
  type = number
}

variable "instance_types" {
  type = list(string)
}

variable "max_workers" {
  type = number
}

variable "extra_settings" {
  type = map(string)
}

variable "media_buckets" {
  type        = list(string)
  description = "Names of buckets that may be added as sources of uploads, beside the one of the environment."
}
