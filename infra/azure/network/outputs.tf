output "subnet_ids" {
  description = "Of functions, gpu and endpoints."
  value       = { for name, subnet in azurerm_subnet.main : name => subnet.id }
}

output "zone_ids" {
  description = "Private DNS zones of blob, queue, table and vault."
  value       = { for name, zone in azurerm_private_dns_zone.main : name => zone.id }
}
