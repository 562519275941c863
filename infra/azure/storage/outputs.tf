output "account_id" {
  value = azurerm_storage_account.main.id
}

output "account_name" {
  value = azurerm_storage_account.main.name
}

output "blob_endpoint" {
  value = azurerm_storage_account.main.primary_blob_endpoint
}

output "queue_endpoint" {
  value = azurerm_storage_account.main.primary_queue_endpoint
}

output "queue_ids" {
  description = "Resource ids by name, for roles on one queue."
  value       = { for name, queue in azurerm_storage_queue.main : name => queue.id }
}

output "container_ids" {
  value = { for name, container in azurerm_storage_container.main : name => container.id }
}
