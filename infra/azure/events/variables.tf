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

variable "account_id" {
  type = string
}

variable "identity" {
  type = object({ id = string })
}

variable "app_name" {
  type = string
}

variable "app_address" {
  type = string
}

variable "app_is_deployed" {
  type        = bool
  description = "Whether the app answers already, as Event Grid asks when it subscribes."
}
