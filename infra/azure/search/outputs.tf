output "endpoint" {
  value = "https://${azurerm_search_service.main.name}.search.windows.net"
}
