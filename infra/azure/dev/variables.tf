# What differs from one organisation to the next, and from one release to the next.

variable "registry" {
  type = object({ id = string, server = string })
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

variable "access_keys" {
  type    = map(object({ sha256 = string, roles = string }))
  default = {}
}
