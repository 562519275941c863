variable "name" {
  type        = string
  description = "Beginning of the names of all resources."
}

variable "bucket_arn" {
  type = string
}

variable "key_arn" {
  type = string
}

variable "retention_days" {
  type        = number
  description = "How far back the bucket can be restored; points in time at most 35 days."
}

variable "copy_vault_arn" {
  type        = string
  description = "A vault of another region that each night's backup is copied to; null for none."
}
