variable "name" {
  type        = string
  description = "Beginning of the names of all resources."
}

variable "environment" {
  type        = string
  description = "Whose aliases uploads follow: dev, qa or prod."
}

variable "role_arn" {
  type = string
}

variable "key_arn" {
  type = string
}

variable "queue_arn" {
  type = string
}

variable "bucket_name" {
  type = string
}

variable "releases_bucket_name" {
  type = string
}

variable "package" {
  type        = string
  description = "Zip that make publish wrote, named by its version."
}

variable "events_endpoint" {
  type        = string
  description = "Where results are announced, https://APP/api/events; null where they are not."
  default     = null
}

variable "memory_mb" {
  type = number
  validation {
    condition     = var.memory_mb >= 1769 && var.memory_mb <= 10240
    error_message = "The function needs 1769 (one processor) to 10240 MB."
  }
}

variable "ephemeral_mb" {
  type = number
  validation {
    condition     = var.ephemeral_mb >= 512 && var.ephemeral_mb <= 10240
    error_message = "Lambda gives 512 to 10240 MB of disk."
  }
}

variable "timeout_seconds" {
  type = number
  validation {
    condition     = var.timeout_seconds >= 60 && var.timeout_seconds <= 900
    error_message = "A batch may take 60 to 900 seconds."
  }
}

variable "max_concurrency" {
  type = number
  validation {
    condition     = var.max_concurrency >= 2 && var.max_concurrency <= 1000
    error_message = "An event source takes a concurrency of 2 to 1000."
  }
}

variable "log_retention_days" {
  type = number
}

variable "extra_settings" {
  type    = map(string)
  default = {}
}
