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

variable "secret_arn" {
  type = string
}

variable "queue_arn" {
  type = string
}

variable "repository_arn" {
  type        = string
  description = "Repository that holds the image of gpu-batch; all environments pull from one, by digest."
}

variable "releases_arn" {
  type        = string
  description = "Bucket that holds secrets of the function below secrets/."
}

variable "media_buckets" {
  type        = list(string)
  description = "Names of buckets that may be added as sources of uploads, beside the one of the environment."
}
