output "workspace_id" {
  value = azurerm_log_analytics_workspace.main.id
}

output "insights_id" {
  value = azurerm_application_insights.main.id
}

output "insights_connection_string" {
  value     = azurerm_application_insights.main.connection_string
  sensitive = true
}
