variable "name" {
  type        = string
  description = "Beginning of the names of all resources."
}

variable "bucket" {
  type = object({ name = string, arn = string })
}

variable "key_arn" {
  type = string
}

variable "function_timeout_seconds" {
  type = number
}
