output "address" {
  value = module.functions.address
}

output "vault_uri" {
  description = "Where events-signing-key is to be put: base64 of 32 random bytes, shared with whoever posts to /api/events."
  value       = module.identity.vault_uri
}
