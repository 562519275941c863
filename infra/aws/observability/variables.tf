variable "name" {
  type        = string
  description = "Beginning of the names of all resources."
}

variable "emails" {
  type        = list(string)
  description = "Whom alarms are sent to."
}

variable "runbooks" {
  type        = string
  description = "Address of the runbooks, https://APP/api/runbooks."
}

variable "key_arn" {
  type = string
}

variable "function_name" {
  type = string
}

variable "queue_name" {
  type = string
}

variable "dead_queue_name" {
  type = string
}

variable "job_queue_arn" {
  type = string
}

variable "state_machine_arn" {
  type = string
}

variable "log_retention_days" {
  type = number
}
