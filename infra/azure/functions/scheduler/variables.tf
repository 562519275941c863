variable "name" {
  type = string
}

variable "location" {
  type = string
}

variable "resource_group_name" {
  type = string
}

variable "identity" {
  type = object({ client_id = string, principal_id = string })
}
