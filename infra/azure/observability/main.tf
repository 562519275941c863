# Where logs and metrics go.

resource "azurerm_log_analytics_workspace" "main" {
  name                         = "${var.name}-logs"
  location                     = var.location
  resource_group_name          = var.resource_group_name
  sku                          = "PerGB2018"
  retention_in_days            = var.log_retention_days
  daily_quota_gb               = var.daily_quota_gb
  local_authentication_enabled = true # Container Apps sends its logs with the workspace's key
  tags                         = var.tags
}

resource "azurerm_application_insights" "main" {
  name                = "${var.name}-insights"
  location            = var.location
  resource_group_name = var.resource_group_name
  application_type    = "web"
  workspace_id        = azurerm_log_analytics_workspace.main.id
  tags                = var.tags
}
