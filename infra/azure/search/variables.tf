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

variable "sku" {
  type = string
  validation {
    condition     = contains(["basic", "standard", "standard2", "standard3"], var.sku)
    error_message = "The tier is basic, standard, standard2 or standard3."
  }
}

variable "replicas" {
  type        = number
  description = "Two answer while one is away, three also take documents meanwhile."
}

variable "partitions" {
  type = number
  validation {
    condition     = contains([1, 2, 3, 4, 6, 12], var.partitions)
    error_message = "A service has 1, 2, 3, 4, 6 or 12 partitions."
  }
}

variable "identity" {
  type        = object({ principal_id = string })
  description = "Of the app, which makes the index and asks it."
}

variable "subnet_id" {
  type = string
}

variable "zone_ids" {
  type = map(string)
}
