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

variable "queue_ids" {
  type = map(string)
}

variable "container_ids" {
  type = map(string)
}

variable "registry_id" {
  type        = string
  description = "Container registry that holds the image of gpu-batch; all environments pull from one, by digest."
}

variable "model_registry_id" {
  type        = string
  description = "Storage account of the models that all environments share; null where each has its own alone."
  default     = null
}

variable "publishes_models" {
  type        = bool
  description = "Whether what is registered here goes to the shared account."
  default     = false
}

variable "subnet_id" {
  type = string
}

variable "zone_ids" {
  type = map(string)
}
