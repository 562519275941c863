output "identities" {
  description = "By part: the resource's id, the client's id and the principal's id."
  value = {
    for name, identity in azurerm_user_assigned_identity.main : name => {
      id           = identity.id
      client_id    = identity.client_id
      principal_id = identity.principal_id
    }
  }
  # What takes an identity finds it with its roles.
  depends_on = [azurerm_role_assignment.main]
}

output "vault_id" {
  value = azurerm_key_vault.main.id
}

output "vault_uri" {
  value = azurerm_key_vault.main.vault_uri
}
