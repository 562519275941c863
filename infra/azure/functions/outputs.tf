output "app_id" {
  value = azurerm_function_app_flex_consumption.main.id
}

output "app_name" {
  value = azurerm_function_app_flex_consumption.main.name
}

output "address" {
  value = "https://${azurerm_function_app_flex_consumption.main.default_hostname}"
}
