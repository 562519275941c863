variable "name" {
  type        = string
  description = "Beginning of the names of all resources."
}

variable "address_space" {
  type        = string
  description = "A /20, of which each subnet takes a /24."
}
